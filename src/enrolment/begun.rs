//! A device that an earlier run has enabled before it broke off: it works, and the profile does not know it.

use crate::{
    enrolment::{Enrolled, Enrolment, EnrolmentError, creation::agrees},
    keychain::Item,
    mfa::memory::BegunEnrolment,
    terminal::remark,
};

impl Enrolment<'_> {
    /// The device of an earlier run, if it is enabled and is to be taken up.
    pub(super) fn begun(&mut self) -> Result<Option<BegunEnrolment>, EnrolmentError> {
        let Some(begun) = self.on_record() else {
            return Ok(None);
        };
        // Where AWS does not tell, it is found out when there cannot be another one of its name.
        if !self.subject.has(&begun.serial) {
            return Ok(None);
        }
        let told = format!(
            "an earlier run enabled {} and broke off before it was done",
            begun.serial
        );
        match &mut self.terminal {
            // Whoever saw that run fail may have thrown away what the telephone had of it.
            Some(terminal) if !self.wish.yes && !begun.has_seed => {
                let question = format!("daypass: {told}. Does your app show its codes? [Y/n]");
                if !agrees(terminal, &question, true)? {
                    self.journal.end();
                    return Ok(None);
                }
            }
            _ => remark(&format!("daypass: {told}: going on with it\n")),
        }
        Ok(Some(begun))
    }

    /// The same where AWS does not tell which devices the user has: it refuses to make the device, or to delete it,
    /// since it is somebody's.
    pub(super) fn begun_but_unlisted(&self, error: &EnrolmentError) -> Option<BegunEnrolment> {
        let EnrolmentError::Assigned { serial, .. } = error else {
            return None;
        };
        self.on_record()
            .filter(|begun| self.subject.devices.is_none() && begun.serial == *serial)
    }

    /// What is on record and is what is wanted now.
    fn on_record(&self) -> Option<BegunEnrolment> {
        let begun = self.journal.begun()?;
        let is_meant = match &self.wish.name {
            Some(name) => begun.serial.device_name() == name,
            None => true,
        };
        let is_known = self.profile.mfa_serial.as_ref() == Some(&begun.serial);
        (begun.user == self.subject.user && is_meant && !is_known).then_some(begun)
    }

    /// Tells the profile of it.
    pub(super) fn take_up(self, begun: BegunEnrolment) -> Result<Enrolled, EnrolmentError> {
        let keychain = self.profile.keychain();
        let has_seed = begun.has_seed && {
            let seed = keychain.read(Item::Seed(&begun.serial), self.questions())?;
            seed.is_some()
        };
        let place = self.place(has_seed);
        self.record(&begun.serial, &place, has_seed)?;
        let others = self.subject.devices.iter().flatten();
        Ok(Enrolled {
            devices_before: self.subject.devices.is_some().then(|| {
                let others = others.filter(|device| device.serial != begun.serial.as_str());
                others.count()
            }),
            user: self.subject.user,
            place,
            seed_in: has_seed.then_some(keychain),
            serial: begun.serial,
            fresh: None,
        })
    }
}
