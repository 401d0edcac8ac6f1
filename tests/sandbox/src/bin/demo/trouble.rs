//! Why the demo does not go on.

use std::{fmt, io, process::ExitCode};

/// Why the demo does not go on.
#[derive(Debug)]
pub enum Trouble {
    /// A signal asked for the end.
    Interrupted(u8),
    /// Something went otherwise than the demo tells.
    Unexpected { expected: String, found: String },
    /// The machine refused.
    Io { what: String, source: io::Error },
    /// daypass was not built. Cargo has said why.
    NotBuilt,
}

impl Trouble {
    /// Turns the machine's refusal into trouble: `.map_err(Trouble::io("cannot …"))`.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Trouble {
        let what = what.into();
        move |source| Trouble::Io { what, source }
    }

    /// The exit code, by the shells' convention for signals.
    pub fn exit(&self) -> ExitCode {
        match self {
            Trouble::Interrupted(signal) => ExitCode::from(128 + signal),
            _ => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Interrupted(_) => formatter.write_str("stopped"),
            Trouble::Unexpected { expected, found } => write!(
                formatter,
                "error: this did not go as told\n  expected: {expected}\n  found: {found}"
            ),
            Trouble::Io { what, source } => write!(formatter, "error: {what}: {source}"),
            Trouble::NotBuilt => formatter.write_str("error: daypass could not be built"),
        }
    }
}
