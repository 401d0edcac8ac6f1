//! The actions of AWS IAM.

pub mod mfa_devices;
pub mod users;
