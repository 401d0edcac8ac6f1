//! What is possible, in words that people recognize.
//!
//! The search finds `s3:` with fresh characters. People are shown the statement's own `s3:*` where all of it is
//! possible, else an action that they know, and only else what was found. Whatever is shown has been decided anew.

use super::*;
use crate::policy::{
    evaluation::{
        actions::{CREATE_DEVICE, ENROLMENT, SAMPLES},
        search::Area,
        view::Standing,
    },
    judgement::Witness,
    pattern::{intersection_counting, written},
};

/// The most witnesses for one caller.
const MOST_WITNESSES: usize = 3;
/// The most patterns of a statement that are tried for a witness.
const MOST_PATTERNS: usize = 24;
/// What fresh characters become, the first that will do.
const FILLERS: [&str; 4] = ["Example", "xyz", "Q7", "0"];
/// What they become where none of those will do: no letter at all.
const STRANGEST: &str = "\u{fffd}";

/// What is possible at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Possibilities {
    pub certainty: Certainty,
    pub witnesses: Vec<Witness>,
}

impl View<'_> {
    /// What is possible besides enrolment, certain or else perhaps, or none if nothing is.
    pub(crate) fn beyond_enrolment(&self) -> Option<Possibilities> {
        let enrolment = Rule::enrolment();
        self.possible(enrolment, true)
    }

    /// What is possible at all, where nothing besides enrolment is.
    pub(crate) fn enrolment(&self) -> Option<Possibilities> {
        let enrolment = Rule::enrolment();
        self.possible(enrolment, false)
    }

    /// What is possible of enrolment, or of anything else.
    fn possible(&self, enrolment: &Rule, is_beyond: bool) -> Option<Possibilities> {
        let except = is_beyond.then_some(enrolment);
        if self.nothing_could_be(except) {
            return None;
        }
        for certainty in [Certainty::Certain, Certainty::Perhaps] {
            let mut witnesses: Vec<Witness> = Vec::new();
            let mut exhausted = false;
            for standing in self.allowing(certainty) {
                let mut steps = 0;
                let of_enrolment =
                    (!is_beyond).then(|| enrolment.of_exactly(standing.rule, &mut steps));
                self.evaluation.spend(steps);
                let is_none = |of: &Rule| of.actions.patterns.is_empty();
                if of_enrolment.as_ref().is_some_and(is_none) {
                    continue;
                }
                let mut blockers = self.denying(certainty, &standing.depends_on);
                blockers.extend(except);
                let found = match &of_enrolment {
                    None => self.find(standing, certainty, &blockers),
                    Some(inside) => self.find_within(standing, inside, certainty, &blockers),
                };
                match found {
                    Ok(None) => {}
                    Ok(Some(found)) => {
                        let witness = self.witness(standing, certainty, &found, except);
                        if !witnesses
                            .iter()
                            .any(|other| other.allowed_by == witness.allowed_by)
                        {
                            witnesses.push(witness);
                        }
                    }
                    Err(Exhausted) => exhausted = true,
                }
                if witnesses.len() == MOST_WITNESSES {
                    break;
                }
            }
            if witnesses.is_empty() && exhausted && certainty == Certainty::Perhaps {
                witnesses.push(unsearched());
            }
            if !witnesses.is_empty() {
                return Some(Possibilities {
                    certainty,
                    witnesses,
                });
            }
        }
        None
    }

    /// Whether it is proved that nothing would be possible even if everything were allowed: the quickest answer for
    /// policies that work.
    fn nothing_could_be(&self, except: Option<&Rule>) -> bool {
        const FEW: usize = 2;
        if self.allows.is_empty() {
            return true;
        }
        let mut blockers = self.denying(Certainty::Perhaps, &[]);
        if blockers.is_empty()
            || self.allows.len() <= FEW && !blockers.iter().any(|rule| is_blanket(rule))
        {
            return false;
        }
        blockers.extend(except);
        self.evaluation
            .search(Area::everything(&self.evaluation.work).list(), &blockers)
            == Ok(None)
    }

    /// What to show for something that was found.
    pub(super) fn witness(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        found: &Found,
        except: Option<&Rule>,
    ) -> Witness {
        let (action, resource) = self
            .whole(standing, certainty, except)
            .or_else(|| self.known(standing, certainty, except))
            .unwrap_or_else(|| self.spelt(standing, certainty, found));
        Witness {
            only_if: match certainty {
                Certainty::Certain => Vec::new(),
                Certainty::Perhaps => self.conditions(standing, &action, &resource),
            },
            is_enrolment: ENROLMENT
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&action)),
            allowed_by: standing.rule.statement.clone(),
            action,
            resource,
        }
    }

    /// The statement's own patterns, if everything is possible that they match.
    fn whole(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        except: Option<&Rule>,
    ) -> Option<(String, String)> {
        let rule = standing.rule;
        if !rule.actions.exceptions.is_empty() {
            return None;
        }
        for (at, action) in rule.actions.patterns.iter().enumerate().take(MOST_PATTERNS) {
            let is_exception = |rule: &Rule| {
                rule.actions
                    .patterns
                    .iter()
                    .any(|known| known.matches(action.tokens()))
            };
            if except.is_some_and(is_exception) || !is_an_action(action) {
                continue;
            }
            if let Some(resource) = self.whole_resources(standing, certainty, action) {
                return Some((rule.actions.texts[at].clone(), resource));
            }
        }
        None
    }

    /// The first of the statement's patterns of resources on all of which all of these actions are possible.
    fn whole_resources(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        action: &Pattern,
    ) -> Option<String> {
        let scope = &standing.rule.resources;
        if !scope.exceptions.is_empty() {
            return None;
        }
        let denies = self.denying(certainty, &standing.depends_on);
        let is_whole = |resource: &Pattern| {
            let inside = |rule: &Rule| {
                rule.actions.covers(&self.evaluation.work, action)
                    && rule.resources.covers(&self.evaluation.work, resource)
            };
            denies.iter().all(|deny| {
                deny.actions.spares(&self.evaluation.work, action)
                    || deny.resources.spares(&self.evaluation.work, resource)
            }) && self
                .within(certainty)
                .is_none_or(|mut within| within.any(|standing| inside(standing.rule)))
        };
        let listed = scope.patterns.iter().zip(&scope.texts).take(MOST_PATTERNS);
        listed
            .into_iter()
            .find(|(pattern, _)| is_whole(pattern))
            .map(|(_, text)| Pattern::completed(text))
    }

    /// An action that people know, on what the statement is about or on a resource of its own.
    fn known(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        except: Option<&Rule>,
    ) -> Option<(String, String)> {
        let is_about = |action: &Vec<Token>| {
            standing.rule.actions.contains(action, &mut 0)
                && except.is_none_or(|except| !except.actions.contains(action, &mut 0))
        };
        let on_a_user = ENROLMENT.map(|action| (action, on_enrolment(action)));
        let samples: Vec<(&str, Vec<Token>, &str)> = SAMPLES
            .into_iter()
            .chain(on_a_user)
            .map(|(name, resource)| (name, word(&name.to_ascii_lowercase()), resource))
            .filter(|(_, action, _)| is_about(action))
            .collect();
        for (name, action, _) in &samples {
            if let Some(resource) =
                self.whole_resources(standing, certainty, &Pattern::new(action.iter().copied()))
            {
                return Some(((*name).to_owned(), resource));
            }
        }
        let on = |resource: &str, action: &[Token]| {
            self.allows_by(standing, certainty, action, &word(resource))
        };
        let usual = samples.iter().find(|(_, action, usual)| on(usual, action));
        let found = usual.map(|(name, _, usual)| (*name, *usual)).or_else(|| {
            let (name, ..) = samples.iter().find(|(_, action, _)| on("*", action))?;
            Some((*name, "*"))
        })?;
        Some((found.0.to_owned(), found.1.to_owned()))
    }

    /// What was found, with something readable for what does not matter.
    pub(super) fn spelt(
        &self,
        standing: &Standing<'_>,
        certainty: Certainty,
        found: &Found,
    ) -> (String, String) {
        for filler in FILLERS {
            let action = filled(&found.action, &filler.to_ascii_lowercase());
            let resource = filled(&found.resource, filler);
            if self.allows_by(standing, certainty, &action, &resource) {
                return (written(&action, ""), written(&resource, ""));
            }
        }
        (
            written(&found.action, STRANGEST),
            written(&found.resource, STRANGEST),
        )
    }

    /// On what it depends that this is possible.
    fn conditions(&self, standing: &Standing<'_>, action: &str, resource: &str) -> Vec<String> {
        let words = |number: &usize| self.evaluation.unknowns[*number].as_str();
        let action = Pattern::of_actions(action).pattern;
        let resource = Pattern::of_texts(resource, Version::V2008, Variables::Unknown).pattern;
        let mut conditions: Vec<String> = Vec::new();
        let mut keep = |condition: String| {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        };
        for number in &standing.depends_on {
            keep(words(number).to_owned());
        }
        if let Some(within) = self.within(Certainty::Perhaps) {
            let inside = |standing: &&Standing<'_>| {
                standing.rule.actions.covers(&self.evaluation.work, &action)
                    && standing
                        .rule
                        .resources
                        .covers(&self.evaluation.work, &resource)
            };
            let within: Vec<_> = within.filter(inside).collect();
            if within
                .iter()
                .all(|standing| !standing.depends_on.is_empty())
                && let Some(first) = within.first()
            {
                for number in &first.depends_on {
                    keep(words(number).to_owned());
                }
            }
        }
        for deny in self.in_the_way(&standing.depends_on) {
            if deny.rule.actions.spares(&self.evaluation.work, &action)
                || deny.rule.resources.spares(&self.evaluation.work, &resource)
            {
                continue;
            }
            let open: Vec<&usize> = deny
                .depends_on
                .iter()
                .filter(|number| !standing.depends_on.contains(number))
                .collect();
            keep(match open[..] {
                [one] if deny.rule.doubt == Some(*one) => format!("{} leaves it open", words(one)),
                [one] => format!("not {}", words(one)),
                _ => {
                    let open: Vec<&str> = open.into_iter().map(words).collect();
                    format!("not all of: {}", open.join("; "))
                }
            });
        }
        conditions
    }
}

