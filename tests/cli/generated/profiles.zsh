# The names of the profiles; compadd quotes them as the command line needs it.
_daypass_profiles() {
    local -a profiles expl
    profiles=(${(f)"$(LC_ALL=C command awk @AWK@ 2>/dev/null)"})
    _wanted profiles expl profile compadd -a profiles
}

