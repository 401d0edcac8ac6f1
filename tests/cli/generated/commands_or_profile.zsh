local -a first
local at=${words[(I)(@COMMANDS@)]}
# Behind an option that takes a name it is that name.
while (( at > 1 )) && [[ $words[at-1] == (-p|--profile|--user) ]]; do
    at=${words[1,at-1][(I)(@COMMANDS@)]}
done
if (( at && at < CURRENT )); then
    first=(":: :@INNER@" "*::: :->@NAME@")
else
    first=('::profile: _alternative "commands:command:@INNER@" "profiles:profile:_daypass_profiles"')
fi
