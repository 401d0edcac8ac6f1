//! The actions about the inline policies of users, groups and roles.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html> and its kin.

use super::{
    Action, Context,
    identity::{Kind, escape_document, limit_exceeded, policy_document, policy_name},
    page::Page,
};
use crate::{constraints::Constraints, document, error::ApiError, reply::Xml, service::Service};

macro_rules! actions {
    ($($name:literal $run:ident $kind:ident,)*) => {
        &[$(Action {
            service: Service::Iam,
            name: $name,
            resource: |context| Kind::$kind.resource(context),
            run: |context| $run(context, Kind::$kind),
        },)*]
    };
}

pub(super) const ACTIONS: &[Action] = actions![
    "PutUserPolicy" put User,
    "PutGroupPolicy" put Group,
    "PutRolePolicy" put Role,
    "GetUserPolicy" get User,
    "GetGroupPolicy" get Group,
    "GetRolePolicy" get Role,
    "DeleteUserPolicy" delete User,
    "DeleteGroupPolicy" delete Group,
    "DeleteRolePolicy" delete Role,
    "ListUserPolicies" list User,
    "ListGroupPolicies" list Group,
    "ListRolePolicies" list Role,
];

/// The most characters that the inline policies of an identity may have together. (IAM User Guide,
/// "IAM and STS quotas".)
fn longest(kind: Kind) -> usize {
    match kind {
        Kind::User => 2_048,
        Kind::Group => 5_120,
        Kind::Role => 10_240,
    }
}

fn put(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let identity_name = kind.constrain(context, &mut constraints);
    let name = policy_name(context, &mut constraints);
    let text = policy_document(context, &mut constraints);
    constraints.check()?;
    document::check(text)?;
    let identity = kind.find(context, identity_name)?;
    let Some(permissions) = context.state.permissions_mut(&identity) else {
        return Err(ApiError::internal_failure());
    };
    let others = permissions
        .inline
        .iter()
        .filter(|(other, _)| *other != name);
    let size: usize = others.map(|(_, text)| document::size(text)).sum();
    if size + document::size(text) > longest(kind) {
        return Err(limit_exceeded(format!(
            "Maximum policy size of {} bytes exceeded for {} {identity_name}",
            longest(kind),
            kind.word()
        )));
    }
    permissions.inline.insert(name.to_owned(), text.to_owned());
    Ok(Xml::new())
}

fn get(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let (identity, identity_name, name) = read(context, kind)?;
    let permissions = context.state.permissions(&identity);
    let text = permissions.and_then(|permissions| permissions.inline.get(name));
    let text = text.ok_or_else(|| no_such_policy(kind, name))?;
    Ok(Xml::new()
        .text(&format!("{}Name", kind.title()), identity_name)
        .text("PolicyName", name)
        .text("PolicyDocument", &escape_document(text)))
}

fn delete(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let (identity, _, name) = read(context, kind)?;
    let permissions = context.state.permissions_mut(&identity);
    let removed = permissions.and_then(|permissions| permissions.inline.remove(name));
    removed.ok_or_else(|| no_such_policy(kind, name))?;
    Ok(Xml::new())
}

fn list(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = kind.constrain(context, &mut constraints);
    constraints.check()?;
    let identity = kind.find(context, name)?;
    let permissions = context.state.permissions(&identity);
    let names: Vec<_> = permissions
        .iter()
        .flat_map(|permissions| permissions.inline.keys().map(String::as_str))
        .collect();
    let page = Page::of(context, names.len())?;
    let entries = page.cut(&names).iter().copied();
    Ok(page.finish(Xml::new().texts("PolicyNames", entries)))
}

/// The ARN and the name of the identity, and the name of the policy.
fn read<'a>(context: &Context<'a>, kind: Kind) -> Result<(String, &'a str, &'a str), ApiError> {
    let mut constraints = Constraints::new();
    let identity = kind.constrain(context, &mut constraints);
    let name = policy_name(context, &mut constraints);
    constraints.check()?;
    Ok((kind.find(context, identity)?, identity, name))
}

fn no_such_policy(kind: Kind, name: &str) -> ApiError {
    ApiError::no_such_entity(format!(
        "The {} policy with name {name} cannot be found.",
        kind.word()
    ))
}
