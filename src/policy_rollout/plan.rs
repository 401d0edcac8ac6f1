//! What is to be done: decided from what AWS has, and from nothing else.
//!
//! A version that is newer than the one in force was taken back, by a run that did not come to deleting it or by
//! somebody else: it is in force no more, and goes.

use crate::{
    aws::iam::policies::{MOST_VERSIONS, PolicyVersion},
    policy::document::Document,
};

/// What AWS has of a roll-out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether there is the group.
    pub has_group: bool,
    /// The policy that daypass made.
    pub policy: Option<MadePolicy>,
    /// Whether it is attached to the group.
    pub is_attached: bool,
    /// How many policies are attached to the group.
    pub attached_to_group: usize,
}

/// The policy that daypass made for the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePolicy {
    /// Its versions.
    pub versions: Vec<PolicyVersion>,
    /// The text in force; none if it is no policy document.
    pub document: Option<Document>,
    /// What it is attached to in all.
    pub attachments: usize,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Makes the group.
    CreateGroup,
    /// Makes the policy.
    CreatePolicy,
    /// Deletes a version that is not in force.
    DeleteVersion(String),
    /// Makes a version, in force at once.
    CreateVersion,
    /// Attaches the policy to the group.
    Attach,
    /// Puts a former version in force again.
    PutInForce(String),
    /// Detaches the policy from the group.
    Detach,
    /// Deletes the policy.
    DeletePolicy,
}

/// The steps of a roll-out, none where all is done.
pub fn to_apply(standing: &Standing, wanted: &Document) -> Vec<Step> {
    let mut steps = Vec::new();
    if !standing.has_group {
        steps.push(Step::CreateGroup);
    }
    match &standing.policy {
        None => steps.push(Step::CreatePolicy),
        Some(policy) if policy.document.as_ref() == Some(wanted) => {
            steps.extend(policy.taken_back().map(Step::DeleteVersion));
        }
        Some(policy) => {
            let taken_back: Vec<String> = policy.taken_back().collect();
            let left = policy.versions.len() - taken_back.len();
            steps.extend(taken_back.into_iter().map(Step::DeleteVersion));
            let surplus = (left + 1).saturating_sub(MOST_VERSIONS);
            let former = policy.former();
            // Oldest first, and never the one in force.
            let oldest = former.iter().take(surplus);
            steps.extend(oldest.map(|version| Step::DeleteVersion(version.id.clone())));
            steps.push(Step::CreateVersion);
        }
    }
    if !standing.is_attached {
        steps.push(Step::Attach);
    }
    steps
}

/// The steps that take the last roll-out back, none where there is none.
pub fn to_undo(standing: &Standing) -> Vec<Step> {
    let Some(policy) = &standing.policy else {
        return Vec::new();
    };
    // What an earlier run has begun to take back.
    let taken_back: Vec<Step> = policy.taken_back().map(Step::DeleteVersion).collect();
    if !taken_back.is_empty() {
        return taken_back;
    }
    if let (Some(former), Some(in_force)) = (policy.former().last(), policy.in_force()) {
        return vec![
            Step::PutInForce(former.id.clone()),
            Step::DeleteVersion(in_force.id.clone()),
        ];
    }
    let mut steps = Vec::new();
    if standing.is_attached {
        steps.push(Step::Detach);
    }
    let elsewhere = policy.attachments - usize::from(standing.is_attached).min(policy.attachments);
    if elsewhere == 0 {
        steps.push(Step::DeletePolicy);
    }
    steps
}

impl MadePolicy {
    /// The version in force.
    pub fn in_force(&self) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.is_default)
    }

    /// The versions that were in force before, oldest first.
    fn former(&self) -> Vec<&PolicyVersion> {
        let in_force = self.in_force().map(number);
        let mut former: Vec<_> = self
            .versions
            .iter()
            .filter(|version| in_force.is_some_and(|in_force| number(version) < in_force))
            .collect();
        former.sort_by_key(|version| number(version));
        former
    }

    /// The ids of those that are newer than the one in force.
    fn taken_back(&self) -> impl Iterator<Item = String> {
        let in_force = self.in_force().map(number);
        let newer = move |version: &&PolicyVersion| {
            in_force.is_some_and(|in_force| number(version) > in_force)
        };
        let versions = self.versions.iter();
        versions.filter(newer).map(|version| version.id.clone())
    }
}

