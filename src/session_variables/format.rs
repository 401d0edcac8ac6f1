//! How variables are set in each shell, and how their values are quoted there.

/// Whose syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// bash and every other POSIX shell, for eval
    Bash,
    /// zsh, for eval
    Zsh,
    /// daypass env | source
    Fish,
    /// daypass env --format powershell | Out-String | Invoke-Expression
    Powershell,
    /// daypass env --format nushell | from nuon | load-env
    Nushell,
    /// NAME=value lines, for docker run --env-file and the like
    Dotenv,
    /// An object, for programs
    Json,
}

/// A value that cannot be written so that it is read back as it is. The value is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The file format knows no quotes that all its readers agree on.
    #[error("the value of {name} has characters that a dotenv file cannot hold")]
    Value {
        /// The variable.
        name: &'static str,
    },
    /// The format only sets variables.
    #[error("a dotenv file cannot say that a variable is not set")]
    Unset,
    /// No shell takes control characters in a variable of ours for what they are.
    #[error("the value of {name} has control characters")]
    Control {
        /// The variable.
        name: &'static str,
    },
}

impl Format {
    /// The format of the shell that a person uses, by the path in `SHELL`.
    pub fn of_shell(path: &str) -> Self {
        match path.rsplit(['/', '\\']).next().unwrap_or_default() {
            "fish" => Format::Fish,
            "zsh" => Format::Zsh,
            "nu" => Format::Nushell,
            "pwsh" | "pwsh.exe" | "powershell.exe" => Format::Powershell,
            _ => Format::Bash,
        }
    }

