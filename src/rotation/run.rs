//! Taking the steps of a rotation.

use crate::{
    aws::{client::Aws, error::AwsError},
    credentials::LongTermKey,
    keychain::{Item, Questions},
    long_term_key,
    mfa::turn::Turn,
    profile::{Files, SessionStore},
    rotation::{
        RotationError,
        plan::Next,
        record::{self, Record},
        survey::{Rotation, connect, resolve_again},
        verify,
    },
    shared_files::{Document, EditError, Kind, Warning},
    terminal::trace,
};

mod new_key;
mod old_key;
mod session;

/// What became of the old key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldKey {
    /// It is gone.
    Deleted,
    /// It is there, and AWS takes no requests that it signed.
    Inactive,
}

/// What was done.
#[derive(Debug)]
pub struct Rotated {
    /// The new key.
    pub new: String,
    /// The old one.
    pub old: String,
    /// What became of it.
    pub old_key: OldKey,
    /// The other profiles and sections that have the new key too.
    pub others: Vec<String>,
    /// Whether AWS has ended the session that was made with the old key.
    pub session_ended: bool,
    /// What the owner of the files should know.
    pub warnings: Vec<Warning>,
}

impl Rotation<'_> {
    /// Does what is to be done, in turn.
    ///
    /// With [`Next::MakeRoom`] the other key is deleted: whoever calls this has asked.
    ///
    /// # Errors
    /// [`RotationError`]. A working key is stored then too, and the next run goes on from there.
    pub fn carry_out(
        mut self,
        files: &mut Files,
        keep_old: bool,
        _turn: Turn,
    ) -> Result<Rotated, RotationError> {
        let record = Record::read(files, self.profile)?;
        // A key that was found in the keychain alone is on no record.
        let is_other =
            record.recorded.new.is_some() && record.recorded.new != self.record.recorded.new;
        if is_other
            || record.home != self.record.home
            || record.recorded.old != self.record.recorded.old
        {
            return Err(RotationError::ChangedMeanwhile {
                profile: self.profile.name.clone(),
            });
        }
        let current = long_term_key::read(files, self.profile, Questions::Allowed)?;
        let (old, new) = match self.next.clone() {
            Next::NotListed => {
                return Err(RotationError::NotListed {
                    access_key_id: current.access_key_id,
                    profile: self.profile.name.clone(),
                    user: self.identity.to_string(),
                });
            }
            Next::Begin | Next::MakeRoom { .. } => {
                let new = self.create(files, &current)?;
                let old_id = current.access_key_id.clone();
                self.take_over(files, &current, &new)?;
                (old_id, new)
            }
            Next::PutInPlace { .. } => match self.record.new_key(files)? {
                Some(new) => {
                    let old_id = current.access_key_id.clone();
                    self.take_over(files, &current, &new)?;
                    (old_id, new)
                }
                None => {
                    self.edit(files, self.record.home.kind, |record, document| {
                        record.drop_new(document)
                    })?;
                    return Err(RotationError::ChangedMeanwhile {
                        profile: self.profile.name.clone(),
                    });
                }
            },
            Next::Retire { old } | Next::Forget { old } => (old, current),
        };
        let old_key = match self.next {
            Next::Forget { .. } => OldKey::Deleted,
            _ => self.retire(files, &old, &new, keep_old)?,
        };
        self.forget(files, &old, &new)
            .map_err(|source| self.unfinished(
                format!("the new access key {} works, and the old one, {old}, is no longer needed, but still on record", new.access_key_id),
                source,
            ))?;
        if self.is_session_over() {
            self.forget_session(files, &new);
        }
        Ok(Rotated {
            others: self.others_with(files, &new.access_key_id),
            new: new.access_key_id,
            old,
            old_key,
            session_ended: self.session_ended,
            warnings: self.warnings,
        })
    }

    /// Tries the new key, and puts it in the place of the old one.
    fn take_over(
        &mut self,
        files: &mut Files,
        old: &LongTermKey,
        new: &LongTermKey,
    ) -> Result<(), RotationError> {
        self.try_new(files, new)?;
        self.put_in_place(files, old, new).map_err(|source| {
            let done = format!(
                "the new access key {} works and is stored, and the profile has the old one still",
                new.access_key_id
            );
            self.unfinished(done, source)
        })
    }

    fn try_new(&mut self, files: &Files, new: &LongTermKey) -> Result<(), RotationError> {
        let aws = self.connect(new)?;
        match verify::works(&aws) {
            Ok(found) if found.arn == self.identity.arn => {
                trace(1, || format!("{} works", new.access_key_id));
                Ok(())
            }
            Ok(found) => Err(RotationError::OtherUser {
                access_key_id: new.access_key_id.clone(),
                expected: self.identity.arn.clone(),
                found: found.arn,
            }),
            Err(error) => {
                let outcome = if error.may_have_been_done()
                    || matches!(error, AwsError::Throttled | AwsError::Clock { .. })
                {
                    "it is stored beside the old one, which is as it was"
                } else {
                    match self.undo(files, new) {
                        Ok(()) => "it was deleted again, and the old one is as it was",
                        Err(AwsError::NoSuchEntity { .. }) if self.is_gone(new) => {
                            self.take_off_record(files, new);
                            "it is gone from AWS and was forgotten; the old one is as it was"
                        }
                        Err(_) => {
                            "it could not be deleted again and is stored; the old one is as it was"
                        }
                    }
                };
                Err(RotationError::NewKeyFails {
                    access_key_id: new.access_key_id.clone(),
                    profile: self.profile.name.clone(),
                    outcome,
                    error: Box::new(error),
                })
            }
        }
    }

    fn put_in_place(
        &mut self,
        files: &mut Files,
        old: &LongTermKey,
        new: &LongTermKey,
    ) -> Result<(), RotationError> {
        for keychain in record::keychains(files, &old.access_key_id) {
            let item = Item::AccessKey(&new.access_key_id);
            keychain.write(item, &new.secret_access_key, Questions::Allowed)?;
        }
        // The profile's own file comes last: until then, the new key is on record there.
        let home = self.record.home.kind;
        let other = match home {
            Kind::Config => Kind::Credentials,
            Kind::Credentials => Kind::Config,
        };
        for kind in [other, home] {
            if kind == home || record::file(files, kind).file.path.exists() {
                self.edit(files, kind, |record, document| {
                    record.put_in_place(document, old, new)
                })?;
            }
        }
        *files = Files::read()?;
        let profile = resolve_again(files, self.profile)?;
        let read = long_term_key::read(files, &profile, Questions::Allowed)?;
        if read.access_key_id != new.access_key_id
            || read.secret_access_key != new.secret_access_key
        {
            return Err(RotationError::NotReadBack);
        }
        trace(1, || format!("the profile has {} now", new.access_key_id));
        if self.profile.session_store == SessionStore::Keychain {
            self.move_session(files, &profile);
        }
        Ok(())
    }

    fn connect(&self, key: &LongTermKey) -> Result<Aws, RotationError> {
        Ok(connect(self.profile, key)?)
    }

    fn edit(
        &mut self,
        files: &Files,
        kind: Kind,
        change: impl Fn(&Record, &mut Document) -> Result<(), EditError>,
    ) -> Result<(), RotationError> {
        let record = &self.record;
        let edited = record::file(files, kind)
            .file
            .edit(|document| change(record, document))?;
        self.warnings.extend(edited.warnings);
        Ok(())
    }

    fn nothing_changed(&self, error: AwsError) -> RotationError {
        RotationError::Aws {
            profile: self.profile.name.clone(),
            user_arn: self.identity.arn.clone(),
            with_mfa: self.caller.has_mfa(),
            error: Box::new(error),
        }
    }

    fn unfinished(&self, done: String, source: RotationError) -> RotationError {
        RotationError::Unfinished {
            done,
            profile: self.profile.name.clone(),
            user_arn: self.identity.arn.clone(),
            with_mfa: self.caller.has_mfa(),
            source: Box::new(source),
        }
    }
}
