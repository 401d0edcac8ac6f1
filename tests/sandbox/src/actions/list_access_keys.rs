//! `iam:ListAccessKeys`: a user's keys, without their secrets.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html>

use super::{Action, Context, constrain_user_name, key, page::Page, user_resource};
use crate::{constraints::Constraints, error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "ListAccessKeys",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    constraints.check()?;

    let user = key::owner(context)?;
    let keys: Vec<_> = context.state.keys_of(&user.arn).collect();
    let page = Page::of(context, keys.len())?;
    let entries = page.cut(&keys).iter().map(|key| {
        Xml::new()
            .text("UserName", &user.name)
            .text("AccessKeyId", &key.id)
            .text("Status", key.status.name())
            .time("CreateDate", key.created)
    });
    Ok(page.finish(Xml::new().list("AccessKeyMetadata", entries)))
}
