//! What policies do not enforce as SARIF, for code hosts and scanners.

use serde_json::{Map, json};

use super::{
    check::{Checked, Report, verdict_word},
    json::mistake_word,
};
use crate::{
    policy::{
        judgement::{
            Mistake, MistakeKind, Outcome, Possible, StatementReference, Verdict, Witness,
        },
        principal::{Location, Principal},
    },
    sarif::{self, FilePlace, Finding, Level, Rule, Thing},
};

const NOT_ENFORCED: &str = "mfa-not-enforced";
const PARTLY_ENFORCED: &str = "mfa-partly-enforced";
const NOT_RESOLVED: &str = "not-resolved";

/// Renders a finding for each verdict that is not good, each mistake, and each thing that is not known.
pub(super) fn render(report: &Report) -> String {
    let mut findings = Vec::new();
    for checked in &report.checked {
        findings.extend(of_verdict(checked));
        findings.extend(
            checked
                .judgement
                .mistakes
                .iter()
                .map(|mistake| of_mistake(&checked.principal, mistake)),
        );
    }
    findings.extend(report.notes.iter().map(|note| {
        Finding {
            rule: NOT_RESOLVED.into(),
            level: Level::Note,
            message: note.what.clone(),
            file: Some(FilePlace {
                path: note.file.clone(),
                line: note.line,
            })
            .filter(|file| file.path != "stdin"),
            thing: None,
            identity: format!("{}\0{}", note.file, note.what),
            properties: Map::new(),
        }
    }));
    sarif::render("policy-check", &rules(), &findings, &[])
}

fn of_verdict(checked: &Checked) -> Option<Finding> {
    let Checked {
        principal,
        judgement,
    } = checked;
    let (rule, level) = match judgement.verdict {
        Verdict::NotEnforced => (NOT_ENFORCED, Level::Error),
        Verdict::Partly => (PARTLY_ENFORCED, Level::Warning),
        Verdict::Enforced | Verdict::NothingAllowed => return None,
    };
    let open = judgement.outcomes.iter().find(|outcome| {
        outcome.caller.mfa_present() != Some(true) && outcome.possible > Possible::Enrolment
    });
    let witness = open.and_then(telling);
    let (of, what) = (named(principal), what_is_possible(open, witness));
    let mut properties = Map::new();
    properties.insert("verdict".into(), verdict_word(judgement.verdict).into());
    let limit = judgement.age_limit.map(|limit| limit.as_secs());
    properties.insert("ageLimitSeconds".into(), json!(limit));
    let by = witness.and_then(|witness| witness.allowed_by.as_ref());
    Some(Finding {
        rule: rule.into(),
        level,
        message: match judgement.verdict {
            Verdict::NotEnforced => format!("MFA is not enforced for {of}.{what}"),
            _ => format!("MFA is enforced for {of} only partly.{what}"),
        },
        file: place(principal, by),
        thing: Some(thing(principal)),
        identity: of,
        properties,
    })
}

/// What a caller can do that is more than to enrol a device.
fn telling(outcome: &Outcome) -> Option<&Witness> {
    outcome
        .witnesses
        .iter()
        .find(|witness| !witness.is_enrolment)
}

fn what_is_possible(open: Option<&Outcome>, witness: Option<&Witness>) -> String {
    let (Some(open), Some(witness)) = (open, witness) else {
        return String::new();
    };
    let only_if = match witness.only_if.as_slice() {
        [] => String::new(),
        conditions => format!(", only if {}", conditions.join(" and ")),
    };
    format!(
        " A {} can do {} on {}{only_if}.",
        open.caller, witness.action, witness.resource
    )
}

