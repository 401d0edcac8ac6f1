//! From a signed request to the one who sent it.

use chrono::{DateTime, Utc};

use crate::{
    error::ApiError,
    model::{State, account_of, partition_of, partition_of_region},
    service::Service,
    sessions::Owner,
    signature::{Authorization, SignedRequest},
};

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The ARN that `GetCallerIdentity` tells: of the user, or of the assumed role.
    pub(crate) arn: String,
    /// The account's number.
    pub(crate) account: String,
    /// The unique id that `GetCallerIdentity` tells.
    pub(crate) id: String,
    /// What the request was signed with.
    pub(crate) credentials: Credentials,
    /// The id of that.
    pub(crate) access_key_id: String,
    /// The region that the request was signed for.
    pub(crate) region: String,
}

/// What a request was signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// A user's access key.
    LongTermKey,
    /// A session of a user, made with MFA at this time, or without.
    Session { mfa_time: Option<DateTime<Utc>> },
    /// A session of this role.
    RoleSession { role_arn: String },
    /// A session of a federated user.
    FederatedUser,
}

/// Verifies the signature, and everything that goes with it, in the order in which AWS does.
pub(crate) fn authenticate(
    state: &State,
    service: Service,
    request: &SignedRequest,
) -> Result<Caller, ApiError> {
    let authorization = Authorization::read(request.headers)?;
    authorization.check_scope(service, request.headers)?;
    let token = request
        .headers
        .get("x-amz-security-token")
        .map(|token| token.as_bytes());
    let now = state.clock.now();
    let (secret, caller) = find(state, &authorization, token, now)?;
    // Partitions are worlds apart: the endpoints of one know no keys of another.
    if partition_of(&caller.arn) != partition_of_region(authorization.region) {
        return Err(ApiError::invalid_client_token());
    }
    authorization.check_date(request.headers, now)?;
    authorization.check_signature(secret, request)?;
    if service == Service::Sts && state.disabled_regions.contains(authorization.region) {
        return Err(ApiError::new(
            403,
            "RegionDisabledException",
            format!(
                "STS is not activated in this region for account:{}. Your account administrator \
                 can activate STS in this region using the IAM Console.",
                caller.account
            ),
        ));
    }
    Ok(caller)
}

/// Finds the key's secret and its owner.
fn find<'a>(
    state: &'a State,
    authorization: &Authorization,
    token: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<(&'a str, Caller), ApiError> {
    let access_key_id = authorization.access_key_id;
    let long_term = state.keys.iter().find(|key| key.id == access_key_id);
    if let Some(key) = long_term {
        // A long-term key never comes with a token: one that does is two mixed up.
        if !key.works() || token.is_some() {
            return Err(ApiError::invalid_client_token());
        }
        let caller = user(
            state,
            &key.user_arn,
            Credentials::LongTermKey,
            authorization,
        )?;
        return Ok((&key.secret, caller));
    }
    let session = state
        .session(access_key_id)
        .filter(|session| token == Some(session.token.as_bytes()))
        .filter(|session| !state.has_ended_with_key(session))
        .ok_or_else(ApiError::invalid_client_token)?;
    if session.issued.expires <= now {
        return Err(ApiError::new(
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
        ));
    }
    let caller = match &session.owner {
        Owner::User { arn, mfa_time } => {
            let mfa_time = *mfa_time;
            user(state, arn, Credentials::Session { mfa_time }, authorization)?
        }
        Owner::Role {
            role_arn,
            session_name,
        } => role(state, role_arn, session_name, authorization)?,
        Owner::FederatedUser { user_arn, name } => {
            let user = user(state, user_arn, Credentials::FederatedUser, authorization)?;
            Caller {
                arn: session.issued.arn.clone(),
                id: format!("{}:{name}", user.account),
                ..user
            }
        }
    };
    Ok((&session.secret, caller))
}

fn user(
    state: &State,
    arn: &str,
    credentials: Credentials,
    authorization: &Authorization,
) -> Result<Caller, ApiError> {
    let user = state.user(arn).ok_or_else(ApiError::invalid_client_token)?;
    Ok(Caller {
        arn: user.arn.clone(),
        account: user.account.clone(),
        id: user.id.clone(),
        credentials,
        access_key_id: authorization.access_key_id.to_owned(),
        region: authorization.region.to_owned(),
    })
}

fn role(
    state: &State,
    role_arn: &str,
    session_name: &str,
    authorization: &Authorization,
) -> Result<Caller, ApiError> {
    let role = state
        .roles
        .iter()
        .find(|role| role.arn == role_arn)
        .ok_or_else(ApiError::invalid_client_token)?;
    let account = account_of(role_arn);
    Ok(Caller {
        arn: format!(
            "arn:{}:sts::{account}:assumed-role/{}/{session_name}",
            partition_of(role_arn),
            role.role.name
        ),
        account: account.to_owned(),
        id: format!("{}:{session_name}", role.id),
        credentials: Credentials::RoleSession {
            role_arn: role_arn.to_owned(),
        },
        access_key_id: authorization.access_key_id.to_owned(),
        region: authorization.region.to_owned(),
    })
}
