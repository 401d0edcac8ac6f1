//! `sts:GetCallerIdentity`: who am I? Answered whatever the policies say.

use super::{Action, Context, any_resource};
use crate::{error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Sts,
    name: "GetCallerIdentity",
    resource: any_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    Ok(Xml::new()
        .text("Arn", &context.caller.arn)
        .text("UserId", &context.caller.id)
        .text("Account", &context.caller.account))
}