fn of_mistake(principal: &Principal, mistake: &Mistake) -> Finding {
    let (word, of) = (mistake_word(mistake.kind), named(principal));
    let statement = mistake.statement.as_ref();
    // A statement can have several words that are misspelt.
    let of = match mistake.kind {
        MistakeKind::Misspelt => format!("{of}\0{}", mistake.what),
        _ => of,
    };
    let identity = match statement {
        Some(statement) => format!("{of}\0{}\0{}", statement.policy, label(statement)),
        None => of,
    };
    let mut properties = Map::new();
    if let Some(statement) = statement {
        properties.insert("statement".into(), statement.index.into());
        properties.insert("sid".into(), json!(statement.sid));
    }
    Finding {
        rule: word.into(),
        level: level(mistake.kind),
        message: format!("{} Fix: {}", mistake.what, mistake.fix),
        file: place(principal, statement),
        thing: Some(thing(principal)),
        identity,
        properties,
    }
}

/// The name of a statement, or else its number, which moves more easily.
fn label(statement: &StatementReference) -> String {
    let number = || statement.index.to_string();
    statement.sid.clone().unwrap_or_else(number)
}

fn named(principal: &Principal) -> String {
    format!("{} {}", principal.kind, principal.name)
}

fn thing(principal: &Principal) -> Thing {
    Thing {
        name: principal.name.clone(),
        kind: principal.kind.to_string(),
    }
}

/// Where the policy of the statement begins, else the first policy that was read from a file.
fn place(principal: &Principal, statement: Option<&StatementReference>) -> Option<FilePlace> {
    let policies = || principal.policies.iter().chain(&principal.boundary);
    let of_statement = statement.and_then(|statement| {
        policies().find(|policy| policy.name == statement.policy && policy.location.is_some())
    });
    let policy = of_statement.or_else(|| policies().find(|policy| policy.location.is_some()))?;
    let Location { file, line } = policy.location.clone()?;
    (file != "stdin").then_some(FilePlace { path: file, line })
}

fn level(kind: MistakeKind) -> Level {
    match kind {
        MistakeKind::DenyWithBoolFalse
        | MistakeKind::AllowWithBoolIfExists
        | MistakeKind::ForAllValues
        | MistakeKind::AllowWithoutCondition
        | MistakeKind::AgeWithoutNull
        | MistakeKind::PresentWithoutValue
        | MistakeKind::Inverted
        | MistakeKind::Misspelt => Level::Error,
        // It may be meant so.
        MistakeKind::EnrolmentLockedOut => Level::Note,
        MistakeKind::EnrolmentOpen | MistakeKind::AgeLimitTooLong | MistakeKind::NoAgeLimit => {
            Level::Warning
        }
    }
}

fn rules() -> Vec<Rule> {
    let mut rules = vec![
        rule(
            NOT_ENFORCED,
            Level::Error,
            Some(8.5),
            [
                "MFA is not enforced",
                "Somebody without MFA can do all that one with MFA can: a stolen key or password is enough.",
                "Add the policy that daypass policy show prints.",
            ],
        ),
        rule(
            PARTLY_ENFORCED,
            Level::Warning,
            Some(6.5),
            [
                "MFA is enforced only partly",
                "Without MFA more is possible than to enrol a device.",
                "Add the policy that daypass policy show prints.",
            ],
        ),
    ];
    let kinds = [
        MistakeKind::DenyWithBoolFalse,
        MistakeKind::AllowWithBoolIfExists,
        MistakeKind::ForAllValues,
        MistakeKind::AllowWithoutCondition,
        MistakeKind::EnrolmentLockedOut,
        MistakeKind::EnrolmentOpen,
        MistakeKind::AgeWithoutNull,
        MistakeKind::AgeLimitTooLong,
        MistakeKind::NoAgeLimit,
        MistakeKind::PresentWithoutValue,
        MistakeKind::Inverted,
        MistakeKind::Misspelt,
    ];
    rules.extend(kinds.map(|kind| {
        let level = level(kind);
        let severity = match level {
            Level::Error => 7.5,
            Level::Warning => 5.0,
            Level::Note => 1.0,
        };
        rule(mistake_word(kind), level, Some(severity), texts(kind))
    }));
    rules.push(rule(
        NOT_RESOLVED,
        Level::Note,
        None,
        [
            "Something in the files is not known",
            "A value or a policy that the files only name was not there to be judged.",
            "Check the output of terraform show -json for a plan, where values are known.",
        ],
    ));
    rules
}

