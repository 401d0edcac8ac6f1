//! Known mistakes, in plain words.
//!
//! What looks like a mistake is one only where it has an effect: a Deny with `Bool` is fine beside one with `Null`. So
//! each is put to the test, first with what the policies allow, then as if others allowed everything, for what would
//! only come of it later.

use std::time::Duration;

use super::{
    Intent, Mistake, MistakeKind, StatementReference, Verdict, Witness, verdict::FRESH,
    verdict::Outcomes,
};
use crate::{
    policy::{
        caller::Caller,
        condition::{Comparison, Key, Quantifier, Test, Truth},
        document::Effect,
        evaluation::{Evaluation, Reach, Rule},
        principal::Principal,
    },
    time,
};

mod direction;
mod enrolment;
pub(super) mod spelling;

/// Whether a mistake has come to something already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    InEffect,
    Latent,
}

type Staged = (Stage, Mistake);

/// What is known already when mistakes are looked for.
pub(super) struct Known {
    pub verdict: Verdict,
    pub age_limit: Option<Duration>,
    /// The callers without MFA that can do more than enrol.
    pub open_to: Vec<Caller>,
}

/// Finds the mistakes, worst first: those in effect before those that may become so, then by kind.
pub(super) fn find(
    principal: &Principal,
    intent: &Intent,
    known: &Known,
    outcomes: &Outcomes<'_>,
) -> Vec<Mistake> {
    let evaluation = outcomes.evaluation;
    let mut mistakes: Vec<Staged> = Vec::new();
    let has_guarded = evaluation.all_rules().any(is_guarded_allow);
    for rule in evaluation
        .all_rules()
        .filter(|rule| rule.reach != Reach::AtLeast)
    {
        let Some(statement) = &rule.statement else {
            continue;
        };
        let found = match rule.effect {
            Effect::Deny => in_deny(rule, statement, evaluation)
                .or_else(|| direction::in_deny(rule, statement, evaluation)),
            Effect::Allow => in_allow(rule, statement, evaluation, has_guarded, &known.open_to)
                .or_else(|| {
                    let mistake = direction::in_allow(rule, statement, evaluation)?;
                    Some((Stage::InEffect, mistake))
                }),
        };
        mistakes.extend(found);
    }
    mistakes.extend(spelling::find(principal));
    mistakes.extend(enrolment::find(evaluation, known.verdict));
    mistakes.extend(of_age(intent, known));
    mistakes.sort_by_key(|(stage, mistake)| (*stage, rank(mistake.kind)));
    mistakes.into_iter().map(|(_, mistake)| mistake).collect()
}

/// The worst first: what opens the door to everybody, then what leaves it ajar.
fn rank(kind: MistakeKind) -> usize {
    const WORST_FIRST: [MistakeKind; 12] = [
        MistakeKind::DenyWithBoolFalse,
        MistakeKind::AllowWithBoolIfExists,
        MistakeKind::ForAllValues,
        MistakeKind::Inverted,
        MistakeKind::PresentWithoutValue,
        MistakeKind::AllowWithoutCondition,
        MistakeKind::AgeWithoutNull,
        MistakeKind::Misspelt,
        MistakeKind::EnrolmentOpen,
        MistakeKind::NoAgeLimit,
        MistakeKind::AgeLimitTooLong,
        MistakeKind::EnrolmentLockedOut,
    ];
    WORST_FIRST
        .iter()
        .position(|&other| other == kind)
        .unwrap_or(WORST_FIRST.len())
}

