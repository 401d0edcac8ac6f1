
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

