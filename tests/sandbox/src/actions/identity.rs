//! What the actions about users, groups and roles and their policies have in common.

use super::Context;
use crate::{
    constraints::{Constraints, is_word},
    error::ApiError,
    groups::StoredGroup,
    model::{StoredRole, account_of, partition_of},
    permissions::Permissions,
    reply::Xml,
};

/// What kind of identity an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
    Role,
}

impl Kind {
    /// The parameter that names one, and AWS's name for it in messages.
    fn parameter(self) -> (&'static str, &'static str) {
        match self {
            Kind::User => ("UserName", "userName"),
            Kind::Group => ("GroupName", "groupName"),
            Kind::Role => ("RoleName", "roleName"),
        }
    }

    /// AWS's word for it in messages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Role => "role",
        }
    }

    /// The name in quotas, such as `PoliciesPerGroup`.
    pub(super) fn title(self) -> &'static str {
        match self {
            Kind::User => "User",
            Kind::Group => "Group",
            Kind::Role => "Role",
        }
    }

    /// The resource of an action about one, as a refusal words it.
    pub(super) fn resource(self, context: &Context) -> String {
        let name = context.parameters.text(self.parameter().0);
        format!("{} {}", self.word(), name.unwrap_or("null"))
    }

    /// Takes the name, which has to be there, within the limits of the API's own model.
    pub(super) fn constrain<'a>(
        self,
        context: &Context<'a>,
        constraints: &mut Constraints,
    ) -> &'a str {
        let (parameter, member) = self.parameter();
        let name = constraints.required(context.parameters, parameter, member);
        if !name.is_empty() {
            let most = if self == Kind::Role { 64 } else { 128 };
            let allowed = |character| is_word(character) || "+=,.@-".contains(character);
            constraints.characters(member, name, r"[\w+=,.@-]+", allowed);
            constraints.length(member, name, 1, most);
        }
        name
    }

    /// The ARN of the one that the request names.
    pub(super) fn find(self, context: &Context, name: &str) -> Result<String, ApiError> {
        let found = match self {
            Kind::User => {
                let partition = partition_of(&context.caller.arn);
                let user = context
                    .state
                    .user_named(partition, &context.caller.account, name);
                user.map(|user| user.arn.clone())
            }
            Kind::Group => group(context, name).map(|group| group.arn.clone()),
            Kind::Role => role(context, name).map(|role| role.arn.clone()),
        };
        found.ok_or_else(|| {
            ApiError::no_such_entity(format!(
                "The {} with name {name} cannot be found.",
                self.word()
            ))
        })
    }
}

/// The group of this name in the caller's account.
pub(super) fn group<'a>(context: &'a Context, name: &str) -> Option<&'a StoredGroup> {
    let caller = context.caller;
    context
        .state
        .group_named(partition_of(&caller.arn), &caller.account, name)
}

/// The role of this name in the caller's account.
pub(super) fn role<'a>(context: &'a Context, name: &str) -> Option<&'a StoredRole> {
    let mut roles = context.state.roles.iter();
    roles.find(|role| is_of_account(context, &role.arn) && role.role.name == name)
}

/// Whether something is in the caller's account and partition.
pub(super) fn is_of_account(context: &Context, arn: &str) -> bool {
    account_of(arn) == context.caller.account
        && partition_of(arn) == partition_of(&context.caller.arn)
}

/// Takes `Path` or `PathPrefix`, within the limits of the API's own model.
pub(super) fn path<'a>(
    context: &Context<'a>,
    name: &str,
    member: &str,
    constraints: &mut Constraints,
) -> &'a str {
    let Some(path) = context.parameters.text(name) else {
        return "/";
    };
    let is_visible = path.bytes().all(|byte| byte.is_ascii_graphic());
    // A prefix need not end with a slash.
    let is_whole = name == "PathPrefix" || path.ends_with('/');
    let pattern = r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)";
    let is_path = path.starts_with('/') && is_visible && is_whole;
    constraints.matches(member, path, pattern, is_path);
    constraints.length(member, path, 1, 512);
    path
}

