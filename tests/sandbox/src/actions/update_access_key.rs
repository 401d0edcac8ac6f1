//! `iam:UpdateAccessKey`: makes a key inactive, or active again.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html>

use super::{Action, Context, constrain_user_name, key, user_resource};
use crate::{
    constraints::Constraints, error::ApiError, keys::Status, reply::Xml, service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "UpdateAccessKey",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    let id = key::id(context.parameters, &mut constraints);
    let status = constraints.required(context.parameters, "Status", "status");
    if !status.is_empty() {
        constraints.one_of("status", status, &["Active", "Expired", "Inactive"]);
    }
    constraints.check()?;
    let status = match status {
        "Active" => Status::Active,
        "Inactive" => Status::Inactive,
        // The model knows the word and an error for it; the sentence is ours.
        _ => {
            return Err(ApiError::new(
                400,
                "InvalidInput",
                "An access key cannot be made Expired.",
            ));
        }
    };

    let user = key::owner(context)?;
    key::find(context, user, id)?;
    context.state.change_key(id, status);
    Ok(Xml::new())
}
