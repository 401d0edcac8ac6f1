local -a first
local at=${words[(I)(@COMMANDS@)]}
if (( at && at < CURRENT )); then
    first=(":: :@INNER@" "*::: :->@NAME@")
else
    first=('::profile: _alternative "commands:command:@INNER@" "profiles:profile:_daypass_profiles"')
fi