/// A Deny that is meant for callers without MFA, and passes those without the key.
fn in_deny(rule: &Rule, statement: &StatementReference, own: &Evaluation) -> Option<Staged> {
    let (kind, words) = rule
        .conditions
        .iter()
        .find_map(|(test, words)| Some((passed_by(test)?, *words)))?;
    let condition = own.words(words);
    let key = Caller::LongTermKey;
    let is_idle = is_idle(rule);
    let (stage, witness) = match own.within(key, rule) {
        Some(witness) => (Stage::InEffect, witness),
        None => (Stage::Latent, own.within_if_all_is_allowed(key, rule)?),
    };
    let comes_of_it = match stage {
        Stage::InEffect => format!("A stolen key can do {}.", shown(&witness)),
        Stage::Latent => "Nothing comes of it for now, since nothing else allows them anything here, but what a policy \
                          added later allows will be open to them."
            .to_owned(),
    };
    let (what, fix) = match kind {
        _ if is_idle => (
            format!(
                "All conditions of a statement have to hold at once, and nobody meets all of this Deny's: a caller \
                 without MFA has no MFA age, and one with an age has MFA. It denies nothing. {comes_of_it}"
            ),
            "Make two Deny statements of it: one with the condition \"Null\": {\"aws:MultiFactorAuthAge\": \"true\"} and \
             one with that on the limit of aws:MultiFactorAuthAge.",
        ),
        MistakeKind::AgeWithoutNull => (
            format!(
                "This Deny ('{condition}') only knows callers that have an MFA age, and those without MFA have none. \
                 {comes_of_it}"
            ),
            "Add a second Deny statement with the condition \"Null\": {\"aws:MultiFactorAuthAge\": \"true\"}.",
        ),
        _ => (
            format!(
                "Long-term keys have no aws:MultiFactorAuthPresent at all, so this Deny ('{condition}') does not stop \
                 them. {comes_of_it}"
            ),
            "Write BoolIfExists in place of the operator: it holds where the key is absent, too.",
        ),
    };
    Some((stage, mistake(kind, Some(statement), what, fix)))
}

/// Whether what a rule asks of MFA is more than any caller meets, though each of its conditions is met by some.
fn is_idle(rule: &Rule) -> bool {
    let everybody = || Caller::WITHOUT_MFA.into_iter().chain([FRESH, OLDEST]);
    let meets = |caller, test: &Test| test.holds(caller) != Truth::False;
    let tests = || rule.conditions.iter().map(|(test, _)| test);
    tests().all(|test| everybody().any(|caller| meets(caller, test)))
        && !everybody().any(|caller| tests().all(|test| meets(caller, test)))
}

/// Which mistake it is if a condition of a Deny passes long-term keys, which it should not.
fn passed_by(test: &Test) -> Option<MistakeKind> {
    let operator = test.operator?;
    let stops = |caller| test.holds(caller) == Truth::True;
    if test.holds(Caller::LongTermKey) != Truth::False || operator.comparison == Comparison::Null {
        return None;
    }
    match test.key {
        Key::MfaPresent if stops(Caller::SessionWithoutMfa) && !stops(FRESH) => {
            Some(MistakeKind::DenyWithBoolFalse)
        }
        Key::MfaAge if stops(OLDEST) && !stops(FRESH) => Some(MistakeKind::AgeWithoutNull),
        _ => None,
    }
}

/// Older than any limit.
const OLDEST: Caller = Caller::WithMfa {
    age: Duration::from_secs(u32::MAX as u64),
};