fn rule(id: &str, level: Level, security_severity: Option<f32>, texts: [&str; 3]) -> Rule {
    let [title, description, help] = texts.map(str::to_owned);
    Rule {
        id: id.into(),
        title,
        description,
        help,
        level,
        security_severity,
        tags: vec!["security".into(), "iam".into(), "mfa".into()],
    }
}

/// A title, what it means, what to do.
fn texts(kind: MistakeKind) -> [&'static str; 3] {
    match kind {
        MistakeKind::DenyWithBoolFalse => [
            "A Deny with Bool false does not stop access keys",
            "With a long-term key aws:MultiFactorAuthPresent is absent, not false, so that the Deny does not apply.",
            "Write BoolIfExists, or Null of aws:MultiFactorAuthAge true.",
        ],
        MistakeKind::AllowWithBoolIfExists => [
            "An Allow with BoolIfExists lets access keys through",
            "With a long-term key aws:MultiFactorAuthPresent is absent, and IfExists takes that for true.",
            "Write Bool without IfExists.",
        ],
        MistakeKind::ForAllValues => [
            "ForAllValues is true where the key is absent",
            "All values of a key that is not there fulfil any condition.",
            "Leave ForAllValues: out; the keys of MFA have one value.",
        ],
        MistakeKind::AllowWithoutCondition => [
            "An Allow without a condition stands beside one with",
            "A condition protects only what its own statement allows.",
            "Deny what is not done with MFA, in a statement of its own.",
        ],
        MistakeKind::EnrolmentLockedOut => [
            "Nobody can enrol a first device",
            "Without MFA the policies allow no enrolment, so that somebody new needs an administrator.",
            "See daypass policy show --kind self-service.",
        ],
        MistakeKind::EnrolmentOpen => [
            "A stolen key can bring its own device, or take the owner's away",
            "Without MFA the policies leave more of the management of devices open than enrolling a first one takes.",
            "See daypass policy show --kind self-service.",
        ],
        MistakeKind::AgeWithoutNull => [
            "A limit of the age does not stop callers without MFA",
            "Without MFA aws:MultiFactorAuthAge is absent, and no comparison with it is true.",
            "Add a Deny with Null of aws:MultiFactorAuthAge true.",
        ],
        MistakeKind::AgeLimitTooLong => [
            "MFA counts for longer than intended",
            "A session is good for an older MFA than --max-age says.",
            "Lower the number of NumericGreaterThan aws:MultiFactorAuthAge.",
        ],
        MistakeKind::NoAgeLimit => [
            "MFA counts for as long as a session lasts",
            "No statement ends what an old MFA can do, where --max-age says that one should.",
            "Add a Deny with NumericGreaterThan aws:MultiFactorAuthAge.",
        ],
        MistakeKind::PresentWithoutValue => [
            "A condition only asks whether aws:MultiFactorAuthPresent is there",
            "Sessions and sign-ins without MFA have the key, too, and its value is false.",
            "Ask for Null of aws:MultiFactorAuthAge, or for the value with Bool.",
        ],
        MistakeKind::Inverted => [
            "A condition on MFA is the wrong way round",
            "A Deny stops those with MFA, or an Allow lets in those without it or with an old one.",
            "Deny with BoolIfExists false, allow with Bool true; limit the age with NumericGreaterThan in a Deny.",
        ],
        MistakeKind::Misspelt => [
            "A condition is on a key or an operator that is nearly one of MFA's",
            "IAM knows no such key, so that the condition never does what it says.",
            "Mend the spelling.",
        ],
    }
}
