//! `iam:GetAccessKeyLastUsed`: whose a key is, and what it was last used for.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html>

use super::{Action, Context, key};
use crate::{
    constraints::Constraints,
    error::ApiError,
    keys::StoredKey,
    model::{account_of, partition_of},
    reply::Xml,
    service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "GetAccessKeyLastUsed",
    resource,
    run,
};

/// The owner of the key: the action's resource is a user (Service Authorization Reference).
fn resource(context: &Context) -> String {
    let id = context.parameters.text("AccessKeyId").unwrap_or_default();
    let user = find(context, id).and_then(|key| context.state.user(&key.user_arn));
    format!("user {}", user.map_or("null", |user| &user.name))
}

/// The key of this id, if it is one of the caller's account.
fn find<'a>(context: &'a Context, id: &str) -> Option<&'a StoredKey> {
    let arn = &context.caller.arn;
    context.state.key(id).filter(|key| {
        account_of(&key.user_arn) == context.caller.account
            && partition_of(&key.user_arn) == partition_of(arn)
    })
}

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let id = key::id(context.parameters, &mut constraints);
    constraints.check()?;

    let key = find(context, id).ok_or_else(|| key::no_such_key(id))?;
    let last_use = match &key.last_use {
        Some(last_use) => Xml::new()
            .time("LastUsedDate", last_use.time)
            .text("ServiceName", &last_use.service)
            .text("Region", &last_use.region),
        // As the reference has it for keys that were never used.
        None => Xml::new().text("ServiceName", "N/A").text("Region", "N/A"),
    };
    let mut result = Xml::new();
    if let Some(user) = context.state.user(&key.user_arn) {
        result = result.text("UserName", &user.name);
    }
    Ok(result.group("AccessKeyLastUsed", last_use))
}
