//! Handing credentials over to a command, and this process with them.
//!
//! The command has to find everything as if it had been started without daypass: its environment but for
//! what is handed to it, its terminal, its signals, its limits, and no file that is open besides its own.
//! Files of ours close by themselves when a program is executed, and a question puts the terminal and the
//! blocked signals back when it ends; the rest is done here.

use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    path::PathBuf,
};

mod error;
mod find;

pub use error::HandoverError;
pub use find::is_command;

/// A command that can be started.
#[derive(Debug, Clone)]
pub struct Command {
    /// The file of the program.
    path: PathBuf,
    /// Its words, the first of them as it was typed.
    words: Vec<OsString>,
}

/// The names and values of an environment.
pub type Environment = Vec<(OsString, OsString)>;

/// The environment of this process with some variables set and others taken away. All others are as they
/// were, and in the same order.
pub fn changed_environment(set: &[(&str, &str)], unset: &[&str]) -> Environment {
    changed(env::vars_os(), set, unset)
}

fn changed(
    inherited: impl Iterator<Item = (OsString, OsString)>,
    set: &[(&str, &str)],
    unset: &[&str],
) -> Environment {
    let is_changed = |name: &OsStr| {
        let names = set.iter().map(|(name, _)| name).chain(unset);
        names.into_iter().any(|changed| is_same(name, changed))
    };
    let kept = inherited.filter(|(name, _)| !is_changed(name));
    let new = set.iter().map(|(name, value)| (name.into(), value.into()));
    kept.chain(new).collect()
}

/// Whether both name the same variable: for Windows they do in capitals and in small letters.
fn is_same(name: &OsStr, other: &str) -> bool {
    if cfg!(windows) {
        name.eq_ignore_ascii_case(other)
    } else {
        name == other
    }
}

impl Command {
    /// Looks a command up as a shell does, so that a mistake is told before anything is done for it.
    ///
    /// # Errors
    /// When there is no such command, or the file cannot be executed.
    pub fn find(words: Vec<OsString>) -> Result<Self, HandoverError> {
        let name = words.first().map(OsString::as_os_str).unwrap_or_default();
        Ok(Command {
            path: find::find(name)?,
            words,
        })
    }

    /// The words of the command.
    pub fn words(&self) -> &[OsString] {
        &self.words
    }

    /// The file of its program.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Puts the command in the place of this process.
    ///
    /// Returns only when that fails, with the reason.
    #[cfg(unix)]
    pub fn replace_this_process(&self, environment: &Environment) -> HandoverError {
        use crate::hardening;
        hardening::allow_core_dumps_again();
        let error = replacement::execute(&self.path, &self.words, environment);
        hardening::limit_core_dumps(Some(0));
        self.failed(error)
    }

    /// The command as a child, with this environment.
    #[cfg(unix)]
    pub fn as_child(&self, environment: Environment) -> std::process::Command {
        use std::os::unix::process::CommandExt;
        let mut command = std::process::Command::new(&self.path);
        let name = self.words.first().cloned().unwrap_or_default();
        command.arg0(name).args(self.words.iter().skip(1));
        command.env_clear().envs(environment);
        command
    }

    /// Runs the command to its end, on systems where no program can take another's place.
    ///
    /// # Errors
    /// When it cannot be started.
    #[cfg(not(unix))]
    pub fn run(&self, environment: &Environment) -> Result<u8, HandoverError> {
        let mut command = std::process::Command::new(&self.path);
        command.args(&self.words[1..]).env_clear();
        command.envs(environment.iter().cloned());
        let status = command.status().map_err(|error| self.failed(error))?;
        // What does not fit into a byte failed all the same.
        let code = status.code().unwrap_or(1);
        Ok(u8::try_from(code).unwrap_or(1))
    }

    /// What to say when the system does not start it.
    pub fn failed(&self, source: io::Error) -> HandoverError {
        HandoverError::CannotExecute {
            path: self.path.clone(),
            source,
        }
    }
}

#[cfg(unix)]
mod replacement {
    use std::{
        ffi::{CString, OsStr, OsString},
        io,
        os::unix::ffi::OsStrExt,
        path::Path,
        sync::{Arc, atomic::AtomicBool},
    };

    use nix::{errno::Errno, unistd::execve};
    use signal_hook::{consts::SIGPIPE, flag};

    use super::Environment;

    /// What runs a file of commands that does not say what is to run it.
    const SHELL: &str = "/bin/sh";

    /// Executes a file in the place of this process; returns only when that fails.
    ///
    /// The standard library's own `exec` unblocks every signal, which is not ours to do.
    pub(super) fn execute(path: &Path, words: &[OsString], environment: &Environment) -> io::Error {
        match try_to_execute(path, words, environment) {
            // As execvp and every shell do it.
            Errno::ENOEXEC => {
                let mut line = vec![OsString::from(SHELL), path.into()];
                line.extend(words.iter().skip(1).cloned());
                try_to_execute(Path::new(SHELL), &line, environment).into()
            }
            error => error.into(),
        }
    }

    fn try_to_execute(path: &Path, words: &[OsString], environment: &Environment) -> Errno {
        let text = |text: &OsStr| CString::new(text.as_bytes());
        let variable = |(name, value): &(OsString, OsString)| {
            let mut entry = Vec::with_capacity(name.len() + value.len() + 2);
            entry.extend_from_slice(name.as_bytes());
            entry.push(b'=');
            entry.extend_from_slice(value.as_bytes());
            CString::new(entry)
        };
        let path = text(path.as_os_str());
        let words: Result<Vec<CString>, _> = words.iter().map(|word| text(word)).collect();
        let environment: Result<Vec<CString>, _> = environment.iter().map(variable).collect();
        // Nothing that a program is given on its own command line or environment holds a NUL.
        let (Ok(path), Ok(words), Ok(environment)) = (path, words, environment) else {
            return Errno::EINVAL;
        };
        let_a_closed_pipe_end_the_program();
        match execve(&path, &words, &environment) {
            Ok(never) => match never {},
            Err(error) => error,
        }
    }

    /// Rust's runtime has this process ignore SIGPIPE, and what is ignored is inherited. What is handled
    /// is not: the next program has the signal's default.
    fn let_a_closed_pipe_end_the_program() {
        let _ = flag::register(SIGPIPE, Arc::new(AtomicBool::new(false)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_set_nor_unset_stays_as_it_was_and_where_it_was() {
        let pair = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        let inherited = [
            pair("B", "2"),
            pair("AWS_PROFILE", "other"),
            pair("A", ""),
            pair("AWS_REGION", "old"),
            pair("aws_profile", "kept"),
        ];
        let environment = changed(
            inherited.into_iter(),
            &[("AWS_REGION", "new"), ("AWS_SESSION_TOKEN", "token")],
            &["AWS_PROFILE"],
        );
        assert_eq!(
            environment,
            [
                pair("B", "2"),
                pair("A", ""),
                pair("aws_profile", "kept"),
                pair("AWS_REGION", "new"),
                pair("AWS_SESSION_TOKEN", "token"),
            ]
        );
    }
}
