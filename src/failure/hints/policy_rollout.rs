//! Policies that were not rolled out, or not all the way.

use super::{aws::key_and_network_hint, session::client_hint, word};
use crate::{
    aws::{error::AwsError, iam::statement::Statement},
    policy_rollout::error::RolloutError,
};

/// What the command was about.
pub(in crate::failure) struct About<'a> {
    pub(in crate::failure) profile: &'a str,
    pub(in crate::failure) group: &'a str,
    pub(in crate::failure) is_undo: bool,
}

impl About<'_> {
    fn command(&self, more: &str) -> String {
        let (profile, group) = (word(self.profile), word(self.group));
        format!("daypass policy apply {profile} --group {group}{more}")
    }

    /// The command itself.
    fn again(&self) -> String {
        self.command(if self.is_undo { " --undo" } else { "" })
    }
}

pub(in crate::failure) fn rollout_hint(about: &About, error: &RolloutError) -> Option<String> {
    Some(match error {
        RolloutError::Client(error) => return client_hint(error),
        RolloutError::Request(error) => return request_hint(about, error),
        RolloutError::NoSuchGroup { .. } => {
            format!("to create it: {}", about.command(" --create-group"))
        }
        RolloutError::GroupIsFull { group, .. } => format!(
            "detach one first; they are listed by: aws iam list-attached-group-policies --group-name {} --profile {}",
            word(group),
            word(about.profile)
        ),
        RolloutError::NotOurs { policy_arn } => format!(
            "rename or delete it, and detach it first; what is in it: aws iam get-policy --policy-arn {} --profile {}",
            word(policy_arn),
            word(about.profile)
        ),
        RolloutError::LocksOut { could_enrol, .. } => {
            let kind = if *could_enrol {
                "; with --kind self-service those without a device can enrol one themselves"
            } else {
                ""
            };
            format!(
                "give people a device (daypass enroll {} --user NAME), and machines a group of their own{kind}; or add \
                 --force",
                word(about.profile)
            )
        }
        RolloutError::ChangedMeanwhile => format!("once more: {}", about.again()),
        RolloutError::Unfinished { source, .. } => {
            let again = format!("to finish it: {}", about.again());
            let again = if about.is_undo {
                again
            } else {
                format!("{again}; to take it back: {}", about.command(" --undo"))
            };
            match &**source {
                RolloutError::Request(error) => match request_hint(about, error) {
                    Some(first) => format!("{first}; then, {again}"),
                    None => again,
                },
                _ => again,
            }
        }
        RolloutError::NotReadBack => format!(
            "changes can take a while to show at AWS; look again in a minute: {}",
            about.again()
        ),
        RolloutError::NotProved { .. } => {
            "this is a mistake in daypass: please report it".to_owned()
        }
        RolloutError::NotEnforced { .. } => {
            format!("to take it back: {}", about.command(" --undo"))
        }
    })
}

fn request_hint(about: &About, error: &AwsError) -> Option<String> {
    Some(match error {
        AwsError::Denied { action, .. } => format!(
            "ask the administrator of the AWS account for a policy with this statement: {}",
            Statement::new(&[action], "*")
        ),
        AwsError::Expired | AwsError::UnknownKey => format!(
            "AWS no longer takes this session: daypass login --force {}",
            word(about.profile)
        ),
        AwsError::Throttled => "wait a minute, then try again".to_owned(),
        error => return key_and_network_hint(about.profile, error),
    })
}
