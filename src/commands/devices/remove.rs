//! Taking a device from its user.

use super::{
    RemoveArgs,
    asking::{Asking, By, waiting},
};
use crate::{
    aws::{
        error::AwsError,
        iam::mfa_devices::{self, Assignment},
    },
    cached_session::{self, Lookup},
    commands::{GlobalArgs, confirm},
    devices::{
        DeviceType, Meant, MfaDevice,
        error::DeviceError,
        meant,
        removal::{self, Reason},
        usage::{MadeWith, Usage},
    },
    failure::{Exit, Failure, word},
    keychain::{Item, Keychain, Questions},
    profile::SessionStore,
    session,
    shared_files::SharedFileError,
    terminal::{self, trace, warn},
    time,
};

/// Runs the command.
pub(super) fn run(args: RemoveArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection();
    let asking = Asking::open(&selection, args.user.user, global, |_| By::Session)?;
    let devices = asking.devices().map_err(|error| asking.failed(error))?;
    let found = match meant(&devices, &args.serial) {
        Meant::None => left_over(&asking, &devices, &args.serial)?,
        _ => None,
    };
    let (device, is_left_over) = match found {
        Some(device) => (device, true),
        None => (asking.one(&devices, &args.serial)?.clone(), false),
    };
    let mut usage = Usage::find(&asking.files, device.serial(), time::now());
    usage.sessions.extend(session_in_keychain(&asking, &device));
    let removal = Removal {
        usage,
        is_left_over,
        device,
        devices,
        asking,
    };
    removal.check(args.force)?;
    if !args.yes {
        removal.reasons().iter().for_each(warn);
    }
    confirm(&removal.question(), args.yes, global)?;
    removal.take_away()?;
    let text = removal.after();
    // The device is gone, whatever becomes of its seed.
    terminal::output_sentences(&text)?;
    removal.forget_seeds()?;
    Ok(Exit::Done)
}

/// The session that asks, where a keychain has it, if it was made with the device.
fn session_in_keychain(asking: &Asking, device: &MfaDevice) -> Option<MadeWith> {
    let Asking { files, profile, .. } = asking;
    if profile.session_store != SessionStore::Keychain {
        return None;
    }
    match cached_session::find(files, profile, Questions::Forbidden) {
        Ok(Lookup::Hit(session)) if session.mfa_serial.as_str() == device.serial() => {
            Some(MadeWith {
                profile: profile.session_profile.clone(),
                expiration: session.credentials.expiration,
            })
        }
        _ => None,
    }
}

/// A virtual device that belongs to nobody: what a removal that broke off leaves behind. AWS says which there
/// are; where it may not, the full serial will do.
fn left_over(
    asking: &Asking,
    devices: &[MfaDevice],
    text: &str,
) -> Result<Option<MfaDevice>, DeviceError> {
    let is_own = |device: &MfaDevice| {
        device.device_type() == DeviceType::Virtual
            && device
                .serial()
                .starts_with(&asking.owner.virtual_serial(""))
    };
    let answer = waiting(|| mfa_devices::list_virtual(&asking.aws, Assignment::Unassigned));
    let found = match answer {
        Ok(left) => {
            let left: Vec<MfaDevice> = left
                .iter()
                .map(|device| MfaDevice::new(&device.serial, None))
                .collect();
            match meant(&left, text) {
                Meant::One(device) => Some(device.clone()),
                Meant::Several(_) => return asking.one(&left, text).cloned().map(Some),
                Meant::None => None,
            }
        }
        Err(AwsError::Denied { .. }) => {
            trace(1, || {
                "AWS does not say which devices belong to nobody".to_owned()
            });
            Some(MfaDevice::new(text, None)).filter(is_own)
        }
        Err(error) => return Err(asking.failed(error)),
    };
    // Not the user's, and not nobody's either.
    Ok(found.filter(|found| !devices.contains(found)))
}

/// A device that is to go, and all that hangs on it.
struct Removal {
    asking: Asking,
    device: MfaDevice,
    /// All of its user's.
    devices: Vec<MfaDevice>,
    usage: Usage,
    /// Whether it belongs to nobody already.
    is_left_over: bool,
}

impl Removal {
    fn reasons(&self) -> Vec<Reason> {
        let user = self.asking.owner.to_string();
        if self.is_left_over {
            return Vec::new();
        }
        removal::reasons_to_keep(&self.device, &self.devices, &self.usage, &user)
    }

    /// Refuses what nobody should do by mistake.
    fn check(&self, force: bool) -> Result<(), DeviceError> {
        let reasons = self.reasons();
        if force || reasons.is_empty() {
            return Ok(());
        }
        Err(DeviceError::Needed {
            serial: self.device.serial().to_owned(),
            reasons,
            profile: self.asking.profile.name.clone(),
            user: self.asking.owner.other().map(str::to_owned),
        })
    }

