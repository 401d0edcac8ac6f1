
# Sets `meaning` to what a word is to the command before it: an option with a `value`, with the name of a
# `profile` or the `serial` of a device, the name of a further `command`, or nothing of these. The empty word stands
# for an argument, and `--` for what comes after it.
_daypass_look_up() {
    case "$1" in
@TABLE@
        *) meaning='' ;;
    esac
}

# The names of the profiles or the serials of the devices, a line each.
_daypass_names() {
    local serials=''
    [[ "$1" != serial ]] || serials=1
    LC_ALL=C command awk -v "serials=$serials" @AWK@ 2>/dev/null
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

