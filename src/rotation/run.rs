//! Taking the steps of a rotation.

use std::{slice, thread, time::Duration};

use crate::{
    aws::{client::Aws, error::AwsError, iam::access_keys, sts},
    cached_session::{self, Lookup},
    credentials::LongTermKey,
    keychain::{Item, Questions},
    long_term_key,
    mfa::turn::Turn,
    profile::{Files, Profile, SessionStore},
    rotation::{
        RotationError,
        plan::Next,
        record::{self, Record},
        survey::{Rotation, connect, resolve_again},
        verify,
    },
    shared_files::{Document, EditError, Kind, SharedFileError, Warning},
    signals,
    terminal::{Progress, trace, warn, with_causes},
};

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

    /// Makes the new key and stores it beside the old one.
    fn create(
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
    fn undo(&mut self, files: &Files, new: &LongTermKey) -> Result<(), AwsError> {
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
    fn is_gone(&self, new: &LongTermKey) -> bool {
        let mut listed = self.listed.iter();
        matches!(self.next, Next::PutInPlace { .. })
            && !listed.any(|key| key.access_key_id == new.access_key_id)
    }

    fn take_off_record(&mut self, files: &Files, new: &LongTermKey) {
        if let Some(keychain) = self.record.home.keychain {
            let _ = keychain.remove(Item::AccessKey(&new.access_key_id));
        }
        let _ = self.edit(files, self.record.home.kind, |record, document| {
            record.drop_new(document)
        });
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

    /// Has the session in the keychain count as made with the new key. Without it there is a question more,
    /// and nothing else is lost.
    fn move_session(&self, files: &Files, profile: &Profile) {
        let found = cached_session::find(files, self.profile, Questions::Allowed);
        let Ok(Lookup::Hit(mut session)) = found else {
            return;
        };
        if let Some(key) = &profile.key {
            session.source_access_key_id = key.access_key_id().to_owned();
        }
        let old = [self.current().to_owned()];
        let moved = cached_session::keep(files, profile, &session, Questions::Allowed);
        if let Err(error) = moved {
            trace(1, || with_causes(&error));
        }
        let section = &profile.session_section;
        let _ = cached_session::forget_in_keychain(profile.keychain(), &old, section);
    }

    /// Deactivates the old key, tries the new one again, and deletes the old one.
    fn retire(
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
    fn forget(
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

    /// Asks with the session; where AWS has ended that, with the new key itself, which does where the company does
    /// not insist on MFA.
    fn ask(
        &mut self,
        files: &Files,
        new: &LongTermKey,
        action: impl Fn(&Aws) -> Result<(), AwsError>,
    ) -> Result<(), AwsError> {
        let error = match action(&self.aws) {
            Err(error @ (AwsError::UnknownKey | AwsError::Expired)) => error,
            answer => return answer,
        };
        if !self.is_session_over() {
            return verify::patiently(|| action(&self.aws));
        }
        trace(1, || {
            "AWS has ended the session: asking with the new access key".to_owned()
        });
        self.forget_session(files, new);
        match self
            .connect(new)
            .map(|aws| verify::patiently(|| action(&aws)))
        {
            Err(_) | Ok(Err(AwsError::Denied { .. })) => Err(error),
            Ok(answer) => answer,
        }
    }

    /// Whether AWS has ended the session that asks, perhaps with its key, which it is not known to do.
    fn is_session_over(&self) -> bool {
        self.caller.has_mfa()
            && !self.session_ended
            && matches!(
                sts::get_caller_identity(&self.aws),
                Err(AwsError::UnknownKey | AwsError::Expired)
            )
    }

    /// Has nobody served with a session that is over: the next command makes another one.
    fn forget_session(&mut self, files: &Files, new: &LongTermKey) {
        self.session_ended = true;
        let section = &self.profile.session_section;
        let forgotten = cached_session::forget(&files.credentials.file, slice::from_ref(section));
        if let Err(error) = forgotten {
            warn(with_causes(&error));
        }
        if self.profile.session_store == SessionStore::Keychain {
            let key = [new.access_key_id.clone()];
            let forgotten =
                cached_session::forget_in_keychain(self.profile.keychain(), &key, section);
            if let Err(error) = forgotten {
                warn(with_causes(&error));
            }
        }
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
