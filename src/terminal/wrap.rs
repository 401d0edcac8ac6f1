//! Text in lines: broken between words, and never in a command that a person copies.
//!
//! Colours take no room. Every other character counts as one column: letters that a terminal draws twice as wide
//! may run over the edge.
//!
//! | what is broken | by | a piece that is too long |
//! |---|---|---|
//! | a sentence behind a label, or below a heading | [`hanging`] | has a line of its own |
//! | a whole message, where a line of it is too long | [`broken`] | has a line of its own |
//! | a cell of a table, a comment in a file | [`fitted`] | is cut |
//! | pieces that the caller knows, whatever they are | [`filled`] | has a line of its own |

/// The programs that our hints tell people to run.
const PROGRAMS: [&str; 22] = [
    "aws",
    "chmod",
    "chown",
    "cp",
    "daypass",
    "dbus-run-session",
    "diff",
    "export",
    "gnome-keyring-daemon",
    "gpg",
    "hash",
    "install",
    "ln",
    "ls",
    "lsof",
    "mkdir",
    "mv",
    "pass",
    "rm",
    "sudo",
    "systemctl",
    "unset",
];

/// Breaks a sentence into lines of at most `width` characters: the first has `used` of them already, those after it
/// begin with `indent` spaces.
pub fn hanging(text: &str, used: usize, indent: usize, width: usize) -> String {
    let first = width.saturating_sub(used);
    let further = width.saturating_sub(indent);
    lines(pieces(text), first, further).join(&format!("\n{:indent$}", ""))
}

