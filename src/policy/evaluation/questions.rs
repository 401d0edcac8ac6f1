//! Single questions about what is possible, besides how much is.

use super::*;
use crate::policy::{evaluation::view::Standing, judgement::Witness};

impl Evaluation {
    /// What is not known, in words.
    pub fn words(&self, number: usize) -> &str {
        &self.unknowns[number]
    }

    /// What a caller can do, enrolment apart: for certain, or else perhaps.
    pub fn beyond_enrolment(&self, caller: Caller) -> Vec<Witness> {
        let possible = self.view(caller).beyond_enrolment();
        possible
            .map(|possible| possible.witnesses)
            .unwrap_or_default()
    }

    /// Something that a caller can do, enrolment apart, of what a rule is about that does not apply to it.
    pub fn within(&self, caller: Caller, rule: &Rule) -> Option<Witness> {
        self.view(caller).something_within(rule)
    }

    /// As [`Self::within`], on account of other policies that allow everything.
    pub fn within_if_all_is_allowed(&self, caller: Caller, rule: &Rule) -> Option<Witness> {
        let everything = Rule::everything(None);
        let view = View {
            allows: vec![Standing::certain(&everything)],
            ..self.view(caller)
        };
        view.something_within(rule)
    }

    /// Something that a caller can do on account of this rule, enrolment apart.
    pub fn by(&self, caller: Caller, rule: &Rule) -> Option<Witness> {
        let enrolment = Rule::enrolment();
        let view = self.view(caller);
        view.each(|standing, certainty| {
            if standing.rule.statement != rule.statement {
                return None;
            }
            let mut blockers = view.denying(certainty, &standing.depends_on);
            blockers.push(enrolment);
            let found = view.find(standing, certainty, &blockers).ok()??;
            Some(view.witness(standing, certainty, &found, Some(enrolment)))
        })
    }

    /// As [`Self::by`], if nothing were denied.
    pub fn alone(&self, caller: Caller, rule: &Rule) -> Option<Witness> {
        let enrolment = Rule::enrolment();
        let view = View {
            denies: Vec::new(),
            boundary: None,
            ..self.view(caller)
        };
        view.each(|standing, certainty| {
            if standing.rule.statement != rule.statement {
                return None;
            }
            let found = view.find(standing, certainty, &[enrolment]).ok()??;
            Some(view.witness(standing, certainty, &found, Some(enrolment)))
        })
    }

    /// Whether a caller can do this action, perhaps, on some resource of this kind but for the excepted ones. A search
    /// without an answer counts as yes.
    pub fn can(&self, caller: Caller, action: &str, on: &str, except: &[&str]) -> bool {
        let word = Pattern::of_actions(action).pattern;
        let is_about = |rule: &Rule| {
            let mut steps = 0;
            let is_about = rule.actions.contains(word.tokens(), &mut steps);
            self.spend(steps);
            is_about
        };
        let allows = |rule: &Rule| rule.effect == Effect::Allow && is_about(rule);
        if !self.rules.iter().any(allows) {
            return false;
        }
        let resources = |texts: &[&str]| Scope {
            patterns: texts
                .iter()
                .map(|text| Pattern::of_resources(text, Version::V2012, self.variables()).pattern)
                .collect(),
            texts: Vec::new(),
            exceptions: Vec::new(),
        };
        let about = |texts| Rule {
            resources: resources(texts),
            ..Rule::denying(Scope::of_actions(&[action]))
        };
        let (inside, spared) = (about(&[on]), about(except));
        let certainty = Certainty::Perhaps;
        let view = self.view(caller);
        let mut allowing = view
            .allowing(certainty)
            .filter(|standing| is_about(standing.rule));
        allowing.any(|standing| {
            let mut blockers = view.denying(certainty, &standing.depends_on);
            blockers.push(&spared);
            view.find_within(standing, &inside, certainty, &blockers) != Ok(None)
        })
    }
}

impl View<'_> {
    /// Something that is possible, enrolment apart, of what a rule is about.
    fn something_within(&self, rule: &Rule) -> Option<Witness> {
        let enrolment = Rule::enrolment();
        self.each(|standing, certainty| {
            let mut blockers = self.denying(certainty, &standing.depends_on);
            blockers.push(enrolment);
            let found = self
                .find_within(standing, rule, certainty, &blockers)
                .ok()??;
            Some(self.witness_within(standing, certainty, &found, rule, enrolment))
        })
    }

    /// What to show for something that was found in what a rule is about.
    fn witness_within(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        found: &Found,
        rule: &Rule,
        enrolment: &Rule,
    ) -> Witness {
        let witness = self.witness(standing, certainty, found, Some(enrolment));
        let action = Pattern::of_actions(&witness.action).pattern;
        let resource =
            Pattern::of_texts(&witness.resource, Version::V2008, Variables::Unknown).pattern;
        if rule.actions.covers(&self.evaluation.work, &action)
            && rule.resources.covers(&self.evaluation.work, &resource)
        {
            return witness;
        }
        let (action, resource) = self.spelt(standing, certainty, found);
        Witness {
            action,
            resource,
            ..witness
        }
    }

    /// The first answer, the certain ones first.
    fn each<T>(&self, mut answer: impl FnMut(&Standing<'_>, Certainty) -> Option<T>) -> Option<T> {
        [Certainty::Certain, Certainty::Perhaps]
            .into_iter()
            .find_map(|certainty| {
                self.allowing(certainty)
                    .find_map(|standing| answer(standing, certainty))
            })
    }
}
