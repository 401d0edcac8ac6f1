//! An enrolment that was begun: AWS may have enabled its device, and the profile does not name it yet.

use serde_json::{Value, json};

use crate::serial::Serial;

/// A device that AWS is asked to enable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BegunEnrolment {
    /// Whose it is to be.
    pub user: String,
    /// The device.
    pub serial: Serial,
    /// Whether the profile's keychain holds its seed.
    pub has_seed: bool,
}

impl BegunEnrolment {
    pub(super) fn parse(value: &Value) -> Option<Self> {
        Some(BegunEnrolment {
            user: value["user"].as_str()?.to_owned(),
            serial: Serial::parse(value["serial"].as_str()?).ok()?,
            has_seed: value["has_seed"].as_bool().unwrap_or(false),
        })
    }

    pub(super) fn render(&self) -> Value {
        json!({ "user": self.user, "serial": self.serial.as_str(), "has_seed": self.has_seed })
    }
}
