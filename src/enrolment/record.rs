//! What the profile is told of its new device.

use crate::{
    enrolment::error::EnrolmentError,
    profile::{Files, Profile},
    serial::Serial,
    session,
    shared_files::{Document, EditError, SharedFileError},
};

/// The change of the profile.
pub(super) struct Record<'a> {
    pub(super) profile: &'a Profile,
    pub(super) serial: &'a Serial,
    /// Whether the keychain holds the seed.
    pub(super) has_seed: bool,
}

impl Record<'_> {
    /// Makes sure that the config file can be changed so, before there is a device.
    pub(super) fn check(&self, files: &Files) -> Result<(), EnrolmentError> {
        let file = &files.config.file;
        self.edit(&mut file.read()?)
            .map_err(|source| SharedFileError::Edit {
                path: file.path.clone(),
                source,
            })?;
        Ok(file.check_writable()?)
    }

    /// Writes it down.
    pub(super) fn write(&self, files: &Files) -> Result<(), EnrolmentError> {
        let edited = files.config.file.edit(|document| self.edit(document));
        let edited = edited.map_err(|source| EnrolmentError::NotRecorded {
            serial: self.serial.clone(),
            profile: self.profile.session_profile.clone(),
            has_seed: self.has_seed,
            source,
        })?;
        session::report(&edited);
        Ok(())
    }

    fn edit(&self, document: &mut Document) -> Result<(), EditError> {
        let profile = self.profile.session_profile.as_str();
        let serial = ("mfa_serial", self.serial.as_str());
        if self.has_seed {
            return document.set(profile, &[serial, ("daypass_totp", "keychain")]);
        }
        // A seed in the keychain is that of another device.
        document.remove(profile, &["daypass_totp"])?;
        document.set(profile, &[serial])
    }
}
