//! Whether AWS takes a key. A new one takes some seconds to be known everywhere.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        sts::{self, Identity},
    },
    terminal::{Progress, trace},
};

/// How long a new key may take. AWS promises nothing; ten seconds are usual.
const PATIENCE: Duration = Duration::from_secs(60);

/// The waits between two tries: each the double of the one before, up to this.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Between the two answers that make sure: machines of AWS's that know the key may stand beside some that do not.
const SECOND_LOOK: Duration = Duration::from_millis(500);

/// Tries a key until AWS takes it twice in a row, and tells whose it is.
///
/// # Errors
/// [`AwsError`]: `UnknownKey` when AWS did not take it within a minute.
pub(super) fn works(aws: &Aws) -> Result<Identity, AwsError> {
    let _progress = Progress::show(
        "daypass: waiting some seconds until AWS knows the new access key everywhere ...",
    );
    patiently(|| {
        sts::get_caller_identity(aws)?;
        thread::sleep(SECOND_LOOK);
        sts::get_caller_identity(aws)
    })
}

/// Does what may come too early for a key that was just made, again and again.
///
/// # Errors
/// Whatever else goes wrong at once, and `UnknownKey` after a minute.
pub(super) fn patiently<T>(mut action: impl FnMut() -> Result<T, AwsError>) -> Result<T, AwsError> {
    let deadline = Instant::now() + PATIENCE;
    let mut wait = FIRST_WAIT;
    let mut progress = None;
    loop {
        match action() {
            Err(AwsError::UnknownKey) if Instant::now() + wait < deadline => {
                progress.get_or_insert_with(|| {
                    Progress::show(
                        "daypass: AWS does not know this access key yet: trying for a minute ...",
                    )
                });
                trace(1, || {
                    format!("AWS does not know the key yet: again in {wait:?}")
                });
                thread::sleep(wait);
                wait = (wait * 2).min(LONGEST_WAIT);
            }
            answer => return answer,
        }
    }
}
