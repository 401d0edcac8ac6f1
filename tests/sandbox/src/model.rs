//! Who and what there is in the sandbox's accounts.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::{
    AccessKey, Call, Delay, OrganizationAccount, Password, Role, SignIn, User,
    clock::{Clock, delta},
    credential_report::Report,
    devices::StoredDevice,
    faults::Faults,
    groups::StoredGroup,
    keys::StoredKey,
    permissions::Permissions,
    policies::StoredPolicy,
    random,
    sessions::{Owner, Session},
    totp,
};

/// The account that everything is in unless another is named.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The partitions that there are.
pub(crate) const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// Everything that the sandbox knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) users: Vec<StoredUser>,
    pub(crate) keys: Vec<StoredKey>,
    /// How long a key is unknown that was created or made active.
    pub(crate) new_key_delay: Delay,
    /// How long a key works on that was made inactive or deleted.
    pub(crate) old_key_delay: Delay,
    pub(crate) devices: Vec<StoredDevice>,
    pub(crate) groups: Vec<StoredGroup>,
    pub(crate) policies: Vec<StoredPolicy>,
    pub(crate) roles: Vec<StoredRole>,
    /// The credential report of each account that had one made.
    pub(crate) reports: BTreeMap<String, Report>,
    /// How long it takes to make one, if that was set.
    pub(crate) report_delay: Option<Delay>,
    /// The accounts of the organization; none if there is no organization.
    pub(crate) organization: Vec<OrganizationAccount>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) sign_ins: Vec<SignIn>,
    /// The alias of each account that has one.
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) disabled_regions: BTreeSet<String>,
    /// The most entries in an answer, whatever the request asks for.
    pub(crate) page_size: Option<usize>,
    pub(crate) faults: Faults,
    pub(crate) log: Vec<Call>,
    /// Every code that was handed out to a test, to be known again wherever it shows up.
    pub(crate) codes: BTreeSet<String>,
}

/// An IAM user, or the root user of an account.
#[derive(Clone, Debug)]
pub(crate) struct StoredUser {
    pub(crate) account: String,
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: DateTime<Utc>,
    /// The company's rule: everything is denied past this MFA age, and without MFA.
    pub(crate) mfa_age_limit: Option<Duration>,
    /// Actions denied to this user, such as `iam:ListMFADevices`.
    pub(crate) denied: BTreeSet<String>,
    pub(crate) permissions: Permissions,
    /// The password for the console.
    pub(crate) password: Option<Password>,
}

impl StoredUser {
    pub(crate) fn is_root(&self) -> bool {
        self.arn.ends_with(":root")
    }
}

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct StoredRole {
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) created: DateTime<Utc>,
    pub(crate) last_used: Option<DateTime<Utc>>,
    pub(crate) permissions: Permissions,
    /// A trust policy that IAM tells in the place of the one that the role's fields make. It changes
    /// nothing about who may assume the role.
    pub(crate) trust_policy: Option<String>,
    /// Actions denied to sessions of this role.
    pub(crate) denied: BTreeSet<String>,
}

impl State {
    pub(crate) fn user(&self, arn: &str) -> Option<&StoredUser> {
        self.users.iter().find(|user| user.arn == arn)
    }

    pub(crate) fn role(&self, arn: &str) -> Option<&StoredRole> {
        self.roles.iter().find(|role| role.arn == arn)
    }

    pub(crate) fn role_mut(&mut self, arn: &str) -> Option<&mut StoredRole> {
        self.roles.iter_mut().find(|role| role.arn == arn)
    }

    pub(crate) fn user_mut(&mut self, arn: &str) -> Option<&mut StoredUser> {
        self.users.iter_mut().find(|user| user.arn == arn)
    }

    pub(crate) fn user_named(
        &self,
        partition: &str,
        account: &str,
        name: &str,
    ) -> Option<&StoredUser> {
        let mut users = self.users.iter().filter(|user| !user.is_root());
        users.find(|user| {
            partition_of(&user.arn) == partition && user.account == account && user.name == name
        })
    }

    pub(crate) fn add_user(
        &mut self,
        partition: &str,
        account: &str,
        path: &str,
        name: &str,
    ) -> User {
        assert!(
            PARTITIONS.contains(&partition),
            "there is no partition {partition}"
        );
        assert!(
            self.user_named(partition, account, name).is_none(),
            "there is a user {name} already"
        );
        let arn = format!("arn:{partition}:iam::{account}:user{path}{name}");
        let user = self.new_user(account, path, name, random::identifier("AIDA"), arn);
        let key = self.add_key(&user.arn);
        let given = user.with_key(key);
        self.users.push(user);
        given
    }

