//! `iam:GetMFADevice`: since when a user has a FIDO key. It knows no devices of other kinds.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html>

use super::{Action, Context, constrain_user_name, device, user_resource};
use crate::{constraints::Constraints, error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "GetMFADevice",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    let serial = device::serial(context.parameters, &mut constraints);
    constraints.check()?;

    let user = context.user()?;
    let assignment = context
        .state
        .device(serial)
        .filter(|device| device.is_of(&user.arn) && device.is_fido())
        .and_then(|device| device.assignment.as_ref())
        .ok_or_else(|| device::no_such_device(serial))?;
    Ok(Xml::new()
        .text("UserName", &user.name)
        .text("SerialNumber", serial)
        .time("EnableDate", assignment.enabled))
}
