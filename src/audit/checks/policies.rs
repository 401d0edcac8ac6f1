//! What the checks of policies have in common.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    audit::account::{Account, Group, Judged},
    policy::{
        caller::Caller,
        judgement::{Basis, Judgement, Outcome, Possible, Verdict, Witness},
    },
};

use super::{Answer, named};

/// What is left to a caller.
pub(super) fn outcome(judgement: &Judgement, caller: Caller) -> Option<&Outcome> {
    judgement
        .outcomes
        .iter()
        .find(|outcome| outcome.caller == caller)
}

/// What a caller can do besides enrolling a device, if the policies allow anything at all: those that only deny leave
/// nothing to anybody.
pub(super) fn open_to(judged: &Judged, caller: Caller) -> Option<&Outcome> {
    let judgement = &judged.judgement;
    if judgement.basis == Basis::AsIfAllAllowed && judged.unknown_policies.is_empty() {
        return None;
    }
    outcome(judgement, caller).filter(|outcome| outcome.possible >= Possible::Perhaps)
}

/// `s3:* on * (statement 2 'Read' of arn:…)`.
pub(super) fn told(witness: &Witness) -> String {
    let mut text = format!("{} on {}", witness.action, witness.resource);
    if let Some(by) = &witness.allowed_by {
        let sid = by.sid.as_ref().map(|sid| format!(" '{sid}'"));
        let number = by.index + 1;
        text += &format!(
            " (statement {number}{} of {})",
            sid.unwrap_or_default(),
            by.policy
        );
    }
    if !witness.only_if.is_empty() {
        text += &format!(" if {}", witness.only_if.join(" and "));
    }
    text
}

/// The most telling thing besides enrolment that a caller can do: everything, if that is among them.
pub(super) fn witness(outcome: &Outcome) -> Option<&Witness> {
    let open = || {
        outcome
            .witnesses
            .iter()
            .filter(|witness| !witness.is_enrolment)
    };
    let is_everything = |witness: &&Witness| witness.action == "*" && witness.only_if.is_empty();
    open().find(is_everything).or_else(|| open().next())
}

/// A group whose policies enforce MFA by denying, so that a member of it is under them whatever else it has; one that
/// limits its age if there is any.
pub(super) fn enforcing_group(account: &Account, max_age: Duration) -> Option<&str> {
    let enforces = |judged: &Judged| {
        judged.judgement.verdict == Verdict::Enforced
            && judged.judgement.basis == Basis::AsIfAllAllowed
    };
    let groups = account.groups.iter();
    let enforcing = groups.filter(|group| enforces(&group.policies));
    let limits = |group: &&Group| {
        let limit = group.policies.judgement.age_limit;
        limit.is_some_and(|limit| limit <= max_age)
    };
    enforcing
        .min_by_key(|group| !limits(group))
        .map(|group| group.name.as_str())
}

/// Says which policies' text is missing, if any is.
pub(super) fn unknown_policies<'a>(answer: &mut Answer, judged: impl Iterator<Item = &'a Judged>) {
    let unknown: BTreeSet<&str> = judged
        .flat_map(|judged| judged.unknown_policies.iter().map(String::as_str))
        .collect();
    if !unknown.is_empty() {
        let unknown: Vec<&str> = unknown.into_iter().collect();
        let text = named("policy", &unknown).replace("policys", "policies");
        answer
            .unchecked
            .push(format!("the text of {text} is not known"));
    }
}
