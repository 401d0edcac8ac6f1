//! The handle's methods for groups, policies, passwords and roles, and for what is made of them all:
//! the credential report, the organization.
//!
//! Identities are named by their ARN: users, groups and roles alike.

use chrono::{DateTime, Utc};

use crate::{
    Delay, LastUse, OrganizationAccount, Password, RegisteredGroup, RegisteredPolicy, RootDevice,
    Sandbox, User, document,
    groups::StoredGroup,
    model::{ACCOUNT, State},
    permissions::Permissions,
    policies::{StoredPolicy, version_id},
};

impl Sandbox {
    /// Adds a group to account 123456789012 and returns its ARN.
    pub fn add_group(&self, name: &str) -> String {
        self.add_group_in(ACCOUNT, "/", name)
    }

    /// Adds a group to this account under this path, which begins and ends with a slash.
    pub fn add_group_in(&self, account: &str, path: &str, name: &str) -> String {
        self.shared.state().add_group("aws", account, path, name)
    }

    /// Puts a user into the group of this ARN.
    pub fn add_to_group(&self, user: &User, group_arn: &str) {
        let mut state = self.shared.state();
        let group = state.group_mut(group_arn);
        let group = group.expect("the group is one of this sandbox");
        if !group.members.contains(&user.arn) {
            group.members.push(user.arn.clone());
        }
    }

    /// Adds a managed policy to account 123456789012 and returns its ARN. IAM would take the text, or
    /// else this panics.
    pub fn add_policy(&self, name: &str, document: &str) -> String {
        self.add_policy_in(ACCOUNT, "/", name, document)
    }

    /// Adds a managed policy to this account under this path, which begins and ends with a slash.
    pub fn add_policy_in(&self, account: &str, path: &str, name: &str, document: &str) -> String {
        document::check(document).expect("IAM takes the policy");
        let mut state = self.shared.state();
        state.add_policy(("aws", account), path, name, document)
    }

    /// Adds a version to a managed policy and returns its id. (IAM's limit of five is IAM's own to
    /// keep, not this method's.)
    pub fn add_policy_version(&self, policy_arn: &str, document: &str, is_default: bool) -> String {
        document::check(document).expect("IAM takes the policy");
        let mut state = self.shared.state();
        let now = state.clock.now();
        let policy = state.policy_mut(policy_arn);
        let policy = policy.expect("the policy is one of this sandbox");
        version_id(policy.add_version(document, is_default, now))
    }

    /// Attaches a managed policy, AWS's own included, to an identity.
    pub fn attach_policy(&self, identity_arn: &str, policy_arn: &str) {
        assert!(
            self.shared.state().is_policy(policy_arn),
            "there is no policy {policy_arn}"
        );
        self.change(identity_arn, |permissions| {
            if !permissions.attached.iter().any(|arn| arn == policy_arn) {
                permissions.attached.push(policy_arn.to_owned());
            }
        });
    }

    /// Detaches a managed policy from an identity.
    pub fn detach_policy(&self, identity_arn: &str, policy_arn: &str) {
        self.change(identity_arn, |permissions| {
            permissions.attached.retain(|arn| arn != policy_arn);
        });
    }

    /// Gives an identity an inline policy, or replaces it.
    pub fn put_inline_policy(&self, identity_arn: &str, name: &str, document: &str) {
        document::check(document).expect("IAM takes the policy");
        self.change(identity_arn, |permissions| {
            let inline = &mut permissions.inline;
            inline.insert(name.to_owned(), document.to_owned());
        });
    }

    /// Sets or removes the permissions boundary of a user or a role.
    pub fn set_permissions_boundary(&self, identity_arn: &str, policy_arn: Option<&str>) {
        self.change(identity_arn, |permissions| {
            permissions.boundary = policy_arn.map(str::to_owned);
        });
    }

    /// Sets the trust policy that IAM tells of a role. Who may assume it stays what its
    /// [`Role`](crate::Role) says.
    pub fn set_trust_policy(&self, role_arn: &str, document: &str) {
        let mut state = self.shared.state();
        let role = state.role_mut(role_arn);
        let role = role.expect("the role is one of this sandbox");
        role.trust_policy = Some(document.to_owned());
    }

    /// Denies sessions of a role one action, such as `iam:ListUsers`.
    pub fn deny_role(&self, role_arn: &str, action: &str) {
        let mut state = self.shared.state();
        let role = state.role_mut(role_arn);
        let role = role.expect("the role is one of this sandbox");
        role.denied.insert(action.to_owned());
    }

