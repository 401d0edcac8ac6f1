//! How the demo talks: at most 80 columns, colours only on a terminal that wants them.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

/// Prose is broken here.
const WIDTH: usize = 78;

/// Writes to stdout. A reader who has gone misses the rest, which is no trouble of ours.
pub fn write(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}

/// Writes to stderr.
pub fn remark(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// What the demo says on stdout.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    color: bool,
}

impl Voice {
    /// In colour if stdout is a terminal and nobody objects.
    pub fn stdout() -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Voice {
            color: io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
        }
    }

    /// Whether there are colours.
    pub fn colored(self) -> bool {
        self.color
    }

    /// The heading of a step.
    pub fn heading(self, text: &str) {
        write(&format!("\n{}\n", self.paint("1;36", text)));
    }

    /// Prose, broken into lines.
    pub fn prose(self, text: &str) {
        write(&format!("{}\n", wrap(text, "")));
    }

    /// Prose with an empty line after it.
    pub fn tell(self, text: &str) {
        self.prose(text);
        write("\n");
    }

    /// A command, as it is typed.
    pub fn command(self, line: &str) {
        write(&format!(
            "{} {}\n",
            self.paint("2", "$"),
            self.paint("1", line)
        ));
    }

    /// What a command printed, exactly.
    pub fn output(self, text: &str) {
        write(text);
        if !text.ends_with('\n') {
            write("\n");
        }
    }

    /// Something that went well, and what it said.
    pub fn allowed(self, what: &str, answer: &str) {
        let word = self.paint("32", "allowed");
        write(&format!("{what}: {word}\n{}\n", wrap(answer, "  ")));
    }

    /// Something that was refused, and why.
    pub fn refused(self, what: &str, answer: &str) {
        let word = self.paint("31", "refused");
        write(&format!("{what}: {word}\n{}\n", wrap(answer, "  ")));
    }

    /// A line of a list: a command, and what it is for.
    #[cfg(unix)]
    pub fn entry(self, command: &str, what: &str) {
        let column = self.paint("1", &format!("{command:30}"));
        write(&format!("  {column}{what}\n"));
    }

    /// Prose of less importance.
    pub fn note(self, text: &str) {
        write(&format!("{}\n", self.paint("2", &wrap(text, ""))));
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Breaks prose into lines, all of them indented.
fn wrap(text: &str, indent: &str) -> String {
    let mut lines = vec![indent.to_owned()];
    for word in text.split_whitespace() {
        if let Some(line) = lines.last_mut() {
            let empty = line.len() == indent.len();
            if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                lines.push(format!("{indent}{word}"));
                continue;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// Hides the values of secrets, in a credentials file or in credentials in JSON.
pub fn masked(text: &str) -> String {
    const SECRETS: [&str; 4] = [
        "aws_secret_access_key",
        "aws_session_token",
        "SecretAccessKey",
        "SessionToken",
    ];
    let in_word = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    let mut shown = text.to_owned();
    for name in SECRETS {
        for (at, _) in text.match_indices(name) {
            let value = text[at + name.len()..].trim_start_matches([' ', '=', '"', ':']);
            let end = value.find(|c| !in_word(c)).unwrap_or(value.len());
            let value = &value[..end];
            if let Some(start) = value.get(..4) {
                shown = shown.replace(value, &format!("{start}… ({} characters)", value.len()));
            }
        }
    }
    shown
}
