//! MFA devices: making, enabling, listing and removing them.
//!
//! Where a request can have been carried out although its answer was lost, the SDK does not repeat it: the
//! second answer would be a misleading refusal. The caller looks what became of it instead.

use aws_sdk_iam::types::AssignmentStatusType;

use crate::{
    aws::{client::Aws, error::AwsError, iam::moment},
    mfa::code::Code,
    secret::Secret,
    serial::Serial,
    terminal::excerpt,
    time::Timestamp,
};

/// A device of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedDevice {
    /// The serial, of any type: not every device can give codes.
    pub serial: String,
    /// Since when it is enabled.
    pub enabled_at: Option<Timestamp>,
}

/// A device that `CreateVirtualMFADevice` has made.
#[derive(Debug)]
pub struct CreatedDevice {
    /// Its serial.
    pub serial: Serial,
    /// Its seed in base32, which AWS tells this once.
    pub seed: Secret,
}

/// A virtual device of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualDevice {
    /// The serial.
    pub serial: String,
    /// The ARN of the user that it belongs to.
    pub user_arn: Option<String>,
    /// Since when it is enabled; `None` for one that nobody has enabled.
    pub enabled_at: Option<Timestamp>,
}

/// Which virtual devices are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// Those that belong to a user.
    Assigned,
    /// Those that were made and never enabled.
    Unassigned,
    /// All of them.
    Any,
}

/// Calls `ListMFADevices`: all devices of a user, of every type; of the user of the key if no name is given.
///
/// # Errors
/// [`AwsError`], `Denied` above all: many companies' policies deny IAM without MFA.
pub fn list(aws: &Aws, user: Option<&str>) -> Result<Vec<AssignedDevice>, AwsError> {
    const ACTION: &str = "iam:ListMFADevices";
    let pages = super::client(aws)
        .list_mfa_devices()
        .set_user_name(user.map(str::to_owned))
        .into_paginator()
        .items()
        .send();
    let devices = aws.ask(ACTION, pages.collect::<Result<Vec<_>, _>>())?;
    Ok(devices.into_iter().map(AssignedDevice::from).collect())
}

impl From<aws_sdk_iam::types::MfaDevice> for AssignedDevice {
    fn from(device: aws_sdk_iam::types::MfaDevice) -> Self {
        AssignedDevice {
            serial: excerpt(&device.serial_number),
            enabled_at: moment(&device.enable_date),
        }
    }
}

/// Calls `ListVirtualMFADevices`: the virtual devices of the account.
///
/// # Errors
/// [`AwsError`], `Denied` above all: it cannot be allowed for one's own device only.
pub fn list_virtual(aws: &Aws, assignment: Assignment) -> Result<Vec<VirtualDevice>, AwsError> {
    const ACTION: &str = "iam:ListVirtualMFADevices";
    let pages = super::client(aws)
        .list_virtual_mfa_devices()
        .assignment_status(match assignment {
            Assignment::Assigned => AssignmentStatusType::Assigned,
            Assignment::Unassigned => AssignmentStatusType::Unassigned,
            Assignment::Any => AssignmentStatusType::Any,
        })
        .into_paginator()
        .items()
        .send();
    let devices = aws.ask(ACTION, pages.collect::<Result<Vec<_>, _>>())?;
    Ok(devices
        .into_iter()
        .map(|device| VirtualDevice {
            serial: excerpt(&device.serial_number),
            user_arn: device.user.map(|user| excerpt(&user.arn)),
            enabled_at: device.enable_date.as_ref().and_then(moment),
        })
        .collect())
}

/// Calls `CreateVirtualMFADevice`: a device that belongs to nobody yet, and its seed.
///
/// # Errors
/// [`AwsError`]: `EntityAlreadyExists` where there is a device of that name, assigned or not. After
/// `TimedOut`, `Unreachable`, `Unreadable` and `Unavailable` it may have been made, and its seed is lost.
pub fn create(aws: &Aws, name: &str) -> Result<CreatedDevice, AwsError> {
    const ACTION: &str = "iam:CreateVirtualMFADevice";
    let request = super::unrepeated_client(aws)
        .create_virtual_mfa_device()
        .virtual_mfa_device_name(name)
        .send();
    let reply = aws.ask(ACTION, request)?;
    let device = reply.virtual_mfa_device.ok_or_else(AwsError::unreadable)?;
    let serial = Serial::parse(&device.serial_number).map_err(|_| AwsError::unreadable())?;
    let seed = device.base32_string_seed.map(|seed| seed.into_inner());
    let seed = seed.and_then(|seed| String::from_utf8(seed).ok());
    match seed {
        Some(seed) if !seed.is_empty() => Ok(CreatedDevice {
            serial,
            seed: Secret::new(seed),
        }),
        _ => Err(AwsError::unreadable()),
    }
}

/// Calls `EnableMFADevice` with two consecutive codes: the device belongs to the user from now on.
///
/// # Errors
/// [`AwsError`]: `InvalidCodePair` for a wrong pair, `EntityAlreadyExists` where it is enabled already,
/// `LimitExceeded` where the user has eight. After a lost answer it may have been enabled.
pub fn enable(aws: &Aws, user: &str, serial: &Serial, codes: [&Code; 2]) -> Result<(), AwsError> {
    const ACTION: &str = "iam:EnableMFADevice";
    let request = super::unrepeated_client(aws)
        .enable_mfa_device()
        .user_name(user)
        .serial_number(serial.as_str())
        .authentication_code1(codes[0].digits())
        .authentication_code2(codes[1].digits())
        .send();
    super::done(aws.ask(ACTION, request))
}

/// Calls `ResyncMFADevice` with two consecutive codes, for a device whose clock is off or that was enabled
/// with codes that came late.
///
/// # Errors
/// [`AwsError`]: `InvalidCodePair` for a wrong pair, `NoSuchEntity` where the user has no such device.
pub fn resync(aws: &Aws, user: &str, serial: &Serial, codes: [&Code; 2]) -> Result<(), AwsError> {
    const ACTION: &str = "iam:ResyncMFADevice";
    let request = super::unrepeated_client(aws)
        .resync_mfa_device()
        .user_name(user)
        .serial_number(serial.as_str())
        .authentication_code1(codes[0].digits())
        .authentication_code2(codes[1].digits())
        .send();
    super::done(aws.ask(ACTION, request))
}

/// Calls `DeactivateMFADevice`: the device belongs to nobody from now on; a virtual one still exists. It is
/// for the user of the key if no name is given.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where the user has no such device. The SDK may have repeated a request whose
/// answer was lost, so that this can also mean that it is done.
pub fn deactivate(aws: &Aws, user: Option<&str>, serial: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DeactivateMFADevice";
    let request = super::client(aws)
        .deactivate_mfa_device()
        .set_user_name(user.map(str::to_owned))
        .serial_number(serial)
        .send();
    super::done(aws.ask(ACTION, request))
}

/// Calls `DeleteVirtualMFADevice` for a device that belongs to nobody.
///
/// # Errors
/// [`AwsError`]: `DeleteConflict` where it belongs to a user, `NoSuchEntity` where there is none; the SDK
/// may have repeated a request whose answer was lost, so that this can also mean that it is done.
pub fn delete_virtual(aws: &Aws, serial: &str) -> Result<(), AwsError> {
    const ACTION: &str = "iam:DeleteVirtualMFADevice";
    let request = super::client(aws)
        .delete_virtual_mfa_device()
        .serial_number(serial)
        .send();
    super::done(aws.ask(ACTION, request))
}
