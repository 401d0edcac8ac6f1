//! `sts:GetFederationToken`: a session for a federated user, with no more than its policies allow.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>

use std::time::Duration;

use super::{Action, Context, credentials, policies::SessionPolicies, tags::SessionTags};
use crate::{
    constraints::{Constraints, is_word},
    error::ApiError,
    model::partition_of,
    reply::Xml,
    service::Service,
    sessions::{IssuedSession, Owner},
};

pub(super) const ACTION: Action = Action {
    service: Service::Sts,
    name: "GetFederationToken",
    resource: |context| arn(context, context.parameters.text("Name").unwrap_or("null")),
    run,
};

fn arn(context: &Context, name: &str) -> String {
    let partition = partition_of(&context.caller.arn);
    let account = &context.caller.account;
    format!("arn:{partition}:sts::{account}:federated-user/{name}")
}

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = constraints.required(context.parameters, "Name", "name");
    if !name.is_empty() {
        let allowed = |character| is_word(character) || "+=,.@-".contains(character);
        constraints.characters("name", name, r"[\w+=,.@-]*", allowed);
        constraints.length("name", name, 2, 32);
    }
    let seconds = context
        .parameters
        .integer("DurationSeconds")?
        .unwrap_or(43_200);
    constraints.range("durationSeconds", seconds, 900, 129_600);
    let policies = SessionPolicies::read(context.parameters, &mut constraints);
    let tags = SessionTags::read(context.parameters, &mut constraints);
    constraints.check()?;
    policies.check()?;
    tags.check_keys()?;

    // As the API reference says: a longer duration is no error for the root user, who gets an hour
    // instead.
    let is_root = context.caller.arn.ends_with(":root");
    let seconds = if is_root { seconds.min(3_600) } else { seconds };
    let owner = Owner::FederatedUser {
        user_arn: context.caller.arn.clone(),
        name: name.to_owned(),
    };
    let arn = arn(context, name);
    let packed_size = policies.packed_size(&tags).unwrap_or(0);
    let issued = IssuedSession {
        arn: arn.clone(),
        duration: Duration::from_secs(seconds.unsigned_abs()),
        name: Some(name.to_owned()),
        tags: tags.tags,
        policy: policies.inline,
        policy_arns: policies.arns,
        ..context.issued(ACTION.name)
    };
    let session = context.state.open_session(owner, issued);
    let federated = Xml::new()
        .text(
            "FederatedUserId",
            &format!("{}:{name}", context.caller.account),
        )
        .text("Arn", &arn);
    Ok(Xml::new()
        .group("Credentials", credentials(&session))
        .group("FederatedUser", federated)
        .text("PackedPolicySize", &packed_size.to_string()))
}
