//! Long sentences on a terminal: broken between words, and never in a command that a person copies.

use std::io::{self, IsTerminal};

/// The widest text that is comfortable to read.
const WIDEST: usize = 80;

/// Narrower than this nothing fits.
const NARROWEST: usize = 40;

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

/// How wide what goes to stderr may be; `None` where that is no terminal and whatever reads it wants whole lines.
pub fn stderr_width() -> Option<usize> {
    let stderr = io::stderr();
    stderr
        .is_terminal()
        .then(|| columns(&stderr).clamp(NARROWEST, WIDEST))
}

/// How wide sentences on stdout are to be.
pub fn stdout_width() -> usize {
    super::columns().min(WIDEST)
}

#[cfg(unix)]
pub(super) fn columns(terminal: impl std::os::fd::AsFd) -> usize {
    let size = rustix::termios::tcgetwinsize(terminal);
    match size.map_or(0, |size| usize::from(size.ws_col)) {
        0 => WIDEST,
        columns => columns,
    }
}

#[cfg(not(unix))]
pub(super) fn columns(_terminal: impl Sized) -> usize {
    WIDEST
}

/// Breaks a text into lines of at most `width` characters: the first has `used` of them already, those after it
/// begin with `indent` spaces. A command, or a word, that is longer has a line of its own.
pub fn wrap(text: &str, used: usize, indent: usize, width: usize) -> String {
    let mut lines = String::new();
    let mut column = used;
    let mut is_begun = false;
    for piece in pieces(text) {
        let length = shown(&piece);
        if is_begun && column + 1 + length > width {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if is_begun {
            lines.push(' ');
            column += 1;
        }
        lines += &piece;
        column += length;
        is_begun = true;
    }
    lines
}

/// Breaks the lines of a text that are longer than `width`; what follows a break is indented by two spaces more
/// than the line. Colours take no room.
pub fn broken(text: &str, width: usize) -> String {
    let lines = text.split('\n').map(|line| {
        if shown(line) <= width {
            return line.to_owned();
        }
        let sentence = line.trim_start_matches(' ');
        let indent = line.len() - sentence.len();
        let spaces = &line[..indent];
        format!("{spaces}{}", wrap(sentence, indent, indent + 2, width))
    });
    lines.collect::<Vec<_>>().join("\n")
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
            wrap("one two three four", 4, 2, 12),
            "one two\n  three four"
        );
        assert_eq!(wrap("one", 100, 2, 12), "one");
        assert_eq!(wrap("", 0, 2, 12), "");
    }

    #[test]
    fn a_word_that_is_too_long_has_a_line_of_its_own() {
        assert_eq!(
            wrap("see arn:aws:iam::123456789012:mfa/ada for it", 0, 2, 20),
            "see\n  arn:aws:iam::123456789012:mfa/ada\n  for it"
        );
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
                let wrapped = wrap(text, 8, 8, width);
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
        let wrapped = wrap(&text, 8, 4, 40);
        assert!(
            wrapped.lines().any(|line| line.trim() == statement),
            "{wrapped}"
        );
        assert!(wrapped.lines().count() == 3, "{wrapped}");
        // Without an end it is a sentence.
        assert_eq!(wrap("see { as it is", 0, 0, 8), "see { as\nit is");
    }

    #[test]
    fn a_sentence_about_a_command_is_broken() {
        let text = "daypass setup asks for what it needs and sets a profile up";
        assert_eq!(
            wrap(text, 0, 0, 30),
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
