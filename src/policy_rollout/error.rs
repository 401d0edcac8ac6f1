//! Why a policy is not rolled out, or not all the way.

use crate::{
    aws::{client::ClientError, error::AwsError},
    policy::judgement::Verdict,
    policy_rollout::plan::Step,
};

/// Why nothing, or not all, came of it.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    /// The client could not be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A request came to nothing, and nothing was changed.
    #[error(transparent)]
    Request(Box<AwsError>),
    /// There is no such group.
    #[error("there is no group {group} in account {account_id}")]
    NoSuchGroup {
        /// The name.
        group: String,
        /// The account that was asked.
        account_id: String,
    },
    /// The group has as many policies as AWS allows.
    #[error("{attached} policies are attached to the group {group}, and AWS allows no more")]
    GroupIsFull {
        /// The group.
        group: String,
        /// How many.
        attached: usize,
    },
    /// There is a policy of that name, and daypass did not make it for this group.
    #[error("{policy_arn} was not made by daypass for this group, and is left alone")]
    NotOurs {
        /// The policy.
        policy_arn: String,
    },
    /// Members would be locked out.
    #[error("{} would be locked out; nothing was changed", locked_out(names, *members, group))]
    LocksOut {
        /// The group.
        group: String,
        /// Who.
        names: Vec<String>,
        /// How many members there are.
        members: usize,
        /// Whether some of them have no device, and could enrol one under the other kind of policy.
        could_enrol: bool,
    },
    /// Our own judgement is that the policy does not do what it is for.
    #[error(
        "daypass's own judgement is that the policy would not enforce MFA ({verdict:?}); nothing was changed"
    )]
    NotProved {
        /// The verdict.
        verdict: Verdict,
    },
    /// Some of the steps are done.
    #[error("{}", unfinished(done, failed))]
    Unfinished {
        /// The steps that are done, in words.
        done: Vec<String>,
        /// The step that came to nothing.
        failed: Step,
        /// Why.
        source: Box<RolloutError>,
    },
    /// Somebody has changed the group or the policy since the plan was shown.
    #[error("the group or its policies were changed meanwhile; nothing was done")]
    ChangedMeanwhile,
    /// AWS does not show the change.
    #[error("AWS has taken every step, but does not show what came of them")]
    NotReadBack,
    /// All is done, and the group's policies do not enforce MFA.
    #[error(
        "the policy is attached to {group}, but the policies of the group do not enforce MFA ({verdict:?})"
    )]
    NotEnforced {
        /// The group.
        group: String,
        /// The verdict.
        verdict: Verdict,
    },
}

impl From<AwsError> for RolloutError {
    fn from(error: AwsError) -> Self {
        RolloutError::Request(Box::new(error))
    }
}

impl RolloutError {
    /// What AWS said, if it was that.
    pub fn aws(&self) -> Option<&AwsError> {
        match self {
            RolloutError::Request(error) => Some(error),
            RolloutError::Unfinished { source, .. } => source.aws(),
            _ => None,
        }
    }
}

fn unfinished(done: &[String], failed: &Step) -> String {
    let action = failed.action();
    match done {
        [] => format!("it is not known whether {action} was done"),
        done => format!(
            "it stopped half-way, at {action}; done: {}",
            done.join("; ")
        ),
    }
}

/// Who of whom. The table above the error has all names.
fn locked_out(names: &[String], members: usize, group: &str) -> String {
    const MOST: usize = 5;
    let mut who = names
        .iter()
        .take(MOST)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MOST {
        who += " and others";
    }
    match members {
        1 => format!("{who}, the only member of {group},"),
        _ => format!(
            "{who} ({} of the {members} members of {group})",
            names.len()
        ),
    }
}
