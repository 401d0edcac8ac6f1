//! `iam:DeleteAccessKey`: deletes a key, be it active or not.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html>

use super::{Action, Context, constrain_user_name, key, user_resource};
use crate::{
    constraints::Constraints, error::ApiError, keys::Status, reply::Xml, service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "DeleteAccessKey",
    resource: user_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    let id = key::id(context.parameters, &mut constraints);
    constraints.check()?;

    let user = key::owner(context)?;
    key::find(context, user, id)?;
    context.state.change_key(id, Status::Deleted);
    Ok(Xml::new())
}
