_daypass_options() {
    local i cur prev opts cmd before
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${before}" in
            -p|--profile|--user)
                before=""
                continue
                ;;
        esac
        before="${i}"
        case "${cmd},${i}" in
            ",$1")
                cmd="daypass"
                ;;
            daypass,audit)
                cmd="daypass__subcmd__audit"
                ;;
            daypass,completions)
                cmd="daypass__subcmd__completions"
                ;;
            daypass,console)
                cmd="daypass__subcmd__console"
                ;;
            daypass,credential-process)
                cmd="daypass__subcmd__credential__subcmd__process"
                ;;
            daypass,devices)
                cmd="daypass__subcmd__devices"
                ;;
            daypass,doctor)
                cmd="daypass__subcmd__doctor"
                ;;
            daypass,enroll)
                cmd="daypass__subcmd__enroll"
                ;;
            daypass,env)
                cmd="daypass__subcmd__env"
                ;;
            daypass,exec)
                cmd="daypass__subcmd__exec"
                ;;
            daypass,help)
                cmd="daypass__subcmd__help"
                ;;
            daypass,login)
                cmd="daypass__subcmd__login"
                ;;
            daypass,logout)
                cmd="daypass__subcmd__logout"
                ;;
            daypass,policy)
                cmd="daypass__subcmd__policy"
                ;;
            daypass,rotate)
                cmd="daypass__subcmd__rotate"
                ;;
            daypass,setup)
                cmd="daypass__subcmd__setup"
                ;;
            daypass,status)
                cmd="daypass__subcmd__status"
                ;;
            daypass,totp)
                cmd="daypass__subcmd__totp"
                ;;
            daypass__subcmd__devices,remove)
                cmd="daypass__subcmd__devices__subcmd__remove"
                ;;
            daypass__subcmd__devices,resync)
                cmd="daypass__subcmd__devices__subcmd__resync"
                ;;
            daypass__subcmd__help,audit)
                cmd="daypass__subcmd__help__subcmd__audit"
                ;;
            daypass__subcmd__help,completions)
                cmd="daypass__subcmd__help__subcmd__completions"
                ;;
            daypass__subcmd__help,console)
                cmd="daypass__subcmd__help__subcmd__console"
                ;;
            daypass__subcmd__help,credential-process)
                cmd="daypass__subcmd__help__subcmd__credential__subcmd__process"
                ;;
            daypass__subcmd__help,devices)
                cmd="daypass__subcmd__help__subcmd__devices"
                ;;
            daypass__subcmd__help,doctor)
                cmd="daypass__subcmd__help__subcmd__doctor"
                ;;
            daypass__subcmd__help,enroll)
                cmd="daypass__subcmd__help__subcmd__enroll"
                ;;
            daypass__subcmd__help,env)
                cmd="daypass__subcmd__help__subcmd__env"
                ;;
            daypass__subcmd__help,exec)
                cmd="daypass__subcmd__help__subcmd__exec"
                ;;
            daypass__subcmd__help,help)
                cmd="daypass__subcmd__help__subcmd__help"
                ;;
            daypass__subcmd__help,login)
                cmd="daypass__subcmd__help__subcmd__login"
                ;;
            daypass__subcmd__help,logout)
                cmd="daypass__subcmd__help__subcmd__logout"
                ;;
            daypass__subcmd__help,policy)
                cmd="daypass__subcmd__help__subcmd__policy"
                ;;
            daypass__subcmd__help,rotate)
                cmd="daypass__subcmd__help__subcmd__rotate"
                ;;
            daypass__subcmd__help,setup)
                cmd="daypass__subcmd__help__subcmd__setup"
                ;;
            daypass__subcmd__help,status)
                cmd="daypass__subcmd__help__subcmd__status"
                ;;
            daypass__subcmd__help,totp)
                cmd="daypass__subcmd__help__subcmd__totp"
                ;;
            daypass__subcmd__help__subcmd__devices,remove)
                cmd="daypass__subcmd__help__subcmd__devices__subcmd__remove"
                ;;
            daypass__subcmd__help__subcmd__devices,resync)
                cmd="daypass__subcmd__help__subcmd__devices__subcmd__resync"
                ;;
            daypass__subcmd__help__subcmd__policy,apply)
                cmd="daypass__subcmd__help__subcmd__policy__subcmd__apply"
                ;;
            daypass__subcmd__help__subcmd__policy,check)
                cmd="daypass__subcmd__help__subcmd__policy__subcmd__check"
                ;;
            daypass__subcmd__help__subcmd__policy,show)
                cmd="daypass__subcmd__help__subcmd__policy__subcmd__show"
                ;;
            daypass__subcmd__help__subcmd__totp,add)
                cmd="daypass__subcmd__help__subcmd__totp__subcmd__add"
                ;;
            daypass__subcmd__help__subcmd__totp,code)
                cmd="daypass__subcmd__help__subcmd__totp__subcmd__code"
                ;;
            daypass__subcmd__help__subcmd__totp,remove)
                cmd="daypass__subcmd__help__subcmd__totp__subcmd__remove"
                ;;
            daypass__subcmd__policy,apply)
                cmd="daypass__subcmd__policy__subcmd__apply"
                ;;
            daypass__subcmd__policy,check)
                cmd="daypass__subcmd__policy__subcmd__check"
                ;;
            daypass__subcmd__policy,show)
                cmd="daypass__subcmd__policy__subcmd__show"
                ;;
            daypass__subcmd__totp,add)
                cmd="daypass__subcmd__totp__subcmd__add"
                ;;
            daypass__subcmd__totp,code)
                cmd="daypass__subcmd__totp__subcmd__code"
                ;;
            daypass__subcmd__totp,help)
                cmd="daypass__subcmd__totp__subcmd__help"
                ;;
            daypass__subcmd__totp,remove)
                cmd="daypass__subcmd__totp__subcmd__remove"
                ;;
            daypass__subcmd__totp__subcmd__help,add)
                cmd="daypass__subcmd__totp__subcmd__help__subcmd__add"
                ;;
            daypass__subcmd__totp__subcmd__help,code)
                cmd="daypass__subcmd__totp__subcmd__help__subcmd__code"
                ;;
            daypass__subcmd__totp__subcmd__help,help)
                cmd="daypass__subcmd__totp__subcmd__help__subcmd__help"
                ;;
            daypass__subcmd__totp__subcmd__help,remove)
                cmd="daypass__subcmd__totp__subcmd__help__subcmd__remove"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        daypass)
            opts="-v -h -V --verbose --color --no-prompt --help --version setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__audit)
            opts="-p -v -h --profile --format --fail-on --credential-report --authorization-details --ignore --compare --role-name --accounts --organization --max-age --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "table json csv sarif markdown" -- "${cur}"))
                    return 0
                    ;;
                --fail-on)
                    COMPREPLY=($(compgen -W "none low medium high critical" -- "${cur}"))
                    return 0
                    ;;
                --credential-report)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --authorization-details)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --ignore)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --compare)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --role-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --accounts)
                    local oldifs
                    if [ -n "${IFS+x}" ]; then
                        oldifs="$IFS"
                    fi
                    IFS=$'\n'
                    COMPREPLY=($(compgen -f "${cur}"))
                    if [ -n "${oldifs+x}" ]; then
                        IFS="$oldifs"
                    fi
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o filenames
                    fi
                    return 0
                    ;;
                --max-age)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__completions)
            opts="-v -h --verbose --color --no-prompt --help bash zsh fish powershell elvish"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__console)
            opts="-p -s -v -h --profile --service --print --federation-endpoint --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --service)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -s)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --federation-endpoint)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__credential__subcmd__process)
            opts="-p -v -h --profile --session-store --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --session-store)
                    COMPREPLY=($(compgen -W "file keychain" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__devices)
            opts="-p -v -h --profile --user --json --verbose --color --no-prompt --help resync remove"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --user)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__devices__subcmd__remove)
            opts="-p -y -v -h --profile --user --force --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --user)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__devices__subcmd__resync)
            opts="-p -v -h --profile --user --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --user)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__doctor)
            opts="-p -v -h --profile --json --offline --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__enroll)
            opts="-p -y -v -h --profile --name --store-seed --qr-file --show-seed --user --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --qr-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --user)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__env)
            opts="-p -f -v -h --profile --format --unset --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "bash zsh fish powershell nushell dotenv json" -- "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -W "bash zsh fish powershell nushell dotenv json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__exec)
            opts="-p -v -h --profile --duration --min-ttl --server --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --min-ttl)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --duration)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help)
            opts="setup login status exec env console logout credential-process enroll devices rotate totp policy audit doctor completions help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__audit)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__completions)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__console)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__credential__subcmd__process)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__devices)
            opts="resync remove"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__devices__subcmd__remove)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__devices__subcmd__resync)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__doctor)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__enroll)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__env)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__exec)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__login)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__logout)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__policy)
            opts="show check apply"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__policy__subcmd__apply)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__policy__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__policy__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__rotate)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__setup)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__status)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__totp)
            opts="add code remove"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__totp__subcmd__add)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__totp__subcmd__code)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__help__subcmd__totp__subcmd__remove)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__login)
            opts="-p -v -h --profile --code --duration --serial --code-source --session-store --force --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --code)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --duration)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --serial)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --code-source)
                    COMPREPLY=($(compgen -W "mfa-process seed terminal pinentry" -- "${cur}"))
                    return 0
                    ;;
                --session-store)
                    COMPREPLY=($(compgen -W "file keychain" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__logout)
            opts="-p -v -h --profile --all --session-store --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --session-store)
                    COMPREPLY=($(compgen -W "file keychain" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__policy)
            opts="-v -h --verbose --color --no-prompt --help show check apply"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__policy__subcmd__apply)
            opts="-p -y -v -h --profile --group --max-age --kind --create-group --undo --force --code --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-age)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --kind)
                    COMPREPLY=($(compgen -W "strict self-service" -- "${cur}"))
                    return 0
                    ;;
                --code)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__policy__subcmd__check)
            opts="-v -h --format --max-age --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "table json sarif" -- "${cur}"))
                    return 0
                    ;;
                --max-age)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__policy__subcmd__show)
            opts="-v -h --max-age --kind --format --partition --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --max-age)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --kind)
                    COMPREPLY=($(compgen -W "strict self-service" -- "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "json terraform cloudformation" -- "${cur}"))
                    return 0
                    ;;
                --partition)
                    COMPREPLY=($(compgen -W "aws aws-cn aws-us-gov" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__rotate)
            opts="-p -y -v -h --profile --code --keep-old --replace-key --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --code)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --replace-key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__setup)
            opts="-p -y -v -h --profile --access-key-id --secret-stdin --serial --region --keychain --layout --keep-role-devices --code --no-login --dry-run --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --access-key-id)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --serial)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --region)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --keychain)
                    COMPREPLY=($(compgen -W "system pass none" -- "${cur}"))
                    return 0
                    ;;
                --layout)
                    COMPREPLY=($(compgen -W "process classic" -- "${cur}"))
                    return 0
                    ;;
                --code)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__status)
            opts="-p -v -h --profile --json --short --check --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp)
            opts="-v -h --verbose --color --no-prompt --help add code remove help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__add)
            opts="-p -y -v -h --profile --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__code)
            opts="-p -v -h --profile --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__help)
            opts="add code remove help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__help__subcmd__add)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__help__subcmd__code)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__help__subcmd__remove)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        daypass__subcmd__totp__subcmd__remove)
            opts="-p -y -v -h --profile --yes --verbose --color --no-prompt --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                -p)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

