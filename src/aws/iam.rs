//! The actions of AWS IAM.

pub mod access_keys;
pub mod mfa_devices;
pub mod users;
