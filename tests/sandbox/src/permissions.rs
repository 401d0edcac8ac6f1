//! What policies an identity has: managed ones that are attached, inline ones, a boundary.

use std::collections::BTreeMap;

use crate::model::State;

/// The most managed policies that may be attached to an identity. (IAM User Guide, "IAM and STS
/// quotas".)
pub(crate) const MOST_ATTACHED: usize = 10;

/// The policies of a user, a group or a role. The sandbox keeps them, and does not evaluate them:
/// what a caller is denied is set by [`Sandbox::deny`](crate::Sandbox::deny) and
/// [`Sandbox::set_mfa_age_limit`](crate::Sandbox::set_mfa_age_limit).
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions {
    /// Inline policies: names and documents.
    pub(crate) inline: BTreeMap<String, String>,
    /// The ARNs of attached policies, in the order in which they were attached.
    pub(crate) attached: Vec<String>,
    /// The ARN of the permissions boundary.
    pub(crate) boundary: Option<String>,
}

impl State {
    /// The policies of the user, the group or the role of this ARN.
    pub(crate) fn permissions(&self, arn: &str) -> Option<&Permissions> {
        let user = self.user(arn).map(|user| &user.permissions);
        let group = || self.group(arn).map(|group| &group.permissions);
        let role = || self.role(arn).map(|role| &role.permissions);
        user.or_else(group).or_else(role)
    }

    /// The same, to be changed.
    pub(crate) fn permissions_mut(&mut self, arn: &str) -> Option<&mut Permissions> {
        if let Some(at) = self.users.iter().position(|user| user.arn == arn) {
            return Some(&mut self.users[at].permissions);
        }
        if let Some(at) = self.groups.iter().position(|group| group.arn == arn) {
            return Some(&mut self.groups[at].permissions);
        }
        let mut roles = self.roles.iter_mut();
        roles
            .find(|role| role.arn == arn)
            .map(|role| &mut role.permissions)
    }

    /// The policies of everybody, each with the ARN of the identity.
    pub(crate) fn all_permissions(&self) -> impl Iterator<Item = (&str, &Permissions)> {
        let users = self
            .users
            .iter()
            .map(|user| (&*user.arn, &user.permissions));
        let groups = self
            .groups
            .iter()
            .map(|group| (&*group.arn, &group.permissions));
        let roles = self
            .roles
            .iter()
            .map(|role| (&*role.arn, &role.permissions));
        users.chain(groups).chain(roles)
    }
}
