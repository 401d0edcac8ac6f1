//! `sts:AssumeRole`: a session of a role, for those whom the role trusts.

use std::time::Duration;

use super::{Action, Context, credentials, mfa, policies::SessionPolicies, tags::SessionTags};
use crate::{
    caller::Credentials,
    constraints::{Constraints, is_word},
    error::ApiError,
    model::{StoredRole, partition_of},
    query::Parameters,
    reply::Xml,
    service::Service,
    sessions::{IssuedSession, Owner},
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
    let (role_arn, session_name) = names(context.parameters, &mut constraints);
    let seconds = context.parameters.integer("DurationSeconds")?;
    if let Some(seconds) = seconds {
        constraints.range("durationSeconds", seconds, 900, 43_200);
    }
    mfa::constrain(context, &mut constraints);
    constrain_texts(context, &mut constraints);
    let policies = SessionPolicies::read(context.parameters, &mut constraints);
    let tags = SessionTags::read(context.parameters, &mut constraints);
    constraints.check()?;
    policies.check()?;
    tags.check_keys()?;

    if context.caller.arn.ends_with(":root") {
        return Err(ApiError::access_denied(
            "Roles may not be assumed by root accounts.",
        ));
    }
    if !is_arn(role_arn) {
        return Err(ApiError::validation(format!("{role_arn} is invalid")));
    }
    let (role, with_mfa) = trusting_role(context, role_arn)?;
    let duration = Duration::from_secs(seconds.unwrap_or(3_600).unsigned_abs());
    check_duration(context, &role, duration)?;

    let packed_size = policies.packed_size(&tags);
    let (tags, source_identity) = hand_on(context, &role, tags)?;
    if let Some(role) = context.state.role_mut(&role.arn) {
        role.last_used = Some(context.now);
    }
    let owner = Owner::Role {
        role_arn: role.arn.clone(),
        session_name: session_name.to_owned(),
    };
    let issued = IssuedSession {
        arn: format!(
            "arn:{}:sts::{}:assumed-role/{}/{session_name}",
            partition_of(&role.arn),
            role.role.account,
            role.role.name
        ),
        with_mfa,
        duration,
        role_arn: Some(role.arn),
        name: Some(session_name.to_owned()),
        external_id: context.parameters.text("ExternalId").map(str::to_owned),
        tags: tags.tags,
        transitive_tag_keys: tags.transitive,
        source_identity,
        policy: policies.inline,
        policy_arns: policies.arns,
        ..context.issued(ACTION.name)
    };
    let session = context.state.open_session(owner, issued);
    let assumed = Xml::new()
        .text("AssumedRoleId", &format!("{}:{session_name}", role.id))
        .text("Arn", &session.issued.arn);
    let mut result = Xml::new()
        .group("Credentials", credentials(&session))
        .group("AssumedRoleUser", assumed);
    if let Some(size) = packed_size {
        result = result.text("PackedPolicySize", &size.to_string());
    }
    if let Some(identity) = &session.issued.source_identity {
        result = result.text("SourceIdentity", identity);
    }
    Ok(result)
}

/// The ARN of the role and the name of the session, their form checked.
fn names<'a>(parameters: &'a Parameters, constraints: &mut Constraints) -> (&'a str, &'a str) {
    let role_arn = constraints.required(parameters, "RoleArn", "roleArn");
    if !role_arn.is_empty() {
        constraints.length("roleArn", role_arn, 20, 2048);
    }
    let name = constraints.required(parameters, "RoleSessionName", "roleSessionName");
    if !name.is_empty() {
        let allowed = |character| is_word(character) || "+=,.@-".contains(character);
        constraints.characters("roleSessionName", name, r"[\w+=,.@-]*", allowed);
        constraints.length("roleSessionName", name, 2, 64);
    }
    (role_arn, name)
}

/// The tags and the source identity of the session, with what a calling session hands on, if the
/// role's trust policy takes them.
fn hand_on(
    context: &Context,
    role: &StoredRole,
    tags: SessionTags,
) -> Result<(SessionTags, Option<String>), ApiError> {
    let calling = context.state.session(&context.caller.access_key_id);
    let calling = calling.map(|session| &session.issued);
    let source_identity = source_identity(context, calling, &role.arn)?;
    let tags = tags.inherit(calling)?;
    if !tags.tags.is_empty() && !role.role.allows_tags {
        return Err(unauthorized(context, "sts:TagSession", &role.arn));
    }
    if source_identity.is_some() && !role.role.allows_source_identity {
        return Err(unauthorized(context, "sts:SetSourceIdentity", &role.arn));
    }
    Ok((tags, source_identity))
}

