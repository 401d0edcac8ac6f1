//! `iam:CreateAccessKey`: a new key for a user, active, and its secret.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html>

use super::{Action, Context, constrain_user_name, key, user_resource};
use crate::{
    constraints::Constraints, error::ApiError, keys::MOST_KEYS, reply::Xml, service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "CreateAccessKey",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    constraints.check()?;

    let user = key::owner(context)?.clone();
    if context.state.keys_of(&user.arn).count() >= MOST_KEYS {
        return Err(ApiError::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for AccessKeysPerUser: {MOST_KEYS}"),
        ));
    }
    let key = context.state.create_key(&user.arn);
    let result = Xml::new()
        .text("UserName", &user.name)
        .text("AccessKeyId", &key.access_key_id)
        .text("Status", "Active")
        .text("SecretAccessKey", &key.secret_access_key)
        .time("CreateDate", context.now);
    Ok(Xml::new().group("AccessKey", result))
}