/// The number in a version's id: `v10` is newer than `v9`.
fn number(version: &PolicyVersion) -> u64 {
    let digits = version.id.trim_start_matches('v');
    let digits = digits.split('.').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

impl Step {
    /// The step in words; `group` and `policy` are the names.
    pub fn describe(&self, group: &str, policy: &str) -> String {
        match self {
            Step::CreateGroup => format!("create the group {group}"),
            Step::CreatePolicy => format!("create the policy {policy}"),
            Step::DeleteVersion(id) => format!("delete version {id} of the policy {policy}"),
            Step::CreateVersion => {
                format!("create a new version of the policy {policy}, in force at once")
            }
            Step::Attach => format!("attach the policy {policy} to the group {group}"),
            Step::PutInForce(id) => {
                format!("put version {id} of the policy {policy} in force again")
            }
            Step::Detach => format!("detach the policy {policy} from the group {group}"),
            Step::DeletePolicy => format!("delete the policy {policy}"),
        }
    }

    /// Whether it is done; `wanted` is what those that write a document write.
    pub fn is_done(&self, standing: &Standing, wanted: &Document) -> bool {
        let policy = standing.policy.as_ref();
        let in_force = policy.and_then(MadePolicy::in_force);
        let has_version = |id: &str| {
            let mut versions = policy.into_iter().flat_map(|policy| &policy.versions);
            versions.any(|version| version.id == id)
        };
        match self {
            Step::CreateGroup => standing.has_group,
            Step::CreatePolicy | Step::CreateVersion => {
                policy.is_some_and(|policy| policy.document.as_ref() == Some(wanted))
            }
            Step::DeleteVersion(id) => !has_version(id),
            Step::PutInForce(id) => in_force.is_some_and(|version| version.id == *id),
            Step::Attach => standing.is_attached,
            Step::Detach => !standing.is_attached,
            Step::DeletePolicy => policy.is_none(),
        }
    }

    /// The action of IAM that it takes.
    pub fn action(&self) -> &'static str {
        match self {
            Step::CreateGroup => "iam:CreateGroup",
            Step::CreatePolicy => "iam:CreatePolicy",
            Step::DeleteVersion(_) => "iam:DeletePolicyVersion",
            Step::CreateVersion => "iam:CreatePolicyVersion",
            Step::Attach => "iam:AttachGroupPolicy",
            Step::PutInForce(_) => "iam:SetDefaultPolicyVersion",
            Step::Detach => "iam:DetachGroupPolicy",
            Step::DeletePolicy => "iam:DeletePolicy",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::policy::templates::{Kind, enforcing};

    fn wanted() -> Document {
        enforcing(Kind::Strict, Duration::from_secs(28_800), "aws")
    }

    fn other() -> Document {
        enforcing(Kind::Strict, Duration::from_secs(3_600), "aws")
    }

    /// Versions of these numbers, and which of them is in force.
    fn standing(numbers: &[u32], in_force: u32, document: Document, attached: usize) -> Standing {
        let versions = numbers.iter().map(|number| PolicyVersion {
            id: format!("v{number}"),
            is_default: *number == in_force,
            created: None,
        });
        Standing {
            has_group: true,
            policy: Some(MadePolicy {
                versions: versions.collect(),
                document: Some(document),
                attachments: attached,
            }),
            is_attached: attached > 0,
            attached_to_group: attached.min(1),
        }
    }

    fn delete(number: u32) -> Step {
        Step::DeleteVersion(format!("v{number}"))
    }

    #[test]
    fn a_roll_out_does_what_is_missing_and_nothing_else() {
        use Step::{Attach, CreateGroup, CreatePolicy, CreateVersion};
        let nothing = Standing::default();
        let group = Standing {
            has_group: true,
            ..Standing::default()
        };
        let first = &[1];
        let five = &[5, 3, 10, 9, 11];
        let cases = [
            (nothing, vec![CreateGroup, CreatePolicy, Attach]),
            (group, vec![CreatePolicy, Attach]),
            (standing(first, 1, wanted(), 0), vec![Attach]),
            (standing(first, 1, wanted(), 1), vec![]),
            (standing(first, 1, other(), 1), vec![CreateVersion]),
            (standing(first, 1, other(), 0), vec![CreateVersion, Attach]),
            // By number, not by the order of the list or of the texts.
            (
                standing(five, 11, other(), 1),
                vec![delete(3), CreateVersion],
            ),
            // One in force in the middle: the newer ones were taken back.
            (
                standing(five, 10, other(), 1),
                vec![delete(11), CreateVersion],
            ),
            (
                standing(five, 3, other(), 1),
                vec![delete(5), delete(10), delete(9), delete(11), CreateVersion],
            ),
            (standing(&[1, 2], 1, wanted(), 1), vec![delete(2)]),
        ];
        for (standing, expected) in cases {
            assert_eq!(to_apply(&standing, &wanted()), expected, "{standing:?}");
        }
    }

    #[test]
    fn the_version_in_force_is_never_deleted() {
        for in_force in 1..=5 {
            let standing = standing(&[1, 2, 3, 4, 5], in_force, other(), 1);
            let steps = to_apply(&standing, &wanted());
            assert!(!steps.contains(&delete(in_force)), "{steps:?}");
            let deleted = steps
                .iter()
                .filter(|step| matches!(step, Step::DeleteVersion(_)));
            assert!(5 - deleted.count() < MOST_VERSIONS, "{steps:?}");
        }
    }

    #[test]
    fn a_roll_out_is_taken_back_to_the_former_version_or_to_nothing() {
        use Step::{DeletePolicy, Detach};
        let back = |id: &str| Step::PutInForce(id.to_owned());
        let cases = [
            (Standing::default(), vec![]),
            (standing(&[1], 1, wanted(), 1), vec![Detach, DeletePolicy]),
            (standing(&[1], 1, wanted(), 0), vec![DeletePolicy]),
            // Somebody has attached it elsewhere as well.
            (standing(&[1], 1, wanted(), 2), vec![Detach]),
            (
                standing(&[9, 10], 10, wanted(), 1),
                vec![back("v9"), delete(10)],
            ),
            (
                standing(&[2, 7, 4], 7, wanted(), 1),
                vec![back("v4"), delete(7)],
            ),
            // A run that was killed between those two.
            (standing(&[9, 10], 9, wanted(), 1), vec![delete(10)]),
        ];
        for (standing, expected) in cases {
            assert_eq!(to_undo(&standing), expected, "{standing:?}");
        }
    }
}
