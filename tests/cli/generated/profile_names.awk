# Prints the names of the profiles in the two shared files, a line each, by the rules of the program; with
# `serials` set, the MFA devices that the config file names.
# The environment says where the files are, and nothing in them is more than text here. A file in which
# the program would find a mistake still gives the names that can be read.
function locate(variable, name,    path) {
    path = ENVIRON[variable]
    if (path == "") path = "~/.aws/" name
    if (path ~ /^~(\/|$)/) {
        if (ENVIRON["HOME"] == "") return ""
        path = ENVIRON["HOME"] substr(path, 2)
    }
    return path == "-" ? "./-" : path
}

function trim(text) {
    sub(/^[ \t]+/, "", text)
    sub(/[ \t\r]+$/, "", text)
    return text
}

# The name without its quotes, or nothing if readers of the file would not agree on it.
function unquoted(name,    quote, inner) {
    quote = substr(name, 1, 1)
    if (length(name) > 2 && quote ~ /["\047]/ && quote == substr(name, length(name))) {
        inner = substr(name, 2, length(name) - 2)
        if (index(inner, quote) == 0 && index(inner, "\\") == 0) return inner
    }
    return name ~ /[ \t"\047\\]/ ? "" : name
}

# The profile that a header begins, or nothing. Sets `bare` for the `[default]` of the config file.
function header(file, line,    close_at, rest, inner, name, spaced) {
    bare = 0
    close_at = index(line, "]")
    rest = trim(substr(line, close_at + 1))
    if (rest != "" && rest !~ /^[#;]/) {
        sub(/[#;].*/, "", line)
        line = trim(line)
        if (line !~ /\]$/) return ""
        close_at = length(line)
    }
    inner = substr(line, 2, close_at - 2)
    name = trim(inner)
    spaced = inner != name
    if (file == "config") {
        spaced = inner ~ /^[ \t]/
        bare = name == "default"
        if (!bare) {
            if (name !~ /^profile[ \t]/) return ""
            name = unquoted(trim(substr(name, 8)))
        }
    } else if (name ~ /^profile[ \t]/) {
        return ""
    }
    if (spaced && name !~ /^[A-Za-z0-9_.\/%@:+-]+$/) return ""
    return name ~ /[\001-\037\177]/ ? "" : name
}

function makes_a_profile(key) {
    return key ~ /^(daypass_(access_key_id|(long_term|session)_section)|mfa_serial|role_arn|source_profile)$/
}

function read(file, path,    line, name, section, at, key, value) {
    if (path == "") return
    while ((getline line < path) > 0) {
        if (line ~ /^\[/) {
            key = ""
            name = header(file, line)
            section = bare ? "\001" : name
            if (name != "") {
                if (!((file, name) in known)) names[file, ++count[file]] = name
                known[file, name]
                sections[file, section]
            }
        } else if (name != "" && line !~ /^[ \t#;]/ && (at = match(line, /[=:]/))) {
            key = tolower(trim(substr(line, 1, at - 1)))
            value = substr(line, at + 1)
            if (match(value, /[ \t\r][#;]/)) value = substr(value, 1, RSTART)
            value = trim(value)
            if (key == "daypass_mfa_time" || key == "daypass_long_term_section")
                settings[file, section, key] = value
            if (serials && key == "mfa_serial" && value ~ /^[A-Za-z0-9][A-Za-z0-9_.,=@+:\/-]*$/ && !seen[value]++)
                print value
            # What makes a profile of a section, even if it holds a session.
            if (value != "" && makes_a_profile(key)) of_profiles[file, section]
        } else if (name != "" && key != "" && line ~ /^[ \t]+[^ \t\r#;]/) {
            # An indented line is a part of the value above.
            if (key == "daypass_long_term_section")
                settings[file, section, key] = settings[file, section, key] "\n" trim(line)
            if (makes_a_profile(key)) of_profiles[file, section]
        }
    }
    close(path)
}

function is_only_a_session(name) {
    if (("credentials", name) in of_profiles) return 0
    return ("credentials", name, "daypass_mfa_time") in settings
}

function offer(name,    in_config, in_credentials, owner) {
    in_config = ("config", name) in known
    in_credentials = ("credentials", name) in known
    owner = name
    if (in_credentials && !(name in named_for_keys) && sub(/-long-term$/, "", owner) && owner != "")
        name = owner
    else if (!in_config && (name in named_for_keys || is_only_a_session(name)))
        return
    # A word that begins with a dash is no name to the program.
    if (!(name in offered) && name !~ /^-/) print name
    offered[name]
}

BEGIN {
    read("config", locate("AWS_CONFIG_FILE", "config"))
    if (serials) exit
    read("credentials", locate("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
    for (i = 1; i <= count["config"]; i++) {
        section = names["config", i]
        # `[profile default]` hides `[default]`.
        if (!(("config", section) in sections)) section = "\001"
        if (("config", section, "daypass_long_term_section") in settings)
            named_for_keys[settings["config", section, "daypass_long_term_section"]]
    }
    for (i = 1; i <= count["config"]; i++) offer(names["config", i])
    for (i = 1; i <= count["credentials"]; i++) offer(names["credentials", i])
}