    /// Sets or removes a user's password for the console.
    pub fn set_password(&self, user: &User, password: Option<Password>) {
        let mut state = self.shared.state();
        let stored = state.user_mut(&user.arn);
        stored.expect("the user is one of this sandbox").password = password;
    }

    /// Sets since when there is a user.
    pub fn set_user_created(&self, user: &User, created: DateTime<Utc>) {
        let mut state = self.shared.state();
        let stored = state.user_mut(&user.arn);
        stored.expect("the user is one of this sandbox").created = created;
    }

    /// Sets since when there is a key, and what it was last used for.
    pub fn set_key_history(
        &self,
        access_key_id: &str,
        created: DateTime<Utc>,
        last_use: Option<LastUse>,
    ) {
        let mut state = self.shared.state();
        let mut keys = state.keys.iter_mut();
        let key = keys.find(|key| key.id == access_key_id);
        let key = key.expect("the key is one of this sandbox");
        (key.created, key.last_use) = (created, last_use);
    }

    /// Makes sure of the root user of account 123456789012, without a key, and sets when somebody
    /// last signed in as root.
    pub fn set_root_sign_in(&self, last_used: Option<DateTime<Utc>>) {
        let mut state = self.shared.state();
        let now = state.clock.now();
        state.root_user(ACCOUNT).password = Some(Password {
            created: now,
            changed: now,
            last_used,
        });
    }

    /// Gives the root user of account 123456789012 a device and returns its serial.
    pub fn add_root_device(&self, kind: RootDevice) -> String {
        self.shared.state().add_root_device(kind)
    }

    /// Sets how long it takes to make a credential report. To begin with it is one call: of
    /// `GenerateCredentialReport`, the first answers `STARTED`, the second `INPROGRESS`, the third
    /// `COMPLETE`.
    pub fn set_report_delay(&self, delay: Delay) {
        self.shared.state().report_delay = Some(delay);
    }

    /// Sets the accounts of the organization, the management account first, as
    /// `organizations:ListAccounts` tells them to those who call from that one.
    pub fn set_organization(&self, accounts: &[OrganizationAccount]) {
        self.shared.state().organization = accounts.to_vec();
    }

    /// The groups of all accounts, oldest first.
    pub fn groups(&self) -> Vec<RegisteredGroup> {
        let state = self.shared.state();
        state
            .groups
            .iter()
            .map(StoredGroup::as_registered)
            .collect()
    }

    /// The group of this ARN.
    pub fn group(&self, arn: &str) -> Option<RegisteredGroup> {
        self.shared
            .state()
            .group(arn)
            .map(StoredGroup::as_registered)
    }

    /// The managed policies of all accounts, oldest first, without AWS's own.
    pub fn policies(&self) -> Vec<RegisteredPolicy> {
        let state = self.shared.state();
        let policies = state.policies.iter();
        policies
            .map(|policy| policy.as_registered(&state))
            .collect()
    }

    /// The managed policy of this ARN, unless it is AWS's own.
    pub fn policy(&self, arn: &str) -> Option<RegisteredPolicy> {
        let state = self.shared.state();
        state.policy(arn).map(|policy| policy.as_registered(&state))
    }

    fn change(&self, identity_arn: &str, change: impl FnOnce(&mut Permissions)) {
        let mut state = self.shared.state();
        let permissions = state.permissions_mut(identity_arn);
        change(permissions.expect("the identity is one of this sandbox"));
    }
}

impl StoredGroup {
    fn as_registered(&self) -> RegisteredGroup {
        let inline = self.permissions.inline.iter();
        RegisteredGroup {
            arn: self.arn.clone(),
            members: self.members.clone(),
            attached: self.permissions.attached.clone(),
            inline: inline
                .map(|(name, document)| (name.clone(), document.clone()))
                .collect(),
        }
    }
}

impl StoredPolicy {
    fn as_registered(&self, state: &State) -> RegisteredPolicy {
        let attached_to = state
            .all_permissions()
            .filter(|(_, permissions)| permissions.attached.contains(&self.arn));
        RegisteredPolicy {
            arn: self.arn.clone(),
            default_version: version_id(self.default),
            versions: self
                .versions
                .iter()
                .map(|version| (version.id(), version.document.clone()))
                .collect(),
            attached_to: attached_to.map(|(arn, _)| arn.to_owned()).collect(),
        }
    }
}
