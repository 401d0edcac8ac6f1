//! The MFA device: whose it is, and whether it gives codes.

use super::{
    Finding, Subject,
    inquiry::{AskError, Inquiry},
    word,
};
use crate::{
    aws::{iam::mfa_devices::AssignedDevice, sts::Identity},
    devices::MfaDevice,
    profile::Profile,
    serial::Serial,
};

const CHECK: &str = "mfa-device";

pub(super) fn check(subject: &Subject, inquiry: &Inquiry) -> Vec<Finding> {
    let Ok(profile) = &subject.profile else {
        return Vec::new();
    };
    let of_key = profile
        .key
        .as_ref()
        .and_then(|key| inquiry.keys.get(key.access_key_id()));
    let identity = of_key.and_then(|of_key| of_key.identity.as_ref()?.as_ref().ok());
    let devices = of_key.and_then(|of_key| of_key.devices.as_ref());
    judge(profile, identity, devices)
}

fn judge(
    profile: &Profile,
    identity: Option<&Identity>,
    devices: Option<&Result<Vec<AssignedDevice>, AskError>>,
) -> Vec<Finding> {
    let name = word(&profile.session_profile);
    let listed: Option<Vec<MfaDevice>> = match devices {
        Some(Ok(devices)) => Some(devices.iter().cloned().map(MfaDevice::from).collect()),
        _ => None,
    };
    let usable = listed.iter().flatten().find(|device| device.gives_codes());
    let other = match usable {
        Some(device) => format!("daypass setup {name} --serial {}", word(device.serial())),
        None => format!("daypass enroll {name}"),
    };
    let Some(serial) = &profile.mfa_serial else {
        let finding = match &listed {
            Some(devices) if usable.is_none() && !devices.is_empty() => {
                Finding::fail(CHECK, "the user has no MFA device that gives codes for the command line")
                    .meaning("security keys and passkeys sign in to browsers only; a virtual device can be had besides")
            }
            Some(devices) if devices.is_empty() => Finding::fail(CHECK, "the user has no MFA device")
                .meaning("there is nothing that a code could come from"),
            _ => Finding::warn(CHECK, "it names no MFA device")
                .meaning("daypass asks AWS for the device at each login, which policies may deny"),
        };
        let unknown = listed.is_none();
        return vec![finding.mend(if unknown {
            format!("daypass setup {name}")
        } else {
            other
        })];
    };
    if let Some(finding) = of_another_account(serial, identity) {
        return vec![finding.mend(other)];
    }
    match (&listed, devices) {
        (Some(devices), _) => {
            let is_there = devices
                .iter()
                .any(|device| device.serial() == serial.as_str());
            let user = identity
                .and_then(Identity::user_name)
                .unwrap_or("the user of the key");
            vec![match is_there {
                true => Finding::ok(CHECK, format!("{serial} is a device of {user}")),
                false => Finding::fail(CHECK, format!("{serial} is no device of {user}"))
                    .meaning("AWS refuses every code for it; it is somebody else's, or was removed")
                    .mend(other),
            }]
        }
        (None, Some(Err(_))) => vec![Finding::not_checked(
            CHECK,
            format!(
                "whether {serial} is a device of the user: AWS does not say without MFA; after daypass login {name} it may"
            ),
        )],
        (None, _) => Vec::new(),
    }
}

fn of_another_account(serial: &Serial, identity: Option<&Identity>) -> Option<Finding> {
    let (device, key) = (serial.account_id()?, identity?.account_id.as_str());
    (device != key).then(|| {
        Finding::fail(
            CHECK,
            format!("{serial} is a device of another account than the long-term key's, {key}"),
        )
        .meaning("AWS refuses every code for it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::error::AwsError,
        doctor::{Level, tests::survey},
    };

    const ADA: &str = "arn:aws:iam::123456789012:mfa/ada";
    const KEY: &str = "arn:aws:iam::123456789012:u2f/user/ada/key-ABC";

    /// What is found of a profile that names `serial`, whose user has `devices`.
    fn found(
        serial: Option<&str>,
        account: &str,
        devices: Option<&[&str]>,
    ) -> (Level, Option<String>) {
        let line = serial.map_or(String::new(), |serial| format!("mfa_serial = {serial}\n"));
        let survey = survey(&format!("[profile work]\nmfa_process = x\n{line}"), "");
        let profile = survey.subjects[0].profile.as_ref().unwrap();
        let identity = Identity {
            account_id: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:user/ada"),
        };
        let denied = || AwsError::Denied {
            action: "iam:ListMFADevices",
            message: String::new(),
        };
        let devices = match devices {
            None => Err(denied().into()),
            Some(serials) => Ok(serials
                .iter()
                .map(|serial| AssignedDevice {
                    serial: (*serial).to_owned(),
                    enabled_at: None,
                })
                .collect()),
        };
        let mut findings = judge(profile, Some(&identity), Some(&devices));
        let finding = findings.remove(0);
        (finding.level, finding.mend)
    }

    #[test]
    fn a_device_is_the_users_own_or_none() {
        let own = "123456789012";
        for (serial, account, devices, level, mend) in [
            (Some(ADA), own, Some(&[ADA][..]), Level::Ok, None),
            (Some(ADA), own, Some(&[KEY, ADA]), Level::Ok, None),
            (Some(ADA), own, None, Level::NotChecked, None),
            (
                Some(ADA),
                "210987654321",
                None,
                Level::Fail,
                Some("daypass enroll work"),
            ),
            (
                Some("arn:aws:iam::123456789012:mfa/grace"),
                own,
                Some(&[ADA]),
                Level::Fail,
                Some("daypass setup work --serial arn:aws:iam::123456789012:mfa/ada"),
            ),
            (
                Some(ADA),
                own,
                Some(&[KEY]),
                Level::Fail,
                Some("daypass enroll work"),
            ),
            (
                None,
                own,
                Some(&[KEY]),
                Level::Fail,
                Some("daypass enroll work"),
            ),
            (
                None,
                own,
                Some(&[]),
                Level::Fail,
                Some("daypass enroll work"),
            ),
            (None, own, None, Level::Warn, Some("daypass setup work")),
            (
                Some("GAHT12345678"),
                own,
                Some(&["GAHT12345678"]),
                Level::Ok,
                None,
            ),
        ] {
            let expected = (level, mend.map(str::to_owned));
            assert_eq!(
                found(serial, account, devices),
                expected,
                "{serial:?} {devices:?}"
            );
        }
    }
}
