//! The actions that list the users and the roles of the account, and tell of a user's password.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html> and its kin.

use super::{
    Action, Context, constrain_user_name,
    identity::{Kind, boundary_element, is_of_account, path, role, role_element},
    page::Page,
    user_element, user_resource,
};
use crate::{
    constraints::Constraints, error::ApiError, model::partition_of, reply::Xml, service::Service,
};

pub(super) const ACTIONS: &[Action] = &[
    Action {
        service: Service::Iam,
        name: "ListUsers",
        resource: |context| everything(context, "user"),
        run: list_users,
    },
    Action {
        service: Service::Iam,
        name: "ListRoles",
        resource: |context| everything(context, "role"),
        run: list_roles,
    },
    Action {
        service: Service::Iam,
        name: "GetRole",
        resource: |context| Kind::Role.resource(context),
        run: get_role,
    },
    Action {
        service: Service::Iam,
        name: "GetLoginProfile",
        resource: user_resource,
        run: get_login_profile,
    },
];

fn everything(context: &Context, kind: &str) -> String {
    let path = context.parameters.text("PathPrefix").unwrap_or("/");
    let (partition, account) = (partition_of(&context.caller.arn), &context.caller.account);
    format!("arn:{partition}:iam::{account}:{kind}{path}")
}

fn list_users(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let prefix = path(context, "PathPrefix", "pathPrefix", &mut constraints);
    constraints.check()?;
    let users: Vec<_> = context
        .state
        .users
        .iter()
        .filter(|user| !user.is_root() && is_of_account(context, &user.arn))
        .filter(|user| user.path.starts_with(prefix))
        .collect();
    let page = Page::of(context, users.len())?;
    let entries = page.cut(&users).iter().map(|user| user_element(user));
    Ok(page.finish(Xml::new().list("Users", entries)))
}

fn list_roles(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    path(context, "PathPrefix", "pathPrefix", &mut constraints);
    constraints.check()?;
    let roles: Vec<_> = context
        .state
        .roles
        .iter()
        .filter(|role| is_of_account(context, &role.arn))
        .collect();
    let page = Page::of(context, roles.len())?;
    let entries = page.cut(&roles).iter().map(|role| {
        let longest = role.role.max_session_duration.as_secs();
        role_element(role).text("MaxSessionDuration", &longest.to_string())
    });
    Ok(page.finish(Xml::new().list("Roles", entries)))
}

fn get_role(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = Kind::Role.constrain(context, &mut constraints);
    constraints.check()?;
    Kind::Role.find(context, name)?;
    let element = role(context, name).map(|role| {
        let longest = role.role.max_session_duration.as_secs();
        let element = role_element(role).text("MaxSessionDuration", &longest.to_string());
        match boundary_element(&role.permissions) {
            Some(boundary) => element.and(boundary),
            None => element,
        }
    });
    Ok(Xml::new().group("Role", element.unwrap_or_default()))
}

fn get_login_profile(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    constrain_user_name(context, &mut constraints);
    constraints.check()?;
    let user = context.user()?;
    let password = user.password.as_ref().ok_or_else(|| {
        ApiError::no_such_entity(format!(
            "Login Profile for User {} cannot be found.",
            user.name
        ))
    })?;
    let profile = Xml::new()
        .text("UserName", &user.name)
        .time("CreateDate", password.created)
        .text("PasswordResetRequired", "false");
    Ok(Xml::new().group("LoginProfile", profile))
}
