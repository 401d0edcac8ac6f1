//! What speaks against the removal of a device, and what is to be done about it.

use std::fmt;

use crate::{
    devices::{
        MfaDevice,
        usage::{NamedIn, Usage},
    },
    profile::Place,
};

/// A reason to keep a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The user has no other.
    LastDevice {
        /// The user, for a sentence.
        user: String,
    },
    /// The user's others give no codes for the command line.
    LastWithCodes {
        /// The user, for a sentence.
        user: String,
    },
    /// A profile uses it.
    Used {
        /// Which, and where it says so.
        by: NamedIn,
        /// The serial of a device that could take its place.
        instead: Option<String>,
    },
}

/// Finds the reasons to keep a device.
pub fn reasons_to_keep(
    device: &MfaDevice,
    devices: &[MfaDevice],
    usage: &Usage,
    user: &str,
) -> Vec<Reason> {
    let user = || user.to_owned();
    let others = || devices.iter().filter(|other| *other != device);
    let mut reasons = Vec::new();
    if others().next().is_none() {
        reasons.push(Reason::LastDevice { user: user() });
    } else if device.gives_codes() && !others().any(MfaDevice::gives_codes) {
        reasons.push(Reason::LastWithCodes { user: user() });
    }
    reasons.extend(uses(device, devices, usage));
    reasons
}

/// The lines that name a device, each with the serial that could stand there instead.
pub fn uses(device: &MfaDevice, devices: &[MfaDevice], usage: &Usage) -> Vec<Reason> {
    let instead = devices
        .iter()
        .find(|other| *other != device && other.gives_codes());
    let instead = instead.map(|other| other.serial().to_owned());
    usage
        .named_in
        .iter()
        .map(|by| Reason::Used {
            by: by.clone(),
            instead: instead.clone(),
        })
        .collect()
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::LastDevice { user } => write!(
                formatter,
                "it is the only MFA device of {user}, who is then locked out of whatever needs MFA: no daypass login, and \
                 only a password at the AWS console"
            ),
            Reason::LastWithCodes { user } => write!(
                formatter,
                "it is the last device of {user} that gives codes for the command line: without one, daypass login \
                 gets no session with MFA"
            ),
            Reason::Used { by, instead } => {
                let NamedIn {
                    profile,
                    key,
                    place,
                } = by;
                match (place, instead) {
                    (Place::Variable(name), _) => {
                        write!(formatter, "{name} names it: unset {name}")
                    }
                    (place, Some(serial)) => write!(
                        formatter,
                        "profile '{profile}' names it ({place}): write {key} = {serial} there"
                    ),
                    (place, None) => write!(
                        formatter,
                        "profile '{profile}' names it ({place}): take the line {key} out, or write the next device \
                         there"
                    ),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "arn:aws:iam::123456789012:mfa/ada";
    const PHONE: &str = "arn:aws:iam::123456789012:mfa/phone";
    const KEY: &str = "arn:aws:iam::123456789012:u2f/user/ada/key-ABC";

    fn reasons(removed: &str, serials: &[&str], lines: &[&str]) -> Vec<String> {
        let devices: Vec<_> = serials
            .iter()
            .map(|serial| MfaDevice::new(serial, None))
            .collect();
        let device = devices
            .iter()
            .find(|device| device.serial() == removed)
            .unwrap();
        let usage = Usage {
            named_in: lines
                .iter()
                .map(|profile| NamedIn {
                    profile: (*profile).to_owned(),
                    key: "mfa_serial",
                    place: Place::Line("/config".into(), 3),
                })
                .collect(),
            ..Usage::default()
        };
        let reasons = reasons_to_keep(device, &devices, &usage, "ada");
        let words = |reason: &Reason| match reason {
            Reason::LastDevice { .. } => "the last".to_owned(),
            Reason::LastWithCodes { .. } => "the last with codes".to_owned(),
            Reason::Used { .. } => reason.to_string(),
        };
        reasons.iter().map(words).collect()
    }

    #[test]
    fn the_last_device_and_the_last_that_gives_codes_are_to_be_kept() {
        assert_eq!(reasons(ADA, &[ADA], &[]), ["the last"]);
        assert_eq!(reasons(KEY, &[KEY], &[]), ["the last"]);
        assert_eq!(reasons(ADA, &[ADA, KEY], &[]), ["the last with codes"]);
        assert_eq!(reasons(KEY, &[ADA, KEY], &[]), [""; 0]);
        assert_eq!(reasons(ADA, &[ADA, PHONE], &[]), [""; 0]);
    }

    #[test]
    fn what_a_profile_uses_is_to_be_kept_and_what_to_write_instead_is_said() {
        assert_eq!(
            reasons(ADA, &[ADA, KEY, PHONE], &["work"]),
            [format!(
                "profile 'work' names it (/config, line 3): write mfa_serial = {PHONE} there"
            )]
        );
        let reasons = reasons(ADA, &[ADA, KEY], &["work", "play"]);
        assert_eq!(reasons.len(), 3, "{reasons:?}");
        assert!(
            reasons[2].contains("take the line mfa_serial out"),
            "{reasons:?}"
        );
    }
}
