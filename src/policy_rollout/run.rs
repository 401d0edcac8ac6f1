//! Taking the steps.

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{groups, policies},
    },
    policy::document::Document,
    policy_rollout::{Target, error::RolloutError, plan::Step, survey},
    terminal::{Progress, trace},
};

/// A roll-out that is under way.
pub struct Rollout<'a> {
    /// The connection.
    pub aws: &'a Aws,
    /// Of what.
    pub target: &'a Target,
    /// The document that is wanted, for the steps that write it.
    pub wanted: &'a Document,
}

impl Rollout<'_> {
    /// Takes the steps, one after the other.
    ///
    /// # Errors
    /// [`RolloutError::Request`] where the first came to nothing, [`RolloutError::Unfinished`] where a later one did.
    pub fn take(&self, steps: &[Step]) -> Result<(), RolloutError> {
        let (group, policy) = (&self.target.group, self.target.policy_name());
        let _progress = Progress::show("daypass: changing the policies of the group ...");
        for (at, step) in steps.iter().enumerate() {
            trace(1, || step.describe(group, &policy));
            let Err(error) = self.one(step) else {
                continue;
            };
            if error.may_have_been_done() && self.is_done(step) {
                continue;
            }
            if at == 0 && !error.may_have_been_done() {
                return Err(error.into());
            }
            let describe = |step: &Step| step.describe(group, &policy);
            return Err(RolloutError::Unfinished {
                done: steps[..at].iter().map(describe).collect(),
                failed: step.clone(),
                source: Box::new(error.into()),
            });
        }
        Ok(())
    }

    fn one(&self, step: &Step) -> Result<(), AwsError> {
        let (aws, group) = (self.aws, &self.target.group);
        let arn = self.target.policy_arn();
        let text = || self.wanted.to_value().to_string();
        let done = match step {
            Step::CreateGroup => groups::create(aws, group).map(drop),
            Step::CreatePolicy => {
                let (name, description) = (self.target.policy_name(), self.target.description());
                policies::create(aws, &name, &text(), &description).map(drop)
            }
            Step::DeleteVersion(id) => policies::delete_version(aws, &arn, id),
            Step::CreateVersion => policies::create_version(aws, &arn, &text()).map(drop),
            Step::Attach => groups::attach_policy(aws, group, &arn),
            Step::PutInForce(id) => policies::set_default_version(aws, &arn, id),
            Step::Detach => groups::detach_policy(aws, group, &arn),
            Step::DeletePolicy => policies::delete(aws, &arn),
        };
        match (step, done) {
            // It was there a moment ago: an answer was lost, or somebody else has done it.
            (
                Step::DeleteVersion(_) | Step::Detach | Step::DeletePolicy,
                Err(AwsError::NoSuchEntity { .. }),
            )
            | (Step::CreateGroup, Err(AwsError::EntityAlreadyExists { .. })) => Ok(()),
            (_, done) => done,
        }
    }

    /// Whether a step whose answer was lost was done all the same.
    fn is_done(&self, step: &Step) -> bool {
        let Ok(standing) = survey::standing(self.aws, self.target) else {
            return false;
        };
        step.is_done(&standing, self.wanted)
    }
}
