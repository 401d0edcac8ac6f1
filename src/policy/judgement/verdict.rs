//! The verdict over a principal's policies.

use std::{
    collections::{HashMap, hash_map::Entry},
    time::Duration,
};

use super::{Basis, Intent, Judgement, Outcome, Possible, Verdict, age, mistakes};
use crate::policy::{
    caller::Caller,
    document::Effect,
    evaluation::{Age, Certainty, Evaluation, Fingerprint},
    principal::Principal,
};

/// A caller who has just signed in with MFA.
pub(super) const FRESH: Caller = Caller::WithMfa {
    age: Duration::ZERO,
};

/// Judges, and looks for mistakes if there is an intent: that takes longer than all the rest.
pub(super) fn judge(principal: &Principal, intent: Option<&Intent>) -> Judgement {
    let mut evaluation = Evaluation::of(principal);
    let is_about_mfa = evaluation.all_rules().any(|rule| rule.is_about_mfa())
        || mistakes::spelling::has_a_misspelt_key(principal);
    let denies = evaluation
        .all_rules()
        .any(|rule| rule.effect == Effect::Deny);
    let basis = if evaluation.allows_beyond_enrolment()
        || !is_about_mfa
        || !denies && principal.boundary.is_none()
    {
        Basis::Own
    } else {
        evaluation.allow_everything();
        Basis::AsIfAllAllowed
    };
    let mut outcomes = Outcomes::of(&evaluation);
    let age_limit = age::limit(&mut outcomes);
    let mut listed: Vec<Outcome> = callers(age_limit)
        .map(|caller| outcomes.outcome(caller))
        .collect();
    age::add_the_youngest(&mut listed, &mut outcomes);
    let verdict = verdict(&evaluation, &listed);
    let is_open = |outcome: &&Outcome| {
        outcome.caller.mfa_age().is_none() && outcome.possible > Possible::Enrolment
    };
    let known = mistakes::Known {
        verdict,
        age_limit,
        open_to: listed
            .iter()
            .filter(is_open)
            .map(|outcome| outcome.caller)
            .collect(),
    };
    let mistakes = intent.map_or_else(Vec::new, |intent| {
        mistakes::find(principal, intent, &known, &outcomes)
    });
    Judgement {
        verdict,
        basis,
        age_limit,
        outcomes: listed,
        mistakes,
    }
}

/// The callers without MFA, then those with MFA whose ages matter.
fn callers(age_limit: Option<Duration>) -> impl Iterator<Item = Caller> {
    const SECOND: Duration = Duration::from_secs(1);
    let mut ages = vec![Duration::ZERO];
    if let Some(limit) = age_limit {
        ages.extend([limit.saturating_sub(SECOND), limit + SECOND]);
        ages.dedup();
    }
    let with_mfa = ages.into_iter().map(|age| Caller::WithMfa { age });
    Caller::WITHOUT_MFA.into_iter().chain(with_mfa)
}

fn verdict(evaluation: &Evaluation, outcomes: &[Outcome]) -> Verdict {
    let most = |with_mfa: bool| {
        let of = outcomes
            .iter()
            .filter(move |outcome| (outcome.caller.mfa_age().is_some()) == with_mfa);
        of.map(|outcome| outcome.possible)
            .max()
            .unwrap_or(Possible::Nothing)
    };
    if most(false) <= Possible::Enrolment {
        return match most(true) {
            Possible::Nothing | Possible::Enrolment => Verdict::NothingAllowed,
            Possible::Perhaps | Possible::Something => Verdict::Enforced,
        };
    }
    let unhindered = |outcome: &Outcome| match outcome.possible {
        Possible::Nothing | Possible::Enrolment => false,
        Possible::Perhaps => evaluation.is_the_same_for(outcome.caller, FRESH),
        Possible::Something => !evaluation.can_do_less(outcome.caller, FRESH),
    };
    let without_mfa = outcomes
        .iter()
        .filter(|outcome| outcome.caller.mfa_age().is_none());
    if without_mfa.into_iter().any(unhindered) {
        Verdict::NotEnforced
    } else {
        Verdict::Partly
    }
}

/// The answers for callers; those to whom the same applies share one.
pub(super) struct Outcomes<'e> {
    pub evaluation: &'e Evaluation,
    known: HashMap<Fingerprint, Outcome>,
}

impl<'e> Outcomes<'e> {
    fn of(evaluation: &'e Evaluation) -> Self {
        Self {
            evaluation,
            known: HashMap::new(),
        }
    }

    /// What a caller can do.
    pub fn outcome(&mut self, caller: Caller) -> Outcome {
        self.at(caller, Age::Exact)
    }

    /// What callers of other ages can do, too.
    pub fn at(&mut self, caller: Caller, age: Age) -> Outcome {
        let view = self.evaluation.view_at(caller, age);
        match self.known.entry(view.fingerprint()) {
            Entry::Occupied(known) => Outcome {
                caller,
                ..known.get().clone()
            },
            Entry::Vacant(empty) => {
                let (possible, witnesses) = match view.beyond_enrolment() {
                    Some(beyond) if beyond.certainty == Certainty::Certain => {
                        (Possible::Something, beyond.witnesses)
                    }
                    Some(beyond) => (Possible::Perhaps, beyond.witnesses),
                    None => match view.enrolment() {
                        Some(enrolment) => (Possible::Enrolment, enrolment.witnesses),
                        None => (Possible::Nothing, Vec::new()),
                    },
                };
                let outcome = Outcome {
                    caller,
                    possible,
                    witnesses,
                };
                empty.insert(outcome).clone()
            }
        }
    }
}
