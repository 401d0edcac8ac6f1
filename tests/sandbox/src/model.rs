//! Who and what there is in the sandbox's accounts.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::{
    AccessKey, Call, Delay, Role, SignIn, User,
    clock::{Clock, delta},
    devices::StoredDevice,
    faults::Faults,
    keys::StoredKey,
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
    /// Where new virtual devices are put that ask for no path; `/` if it is `None`, as at AWS.
    pub(crate) device_path: Option<String>,
    /// Whether a session ends with the key that it was made with.
    pub(crate) sessions_end_with_keys: bool,
    pub(crate) roles: Vec<StoredRole>,
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
}

impl State {
    pub(crate) fn user(&self, arn: &str) -> Option<&StoredUser> {
        self.users.iter().find(|user| user.arn == arn)
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
        self.store_user(account, path, name, random::identifier("AIDA"), arn)
    }

    /// The root user of an account, made when first asked for, with a key.
    pub(crate) fn root(&mut self, account: &str) -> User {
        let arn = format!("arn:aws:iam::{account}:root");
        let Some(user) = self.user(&arn).cloned() else {
            return self.store_user(account, "/", "root", account.to_owned(), arn);
        };
        let key = self.keys_of(&arn).next().map(StoredKey::as_given);
        user.with_key(key.unwrap_or_else(|| self.add_key(&arn)))
    }

    fn store_user(
        &mut self,
        account: &str,
        path: &str,
        name: &str,
        id: String,
        arn: String,
    ) -> User {
        let user = StoredUser {
            account: account.to_owned(),
            path: path.to_owned(),
            name: name.to_owned(),
            id,
            arn,
            created: self.clock.now(),
            mfa_age_limit: None,
            denied: BTreeSet::new(),
        };
        let key = self.add_key(&user.arn);
        let given = user.with_key(key);
        self.users.push(user);
        given
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
        self.users
            .iter_mut()
            .for_each(|user| earlier(&mut user.created));
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
