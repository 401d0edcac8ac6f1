//! What the policies of a principal leave to a caller.
//!
//! A policy is a list of [`Rule`]s: boxes of actions × resources that are allowed or denied. What depends on something
//! else than MFA is neither certain nor impossible, so every question is asked twice: what is possible for certain,
//! against all that may deny; and what is perhaps possible, against what denies for certain. [`search`] answers with
//! an action and a resource, or proves that there is none.

use std::cell::Cell;

use crate::policy::{
    caller::Caller,
    condition::{Test, Truth, in_words},
    document::{Condition, Effect, Patterns, Statement, Version},
    judgement::StatementReference,
    pattern::{Pattern, ReadPattern, Token, Variables},
    principal::{Policy, Principal, PrincipalKind},
};

pub mod actions;
mod comparison;
mod namesakes;
mod questions;
mod rules;
mod search;
mod view;
mod witness;

pub use rules::{Reach, Rule, Scope};
pub use search::{Exhausted, Found};
pub use view::{Age, Certainty, Fingerprint, View};

/// The most tokens that are looked at for one principal; a search that needs more has no answer. Thousands of usual
/// statements take a hundredth of it.
const MOST_WORK: u64 = 30_000_000;

/// The policies of a principal, read for questions.
#[derive(Debug)]
pub struct Evaluation {
    /// Of its policies.
    rules: Vec<Rule>,
    /// Of its permissions boundary, if it has one.
    boundary: Option<Vec<Rule>>,
    /// The words of conditions that are not known, by their number.
    unknowns: Vec<String>,
    /// The name of the user, if it is one.
    user: Option<String>,
    work: Cell<u64>,
}

/// What is decided about one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// It is allowed under conditions on something else than MFA.
    Perhaps,
    /// It is not allowed.
    Denied,
}

impl Evaluation {
    /// Reads the policies of a principal.
    pub fn of(principal: &Principal) -> Self {
        rules::read(principal)
    }

    /// Allows everything besides, as if other policies did.
    pub fn allow_everything(&mut self) {
        self.rules.push(Rule::everything(None));
    }

    /// The rules of the policies, without those of the boundary.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules of the policies and of the boundary.
    pub fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain(self.boundary.iter().flatten())
    }

    /// How much has been looked at so far.
    pub fn work(&self) -> u64 {
        self.work.get()
    }

    /// What applies to a caller.
    pub fn view(&self, caller: Caller) -> View<'_> {
        self.view_at(caller, Age::Exact)
    }

    /// As [`Self::view`], for callers of other ages, too.
    pub fn view_at(&self, caller: Caller, age: Age) -> View<'_> {
        View::new(self, caller, age)
    }

    /// Whether a caller may do something. Letters of the action may have any case; `*` as the resource is that of
    /// requests that have none.
    pub fn decide(&self, caller: Caller, action: &str, resource: &str) -> Decision {
        let action: Vec<Token> = action
            .to_ascii_lowercase()
            .chars()
            .map(Token::Char)
            .collect();
        let resource: Vec<Token> = resource.chars().map(Token::Char).collect();
        self.view(caller).decide(&action, &resource)
    }

    /// What the variables stand for, where they stand for something.
    fn variables(&self) -> Variables<'_> {
        self.user
            .as_deref()
            .map_or(Variables::OfAnyUser, Variables::OfUser)
    }

    fn spend(&self, steps: u64) {
        self.work.set(self.work.get().saturating_add(steps));
    }

    fn is_exhausted(&self) -> bool {
        self.work.get() > MOST_WORK
    }
}
