//! Attaching a policy that enforces MFA to a group without locking anybody out, and taking that back.
//!
//! AWS has the only record of how far a roll-out is: the policy, its versions, what it is attached to. So a run that
//! was killed needs nothing to be mended; the next one, or one that takes it back, looks and goes on from there.
//!
//! [`survey`] looks, [`members`] and [`plan`] decide (pure), [`run`] takes the steps, [`verify`] reads back what came
//! of them and judges it:
//!
//! ```text
//! CreateGroup? ─► CreatePolicy ─► AttachGroupPolicy ─► read back, judged
//!                 CreatePolicyVersion, in force at once ─┘   (a sixth version: the oldest goes first)
//!
//! taken back:  SetDefaultPolicyVersion to the former one ─► DeletePolicyVersion
//!              DetachGroupPolicy ─► DeletePolicy            (where there was no former one)
//! ```

pub mod error;
pub mod members;
pub mod plan;
pub mod run;
pub mod survey;
pub mod trust;
pub mod verify;

use sha2::{Digest, Sha256};

use crate::aws::sts::Identity;

/// The group, and the policy that daypass keeps for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The name of the group.
    pub group: String,
    /// The twelve digits.
    pub account_id: String,
    /// `aws`, `aws-cn`, `aws-us-gov` and their like.
    pub partition: String,
}

impl Target {
    /// A group of the account that asks.
    pub fn new(identity: &Identity, group: &str) -> Self {
        let partition = identity.arn.split(':').nth(1);
        Target {
            group: group.to_owned(),
            account_id: identity.account_id.clone(),
            partition: partition
                .filter(|text| !text.is_empty())
                .unwrap_or("aws")
                .to_owned(),
        }
    }

    /// The name of the policy: one for each group, so that a change for one is none for another.
    ///
    /// A name has 128 characters at most; of a group's longer one it is the beginning and a digest.
    pub fn policy_name(&self) -> String {
        const PREFIX: &str = "daypass-mfa-";
        const LONGEST: usize = 128;
        let room = LONGEST - PREFIX.len();
        if self.group.len() <= room {
            return format!("{PREFIX}{}", self.group);
        }
        let digest = digest(&self.group);
        let begin = &self.group[..room - digest.len() - 1];
        format!("{PREFIX}{begin}-{digest}")
    }

    /// The ARN of the policy.
    pub fn policy_arn(&self) -> String {
        format!(
            "arn:{}:iam::{}:policy/{}",
            self.partition,
            self.account_id,
            self.policy_name()
        )
    }

    /// What the policy says of itself, by which it is known as one that daypass made.
    pub fn description(&self) -> String {
        format!(
            "Made by daypass policy apply for the group {}: denies what is done without MFA",
            self.group
        )
    }
}

/// Enough of a digest to tell two names apart.
fn digest(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(group: &str) -> Target {
        let identity = Identity {
            account_id: "123456789012".into(),
            arn: "arn:aws-cn:iam::123456789012:user/ada".into(),
        };
        Target::new(&identity, group)
    }

    #[test]
    fn every_group_has_a_policy_of_its_own_whose_name_is_not_too_long() {
        let devs = target("devs");
        let arn = "arn:aws-cn:iam::123456789012:policy/daypass-mfa-devs";
        assert_eq!(devs.policy_arn(), arn);
        let long = |last: &str| target(&("x".repeat(127) + last)).policy_name();
        assert_eq!(long("a").len(), 128);
        assert_ne!(long("a"), long("b"));
        let exact = target(&"x".repeat(116)).policy_name();
        assert_eq!(exact, format!("daypass-mfa-{}", "x".repeat(116)));
    }
}
