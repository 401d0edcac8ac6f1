//! The actions that attach managed policies to users, groups and roles, and detach them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html> and its kin.

use super::{
    Action, Context,
    identity::{Kind, limit_exceeded},
    managed_policies,
    page::Page,
};
use crate::{
    constraints::Constraints, error::ApiError, permissions::MOST_ATTACHED, reply::Xml,
    service::Service,
};

pub(super) const ACTIONS: &[Action] = &[
    Action {
        service: Service::Iam,
        name: "AttachUserPolicy",
        resource: |context| Kind::User.resource(context),
        run: |context| attach(context, Kind::User),
    },
    Action {
        service: Service::Iam,
        name: "AttachGroupPolicy",
        resource: |context| Kind::Group.resource(context),
        run: |context| attach(context, Kind::Group),
    },
    Action {
        service: Service::Iam,
        name: "AttachRolePolicy",
        resource: |context| Kind::Role.resource(context),
        run: |context| attach(context, Kind::Role),
    },
    Action {
        service: Service::Iam,
        name: "DetachUserPolicy",
        resource: |context| Kind::User.resource(context),
        run: |context| detach(context, Kind::User),
    },
    Action {
        service: Service::Iam,
        name: "DetachGroupPolicy",
        resource: |context| Kind::Group.resource(context),
        run: |context| detach(context, Kind::Group),
    },
    Action {
        service: Service::Iam,
        name: "DetachRolePolicy",
        resource: |context| Kind::Role.resource(context),
        run: |context| detach(context, Kind::Role),
    },
    Action {
        service: Service::Iam,
        name: "ListAttachedUserPolicies",
        resource: |context| Kind::User.resource(context),
        run: |context| list(context, Kind::User),
    },
    Action {
        service: Service::Iam,
        name: "ListAttachedGroupPolicies",
        resource: |context| Kind::Group.resource(context),
        run: |context| list(context, Kind::Group),
    },
    Action {
        service: Service::Iam,
        name: "ListAttachedRolePolicies",
        resource: |context| Kind::Role.resource(context),
        run: |context| list(context, Kind::Role),
    },
];

fn attach(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let (identity, policy) = read(context, kind)?;
    if !managed_policies::is_known(context, policy) {
        return Err(ApiError::no_such_entity(format!(
            "Policy {policy} does not exist or is not attachable."
        )));
    }
    let Some(permissions) = context.state.permissions_mut(&identity) else {
        return Err(ApiError::internal_failure());
    };
    if permissions.attached.iter().any(|arn| arn == policy) {
        return Ok(Xml::new());
    }
    if permissions.attached.len() >= MOST_ATTACHED {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for PoliciesPer{}: {MOST_ATTACHED}",
            kind.title()
        )));
    }
    permissions.attached.push(policy.to_owned());
    Ok(Xml::new())
}

fn detach(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let (identity, policy) = read(context, kind)?;
    let permissions = context.state.permissions_mut(&identity);
    let attached = permissions.map(|permissions| &mut permissions.attached);
    match attached.and_then(|attached| {
        let at = attached.iter().position(|arn| arn == policy)?;
        Some(attached.remove(at))
    }) {
        Some(_) => Ok(Xml::new()),
        None => Err(ApiError::no_such_entity(format!(
            "Policy {policy} was not found."
        ))),
    }
}

fn list(context: &mut Context, kind: Kind) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = kind.constrain(context, &mut constraints);
    constraints.check()?;
    let identity = kind.find(context, name)?;
    let permissions = context.state.permissions(&identity);
    let attached = permissions.map_or(&[][..], |permissions| &permissions.attached);
    let page = Page::of(context, attached.len())?;
    let entries = page.cut(attached).iter().map(|arn| attached_element(arn));
    Ok(page.finish(Xml::new().list("AttachedPolicies", entries)))
}

/// What the answers have of an attached policy.
pub(super) fn attached_element(arn: &str) -> Xml {
    let name = arn.rsplit('/').next().unwrap_or_default();
    Xml::new().text("PolicyName", name).text("PolicyArn", arn)
}

/// The ARN of the identity and that of the policy that the request names.
fn read<'a>(context: &Context<'a>, kind: Kind) -> Result<(String, &'a str), ApiError> {
    let mut constraints = Constraints::new();
    let name = kind.constrain(context, &mut constraints);
    let policy = managed_policies::arn(context, &mut constraints);
    constraints.check()?;
    Ok((kind.find(context, name)?, policy))
}
