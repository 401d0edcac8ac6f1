
# The names of the profiles, or with an argument the serials of the devices, a line each.
function __fish_daypass_names
    env LC_ALL=C awk -v "serials=$argv" @AWK@ 2>/dev/null
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
        else if contains -- $word @OPTIONS@
            set is_value 1
        else if contains -- $word $argv
            return 0
        end
    end
    return 1
end

