//! Who may call what.

use crate::{
    actions::Action,
    caller::{Caller, Credentials},
    clock::delta,
    error::ApiError,
    model::State,
    service::Service,
};

/// No policy can forbid these.
const BEYOND_POLICIES: [&str; 2] = ["GetCallerIdentity", "GetSessionToken"];

/// All that STS does for callers with a session.
const FOR_SESSIONS: [&str; 2] = ["AssumeRole", "GetCallerIdentity"];

/// Lets the caller pass, or refuses as AWS does.
///
/// `resource` is what the action is about, as the refusal words it.
pub(crate) fn permit(
    state: &State,
    caller: &Caller,
    action: &Action,
    resource: &str,
) -> Result<(), ApiError> {
    match (&caller.credentials, action.service) {
        // An answer that misleads everybody, and is AWS's own: the session is fine, but made
        // without MFA, and IAM takes no such sessions.
        // Federated users may not call IAM at all (API reference of GetFederationToken); that it
        // is the same answer is assumed.
        (Credentials::Session { mfa_time: None } | Credentials::FederatedUser, Service::Iam) => {
            return Err(ApiError::new(
                403,
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
            ));
        }
        (
            Credentials::Session { .. }
            | Credentials::RoleSession { .. }
            | Credentials::FederatedUser,
            Service::Sts,
        ) if !FOR_SESSIONS.contains(&action.name) => {
            return Err(ApiError::access_denied(format!(
                "Cannot call {} with session credentials",
                action.name
            )));
        }
        // Of STS, federated users have GetCallerIdentity alone (the same reference).
        (Credentials::FederatedUser, Service::Sts) if action.name != "GetCallerIdentity" => {
            return Err(ApiError::access_denied(format!(
                "User: {} is not authorized to perform: {} on resource: {resource}",
                caller.arn,
                action.policy_name()
            )));
        }
        _ => {}
    }
    if BEYOND_POLICIES.contains(&action.name) || !is_denied(state, caller, action) {
        return Ok(());
    }
    Err(ApiError::access_denied(format!(
        "User: {} is not authorized to perform: {} on resource: {resource} \
         with an explicit deny in an identity-based policy",
        caller.arn,
        action.policy_name()
    )))
}

/// Whether the policies of the caller deny the action.
fn is_denied(state: &State, caller: &Caller, action: &Action) -> bool {
    if let Credentials::RoleSession { role_arn } = &caller.credentials {
        let role = state.role(role_arn);
        return role.is_some_and(|role| role.denied.contains(&action.policy_name()));
    }
    let Some(user) = state.user(&caller.arn) else {
        return false;
    };
    let too_old = user.mfa_age_limit.is_some_and(|limit| {
        let mfa_time = match caller.credentials {
            Credentials::Session { mfa_time } => mfa_time,
            _ => None,
        };
        mfa_time.is_none_or(|time| state.clock.now() - time > delta(limit))
    });
    too_old || user.denied.contains(&action.policy_name())
}
