//! The MFA devices of a user: what they are called, of which type they are, and which of them is meant.

use crate::{
    arn::Arn,
    aws::iam::mfa_devices::AssignedDevice,
    serial::{Serial, SerialError},
    terminal::{excerpt, misplaced},
    time::Timestamp,
};

pub mod error;
pub mod owner;
pub mod removal;
pub mod usage;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceType {
    /// A seed in an authenticator app, or in a keychain.
    Virtual,
    /// A token that shows codes.
    Hardware,
    /// A FIDO security key or a passkey.
    SecurityKey,
    /// A telephone number, which AWS no longer supports.
    Sms,
    /// Something that AWS did not have when this was written.
    Unknown,
}

impl DeviceType {
    /// The type for people.
    pub fn name(self) -> &'static str {
        match self {
            DeviceType::Virtual => "virtual",
            DeviceType::Hardware => "hardware",
            DeviceType::SecurityKey => "security key",
            DeviceType::Sms => "SMS",
            DeviceType::Unknown => "unknown",
        }
    }

    /// The type for programs.
    pub fn word(self) -> &'static str {
        match self {
            DeviceType::SecurityKey => "security-key",
            DeviceType::Sms => "sms",
            other => other.name(),
        }
    }
}

/// A device of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaDevice {
    serial: String,
    /// Since when it is enabled.
    pub enabled_at: Option<Timestamp>,
}

impl MfaDevice {
    /// A device as AWS tells of it, which is not to be trusted on a terminal.
    pub fn new(serial: &str, enabled_at: Option<Timestamp>) -> Self {
        MfaDevice {
            serial: excerpt(serial),
            enabled_at,
        }
    }

    /// The serial: an ARN, or the number of a hardware device.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The name people know it by: the last part of the ARN, or the number.
    pub fn name(&self) -> &str {
        self.serial.rsplit('/').next().unwrap_or(&self.serial)
    }

    /// What it is. Source: the IAM user guide, "IAM identifiers": `mfa/`, `u2f/` and `sms-mfa/`; the serial
    /// of a hardware token is no ARN.
    pub fn device_type(&self) -> DeviceType {
        let Some(arn) = Arn::parse(&self.serial) else {
            return if self.serial.starts_with("arn:") {
                DeviceType::Unknown
            } else {
                DeviceType::Hardware
            };
        };
        match arn.resource.split_once('/') {
            Some(("mfa", _)) => DeviceType::Virtual,
            Some(("u2f", _)) => DeviceType::SecurityKey,
            Some(("sms-mfa", _)) => DeviceType::Sms,
            _ => DeviceType::Unknown,
        }
    }

    /// The serial by which STS takes its codes.
    ///
    /// # Errors
    /// When it cannot give any, and why.
    pub fn code_serial(&self) -> Result<Serial, SerialError> {
        Serial::parse(&self.serial)
    }

    /// Whether it gives codes for the command line.
    pub fn gives_codes(&self) -> bool {
        self.code_serial().is_ok()
    }
}

impl From<AssignedDevice> for MfaDevice {
    fn from(device: AssignedDevice) -> Self {
        MfaDevice::new(&device.serial, device.enabled_at)
    }
}

/// Which device a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant<'a> {
    /// This one.
    One(&'a MfaDevice),
    /// Any of these: the text is the name of them all.
    Several(Vec<&'a MfaDevice>),
    /// None.
    None,
}

/// Finds the device that is meant by a serial, or by a name if that is one device's only.
pub fn meant<'a>(devices: &'a [MfaDevice], text: &str) -> Meant<'a> {
    if let Some(device) = devices.iter().find(|device| device.serial == text) {
        return Meant::One(device);
    }
    let named: Vec<&MfaDevice> = devices
        .iter()
        .filter(|device| device.name() == text)
        .collect();
    match named.as_slice() {
        [] => Meant::None,
        [device] => Meant::One(device),
        _ => Meant::Several(named),
    }
}

/// Reads the argument SERIAL: a serial of any type, or the name of a device.
///
/// # Errors
/// When no device can be called so. The text is not repeated if it may be a secret. Source: the IAM API
/// reference, `SerialNumber`: up to 256 characters of `[\w+=/:,.@-]`.
pub fn parse_serial_or_name(text: &str) -> Result<String, NotADevice> {
    const LONGEST: usize = 256;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&byte);
    if !text.is_empty() && text.len() <= LONGEST && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(NotADevice(misplaced(text)))
    }
}

