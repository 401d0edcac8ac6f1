//! Who asks for the device: with MFA if there is a device that works, and without before the first one.

use crate::{
    aws::{client::Aws, error::AwsError, iam::mfa_devices},
    cached_session::{self, Lookup},
    credentials::Freshness,
    enrolment::error::EnrolmentError,
    iam_caller::IamCaller,
    keychain::Questions,
    long_term_key,
    mfa::memory::ToldFailure,
    profile::{Files, Profile},
    serial::Serial,
    session::{Request, SessionError, Wants},
    terminal::{Progress, trace, warn, with_causes},
    time,
};

/// The caller, and whether the profile's own device works.
pub(super) struct Caller {
    pub(super) iam: IamCaller,
    pub(super) has_device: bool,
}

/// Finds out who asks.
///
/// A profile may name a device that is lost and was taken from the user. Nobody can give a code of that, so
/// that AWS is asked first whether it is still the user's, where no session has proved it.
pub(super) fn find(
    files: &mut Files,
    profile: &Profile,
    may_ask: bool,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Caller, EnrolmentError> {
    let cached = cached_session::find(files, profile, Questions::Forbidden);
    if let (Some(_), Ok(Lookup::Hit(session))) = (&profile.mfa_serial, cached)
        && session.freshness(profile.mfa_age_limit, time::now()) != Freshness::Expired
    {
        return Ok(Caller {
            iam: IamCaller::Session(session.credentials),
            has_device: true,
        });
    }
    if let Some(serial) = &profile.mfa_serial {
        let key = long_term_key::read(files, profile, questions(may_ask))?;
        let caller = IamCaller::LongTermKey(key);
        if is_gone(&caller.connect(profile)?, serial) {
            warn_of_gone(profile, serial);
            return Ok(Caller {
                iam: caller,
                has_device: false,
            });
        }
    }
    let request = Request::new(Wants::Best, may_ask);
    let asked = IamCaller::of(files, profile, &request, tell);
    if let (Some(serial), Err(SessionError::Aws { error, .. })) = (&profile.mfa_serial, &asked)
        && matches!(error, AwsError::UnknownDevice)
    {
        // Not even a code could be refused: a guess of the set-up, or a device that was taken away.
        warn_of_gone(profile, serial);
        return Ok(Caller {
            iam: IamCaller::LongTermKey(long_term_key::read(files, profile, questions(may_ask))?),
            has_device: false,
        });
    }
    Ok(Caller {
        iam: asked?,
        has_device: profile.mfa_serial.is_some(),
    })
}

fn questions(may_ask: bool) -> Questions {
    if may_ask {
        Questions::Allowed
    } else {
        Questions::Forbidden
    }
}

/// Says that the profile gets another device in the place of one that is gone.
pub(super) fn warn_of_gone(profile: &Profile, serial: &Serial) {
    warn(format_args!(
        "{serial}, which profile '{}' names, is no device of this user any more: it is replaced",
        profile.name
    ));
}

/// Whether AWS says that the user has no such device. Where it says nothing, the device counts as there.
fn is_gone(aws: &Aws, serial: &Serial) -> bool {
    let _progress = Progress::show("daypass: asking AWS for the MFA devices ...");
    match mfa_devices::list(aws, None) {
        Ok(devices) => !devices
            .iter()
            .any(|device| device.serial == serial.as_str()),
        Err(error) => {
            trace(1, || with_causes(&error));
            false
        }
    }
}
