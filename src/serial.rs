//! The serial of an MFA device: what AWS calls a device by.

use std::fmt;

use crate::{
    arn::Arn,
    terminal::{excerpt, misplaced},
};

/// The serial of a device that can give codes for the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serial(String);

/// Why a text cannot serve as a serial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// A security key or passkey: it signs in browsers only, STS takes no code from it.
    #[error("{0} is a security key or passkey, which cannot give codes for the command line")]
    SecurityKey(String),
    /// A telephone number.
    #[error("{0} is an SMS device, which AWS no longer supports and STS takes no code from")]
    Sms(String),
    /// Neither an ARN of a device nor a hardware serial.
    #[error(
        "'{0}' is not the serial of an MFA device: it looks like arn:aws:iam::123456789012:mfa/ada or GAHT12345678"
    )]
    Malformed(String),
}

impl Serial {
    /// Parses `arn:aws:iam::ACCOUNT:mfa/NAME` (any partition) or a hardware serial (`GAHT12345678`).
    ///
    /// # Errors
    /// [`SerialError`], which tells devices that exist but give no codes from plain mistakes. Source:
    /// the IAM API reference, `SerialNumber`: 9 to 256 characters of `[\w+=/:,.@-]`.
    pub fn parse(text: &str) -> Result<Self, SerialError> {
        let (shown, malformed) = (|| excerpt(text), || SerialError::Malformed(misplaced(text)));
        let length_fits = (9..=256).contains(&text.len());
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&byte);
        if !length_fits || !text.bytes().all(allowed) {
            return Err(malformed());
        }
        let Some(arn) = Arn::parse(text) else {
            // Hardware serials have a dozen characters. What has many more may be a secret.
            let is_number =
                text.len() < 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return if is_number {
                Ok(Serial(text.to_owned()))
            } else {
                Err(malformed())
            };
        };
        match arn.resource.split_once('/') {
            Some(("mfa", name)) if !name.is_empty() => Ok(Serial(text.to_owned())),
            Some(("u2f", _)) => Err(SerialError::SecurityKey(shown())),
            Some(("sms-mfa", _)) => Err(SerialError::Sms(shown())),
            _ => Err(malformed()),
        }
    }

    /// The serial as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account that the device belongs to; a hardware serial does not tell it.
    pub fn account_id(&self) -> Option<&str> {
        Arn::parse(&self.0).map(|arn| arn.account_id)
    }

    /// The name people know the device by: the last part of the ARN, or the hardware serial.
    pub fn device_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_and_hardware_devices_are_accepted_in_every_partition() {
        for (text, account, name) in [
            (
                "arn:aws:iam::123456789012:mfa/ada",
                Some("123456789012"),
                "ada",
            ),
            (
                "arn:aws-cn:iam::123456789012:mfa/team/ada",
                Some("123456789012"),
                "ada",
            ),
            (
                "arn:aws-us-gov:iam::123456789012:mfa/a.d+a=@x,-",
                Some("123456789012"),
                "a.d+a=@x,-",
            ),
            ("GAHT12345678", None, "GAHT12345678"),
        ] {
            let serial = Serial::parse(text).unwrap();
            assert_eq!(serial.as_str(), text);
            assert_eq!(serial.account_id(), account);
            assert_eq!(serial.device_name(), name);
        }
    }

    #[test]
    fn devices_without_codes_are_told_from_mistakes() {
        assert!(matches!(
            Serial::parse("arn:aws:iam::123456789012:u2f/user/ada/key-ABC"),
            Err(SerialError::SecurityKey(_))
        ));
        assert!(matches!(
            Serial::parse("arn:aws:iam::123456789012:sms-mfa/ada"),
            Err(SerialError::Sms(_))
        ));
        for text in [
            "",
            "GAHT1234",
            "arn:aws:iam::123456789012:user/ada",
            "arn:aws:iam::12345:mfa/ada",
            "arn:aws:iam::123456789012:mfa/",
            "arn:aws:sts::123456789012:mfa/ada",
            "arn:aws:iam::123456789012:mfa/ada # phone",
            "mfa/ada-at-home",
        ] {
            assert!(
                matches!(Serial::parse(text), Err(SerialError::Malformed(_))),
                "{text}"
            );
        }
        assert!(Serial::parse(&format!("GAHT{}", "1".repeat(300))).is_err());
    }

    #[test]
    fn what_may_be_a_secret_is_no_serial_and_is_not_repeated() {
        for secret in [
            "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab",
            &"SEED".repeat(16),
        ] {
            let error = Serial::parse(secret).unwrap_err().to_string();
            assert!(!error.contains(&secret[..10]), "{error}");
        }
    }
}
