//! `iam:ListMFADevices`: a user's devices of every kind.

use super::{Action, Context, page::Page, user_resource};
use crate::{error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "ListMFADevices",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let user = context.user()?;
    let devices: Vec<_> = context
        .state
        .devices_of(&user.arn)
        .filter_map(|device| device.assignment.as_ref().zip(Some(&device.serial)))
        .collect();
    let page = Page::of(context, devices.len())?;
    let entries = page.cut(&devices).iter().map(|(assignment, serial)| {
        Xml::new()
            .text("UserName", &user.name)
            .text("SerialNumber", serial)
            .time("EnableDate", assignment.enabled)
    });
    Ok(page.finish(Xml::new().list("MFADevices", entries)))
}