    /// The root user of an account, made when first asked for, with a key.
    pub(crate) fn root(&mut self, account: &str) -> User {
        let arn = format!("arn:aws:iam::{account}:root");
        let user = self.root_user(account).clone();
        let key = self.keys_of(&arn).next().map(StoredKey::as_given);
        user.with_key(key.unwrap_or_else(|| self.add_key(&arn)))
    }

    /// The root user of an account, made when first asked for, without a key.
    pub(crate) fn root_user(&mut self, account: &str) -> &mut StoredUser {
        let arn = format!("arn:aws:iam::{account}:root");
        let at = match self.users.iter().position(|user| user.arn == arn) {
            Some(at) => at,
            None => {
                let root = self.new_user(account, "/", "root", account.to_owned(), arn);
                self.users.push(root);
                self.users.len() - 1
            }
        };
        &mut self.users[at]
    }

    fn new_user(
        &self,
        account: &str,
        path: &str,
        name: &str,
        id: String,
        arn: String,
    ) -> StoredUser {
        StoredUser {
            account: account.to_owned(),
            path: path.to_owned(),
            name: name.to_owned(),
            id,
            arn,
            created: self.clock.now(),
            mfa_age_limit: None,
            denied: BTreeSet::new(),
            permissions: Permissions::default(),
            password: None,
        }
    }

    pub(crate) fn add_role(&mut self, role: Role) -> String {
        assert!(
            PARTITIONS.contains(&&*role.partition),
            "there is no partition {}",
            role.partition
        );
        let arn = format!(
            "arn:{}:iam::{}:role/{}",
            role.partition, role.account, role.name
        );
        self.roles.push(StoredRole {
            arn: arn.clone(),
            id: random::identifier("AROA"),
            role,
            created: self.clock.now(),
            last_used: None,
            permissions: Permissions::default(),
            trust_policy: None,
            denied: BTreeSet::new(),
        });
        arn
    }

    /// Makes everything older, as if `duration` had passed, and leaves the clock alone.
    pub(crate) fn age(&mut self, duration: Duration) {
        let steps = totp::steps_in(duration);
        let duration = delta(duration);
        let earlier = |time: &mut DateTime<Utc>| {
            *time = time
                .checked_sub_signed(duration)
                .unwrap_or(DateTime::<Utc>::MIN_UTC);
        };
        for session in &mut self.sessions {
            earlier(&mut session.issued.expires);
            if let Owner::User {
                mfa_time: Some(time),
                ..
            } = &mut session.owner
            {
                earlier(time);
            }
        }
        for sign_in in &mut self.sign_ins {
            earlier(&mut sign_in.created);
            earlier(&mut sign_in.session_ends);
        }
        for device in &mut self.devices {
            if let Some(assignment) = &mut device.assignment {
                earlier(&mut assignment.enabled);
            }
            device.last_step = device.last_step.map(|step| step.saturating_sub(steps));
        }
        for key in &mut self.keys {
            earlier(&mut key.created);
            if let Some(last_use) = &mut key.last_use {
                earlier(&mut last_use.time);
            }
            if let Some(lag) = &mut key.lag {
                earlier(&mut lag.since);
            }
        }
        for user in &mut self.users {
            earlier(&mut user.created);
            if let Some(password) = &mut user.password {
                earlier(&mut password.created);
                earlier(&mut password.changed);
                password.last_used.iter_mut().for_each(earlier);
            }
        }
        for group in &mut self.groups {
            earlier(&mut group.created);
        }
        for role in &mut self.roles {
            earlier(&mut role.created);
            role.last_used.iter_mut().for_each(earlier);
        }
        for policy in &mut self.policies {
            earlier(&mut policy.created);
            earlier(&mut policy.updated);
            for version in &mut policy.versions {
                earlier(&mut version.created);
            }
        }
        for report in self.reports.values_mut() {
            earlier(&mut report.started);
            if let Some((_, generated)) = &mut report.done {
                earlier(generated);
            }
        }
    }
}

impl StoredUser {
    fn with_key(&self, key: AccessKey) -> User {
        User {
            name: self.name.clone(),
            arn: self.arn.clone(),
            access_key_id: key.access_key_id,
            secret_access_key: key.secret_access_key,
        }
    }
}

/// The partition that a region belongs to, by the expressions of botocore's `partitions.json`.
pub(crate) fn partition_of_region(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// The partition in an ARN: `aws`, `aws-cn` or `aws-us-gov`.
pub(crate) fn partition_of(arn: &str) -> &str {
    arn.split(':').nth(1).unwrap_or_default()
}

/// The account's number in an ARN.
pub(crate) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
