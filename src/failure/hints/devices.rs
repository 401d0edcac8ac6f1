//! MFA devices that are not listed, resynced or removed.

use super::{
    aws::key_and_network_hint,
    keychain_hint, serial_hint,
    session::{client_hint, code_hint, key_hint},
    word,
};
use crate::{
    aws::{error::AwsError, iam::statement::Statement},
    cached_session::FindError,
    devices::{error::DeviceError, removal::Reason},
    mfa::source::CodeError,
};

pub(in crate::failure) fn device_hint(error: &DeviceError) -> Option<String> {
    match error {
        DeviceError::Key(error) => key_hint(error),
        DeviceError::Find(FindError::Keychain(error)) => Some(keychain_hint(error)),
        DeviceError::Find(FindError::Unreadable { .. }) => {
            Some("mend this line in an editor".to_owned())
        }
        DeviceError::Client(error) => client_hint(error),
        DeviceError::Denied {
            profile,
            statement,
            with_mfa,
            error,
        } => Some(denied(profile, statement, *with_mfa, error)),
        DeviceError::Aws { profile, error } | DeviceError::RemovalUnknown { profile, source: error, .. }
            if matches!(**error, AwsError::Expired | AwsError::UnknownKey) =>
        {
            Some(format!(
                "AWS no longer takes this session or key: daypass login --force {}",
                word(profile)
            ))
        }
        DeviceError::Aws { error, .. } if matches!(**error, AwsError::Throttled) => Some("wait a minute, then try again".to_owned()),
        DeviceError::Aws { profile, error } => key_and_network_hint(profile, error),
        DeviceError::NoSuchDevice { devices, .. } if devices.is_empty() => None,
        DeviceError::NoSuchDevice { devices, .. } => {
            Some(format!("the devices there are: {}", devices.join(", ")))
        }
        DeviceError::SeveralDevices { devices, .. } => {
            Some(format!("name one by its serial: {}", devices.join(", ")))
        }
        DeviceError::NoCodes(error) => serial_hint(error),
        DeviceError::RootUser => None,
        DeviceError::NobodyToAsk { .. } => Some("run the same command in a terminal".to_owned()),
        DeviceError::Code(CodeError::Interrupted) => Some("run the same command again".to_owned()),
        DeviceError::Code(error) => code_hint(error, None),
        DeviceError::RefusedCodes { of_seed: true, .. } => Some(
            "the seed in the keychain is not that of this device, or this machine's clock is off; to give the right \
             seed: daypass totp add"
                .to_owned(),
        ),
        DeviceError::RefusedCodes { serial, .. } => Some(format!(
            "the two codes have to be typed as the device shows them, one right after the other, and none that was \
             used before; {} is the device that they have to be of",
            serial.device_name()
        )),
        DeviceError::ResyncUnknown { profile, .. } => Some(format!(
            "see whether the next code is taken: daypass login --force {}; if not, resync again",
            word(profile)
        )),
        DeviceError::Needed {
            reasons,
            profile,
            user,
            ..
        } => Some(needed(reasons, profile, user.as_deref())),
        DeviceError::NotDeleted {
            serial,
            profile,
            statement,
            ..
        } => Some(not_deleted(serial, profile, statement.as_ref())),
        DeviceError::RemovalUnknown {
            serial, profile, ..
        } => Some(format!(
            "the same command finishes it, whatever was done: {}",
            remove(serial, profile)
        )),
        DeviceError::SeedLeft { profile, .. } => {
            Some(format!("when it can be opened: daypass totp remove {}", word(profile)))
        }
    }
}

fn denied(profile: &str, statement: &Statement, with_mfa: bool, error: &AwsError) -> String {
    let is_explicit = matches!(
        error,
        AwsError::Denied { message, .. } if message.contains("explicit deny")
    );
    let exception = if is_explicit {
        " and to except the action from the statement that denies it"
    } else {
        ""
    };
    let ask = format!("ask the administrator for this statement: {statement}{exception}");
    if with_mfa {
        return ask;
    }
    format!(
        "this was asked without MFA; with a device that gives codes it is asked with MFA (daypass setup {} --serial \
         ARN, then daypass login); else {ask}",
        word(profile)
    )
}

fn needed(reasons: &[Reason], profile: &str, user: Option<&str>) -> String {
    let is_last = reasons
        .iter()
        .any(|reason| !matches!(reason, Reason::Used { .. }));
    if is_last {
        let user = user.map(|user| format!(" --user {}", word(user)));
        return format!(
            "add another device first: daypass enroll {}{} --name NAME; or add --force",
            word(profile),
            user.unwrap_or_default()
        );
    }
    let setting_up = reasons.iter().find_map(|reason| match reason {
        // Another setting than this may be that of a role, which setup does not write.
        Reason::Used {
            by,
            instead: Some(serial),
        } if by.profile == profile && by.key == "mfa_serial" => Some(format!(
            ", as in: daypass setup {} --serial {serial};",
            word(profile)
        )),
        _ => None,
    });
    format!(
        "change what uses it first{} or add --force",
        setting_up.as_deref().unwrap_or(",")
    )
}

fn not_deleted(serial: &str, profile: &str, statement: Option<&Statement>) -> String {
    let command = remove(serial, profile);
    match statement {
        None => format!("to finish: {command}"),
        Some(statement) => format!(
            "to finish: {command}, once the administrator has allowed it with this statement, or has deleted the \
             device: {statement}"
        ),
    }
}

fn remove(serial: &str, profile: &str) -> String {
    format!(
        "daypass devices remove {} --profile {}",
        word(serial),
        word(profile)
    )
}
