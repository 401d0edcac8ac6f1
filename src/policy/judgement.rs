//! What a principal's policies leave to each caller.

use std::time::Duration;

use crate::policy::{caller::Caller, principal::Principal};

mod age;
mod mistakes;
mod verdict;

#[cfg(test)]
mod tests;

/// What a principal's policies enforce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// In a word.
    pub verdict: Verdict,
    /// What was judged.
    pub basis: Basis,
    /// The age past which a session with MFA can do nothing any more, if there is one.
    pub age_limit: Option<Duration>,
    /// The callers without MFA, then those with MFA by age: 0, and just under and just over the age limit.
    pub outcomes: Vec<Outcome>,
    /// Known mistakes, worst first.
    pub mistakes: Vec<Mistake>,
}

/// Whether MFA is enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nobody without MFA can do anything but enrol a device.
    Enforced,
    /// Each caller without MFA can do less than one with MFA, and one of them more than enrol a device.
    Partly,
    /// Some caller without MFA can do all that one with MFA can.
    NotEnforced,
    /// There is nothing to protect: the policies allow nothing, and deny nothing on account of MFA.
    NothingAllowed,
}

/// What was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// What the policies allow.
    Own,
    /// The policies only deny, or allow nothing but enrolment, so that others have to allow: judged as if those
    /// allowed everything.
    AsIfAllAllowed,
}

/// What is left to one caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Who.
    pub caller: Caller,
    /// How much.
    pub possible: Possible,
    /// What, the most telling first: certain before uncertain, then by statement. At most a few.
    pub witnesses: Vec<Witness>,
}

/// How much a caller can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Possible {
    /// Nothing.
    Nothing,
    /// Nothing but what it takes to enrol an MFA device, and to see who one is.
    Enrolment,
    /// More than that, but only under conditions on something else than MFA.
    Perhaps,
    /// More than that.
    Something,
}

/// An action and a resource that a caller can do, and the statement that allows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// An action such as `s3:GetObject`, or a pattern such as `s3:*` of which all are possible.
    pub action: String,
    /// A resource, or a pattern of them.
    pub resource: String,
    /// The statement that allows it, or none where everything is assumed to be allowed.
    pub allowed_by: Option<StatementReference>,
    /// Conditions on other keys than MFA's on which it depends, in words; empty if it is certain.
    pub only_if: Vec<String>,
    /// Whether it is part of enrolling an MFA device.
    pub is_enrolment: bool,
}

/// A statement of a principal's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementReference {
    /// What people call the policy.
    pub policy: String,
    /// Which statement, from 0.
    pub index: usize,
    /// Its name.
    pub sid: Option<String>,
}

/// A known mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which.
    pub kind: MistakeKind,
    /// The statement with it, if it is in one.
    pub statement: Option<StatementReference>,
    /// What is wrong and what comes of it, in a sentence or two.
    pub what: String,
    /// How to mend it.
    pub fix: String,
}

/// The known mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MistakeKind {
    /// Deny with `Bool` false: long-term keys have no such key.
    DenyWithBoolFalse,
    /// Allow with `BoolIfExists` true: long-term keys pass.
    AllowWithBoolIfExists,
    /// `ForAllValues:` is true where the key is absent.
    ForAllValues,
    /// An Allow without a condition beside one with.
    AllowWithoutCondition,
    /// Somebody without a device cannot enrol one.
    EnrolmentLockedOut,
    /// A stolen key can bring its own device or take the owner's away.
    EnrolmentOpen,
    /// An age limit that does not stop callers without an age.
    AgeWithoutNull,
    /// A longer age limit than intended.
    AgeLimitTooLong,
    /// No age limit where one is intended.
    NoAgeLimit,
    /// A condition that only asks whether `aws:MultiFactorAuthPresent` is there.
    PresentWithoutValue,
    /// A condition that holds for those that it should not, and the other way round.
    Inverted,
    /// A key or an operator that is nearly one of MFA's.
    Misspelt,
}

/// What is wanted of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Intent {
    /// The age limit that they are to enforce; none if any will do.
    pub max_age: Option<Duration>,
}

/// Judges all policies of a principal together.
pub fn judge(principal: &Principal, intent: &Intent) -> Judgement {
    verdict::judge(principal, Some(intent))
}

/// Judges all policies of a principal together, without a search for mistakes: that takes longer than all the rest, and
/// of thousands of principals most have the same ones.
pub fn judge_without_mistakes(principal: &Principal) -> Judgement {
    verdict::judge(principal, None)
}
