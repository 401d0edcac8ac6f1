//! The rules as they stand for one caller.

use super::*;
use crate::policy::evaluation::{
    actions::{IN_IAM, OF_STS_TO_SESSIONS},
    rules::Reach,
};

/// How sure an answer has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// It is so, whatever else there is in a request.
    Certain,
    /// There may be requests for which it is so.
    Perhaps,
}

/// Which age a caller with MFA stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Its own.
    Exact,
    /// About its own: what depends on the digits of the age is unknown.
    About,
    /// Any: what depends on the age is unknown.
    Any,
}

/// A rule that may apply, and the conditions on which that depends.
#[derive(Debug, Clone)]
pub(super) struct Standing<'e> {
    pub rule: &'e Rule,
    /// The numbers of the words of what is not known; none if it applies.
    pub depends_on: Vec<usize>,
}

impl<'e> Standing<'e> {
    /// A rule that applies, whatever else there is.
    pub fn certain(rule: &'e Rule) -> Self {
        Self {
            rule,
            depends_on: Vec::new(),
        }
    }
}

/// The rules as they stand for one caller.
#[derive(Debug)]
pub struct View<'e> {
    pub(super) evaluation: &'e Evaluation,
    pub(super) allows: Vec<Standing<'e>>,
    /// What the boundary allows, if there is one.
    pub(super) boundary: Option<Vec<Standing<'e>>>,
    pub(super) denies: Vec<Standing<'e>>,
    /// What AWS does not let this caller do, whatever its policies say.
    pub(super) limits: Vec<Rule>,
}

/// What sets a view apart from others of the same principal.
pub type Fingerprint = (Vec<(usize, Vec<usize>)>, bool);

impl<'e> View<'e> {
    pub(super) fn new(evaluation: &'e Evaluation, caller: Caller, age: Age) -> Self {
        let is_open = |test: &Test| match age {
            _ if caller.mfa_age().is_none() => false,
            Age::Exact => false,
            Age::About => test.is_irregular(),
            Age::Any => test.depends_on_the_age(),
        };
        let standing = |rule: &'e Rule| {
            let mut depends_on = Vec::new();
            for (test, words) in &rule.conditions {
                match test.holds(caller) {
                    _ if is_open(test) => depends_on.push(*words),
                    Truth::True => {}
                    Truth::False => return None,
                    Truth::Unknown => depends_on.push(*words),
                }
            }
            depends_on.extend(rule.doubt);
            Some(Standing { rule, depends_on })
        };
        let of = |effect: Effect| {
            let effect = move |rule: &&Rule| rule.effect == effect;
            move |rules: &'e [Rule]| {
                rules
                    .iter()
                    .filter(effect)
                    .filter_map(standing)
                    .collect::<Vec<_>>()
            }
        };
        let mut denies = of(Effect::Deny)(&evaluation.rules);
        let boundary = evaluation.boundary.as_deref();
        denies.extend(boundary.into_iter().flat_map(of(Effect::Deny)));
        Self {
            evaluation,
            allows: of(Effect::Allow)(&evaluation.rules),
            boundary: boundary.map(of(Effect::Allow)),
            denies,
            limits: limits(caller),
        }
    }

    /// The same for all callers that can do the same for the same reasons.
    pub fn fingerprint(&self) -> Fingerprint {
        let base = self.evaluation.rules.as_ptr();
        let standings = self
            .allows
            .iter()
            .chain(&self.denies)
            .chain(self.boundary.iter().flatten());
        let addresses = standings.map(|standing| {
            let address = std::ptr::from_ref(standing.rule)
                .addr()
                .wrapping_sub(base.addr());
            (address, standing.depends_on.clone())
        });
        (addresses.collect(), self.limits.is_empty())
    }

    /// What may allow something with this certainty.
    pub(super) fn allowing(&self, certainty: Certainty) -> impl Iterator<Item = &Standing<'e>> {
        self.allows
            .iter()
            .filter(move |standing| may_allow(standing, certainty))
    }

    /// What of the boundary may allow something with this certainty.
    pub(super) fn within(
        &self,
        certainty: Certainty,
    ) -> Option<impl Iterator<Item = &Standing<'e>>> {
        let boundary = self.boundary.as_ref()?;
        Some(
            boundary
                .iter()
                .filter(move |standing| may_allow(standing, certainty)),
        )
    }

    /// What denies something that is allowed under these conditions. For certainty that is all that may deny;
    /// otherwise what is certain to, or certain to where those conditions hold.
    pub(super) fn denying(&self, certainty: Certainty, under: &[usize]) -> Vec<&Rule> {
        let applies = |standing: &&Standing<'_>| match certainty {
            Certainty::Certain => standing.rule.reach != Reach::AtLeast,
            Certainty::Perhaps => {
                standing.rule.reach != Reach::AtMost
                    && standing
                        .depends_on
                        .iter()
                        .all(|condition| under.contains(condition))
            }
        };
        let denies = self
            .denies
            .iter()
            .filter(applies)
            .map(|standing| standing.rule);
        denies.chain(&self.limits).collect()
    }

    /// What may deny something that is allowed under these conditions, without being certain to.
    pub(super) fn in_the_way(&self, under: &[usize]) -> impl Iterator<Item = &Standing<'e>> {
        self.denies.iter().filter(move |standing| {
            standing.rule.reach != Reach::AtLeast
                && standing
                    .depends_on
                    .iter()
                    .any(|condition| !under.contains(condition))
        })
    }

    /// Whether an action on a resource is possible. Both are words.
    pub(super) fn decide(&self, action: &[Token], resource: &[Token]) -> Decision {
        for (certainty, decision) in [
            (Certainty::Certain, Decision::Allowed),
            (Certainty::Perhaps, Decision::Perhaps),
        ] {
            let allowed = self
                .allowing(certainty)
                .any(|standing| self.allows_by(standing, certainty, action, resource));
            if allowed {
                return decision;
            }
        }
        Decision::Denied
    }

    /// Whether this allows an action on a resource.
    pub(super) fn allows_by(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        action: &[Token],
        resource: &[Token],
    ) -> bool {
        let mut steps = 0;
        let mut contains = |rule: &Rule| rule.contains(action, resource, &mut steps);
        let allowed = contains(standing.rule)
            && self
                .within(certainty)
                .is_none_or(|mut within| within.any(|standing| contains(standing.rule)))
            && !self
                .denying(certainty, &standing.depends_on)
                .into_iter()
                .any(contains);
        self.evaluation.spend(steps);
        allowed
    }
}

fn may_allow(standing: &Standing<'_>, certainty: Certainty) -> bool {
    match certainty {
        Certainty::Certain => {
            standing.depends_on.is_empty() && standing.rule.reach != Reach::AtMost
        }
        Certainty::Perhaps => standing.rule.reach != Reach::AtLeast,
    }
}

/// AWS refuses a session of GetSessionToken without MFA in all of IAM, and in STS but for two actions.
fn limits(caller: Caller) -> Vec<Rule> {
    if caller != Caller::SessionWithoutMfa {
        return Vec::new();
    }
    let of_sts = Scope {
        exceptions: Scope::of_actions(&OF_STS_TO_SESSIONS).patterns,
        ..Scope::of_actions(&["sts:*"])
    };
    vec![
        Rule::denying(Scope::of_actions(&[IN_IAM])),
        Rule::denying(of_sts),
    ]
}