/// Breaks the lines of a text that are longer than `width`; what follows a break is indented by two spaces more
/// than the line.
pub fn broken(text: &str, width: usize) -> String {
    let lines = text.split('\n').map(|line| {
        if shown(line) <= width {
            return line.to_owned();
        }
        let sentence = line.trim_start_matches(' ');
        let indent = line.len() - sentence.len();
        let spaces = &line[..indent];
        format!("{spaces}{}", hanging(sentence, indent, indent + 2, width))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The words of a text in lines that are never longer than `width` characters: a longer word is cut, wherever
/// that is, and a command counts as so many words.
pub fn fitted(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let words = text.split_whitespace().flat_map(|word| {
        let letters: Vec<char> = word.chars().collect();
        let parts = letters.chunks(width).map(String::from_iter);
        parts.collect::<Vec<_>>()
    });
    filled(words, width)
}

/// Pieces in lines of at most `width` characters, as many in each as there is room for.
pub fn filled(pieces: impl IntoIterator<Item = impl AsRef<str>>, width: usize) -> Vec<String> {
    lines(pieces, width, width)
}

/// Pieces in lines, at least one in each: `first` is the room of the first line, `further` that of all others.
fn lines(
    pieces: impl IntoIterator<Item = impl AsRef<str>>,
    first: usize,
    further: usize,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut taken = 0;
    for piece in pieces {
        let piece = piece.as_ref();
        let length = shown(piece);
        let room = if lines.len() > 1 { further } else { first };
        match lines.last_mut() {
            Some(line) if taken + 1 + length <= room => {
                line.push(' ');
                line.push_str(piece);
                taken += 1 + length;
            }
            _ => {
                lines.push(piece.to_owned());
                taken = length;
            }
        }
    }
    lines
}

/// How many columns a text takes: all characters but those of colours.
fn shown(text: &str) -> usize {
    let mut is_color = false;
    let visible = text.chars().filter(|&character| {
        is_color |= character == '\x1b';
        let counts = !is_color;
        is_color &= character != 'm';
        counts
    });
    visible.count()
}

/// The words of a text, those of a command in one piece.
fn pieces(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let end = if begins_command(&words[..at], words[at]) {
            end_of_command(&words, at)
        } else if words[at].starts_with('{') {
            end_of_statement(&words, at)
        } else {
            at + 1
        };
        pieces.push(words[at..end].join(" "));
        at = end;
    }
    pieces
}

fn begins_command(before: &[&str], word: &str) -> bool {
    let is_beginning = before.last().is_none_or(|last| {
        last.ends_with([':', ';', ',', '(']) || matches!(*last, "run" | "or" | "with" | "then")
    });
    is_beginning && PROGRAMS.contains(&word.trim_start_matches('('))
}

/// Where the braces close that open at `start`: a statement of a policy is pasted, as a command is.
fn end_of_statement(words: &[&str], start: usize) -> usize {
    let (mut at, mut open) = (start, 0_usize);
    while at < words.len() {
        for character in words[at].chars() {
            match character {
                '{' => open += 1,
                '}' => open = open.saturating_sub(1),
                _ => {}
            }
        }
        at += 1;
        if open == 0 {
            return at;
        }
    }
    start + 1
}

/// Where the command that begins at `start` ends, as far as its words tell: a plain word may as well belong to
/// the sentence, so the first two count as its subcommand and its argument.
fn end_of_command(words: &[&str], start: usize) -> usize {
    const PLAIN: usize = 2;
    let (mut at, mut plain) = (start + 1, 0);
    let mut is_quoted = false;
    while at < words.len() {
        let word = words[at];
        if !is_quoted && words[at - 1].ends_with([';', ',', ':', ')']) {
            break;
        }
        let is_like_an_argument = |character: char| {
            character.is_ascii_uppercase()
                || character.is_ascii_digit()
                || "-/=.<>|~$'\"_+".contains(character)
        };
        let follows_an_option = words[at - 1].starts_with('-');
        if !is_quoted && !word.contains(is_like_an_argument) && !follows_an_option {
            plain += 1;
            if plain > PLAIN || at - start > PLAIN {
                break;
            }
        }
        let quotes = word
            .chars()
            .filter(|character| matches!(character, '\'' | '"'));
        is_quoted ^= quotes.count() % 2 == 1;
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_are_indented() {
        assert_eq!(
            hanging("one two three four", 4, 2, 12),
            "one two\n  three four"
        );
        assert_eq!(hanging("one", 100, 2, 12), "one");
        assert_eq!(hanging("", 0, 2, 12), "");
    }

    #[test]
    fn a_word_that_is_too_long_has_a_line_of_its_own() {
        let serial = "arn:aws:iam::123456789012:mfa/ada";
        assert_eq!(
            hanging(&format!("see {serial} for it"), 0, 2, 20),
            format!("see\n  {serial}\n  for it")
        );
        assert_eq!(filled(["a b,", serial, "c"], 6), ["a b,", serial, "c"]);
        assert_eq!(filled(["a b,", "c d,", "e"], 7), ["a b,", "c d, e"]);
    }

    #[test]
    fn what_has_to_fit_is_cut_and_no_letter_is_lost() {
        assert_eq!(fitted("one two  three", 7), ["one two", "three"]);
        assert_eq!(fitted("a éééééé b", 4), ["a", "éééé", "éé b"]);
        assert_eq!(fitted(" ", 4), Vec::<String>::new());
        assert_eq!(fitted("ab", 0), ["a", "b"]);
    }

    #[test]
    fn a_command_stays_on_one_line() {
        for (text, command) in [
            (
                "put it there: daypass setup 'my work' --serial ARN",
                "daypass setup 'my work' --serial ARN",
            ),
            (
                "unlock it first, or run in a terminal: daypass login PROFILE",
                "daypass login PROFILE",
            ),
            (
                "it is open: chmod 600 /home/ada/.aws/credentials; then try",
                "chmod 600 /home/ada/.aws/credentials;",
            ),
            (
                "set the clock, with sudo timedatectl set-ntp true",
                "sudo timedatectl set-ntp",
            ),
            (
                "start one: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type",
                "dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL',",
            ),
            (
                "they are preferred: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
                "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
            ),
        ] {
            for width in [20, 30, 60, 79] {
                let wrapped = hanging(text, 8, 8, width);
                let mut lines = wrapped.lines();
                assert!(lines.any(|line| line.contains(command)), "{wrapped}");
                assert_eq!(
                    wrapped.split_whitespace().collect::<Vec<_>>(),
                    text.split_whitespace().collect::<Vec<_>>()
                );
            }
        }
    }

    #[test]
    fn a_statement_of_a_policy_stays_on_one_line() {
        let statement = r#"{"Effect": "Allow", "Action": "iam:GetUser", "Resource": {"a": "*"}},"#;
        let text = format!("have this added: {statement} then try again");
        let wrapped = hanging(&text, 8, 4, 40);
        assert!(
            wrapped.lines().any(|line| line.trim() == statement),
            "{wrapped}"
        );
        assert!(wrapped.lines().count() == 3, "{wrapped}");
        // Without an end it is a sentence.
        assert_eq!(hanging("see { as it is", 0, 0, 8), "see { as\nit is");
    }

    #[test]
    fn a_sentence_about_a_command_is_broken() {
        let text = "daypass setup asks for what it needs and sets a profile up";
        assert_eq!(
            hanging(text, 0, 0, 30),
            "daypass setup asks for what it\nneeds and sets a profile up"
        );
    }

    #[test]
    fn only_lines_that_are_too_long_are_broken_and_colours_take_no_room() {
        assert_eq!(
            broken("one  two\n  three four\n", 9),
            "one  two\n  three\n    four\n"
        );
        let green = "\x1b[32mone\x1b[0m two";
        assert_eq!(broken(green, 7), green);
        assert_eq!(broken(green, 6), "\x1b[32mone\x1b[0m\n  two");
        let command = "to add one: daypass enroll work --name work-2";
        assert_eq!(
            broken(command, 20),
            "to add one:\n  daypass enroll work --name work-2"
        );
    }
}
