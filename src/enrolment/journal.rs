//! What outlives an enrolment that breaks off: which device AWS was asked to enable, and which codes it was sent.
//!
//! Once AWS has enabled a device, the profile has to be told. A run that is killed between the two would leave
//! a device that works and that nobody makes use of; from the memory of the key the next run knows it again.

use std::{path::PathBuf, time::Duration};

use crate::{
    mfa::{
        code::Code,
        memory::{BegunEnrolment, Memory},
        turn::Turn,
    },
    profile::{Files, KeySource, Profile},
    serial::Serial,
    time,
};

/// How long whoever is busy with the key is waited for.
const SOON: Duration = Duration::from_secs(2);

/// The memory of the profile's key. Without it an enrolment works as well, so that none of this fails.
pub(super) struct Journal {
    credentials: PathBuf,
    access_key_id: Option<String>,
}

impl Journal {
    pub(super) fn of(files: &Files, profile: &Profile) -> Self {
        let key = profile.key.as_ref().map(KeySource::access_key_id);
        Journal {
            credentials: files.credentials.file.path.clone(),
            access_key_id: key.map(str::to_owned),
        }
    }

    /// The enrolment that was begun, if none is known to have come to its end since.
    pub(super) fn begun(&self) -> Option<BegunEnrolment> {
        let key = self.access_key_id.as_deref()?;
        let memory = Turn::glance(&self.credentials, key);
        memory.begun_enrolment().cloned()
    }

    /// AWS is going to be asked to enable the device, with these codes.
    pub(super) fn begin(&self, begun: BegunEnrolment, codes: [&Code; 2]) {
        self.remember(|memory| {
            add_spent(memory, &begun.serial, codes);
            memory.set_begun_enrolment(Some(begun));
        });
    }

    /// The enrolment has come to its end, one way or the other.
    pub(super) fn end(&self) {
        if self.begun().is_some() {
            self.remember(|memory| memory.set_begun_enrolment(None));
        }
    }

    /// AWS has seen these codes: nobody on this machine sends them again.
    pub(super) fn add_spent(&self, serial: &Serial, codes: [&Code; 2]) {
        self.remember(|memory| add_spent(memory, serial, codes));
    }

    fn remember(&self, change: impl FnOnce(&mut Memory)) {
        let Some(key) = &self.access_key_id else {
            return;
        };
        if let Ok(mut turn) = Turn::take(&self.credentials, key, SOON, || true) {
            turn.remember_on_disk(change);
        }
    }
}

fn add_spent(memory: &mut Memory, serial: &Serial, codes: [&Code; 2]) {
    let now = time::now();
    for code in codes {
        memory.add_spent(serial, code, now);
    }
}
