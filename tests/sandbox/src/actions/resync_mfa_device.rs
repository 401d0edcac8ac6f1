//! `iam:ResyncMFADevice`: learns the clock of a user's device from two codes.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html>

use super::{Action, Context, constrain_required_user_name, device, user_resource};
use crate::{constraints::Constraints, error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "ResyncMFADevice",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_required_user_name(context, &mut constraints);
    let serial = device::serial(context.parameters, &mut constraints);
    let codes = device::codes(context.parameters, &mut constraints);
    constraints.check()?;

    let user_arn = context.user()?.arn.clone();
    let device = context
        .state
        .device_mut(serial)
        .filter(|device| device.is_of(&user_arn))
        .ok_or_else(|| device::no_such_device(serial))?;
    if !device.synchronise(codes, context.now) {
        return Err(device::invalid_codes());
    }
    Ok(Xml::new())
}
