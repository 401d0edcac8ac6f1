//! Which command was typed, so that a hint can name it.

use std::ffi::OsString;

use clap::{Arg, Command};

/// A command line that failed. The tree of commands is only built for a hint that needs it.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a>(&'a [OsString]);

impl<'a> Typed<'a> {
    /// Takes the program's arguments, its own name first.
    pub fn of(arguments: &'a [OsString]) -> Self {
        Typed(arguments)
    }

    /// What leads to the help of the command.
    pub fn help(self) -> String {
        let (words, command) = self.command();
        if command.get_name() == words {
            format!("{words} --help shows the commands")
        } else {
            format!("{words} --help shows how it is used")
        }
    }

    /// The command with this profile, and with the names of what else it needs.
    pub fn with_profile(self, profile: &str) -> String {
        let (mut line, command) = self.command();
        let name = |argument: &Arg| {
            let names = argument.get_value_names().unwrap_or_default();
            names.first().map(ToString::to_string).unwrap_or_default()
        };
        let takes_profile = command.get_positionals().any(|of| name(of) == "PROFILE");
        if takes_profile {
            line = format!("{line} {profile}");
        }
        for needed in command.get_arguments().filter(|of| of.is_required_set()) {
            let option = needed.get_long().map(|long| format!(" --{long}"));
            line = format!("{line}{} {}", option.unwrap_or_default(), name(needed));
        }
        if !takes_profile {
            line = format!("{line} --profile {profile}");
        }
        if self.0.iter().any(|word| word == "--") {
            line += " -- COMMAND";
        }
        line
    }

    /// The command and its words: `daypass devices remove`.
    fn command(self) -> (String, Command) {
        let mut found = super::command();
        let mut words = found.get_name().to_owned();
        let mut typed = self.0.iter().skip(1).filter_map(|word| word.to_str());
        while let Some(word) = typed.next().filter(|word| *word != "--") {
            if matches!(word, "-p" | "--profile") {
                typed.next();
            } else if let Some(next) = found.find_subcommand(word) {
                words = format!("{words} {}", next.get_name());
                found = next.clone();
            }
        }
        (words, found)
    }
}
