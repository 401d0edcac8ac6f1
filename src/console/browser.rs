//! The programs that open an address in a browser.
//!
//! `BROWSER` counts as it does for xdg-open and Python: several commands with a colon between them, `%s`
//! stands for the address, which is the last argument if it stands nowhere. Without it, the desktop's own way.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{environment, program, terminal::misplaced};

/// Browsers that show pages on the terminal: they need it to themselves until they end.
const ON_THE_TERMINAL: [&str; 8] = [
    "browsh",
    "elinks",
    "links",
    "links2",
    "lynx",
    "w3m",
    "www-browser",
    "cha",
];

/// A command that opens an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opener {
    program: PathBuf,
    arguments: Vec<String>,
    /// Whether somebody has named it: what it says is then for them to see.
    is_named: bool,
}

/// Why there is nothing to open an address with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBrowser {
    /// No program is called like what `BROWSER` names, and there is no other way.
    #[error("BROWSER names no program that is there ('{named}'), and {otherwise}")]
    NotFound {
        /// What it names.
        named: String,
        /// Why the desktop's own way is none either.
        otherwise: Box<NoBrowser>,
    },
    /// The desktop, if there is one, is not in front of whoever asks.
    #[error("this is a session of SSH without a display")]
    Remote,
    /// There is no desktop.
    #[error("there is no display to open a browser on (DISPLAY and WAYLAND_DISPLAY are not set)")]
    NoDisplay,
    /// The desktop's program is not installed.
    #[error("{0} is not installed")]
    NotInstalled(&'static str),
}

/// Finds the commands to try, in this order.
///
/// # Errors
/// [`NoBrowser`] when there is none.
pub fn openers() -> Result<Vec<Opener>, NoBrowser> {
    let text = environment::browser();
    let named = text.as_deref().map_or_else(Vec::new, named_by);
    if !named.is_empty() {
        return Ok(named);
    }
    match (desktops_own(), text) {
        (Err(otherwise), Some(named)) => Err(NoBrowser::NotFound {
            named: misplaced(&named),
            otherwise: Box::new(otherwise),
        }),
        (found, _) => found,
    }
}

fn desktops_own() -> Result<Vec<Opener>, NoBrowser> {
    let has_display = environment::has_display();
    if environment::is_remote() && !has_display {
        return Err(NoBrowser::Remote);
    }
    Ok(vec![of_desktop(has_display)?])
}

fn named_by(text: &str) -> Vec<Opener> {
    const BETWEEN: char = if cfg!(windows) { ';' } else { ':' };
    text.split(BETWEEN).filter_map(Opener::parse).collect()
}

fn of_desktop(has_display: bool) -> Result<Opener, NoBrowser> {
    let (name, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        // Nothing that a shell would read: an address has characters that mean something to cmd.
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if environment::is_inside_windows() && program::find("wslview").is_some() {
        ("wslview", &[])
    } else if has_display {
        ("xdg-open", &[])
    } else {
        return Err(NoBrowser::NoDisplay);
    };
    Ok(Opener {
        program: program::find(name).ok_or(NoBrowser::NotInstalled(name))?,
        arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        is_named: false,
    })
}

impl Opener {
    /// Parses one command of `BROWSER`; none if there is no such program. An `&` at its end, which asks
    /// for the background, is where it goes anyway.
    fn parse(command: &str) -> Option<Self> {
        let mut words = shlex::split(command)?;
        if words.last().is_some_and(|last| last == "&") {
            words.pop();
        }
        if words.is_empty() {
            return None;
        }
        let name = words.remove(0);
        let program = if Path::new(&name).components().count() > 1 {
            PathBuf::from(name)
        } else {
            program::find(&name)?
        };
        Some(Opener {
            program,
            arguments: words,
            is_named: true,
        })
    }

    /// The program's name, without directories.
    pub fn name(&self) -> String {
        let name = self.program.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Whether the browser shows pages on the terminal.
    pub fn needs_terminal(&self) -> bool {
        ON_THE_TERMINAL.contains(&self.name().as_str())
    }

    fn arguments_for(&self, address: &str) -> Vec<String> {
        let mut arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|word| word.replace("%s", address))
            .collect();
        if !self.arguments.iter().any(|word| word.contains("%s")) {
            arguments.push(address.to_owned());
        }
        arguments
    }

    /// Starts it. It lives on when this program ends, and Ctrl-C on the terminal is none of its business,
    /// unless it needs the terminal.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn open(&self, address: &str) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.args(self.arguments_for(address));
        let needs_terminal = self.needs_terminal();
        command.stdin(shared_if(needs_terminal && io::stdin().is_terminal()));
        // Whoever reads our output does not wait for the browser to end.
        command.stdout(shared_if(self.is_named && io::stdout().is_terminal()));
        command.stderr(shared_if(self.is_named && io::stderr().is_terminal()));
        #[cfg(unix)]
        if !needs_terminal {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        command.spawn()
    }
}

fn shared_if(is_shared: bool) -> Stdio {
    if is_shared {
        Stdio::inherit()
    } else {
        Stdio::null()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str) -> Option<Vec<String>> {
        let opener = Opener::parse(command)?;
        let mut words = vec![opener.program.display().to_string()];
        words.extend(opener.arguments_for("http://127.0.0.1:1/x"));
        Some(words)
    }

    #[test]
    fn a_command_has_the_address_where_it_wants_it() {
        for (command, expected) in [
            ("/opt/b", vec!["/opt/b", "http://127.0.0.1:1/x"]),
            (
                "/opt/b --new-window",
                vec!["/opt/b", "--new-window", "http://127.0.0.1:1/x"],
            ),
            (
                "'/opt/my browser' --app=%s --quiet &",
                vec!["/opt/my browser", "--app=http://127.0.0.1:1/x", "--quiet"],
            ),
        ] {
            assert_eq!(words(command).unwrap(), expected, "{command}");
        }
        for command in ["", "&", "'", "no-such-browser-anywhere"] {
            assert_eq!(words(command), None, "{command}");
        }
    }

    #[test]
    fn several_commands_are_tried_in_their_order() {
        let openers = named_by("no-such-browser-anywhere:/opt/a:/opt/w3m %s");
        let names: Vec<String> = openers.iter().map(Opener::name).collect();
        assert_eq!(names, ["a", "w3m"]);
        assert!(!openers[0].needs_terminal());
        assert!(openers[1].needs_terminal());
    }
}