/// A text that no device can be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is neither the serial of an MFA device (arn:aws:iam::123456789012:mfa/ada or GAHT12345678) nor its name"
)]
pub struct NotADevice(String);

/// Reads `--user`.
///
/// # Errors
/// When no user can be called so. Source: the IAM API reference, `UserName`: up to 64 characters of `[\w+=,.@-]`
/// (128 in some actions).
pub fn parse_user_name(text: &str) -> Result<String, NotAUser> {
    const LONGEST: usize = 128;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if !text.is_empty() && text.len() <= LONGEST && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(NotAUser(misplaced(text)))
    }
}

/// A text that no user can be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not the name of an IAM user: it has letters, digits and _+=,.@- only, and no path before it"
)]
pub struct NotAUser(String);

#[cfg(test)]
mod tests {
    use super::*;

    fn device(serial: &str) -> MfaDevice {
        MfaDevice::new(serial, None)
    }

    #[test]
    fn the_type_of_a_device_shows_in_its_serial() {
        for (serial, device_type, name, gives_codes) in [
            (
                "arn:aws:iam::123456789012:mfa/ada",
                DeviceType::Virtual,
                "ada",
                true,
            ),
            (
                "arn:aws-cn:iam::123456789012:mfa/team/ada",
                DeviceType::Virtual,
                "ada",
                true,
            ),
            ("GAHT12345678", DeviceType::Hardware, "GAHT12345678", true),
            (
                "arn:aws:iam::123456789012:u2f/user/ada/yubikey-ABC",
                DeviceType::SecurityKey,
                "yubikey-ABC",
                false,
            ),
            (
                "arn:aws:iam::123456789012:sms-mfa/ada",
                DeviceType::Sms,
                "ada",
                false,
            ),
            (
                "arn:aws:iam::123456789012:hologram/ada",
                DeviceType::Unknown,
                "ada",
                false,
            ),
            ("arn:nonsense", DeviceType::Unknown, "arn:nonsense", false),
        ] {
            let device = device(serial);
            assert_eq!(device.device_type(), device_type, "{serial}");
            assert_eq!(device.name(), name, "{serial}");
            assert_eq!(device.gives_codes(), gives_codes, "{serial}");
        }
    }

    #[test]
    fn a_device_is_meant_by_its_serial_or_by_a_name_that_is_its_own() {
        let devices = [
            device("arn:aws:iam::123456789012:mfa/ada"),
            device("arn:aws:iam::123456789012:mfa/phone"),
            device("arn:aws:iam::123456789012:sms-mfa/phone"),
            device("GAHT12345678"),
        ];
        let one = |text| match meant(&devices, text) {
            Meant::One(device) => device.serial().to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(one("ada"), devices[0].serial());
        assert_eq!(one("GAHT12345678"), devices[3].serial());
        assert_eq!(one(devices[1].serial()), devices[1].serial());
        assert_eq!(
            meant(&devices, "phone"),
            Meant::Several(vec![&devices[1], &devices[2]])
        );
        assert_eq!(meant(&devices, "Ada"), Meant::None);
        assert_eq!(meant(&devices, ""), Meant::None);
    }

    #[test]
    fn what_aws_says_cannot_play_tricks_with_the_terminal() {
        let device = device("arn:aws:iam::123456789012:mfa/a\u{1b}[2J\u{202e}b\nc");
        assert_eq!(device.serial(), "arn:aws:iam::123456789012:mfa/a [2J b");
        assert!(!device.gives_codes());
    }

    #[test]
    fn what_cannot_be_a_name_is_refused_and_a_secret_is_not_repeated() {
        for text in ["", "a b", "a\u{1b}", "é", &"a".repeat(300)] {
            assert!(parse_serial_or_name(text).is_err(), "{text:?}");
            assert!(parse_user_name(text).is_err(), "{text:?}");
        }
        assert!(parse_serial_or_name("arn:aws:iam::123456789012:mfa/a+b=@x").is_ok());
        assert!(parse_user_name("team/ada").is_err());
        assert_eq!(
            parse_user_name("ada@example.org").as_deref(),
            Ok("ada@example.org")
        );
        let secret = "wJalrXUtnFEMI K7MDENG/bPxRfiCYEXAMPLEKEY";
        let error = parse_serial_or_name(secret).unwrap_err().to_string();
        assert!(!error.contains("wJalr"), "{error}");
    }
}
