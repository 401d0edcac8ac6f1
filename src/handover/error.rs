//! Why a command is not started.

use std::{ffi::OsString, io, path::PathBuf, time::Duration};

use crate::{credential_server::ServerError, profile::Place, time};

/// Why a command is not started.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// There is none of this name.
    #[error("there is no command '{name}'")]
    NoSuchCommand {
        /// The name.
        name: String,
        /// A command whose name is much like it.
        near: Option<String>,
    },
    /// There is a file, and the system does not execute it.
    #[error("{} cannot be executed", .path.display())]
    CannotExecute {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// There is no endpoint for it.
    #[error("no credentials can be served")]
    NoServer(#[source] ServerError),
    /// It needs files of its own, which cannot be written.
    #[error("cannot write files for the command to the temporary directory")]
    NoPrivateFiles(#[source] io::Error),
    /// A shell was asked for, and there is nobody to type in it.
    #[error("no command was named, and a shell needs a terminal")]
    NoTerminal {
        /// The profile.
        profile: String,
    },
    /// A command was named where it cannot be told from arguments of ours.
    #[error("the command has to come after '--'")]
    NoSeparator {
        /// The arguments as they were meant, in a shell's words.
        line: String,
    },
    /// A command was named where a profile should be.
    #[error("there is no profile '{name}', and the command has to come after '--'")]
    NoProfile {
        /// The name.
        name: String,
    },
    /// More time is wanted than any session has.
    #[error(
        "{} cannot be had: the MFA age limit of profile '{profile}' is {}{}",
        time::render_duration(*.wanted),
        time::render_duration(*.limit),
        of_place(.place.as_ref())
    )]
    LongerThanAgeLimit {
        /// The profile.
        profile: String,
        /// How long it should be good for.
        wanted: Duration,
        /// How long it can be good for.
        limit: Duration,
        /// What says so; nothing does if it is the default.
        place: Option<Place>,
    },
    /// AWS gave a session that is shorter than was asked for.
    #[error(
        "AWS gave a session of {} only, and {} are wanted",
        time::render_span(time::delta(*.given)),
        time::render_duration(*.wanted)
    )]
    ShorterThanWanted {
        /// The profile.
        profile: String,
        /// How long it should be good for.
        wanted: Duration,
        /// How long it is good for.
        given: Duration,
    },
    /// The session ends too early, and nobody can be asked for a code.
    #[error(
        "profile '{profile}' has no session that is good for {}, and nobody can be asked for a code here",
        time::render_duration(*.wanted)
    )]
    NobodyToAsk {
        /// The profile.
        profile: String,
        /// How long it should be good for.
        wanted: Duration,
        /// Whether the profile's own duration is shorter than that.
        is_longer_than_usual: bool,
    },
}

impl HandoverError {
    /// What to say of this line, which has the `--` in its place.
    pub fn no_separator(line: &[OsString]) -> Self {
        let words: Vec<_> = line
            .iter()
            .skip(1)
            .map(|word| word.to_string_lossy())
            .collect();
        let words = words.iter().map(|word| &**word);
        HandoverError::NoSeparator {
            // A NUL cannot be on a command line.
            line: shlex::try_join(words).unwrap_or_default(),
        }
    }
}

fn of_place(place: Option<&Place>) -> String {
    match place {
        Some(place) => format!(" ({place})"),
        None => " (the default)".to_owned(),
    }
}
