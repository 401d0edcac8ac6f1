//! Groups, and who is in them.

use chrono::{DateTime, Utc};

use crate::{
    model::{State, account_of, partition_of},
    permissions::Permissions,
    random,
};

/// The most groups that a user may be in. (IAM User Guide, "IAM and STS quotas".)
pub(crate) const MOST_GROUPS_OF_USER: usize = 10;

/// The most groups of an account, unless AWS was asked for more.
pub(crate) const MOST_GROUPS: usize = 300;

/// A group.
#[derive(Clone, Debug)]
pub(crate) struct StoredGroup {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: DateTime<Utc>,
    /// The ARNs of its members, in the order in which they joined.
    pub(crate) members: Vec<String>,
    pub(crate) permissions: Permissions,
}

impl State {
    pub(crate) fn group(&self, arn: &str) -> Option<&StoredGroup> {
        self.groups.iter().find(|group| group.arn == arn)
    }

    pub(crate) fn group_mut(&mut self, arn: &str) -> Option<&mut StoredGroup> {
        self.groups.iter_mut().find(|group| group.arn == arn)
    }

    /// Finds a group by its name, which does not tell cases apart.
    pub(crate) fn group_named(
        &self,
        partition: &str,
        account: &str,
        name: &str,
    ) -> Option<&StoredGroup> {
        let mut groups = self.groups.iter();
        groups.find(|group| {
            partition_of(&group.arn) == partition
                && account_of(&group.arn) == account
                && group.name.eq_ignore_ascii_case(name)
        })
    }

    pub(crate) fn groups_of(&self, user_arn: &str) -> impl Iterator<Item = &StoredGroup> {
        self.groups
            .iter()
            .filter(move |group| group.members.iter().any(|member| member == user_arn))
    }

    /// Adds a group and returns its ARN.
    pub(crate) fn add_group(
        &mut self,
        partition: &str,
        account: &str,
        path: &str,
        name: &str,
    ) -> String {
        assert!(
            self.group_named(partition, account, name).is_none(),
            "there is a group {name} already"
        );
        let arn = format!("arn:{partition}:iam::{account}:group{path}{name}");
        self.groups.push(StoredGroup {
            path: path.to_owned(),
            name: name.to_owned(),
            id: random::identifier("AGPA"),
            arn: arn.clone(),
            created: self.clock.now(),
            members: Vec::new(),
            permissions: Permissions::default(),
        });
        arn
    }
}
