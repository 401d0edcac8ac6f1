//! MFA devices: whose they are, which codes they give, and what IAM takes their clock to be.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{
    Device, RegisteredDevice,
    error::ApiError,
    model::{State, account_of, partition_of},
    random, totp,
};

/// The most devices that a user may have, of all kinds together.
///
/// (IAM User Guide, "IAM and STS quotas".)
pub(crate) const MOST_DEVICES: usize = 8;

/// How far the clock of a device may be off and still be found by two codes: ten minutes, either
/// way. AWS does not publish its own figure.
const SEARCHED_STEPS: u64 = 20;

/// An MFA device.
#[derive(Clone, Debug)]
pub(crate) struct StoredDevice {
    pub(crate) serial: String,
    /// Whose it is; virtual and hardware devices may be nobody's.
    pub(crate) assignment: Option<Assignment>,
    /// The base32 seed; devices without one (FIDO, SMS) give no codes that STS takes.
    pub(crate) seed: Option<String>,
    /// How many time steps its clock is taken to be ahead, or behind if negative.
    pub(crate) drift: i64,
    /// The newest time step whose code was accepted. It and all before it are spent.
    pub(crate) last_step: Option<u64>,
    pub(crate) tags: Vec<(String, String)>,
}

/// The user that a device is enabled for.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub(crate) user_arn: String,
    pub(crate) enabled: DateTime<Utc>,
}

impl StoredDevice {
    fn unassigned(serial: String, seed: Option<String>) -> StoredDevice {
        StoredDevice {
            serial,
            assignment: None,
            seed,
            drift: 0,
            last_step: None,
            tags: Vec::new(),
        }
    }

    pub(crate) fn is_virtual(&self) -> bool {
        is_kind(&self.serial, "mfa/")
    }

    pub(crate) fn is_fido(&self) -> bool {
        is_kind(&self.serial, "u2f/")
    }

    pub(crate) fn is_of(&self, user_arn: &str) -> bool {
        self.assignment
            .as_ref()
            .is_some_and(|assignment| assignment.user_arn == user_arn)
    }

    /// Whether the account of this user has it. Hardware tokens say nothing of accounts.
    pub(crate) fn is_known_to(&self, arn: &str) -> bool {
        !self.serial.starts_with("arn:")
            || account_of(&self.serial) == account_of(arn)
                && partition_of(&self.serial) == partition_of(arn)
    }

    /// Takes two codes for the ones that the device shows now and has shown before, which spends
    /// them and sets what its clock is taken to be.
    ///
    /// That is why codes that were sent late are accepted, and leave the device out of sync (API
    /// reference of `EnableMFADevice`): what it shows later is taken to be ahead.
    pub(crate) fn synchronise(&mut self, codes: [&str; 2], now: DateTime<Utc>) -> bool {
        let Some(seed) = &self.seed else { return false };
        let current = totp::step_at(now);
        let searched = current.saturating_sub(SEARCHED_STEPS + 1)..current + SEARCHED_STEPS;
        let found = searched
            .filter(|step| self.last_step.is_none_or(|last| *step > last))
            .find(|step| {
                totp::code(seed, *step) == codes[0] && totp::code(seed, step + 1) == codes[1]
            });
        let Some(step) = found.map(|first| first + 1) else {
            return false;
        };
        self.last_step = Some(step);
        let drift = i64::try_from(step).unwrap_or(0) - i64::try_from(current).unwrap_or(0);
        // What every code may be off is no reason to move the clock.
        self.drift = if drift.abs() <= 1 { 0 } else { drift };
        true
    }

    /// Forgets whose device it is.
    fn unassign(&mut self) {
        self.assignment = None;
        self.drift = 0;
    }

    pub(crate) fn as_registered(&self) -> RegisteredDevice {
        let assignment = self.assignment.as_ref();
        RegisteredDevice {
            serial: self.serial.clone(),
            seed: self.seed.clone(),
            user_arn: assignment.map(|assignment| assignment.user_arn.clone()),
            enabled: assignment.map(|assignment| assignment.enabled),
            is_in_sync: self.drift == 0,
            tags: self.tags.clone(),
        }
    }
}

/// Whether a serial is the ARN of a device of this kind.
fn is_kind(serial: &str, kind: &str) -> bool {
    serial.starts_with("arn:")
        && serial
            .split(':')
            .nth(5)
            .is_some_and(|id| id.starts_with(kind))
}

impl State {
    pub(crate) fn add_virtual_device(&mut self, user_arn: &str, name: &str) -> Device {
        let serial = serial(user_arn, &format!("mfa/{name}"));
        self.add_code_device(Some(user_arn), &serial)
    }

    /// Adds a device with a seed under this very serial, as hardware tokens have one.
    pub(crate) fn add_code_device(&mut self, user_arn: Option<&str>, serial: &str) -> Device {
        let seed = random::seed();
        self.store_device(user_arn, serial.to_owned(), Some(seed.clone()));
        Device {
            serial: serial.to_owned(),
            seed,
        }
    }

