
# Names of profiles before the options.
var daypass-options = $edit:completion:arg-completer[daypass]
set edit:completion:arg-completer[daypass] = {|@words|
    var command = 'daypass'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var takes-profile = [&@COMMANDS@]
    var is-value = (has-value [-p --profile] $words[-2])
    if (and (has-key $takes-profile $command) (or $is-value (not (str:has-prefix $words[-1] '-')))) {
        try {
            env LC_ALL=C awk @AWK@ 2>/dev/null | from-lines
        } catch e {
            nop $e
        }
    }
    if (not $is-value) {
        $daypass-options $@words
    }
}