    fn question(&self) -> String {
        let (serial, owner) = (self.device.serial(), &self.asking.owner);
        let keychains: Vec<String> = self
            .usage
            .keychains()
            .iter()
            .map(Keychain::to_string)
            .collect();
        let seed = if keychains.is_empty() {
            String::new()
        } else {
            format!(", and its seed from {}", keychains.join(" and "))
        };
        if self.is_left_over {
            format!("{serial} belongs to nobody. Delete it{seed}?")
        } else {
            format!("Remove {serial} of {owner}{seed}?")
        }
    }

    fn take_away(&self) -> Result<(), DeviceError> {
        if !self.is_left_over {
            self.deactivate()?;
        }
        if self.device.device_type() == DeviceType::Virtual {
            self.delete()?;
        }
        Ok(())
    }

    fn deactivate(&self) -> Result<(), DeviceError> {
        let Asking { aws, owner, .. } = &self.asking;
        let serial = self.device.serial();
        let answer = waiting(|| mfa_devices::deactivate(aws, owner.named(), serial));
        match answer {
            Ok(()) => Ok(()),
            // It was there a moment ago: an answer was lost, or somebody else has done it.
            Err(AwsError::NoSuchEntity { .. }) => Ok(()),
            Err(error) if error.may_have_been_done() => match self.asking.devices() {
                Ok(devices) if !devices.iter().any(|device| device.serial() == serial) => Ok(()),
                Ok(_) => Err(self.asking.failed(error)),
                Err(_) => Err(DeviceError::RemovalUnknown {
                    serial: serial.to_owned(),
                    profile: self.asking.profile.name.clone(),
                    source: Box::new(error),
                }),
            },
            Err(error) => Err(self.asking.failed(error)),
        }
    }

    fn delete(&self) -> Result<(), DeviceError> {
        let (aws, serial) = (&self.asking.aws, self.device.serial());
        let answer = waiting(|| mfa_devices::delete_virtual(aws, serial));
        let error = match answer {
            Ok(()) => return Ok(()),
            // The same: nobody can have made the request with a device that was never there.
            Err(AwsError::NoSuchEntity { .. }) => return Ok(()),
            Err(error) => error,
        };
        if error.may_have_been_done()
            && let Ok(left) = waiting(|| mfa_devices::list_virtual(aws, Assignment::Unassigned))
            && !left.iter().any(|device| device.serial == serial)
        {
            return Ok(());
        }
        if self.is_left_over && matches!(error, AwsError::DeleteConflict { .. }) {
            // A guess that was wrong: it is somebody else's.
            return Err(self.asking.failed(error));
        }
        Err(DeviceError::NotDeleted {
            serial: serial.to_owned(),
            profile: self.asking.profile.name.clone(),
            statement: self.asking.statement(&error),
            source: Box::new(error),
        })
    }

    /// What has happened, and what is to be done now.
    fn after(&self) -> String {
        let (serial, owner) = (self.device.serial(), &self.asking.owner);
        let mut lines = vec![if self.is_left_over {
            format!("deleted: {serial}")
        } else {
            format!("removed: {serial} of {owner}")
        }];
        for made in &self.usage.sessions {
            let until = time::render_local(made.expiration, time::now());
            lines.push(format!(
                "AWS takes the session of '{0}' that was made with it until {until}; to forget it here: \
                 daypass logout {1}",
                made.profile,
                word(&made.profile)
            ));
        }
        let uses = || removal::uses(&self.device, &self.devices, &self.usage);
        let left = if self.is_left_over {
            uses()
        } else {
            self.reasons()
        };
        for reason in left {
            lines.push(match reason {
                Reason::Used { .. } => reason.to_string(),
                Reason::LastDevice { user } | Reason::LastWithCodes { user } => {
                    let named = self.asking.owner.other().map(word);
                    let named = named.map(|name| format!(" --user {name}"));
                    format!(
                        "{user} has no other device that gives codes, and gets no session with MFA before there is \
                         one: daypass enroll {}{}",
                        word(&self.asking.profile.name),
                        named.unwrap_or_default()
                    )
                }
            });
        }
        lines.join("\n") + "\n"
    }

    /// Takes the seed of a device that is gone out of the keychain, and the word for it out of the config file.
    fn forget_seeds(&self) -> Result<(), Failure> {
        let Ok(serial) = self.device.code_serial() else {
            return Ok(());
        };
        for keychain in self.usage.keychains() {
            let of_keychain = self
                .usage
                .seeds
                .iter()
                .filter(|seed| seed.keychain == keychain);
            let profiles: Vec<&str> = of_keychain.map(|seed| seed.profile.as_str()).collect();
            let is_removed =
                keychain
                    .remove(Item::Seed(&serial))
                    .map_err(|source| DeviceError::SeedLeft {
                        profile: profiles.first().copied().unwrap_or_default().to_owned(),
                        source,
                    })?;
            self.unmark(&profiles)?;
            if is_removed {
                terminal::output_sentences(&format!("its seed is no longer in {keychain}\n"))?;
            }
        }
        Ok(())
    }

    fn unmark(&self, profiles: &[&str]) -> Result<(), SharedFileError> {
        let edited = self.asking.files.config.file.edit(|document| {
            for profile in profiles {
                document.remove(profile, &["daypass_totp"])?;
            }
            Ok(())
        })?;
        session::report(&edited);
        Ok(())
    }
}