/// Takes `PolicyName`, within the same limits.
pub(super) fn policy_name<'a>(context: &Context<'a>, constraints: &mut Constraints) -> &'a str {
    let name = constraints.required(context.parameters, "PolicyName", "policyName");
    if !name.is_empty() {
        let allowed = |character| is_word(character) || "+=,.@-".contains(character);
        constraints.characters("policyName", name, r"[\w+=,.@-]+", allowed);
        constraints.length("policyName", name, 1, 128);
    }
    name
}

/// Takes `PolicyDocument`, within the same limits.
pub(super) fn policy_document<'a>(context: &Context<'a>, constraints: &mut Constraints) -> &'a str {
    let text = constraints.required(context.parameters, "PolicyDocument", "policyDocument");
    if !text.is_empty() {
        let allowed = |character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        let pattern = r"[\u0009\u000A\u000D\u0020-\u00FF]+";
        constraints.characters("policyDocument", text, pattern, allowed);
        constraints.length("policyDocument", text, 1, 131_072);
    }
    text
}

/// What the answers have of a boundary.
pub(super) fn boundary_element(permissions: &Permissions) -> Option<Xml> {
    let arn = permissions.boundary.as_deref()?;
    let boundary = Xml::new()
        .text("PermissionsBoundaryType", "Policy")
        .text("PermissionsBoundaryArn", arn);
    Some(Xml::new().group("PermissionsBoundary", boundary))
}

/// What a `<Group>` of an answer contains.
pub(super) fn group_element(group: &StoredGroup) -> Xml {
    Xml::new()
        .text("Path", &group.path)
        .text("GroupName", &group.name)
        .text("GroupId", &group.id)
        .text("Arn", &group.arn)
        .time("CreateDate", group.created)
}

/// What a `<Role>` of an answer contains.
pub(super) fn role_element(role: &StoredRole) -> Xml {
    Xml::new()
        .text("Path", "/")
        .text("RoleName", &role.role.name)
        .text("RoleId", &role.id)
        .text("Arn", &role.arn)
        .time("CreateDate", role.created)
        .text(
            "AssumeRolePolicyDocument",
            &escape_document(&trust_policy(role)),
        )
}

/// The trust policy of a role.
fn trust_policy(role: &StoredRole) -> String {
    if let Some(document) = &role.trust_policy {
        return document.clone();
    }
    let fields = &role.role;
    let mut actions = vec!["sts:AssumeRole"];
    actions.extend(fields.allows_tags.then_some("sts:TagSession"));
    actions.extend(
        fields
            .allows_source_identity
            .then_some("sts:SetSourceIdentity"),
    );
    let mut statement = serde_json::json!({
        "Effect": "Allow", "Principal": {"AWS": fields.trusted}, "Action": actions,
    });
    if let Some(id) = &fields.external_id {
        statement["Condition"]["StringEquals"]["sts:ExternalId"] = id.as_str().into();
    }
    if fields.require_mfa {
        statement["Condition"]["Bool"]["aws:MultiFactorAuthPresent"] = "true".into();
    }
    serde_json::json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// Escapes a document as IAM's answers do. (RFC 3986, as the API reference says of each.)
pub(super) fn escape_document(document: &str) -> String {
    let mut escaped = String::with_capacity(document.len() * 2);
    for byte in document.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A refusal because there is as much as AWS allows.
pub(super) fn limit_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::new(409, "LimitExceeded", message)
}

/// A refusal because there is one already.
pub(super) fn already_exists(message: impl Into<String>) -> ApiError {
    ApiError::new(409, "EntityAlreadyExists", message)
}

/// A refusal because what is to be deleted is in use.
pub(super) fn delete_conflict(message: impl Into<String>) -> ApiError {
    ApiError::new(409, "DeleteConflict", message)
}
