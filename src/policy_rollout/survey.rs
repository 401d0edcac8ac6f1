//! Looking at what there is: the roll-out so far, and the members whom it would touch.

use std::collections::BTreeSet;

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{
            access_keys, groups, mfa_devices,
            policies::{self, Policy},
            roles, users,
        },
    },
    devices::MfaDevice,
    policy::document::Document,
    policy_rollout::{
        Target,
        error::RolloutError,
        members::{ActiveKey, Member},
        plan::{MadePolicy, Standing},
        trust,
    },
    rotation::survey::LastUse,
    terminal::{Progress, trace},
};

/// Finds out how far a roll-out is.
///
/// # Errors
/// [`RolloutError::Request`], and [`RolloutError::NotOurs`] where somebody else has made a policy of that name.
pub fn standing(aws: &Aws, target: &Target) -> Result<Standing, RolloutError> {
    let arn = target.policy_arn();
    let attached = match groups::attached_policies(aws, &target.group) {
        Ok(attached) => Some(attached),
        Err(AwsError::NoSuchEntity { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let policy = match policies::find(aws, &arn) {
        Ok(policy) => Some(made_policy(aws, target, &policy)?),
        Err(AwsError::NoSuchEntity { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let is_attached = attached.iter().flatten().any(|policy| policy.arn == arn);
    Ok(Standing {
        has_group: attached.is_some(),
        attached_to_group: attached.map_or(0, |attached| attached.len()),
        policy,
        is_attached,
    })
}

fn made_policy(aws: &Aws, target: &Target, policy: &Policy) -> Result<MadePolicy, RolloutError> {
    if policy.description.as_deref() != Some(&*target.description()) {
        return Err(RolloutError::NotOurs {
            policy_arn: policy.arn.clone(),
        });
    }
    let text = policies::text(aws, &policy.arn, &policy.default_version)?;
    Ok(MadePolicy {
        versions: policies::versions(aws, &policy.arn)?,
        document: Document::parse(&text).ok(),
        attachments: policy.attachments,
    })
}

/// What the members were judged by.
#[derive(Debug, Clone, Default)]
pub struct Preflight {
    /// The members, in AWS's order.
    pub members: Vec<Member>,
    /// How many roles were looked at; none if AWS did not tell of them.
    pub roles: Option<usize>,
    /// How many of them trust the whole account, and ask for no MFA.
    pub open_roles: usize,
    /// The actions that AWS denied.
    pub denied: BTreeSet<&'static str>,
}

/// Asks for all that says what a policy would do to the members of a group.
///
/// # Errors
/// [`RolloutError::Request`]: any failure but a denied look at one of them, which the preflight has on record instead.
pub fn preflight(aws: &Aws, target: &Target) -> Result<Preflight, RolloutError> {
    let (_, users) = groups::members(aws, &target.group)?;
    let mut denied = BTreeSet::new();
    let mut members = Vec::new();
    for (at, user) in users.iter().enumerate() {
        let (at, all) = (at + 1, users.len());
        let _progress = Progress::show(&format!("daypass: looking at member {at} of {all} ..."));
        members.push(member(aws, &user.name, &user.arn, &mut denied)?);
    }
    let _progress = Progress::show("daypass: looking at the roles ...");
    let roles = allowed(roles::list(aws), &mut denied)?;
    let mut open_roles = 0;
    for role in roles.iter().flatten() {
        let trusted = trust::trusted(role, &target.account_id);
        open_roles += usize::from(trusted.whole_account);
        for member in &mut members {
            if trusted.users.contains(&member.arn) {
                member.trusted_by.push(role.name.clone());
            }
        }
    }
    Ok(Preflight {
        members,
        roles: roles.map(|roles| roles.len()),
        open_roles,
        denied,
    })
}

fn member(
    aws: &Aws,
    name: &str,
    arn: &str,
    denied: &mut BTreeSet<&'static str>,
) -> Result<Member, RolloutError> {
    let devices = allowed(mfa_devices::list(aws, Some(name)), denied)?;
    let keys = allowed(access_keys::list(aws, Some(name)), denied)?;
    let keys = match keys {
        None => None,
        Some(keys) => {
            let mut active = Vec::new();
            for key in keys.into_iter().filter(|key| key.is_active) {
                let last_use = allowed(access_keys::last_used(aws, &key.access_key_id), denied)?;
                active.push(ActiveKey {
                    access_key_id: key.access_key_id,
                    last_use: match last_use {
                        None => LastUse::Unknown,
                        Some(None) => LastUse::Never,
                        Some(Some(moment)) => LastUse::At(moment),
                    },
                });
            }
            Some(active)
        }
    };
    Ok(Member {
        name: name.to_owned(),
        arn: arn.to_owned(),
        devices: devices.map(|devices| devices.into_iter().map(MfaDevice::from).collect()),
        has_password: allowed(users::has_password(aws, name), denied)?,
        keys,
        trusted_by: Vec::new(),
    })
}

/// What AWS told; none if a policy forbids to ask.
fn allowed<T>(
    answer: Result<T, AwsError>,
    denied: &mut BTreeSet<&'static str>,
) -> Result<Option<T>, AwsError> {
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(AwsError::Denied { action, message }) => {
            if denied.insert(action) {
                trace(1, || format!("AWS denied {action}: {message}"));
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
