//! `iam:DeactivateMFADevice`: takes a device from its user, without a code.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html>

use super::{Action, Context, constrain_user_name, device, user_resource};
use crate::{constraints::Constraints, error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "DeactivateMFADevice",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    let serial = device::serial(context.parameters, &mut constraints);
    constraints.check()?;

    let user_arn = context.user()?.arn.clone();
    let device = context.state.device(serial);
    device
        .filter(|device| device.is_of(&user_arn))
        .ok_or_else(|| device::no_such_device(serial))?;
    context.state.deactivate_device(serial);
    Ok(Xml::new())
}
