    # The names of the profiles, by the rules of the program.
    $profileNames = {
        $names = [ordered]@{ Config = @(); Credentials = @() }
        $sessions = @()
        $namedForKeys = @()
        foreach ($file in 'Config', 'Credentials') {
            $path = if ($file -eq 'Config') { $env:AWS_CONFIG_FILE } else { $env:AWS_SHARED_CREDENTIALS_FILE }
            if (-not $path) { $path = '~/.aws/' + $file.ToLowerInvariant() }
            $path = $path -replace '^~(?=[/\\]|$)', $HOME.Replace('$', '$$')
            $path = [IO.Path]::Combine($PWD.ProviderPath, $path)
            try { $lines = [IO.File]::ReadAllLines($path) } catch { continue }
            $name = ''
            foreach ($line in $lines) {
                if ($line -cmatch '^\[([^\]]+)\][ \t\r]*(?:[#;].*)?$' -or
                    $line -cmatch '^\[([^#;]+)\][ \t\r]*(?:[#;].*)?$') {
                    $name = $Matches[1] -replace '^[ \t]+|[ \t]+$'
                    if ($file -eq 'Credentials') {
                        if ($name -cmatch '^profile[ \t]') { $name = '' }
                    } elseif ($name -cmatch '^profile[ \t]+(?:"([^"\\]+)"|''([^''\\]+)''|([^ \t"''\\]+))$') {
                        $name = "$($Matches[1])$($Matches[2])$($Matches[3])"
                    } elseif ($name -cne 'default') {
                        $name = ''
                    }
                    if ($name -cmatch '[\x00-\x1f\x7f]') { $name = '' }
                    if ($name) { $names[$file] += $name }
                } elseif ($name -and $line -match '^daypass_mfa_time[ \t]*[=:]') {
                    if ($file -eq 'Credentials') { $sessions += $name }
                } elseif ($name -and $line -match '^daypass_long_term_section[ \t]*[=:][ \t]*(.+?)[ \t\r]*(?:[ \t][#;].*)?$') {
                    if ($file -eq 'Config') { $namedForKeys += $Matches[1] }
                }
            }
        }
        $(foreach ($name in $names.Config + $names.Credentials) {
            $inConfig = $names.Config -ccontains $name
            if ($names.Credentials -ccontains $name -and $namedForKeys -cnotcontains $name -and
                $name -cmatch '^(.+)-long-term$') {
                $Matches[1]
            } elseif ($inConfig -or ($sessions -cnotcontains $name -and $namedForKeys -cnotcontains $name)) {
                $name
            }
        }) | Where-Object { -not $_.StartsWith('-') } | Select-Object -Unique
    }

    $takesProfile = @COMMANDS@
    $words = @($commandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })
    $isValue = $words.Count -gt 0 -and $words[-1].Extent.Text -cin '-p', '--profile'
    if ($takesProfile -ccontains $command -and ($isValue -or -not $wordToComplete.StartsWith('-'))) {
        $typed = $wordToComplete.Trim("'", '"')
        & $profileNames | Where-Object { $_.StartsWith($typed, [StringComparison]::Ordinal) } | ForEach-Object {
            $text = $_
            if ($text -cnotmatch '^[A-Za-z0-9_./+:-]+$') {
                $text = "'" + [CodeGeneration]::EscapeSingleQuotedStringContent($text) + "'"
            }
            [CompletionResult]::new($text, $_, [CompletionResultType]::ParameterValue, 'Profile')
        }
    }
    if ($isValue) { return }