    pub(crate) fn add_fido_device(&mut self, user_arn: &str, name: &str) -> String {
        let id = random::identifier("");
        let serial = serial(user_arn, &format!("u2f/user/{name}-{id}"));
        self.store_device(Some(user_arn), serial, None)
    }

    pub(crate) fn add_sms_device(&mut self, user_arn: &str, name: &str) -> String {
        let serial = serial(user_arn, &format!("sms-mfa/{name}"));
        self.store_device(Some(user_arn), serial, None)
    }

    fn store_device(
        &mut self,
        user_arn: Option<&str>,
        serial: String,
        seed: Option<String>,
    ) -> String {
        assert!(
            self.device(&serial).is_none(),
            "there is a device {serial} already"
        );
        self.devices.push(StoredDevice {
            assignment: user_arn.map(|user_arn| Assignment {
                user_arn: user_arn.to_owned(),
                enabled: self.clock.now(),
            }),
            ..StoredDevice::unassigned(serial.clone(), seed)
        });
        serial
    }

    pub(crate) fn device(&self, serial: &str) -> Option<&StoredDevice> {
        self.devices.iter().find(|device| device.serial == serial)
    }

    pub(crate) fn device_mut(&mut self, serial: &str) -> Option<&mut StoredDevice> {
        let mut devices = self.devices.iter_mut();
        devices.find(|device| device.serial == serial)
    }

    pub(crate) fn devices_of(&self, user_arn: &str) -> impl Iterator<Item = &StoredDevice> {
        self.devices
            .iter()
            .filter(move |device| device.is_of(user_arn))
    }

    /// Takes a device from its user. Virtual and hardware devices stay, for nobody; a FIDO key and
    /// a telephone number are gone.
    pub(crate) fn deactivate_device(&mut self, serial: &str) {
        if let Some(device) = self.device_mut(serial) {
            device.unassign();
        }
        self.devices
            .retain(|device| device.serial != serial || device.seed.is_some());
    }

    pub(crate) fn delete_device(&mut self, serial: &str) {
        self.devices.retain(|device| device.serial != serial);
    }

    /// Lets a user prove a device by its code, which is spent by that.
    pub(crate) fn verify_code(
        &mut self,
        user_arn: &str,
        serial: &str,
        code: &str,
    ) -> Result<(), ApiError> {
        let current = totp::step_at(self.clock.now());
        let device = self
            .device_mut(serial)
            .filter(|device| device.is_of(user_arn));
        let Some((device, seed)) =
            device.and_then(|device| device.seed.clone().map(|seed| (device, seed)))
        else {
            return Err(ApiError::access_denied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify \
                 your MFA serial number is valid and associated with this user.",
            ));
        };
        let shown = current.saturating_add_signed(device.drift);
        // One step to either side, as RFC 6238 advises for clocks that are a little off.
        let accepted = (shown.saturating_sub(1)..=shown.saturating_add(1))
            .filter(|step| device.last_step.is_none_or(|last| *step > last))
            .find(|step| totp::code(&seed, *step) == code);
        match accepted {
            Some(step) => {
                device.last_step = Some(step);
                Ok(())
            }
            None => Err(ApiError::access_denied(
                "MultiFactorAuthentication failed with invalid MFA one time pass code.",
            )),
        }
    }

    /// A code that the device would be accepted with now if it is in sync, or how long to wait for
    /// one.
    pub(crate) fn fresh_code(&self, serial: &str) -> Option<Result<String, Duration>> {
        let device = self.device(serial)?;
        let seed = device.seed.as_deref()?;
        let now = self.clock.precise_now();
        let current = totp::step_at(now);
        let step = device.first_unspent(current);
        Some(if step <= current + 1 {
            Ok(totp::code(seed, step))
        } else {
            Err(totp::until(step - 1, now))
        })
    }

    /// Two codes that `EnableMFADevice` and `ResyncMFADevice` would take now, or how long to wait
    /// for them.
    pub(crate) fn consecutive_codes(&self, serial: &str) -> Option<Result<[String; 2], Duration>> {
        let device = self.device(serial)?;
        let seed = device.seed.as_deref()?;
        let now = self.clock.precise_now();
        let current = totp::step_at(now);
        let step = device.first_unspent(current);
        Some(if step <= current {
            Ok([totp::code(seed, step), totp::code(seed, step + 1)])
        } else {
            Err(totp::until(step, now))
        })
    }
}

impl StoredDevice {
    /// The first time step from `current` on whose code is not spent.
    fn first_unspent(&self, current: u64) -> u64 {
        self.last_step
            .map_or(current, |last| current.max(last.saturating_add(1)))
    }
}

/// The serial of a device in the account of a user: `mfa/NAME` and the like, as an ARN.
pub(crate) fn serial(user_arn: &str, device: &str) -> String {
    let (partition, account) = (partition_of(user_arn), account_of(user_arn));
    format!("arn:{partition}:iam::{account}:{device}")
}
