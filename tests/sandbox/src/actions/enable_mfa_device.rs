//! `iam:EnableMFADevice`: gives a device to a user who proves it by two codes.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html>

use super::{Action, Context, constrain_required_user_name, device, user_resource};
use crate::{
    constraints::Constraints,
    devices::{Assignment, MOST_DEVICES},
    error::ApiError,
    reply::Xml,
    service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "EnableMFADevice",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_required_user_name(context, &mut constraints);
    let serial = device::serial(context.parameters, &mut constraints);
    let codes = device::codes(context.parameters, &mut constraints);
    constraints.check()?;

    // The root user has no name to be given here: root's devices are enabled in the console only.
    let user_arn = context.user()?.arn.clone();
    let count = context.state.devices_of(&user_arn).count();
    let device = context
        .state
        .device_mut(serial)
        .filter(|device| device.is_known_to(&user_arn))
        .ok_or_else(|| device::no_such_device(serial))?;
    if device.assignment.is_some() {
        return Err(ApiError::new(
            409,
            "EntityAlreadyExists",
            "MFA Device is already in use.",
        ));
    }
    if count >= MOST_DEVICES {
        // Worded as the same refusal for access keys is.
        return Err(ApiError::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for MFADevicesPerUser: {MOST_DEVICES}"),
        ));
    }
    if !device.synchronise(codes, context.now) {
        return Err(device::invalid_codes());
    }
    device.assignment = Some(Assignment {
        user_arn,
        enabled: context.now,
    });
    Ok(Xml::new())
}
