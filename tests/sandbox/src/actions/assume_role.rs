//! `sts:AssumeRole`: a session of a role, for those whom the role trusts.

use std::time::Duration;

use super::{Action, Context, credentials, mfa};
use crate::{
    caller::Credentials,
    constraints::{Constraints, is_word},
    error::ApiError,
    model::{Owner, StoredRole},
    reply::Xml,
    service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Sts,
    name: "AssumeRole",
    resource: |context| {
        let role = context.parameters.text("RoleArn");
        role.unwrap_or("null").to_owned()
    },
    run,
};

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let role_arn = constraints.required(context.parameters, "RoleArn", "roleArn");
    let session_name =
        constraints.required(context.parameters, "RoleSessionName", "roleSessionName");
    let seconds = context.parameters.integer("DurationSeconds")?;
    if !role_arn.is_empty() {
        constraints.length("roleArn", role_arn, 20, 2048);
    }
    if !session_name.is_empty() {
        let allowed = |character| is_word(character) || "+=,.@-".contains(character);
        constraints.characters("roleSessionName", session_name, r"[\w+=,.@-]*", allowed);
        constraints.length("roleSessionName", session_name, 2, 64);
    }
    if let Some(seconds) = seconds {
        constraints.range("durationSeconds", seconds, 900, 43_200);
    }
    mfa::constrain(context, &mut constraints);
    constraints.check()?;

    if context.caller.arn.ends_with(":root") {
        return Err(ApiError::access_denied(
            "Roles may not be assumed by root accounts.",
        ));
    }
    let role = trusting_role(context, role_arn)?;
    let duration = Duration::from_secs(seconds.unwrap_or(3_600).unsigned_abs());
    check_duration(context, &role, duration)?;

    let session = context.state.open_session(
        Owner::Role {
            role_arn: role.arn.clone(),
            session_name: session_name.to_owned(),
        },
        duration,
    );
    let assumed = Xml::new()
        .text("AssumedRoleId", &format!("{}:{session_name}", role.id))
        .text(
            "Arn",
            &format!(
                "arn:aws:sts::{}:assumed-role/{}/{session_name}",
                role.role.account, role.role.name
            ),
        );
    Ok(Xml::new()
        .group("Credentials", credentials(&session))
        .group("AssumedRoleUser", assumed))
}

/// The role, if it exists and its trust policy lets the caller in. Nobody is told which of the
/// two it was.
fn trusting_role(context: &mut Context, role_arn: &str) -> Result<StoredRole, ApiError> {
    let refused = ApiError::access_denied(format!(
        "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
        context.caller.arn
    ));
    let caller = context.caller;
    let found = context.state.roles.iter().find(|role| role.arn == role_arn);
    let Some(role) = found.cloned() else {
        return Err(refused);
    };
    let principal = match &caller.credentials {
        Credentials::RoleSession { role_arn } => role_arn,
        _ => &caller.arn,
    };
    let account = format!("arn:aws:iam::{}:root", caller.account);
    let is_trusted = role
        .role
        .trusted
        .iter()
        .any(|trusted| trusted == principal || *trusted == account);
    let given = context.parameters.text("ExternalId");
    let knows_the_id = role.role.external_id.is_none() || given == role.role.external_id.as_deref();
    if !is_trusted || !knows_the_id {
        return Err(refused);
    }
    // Only a long-term key can bring a code along: a session had its chance when it was made.
    let with_mfa = match caller.credentials {
        Credentials::LongTermKey => mfa::prove(context)?,
        _ if context.parameters.text("TokenCode").is_some() => {
            return Err(ApiError::access_denied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify \
                 your MFA serial number is valid and associated with this user.",
            ));
        }
        Credentials::Session { mfa_time } => mfa_time.is_some(),
        Credentials::RoleSession { .. } => false,
    };
    if role.role.require_mfa && !with_mfa {
        return Err(refused);
    }
    Ok(role)
}

fn check_duration(
    context: &Context,
    role: &StoredRole,
    duration: Duration,
) -> Result<(), ApiError> {
    let is_chained = matches!(context.caller.credentials, Credentials::RoleSession { .. });
    if is_chained && duration > Duration::from_secs(3_600) {
        return Err(ApiError::validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining.",
        ));
    }
    if duration > role.role.max_session_duration {
        return Err(ApiError::validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(())
}
