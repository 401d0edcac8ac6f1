//! The actions about groups and their members.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html> and its kin.

use super::{
    Action, Context,
    identity::{
        Kind, already_exists, delete_conflict, group, group_element, is_of_account, limit_exceeded,
        path,
    },
    page::Page,
    user_element,
};
use crate::{
    constraints::Constraints,
    error::ApiError,
    groups::{MOST_GROUPS, MOST_GROUPS_OF_USER},
    model::partition_of,
    reply::Xml,
    service::Service,
};

pub(super) const ACTIONS: &[Action] = &[
    action("CreateGroup", create),
    action("GetGroup", get),
    action("DeleteGroup", delete),
    action("AddUserToGroup", add_user),
    action("RemoveUserFromGroup", remove_user),
    Action {
        resource: |context| {
            let path = context.parameters.text("PathPrefix").unwrap_or("/");
            let (partition, account) = (partition_of(&context.caller.arn), &context.caller.account);
            format!("arn:{partition}:iam::{account}:group{path}")
        },
        ..action("ListGroups", list)
    },
    Action {
        resource: |context| Kind::User.resource(context),
        ..action("ListGroupsForUser", list_for_user)
    },
];

const fn action(name: &'static str, run: fn(&mut Context) -> Result<Xml, ApiError>) -> Action {
    Action {
        service: Service::Iam,
        name,
        resource: |context| Kind::Group.resource(context),
        run,
    }
}

fn create(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = Kind::Group.constrain(context, &mut constraints);
    let path = path(context, "Path", "path", &mut constraints);
    constraints.check()?;
    if group(context, name).is_some() {
        return Err(already_exists(format!(
            "Group with name {name} already exists."
        )));
    }
    let groups = context.state.groups.iter();
    let count = groups
        .filter(|group| is_of_account(context, &group.arn))
        .count();
    if count >= MOST_GROUPS {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for GroupsPerAccount: {MOST_GROUPS}"
        )));
    }
    let partition = partition_of(&context.caller.arn);
    let account = &context.caller.account;
    let arn = context.state.add_group(partition, account, path, name);
    let group = context.state.group(&arn).map(group_element);
    Ok(Xml::new().group("Group", group.unwrap_or_default()))
}

fn get(context: &mut Context) -> Result<Xml, ApiError> {
    let arn = find(context)?;
    let group = context
        .state
        .group(&arn)
        .cloned()
        .ok_or_else(ApiError::internal_failure)?;
    let members: Vec<_> = group
        .members
        .iter()
        .filter_map(|member| context.state.user(member))
        .collect();
    let page = Page::of(context, members.len())?;
    let users = page.cut(&members).iter().map(|user| user_element(user));
    let result = Xml::new()
        .group("Group", group_element(&group))
        .list("Users", users);
    Ok(page.finish(result))
}

fn delete(context: &mut Context) -> Result<Xml, ApiError> {
    let arn = find(context)?;
    let group = context
        .state
        .group(&arn)
        .ok_or_else(ApiError::internal_failure)?;
    if !group.members.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must remove users from group first.",
        ));
    }
    if !group.permissions.attached.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must detach all policies first.",
        ));
    }
    if !group.permissions.inline.is_empty() {
        return Err(delete_conflict(
            "Cannot delete entity, must delete policies first.",
        ));
    }
    context.state.groups.retain(|group| group.arn != arn);
    Ok(Xml::new())
}

fn add_user(context: &mut Context) -> Result<Xml, ApiError> {
    let (group, user) = find_both(context)?;
    let groups: Vec<_> = context
        .state
        .groups_of(&user)
        .map(|group| &group.arn)
        .collect();
    if groups.contains(&&group) {
        return Ok(Xml::new());
    }
    if groups.len() >= MOST_GROUPS_OF_USER {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for GroupsPerUser: {MOST_GROUPS_OF_USER}"
        )));
    }
    if let Some(group) = context.state.group_mut(&group) {
        group.members.push(user);
    }
    Ok(Xml::new())
}

fn remove_user(context: &mut Context) -> Result<Xml, ApiError> {
    let (group, user) = find_both(context)?;
    if let Some(group) = context.state.group_mut(&group) {
        group.members.retain(|member| *member != user);
    }
    Ok(Xml::new())
}

fn list(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let prefix = path(context, "PathPrefix", "pathPrefix", &mut constraints);
    constraints.check()?;
    let groups: Vec<_> = context
        .state
        .groups
        .iter()
        .filter(|group| is_of_account(context, &group.arn) && group.path.starts_with(prefix))
        .collect();
    let page = Page::of(context, groups.len())?;
    let entries = page.cut(&groups).iter().map(|group| group_element(group));
    Ok(page.finish(Xml::new().list("Groups", entries)))
}

fn list_for_user(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let name = Kind::User.constrain(context, &mut constraints);
    constraints.check()?;
    let user = Kind::User.find(context, name)?;
    let groups: Vec<_> = context.state.groups_of(&user).collect();
    let page = Page::of(context, groups.len())?;
    let entries = page.cut(&groups).iter().map(|group| group_element(group));
    Ok(page.finish(Xml::new().list("Groups", entries)))
}

/// The ARN of the group that the request names.
fn find(context: &Context) -> Result<String, ApiError> {
    let mut constraints = Constraints::new();
    let name = Kind::Group.constrain(context, &mut constraints);
    constraints.check()?;
    Kind::Group.find(context, name)
}

/// The ARNs of the group and of the user that the request names.
fn find_both(context: &Context) -> Result<(String, String), ApiError> {
    let mut constraints = Constraints::new();
    let group = Kind::Group.constrain(context, &mut constraints);
    let user = Kind::User.constrain(context, &mut constraints);
    constraints.check()?;
    Ok((
        Kind::Group.find(context, group)?,
        Kind::User.find(context, user)?,
    ))
}
