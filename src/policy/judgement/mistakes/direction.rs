//! Conditions that ask for the opposite of what is meant, or only whether a key is there.

use super::{
    Caller, Evaluation, FRESH, Key, Mistake, MistakeKind, OLDEST, Rule, Stage, Staged,
    StatementReference, Test, Truth, Witness, mistake, shown,
};
use crate::policy::condition::Comparison;

/// Those without MFA who have `aws:MultiFactorAuthPresent`, the one who can do more first.
const WITH_THE_KEY: [Caller; 2] = [Caller::ConsoleWithoutMfa, Caller::SessionWithoutMfa];
const WITHOUT_MFA: [Caller; 3] = [
    Caller::LongTermKey,
    Caller::ConsoleWithoutMfa,
    Caller::SessionWithoutMfa,
];

/// What a statement asks of MFA, as its callers meet it.
struct Asked<'r> {
    tests: Vec<&'r (Test, usize)>,
}

impl<'r> Asked<'r> {
    fn of(rule: &'r Rule) -> Option<Self> {
        let tests: Vec<_> = rule
            .conditions
            .iter()
            .filter(|(test, _)| test.key != Key::Other)
            .collect();
        (!tests.is_empty()).then_some(Self { tests })
    }

    /// Whether a caller meets all of it.
    fn is_met_by(&self, caller: Caller) -> bool {
        self.tests
            .iter()
            .all(|(test, _)| test.holds(caller) == Truth::True)
    }

    /// Whether a caller fails some of it.
    fn is_failed_by(&self, caller: Caller) -> bool {
        self.tests
            .iter()
            .any(|(test, _)| test.holds(caller) == Truth::False)
    }

    /// Whether it limits the age.
    fn is_a_limit(&self) -> bool {
        self.tests.iter().any(|(test, _)| {
            test.operator
                .is_some_and(|operator| matches!(operator.comparison, Comparison::Numeric(_)))
        })
    }

    /// The first condition, in words.
    fn words<'e>(&self, own: &'e Evaluation) -> &'e str {
        own.words(self.tests[0].1)
    }
}

/// A Deny that stops the wrong callers, and whom else it should stop.
pub(super) fn in_deny(
    rule: &Rule,
    statement: &StatementReference,
    own: &Evaluation,
) -> Option<Staged> {
    let asked = Asked::of(rule)?;
    let words = asked.words(own);
    let passes = |callers: &[Caller]| {
        let passing = || {
            callers
                .iter()
                .copied()
                .filter(|&caller| asked.is_failed_by(caller))
        };
        let now = passing().find_map(|caller| Some((caller, own.within(caller, rule)?)));
        match now {
            Some((caller, witness)) => Some((Stage::InEffect, caller, witness)),
            None => passing().find_map(|caller| {
                let witness = own.within_if_all_is_allowed(caller, rule)?;
                Some((Stage::Latent, caller, witness))
            }),
        }
    };
    if asked.is_met_by(Caller::LongTermKey) && asked.is_failed_by(FRESH) {
        let (stage, caller, witness) = passes(&WITH_THE_KEY)?;
        let what = format!(
            "This Deny ('{words}') stops only long-term keys: sessions and sign-ins without MFA have \
             aws:MultiFactorAuthPresent, and it is false. {}",
            comes_of_it(stage, caller, &witness)
        );
        let fix = "Write \"Null\": {\"aws:MultiFactorAuthAge\": \"true\"} in its place: there is an age only with MFA.";
        let kind = MistakeKind::PresentWithoutValue;
        return Some((stage, mistake(kind, Some(statement), what, fix)));
    }
    // With something else besides it may be meant so.
    let is_all = asked.tests.len() == rule.conditions.len();
    if !is_all || !asked.is_met_by(FRESH) {
        return None;
    }
    let (stage, caller, witness) = passes(&WITHOUT_MFA)?;
    let what = format!(
        "This Deny ('{words}') is the wrong way round: it stops sessions with MFA, and not {}. {}",
        several(caller),
        comes_of_it(stage, caller, &witness)
    );
    let fix = match asked.is_a_limit() {
        true => {
            "Write NumericGreaterThan in its place, and add a second Deny statement with the condition \"Null\": \
             {\"aws:MultiFactorAuthAge\": \"true\"}."
        }
        false => {
            "Write \"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"false\"} in its place."
        }
    };
    Some((
        stage,
        mistake(MistakeKind::Inverted, Some(statement), what, fix),
    ))
}

/// An Allow that lets the wrong callers in.
pub(super) fn in_allow(
    rule: &Rule,
    statement: &StatementReference,
    own: &Evaluation,
) -> Option<Mistake> {
    let asked = Asked::of(rule)?;
    let words = asked.words(own);
    let enters = |callers: &[Caller]| {
        callers
            .iter()
            .copied()
            .filter(|&caller| asked.is_met_by(caller))
            .find_map(|caller| Some((caller, own.by(caller, rule)?)))
    };
    let told = |kind, what: String, fix| Some(mistake(kind, Some(statement), what, fix));
    let bool_true = "Write \"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"} in its place.";
    if asked.is_met_by(FRESH) && asked.is_failed_by(Caller::LongTermKey) {
        let (caller, witness) = enters(&WITH_THE_KEY)?;
        let what = format!(
            "This Allow ('{words}') keeps only long-term keys out: sessions and sign-ins without MFA have \
             aws:MultiFactorAuthPresent, too, and it is false. {}",
            comes_of_it(Stage::InEffect, caller, &witness)
        );
        return told(MistakeKind::PresentWithoutValue, what, bool_true);
    }
    if !asked.is_failed_by(FRESH) {
        return None;
    }
    if let Some((caller, witness)) = enters(&WITHOUT_MFA) {
        let what = format!(
            "This Allow ('{words}') is the wrong way round: it holds for {}, and not for sessions with MFA. {}",
            several(caller),
            comes_of_it(Stage::InEffect, caller, &witness)
        );
        return told(MistakeKind::Inverted, what, bool_true);
    }
    enters(&[OLDEST]).and_then(|(_, witness)| {
        let what = format!(
            "This Allow ('{words}') is the wrong way round: it holds only once the MFA is old. A session with an old \
             MFA can do {}.",
            shown(&witness)
        );
        let fix = "Write NumericLessThan in its place.";
        told(MistakeKind::Inverted, what, fix)
    })
}

fn several(caller: Caller) -> &'static str {
    match caller {
        Caller::LongTermKey => "long-term keys",
        Caller::SessionWithoutMfa => "sessions without MFA",
        Caller::ConsoleWithoutMfa => "console sign-ins without MFA",
        Caller::WithMfa { .. } => "sessions with MFA",
    }
}

fn comes_of_it(stage: Stage, caller: Caller, witness: &Witness) -> String {
    match stage {
        Stage::InEffect => format!("A {caller} can do {}.", shown(witness)),
        Stage::Latent => "Nothing comes of it for now, since nothing else allows them anything here, but what a policy \
                          added later allows will be open to them."
            .to_owned(),
    }
}
