//! Who asks IAM about its own user: the profile's MFA session if it has a device, since companies deny IAM
//! without MFA; else the long-term key, which is all that there is before the first device.

use crate::{
    aws::client::{Aws, ClientError, Signer},
    cached_session::{self, Lookup},
    credentials::{Freshness, LongTermKey, TemporaryCredentials},
    keychain::Questions,
    long_term_key,
    mfa::memory::ToldFailure,
    profile::{Files, Profile},
    session::{self, Request, SessionError},
    time,
};

/// What the requests to IAM are signed with.
#[derive(Debug)]
pub enum IamCaller {
    /// A session with MFA.
    Session(TemporaryCredentials),
    /// The long-term key itself, without MFA.
    LongTermKey(LongTermKey),
}

impl IamCaller {
    /// Finds out who asks, and gets a session if that takes one. For a role profile it is the user whose
    /// session the role is assumed with.
    ///
    /// # Errors
    /// [`SessionError`]: no session could be had, or there is no long-term key.
    pub fn of(
        files: &mut Files,
        profile: &Profile,
        request: &Request,
        tell: impl Fn(&SessionError) -> ToldFailure,
    ) -> Result<Self, SessionError> {
        if profile.mfa_serial.is_some() {
            let obtained = session::obtain(files, profile, request, tell)?;
            return Ok(IamCaller::Session(obtained.session.credentials));
        }
        let questions = if request.may_ask {
            Questions::Allowed
        } else {
            Questions::Forbidden
        };
        let key = long_term_key::read(files, profile, questions)?;
        Ok(IamCaller::LongTermKey(key))
    }

    /// What there is without a code: the cached session while AWS takes it, else the long-term key. It is for
    /// whoever cannot have a session, since its device is out of step or gone.
    ///
    /// # Errors
    /// [`SessionError`]: the session cannot be looked up, or there is no long-term key.
    pub fn without_code(
        files: &Files,
        profile: &Profile,
        questions: Questions,
    ) -> Result<Self, SessionError> {
        if let Lookup::Hit(session) = cached_session::find(files, profile, questions)?
            && session.freshness(profile.mfa_age_limit, time::now()) != Freshness::Expired
        {
            return Ok(IamCaller::Session(session.credentials));
        }
        let key = long_term_key::read(files, profile, questions)?;
        Ok(IamCaller::LongTermKey(key))
    }

    /// Whether what it asks is asked with MFA.
    pub fn has_mfa(&self) -> bool {
        matches!(self, IamCaller::Session(_))
    }

    /// A connection to AWS that signs with it.
    ///
    /// # Errors
    /// As [`Aws::new`].
    pub fn connect(&self, profile: &Profile) -> Result<Aws, ClientError> {
        let signer = match self {
            IamCaller::Session(session) => Signer::Session(session),
            IamCaller::LongTermKey(key) => Signer::LongTermKey(key),
        };
        let aws = Aws::new(signer, &profile.session_profile, &profile.region)?;
        Ok(aws.with_sts_endpoint(profile.sts_endpoint))
    }
}
