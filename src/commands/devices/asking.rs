//! Asking AWS for devices: on behalf of whom, and about whose.

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{mfa_devices, statement::Statement},
        sts,
    },
    commands::GlobalArgs,
    devices::{Meant, MfaDevice, error::DeviceError, meant, owner::Owner},
    failure::{self, Failure},
    iam_caller::IamCaller,
    profile::{self, Files, Overrides, Profile, Selection},
    session::{Request, SessionError, Wants},
    terminal::{Progress, trace},
};

/// What the requests are to be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A session with MFA, which may take a code.
    Session,
    /// Whatever is there without a code.
    WhatIsThere,
}

/// A connection to AWS, and the user whose devices it is about.
pub(super) struct Asking {
    pub(super) files: Files,
    pub(super) profile: Profile,
    pub(super) owner: Owner,
    pub(super) aws: Aws,
    with_mfa: bool,
}

impl Asking {
    /// Finds out who asks and about whom.
    ///
    /// # Errors
    /// When there is nothing to sign with, or AWS does not say whose it is.
    pub(super) fn open(
        selection: &Selection,
        user: Option<String>,
        global: &GlobalArgs,
        by: impl FnOnce(&Profile) -> By,
    ) -> Result<Self, Failure> {
        let mut files = Files::read()?;
        let profile = profile::resolve(&files, selection, &Overrides::default())?;
        let by = by(&profile);
        let caller = caller(&mut files, &profile, global, by)?;
        let with_mfa = caller.has_mfa();
        let aws = caller.connect(&profile).map_err(DeviceError::from)?;
        let identity = waiting(|| sts::get_caller_identity(&aws));
        let identity = identity.map_err(|error| DeviceError::Aws {
            profile: profile.name.clone(),
            error: Box::new(error),
        })?;
        Ok(Asking {
            owner: Owner::new(identity, user),
            files,
            profile,
            aws,
            with_mfa,
        })
    }

    /// The user's devices.
    ///
    /// # Errors
    /// When AWS does not tell.
    pub(super) fn devices(&self) -> Result<Vec<MfaDevice>, AwsError> {
        let user = self.owner.named();
        let devices = waiting(|| mfa_devices::list(&self.aws, user))?;
        Ok(devices.into_iter().map(MfaDevice::from).collect())
    }

    /// What to say of an answer that was no good.
    pub(super) fn failed(&self, error: AwsError) -> DeviceError {
        let (profile, statement) = (self.profile.name.clone(), self.statement(&error));
        let error = Box::new(error);
        match statement {
            Some(statement) => DeviceError::Denied {
                profile,
                statement,
                with_mfa: self.with_mfa,
                error,
            },
            None => DeviceError::Aws { profile, error },
        }
    }

    /// The statement that allows what was denied, if that is what happened.
    pub(super) fn statement(&self, error: &AwsError) -> Option<Statement> {
        match error {
            AwsError::Denied { action, .. } => Some(self.owner.statement(action)),
            _ => None,
        }
    }

    /// The one device that a text means.
    ///
    /// # Errors
    /// When it means none or several.
    pub(super) fn one<'a>(
        &self,
        devices: &'a [MfaDevice],
        text: &str,
    ) -> Result<&'a MfaDevice, DeviceError> {
        let serials = |devices: &[&MfaDevice]| {
            let serials = devices.iter().map(|device| device.serial().to_owned());
            serials.collect()
        };
        match meant(devices, text) {
            Meant::One(device) => Ok(device),
            Meant::Several(several) => Err(DeviceError::SeveralDevices {
                user: self.owner.to_string(),
                text: text.to_owned(),
                devices: serials(&several),
            }),
            Meant::None => Err(DeviceError::NoSuchDevice {
                user: self.owner.to_string(),
                text: text.to_owned(),
                devices: serials(&devices.iter().collect::<Vec<_>>()),
            }),
        }
    }
}

fn caller(
    files: &mut Files,
    profile: &Profile,
    global: &GlobalArgs,
    by: By,
) -> Result<IamCaller, Failure> {
    let without_code = |files: &Files| IamCaller::without_code(files, profile, global.questions());
    if by == By::WhatIsThere {
        return Ok(without_code(files)?);
    }
    let request = Request::new(Wants::Best, !global.no_prompt);
    match IamCaller::of(files, profile, &request, failure::tell) {
        // The device that the profile names is gone. Which there are can often be asked without MFA.
        Err(SessionError::Aws {
            error: AwsError::UnknownDevice,
            serial,
            ..
        }) => {
            trace(1, || {
                format!("AWS does not know {serial} any more: asking without MFA")
            });
            Ok(without_code(files)?)
        }
        caller => Ok(caller?),
    }
}

/// Asks AWS, and shows that it is being waited for.
pub(super) fn waiting<T>(ask: impl FnOnce() -> T) -> T {
    let _progress = Progress::show("daypass: asking AWS about MFA devices ...");
    ask()
}