# Sets `meaning` to what a word is to the command before it: an option with a `value`, with the name of a
# `profile` or the `serial` of a device, the name of a further `command`, or nothing of these. The empty word stands
# for an argument, and `--` for what comes after it.
_daypass_look_up() {
    case "$1" in
        'daypass setup' | \
            'daypass login' | \
            'daypass status' | \
            'daypass exec' | \
            'daypass env' | \
            'daypass console' | \
            'daypass logout' | \
            'daypass credential-process' | \
            'daypass enroll' | \
            'daypass devices' | \
            'daypass rotate' | \
            'daypass totp' | \
            'daypass policy' | \
            'daypass audit' | \
            'daypass doctor' | \
            'daypass completions' | \
            'daypass help' | \
            'daypass exec --' | \
            'daypass devices resync' | \
            'daypass devices remove' | \
            'daypass totp add' | \
            'daypass totp code' | \
            'daypass totp remove' | \
            'daypass totp help' | \
            'daypass policy show' | \
            'daypass policy check' | \
            'daypass policy apply')
            meaning=command
            ;;
        'daypass setup -p' | \
            'daypass setup --profile' | \
            'daypass setup ' | \
            'daypass login -p' | \
            'daypass login --profile' | \
            'daypass login ' | \
            'daypass status -p' | \
            'daypass status --profile' | \
            'daypass status ' | \
            'daypass exec -p' | \
            'daypass exec --profile' | \
            'daypass exec ' | \
            'daypass env -p' | \
            'daypass env --profile' | \
            'daypass env ' | \
            'daypass console -p' | \
            'daypass console --profile' | \
            'daypass console ' | \
            'daypass logout -p' | \
            'daypass logout --profile' | \
            'daypass logout ' | \
            'daypass credential-process -p' | \
            'daypass credential-process --profile' | \
            'daypass credential-process ' | \
            'daypass enroll -p' | \
            'daypass enroll --profile' | \
            'daypass enroll ' | \
            'daypass devices -p' | \
            'daypass devices --profile' | \
            'daypass devices ' | \
            'daypass devices resync -p' | \
            'daypass devices resync --profile' | \
            'daypass devices remove -p' | \
            'daypass devices remove --profile' | \
            'daypass rotate -p' | \
            'daypass rotate --profile' | \
            'daypass rotate ' | \
            'daypass totp add -p' | \
            'daypass totp add --profile' | \
            'daypass totp add ' | \
            'daypass totp code -p' | \
            'daypass totp code --profile' | \
            'daypass totp code ' | \
            'daypass totp remove -p' | \
            'daypass totp remove --profile' | \
            'daypass totp remove ' | \
            'daypass policy apply -p' | \
            'daypass policy apply --profile' | \
            'daypass policy apply ' | \
            'daypass audit -p' | \
            'daypass audit --profile' | \
            'daypass audit ' | \
            'daypass doctor -p' | \
            'daypass doctor --profile' | \
            'daypass doctor ')
            meaning=profile
            ;;
        'daypass setup --serial' | \
            'daypass login --serial' | \
            'daypass devices resync ' | \
            'daypass devices remove ')
            meaning=serial
            ;;
        'daypass --color' | \
            'daypass setup --access-key-id' | \
            'daypass setup --region' | \
            'daypass setup --keychain' | \
            'daypass setup --layout' | \
            'daypass setup --code' | \
            'daypass setup --color' | \
            'daypass login --code' | \
            'daypass login --duration' | \
            'daypass login --code-source' | \
            'daypass login --session-store' | \
            'daypass login --color' | \
            'daypass status --color' | \
            'daypass exec --min-ttl' | \
            'daypass exec --duration' | \
            'daypass exec --color' | \
            'daypass env -f' | \
            'daypass env --format' | \
            'daypass env --color' | \
            'daypass console -s' | \
            'daypass console --service' | \
            'daypass console --federation-endpoint' | \
            'daypass console --color' | \
            'daypass logout --session-store' | \
            'daypass logout --color' | \
            'daypass credential-process --session-store' | \
            'daypass credential-process --color' | \
            'daypass enroll --name' | \
            'daypass enroll --qr-file' | \
            'daypass enroll --user' | \
            'daypass enroll --color' | \
            'daypass devices --user' | \
            'daypass devices --color' | \
            'daypass devices resync --user' | \
            'daypass devices resync --color' | \
            'daypass devices remove --user' | \
            'daypass devices remove --color' | \
            'daypass rotate --code' | \
            'daypass rotate --replace-key' | \
            'daypass rotate --color' | \
            'daypass totp --color' | \
            'daypass totp add --color' | \
            'daypass totp code --color' | \
            'daypass totp remove --color' | \
            'daypass policy --color' | \
            'daypass policy show --max-age' | \
            'daypass policy show --kind' | \
            'daypass policy show --format' | \
            'daypass policy show --partition' | \
            'daypass policy show --color' | \
            'daypass policy check --format' | \
            'daypass policy check --max-age' | \
            'daypass policy check --color' | \
            'daypass policy apply --group' | \
            'daypass policy apply --max-age' | \
            'daypass policy apply --kind' | \
            'daypass policy apply --code' | \
            'daypass policy apply --color' | \
            'daypass audit --format' | \
            'daypass audit --fail-on' | \
            'daypass audit --credential-report' | \
            'daypass audit --authorization-details' | \
            'daypass audit --ignore' | \
            'daypass audit --compare' | \
            'daypass audit --role-name' | \
            'daypass audit --accounts' | \
            'daypass audit --max-age' | \
            'daypass audit --color' | \
            'daypass doctor --color' | \
            'daypass completions --color')
            meaning=value
            ;;
        *) meaning='' ;;
    esac
}

