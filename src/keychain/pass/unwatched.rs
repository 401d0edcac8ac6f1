//! Where `pass` runs and no process groups are: it is waited for, and left alone if it takes too long.

use std::{
    io::{self, Write},
    process::{Command, ExitStatus},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::patience::{TookTooLong, Work};

/// How a run ended.
#[allow(dead_code)]
pub(super) enum Ended {
    /// By itself, with this on stdout.
    Itself(ExitStatus, Zeroizing<Vec<u8>>),
    /// It took too long.
    Late,
    /// A signal came for us: never, here.
    Interrupted,
}

/// Runs the command to its end, if it comes within `patience`.
pub(super) fn run(
    mut command: Command,
    input: Option<Zeroizing<String>>,
    patience: Duration,
) -> io::Result<Ended> {
    let work = Work::start(move |begun| {
        let mut child = command.spawn()?;
        begun.tell();
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), input) {
            pipe.write_all(text.as_bytes())?;
        }
        child.wait_with_output()
    });
    match work.wait(patience, patience, || ()) {
        Ok(output) => {
            let output = output?;
            Ok(Ended::Itself(output.status, Zeroizing::new(output.stdout)))
        }
        Err(TookTooLong(_)) => Ok(Ended::Late),
    }
}
