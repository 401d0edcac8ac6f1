//! `iam:ListVirtualMFADevices`: the virtual devices of the account, with and without a user.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html>

use super::{Action, Context, page::Page, user_element};
use crate::{
    constraints::Constraints,
    devices::{StoredDevice, serial},
    error::ApiError,
    reply::Xml,
    service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "ListVirtualMFADevices",
    resource: |context| serial(&context.caller.arn, "mfa/"),
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let status = context.parameters.text("AssignmentStatus").unwrap_or("Any");
    let mut constraints = Constraints::new();
    constraints.one_of(
        "assignmentStatus",
        status,
        &["Any", "Assigned", "Unassigned"],
    );
    constraints.check()?;
    let wanted = |device: &&StoredDevice| match status {
        "Assigned" => device.assignment.is_some(),
        "Unassigned" => device.assignment.is_none(),
        _ => true,
    };
    let devices: Vec<_> = context
        .state
        .devices
        .iter()
        .filter(|device| device.is_virtual() && device.is_known_to(&context.caller.arn))
        .filter(wanted)
        .collect();
    let page = Page::of(context, devices.len())?;
    let entries = page.cut(&devices).iter().map(|device| {
        let entry = Xml::new().text("SerialNumber", &device.serial);
        let Some(assignment) = &device.assignment else {
            return entry;
        };
        let entry = entry.time("EnableDate", assignment.enabled);
        match context.state.user(&assignment.user_arn) {
            Some(user) => entry.group("User", user_element(user)),
            None => entry,
        }
    });
    Ok(page.finish(Xml::new().list("VirtualMFADevices", entries)))
}