# The names of the profiles or the serials of the devices, a line each.
_daypass_names() {
    local serials=''
    [[ "$1" != serial ]] || serials=1
    LC_ALL=C command awk -v "serials=$serials" '# Prints the names of the profiles in the two shared files, a line each, by the rules of the program; with
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
' 2>/dev/null
}

# Takes a command line apart as the shell would, expanding nothing: sets `words` to the words before
# the last, `word` to the last one, `raw` to its text, and `quote` to the quote that is open in it.
_daypass_split() {
    local line="$1" char is_word='' i
    words=() word='' raw='' quote=''
    for ((i = 0; i < ${#line}; i++)); do
        char="${line:i:1}"
        raw+="$char"
        if [[ "$quote" == "$char" ]]; then
            quote=''
        elif [[ "$char" == \\ && "$quote" != \' ]] &&
            [[ -z "$quote" || "${line:i+1:1}" == [\\\"\$\`] ]]; then
            ((++i))
            raw+="${line:i:1}"
            word+="${line:i:1}"
            is_word=1
        elif [[ -n "$quote" ]]; then
            word+="$char"
        elif [[ "$char" == [\'\"] ]]; then
            quote="$char"
            is_word=1
        elif [[ "$char" == [[:space:]] ]]; then
            [[ -n "$is_word" ]] && words+=("$word")
            word='' raw='' is_word=''
        else
            word+="$char"
            is_word=1
        fi
    done
}

# Sets `quoted` to a text as it has to be typed where the quote of the first argument is open.
_daypass_quote() {
    local mark="$1" text="$2" char i
    if [[ -z "$mark" ]]; then
        [[ -z "$text" ]] || printf -v quoted '%q' "$text"
        return
    fi
    for ((i = 0; i < ${#text}; i++)); do
        char="${text:i:1}"
        case "$mark$char" in
            "''") quoted+="'\\''" ;;
            '"!') quoted+="\"'!'\"" ;;
            '"'[\\\"\$\`]) quoted+="\\$char" ;;
            *) quoted+="$char" ;;
        esac
    done
    # readline closes the quote unless the last character looks as if it did.
    [[ "$quoted" != *"$mark" ]] || quoted+="$mark"
}

# Completes the last word to names of what the third argument says, behind the text that is given. What readline
# takes for the word, the second argument, may begin in the middle of it, at a colon for one.
_daypass_complete_name() {
    local before="$1" typed="$2" whole="$word" text="$raw" name names=() quoted word words raw quote
    while IFS= read -r name; do
        [[ -n "$name" && "$before$name" == "$whole"* ]] && names+=("$before$name")
    done <<<"$(_daypass_names "$3")"
    _daypass_split "${text%"$typed"}"
    COMPREPLY=()
    for name in ${names[@]+"${names[@]}"}; do
        quoted=''
        _daypass_quote "$quote" "${name#"$word"}"
        COMPREPLY+=("$quoted")
    done
}

# Completes a command of its own, which begins behind the first `--`.
_daypass_complete_command() {
    local i=0 name
    while [[ "${COMP_WORDS[i++]}" != -- ]]; do :; done
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$i"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$i"
    elif ((i == COMP_CWORD)); then
        while IFS= read -r name; do
            [[ -z "$name" ]] || COMPREPLY+=("$name")
        done <<<"$(compgen -c -- "$1")"
    fi
}

_daypass() {
    local IFS=$' \t\n' words word raw quote command=daypass meaning='' pending='' has_argument='' seen=() i
    if [[ -n "${COMP_LINE+set}" ]]; then
        _daypass_split "${COMP_LINE:0:COMP_POINT}"
    else
        _daypass_split "${COMP_WORDS[*]:0:COMP_CWORD+1}"
    fi
    for ((i = 1; i < ${#words[@]}; i++)); do
        if [[ -n "$pending" ]]; then
            pending=''
            seen+=('')
            continue
        fi
        seen+=("${words[i]}")
        _daypass_look_up "$command ${words[i]}"
        case "$meaning,${words[i]}" in
            command,--)
                COMPREPLY=()
                _daypass_complete_command "$2"
                return
                ;;
            command,*) [[ -n "$has_argument" ]] || command+=" ${words[i]}" ;;
            profile,-* | serial,-* | value,-*) pending="${words[i]}" ;;
            *,-*) ;;
            *) has_argument=1 ;;
        esac
    done

    local before=''
    if [[ -z "$pending" && "$word" == --*=* ]]; then
        pending="${word%%=*}"
        before="$pending="
    fi
    # The value of an option is no further command, whatever it is called; and behind `=` it is a value all the same.
    local previous="$3"
    if [[ -n "$before" && "$2" != --* ]]; then
        previous="$pending"
        seen+=("$pending")
    fi
    local COMP_WORDS=("$1" ${seen[@]+"${seen[@]}"} "$2") COMP_CWORD=$((${#seen[@]} + 1))
    _daypass_look_up "$command $pending"
    if [[ "$meaning" != profile && "$meaning" != serial || -z "$pending" && ( -n "$has_argument" || "$word" == -* ) ]]; then
        _daypass_options "$1" "$2" "$previous"
        return
    fi
    local options=()
    # In the middle of a word there is no place for an option.
    if [[ -z "$pending" && "$raw" == "$2" ]]; then
        _daypass_options "$1" "$2" "$previous"
        options=(${COMPREPLY[@]+"${COMPREPLY[@]}"})
    fi
    _daypass_complete_name "$before" "$2" "$meaning"
    COMPREPLY+=(${options[@]+"${options[@]}"})
    # No file is one of them. (Older bash has no compopt.)
    compopt +o bashdefault +o default 2>/dev/null
    return 0
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _daypass -o nosort -o bashdefault -o default daypass
else
    complete -F _daypass -o bashdefault -o default daypass
fi
