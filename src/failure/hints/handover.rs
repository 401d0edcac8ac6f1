//! Commands that are not started.

use std::io;

use super::{path_word, word};
use crate::{handover::HandoverError, time};

pub(in crate::failure) fn handover_hint(error: &HandoverError) -> Option<String> {
    Some(match error {
        HandoverError::NoSuchCommand { near, .. } => format!("did you mean {}?", near.as_ref()?),
        HandoverError::CannotExecute { path, source } => match source.kind() {
            io::ErrorKind::PermissionDenied => format!("chmod u+x {}", path_word(path)),
            // The file is there: it is what its first line names that is not.
            io::ErrorKind::NotFound => {
                format!("head -n 1 {} names its interpreter", path_word(path))
            }
            _ => return None,
        },
        HandoverError::NoServer(_) => return None,
        HandoverError::NoPrivateFiles(_) => {
            "make room in the temporary directory, or name another in TMPDIR".to_owned()
        }
        HandoverError::NoTerminal { profile } => {
            format!("name a command: daypass exec {} -- COMMAND", word(profile))
        }
        HandoverError::NoSeparator { line } => format!("daypass {line}"),
        HandoverError::NoProfile { name } => format!("daypass exec -- {}", word(name)),
        HandoverError::LongerThanAgeLimit { profile, .. } => format!(
            "for runs that take longer than any session: daypass exec --server {} -- COMMAND",
            word(profile)
        ),
        HandoverError::ShorterThanWanted { profile, .. } => format!(
            "for runs that take longer than any session: daypass exec --server {} -- COMMAND",
            word(profile)
        ),
        HandoverError::NobodyToAsk {
            profile,
            wanted,
            is_longer_than_usual,
        } => {
            let login = format!(
                "in a terminal, run: daypass login {} --force",
                word(profile)
            );
            if *is_longer_than_usual {
                format!("{login} --duration {}", time::render_argument(*wanted))
            } else {
                login
            }
        }
    })
}
