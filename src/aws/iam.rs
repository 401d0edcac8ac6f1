//! The actions of AWS IAM.

pub mod access_keys;

use crate::{
    aws::{client::Aws, error::AwsError},
    terminal::excerpt,
};

/// Calls `ListMFADevices` for the user of the key: the serials of all devices, of every type.
///
/// # Errors
/// [`AwsError`], `Denied` above all: many companies' policies deny IAM without MFA.
pub fn list_mfa_devices(aws: &Aws) -> Result<Vec<String>, AwsError> {
    const ACTION: &str = "iam:ListMFADevices";
    let client = aws_sdk_iam::Client::new(aws.config());
    let pages = client.list_mfa_devices().into_paginator().items().send();
    let devices = aws
        .run(pages.collect::<Result<Vec<_>, _>>())
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    Ok(devices
        .into_iter()
        .map(|device| excerpt(&device.serial_number))
        .collect())
}
