//! What policies enforce as JSON, for programs. `docs/policies.md` describes it.

use serde_json::{Value, json};

use super::check::{Checked, Report, verdict_word};
use crate::policy::{
    caller::Caller,
    judgement::{Basis, Mistake, MistakeKind, Outcome, Possible, StatementReference, Witness},
    principal::{Policy, PrincipalKind},
};
use crate::terminal;

/// Changes when a program that reads this has to change.
const VERSION: u32 = 1;

/// Renders one object.
pub(super) fn render(report: &Report) -> String {
    let principals: Vec<Value> = report.checked.iter().map(principal).collect();
    let notes: Vec<Value> = report
        .notes
        .iter()
        .map(|note| json!({"file": note.file, "line": note.line, "what": note.what}))
        .collect();
    let object = json!({
        "version": VERSION,
        "enforced": report.is_good(),
        "intended_max_age_seconds": report.intent.max_age.map(|age| age.as_secs()),
        "principals": principals,
        "notes": notes,
    });
    terminal::json(&object)
}

fn principal(checked: &Checked) -> Value {
    let Checked {
        principal,
        judgement,
    } = checked;
    json!({
        "kind": kind_word(principal.kind),
        "name": principal.name,
        "verdict": verdict_word(judgement.verdict),
        "basis": match judgement.basis {
            Basis::Own => "own",
            Basis::AsIfAllAllowed => "as-if-all-allowed",
        },
        "age_limit_seconds": judgement.age_limit.map(|limit| limit.as_secs()),
        "policies": principal.policies.iter().map(policy).collect::<Vec<_>>(),
        "boundary": principal.boundary.as_ref().map(policy),
        "unknown_policies": principal.unknown_policies,
        "callers": judgement.outcomes.iter().map(outcome).collect::<Vec<_>>(),
        "mistakes": judgement.mistakes.iter().map(mistake).collect::<Vec<_>>(),
    })
}

fn policy(policy: &Policy) -> Value {
    let location = policy.location.as_ref();
    json!({
        "name": policy.name,
        "file": location.map(|location| &location.file),
        "line": location.and_then(|location| location.line),
    })
}

fn outcome(outcome: &Outcome) -> Value {
    json!({
        "caller": caller_word(outcome.caller),
        "mfa_age_seconds": outcome.caller.mfa_age(),
        "possible": match outcome.possible {
            Possible::Nothing => "nothing",
            Possible::Enrolment => "enrolment",
            Possible::Perhaps => "perhaps",
            Possible::Something => "something",
        },
        "witnesses": outcome.witnesses.iter().map(witness).collect::<Vec<_>>(),
    })
}

fn witness(witness: &Witness) -> Value {
    json!({
        "action": witness.action,
        "resource": witness.resource,
        "allowed_by": witness.allowed_by.as_ref().map(statement),
        "only_if": witness.only_if,
        "enrolment": witness.is_enrolment,
    })
}

fn mistake(mistake: &Mistake) -> Value {
    json!({
        "kind": mistake_word(mistake.kind),
        "statement": mistake.statement.as_ref().map(statement),
        "what": mistake.what,
        "fix": mistake.fix,
    })
}

fn statement(reference: &StatementReference) -> Value {
    json!({
        "policy": reference.policy,
        "index": reference.index,
        "sid": reference.sid,
    })
}

fn caller_word(caller: Caller) -> &'static str {
    match caller {
        Caller::LongTermKey => "long-term-key",
        Caller::SessionWithoutMfa => "session-without-mfa",
        Caller::ConsoleWithoutMfa => "console-without-mfa",
        Caller::WithMfa { .. } => "with-mfa",
    }
}

fn kind_word(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User => "user",
        PrincipalKind::Group => "group",
        PrincipalKind::Role => "role",
        PrincipalKind::Policies => "policies",
    }
}

/// The kind of a mistake, as programs read it.
pub(super) fn mistake_word(kind: MistakeKind) -> &'static str {
    match kind {
        MistakeKind::DenyWithBoolFalse => "deny-with-bool-false",
        MistakeKind::AllowWithBoolIfExists => "allow-with-bool-if-exists",
        MistakeKind::ForAllValues => "for-all-values",
        MistakeKind::AllowWithoutCondition => "allow-without-condition",
        MistakeKind::EnrolmentLockedOut => "enrolment-locked-out",
        MistakeKind::EnrolmentOpen => "enrolment-open",
        MistakeKind::AgeWithoutNull => "age-without-null",
        MistakeKind::AgeLimitTooLong => "age-limit-too-long",
        MistakeKind::NoAgeLimit => "no-age-limit",
        MistakeKind::PresentWithoutValue => "present-without-value",
        MistakeKind::Inverted => "inverted",
        MistakeKind::Misspelt => "misspelt",
    }
}
