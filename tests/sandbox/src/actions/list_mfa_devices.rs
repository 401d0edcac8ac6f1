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
        .devices
        .iter()
        .filter(|device| device.user_arn == user.arn)
        .collect();
    let page = Page::of(context, devices.len())?;
    let entries = page.cut(&devices).iter().map(|device| {
        Xml::new()
            .text("UserName", &user.name)
            .text("SerialNumber", &device.serial)
            .time("EnableDate", device.enabled)
    });
    Ok(page.finish(Xml::new().list("MFADevices", entries)))
}
