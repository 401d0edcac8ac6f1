//! Managed policies and their versions.

use chrono::{DateTime, Utc};

use crate::{aws_managed, model::State, random};

/// The most versions of a policy. (IAM User Guide, "IAM and STS quotas".)
pub(crate) const MOST_VERSIONS: usize = 5;

/// The most policies of an account, unless AWS was asked for more.
pub(crate) const MOST_POLICIES: usize = 1_500;

/// The most characters of a managed policy. White space does not count.
pub(crate) const LONGEST: usize = 6_144;

/// A managed policy of an account.
#[derive(Clone, Debug)]
pub(crate) struct StoredPolicy {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) description: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    /// Its versions, oldest first.
    pub(crate) versions: Vec<StoredVersion>,
    /// The number of the default version.
    pub(crate) default: u32,
    /// The number of the newest version that there ever was.
    newest: u32,
    pub(crate) tags: Vec<(String, String)>,
}

/// A version of a policy.
#[derive(Clone, Debug)]
pub(crate) struct StoredVersion {
    pub(crate) number: u32,
    pub(crate) document: String,
    pub(crate) created: DateTime<Utc>,
}

impl StoredVersion {
    /// Its id, such as `v1`.
    pub(crate) fn id(&self) -> String {
        version_id(self.number)
    }
}

/// The id of a version, such as `v1`.
pub(crate) fn version_id(number: u32) -> String {
    format!("v{number}")
}

impl StoredPolicy {
    /// Adds a version and returns its number.
    pub(crate) fn add_version(
        &mut self,
        document: &str,
        is_default: bool,
        now: DateTime<Utc>,
    ) -> u32 {
        // Numbers are not given twice: v3 is never what another v3 was.
        self.newest += 1;
        self.versions.push(StoredVersion {
            number: self.newest,
            document: document.to_owned(),
            created: now,
        });
        if is_default {
            self.default = self.newest;
        }
        self.updated = now;
        self.newest
    }

    /// The version of this id.
    pub(crate) fn version(&self, id: &str) -> Option<&StoredVersion> {
        self.versions.iter().find(|version| version.id() == id)
    }
}

impl State {
    /// The policy of this ARN, if it is an account's.
    pub(crate) fn policy(&self, arn: &str) -> Option<&StoredPolicy> {
        self.policies.iter().find(|policy| policy.arn == arn)
    }

    pub(crate) fn policy_mut(&mut self, arn: &str) -> Option<&mut StoredPolicy> {
        self.policies.iter_mut().find(|policy| policy.arn == arn)
    }

    /// Whether there is such a policy, be it an account's or AWS's own.
    pub(crate) fn is_policy(&self, arn: &str) -> bool {
        self.policy(arn).is_some() || aws_managed::find(arn).is_some()
    }

    /// Adds a policy with its first version, which is the default, and returns its ARN.
    pub(crate) fn add_policy(
        &mut self,
        (partition, account): (&str, &str),
        path: &str,
        name: &str,
        document: &str,
    ) -> String {
        let arn = format!("arn:{partition}:iam::{account}:policy{path}{name}");
        assert!(
            self.policy(&arn).is_none(),
            "there is a policy {arn} already"
        );
        let now = self.clock.now();
        let mut policy = StoredPolicy {
            path: path.to_owned(),
            name: name.to_owned(),
            id: random::identifier("ANPA"),
            arn: arn.clone(),
            description: String::new(),
            created: now,
            updated: now,
            versions: Vec::new(),
            default: 0,
            newest: 0,
            tags: Vec::new(),
        };
        policy.add_version(document, true, now);
        self.policies.push(policy);
        arn
    }

    /// How many identities of the account a policy is attached to.
    pub(crate) fn attachments(&self, policy_arn: &str, account: &str) -> usize {
        let all = self.all_permissions();
        all.filter(|(arn, _)| crate::model::account_of(arn) == account)
            .filter(|(_, permissions)| permissions.attached.iter().any(|arn| arn == policy_arn))
            .count()
    }

    /// How many identities of the account a policy bounds.
    pub(crate) fn bounded(&self, policy_arn: &str, account: &str) -> usize {
        let all = self.all_permissions();
        all.filter(|(arn, _)| crate::model::account_of(arn) == account)
            .filter(|(_, permissions)| permissions.boundary.as_deref() == Some(policy_arn))
            .count()
    }
}
