
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

