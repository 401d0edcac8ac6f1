# What comes after `--` is a command of its own.
_daypass() {
    local -i dashes=${words[(i)--]}
    local -a before=(${words[1,dashes]})
    if (( dashes < CURRENT && ${before[(I)(@COMMANDS@)]} )); then
        shift $dashes words
        (( CURRENT -= dashes ))
        _normal
    else
        _daypass_options "$@"
    fi
}

