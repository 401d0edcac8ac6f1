//! Enrolment that is locked or left open.

use super::{Mistake, MistakeKind, Stage, Staged, mistake};
use crate::policy::{
    caller::Caller,
    evaluation::{
        Evaluation,
        actions::{CREATE_DEVICE, DEACTIVATE_DEVICE, DELETE_DEVICE, ENABLE_DEVICE},
    },
    judgement::{Verdict, verdict::FRESH},
};

/// The device that bears its owner's name, and the user.
const OWN_DEVICE: [&str; 1] = ["arn:*:iam::*:mfa/${aws:username}"];
/// What the actions are done to, and what is matched by the same pattern since `*` matches colons, too.
const DEVICE: (&str, [&str; 2]) = (
    "arn:*:iam::*:mfa/*",
    ["arn:*:iam::*:*:mfa/*", "arn:*:iam::*:mfa/*:*"],
);
const USER: (&str, [&str; 2]) = (
    "arn:*:iam::*:user/*",
    ["arn:*:iam::*:*:user/*", "arn:*:iam::*:user/*:*"],
);
const OWN_USER: [&str; 2] = [
    "arn:*:iam::*:user/${aws:username}",
    "arn:*:iam::*:user/*/${aws:username}",
];

pub(super) fn find(evaluation: &Evaluation, verdict: Verdict) -> Vec<Staged> {
    // Where everything is open anyway this is not what matters.
    if !matches!(verdict, Verdict::Enforced | Verdict::Partly) {
        return Vec::new();
    }
    [left_open(evaluation), locked_out(evaluation)]
        .into_iter()
        .flatten()
        .map(|mistake| (Stage::InEffect, mistake))
        .collect()
}

/// Whoever may have somebody's key or password and no MFA.
const THIEVES: [Caller; 2] = [Caller::LongTermKey, Caller::ConsoleWithoutMfa];

/// Somebody without a device cannot enrol one, and somebody with MFA could.
fn locked_out(evaluation: &Evaluation) -> Option<Mistake> {
    let can = |caller, action, (on, besides): (&str, [&str; 2])| {
        evaluation.can(caller, action, on, &besides)
    };
    let enrols = |caller| can(caller, CREATE_DEVICE, DEVICE) && can(caller, ENABLE_DEVICE, USER);
    if THIEVES.into_iter().any(enrols) || !enrols(FRESH) {
        return None;
    }
    let what = "Somebody without an MFA device cannot enrol one: making and enabling it is only allowed with MFA. An \
                administrator has to do it for every newcomer."
        .to_owned();
    let fix = "Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the user's own name, as 'daypass policy \
               show --kind self-service' does, or leave it so on purpose.";
    Some(mistake(MistakeKind::EnrolmentLockedOut, None, what, fix))
}

/// A thief can take more into their hands than enrolling a first device takes.
fn left_open(evaluation: &Evaluation) -> Option<Mistake> {
    let open = |action, (on, besides): (&str, [&str; 2]), own: &[&str]| {
        let except = [&besides, own].concat();
        THIEVES
            .into_iter()
            .any(|caller| evaluation.can(caller, action, on, &except))
    };
    let mut thief = Vec::new();
    if open(ENABLE_DEVICE, USER, &OWN_USER) {
        thief.push("give a device of their own to any user (iam:EnableMFADevice)");
    }
    if open(CREATE_DEVICE, DEVICE, &OWN_DEVICE) && open(ENABLE_DEVICE, USER, &[]) {
        thief.push(
            "enrol a second device beside the owner's, under any name (iam:CreateVirtualMFADevice), and then work with MFA",
        );
    }
    if open(DEACTIVATE_DEVICE, USER, &[]) {
        thief.push("take the owner's device away (iam:DeactivateMFADevice)");
    }
    if open(DELETE_DEVICE, DEVICE, &[]) {
        thief.push("delete a device that is not in use (iam:DeleteVirtualMFADevice)");
    }
    if thief.is_empty() {
        return None;
    }
    let what = format!(
        "With a stolen key or password and without MFA, somebody can {}.",
        thief.join("; and ")
    );
    let fix = "Without MFA allow iam:CreateVirtualMFADevice on arn:aws:iam::*:mfa/${aws:username} and \
               iam:EnableMFADevice on arn:aws:iam::*:user/${aws:username} alone, and neither \
               iam:DeactivateMFADevice nor iam:DeleteVirtualMFADevice on anything; 'daypass policy show --kind \
               self-service' does it.";
    Some(mistake(MistakeKind::EnrolmentOpen, None, what, fix))
}
