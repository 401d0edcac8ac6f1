
use builtin;
use str;

set edit:completion:arg-completer[daypass] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'daypass'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'daypass'= {
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand setup 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left'
            cand login 'Log in: get a session with an MFA code, unless there is a fresh one'
            cand status 'Show the sessions: state, MFA age against its limit, and until when they are good'
            cand exec 'Run a command with the session in its environment; without a command, a shell'
            cand env 'Print the session as environment variables, for a shell or a program that reads nothing else'
            cand console 'Open the AWS console in the browser, signed in'
            cand logout 'Forget the cached session and those of its roles; the long-term key stays'
            cand credential-process 'Print credentials for AWS tools (the credential_process protocol)'
            cand enroll 'Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes'
            cand devices 'List the MFA devices of your user, resync or remove one'
            cand rotate 'Replace the long-term key by a new one'
            cand totp 'Have the codes of your MFA device made on this machine'
            cand policy 'Write a policy that enforces MFA, see what a policy enforces, or attach one to a group'
            cand audit 'Find who and what in an account is not protected by MFA'
            cand doctor 'Look for what is wrong with this set-up, and say what mends it'
            cand completions 'Print the completions for a shell: commands, options, and the names of your profiles'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'daypass;setup'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --access-key-id 'The id of the long-term key (AKIA...): which of those that are found, or with --secret-stdin a new one'
            cand --serial 'The MFA device'
            cand --region 'The region, for a profile that names none'
            cand --keychain 'Where the secret of the key is kept; the system''s keychain, if there is one, unless given'
            cand --layout 'How AWS tools get at the session; process unless given'
            cand --code 'Log in at the end with this code; ''-'' reads it from stdin'
            cand --color 'When to colour'
            cand --secret-stdin 'Read the secret of that key from stdin. There is no flag for the secret itself: others could see it'
            cand --keep-role-devices 'Leave mfa_serial in role profiles: AWS tools then ask for a code of their own'
            cand --no-login 'Do not log in at the end'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand -y 'Ask nothing and apply it'
            cand --yes 'Ask nothing and apply it'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;login'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --code 'The six digits; ''-'' reads them from stdin'
            cand --duration 'How long the session lasts, from 15m to 36h; duration_seconds of the profile, then 8h, if not given'
            cand --serial 'The MFA device to use instead of the profile''s: its ARN, or the serial number of a hardware device'
            cand --code-source 'Where the code must come from; unless given: mfa_process, seed, terminal, pinentry, in this order'
            cand --session-store 'Where the session is kept; daypass_session_store of the profile, then ''file'', if not given'
            cand --color 'When to colour'
            cand --force 'Renew the session even if it is fresh'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;status'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --color 'When to colour'
            cand --json 'Print JSON, for programs'
            cand --short 'Print name and time left of each valid session, for shell prompts'
            cand --check 'Exit with 10 if there is no valid session'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;exec'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --min-ttl 'How long the session has to be good for at least, up to 36h; with less left it is renewed first'
            cand --duration 'How long the session has to be good for at least, up to 36h; with less left it is renewed first'
            cand --color 'When to colour'
            cand --server 'Serve credentials to the command for as long as it runs, and renew them'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;env'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand -f 'Whose syntax; that of the shell in SHELL, if not given'
            cand --format 'Whose syntax; that of the shell in SHELL, if not given'
            cand --color 'When to colour'
            cand --unset 'Unset the variables again; needs no profile'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;console'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand -s 'The service to begin with, as in the console''s addresses: ec2, s3, cloudwatch'
            cand --service 'The service to begin with, as in the console''s addresses: ec2, s3, cloudwatch'
            cand --federation-endpoint 'Where to sign in; AWS_ENDPOINT_URL_SIGNIN, AWS_ENDPOINT_URL, then AWS''s own, if not given'
            cand --color 'When to colour'
            cand --print 'Print the sign-in address instead: whoever has it within 15 minutes has the console'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;logout'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --session-store 'Where to look; the credentials file, and the keychain if the profile uses one, if not given'
            cand --color 'When to colour'
            cand --all 'Forget the sessions of all profiles'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;credential-process'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --session-store 'Where the session is kept; daypass_session_store of the profile, then ''file'', if not given'
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;enroll'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --name 'What the device is called; as the user, if not given, since many policies allow no other name'
            cand --qr-file 'Write the QR code into a new file as well: .svg or .png. It is as secret as the device itself'
            cand --user 'The user who gets the device, for administrators; the profile stays as it is'
            cand --color 'When to colour'
            cand --store-seed 'Keep the seed in the keychain and make the codes of it here. Mind what that gives up: the access key and the device are then on the same machine, so whoever can use it has both factors'
            cand --show-seed 'Show the seed as text instead of the QR code'
            cand -y 'Replace a device that is left of an earlier attempt without asking'
            cand --yes 'Replace a device that is left of an earlier attempt without asking'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;devices'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --user 'The IAM user whose devices they are, for administrators; the profile''s own if not given'
            cand --color 'When to colour'
            cand --json 'Print JSON, for programs'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand resync 'Get a device whose codes AWS refuses back into step'
            cand remove 'Take a device from its user; a virtual one is deleted'
        }
        &'daypass;devices;resync'= {
            cand -p 'The profile that asks; AWS_PROFILE, then ''default'', if none is named'
            cand --profile 'The profile that asks; AWS_PROFILE, then ''default'', if none is named'
            cand --user 'The IAM user whose devices they are, for administrators; the profile''s own if not given'
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;devices;remove'= {
            cand -p 'The profile that asks; AWS_PROFILE, then ''default'', if none is named'
            cand --profile 'The profile that asks; AWS_PROFILE, then ''default'', if none is named'
            cand --user 'The IAM user whose devices they are, for administrators; the profile''s own if not given'
            cand --color 'When to colour'
            cand --force 'Remove it even if it is the last one, or a profile uses it'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;rotate'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --code 'The six digits for the login, if it takes one; ''-'' reads them from stdin'
            cand --replace-key 'Delete this key to make room for the new one, where the user has two'
            cand --color 'When to colour'
            cand --keep-old 'Leave the old key at AWS, deactivated, instead of deleting it'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;totp'= {
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Store the seed: asks for it, or reads it from stdin'
            cand code 'Print the code and how long it is good'
            cand remove 'Remove the seed from the keychain'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'daypass;totp;add'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --color 'When to colour'
            cand -y 'Replace a seed that is stored already without asking'
            cand --yes 'Replace a seed that is stored already without asking'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;totp;code'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;totp;remove'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --color 'When to colour'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;totp;help'= {
            cand add 'Store the seed: asks for it, or reads it from stdin'
            cand code 'Print the code and how long it is good'
            cand remove 'Remove the seed from the keychain'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'daypass;totp;help;add'= {
        }
        &'daypass;totp;help;code'= {
        }
        &'daypass;totp;help;remove'= {
        }
        &'daypass;totp;help;help'= {
        }
        &'daypass;policy'= {
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Print a policy that enforces MFA and its age'
            cand check 'Say what policies enforce: who can do what without MFA'
            cand apply 'Attach a policy that enforces MFA to a group'
        }
        &'daypass;policy;show'= {
            cand --max-age 'How long MFA counts, 15m to 36h'
            cand --kind 'What is left to those who have no MFA device yet'
            cand --format 'What to write'
            cand --partition 'Which part of AWS it is for'
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;policy;check'= {
            cand --format 'What to print'
            cand --max-age 'The age of MFA that is to be enforced; a longer one, or none, is a mistake'
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;policy;apply'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --group 'The group whose members are to be held to it'
            cand --max-age 'How long MFA counts, 15m to 36h'
            cand --kind 'What is left to those who have no MFA device yet'
            cand --code 'The six digits for the login, if it takes one; ''-'' reads them from stdin'
            cand --color 'When to colour'
            cand --create-group 'Create the group if there is none'
            cand --undo 'Take the last change back: the former version is in force again, or there is no such policy any more'
            cand --force 'Do it even if members are locked out by it'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;audit'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --format 'How to write it'
            cand --fail-on 'From which severity on findings make the exit code 10'
            cand --credential-report 'Read the credential report from this file, and ask AWS nothing'
            cand --authorization-details 'Read users, groups and policies from this file, and ask AWS nothing; more than once for several pages'
            cand --ignore 'What not to count, with reasons and dates'
            cand --compare 'Say what is new and what is fixed since this report, which --format json wrote'
            cand --role-name 'Audit many accounts: assume the role of this name in each of them, with the session of the profile'
            cand --accounts 'The accounts: one a line, twelve digits'
            cand --max-age 'The MFA age limit that policies should enforce; the profile''s own, then 8h, if not given'
            cand --color 'When to colour'
            cand --organization 'The accounts: all active ones of the organization, which its management account may list'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;doctor'= {
            cand -p 'The profile, as other AWS tools spell it'
            cand --profile 'The profile, as other AWS tools spell it'
            cand --color 'When to colour'
            cand --json 'Print JSON, for programs'
            cand --offline 'Ask nobody on the network'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;completions'= {
            cand --color 'When to colour'
            cand -v 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --verbose 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
            cand --no-prompt 'Never ask for anything: fail with exit code 3 instead'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'daypass;help'= {
            cand setup 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left'
            cand login 'Log in: get a session with an MFA code, unless there is a fresh one'
            cand status 'Show the sessions: state, MFA age against its limit, and until when they are good'
            cand exec 'Run a command with the session in its environment; without a command, a shell'
            cand env 'Print the session as environment variables, for a shell or a program that reads nothing else'
            cand console 'Open the AWS console in the browser, signed in'
            cand logout 'Forget the cached session and those of its roles; the long-term key stays'
            cand credential-process 'Print credentials for AWS tools (the credential_process protocol)'
            cand enroll 'Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes'
            cand devices 'List the MFA devices of your user, resync or remove one'
            cand rotate 'Replace the long-term key by a new one'
            cand totp 'Have the codes of your MFA device made on this machine'
            cand policy 'Write a policy that enforces MFA, see what a policy enforces, or attach one to a group'
            cand audit 'Find who and what in an account is not protected by MFA'
            cand doctor 'Look for what is wrong with this set-up, and say what mends it'
            cand completions 'Print the completions for a shell: commands, options, and the names of your profiles'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'daypass;help;setup'= {
        }
        &'daypass;help;login'= {
        }
        &'daypass;help;status'= {
        }
        &'daypass;help;exec'= {
        }
        &'daypass;help;env'= {
        }
        &'daypass;help;console'= {
        }
        &'daypass;help;logout'= {
        }
        &'daypass;help;credential-process'= {
        }
        &'daypass;help;enroll'= {
        }
        &'daypass;help;devices'= {
            cand resync 'Get a device whose codes AWS refuses back into step'
            cand remove 'Take a device from its user; a virtual one is deleted'
        }
        &'daypass;help;devices;resync'= {
        }
        &'daypass;help;devices;remove'= {
        }
        &'daypass;help;rotate'= {
        }
        &'daypass;help;totp'= {
            cand add 'Store the seed: asks for it, or reads it from stdin'
            cand code 'Print the code and how long it is good'
            cand remove 'Remove the seed from the keychain'
        }
        &'daypass;help;totp;add'= {
        }
        &'daypass;help;totp;code'= {
        }
        &'daypass;help;totp;remove'= {
        }
        &'daypass;help;policy'= {
            cand show 'Print a policy that enforces MFA and its age'
            cand check 'Say what policies enforce: who can do what without MFA'
            cand apply 'Attach a policy that enforces MFA to a group'
        }
        &'daypass;help;policy;show'= {
        }
        &'daypass;help;policy;check'= {
        }
        &'daypass;help;policy;apply'= {
        }
        &'daypass;help;audit'= {
        }
        &'daypass;help;doctor'= {
        }
        &'daypass;help;completions'= {
        }
        &'daypass;help;help'= {
        }
    ]
    $completions[$command]
}

# Names of profiles before the options.
var daypass-options = $edit:completion:arg-completer[daypass]
set edit:completion:arg-completer[daypass] = {|@words|
    var command = 'daypass'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var takes-profile = [&'daypass;setup'=$true &'daypass;login'=$true &'daypass;status'=$true &'daypass;exec'=$true &'daypass;env'=$true &'daypass;console'=$true &'daypass;logout'=$true &'daypass;credential-process'=$true &'daypass;enroll'=$true &'daypass;devices'=$true &'daypass;rotate'=$true &'daypass;totp;add'=$true &'daypass;totp;code'=$true &'daypass;totp;remove'=$true &'daypass;policy;apply'=$true &'daypass;audit'=$true &'daypass;doctor'=$true]
    var is-value = (has-value [-p --profile] $words[-2])
    if (and (has-key $takes-profile $command) (or $is-value (not (str:has-prefix $words[-1] '-')))) {
        try {
            env LC_ALL=C awk '# Prints the names of the profiles in the two shared files, a line each, by the rules of the program; with
# `serials` set, the MFA devices that the config file names.
# The environment says where the files are, and nothing in them is more than text here. A file in which
# the program would find a mistake still gives the names that can be read.
function locate(variable, name,    path) {
    path = ENVIRON[variable]
    if (path == "") path = "~/.aws/" name
    if (path ~ /^~(\/|$)/) {
        if (ENVIRON["HOME"] == "") return ""
        path = ENVIRON["HOME"] substr(path, 2)
    }
    return path == "-" ? "./-" : path
}

function trim(text) {
    sub(/^[ \t]+/, "", text)
    sub(/[ \t\r]+$/, "", text)
    return text
}

# The name without its quotes, or nothing if readers of the file would not agree on it.
function unquoted(name,    quote, inner) {
    quote = substr(name, 1, 1)
    if (length(name) > 2 && quote ~ /["\047]/ && quote == substr(name, length(name))) {
        inner = substr(name, 2, length(name) - 2)
        if (index(inner, quote) == 0 && index(inner, "\\") == 0) return inner
    }
    return name ~ /[ \t"\047\\]/ ? "" : name
}

# The profile that a header begins, or nothing. Sets `bare` for the `[default]` of the config file.
function header(file, line,    close_at, rest, inner, name, spaced) {
    bare = 0
    close_at = index(line, "]")
    rest = trim(substr(line, close_at + 1))
    if (rest != "" && rest !~ /^[#;]/) {
        sub(/[#;].*/, "", line)
        line = trim(line)
        if (line !~ /\]$/) return ""
        close_at = length(line)
    }
    inner = substr(line, 2, close_at - 2)
    name = trim(inner)
    spaced = inner != name
    if (file == "config") {
        spaced = inner ~ /^[ \t]/
        bare = name == "default"
        if (!bare) {
            if (name !~ /^profile[ \t]/) return ""
            name = unquoted(trim(substr(name, 8)))
        }
    } else if (name ~ /^profile[ \t]/) {
        return ""
    }
    if (spaced && name !~ /^[A-Za-z0-9_.\/%@:+-]+$/) return ""
    return name ~ /[\001-\037\177]/ ? "" : name
}

function makes_a_profile(key) {
    return key ~ /^(daypass_(access_key_id|(long_term|session)_section)|mfa_serial|role_arn|source_profile)$/
}

function read(file, path,    line, name, section, at, key, value) {
    if (path == "") return
    while ((getline line < path) > 0) {
        if (line ~ /^\[/) {
            key = ""
            name = header(file, line)
            section = bare ? "\001" : name
            if (name != "") {
                if (!((file, name) in known)) names[file, ++count[file]] = name
                known[file, name]
                sections[file, section]
            }
        } else if (name != "" && line !~ /^[ \t#;]/ && (at = match(line, /[=:]/))) {
            key = tolower(trim(substr(line, 1, at - 1)))
            value = substr(line, at + 1)
            if (match(value, /[ \t\r][#;]/)) value = substr(value, 1, RSTART)
            value = trim(value)
            if (key == "daypass_mfa_time" || key == "daypass_long_term_section")
                settings[file, section, key] = value
            if (serials && key == "mfa_serial" && value ~ /^[A-Za-z0-9][A-Za-z0-9_.,=@+:\/-]*$/ && !seen[value]++)
                print value
            # What makes a profile of a section, even if it holds a session.
            if (value != "" && makes_a_profile(key)) of_profiles[file, section]
        } else if (name != "" && key != "" && line ~ /^[ \t]+[^ \t\r#;]/) {
            # An indented line is a part of the value above.
            if (key == "daypass_long_term_section")
                settings[file, section, key] = settings[file, section, key] "\n" trim(line)
            if (makes_a_profile(key)) of_profiles[file, section]
        }
    }
    close(path)
}

function is_only_a_session(name) {
    if (("credentials", name) in of_profiles) return 0
    return ("credentials", name, "daypass_mfa_time") in settings
}

function offer(name,    in_config, in_credentials, owner) {
    in_config = ("config", name) in known
    in_credentials = ("credentials", name) in known
    owner = name
    if (in_credentials && !(name in named_for_keys) && sub(/-long-term$/, "", owner) && owner != "")
        name = owner
    else if (!in_config && (name in named_for_keys || is_only_a_session(name)))
        return
    # A word that begins with a dash is no name to the program.
    if (!(name in offered) && name !~ /^-/) print name
    offered[name]
}

BEGIN {
    read("config", locate("AWS_CONFIG_FILE", "config"))
    if (serials) exit
    read("credentials", locate("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
    for (i = 1; i <= count["config"]; i++) {
        section = names["config", i]
        # `[profile default]` hides `[default]`.
        if (!(("config", section) in sections)) section = "\001"
        if (("config", section, "daypass_long_term_section") in settings)
            named_for_keys[settings["config", section, "daypass_long_term_section"]]
    }
    for (i = 1; i <= count["config"]; i++) offer(names["config", i])
    for (i = 1; i <= count["credentials"]; i++) offer(names["credentials", i])
}
' 2>/dev/null | from-lines
        } catch e {
            nop $e
        }
    }
    if (not $is-value) {
        $daypass-options $@words
    }
}
