
# The names of the profiles, or with an argument the serials of the devices, a line each.
_daypass_names() {
    LC_ALL=C command awk -v "serials=$1" @AWK@ 2>/dev/null
}

# compadd quotes them as the command line needs it.
_daypass_profiles() {
    local -a profiles expl
    profiles=(${(f)"$(_daypass_names '')"})
    _wanted profiles expl profile compadd -a profiles
}

_daypass_serials() {
    local -a serials expl
    serials=(${(f)"$(_daypass_names 1)"})
    _wanted serials expl 'MFA device' compadd -a serials
}

