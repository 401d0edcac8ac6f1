//! Reading back what came of a roll-out, and judging it.

use std::{sync::Arc, thread, time::Duration};

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::{groups, policies},
    },
    policy::{
        document::Document,
        judgement::{Intent, Judgement, Verdict, judge},
        principal::{Policy, Principal, PrincipalKind},
    },
    policy_rollout::{Target, error::RolloutError, plan::Standing, survey},
    terminal::trace,
};

/// How often it is looked whether a change has come through: IAM is eventually consistent.
const LOOKS: u32 = 6;

/// How long to wait before the second look; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// What the policies of the group enforce now.
#[derive(Debug)]
pub struct Proof {
    /// The judgement on all of them together.
    pub judgement: Judgement,
    /// Those whose text AWS did not tell, or that are no policies to us.
    pub unknown: Vec<String>,
}

/// Judges a document by itself, as one that is to enforce MFA no older than this.
pub fn prove(document: &Document, max_age: Duration) -> Judgement {
    let policy = Policy {
        name: "the policy".to_owned(),
        location: None,
        document: Arc::new(document.clone()),
    };
    let principal = Principal {
        kind: PrincipalKind::Policies,
        name: "the policy".to_owned(),
        policies: vec![policy],
        boundary: None,
        unknown_policies: Vec::new(),
    };
    let max_age = Some(max_age);
    judge(&principal, &Intent { max_age })
}

/// Whether a judgement says that MFA no older than this is enforced.
pub fn is_enforced(judgement: &Judgement, max_age: Duration) -> bool {
    judgement.verdict == Verdict::Enforced
        && judgement.age_limit.is_some_and(|limit| limit <= max_age)
}

/// Looks until a roll-out stands as `is_done` wants it, for half a minute at most.
///
/// # Errors
/// [`RolloutError::Request`]; [`RolloutError::NotReadBack`] where it does not.
pub fn wait_until(
    aws: &Aws,
    target: &Target,
    is_done: impl Fn(&Standing) -> bool,
) -> Result<Standing, RolloutError> {
    let mut wait = FIRST_WAIT;
    for look in 1.. {
        let standing = survey::standing(aws, target)?;
        if is_done(&standing) {
            return Ok(standing);
        }
        if look == LOOKS {
            break;
        }
        trace(1, || format!("not there yet, after {look} looks"));
        thread::sleep(wait);
        wait *= 2;
    }
    Err(RolloutError::NotReadBack)
}

/// Reads all policies of the group, and judges them together.
///
/// # Errors
/// [`RolloutError::Request`].
pub fn judge_group(aws: &Aws, target: &Target, max_age: Duration) -> Result<Proof, RolloutError> {
    let group = &target.group;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut add = |name: String, text: Result<String, AwsError>| {
        match text {
            Ok(text) => match Document::parse(&text) {
                Ok(document) => known.push(Policy {
                    name,
                    location: None,
                    document: Arc::new(document),
                }),
                Err(_) => unknown.push(name),
            },
            Err(AwsError::Denied { .. }) => unknown.push(name),
            Err(error) => return Err(RolloutError::from(error)),
        }
        Ok(())
    };
    for policy in groups::attached_policies(aws, group)? {
        let text = policies::find(aws, &policy.arn)
            .and_then(|found| policies::text(aws, &policy.arn, &found.default_version));
        add(policy.arn, text)?;
    }
    for name in groups::inline_policies(aws, group)? {
        let text = groups::inline_policy(aws, group, &name);
        add(format!("inline policy '{name}' of group '{group}'"), text)?;
    }
    let principal = Principal {
        kind: PrincipalKind::Group,
        name: group.clone(),
        policies: known,
        boundary: None,
        unknown_policies: unknown.clone(),
    };
    let max_age = Some(max_age);
    Ok(Proof {
        judgement: judge(&principal, &Intent { max_age }),
        unknown,
    })
}
