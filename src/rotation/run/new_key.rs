//! The new key: made, stored beside the old one, and deleted again where it is of no use.

use std::{thread, time::Duration};

use crate::{
    aws::{error::AwsError, iam::access_keys},
    credentials::LongTermKey,
    keychain::{Item, Questions},
    profile::Files,
    rotation::{RotationError, plan::Next, survey::Rotation},
    shared_files::SharedFileError,
    signals,
    terminal::{Progress, trace},
};

impl Rotation<'_> {
    /// Makes the new key and stores it beside the old one.
    pub(super) fn create(
        &mut self,
        files: &Files,
        current: &LongTermKey,
    ) -> Result<LongTermKey, RotationError> {
        self.rehearse(current)?;
        if let Next::MakeRoom { other, .. } = &self.next {
            trace(1, || format!("iam:DeleteAccessKey {}", other.access_key_id));
            match access_keys::delete(&self.aws, self.user(), &other.access_key_id) {
                Ok(()) | Err(AwsError::NoSuchEntity { .. }) => {}
                Err(error) if error.may_have_been_done() => {
                    let done = format!(
                        "it is not known whether {} was deleted, and no new access key was made; that of the \
                         profile is as it was",
                        other.access_key_id
                    );
                    return Err(self.unfinished(done, RotationError::Request(Box::new(error))));
                }
                Err(error) => return Err(self.nothing_changed(error)),
            }
        }
        // AWS tells the secret once: no signal comes between that and the record. Where the system refuses to
        // hold them, a key may be made all the same.
        let held = signals::Held::start().ok();
        trace(1, || "iam:CreateAccessKey".to_owned());
        let progress = Progress::show("daypass: asking AWS for a new access key ...");
        let created = access_keys::create(&self.aws, self.user());
        let new = created.map_err(|error| self.not_created(error))?;
        drop(progress);
        match self.store(files, &new) {
            Ok(()) if held.is_some_and(|held| held.has_arrived()) => {
                let done = format!(
                    "the new access key {} is stored beside the old one, which is as it was",
                    new.access_key_id
                );
                Err(self.unfinished(done, RotationError::Interrupted))
            }
            Ok(()) => Ok(new),
            Err(source) => Err(RotationError::NotStored {
                undo: self.undo(files, &new).err().map(Box::new),
                access_key_id: new.access_key_id,
                profile: self.profile.name.clone(),
                source: Box::new(source),
            }),
        }
    }

    /// Makes sure that a new key could be stored and put in its place: nothing is made that could not.
    fn rehearse(&self, current: &LongTermKey) -> Result<(), RotationError> {
        let home = self.record.home.kind;
        let files = Files::read()?;
        for read in [files.config, files.credentials] {
            let (file, mut document) = (read.file, read.document);
            if file.kind == home {
                file.check_writable()?;
            }
            let as_new = &self.record;
            let edited = if file.kind == home {
                as_new.put_new(&mut document, current)
            } else {
                Ok(())
            };
            edited
                .and_then(|()| as_new.put_in_place(&mut document, current, current))
                .map_err(|source| SharedFileError::Edit {
                    path: file.path,
                    source,
                })?;
        }
        Ok(())
    }

    fn store(&mut self, files: &Files, new: &LongTermKey) -> Result<(), RotationError> {
        if let Some(keychain) = self.record.home.keychain {
            let item = Item::AccessKey(&new.access_key_id);
            keychain.write(item, &new.secret_access_key, Questions::Allowed)?;
        }
        self.edit(files, self.record.home.kind, |record, document| {
            record.put_new(document, new)
        })?;
        trace(1, || {
            format!("the new access key {} is stored", new.access_key_id)
        });
        Ok(())
    }

    /// Deletes a new key that is of no use.
    pub(super) fn undo(&mut self, files: &Files, new: &LongTermKey) -> Result<(), AwsError> {
        // It may not be known yet where it is to be deleted.
        let mut deleted = access_keys::delete(&self.aws, self.user(), &new.access_key_id);
        for _ in 0..5 {
            match &deleted {
                Err(AwsError::NoSuchEntity { .. }) => {
                    thread::sleep(Duration::from_secs(1));
                    deleted = access_keys::delete(&self.aws, self.user(), &new.access_key_id);
                }
                _ => break,
            }
        }
        if deleted.is_ok() {
            self.take_off_record(files, new);
        }
        deleted
    }

    /// Whether AWS has no such key any more: an earlier run made it, and neither is it listed nor does it work. One
    /// that this run made may only not be known yet.
    pub(super) fn is_gone(&self, new: &LongTermKey) -> bool {
        let mut listed = self.listed.iter();
        matches!(self.next, Next::PutInPlace { .. })
            && !listed.any(|key| key.access_key_id == new.access_key_id)
    }

    pub(super) fn take_off_record(&mut self, files: &Files, new: &LongTermKey) {
        if let Some(keychain) = self.record.home.keychain {
            let _ = keychain.remove(Item::AccessKey(&new.access_key_id));
        }
        let _ = self.edit(files, self.record.home.kind, |record, document| {
            record.drop_new(document)
        });
    }

    fn not_created(&self, error: AwsError) -> RotationError {
        if error.may_have_been_done() {
            return RotationError::AnswerLost {
                profile: self.profile.name.clone(),
                error: Box::new(error),
            };
        }
        match &self.next {
            Next::MakeRoom { other, .. } => {
                let other = &other.access_key_id;
                let done = format!(
                    "{other} was deleted, and no new access key was made; that of the profile is as it was"
                );
                self.unfinished(done, RotationError::Request(Box::new(error)))
            }
            _ => self.nothing_changed(error),
        }
    }
}
