//! The old key: out of use, deleted, and off the record.

use super::OldKey;
use crate::{
    aws::{error::AwsError, iam::access_keys},
    credentials::LongTermKey,
    keychain::Item,
    profile::Files,
    rotation::{RotationError, plan::Next, record, survey::Rotation, verify},
    terminal::trace,
};

impl Rotation<'_> {
    /// Deactivates the old key, tries the new one again, and deletes the old one.
    pub(super) fn retire(
        &mut self,
        files: &Files,
        old: &str,
        new: &LongTermKey,
        keep_old: bool,
    ) -> Result<OldKey, RotationError> {
        let in_place = |what: &str| {
            format!(
                "the new access key {} works and has its place; the old one, {old}, {what}",
                new.access_key_id
            )
        };
        if !self.caller.has_mfa() {
            // The old key cannot delete itself once it is inactive.
            self.aws = self.connect(new)?;
        }
        if matches!(self.next, Next::Retire { .. }) {
            let aws = self.connect(new)?;
            verify::works(&aws).map_err(|error| {
                let done = format!(
                    "{} has its place, but does not work; the old one, {old}, is on record still",
                    new.access_key_id
                );
                self.unfinished(done, RotationError::Request(Box::new(error)))
            })?;
        }
        trace(1, || format!("iam:UpdateAccessKey {old}: inactive"));
        let user = self.user().map(str::to_owned);
        let user = user.as_deref();
        match self.ask(files, new, |aws| {
            access_keys::set_active(aws, user, old, false)
        }) {
            Ok(()) => {}
            Err(AwsError::NoSuchEntity { .. }) => return Ok(OldKey::Deleted),
            Err(error) => {
                let done = in_place(match error.may_have_been_done() {
                    true => "is perhaps inactive by now",
                    false => "is still active",
                });
                return Err(self.unfinished(done, RotationError::Request(Box::new(error))));
            }
        }
        let aws = self.connect(new)?;
        if let Err(error) = verify::works(&aws) {
            let back = access_keys::set_active(&self.aws, user, old, true).is_ok();
            let done = format!(
                "AWS no longer took the new access key {} once the old one, {old}, was inactive; that one {}",
                new.access_key_id,
                if back {
                    "is active again"
                } else {
                    "could not be made active again"
                }
            );
            return Err(self.unfinished(done, RotationError::Request(Box::new(error))));
        }
        if keep_old {
            return Ok(OldKey::Inactive);
        }
        trace(1, || format!("iam:DeleteAccessKey {old}"));
        match self.ask(files, new, |aws| access_keys::delete(aws, user, old)) {
            Err(error) if !matches!(error, AwsError::NoSuchEntity { .. }) => {
                let done = in_place(match error.may_have_been_done() {
                    true => "is inactive, and perhaps deleted by now",
                    false => "is inactive, but not deleted",
                });
                Err(self.unfinished(done, RotationError::Request(Box::new(error))))
            }
            _ => Ok(OldKey::Deleted),
        }
    }

    /// Takes the old key off the record, and its secret out of the keychains.
    pub(super) fn forget(
        &mut self,
        files: &mut Files,
        old: &str,
        new: &LongTermKey,
    ) -> Result<(), RotationError> {
        for keychain in record::keychains(files, &new.access_key_id) {
            keychain.remove(Item::AccessKey(old))?;
        }
        self.edit(files, self.record.home.kind, |record, document| {
            record.drop_old(document)
        })?;
        *files = Files::read()?;
        Ok(())
    }
}