/// Stands in for an answer where the search was given up.
fn unsearched() -> Witness {
    Witness {
        action: "*".into(),
        resource: "*".into(),
        allowed_by: None,
        only_if: vec!["something is left by these policies, which are too entangled to be searched to the end".into()],
        is_enrolment: false,
    }
}

/// What an action of enrolment is done to.
fn on_enrolment(action: &str) -> &'static str {
    match action {
        CREATE_DEVICE => "arn:aws:iam::123456789012:mfa/ada",
        _ => "arn:aws:iam::123456789012:user/ada",
    }
}

fn is_blanket(rule: &Rule) -> bool {
    rule.resources.is_everything() && rule.actions.patterns.iter().any(Pattern::is_everything)
}

fn word(text: &str) -> Vec<Token> {
    text.chars().map(Token::Char).collect()
}

/// A word with a text for each run of fresh characters.
fn filled(tokens: &[Token], filler: &str) -> Vec<Token> {
    let mut filled = Vec::new();
    let mut last = None;
    for &token in tokens {
        match token {
            Token::Fresh if last == Some(Token::Fresh) => {}
            Token::Fresh => filled.extend(filler.chars().map(Token::Char)),
            token => filled.push(token),
        }
        last = Some(token);
    }
    filled
}

/// Whether a pattern can match an action at all: a service and a name.
fn is_an_action(pattern: &Pattern) -> bool {
    pattern.tokens().contains(&Token::Char(':')) || pattern.is_everything()
}

impl Scope {
    /// Whether it is about everything that a pattern matches. A no may be wrong.
    pub(super) fn covers(&self, work: &Cell<u64>, pattern: &Pattern) -> bool {
        self.patterns
            .iter()
            .any(|other| other.matches(pattern.tokens()))
            && self
                .exceptions
                .iter()
                .all(|exception| are_apart(work, exception, pattern))
    }

    /// Whether it is about nothing that a pattern matches. A no may be wrong.
    fn spares(&self, work: &Cell<u64>, pattern: &Pattern) -> bool {
        self.patterns
            .iter()
            .all(|other| are_apart(work, other, pattern))
            || self
                .exceptions
                .iter()
                .any(|exception| exception.matches(pattern.tokens()))
    }
}

/// Whether nothing matches both. A no may be wrong.
fn are_apart(work: &Cell<u64>, one: &Pattern, other: &Pattern) -> bool {
    if one.is_everything() || work.get() > MOST_WORK {
        return false;
    }
    let mut steps = work.get();
    let both = intersection_counting(one, other, &mut steps);
    work.set(steps);
    both.is_ok_and(|both| both.is_empty())
}
