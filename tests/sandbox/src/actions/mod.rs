//! What the sandbox can do: one file per action, or per family of actions that are alike, each with
//! its [`Action`]s, all in one table.

mod assume_role;
mod attachments;
mod authorization_details;
mod create_access_key;
mod create_virtual_mfa_device;
mod deactivate_mfa_device;
mod delete_access_key;
mod delete_virtual_mfa_device;
mod device;
mod enable_mfa_device;
mod get_access_key_last_used;
mod get_caller_identity;
mod get_federation_token;
mod get_mfa_device;
mod get_session_token;
mod get_user;
mod groups;
mod identity;
mod inline_policies;
mod key;
mod list_access_keys;
mod list_account_aliases;
mod list_mfa_devices;
mod list_virtual_mfa_devices;
mod managed_policies;
mod mfa;
mod page;
mod people;
mod policies;
mod policy_versions;
mod reports;
mod resync_mfa_device;
mod tags;
mod update_access_key;

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{
    caller::{Caller, Credentials},
    constraints::{Constraints, is_word},
    error::ApiError,
    model::{State, StoredUser, partition_of},
    query::Parameters,
    reply::Xml,
    service::Service,
    sessions::{IssuedSession, Session},
};

/// The table: the actions that have a file of their own, and the families.
static ACTIONS: &[&[Action]] = &[
    SINGLE,
    attachments::ACTIONS,
    groups::ACTIONS,
    inline_policies::ACTIONS,
    managed_policies::ACTIONS,
    people::ACTIONS,
    policy_versions::ACTIONS,
    reports::ACTIONS,
];

const SINGLE: &[Action] = &[
    assume_role::ACTION,
    authorization_details::ACTION,
    create_access_key::ACTION,
    create_virtual_mfa_device::ACTION,
    deactivate_mfa_device::ACTION,
    delete_access_key::ACTION,
    delete_virtual_mfa_device::ACTION,
    enable_mfa_device::ACTION,
    get_access_key_last_used::ACTION,
    get_caller_identity::ACTION,
    get_federation_token::ACTION,
    get_mfa_device::ACTION,
    get_session_token::ACTION,
    get_user::ACTION,
    list_access_keys::ACTION,
    list_account_aliases::ACTION,
    list_mfa_devices::ACTION,
    list_virtual_mfa_devices::ACTION,
    resync_mfa_device::ACTION,
    update_access_key::ACTION,
];

/// An action of the API.
pub(crate) struct Action {
    pub(crate) service: Service,
    pub(crate) name: &'static str,
    /// What the action is about, as a refusal words it.
    pub(crate) resource: fn(&Context) -> String,
    /// Carries the action out, for a caller who is known and permitted.
    pub(crate) run: fn(&mut Context) -> Result<Xml, ApiError>,
}

impl Action {
    /// The name in policies, such as `iam:GetUser`.
    pub(crate) fn policy_name(&self) -> String {
        format!("{}:{}", self.service.name(), self.name)
    }
}

/// What an action has to work with.
pub(crate) struct Context<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) caller: &'a Caller,
    pub(crate) parameters: &'a Parameters,
    pub(crate) now: DateTime<Utc>,
}

impl Context<'_> {
    /// What every session has on record that this request makes: who asked for it, and with what.
    fn issued(&self, action: &str) -> IssuedSession {
        let with_mfa = matches!(
            self.caller.credentials,
            Credentials::Session { mfa_time: Some(_) }
        );
        IssuedSession {
            access_key_id: String::new(),
            action: action.to_owned(),
            arn: self.caller.arn.clone(),
            requested_with: self.caller.access_key_id.clone(),
            requested_by: self.caller.arn.clone(),
            region: self.caller.region.clone(),
            with_mfa,
            is_chained: self.caller.credentials != Credentials::LongTermKey,
            duration: Duration::ZERO,
            expires: self.now,
            role_arn: None,
            name: None,
            external_id: None,
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            policy: None,
            policy_arns: Vec::new(),
        }
    }

    /// The user that an IAM action is about: the one it names, else the caller.
    fn user(&self) -> Result<&StoredUser, ApiError> {
        match self.parameters.text("UserName") {
            Some(name) => self
                .state
                .user_named(partition_of(&self.caller.arn), &self.caller.account, name)
                .ok_or_else(|| {
                    ApiError::no_such_entity(format!("The user with name {name} cannot be found."))
                }),
            None => self.state.user(&self.caller.arn).ok_or_else(must_name_user),
        }
    }
}

/// Finds an action by its name and the version of its service's API.
pub(crate) fn find(parameters: &Parameters) -> Result<&'static Action, ApiError> {
    let Some(name) = parameters.text("Action") else {
        return Err(ApiError::new(
            400,
            "MissingAction",
            "The request is missing an action or a required parameter.",
        ));
    };
    let version = parameters.text("Version").unwrap_or("null");
    ACTIONS
        .iter()
        .copied()
        .flatten()
        .find(|action| action.name == name && action.service.version() == version)
        .ok_or_else(|| {
            ApiError::new(
                400,
                "InvalidAction",
                format!("Could not find operation {name} for version {version}"),
            )
        })
}

/// The resource of actions that are about nothing in particular.
fn any_resource(_: &Context) -> String {
    "*".to_owned()
}

/// The resource of actions that are about a user.
fn user_resource(context: &Context) -> String {
    let called = match context.caller.credentials {
        Credentials::RoleSession { .. } => None,
        _ => context.state.user(&context.caller.arn),
    };
    let name = context
        .parameters
        .text("UserName")
        .or(called.map(|user| user.name.as_str()));
    format!("user {}", name.unwrap_or("null"))
}

fn must_name_user() -> ApiError {
    ApiError::validation("Must specify userName when calling with non-User credentials")
}

/// Checks the form of `UserName`, if it is there.
fn constrain_user_name(context: &Context, constraints: &mut Constraints) {
    if let Some(name) = context.parameters.text("UserName") {
        let allowed = |character| is_word(character) || "+=,.@-".contains(character);
        constraints.characters("userName", name, r"[\w+=,.@-]+", allowed);
        constraints.length("userName", name, 1, 128);
    }
}

/// Checks the form of `UserName`, and that it is there.
fn constrain_required_user_name(context: &Context, constraints: &mut Constraints) {
    constraints.required(context.parameters, "UserName", "userName");
    constrain_user_name(context, constraints);
}

/// What a `<User>` of an answer contains.
fn user_element(user: &StoredUser) -> Xml {
    let mut element = Xml::new();
    // AWS tells neither path nor name of a root user.
    if !user.is_root() {
        element = element
            .text("Path", &user.path)
            .text("UserName", &user.name);
    }
    element = element
        .text("UserId", &user.id)
        .text("Arn", &user.arn)
        .time("CreateDate", user.created);
    let password = user.password.as_ref();
    match password.and_then(|password| password.last_used) {
        Some(last_used) => element.time("PasswordLastUsed", last_used),
        None => element,
    }
}

/// The `<Credentials>` of an answer.
fn credentials(session: &Session) -> Xml {
    Xml::new()
        .text("AccessKeyId", &session.issued.access_key_id)
        .text("SecretAccessKey", &session.secret)
        .text("SessionToken", &session.token)
        .time("Expiration", session.issued.expires)
}
