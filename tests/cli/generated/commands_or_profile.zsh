
local -a first
local -i at=2
# The value of an option is no further command, whatever it is called.
while (( at < CURRENT )); do
    case ${words[at]} in
        (@OPTIONS@) (( at += 2 )) ;;
        (-*) (( at += 1 )) ;;
        (*) break ;;
    esac
done
if (( at < CURRENT )) && [[ ${words[at]} == (@COMMANDS@) ]]; then
    first=(":: :@INNER@" "*::: :->@NAME@")
else
    first=('::profile: _alternative "commands:command:@INNER@" "profiles:profile:_daypass_profiles"')
fi
