//! `sts:GetSessionToken`: a session for a user, with MFA or without.

use std::time::Duration;

use super::{Action, Context, any_resource, credentials, mfa};
use crate::{
    constraints::Constraints, error::ApiError, model::Owner, reply::Xml, service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Sts,
    name: "GetSessionToken",
    resource: any_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let is_root = context.caller.arn.ends_with(":root");
    // The documentation lets AWS shorten the sessions of root users in silence. Here it is an
    // error, so that nobody asks for a time that they will not be given.
    let (default, most) = if is_root {
        (3_600, 3_600)
    } else {
        (43_200, 129_600)
    };
    let seconds = context
        .parameters
        .integer("DurationSeconds")?
        .unwrap_or(default);
    let mut constraints = Constraints::new();
    constraints.range("durationSeconds", seconds, 900, most);
    mfa::constrain(context, &mut constraints);
    constraints.check()?;
    let with_mfa = mfa::prove(context)?;
    let owner = Owner::User {
        arn: context.caller.arn.clone(),
        mfa_time: with_mfa.then_some(context.now),
    };
    let session = context
        .state
        .open_session(owner, Duration::from_secs(seconds.unsigned_abs()));
    Ok(Xml::new().group("Credentials", credentials(&session)))
}
