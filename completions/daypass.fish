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
complete -c daypass -n "__fish_daypass_needs_command" -f -a "credential-process" -d 'Print credentials for AWS tools (the credential_process protocol)'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "env" -d 'Print the session as environment variables, for a shell or a program that reads nothing else'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "console" -d 'Open the AWS console in the browser, signed in'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "logout" -d 'Forget the cached session; the long-term key stays'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "totp" -d 'Have the codes of your MFA device made on this machine'
complete -c daypass -n "__fish_daypass_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand setup" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l access-key-id -d 'The id of the long-term key (AKIA...): which of those that are found, or with --secret-stdin a new one' -r
complete -c daypass -n "__fish_daypass_using_subcommand setup" -l serial -d 'The MFA device' -r
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
complete -c daypass -n "__fish_daypass_using_subcommand login" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand login" -l code -d 'The six digits; \'-\' reads them from stdin' -r
complete -c daypass -n "__fish_daypass_using_subcommand login" -l duration -d 'How long the session lasts, from 15m to 36h; duration_seconds of the profile, then 8h, if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand login" -l serial -d 'The MFA device to use instead of the profile\'s: its ARN, or the serial number of a hardware device' -r
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
complete -c daypass -n "__fish_daypass_using_subcommand status" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand status" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand status" -l json -d 'Print JSON, for programs'
complete -c daypass -n "__fish_daypass_using_subcommand status" -l short -d 'Print name and time left of each valid session, for shell prompts'
complete -c daypass -n "__fish_daypass_using_subcommand status" -l check -d 'Exit with 10 if there is no valid session'
complete -c daypass -n "__fish_daypass_using_subcommand status" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand status" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -l session-store -d 'Where the session is kept; daypass_session_store of the profile, then \'file\', if not given' -r -f -a "file\t'In the session section of the credentials file'
keychain\t'In the keychain; each use of the session then has to open that'"
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand credential-process" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand env" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand env" -s f -l format -d 'Whose syntax; that of the shell in SHELL, if not given' -r -f -a "bash\t'bash and every other POSIX shell: eval "$(daypass env)"'
zsh\t'eval "$(daypass env)"'
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
complete -c daypass -n "__fish_daypass_using_subcommand console" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand console" -s s -l service -d 'The service to begin with, as in the console\'s addresses: ec2, s3, cloudwatch' -r
complete -c daypass -n "__fish_daypass_using_subcommand console" -l federation-endpoint -d 'Where to sign in; AWS_ENDPOINT_URL_SIGNIN, AWS_ENDPOINT_URL, then AWS\'s own, if not given' -r
complete -c daypass -n "__fish_daypass_using_subcommand console" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand console" -l print -d 'Print the sign-in address instead: whoever has it within 15 minutes has the console'
complete -c daypass -n "__fish_daypass_using_subcommand console" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand console" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand console" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l session-store -d 'Where to look; the credentials file, and the keychain if the profile uses one, if not given' -r -f -a "file\t'In the session section of the credentials file'
keychain\t'In the keychain; each use of the session then has to open that'"
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l all -d 'Forget the sessions of all profiles'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -f -a "add" -d 'Store the seed: asks for it, or reads it from stdin'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -f -a "code" -d 'Print the code and how long it is good'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -f -a "remove" -d 'Remove the seed from the keychain'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and not __fish_seen_subcommand_from add code remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from add" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from add" -s y -l yes -d 'Replace a seed that is stored already without asking'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from add" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from code" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from code" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from code" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from code" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from code" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from remove" -s p -l profile -d 'The profile, as other AWS tools spell it' -r -f
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from remove" -l no-prompt -d 'Never ask for anything: fail with exit code 3 instead'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from help" -f -a "add" -d 'Store the seed: asks for it, or reads it from stdin'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from help" -f -a "code" -d 'Print the code and how long it is good'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove the seed from the keychain'
complete -c daypass -n "__fish_daypass_using_subcommand totp; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "setup" -d 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "login" -d 'Log in: get a session with an MFA code, unless there is a fresh one'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "status" -d 'Show the sessions: state, MFA age against its limit, and until when they are good'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "credential-process" -d 'Print credentials for AWS tools (the credential_process protocol)'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "env" -d 'Print the session as environment variables, for a shell or a program that reads nothing else'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "console" -d 'Open the AWS console in the browser, signed in'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "logout" -d 'Forget the cached session; the long-term key stays'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "totp" -d 'Have the codes of your MFA device made on this machine'
complete -c daypass -n "__fish_daypass_using_subcommand help; and not __fish_seen_subcommand_from setup login status credential-process env console logout totp help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_seen_subcommand_from totp" -f -a "add" -d 'Store the seed: asks for it, or reads it from stdin'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_seen_subcommand_from totp" -f -a "code" -d 'Print the code and how long it is good'
complete -c daypass -n "__fish_daypass_using_subcommand help; and __fish_seen_subcommand_from totp" -f -a "remove" -d 'Remove the seed from the keychain'