/// An Allow that is meant for callers with MFA, and lets others in.
fn in_allow(
    rule: &Rule,
    statement: &StatementReference,
    own: &Evaluation,
    has_guarded: bool,
    open_to: &[Caller],
) -> Option<Staged> {
    let guards = || {
        rule.conditions
            .iter()
            .filter(|(test, _)| asks_for_mfa(test))
    };
    if !rule.is_about_mfa() {
        if !has_guarded {
            return None;
        }
        let witness = open_to.iter().find_map(|&caller| own.by(caller, rule))?;
        let what = format!(
            "This Allow asks for no MFA, while another one does: without MFA one can do {}.",
            shown(&witness)
        );
        let fix = "Add the other statement's condition to this one, or deny everything without MFA in a statement of \
                   its own, which covers whatever is allowed later.";
        let kind = MistakeKind::AllowWithoutCondition;
        return Some((Stage::InEffect, mistake(kind, Some(statement), what, fix)));
    }
    let lets_in = |test: &Test| test.holds(Caller::LongTermKey) == Truth::True;
    if guards().any(|(test, _)| !lets_in(test)) {
        return None;
    }
    let (test, words) = guards().find(|(test, _)| lets_in(test))?;
    let quantifier = test.operator.and_then(|operator| operator.quantifier);
    let (stage, witness) = match own.by(Caller::LongTermKey, rule) {
        Some(witness) => (Stage::InEffect, witness),
        // What other statements deny now would be open without them.
        None => (Stage::Latent, own.alone(Caller::LongTermKey, rule)?),
    };
    let condition = own.words(*words);
    let comes_of_it = match stage {
        Stage::InEffect => format!("A stolen key can do {}.", shown(&witness)),
        Stage::Latent => format!(
            "For now other statements deny it; without them a stolen key could do {}.",
            shown(&witness)
        ),
    };
    let (kind, why) = match quantifier {
        Some(Quantifier::ForAllValues) => (
            MistakeKind::ForAllValues,
            "'ForAllValues:' holds where the key is absent",
        ),
        _ => (
            MistakeKind::AllowWithBoolIfExists,
            "it holds where the key is absent, too",
        ),
    };
    let what =
        format!("This Allow ('{condition}') lets long-term keys through: {why}. {comes_of_it}");
    let is_negated = test.operator.is_some_and(|operator| operator.negated);
    let fix = match test.key {
        Key::MfaAge => "Write NumericLessThan, without anything before or after it.",
        // With the value that it has it would ask for the opposite.
        _ if is_negated => {
            "Write \"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"} in its place."
        }
        _ => "Write Bool, without anything before or after it.",
    };
    Some((stage, mistake(kind, Some(statement), what, fix)))
}

/// Whether a condition is one that sessions with MFA are to meet and others are not.
fn asks_for_mfa(test: &Test) -> bool {
    let is_null = test
        .operator
        .is_some_and(|operator| operator.comparison == Comparison::Null);
    let refuses = match test.key {
        Key::MfaPresent => Caller::SessionWithoutMfa,
        Key::MfaAge => OLDEST,
        Key::Other => return false,
    };
    test.holds(FRESH) == Truth::True && (is_null || test.holds(refuses) == Truth::False)
}

/// Whether this is an Allow that only callers with MFA have.
fn is_guarded_allow(rule: &Rule) -> bool {
    rule.effect == Effect::Allow && rule.conditions.iter().any(|(test, _)| asks_for_mfa(test))
}

fn of_age(intent: &Intent, known: &Known) -> Option<Staged> {
    let wanted = intent.max_age?;
    let shown = time::render_to_the_second;
    if !matches!(known.verdict, Verdict::Enforced | Verdict::Partly) {
        return None;
    }
    let (kind, what, fix) = match known.age_limit {
        None => (
            MistakeKind::NoAgeLimit,
            format!(
                "Nothing limits the age of MFA: a session can be used until it expires, up to 36 h, where {} is intended.",
                shown(wanted)
            ),
            "Add a Deny statement with the condition \"NumericGreaterThan\": {\"aws:MultiFactorAuthAge\": ",
        ),
        Some(limit) if limit > wanted => (
            MistakeKind::AgeLimitTooLong,
            format!(
                "Sessions can be used until their MFA is {} old, where {} is intended.",
                shown(limit),
                shown(wanted)
            ),
            "Set the limit of aws:MultiFactorAuthAge to ",
        ),
        Some(_) => return None,
    };
    let fix = match kind {
        MistakeKind::NoAgeLimit => format!("{fix}\"{}\"}}.", wanted.as_secs()),
        _ => format!(
            "{fix}{} seconds, in every statement that names it.",
            wanted.as_secs()
        ),
    };
    Some((Stage::InEffect, mistake(kind, None, what, &fix)))
}

fn mistake(
    kind: MistakeKind,
    statement: Option<&StatementReference>,
    what: String,
    fix: &str,
) -> Mistake {
    Mistake {
        kind,
        statement: statement.cloned(),
        what,
        fix: fix.to_owned(),
    }
}

/// What a witness says, in the middle of a sentence.
fn shown(witness: &Witness) -> String {
    let Witness {
        action, resource, ..
    } = witness;
    let mut text = format!("{action} on {resource}");
    if !witness.only_if.is_empty() {
        text.push_str(&format!(", if {}", witness.only_if.join(", and ")));
    }
    text
}

#[cfg(test)]
mod tests;
