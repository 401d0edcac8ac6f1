//! `iam:GetUser`: a user's name, path, id and ARN.

use super::{Action, Context, user_resource};
use crate::{error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "GetUser",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let user = context.user()?;
    let mut result = Xml::new();
    // AWS tells neither path nor name of a root user.
    if !user.is_root() {
        result = result.text("Path", &user.path).text("UserName", &user.name);
    }
    let result = result
        .text("UserId", &user.id)
        .text("Arn", &user.arn)
        .time("CreateDate", user.created);
    Ok(Xml::new().group("User", result))
}
