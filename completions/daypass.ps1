
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'daypass' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'daypass'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'daypass' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Log in: get a session with an MFA code, unless there is a fresh one')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the sessions: state, MFA age against its limit, and until when they are good')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with the session in its environment; without a command, a shell')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the session as environment variables, for a shell or a program that reads nothing else')
            [CompletionResult]::new('console', 'console', [CompletionResultType]::ParameterValue, 'Open the AWS console in the browser, signed in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the cached session and those of its roles; the long-term key stays')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Print credentials for AWS tools (the credential_process protocol)')
            [CompletionResult]::new('enroll', 'enroll', [CompletionResultType]::ParameterValue, 'Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List the MFA devices of your user, resync or remove one')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the long-term key by a new one')
            [CompletionResult]::new('totp', 'totp', [CompletionResultType]::ParameterValue, 'Have the codes of your MFA device made on this machine')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Write a policy that enforces MFA, see what a policy enforces, or attach one to a group')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Find who and what in an account is not protected by MFA')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look for what is wrong with this set-up, and say what mends it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell: commands, options, and the names of your profiles')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'daypass;setup' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--access-key-id', '--access-key-id', [CompletionResultType]::ParameterName, 'The id of the long-term key (AKIA...): which of those that are found, or with --secret-stdin a new one')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'The MFA device')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region, for a profile that names none')
            [CompletionResult]::new('--keychain', '--keychain', [CompletionResultType]::ParameterName, 'Where the secret of the key is kept; the system''s keychain, if there is one, unless given')
            [CompletionResult]::new('--layout', '--layout', [CompletionResultType]::ParameterName, 'How AWS tools get at the session; process unless given')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'Log in at the end with this code; ''-'' reads it from stdin')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--secret-stdin', '--secret-stdin', [CompletionResultType]::ParameterName, 'Read the secret of that key from stdin. There is no flag for the secret itself: others could see it')
            [CompletionResult]::new('--keep-role-devices', '--keep-role-devices', [CompletionResultType]::ParameterName, 'Leave mfa_serial in role profiles: AWS tools then ask for a code of their own')
            [CompletionResult]::new('--no-login', '--no-login', [CompletionResultType]::ParameterName, 'Do not log in at the end')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Ask nothing and apply it')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Ask nothing and apply it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;login' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'The six digits; ''-'' reads them from stdin')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'How long the session lasts, from 15m to 36h; duration_seconds of the profile, then 8h, if not given')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'The MFA device to use instead of the profile''s: its ARN, or the serial number of a hardware device')
            [CompletionResult]::new('--code-source', '--code-source', [CompletionResultType]::ParameterName, 'Where the code must come from; unless given: mfa_process, seed, terminal, pinentry, in this order')
            [CompletionResult]::new('--session-store', '--session-store', [CompletionResultType]::ParameterName, 'Where the session is kept; daypass_session_store of the profile, then ''file'', if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Renew the session even if it is fresh')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;status' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, for programs')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'Print name and time left of each valid session, for shell prompts')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with 10 if there is no valid session')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;exec' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'How long the session has to be good for at least, up to 36h; with less left it is renewed first')
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'How long the session has to be good for at least, up to 36h; with less left it is renewed first')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Serve credentials to the command for as long as it runs, and renew them')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;env' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Whose syntax; that of the shell in SHELL, if not given')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Whose syntax; that of the shell in SHELL, if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Unset the variables again; needs no profile')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;console' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The service to begin with, as in the console''s addresses: ec2, s3, cloudwatch')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service to begin with, as in the console''s addresses: ec2, s3, cloudwatch')
            [CompletionResult]::new('--federation-endpoint', '--federation-endpoint', [CompletionResultType]::ParameterName, 'Where to sign in; AWS_ENDPOINT_URL_SIGNIN, AWS_ENDPOINT_URL, then AWS''s own, if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the sign-in address instead: whoever has it within 15 minutes has the console')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;logout' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--session-store', '--session-store', [CompletionResultType]::ParameterName, 'Where to look; the credentials file, and the keychain if the profile uses one, if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Forget the sessions of all profiles')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;credential-process' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--session-store', '--session-store', [CompletionResultType]::ParameterName, 'Where the session is kept; daypass_session_store of the profile, then ''file'', if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;enroll' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What the device is called; as the user, if not given, since many policies allow no other name')
            [CompletionResult]::new('--qr-file', '--qr-file', [CompletionResultType]::ParameterName, 'Write the QR code into a new file as well: .svg or .png. It is as secret as the device itself')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user who gets the device, for administrators; the profile stays as it is')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--store-seed', '--store-seed', [CompletionResultType]::ParameterName, 'Keep the seed in the keychain and make the codes of it here. Mind what that gives up: the access key and the device are then on the same machine, so whoever can use it has both factors')
            [CompletionResult]::new('--show-seed', '--show-seed', [CompletionResultType]::ParameterName, 'Show the seed as text instead of the QR code')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Replace a device that is left of an earlier attempt without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Replace a device that is left of an earlier attempt without asking')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;devices' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The IAM user whose devices they are, for administrators; the profile''s own if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, for programs')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('resync', 'resync', [CompletionResultType]::ParameterValue, 'Get a device whose codes AWS refuses back into step')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a device from its user; a virtual one is deleted')
            break
        }
        'daypass;devices;resync' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile that asks; AWS_PROFILE, then ''default'', if none is named')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile that asks; AWS_PROFILE, then ''default'', if none is named')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The IAM user whose devices they are, for administrators; the profile''s own if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;devices;remove' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile that asks; AWS_PROFILE, then ''default'', if none is named')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile that asks; AWS_PROFILE, then ''default'', if none is named')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The IAM user whose devices they are, for administrators; the profile''s own if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove it even if it is the last one, or a profile uses it')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;rotate' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'The six digits for the login, if it takes one; ''-'' reads them from stdin')
            [CompletionResult]::new('--replace-key', '--replace-key', [CompletionResultType]::ParameterName, 'Delete this key to make room for the new one, where the user has two')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--keep-old', '--keep-old', [CompletionResultType]::ParameterName, 'Leave the old key at AWS, deactivated, instead of deleting it')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;totp' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Store the seed: asks for it, or reads it from stdin')
            [CompletionResult]::new('code', 'code', [CompletionResultType]::ParameterValue, 'Print the code and how long it is good')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove the seed from the keychain')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'daypass;totp;add' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Replace a seed that is stored already without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Replace a seed that is stored already without asking')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;totp;code' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;totp;remove' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;totp;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Store the seed: asks for it, or reads it from stdin')
            [CompletionResult]::new('code', 'code', [CompletionResultType]::ParameterValue, 'Print the code and how long it is good')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove the seed from the keychain')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'daypass;totp;help;add' {
            break
        }
        'daypass;totp;help;code' {
            break
        }
        'daypass;totp;help;remove' {
            break
        }
        'daypass;totp;help;help' {
            break
        }
        'daypass;policy' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print a policy that enforces MFA and its age')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what policies enforce: who can do what without MFA')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Attach a policy that enforces MFA to a group')
            break
        }
        'daypass;policy;show' {
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'How long MFA counts, 15m to 36h')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What is left to those who have no MFA device yet')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to write')
            [CompletionResult]::new('--partition', '--partition', [CompletionResultType]::ParameterName, 'Which part of AWS it is for')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;policy;check' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'The age of MFA that is to be enforced; a longer one, or none, is a mistake')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;policy;apply' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'The group whose members are to be held to it')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'How long MFA counts, 15m to 36h')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What is left to those who have no MFA device yet')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'The six digits for the login, if it takes one; ''-'' reads them from stdin')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--create-group', '--create-group', [CompletionResultType]::ParameterName, 'Create the group if there is none')
            [CompletionResult]::new('--undo', '--undo', [CompletionResultType]::ParameterName, 'Take the last change back: the former version is in force again, or there is no such policy any more')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Do it even if members are locked out by it')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;audit' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to write it')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'From which severity on findings make the exit code 10')
            [CompletionResult]::new('--credential-report', '--credential-report', [CompletionResultType]::ParameterName, 'Read the credential report from this file, and ask AWS nothing')
            [CompletionResult]::new('--authorization-details', '--authorization-details', [CompletionResultType]::ParameterName, 'Read users, groups and policies from this file, and ask AWS nothing; more than once for several pages')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'What not to count, with reasons and dates')
            [CompletionResult]::new('--compare', '--compare', [CompletionResultType]::ParameterName, 'Say what is new and what is fixed since this report, which --format json wrote')
            [CompletionResult]::new('--role-name', '--role-name', [CompletionResultType]::ParameterName, 'Audit many accounts: assume the role of this name in each of them, with the session of the profile')
            [CompletionResult]::new('--accounts', '--accounts', [CompletionResultType]::ParameterName, 'The accounts: one a line, twelve digits')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'The MFA age limit that policies should enforce; the profile''s own, then 8h, if not given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--organization', '--organization', [CompletionResultType]::ParameterName, 'The accounts: all active ones of the organization, which its management account may list')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;doctor' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile, as other AWS tools spell it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, for programs')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask nobody on the network')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say what is done on stderr; more with -vv and -vvv. Secrets are never shown')
            [CompletionResult]::new('--no-prompt', '--no-prompt', [CompletionResultType]::ParameterName, 'Never ask for anything: fail with exit code 3 instead')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'daypass;help' {
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Log in: get a session with an MFA code, unless there is a fresh one')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the sessions: state, MFA age against its limit, and until when they are good')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with the session in its environment; without a command, a shell')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the session as environment variables, for a shell or a program that reads nothing else')
            [CompletionResult]::new('console', 'console', [CompletionResultType]::ParameterValue, 'Open the AWS console in the browser, signed in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the cached session and those of its roles; the long-term key stays')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Print credentials for AWS tools (the credential_process protocol)')
            [CompletionResult]::new('enroll', 'enroll', [CompletionResultType]::ParameterValue, 'Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes')
            [CompletionResult]::new('devices', 'devices', [CompletionResultType]::ParameterValue, 'List the MFA devices of your user, resync or remove one')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the long-term key by a new one')
            [CompletionResult]::new('totp', 'totp', [CompletionResultType]::ParameterValue, 'Have the codes of your MFA device made on this machine')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Write a policy that enforces MFA, see what a policy enforces, or attach one to a group')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Find who and what in an account is not protected by MFA')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look for what is wrong with this set-up, and say what mends it')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell: commands, options, and the names of your profiles')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'daypass;help;setup' {
            break
        }
        'daypass;help;login' {
            break
        }
        'daypass;help;status' {
            break
        }
        'daypass;help;exec' {
            break
        }
        'daypass;help;env' {
            break
        }
        'daypass;help;console' {
            break
        }
        'daypass;help;logout' {
            break
        }
        'daypass;help;credential-process' {
            break
        }
        'daypass;help;enroll' {
            break
        }
        'daypass;help;devices' {
            [CompletionResult]::new('resync', 'resync', [CompletionResultType]::ParameterValue, 'Get a device whose codes AWS refuses back into step')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a device from its user; a virtual one is deleted')
            break
        }
        'daypass;help;devices;resync' {
            break
        }
        'daypass;help;devices;remove' {
            break
        }
        'daypass;help;rotate' {
            break
        }
        'daypass;help;totp' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Store the seed: asks for it, or reads it from stdin')
            [CompletionResult]::new('code', 'code', [CompletionResultType]::ParameterValue, 'Print the code and how long it is good')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove the seed from the keychain')
            break
        }
        'daypass;help;totp;add' {
            break
        }
        'daypass;help;totp;code' {
            break
        }
        'daypass;help;totp;remove' {
            break
        }
        'daypass;help;policy' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print a policy that enforces MFA and its age')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what policies enforce: who can do what without MFA')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Attach a policy that enforces MFA to a group')
            break
        }
        'daypass;help;policy;show' {
            break
        }
        'daypass;help;policy;check' {
            break
        }
        'daypass;help;policy;apply' {
            break
        }
        'daypass;help;audit' {
            break
        }
        'daypass;help;doctor' {
            break
        }
        'daypass;help;completions' {
            break
        }
        'daypass;help;help' {
            break
        }
    })

    # The names of the profiles, by the rules of the program.
    $profileNames = {
        $names = [ordered]@{ Config = @(); Credentials = @() }
        $sessions = @()
        $namedForKeys = @()
        foreach ($file in 'Config', 'Credentials') {
            $path = if ($file -eq 'Config') { $env:AWS_CONFIG_FILE } else { $env:AWS_SHARED_CREDENTIALS_FILE }
            if (-not $path) { $path = '~/.aws/' + $file.ToLowerInvariant() }
            $path = $path -replace '^~(?=[/\\]|$)', $HOME.Replace('$', '$$')
            $path = [IO.Path]::Combine($PWD.ProviderPath, $path)
            try { $lines = [IO.File]::ReadAllLines($path) } catch { continue }
            $name = ''
            foreach ($line in $lines) {
                if ($line -cmatch '^\[([^\]]+)\][ \t\r]*(?:[#;].*)?$' -or
                    $line -cmatch '^\[([^#;]+)\][ \t\r]*(?:[#;].*)?$') {
                    $name = $Matches[1] -replace '^[ \t]+|[ \t]+$'
                    if ($file -eq 'Credentials') {
                        if ($name -cmatch '^profile[ \t]') { $name = '' }
                    } elseif ($name -cmatch '^profile[ \t]+(?:"([^"\\]+)"|''([^''\\]+)''|([^ \t"''\\]+))$') {
                        $name = "$($Matches[1])$($Matches[2])$($Matches[3])"
                    } elseif ($name -cne 'default') {
                        $name = ''
                    }
                    if ($name -cmatch '[\x00-\x1f\x7f]') { $name = '' }
                    if ($name) { $names[$file] += $name }
                } elseif ($name -and $line -match '^daypass_mfa_time[ \t]*[=:]') {
                    if ($file -eq 'Credentials') { $sessions += $name }
                } elseif ($name -and $line -match '^daypass_long_term_section[ \t]*[=:][ \t]*(.+?)[ \t\r]*(?:[ \t][#;].*)?$') {
                    if ($file -eq 'Config') { $namedForKeys += $Matches[1] }
                }
            }
        }
        $(foreach ($name in $names.Config + $names.Credentials) {
            $inConfig = $names.Config -ccontains $name
            if ($names.Credentials -ccontains $name -and $namedForKeys -cnotcontains $name -and
                $name -cmatch '^(.+)-long-term$') {
                $Matches[1]
            } elseif ($inConfig -or ($sessions -cnotcontains $name -and $namedForKeys -cnotcontains $name)) {
                $name
            }
        }) | Where-Object { -not $_.StartsWith('-') } | Select-Object -Unique
    }

    $takesProfile = @('daypass;setup', 'daypass;login', 'daypass;status', 'daypass;exec', 'daypass;env', 'daypass;console', 'daypass;logout', 'daypass;credential-process', 'daypass;enroll', 'daypass;devices', 'daypass;rotate', 'daypass;totp;add', 'daypass;totp;code', 'daypass;totp;remove', 'daypass;policy;apply', 'daypass;audit', 'daypass;doctor')
    $words = @($commandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })
    $isValue = $words.Count -gt 0 -and $words[-1].Extent.Text -cin '-p', '--profile'
    if ($takesProfile -ccontains $command -and ($isValue -or -not $wordToComplete.StartsWith('-'))) {
        $typed = $wordToComplete.Trim("'", '"')
        & $profileNames | Where-Object { $_.StartsWith($typed, [StringComparison]::Ordinal) } | ForEach-Object {
            $text = $_
            if ($text -cnotmatch '^[A-Za-z0-9_./+:-]+$') {
                $text = "'" + [CodeGeneration]::EscapeSingleQuotedStringContent($text) + "'"
            }
            [CompletionResult]::new($text, $_, [CompletionResultType]::ParameterValue, 'Profile')
        }
    }
    if ($isValue) { return }

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