/// Checks the form of `ExternalId` and `SourceIdentity`, as the API's model has it.
fn constrain_texts(context: &Context, constraints: &mut Constraints) {
    if let Some(id) = context.parameters.text("ExternalId") {
        let allowed = |character| is_word(character) || "+=,.@:/-".contains(character);
        constraints.characters("externalId", id, r"[\w+=,.@:\/-]*", allowed);
        constraints.length("externalId", id, 2, 1224);
    }
    if let Some(identity) = context.parameters.text("SourceIdentity") {
        let allowed = |character| is_word(character) || "+=,.@-".contains(character);
        // The prefix `aws:`, which AWS reserves, is caught by this pattern: it has no colon.
        constraints.characters("sourceIdentity", identity, r"[\w+=,.@-]*", allowed);
        constraints.length("sourceIdentity", identity, 2, 64);
    }
}

/// Whether the text has the six parts of an ARN; those of region and account may be empty, as AWS
/// has it (recorded by LocalStack, `test_sts_invalid_parameters`).
fn is_arn(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, service, _, _, resource]
        if ![partition, service, resource].contains(&""))
}

/// The source identity of the session: the inherited one, which cannot be changed in a chain.
///
/// That it cannot is documented; the words of the refusal are those of a trust policy that does not
/// let it be set.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>
fn source_identity(
    context: &Context,
    calling: Option<&IssuedSession>,
    role_arn: &str,
) -> Result<Option<String>, ApiError> {
    let given = context.parameters.text("SourceIdentity");
    let inherited = calling.and_then(|session| session.source_identity.as_deref());
    match (inherited, given) {
        (Some(inherited), Some(given)) if inherited != given => {
            Err(unauthorized(context, "sts:SetSourceIdentity", role_arn))
        }
        _ => Ok(inherited.or(given).map(str::to_owned)),
    }
}

/// What a caller hears whom a trust policy does not allow the action.
fn unauthorized(context: &Context, action: &str, role_arn: &str) -> ApiError {
    ApiError::access_denied(format!(
        "User: {} is not authorized to perform: {action} on resource: {role_arn}",
        context.caller.arn
    ))
}

/// The role, if it exists and its trust policy lets the caller in, and whether that was with MFA.
/// Nobody who is not let in is told which of the two it was.
fn trusting_role(context: &mut Context, role_arn: &str) -> Result<(StoredRole, bool), ApiError> {
    let refused = unauthorized(context, "sts:AssumeRole", role_arn);
    let caller = context.caller;
    let found = context.state.roles.iter().find(|role| role.arn == role_arn);
    let Some(role) = found.cloned() else {
        return Err(refused);
    };
    let principal = match &caller.credentials {
        Credentials::RoleSession { role_arn } => role_arn,
        _ => &caller.arn,
    };
    let partition = partition_of(&caller.arn);
    let account = format!("arn:{partition}:iam::{}:root", caller.account);
    let is_trusted = role
        .role
        .trusted
        .iter()
        .any(|trusted| trusted == principal || *trusted == account);
    let given = context.parameters.text("ExternalId");
    let knows_the_id = role.role.external_id.is_none() || given == role.role.external_id.as_deref();
    let is_elsewhere = partition_of(role_arn) != partition;
    if is_elsewhere || !is_trusted || !knows_the_id {
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
        Credentials::RoleSession { .. } | Credentials::FederatedUser => false,
    };
    if role.role.require_mfa && !with_mfa {
        return Err(refused);
    }
    Ok((role, with_mfa))
}

fn check_duration(
    context: &Context,
    role: &StoredRole,
    duration: Duration,
) -> Result<(), ApiError> {
    // Sessions of users count as links of the chain too: whoever assumes a role with what
    // GetSessionToken gave meets this very refusal. (mmmorris1975/aws-runas#11,
    // trek10inc/awsume#114, Systanics/CloudGlance#31.)
    let is_chained = context.caller.credentials != Credentials::LongTermKey;
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
