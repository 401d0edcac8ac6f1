//! `iam:SimulatePrincipalPolicy`: what a user's policies would decide, here for another MFA age.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use std::time::Duration;

use super::{Action, Context, page::Page};
use crate::{
    constraints::Constraints, error::ApiError, model::StoredUser, reply::Xml, service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "SimulatePrincipalPolicy",
    resource,
    run,
};

/// The principal whose policies they are (Service Authorization Reference).
fn resource(context: &Context) -> String {
    let arn = context.parameters.text("PolicySourceArn");
    arn.unwrap_or("null").to_owned()
}

/// The policies of the sandbox: everything is allowed but what `denied` names, and with a limit nothing past
/// it, or without MFA.
fn is_allowed(user: &StoredUser, action: &str, mfa_age: Option<Duration>) -> bool {
    let is_in_time = user
        .mfa_age_limit
        .is_none_or(|limit| mfa_age.is_some_and(|age| age <= limit));
    is_in_time && !user.denied.contains(action)
}

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let parameters = context.parameters;
    let arn = constraints.required(parameters, "PolicySourceArn", "policySourceArn");
    constraints.length("policySourceArn", arn, 20, 2048);
    let actions: Vec<&str> = parameters
        .members("ActionNames")
        .values()
        .filter_map(|entry| entry.get("").copied())
        .collect();
    constraints.given("actionNames", actions.first().copied());
    constraints.check()?;

    let mfa_age = mfa_age(context)?;
    let user = context.state.user(arn).ok_or_else(|| {
        ApiError::no_such_entity(format!("The policy source {arn} cannot be found."))
    })?;
    let page = Page::of(context, actions.len())?;
    let results = page.cut(&actions).iter().map(|action| {
        let decision = match is_allowed(user, action, mfa_age) {
            true => "allowed",
            false => "explicitDeny",
        };
        Xml::new()
            .text("EvalActionName", action)
            .text("EvalResourceName", "*")
            .text("EvalDecision", decision)
    });
    Ok(page.finish(Xml::new().list("EvaluationResults", results)))
}

/// `aws:MultiFactorAuthAge` of the context, in seconds. A value that does not fit its type is refused, as the
/// reference says; the words are ours.
fn mfa_age(context: &Context) -> Result<Option<Duration>, ApiError> {
    let mut age = None;
    for (number, entry) in context.parameters.members("ContextEntries") {
        let field = |name: &str| entry.get(name).copied().unwrap_or_default();
        let value = field("ContextKeyValues.member.1");
        let fits = match field("ContextKeyType") {
            "numeric" => value.parse::<u64>().is_ok(),
            "boolean" => matches!(value, "true" | "false"),
            "string" => true,
            _ => false,
        };
        if !fits || field("ContextKeyName").is_empty() {
            return Err(ApiError::new(
                400,
                "InvalidInput",
                format!("Invalid Context Key entry {number}."),
            ));
        }
        if field("ContextKeyName") == "aws:MultiFactorAuthAge" {
            age = value.parse().ok().map(Duration::from_secs);
        }
    }
    Ok(age)
}
