//! `iam:ListAccountAliases`: the account's alias, if it has one.

use super::{Action, Context, any_resource};
use crate::{error::ApiError, reply::Xml, service::Service};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "ListAccountAliases",
    resource: any_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let alias = context.state.aliases.get(&context.caller.account);
    // An account has one alias at most: there never is a second page.
    Ok(Xml::new()
        .texts("AccountAliases", alias.map(String::as_str).into_iter())
        .text("IsTruncated", "false"))
}
