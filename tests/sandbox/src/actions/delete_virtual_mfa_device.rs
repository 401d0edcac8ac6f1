//! `iam:DeleteVirtualMFADevice`: deletes a device that is nobody's.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html>

use super::{Action, Context, device};
use crate::{constraints::Constraints, error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "DeleteVirtualMFADevice",
    resource: device::resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let serial = device::serial(context.parameters, &mut constraints);
    constraints.check()?;

    let device = context
        .state
        .device(serial)
        .filter(|device| device.is_virtual() && device.is_known_to(&context.caller.arn))
        .ok_or_else(|| device::no_such_device(serial))?;
    if device.assignment.is_some() {
        return Err(ApiError::new(
            409,
            "DeleteConflict",
            "MFA VirtualDevice in use. Must deactivate first.",
        ));
    }
    context.state.delete_device(serial);
    Ok(Xml::new())
}
