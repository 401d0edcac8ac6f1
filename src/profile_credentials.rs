//! The credentials that a profile stands for, for whatever is to use them: those of its session, or of its
//! role.

use crate::{
    cached_session::StoreError,
    credentials::{Session, TemporaryCredentials},
    mfa::memory::ToldFailure,
    profile::{Files, Profile},
    role_session,
    session::{self, Obtained, Request, SessionError},
};

/// Credentials that are good now.
#[derive(Debug)]
pub struct ProfileCredentials {
    /// The credentials. Their expiration is the effective expiry, which tools are to believe.
    pub credentials: TemporaryCredentials,
    /// The account that they are of, if that is known.
    pub account_id: Option<String>,
    /// Whether they were made just now.
    pub renewed: bool,
    /// Why they could not be saved: they then serve this once only.
    pub unsaved: Option<StoreError>,
}

/// Gets the credentials of a profile, those of its role if it has one: cached ones while they are fresh,
/// else new ones.
///
/// `tell` renders a failure, so that those who wait for this one can be told the same.
///
/// # Errors
/// [`SessionError`]. The shared files are then as they were.
pub fn obtain(
    files: &mut Files,
    profile: &Profile,
    request: &Request,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<ProfileCredentials, SessionError> {
    let Some(role) = profile.role() else {
        let obtained = session::obtain(files, profile, request, tell)?;
        return Ok(of_session(profile, obtained));
    };
    let assumed = role_session::obtain(files, profile, role, request, tell)?;
    Ok(ProfileCredentials {
        account_id: Some(role.arn.account_id().to_owned()),
        credentials: assumed.session.into_credentials(),
        renewed: assumed.renewed,
        unsaved: assumed.unsaved,
    })
}

fn of_session(profile: &Profile, obtained: Obtained) -> ProfileCredentials {
    let Obtained {
        session,
        renewed,
        unsaved,
    } = obtained;
    let expiration = session.effective_expiry(profile.mfa_age_limit);
    let account_id = session.account_id().map(str::to_owned);
    let Session { credentials, .. } = session;
    ProfileCredentials {
        credentials: TemporaryCredentials {
            expiration,
            ..credentials
        },
        account_id,
        renewed,
        unsaved,
    }
}
