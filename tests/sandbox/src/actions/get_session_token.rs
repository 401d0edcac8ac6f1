//! `sts:GetSessionToken`: a session for a user, with MFA or without.

use std::time::Duration;

use super::{Action, Context, any_resource, credentials, mfa};
use crate::{
    constraints::Constraints,
    error::ApiError,
    reply::Xml,
    service::Service,
    sessions::{IssuedSession, Owner},
};

pub(super) const ACTION: Action = Action {
    service: Service::Sts,
    name: "GetSessionToken",
    resource: any_resource,
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let is_root = context.caller.arn.ends_with(":root");
    let seconds = context
        .parameters
        .integer("DurationSeconds")?
        .unwrap_or(43_200);
    let mut constraints = Constraints::new();
    constraints.range("durationSeconds", seconds, 900, 129_600);
    mfa::constrain(context, &mut constraints);
    constraints.check()?;
    let with_mfa = mfa::prove(context)?;
    let owner = Owner::User {
        arn: context.caller.arn.clone(),
        mfa_time: with_mfa.then_some(context.now),
    };
    // As the STS API reference says: a longer duration is no error for the root user, who gets an
    // hour instead.
    let seconds = if is_root { seconds.min(3_600) } else { seconds };
    let issued = IssuedSession {
        with_mfa,
        duration: Duration::from_secs(seconds.unsigned_abs()),
        ..context.issued(ACTION.name)
    };
    let session = context.state.open_session(owner, issued);
    Ok(Xml::new().group("Credentials", credentials(&session)))
}
