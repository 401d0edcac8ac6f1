//! The sessions that were made with the old key: the one that asks, until AWS ends it, and the one in the keychain.

use std::slice;

use crate::{
    aws::{client::Aws, error::AwsError, sts},
    cached_session::{self, Lookup},
    credentials::LongTermKey,
    keychain::Questions,
    profile::{Files, Profile, SessionStore},
    rotation::{survey::Rotation, verify},
    terminal::{trace, warn, with_causes},
};

impl Rotation<'_> {
    /// Asks with the session; where AWS has ended that, with the new key itself, which does where the company does
    /// not insist on MFA.
    pub(super) fn ask(
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
    pub(super) fn is_session_over(&self) -> bool {
        self.caller.has_mfa()
            && !self.session_ended
            && matches!(
                sts::get_caller_identity(&self.aws),
                Err(AwsError::UnknownKey | AwsError::Expired)
            )
    }

    /// Has nobody served with a session that is over: the next command makes another one.
    pub(super) fn forget_session(&mut self, files: &Files, new: &LongTermKey) {
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

    /// Has the session in the keychain count as made with the new key. Without it there is a question more,
    /// and nothing else is lost.
    pub(super) fn move_session(&self, files: &Files, profile: &Profile) {
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
}
