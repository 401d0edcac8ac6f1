//! Groups, policies and passwords at the control address.

use super::Query;
use crate::{
    Password, RootDevice,
    devices::serial,
    document,
    model::{ACCOUNT, State},
    policies::version_id,
};

/// Answers what is about them. Identities are `user=NAME`, `group=NAME` or `role=NAME`.
pub(super) fn answer(state: &mut State, path: &str, query: &Query) -> Result<String, String> {
    match path {
        "/group" => return add_group(state, query),
        "/groups" => return Ok(groups(state)),
        "/member" => {
            let (user, group) = (query.user(state)?, group(state, query)?);
            if let Some(group) = state.group_mut(&group)
                && !group.members.contains(&user)
            {
                group.members.push(user);
            }
        }
        "/policy" => return add_policy(state, query),
        "/policies" => return Ok(policies(state)),
        "/attach" => {
            let policy = query.required("policy")?;
            let arn = if policy.starts_with("arn:") {
                policy.to_owned()
            } else {
                format!("arn:aws:iam::{ACCOUNT}:policy/{policy}")
            };
            if !state.is_policy(&arn) {
                return Err(format!("there is no policy {arn}"));
            }
            let identity = identity(state, query)?;
            if let Some(permissions) = state.permissions_mut(&identity)
                && !permissions.attached.contains(&arn)
            {
                permissions.attached.push(arn);
            }
        }
        "/inline-policy" => {
            let (name, text) = (query.required("name")?, query.required("document")?);
            document::check(text).map_err(|error| error.message)?;
            let identity = identity(state, query)?;
            if let Some(permissions) = state.permissions_mut(&identity) {
                let inline = &mut permissions.inline;
                inline.insert(name.to_owned(), text.to_owned());
            }
        }
        "/password" => set_password(state, query)?,
        "/root-device" => return add_root_device(state, query),
        _ => return Err(format!("there is no {path} here")),
    }
    Ok("ok".to_owned())
}

fn add_group(state: &mut State, query: &Query) -> Result<String, String> {
    let (name, partition) = (query.required("name")?, query.partition()?);
    if state.group_named(partition, ACCOUNT, name).is_some() {
        return Err(format!("there is a group {name} already"));
    }
    let arn = state.add_group(partition, ACCOUNT, query.get("path").unwrap_or("/"), name);
    Ok(format!("group_arn={arn}"))
}

/// The groups, one on a line: ARN, members, attached policies.
fn groups(state: &State) -> String {
    let list = |arns: &[String]| match arns {
        [] => "-".to_owned(),
        arns => arns.join(","),
    };
    let lines: Vec<_> = state
        .groups
        .iter()
        .map(|group| {
            let (members, attached) = (list(&group.members), list(&group.permissions.attached));
            format!("{} {members} {attached}", group.arn)
        })
        .collect();
    lines.join("\n")
}

fn add_policy(state: &mut State, query: &Query) -> Result<String, String> {
    let (name, text) = (query.required("name")?, query.required("document")?);
    document::check(text).map_err(|error| error.message)?;
    let (partition, path) = (query.partition()?, query.get("path").unwrap_or("/"));
    let arn = format!("arn:{partition}:iam::{ACCOUNT}:policy{path}{name}");
    let now = state.clock.now();
    let Some(policy) = state.policy_mut(&arn) else {
        let arn = state.add_policy((partition, ACCOUNT), path, name, text);
        return Ok(format!("policy_arn={arn}\nversion=v1"));
    };
    let version = version_id(policy.add_version(text, true, now));
    Ok(format!("policy_arn={arn}\nversion={version}"))
}

/// The policies, one on a line: ARN, the version in force, all versions.
fn policies(state: &State) -> String {
    let lines: Vec<_> = state
        .policies
        .iter()
        .map(|policy| {
            let versions: Vec<_> = policy.versions.iter().map(|one| one.id()).collect();
            let default = version_id(policy.default);
            format!("{} {default} {}", policy.arn, versions.join(","))
        })
        .collect();
    lines.join("\n")
}

/// Gives a user a password that was last used so many seconds ago, or never; `none=1` takes it away.
fn set_password(state: &mut State, query: &Query) -> Result<(), String> {
    let user = query.user(state)?;
    let used = query.optional_duration("used_seconds_ago")?;
    let now = state.clock.now();
    let password = Password {
        created: now,
        changed: now,
        last_used: used.map(|ago| now - crate::clock::delta(ago)),
    };
    let is_none = query.get("none").is_some_and(|value| value != "0");
    if let Some(user) = state.user_mut(&user) {
        user.password = Some(password).filter(|_| !is_none);
    }
    Ok(())
}

fn add_root_device(state: &mut State, query: &Query) -> Result<String, String> {
    let kind = match query.get("kind").unwrap_or("virtual") {
        "virtual" => RootDevice::Virtual,
        "hardware" => RootDevice::Hardware,
        "fido" => RootDevice::Fido,
        other => return Err(format!("there is no kind {other} of device")),
    };
    Ok(format!("serial={}", state.add_root_device(kind)))
}

impl State {
    /// Gives the root user a device and returns its serial.
    pub(crate) fn add_root_device(&mut self, kind: RootDevice) -> String {
        let arn = self.root_user(ACCOUNT).arn.clone();
        let serial = match kind {
            RootDevice::Virtual => serial(&arn, "mfa/root-account-mfa-device"),
            RootDevice::Hardware => format!("GAHT{:08}", fastrand::u32(..100_000_000)),
            RootDevice::Fido => return self.add_fido_device(&arn, "root-account"),
        };
        self.add_code_device(Some(&arn), &serial).serial
    }
}

fn group(state: &State, query: &Query) -> Result<String, String> {
    let name = query.required("group")?;
    let mut groups = state.groups.iter();
    let group = groups.find(|group| group.name == name);
    group
        .map(|group| group.arn.clone())
        .ok_or_else(|| format!("there is no group {name}"))
}

/// The ARN of the user, the group or the role that is named.
fn identity(state: &State, query: &Query) -> Result<String, String> {
    if query.get("user").is_some() {
        return query.user(state);
    }
    if query.get("group").is_some() {
        return group(state, query);
    }
    let name = query.required("role")?;
    let mut roles = state.roles.iter();
    let role = roles.find(|role| role.role.name == name);
    role.map(|role| role.arn.clone())
        .ok_or_else(|| format!("there is no role {name}"))
}
