# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_daypass_global_optspecs
    string join \n v/verbose color= no-prompt h/help V/version
end

function __fish_daypass_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_daypass_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_daypass_using_subcommand
    set -l cmd (__fish_daypass_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c daypass -n "__fish_daypass_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_needs_command" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_needs_command" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_needs_command" -s V -l version -d 'Print version'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "setup" -d 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "login" -d 'Log in: get a session with an MFA code, unless there is a fresh one'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "status" -d 'Show the sessions: state, MFA age against its limit, and until when they are good'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "exec" -d 'Run a command with the session in its environment; without a command, a shell'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "env" -d 'Print the session as environment variables, for a shell or a program that reads nothing else'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "console" -d 'Open the AWS console in the browser, signed in'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "logout" -d 'Forget the cached session and those of its roles; the long-term key stays'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "credential-process" -d 'Print credentials for AWS tools (the credential_process protocol)'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "enroll" -d 'Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "devices" -d 'List the MFA devices of your user, resync or remove one'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "rotate" -d 'Replace the long-term key by a new one'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "totp" -d 'Have the codes of your MFA device made on this machine'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "policy" -d 'Write a policy that enforces MFA, see what a policy enforces, or attach one to a group'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "audit" -d 'Find who and what in an account is not protected by MFA'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "doctor" -d 'Look for what is wrong with this set-up, and say what mends it'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "completions" -d 'Print the completions for a shell: commands, options, and the names of your profiles'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l access-key-id -d 'The id of the long-term key (AKIA...): which of those that are found, or with --secret-stdin a new one' -r
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l serial -d 'The MFA device' -r -f -a "(__fish_daypass_names 1)"
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l region -d 'The region, for a profile that names none' -r
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l keychain -d 'Where the secret of the key is kept; the system\'s keychain, if there is one, unless given' -r -f -a "system\t'The operating system\'s keychain'
pass\t'The password manager pass'
none\t'No keychain: plain text in the credentials file, which only its owner can read'"
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l layout -d 'How AWS tools get at the session; process unless given' -r -f -a "process\t'They run daypass (credential_process) and ask for a code when there is no session'
classic\t'They read it from the profile\'s own section, as aws-mfa left it there; daypass login renews it'"
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l code -d 'Log in at the end with this code; \'-\' reads it from stdin' -r
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l secret-stdin -d 'Read the secret of that key from stdin. There is no flag for the secret itself: others could see it'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l keep-role-devices -d 'Leave mfa_serial in role profiles: AWS tools then ask for a code of their own'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l no-login -d 'Do not log in at the end'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l dry-run -d 'Show what would be changed, and change nothing'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -s y -l yes -d 'Ask nothing and apply it'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand login" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand login" -l code -d 'The six digits; \'-\' reads them from stdin' -r
complete -c daypass -n "__fish_daypass_using_subcommand login" -l duration -d 'How long the session lasts, from 15m to 36h; duration_seconds of the profile, then 8h, if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand login" -l serial -d 'The MFA device to use instead of the profile\'s: its ARN, or the serial number of a hardware device' -r -f -a "(__fish_daypass_names 1)"
complete -c daypass -n "__fish_daypass_using_subcommand login" -l code-source -d 'Where the code must come from; unless given: mfa_process, seed, terminal, pinentry, in this order' -r -f -a "mfa-process\t'The command of the setting mfa_process'
seed\t'The TOTP seed in the keychain'
terminal\t'A question on the terminal'
pinentry\t'A question of pinentry\'s'"
complete -c daypass -n "__fish_daypass_using_subcommand login" -l session-store -d 'Where the session is kept; daypass_session_store of the profile, then \'file\', if not given' -r -f -a "file\t'In the session section of the credentials file'
keychain\t'In the keychain; each use of the session then has to open that'"
complete -c daypass -n "__fish_daypass_using_subcommand login" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand login" -l force -d 'Renew the session even if it is fresh'
complete -c daypass -n "__fish_daypass_using_subcommand login" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand login" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand status" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand status" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand status" -l json -d 'Print JSON, for programs'
complete -c daypass -n "__fish_daypass_using_subcommand status" -l short -d 'Print name and time left of each valid session, for shell prompts'
complete -c daypass -n "__fish_daypass_using_subcommand status" -l check -d 'Exit with 10 if there is no valid session'
complete -c daypass -n "__fish_daypass_using_subcommand status" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand status" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand exec" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand exec" -l min-ttl -l duration -d 'How long the session has to be good for at least, up to 36h; with less left it is renewed first' -r
complete -c daypass -n "__fish_daypass_using_subcommand exec" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand exec" -l server -d 'Serve credentials to the command for as long as it runs, and renew them'
complete -c daypass -n "__fish_daypass_using_subcommand exec" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand exec" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand env" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand env" -s f -l format -d 'Whose syntax; that of the shell in SHELL, if not given' -r -f -a "bash\t'bash and every other POSIX shell, for eval'
zsh\t'zsh, for eval'
fish\t'daypass env | source'
powershell\t'daypass env --format powershell | Out-String | Invoke-Expression'
nushell\t'daypass env --format nushell | from nuon | load-env'
dotenv\t'NAME=value lines, for docker run --env-file and the like'
json\t'An object, for programs'"
complete -c daypass -n "__fish_daypass_using_subcommand env" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand env" -l unset -d 'Unset the variables again; needs no profile'
complete -c daypass -n "__fish_daypass_using_subcommand env" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand env" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand env" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand console" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand console" -s s -l service -d 'The service to begin with, as in the console\'s addresses: ec2, s3, cloudwatch' -r
complete -c daypass -n "__fish_daypass_using_subcommand console" -l federation-endpoint -d 'Where to sign in; AWS_ENDPOINT_URL_SIGNIN, AWS_ENDPOINT_URL, then AWS\'s own, if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand console" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand console" -l print -d 'Print the sign-in address instead: whoever has it within 15 minutes has the console'
complete -c daypass -n "__fish_daypass_using_subcommand console" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand console" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand console" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l session-store -d 'Where to look; the credentials file, and the keychain if the profile uses one, if not given' -r -f -a "file\t'In the session section of the credentials file'
keychain\t'In the keychain; each use of the session then has to open that'"
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l all -d 'Forget the sessions of all profiles'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -l session-store -d 'Where the session is kept; daypass_session_store of the profile, then \'file\', if not given' -r -f -a "file\t'In the session section of the credentials file'
keychain\t'In the keychain; each use of the session then has to open that'"
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l name -d 'What the device is called; as the user, if not given, since many policies allow no other name' -r
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l qr-file -d 'Write the QR code into a new file as well: .svg or .png. It is as secret as the device itself' -r
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l user -d 'The user who gets the device, for administrators; the profile stays as it is' -r
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l store-seed -d 'Keep the seed in the keychain and make the codes of it here. Mind what that gives up: the access key and the device are then on the same machine, so whoever can use it has both factors'
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l show-seed -d 'Show the seed as text instead of the QR code'
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -s y -l yes -d 'Replace a device that is left of an earlier attempt without asking'
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand enroll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -l user -d 'The IAM user whose devices they are, for administrators; the profile\'s own if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -l json -d 'Print JSON, for programs'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -a "resync" -d 'Get a device whose codes AWS refuses back into step'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and not __fish_daypass_seen_subcommand_from resync remove" -a "remove" -d 'Take a device from its user; a virtual one is deleted'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from resync" -s p -l profile -d 'The profile that asks; AWS_PROFILE, then \'default\', if none is named' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from resync" -l user -d 'The IAM user whose devices they are, for administrators; the profile\'s own if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from resync" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from resync" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from resync" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from resync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -s p -l profile -d 'The profile that asks; AWS_PROFILE, then \'default\', if none is named' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -l user -d 'The IAM user whose devices they are, for administrators; the profile\'s own if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -l force -d 'Remove it even if it is the last one, or a profile uses it'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand devices; and __fish_daypass_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -l code -d 'The six digits for the login, if it takes one; \'-\' reads them from stdin' -r
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -l replace-key -d 'Delete this key to make room for the new one, where the user has two' -r
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -l keep-old -d 'Leave the old key at AWS, deactivated, instead of deleting it'
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -s y -l yes -d 'Do not ask'
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -f -a "add" -d 'Store the seed: asks for it, or reads it from stdin'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -f -a "code" -d 'Print the code and how long it is good'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -f -a "remove" -d 'Remove the seed from the keychain'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_daypass_seen_subcommand_from add code remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from add" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from add" -s y -l yes -d 'Replace a seed that is stored already without asking'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from add" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from add" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from code" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from code" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from code" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from code" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from code" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from remove" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from remove" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from remove" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from help" -f -a "add" -d 'Store the seed: asks for it, or reads it from stdin'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from help" -f -a "code" -d 'Print the code and how long it is good'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from help" -f -a "remove" -d 'Remove the seed from the keychain'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_daypass_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -f -a "show" -d 'Print a policy that enforces MFA and its age'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -f -a "check" -d 'Say what policies enforce: who can do what without MFA'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and not __fish_daypass_seen_subcommand_from show check apply" -f -a "apply" -d 'Attach a policy that enforces MFA to a group'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -l max-age -d 'How long MFA counts, 15m to 36h' -r
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -l kind -d 'What is left to those who have no MFA device yet' -r -f -a "strict\t'Nothing at all without MFA: an administrator enrols the devices'
self-service\t'Without MFA nobody can do anything but enrol a first device of their own'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -l format -d 'What to write' -r -f -a "json\t'The policy document, as IAM takes it'
terraform\t'A module of Terraform\'s, with the policy on a group'
cloudformation\t'A template of CloudFormation\'s, with the policy on a group'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -l partition -d 'Which part of AWS it is for' -r -f -a "aws\t'The commercial regions'
aws-cn\t'China'
aws-us-gov\t'GovCloud (US)'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from check" -l format -d 'What to print' -r -f -a "table\t'For people'
json\t'For programs'
sarif\t'For code hosts and scanners: SARIF 2.1.0'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from check" -l max-age -d 'The age of MFA that is to be enforced; a longer one, or none, is a mistake' -r
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from check" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from check" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l group -d 'The group whose members are to be held to it' -r
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l max-age -d 'How long MFA counts, 15m to 36h' -r
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l kind -d 'What is left to those who have no MFA device yet' -r -f -a "strict\t'Nothing at all without MFA: an administrator enrols the devices'
self-service\t'Without MFA nobody can do anything but enrol a first device of their own'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l code -d 'The six digits for the login, if it takes one; \'-\' reads them from stdin' -r
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l create-group -d 'Create the group if there is none'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l undo -d 'Take the last change back: the former version is in force again, or there is no such policy any more'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l force -d 'Do it even if members are locked out by it'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -s y -l yes -d 'Do not ask'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand policy; and __fish_daypass_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand audit" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l format -d 'How to write it' -r -f -a "table\t'For people'
json\t'For programs, and for --compare'
csv\t'For spreadsheets'
sarif\t'For code scanning: SARIF 2.1.0'
markdown\t'For issues and wikis'"
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l fail-on -d 'From which severity on findings make the exit code 10' -r -f -a "none\t'Never'
low\t'From low on'
medium\t'From medium on'
high\t'From high on'
critical\t'Critical only'"
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l credential-report -d 'Read the credential report from this file, and ask AWS nothing' -r -F
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l authorization-details -d 'Read users, groups and policies from this file, and ask AWS nothing; more than once for several pages' -r -F
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l ignore -d 'What not to count, with reasons and dates' -r -F
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l compare -d 'Say what is new and what is fixed since this report, which --format json wrote' -r -F
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l role-name -d 'Audit many accounts: assume the role of this name in each of them, with the session of the profile' -r
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l accounts -d 'The accounts: one a line, twelve digits' -r -F
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l max-age -d 'The MFA age limit that policies should enforce; the profile\'s own, then 8h, if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l organization -d 'The accounts: all active ones of the organization, which its management account may list'
complete -c daypass -n "__fish_daypass_using_subcommand audit" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand audit" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f -a "(__fish_daypass_names)"
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -l json -d 'Print JSON, for programs'
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -l offline -d 'Ask nobody on the network'
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand completions" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand completions" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "setup" -d 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "login" -d 'Log in: get a session with an MFA code, unless there is a fresh one'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "status" -d 'Show the sessions: state, MFA age against its limit, and until when they are good'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "exec" -d 'Run a command with the session in its environment; without a command, a shell'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "env" -d 'Print the session as environment variables, for a shell or a program that reads nothing else'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "console" -d 'Open the AWS console in the browser, signed in'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "logout" -d 'Forget the cached session and those of its roles; the long-term key stays'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "credential-process" -d 'Print credentials for AWS tools (the credential_process protocol)'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "enroll" -d 'Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "devices" -d 'List the MFA devices of your user, resync or remove one'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "rotate" -d 'Replace the long-term key by a new one'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "totp" -d 'Have the codes of your MFA device made on this machine'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "policy" -d 'Write a policy that enforces MFA, see what a policy enforces, or attach one to a group'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "audit" -d 'Find who and what in an account is not protected by MFA'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "doctor" -d 'Look for what is wrong with this set-up, and say what mends it'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "completions" -d 'Print the completions for a shell: commands, options, and the names of your profiles'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_daypass_seen_subcommand_from setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from devices" -f -a "resync" -d 'Get a device whose codes AWS refuses back into step'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from devices" -f -a "remove" -d 'Take a device from its user; a virtual one is deleted'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from totp" -f -a "add" -d 'Store the seed: asks for it, or reads it from stdin'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from totp" -f -a "code" -d 'Print the code and how long it is good'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from totp" -f -a "remove" -d 'Remove the seed from the keychain'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from policy" -f -a "show" -d 'Print a policy that enforces MFA and its age'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from policy" -f -a "check" -d 'Say what policies enforce: who can do what without MFA'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_daypass_seen_subcommand_from policy" -f -a "apply" -d 'Attach a policy that enforces MFA to a group'

# The names of the profiles, or with an argument the serials of the devices, a line each.
function __fish_daypass_names
    env LC_ALL=C awk -v "serials=$argv" '# Prints the names of the profiles in the two shared files, a line each, by the rules of the program; with
# `serials` set, the MFA devices that the config file names.
# The environment says where the files are, and nothing in them is more than text here. A file in which
# the program would find a mistake still gives the names that can be read.
function locate(variable, name,    path) {
    path = ENVIRON[variable]
    if (path == "") path = "~/.aws/" name
    if (path ~ /^~(\\/|$)/) {
        if (ENVIRON["HOME"] == "") return ""
        path = ENVIRON["HOME"] substr(path, 2)
    }
    return path == "-" ? "./-" : path
}

function trim(text) {
    sub(/^[ \\t]+/, "", text)
    sub(/[ \\t\\r]+$/, "", text)
    return text
}

# The name without its quotes, or nothing if readers of the file would not agree on it.
function unquoted(name,    quote, inner) {
    quote = substr(name, 1, 1)
    if (length(name) > 2 && quote ~ /["\\047]/ && quote == substr(name, length(name))) {
        inner = substr(name, 2, length(name) - 2)
        if (index(inner, quote) == 0 && index(inner, "\\\\") == 0) return inner
    }
    return name ~ /[ \\t"\\047\\\\]/ ? "" : name
}

# The profile that a header begins, or nothing. Sets `bare` for the `[default]` of the config file.
function header(file, line,    close_at, rest, inner, name, spaced) {
    bare = 0
    close_at = index(line, "]")
    rest = trim(substr(line, close_at + 1))
    if (rest != "" && rest !~ /^[#;]/) {
        sub(/[#;].*/, "", line)
        line = trim(line)
        if (line !~ /\\]$/) return ""
        close_at = length(line)
    }
    inner = substr(line, 2, close_at - 2)
    name = trim(inner)
    spaced = inner != name
    if (file == "config") {
        spaced = inner ~ /^[ \\t]/
        bare = name == "default"
        if (!bare) {
            if (name !~ /^profile[ \\t]/) return ""
            name = unquoted(trim(substr(name, 8)))
        }
    } else if (name ~ /^profile[ \\t]/) {
        return ""
    }
    if (spaced && name !~ /^[A-Za-z0-9_.\\/%@:+-]+$/) return ""
    return name ~ /[\\001-\\037\\177]/ ? "" : name
}

function makes_a_profile(key) {
    return key ~ /^(daypass_(access_key_id|(long_term|session)_section)|mfa_serial|role_arn|source_profile)$/
}

function read(file, path,    line, name, section, at, key, value) {
    if (path == "") return
    while ((getline line < path) > 0) {
        if (line ~ /^\\[/) {
            key = ""
            name = header(file, line)
            section = bare ? "\\001" : name
            if (name != "") {
                if (!((file, name) in known)) names[file, ++count[file]] = name
                known[file, name]
                sections[file, section]
            }
        } else if (name != "" && line !~ /^[ \\t#;]/ && (at = match(line, /[=:]/))) {
            key = tolower(trim(substr(line, 1, at - 1)))
            value = substr(line, at + 1)
            if (match(value, /[ \\t\\r][#;]/)) value = substr(value, 1, RSTART)
            value = trim(value)
            if (key == "daypass_mfa_time" || key == "daypass_long_term_section")
                settings[file, section, key] = value
            if (serials && key == "mfa_serial" && value ~ /^[A-Za-z0-9][A-Za-z0-9_.,=@+:\\/-]*$/ && !seen[value]++)
                print value
            # What makes a profile of a section, even if it holds a session.
            if (value != "" && makes_a_profile(key)) of_profiles[file, section]
        } else if (name != "" && key != "" && line ~ /^[ \\t]+[^ \\t\\r#;]/) {
            # An indented line is a part of the value above.
            if (key == "daypass_long_term_section")
                settings[file, section, key] = settings[file, section, key] "\\n" trim(line)
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
        if (!(("config", section) in sections)) section = "\\001"
        if (("config", section, "daypass_long_term_section") in settings)
            named_for_keys[settings["config", section, "daypass_long_term_section"]]
    }
    for (i = 1; i <= count["config"]; i++) offer(names["config", i])
    for (i = 1; i <= count["credentials"]; i++) offer(names["credentials", i])
}
' 2>/dev/null
end

# True where a profile or a device may be named by a word of its own: of the words before the cursor, those that
# are no options of these are the command's own.
function __fish_daypass_wants_argument --argument-names command options
    set -l words (commandline -opc)
    set -e words[1]
    contains -- -- $words
    and return 1
    argparse (string split ' ' -- $options) -- $words 2>/dev/null
    or return 1
    test "$argv" = "$command"
end

# True where one of these further commands stands: the value of an option is none, whatever it is called.
function __fish_daypass_seen_subcommand_from
    set -l is_value 0
    for word in (commandline -opc)[2..]
        if test $is_value = 1
            set is_value 0
        else if contains -- $word --access-key-id --accounts --authorization-details --code --code-source --color --compare --credential-report --duration --fail-on --federation-endpoint --format --group --ignore --keychain --kind --layout --max-age --min-ttl --name --partition --profile --qr-file --region --replace-key --role-name --serial --service --session-store --user -f -p -s
            set is_value 1
        else if contains -- $word $argv
            return 0
        end
    end
    return 1
end

complete -c daypass -n "__fish_daypass_wants_argument 'setup' 'p/profile= access-key-id= secret-stdin serial= region= keychain= layout= keep-role-devices code= no-login dry-run y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'login' 'p/profile= code= duration= serial= code-source= session-store= force v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'status' 'p/profile= json short check v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'exec' 'p/profile= min-ttl= server v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'env' 'p/profile= f/format= unset v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'console' 'p/profile= s/service= print federation-endpoint= v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'logout' 'p/profile= all session-store= v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'credential-process' 'p/profile= session-store= v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'enroll' 'p/profile= name= store-seed qr-file= show-seed user= y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'devices' 'p/profile= user= json v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'devices resync' 'p/profile= user= v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names 1)" -d Device
complete -c daypass -n "__fish_daypass_wants_argument 'devices remove' 'p/profile= user= force y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names 1)" -d Device
complete -c daypass -n "__fish_daypass_wants_argument 'rotate' 'p/profile= code= keep-old replace-key= y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'totp add' 'p/profile= y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'totp code' 'p/profile= v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'totp remove' 'p/profile= y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'policy apply' 'p/profile= group= max-age= kind= create-group undo force code= y/yes v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'audit' 'p/profile= format= fail-on= credential-report= authorization-details= ignore= compare= role-name= accounts= organization max-age= v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_wants_argument 'doctor' 'p/profile= json offline v/verbose color= no-prompt h/help'" -f -a "(__fish_daypass_names)" -d Profile
complete -c daypass -n "__fish_daypass_using_subcommand completions" -f -a "bash zsh fish powershell elvish" -d Shell

# True after the `--` that a command of its own follows.
function __fish_daypass_wants_command
    contains -- -- (commandline -opc)
end

# What the command after the `--` can be completed with.
function __fish_daypass_command
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1..(contains -i -- -- $words)]
    if set -q words[1]
        set -l escaped (string escape -- $words)
        complete -C "$escaped $current"
    else
        complete -C "$current"
    end
end

complete -c daypass -n "__fish_daypass_using_subcommand exec; and __fish_daypass_wants_command" -f -a "(__fish_daypass_command)"