    /// Renders the setting of some variables and the unsetting of others.
    pub(super) fn render(
        self,
        set: &[(&'static str, &str)],
        unset: &[&'static str],
    ) -> Result<String, Unwritable> {
        if let Some((name, _)) = set
            .iter()
            .find(|(_, value)| value.contains(|character: char| character.is_control()))
        {
            return Err(Unwritable::Control { name });
        }
        let mut text = String::new();
        match self {
            Format::Bash | Format::Zsh => {
                lines(&mut text, unset, |name| format!("unset {name}\n"));
                quoted(
                    &mut text,
                    set,
                    "export ",
                    "=",
                    "\n",
                    |character| match character {
                        '\'' => Some("'\\''"),
                        _ => None,
                    },
                );
            }
            Format::Fish => {
                lines(&mut text, unset, |name| format!("set --erase {name}\n"));
                quoted(
                    &mut text,
                    set,
                    "set --export --global ",
                    " ",
                    "\n",
                    |character| match character {
                        '\'' => Some("\\'"),
                        '\\' => Some("\\\\"),
                        _ => None,
                    },
                );
                // To erase what is not set is a failure, and the status of `source` otherwise.
                text.push_str("true\n");
            }
            Format::Powershell => {
                lines(&mut text, unset, |name| {
                    format!("Remove-Item -ErrorAction Ignore Env:{name}\n")
                });
                quoted(
                    &mut text,
                    set,
                    "$Env:",
                    " = ",
                    "\n",
                    |character| match character {
                        // PowerShell takes the curly ones for quotes as well.
                        '\'' => Some("''"),
                        '\u{2018}' => Some("\u{2018}\u{2018}"),
                        '\u{2019}' => Some("\u{2019}\u{2019}"),
                        '\u{201a}' => Some("\u{201a}\u{201a}"),
                        '\u{201b}' => Some("\u{201b}\u{201b}"),
                        _ => None,
                    },
                );
            }
            Format::Json => object(&mut text, set, unset),
            // JSON is NUON. Nushell hides variables by their names.
            Format::Nushell if set.is_empty() => names(&mut text, unset),
            Format::Nushell => object(&mut text, set, &[]),
            Format::Dotenv => dotenv(&mut text, set, unset)?,
        }
        Ok(text)
    }
}

/// Appends a list of names.
fn names(text: &mut String, names: &[&str]) {
    text.push_str(&serde_json::to_string(names).unwrap_or_default());
    text.push('\n');
}

fn lines(text: &mut String, names: &[&str], line: impl Fn(&str) -> String) {
    for name in names {
        text.push_str(&line(name));
    }
}

/// Appends `BEFORE NAME BETWEEN 'VALUE' AFTER` for each variable, with what `escape` names replaced.
fn quoted(
    text: &mut String,
    set: &[(&str, &str)],
    before: &str,
    between: &str,
    after: &str,
    escape: impl Fn(char) -> Option<&'static str>,
) {
    for (name, value) in set {
        text.push_str(before);
        text.push_str(name);
        text.push_str(between);
        text.push('\'');
        for character in value.chars() {
            match escape(character) {
                Some(escaped) => text.push_str(escaped),
                None => text.push(character),
            }
        }
        text.push('\'');
        text.push_str(after);
    }
}

/// Appends an object in which what is not to be set is null.
fn object(text: &mut String, set: &[(&str, &str)], unset: &[&str]) {
    let nulls = unset.iter().map(|name| (*name, None));
    let values = set.iter().map(|(name, value)| (*name, Some(*value)));
    text.push('{');
    for (index, (name, value)) in values.chain(nulls).enumerate() {
        text.push_str(if index > 0 { ",\n  \"" } else { "\n  \"" });
        text.push_str(name);
        text.push_str("\": ");
        // Strings and nothing else become JSON without fail.
        text.push_str(&serde_json::to_string(&value).unwrap_or_default());
    }
    text.push_str("\n}\n");
}

/// Appends `NAME=value` lines. Readers of such files agree on a value only as long as there is nothing to
/// quote in it: docker keeps quotes, others take them off.
fn dotenv(
    text: &mut String,
    set: &[(&'static str, &str)],
    unset: &[&str],
) -> Result<(), Unwritable> {
    if set.is_empty() && !unset.is_empty() {
        return Err(Unwritable::Unset);
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/+=._:-@%,".contains(&byte);
    for (name, value) in set {
        if !value.bytes().all(is_plain) {
            return Err(Unwritable::Value { name });
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
        text.push('\n');
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    const HOSTILE: &str = "a'b\"c\\d$e`f;g#h i\u{2019}j";

    fn render(format: Format) -> String {
        let set = [("AWS_REGION", HOSTILE)];
        format.render(&set, &["AWS_PROFILE"]).unwrap().to_string()
    }

    #[test]
    fn each_shell_has_its_own_quotes() {
        assert_eq!(
            render(Format::Bash),
            "unset AWS_PROFILE\nexport AWS_REGION='a'\\''b\"c\\d$e`f;g#h i\u{2019}j'\n"
        );
        assert_eq!(render(Format::Zsh), render(Format::Bash));
        assert_eq!(
            render(Format::Fish),
            "set --erase AWS_PROFILE\nset --export --global AWS_REGION 'a\\'b\"c\\\\d$e`f;g#h i\u{2019}j'\ntrue\n"
        );
        assert_eq!(
            render(Format::Powershell),
            "Remove-Item -ErrorAction Ignore Env:AWS_PROFILE\n\
             $Env:AWS_REGION = 'a''b\"c\\d$e`f;g#h i\u{2019}\u{2019}j'\n"
        );
    }

    #[test]
    fn in_powershell_whatever_ends_a_string_is_doubled() {
        // The five that PowerShell's own tokenizer takes for one another, and none of its double ones.
        let set = [(
            "AWS_REGION",
            "'\u{2018}\u{2019}\u{201a}\u{201b}\"\u{201c}`$(x)",
        )];
        assert_eq!(
            Format::Powershell.render(&set, &[]).unwrap(),
            "$Env:AWS_REGION = '''\u{2018}\u{2018}\u{2019}\u{2019}\u{201a}\u{201a}\
             \u{201b}\u{201b}\"\u{201c}`$(x)'\n"
        );
    }

    #[test]
    fn json_is_json_and_what_is_unset_is_null() {
        let json: serde_json::Value = serde_json::from_str(&render(Format::Json)).unwrap();
        assert_eq!(
            json,
            serde_json::json!({ "AWS_REGION": HOSTILE, "AWS_PROFILE": null })
        );
        assert_eq!(
            render(Format::Nushell),
            format!("{{\n  \"AWS_REGION\": {}\n}}\n", json["AWS_REGION"])
        );
    }

    #[test]
    fn what_readers_would_disagree_on_is_refused_and_not_repeated() {
        let set = [("AWS_REGION", HOSTILE)];
        let error = Format::Dotenv.render(&set, &[]).unwrap_err();
        assert_eq!(error, Unwritable::Value { name: "AWS_REGION" });
        assert!(!format!("{error} {error:?}").contains(HOSTILE));
        let plain = [
            ("AWS_REGION", "eu-west-1"),
            ("AWS_SESSION_TOKEN", "a/b+c=="),
        ];
        assert_eq!(
            Format::Dotenv.render(&plain, &["AWS_PROFILE"]).unwrap(),
            "AWS_REGION=eu-west-1\nAWS_SESSION_TOKEN=a/b+c==\n"
        );
        assert_eq!(Format::Dotenv.render(&[], &["X"]), Err(Unwritable::Unset));
        for format in Format::value_variants() {
            for control in ["\n", "\r", "\t", "\0", "\x1b", "\x7f", "\u{85}"] {
                let value = format!("a{control}b");
                let error = format.render(&[("AWS_REGION", &value)], &[]).unwrap_err();
                assert_eq!(error, Unwritable::Control { name: "AWS_REGION" });
            }
        }
    }

    #[test]
    fn the_shell_is_known_by_its_path() {
        for (path, format) in [
            ("/bin/bash", Format::Bash),
            ("/usr/bin/fish", Format::Fish),
            ("/bin/zsh", Format::Zsh),
            ("/opt/nu", Format::Nushell),
            ("/usr/bin/pwsh", Format::Powershell),
            ("/bin/sh", Format::Bash),
            ("", Format::Bash),
        ] {
            assert_eq!(Format::of_shell(path), format, "{path}");
        }
    }
}
