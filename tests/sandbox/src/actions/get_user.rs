//! `iam:GetUser`: a user's name, path, id and ARN.

use super::{Action, Context, identity::boundary_element, user_element, user_resource};
use crate::{error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "GetUser",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let user = context.user()?;
    let boundary = boundary_element(&user.permissions).unwrap_or_default();
    Ok(Xml::new().group("User", user_element(user).and(boundary)))
}
