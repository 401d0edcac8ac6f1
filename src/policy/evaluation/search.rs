//! The search for something that is possible.
//!
//! A region is what a pattern matches and others do not. To know whether there is anything in it, no list of actions
//! is needed: take the pattern and put fresh characters, which no other pattern names, where its wildcards are. If
//! some word of the region exists at all, then so does such a fresh one: whatever matches the fresh word can only
//! match the fresh characters with wildcards, so it would match the first word too. Without `?` in the others one
//! fresh character for each `*` will do; with at most n of them in each, none to n + 1 are tried.
//!
//! The search takes the word of an allowed region. If nothing denies it, that is the answer. What denies it is escaped
//! in every way there is (other actions, or other resources), each giving a smaller region, and so on. Every region is
//! escaped from a rule at most once, so this ends; where it takes too long it ends with [`Exhausted`], which is no
//! proof of anything.

use std::sync::LazyLock;

use super::*;
use crate::policy::{evaluation::view::Standing, pattern::intersection_counting};

/// There was too much to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

/// An action and a resource, as words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In lower case.
    pub action: Vec<Token>,
    /// An ARN, or `*` for requests that have no resource.
    pub resource: Vec<Token>,
}

/// What a pattern matches and others do not.
#[derive(Debug, Clone)]
pub(super) struct Region<'e> {
    pattern: Pattern,
    without: Vec<&'e Pattern>,
    /// What has been looked at, of which there is an end.
    work: &'e Cell<u64>,
}

/// A region of actions × one of resources.
#[derive(Debug, Clone)]
pub(super) struct Area<'e> {
    actions: Region<'e>,
    resources: Region<'e>,
}

/// The most lengths that are tried for the wildcards of one pattern.
const MOST_LENGTHS: usize = 600;
/// The most areas that one search opens.
const MOST_AREAS: usize = 4_000;

impl View<'_> {
    /// Something that this allows with this certainty and that none of `blockers` is about.
    pub(super) fn find<'a>(
        &'a self,
        standing: &'a Standing<'_>,
        certainty: Certainty,
        blockers: &[&'a Rule],
    ) -> Result<Option<Found>, Exhausted> {
        if blockers.iter().any(|rule| is_everything(rule)) {
            return Ok(None);
        }
        let areas = self.areas(standing.rule, certainty)?;
        self.evaluation.search(areas, blockers)
    }

    /// As [`Self::find`], of what another rule is about.
    pub(super) fn find_within<'a>(
        &'a self,
        standing: &'a Standing<'_>,
        inside: &'a Rule,
        certainty: Certainty,
        blockers: &[&'a Rule],
    ) -> Result<Option<Found>, Exhausted> {
        if blockers.iter().any(|rule| is_everything(rule)) {
            return Ok(None);
        }
        // What is asked for is usually the smaller of the two.
        let mut areas = Vec::new();
        for area in Area::everything(&self.evaluation.work).within(inside)? {
            areas.extend(area.within(standing.rule)?);
        }
        self.evaluation
            .search(self.bounded(areas, certainty)?, blockers)
    }

    /// The areas that a rule allows, within the boundary.
    fn areas<'a>(
        &'a self,
        rule: &'a Rule,
        certainty: Certainty,
    ) -> Result<Vec<Area<'a>>, Exhausted> {
        let areas = Area::everything(&self.evaluation.work).within(rule)?;
        self.bounded(areas, certainty)
    }

    /// What of these areas is within the boundary.
    fn bounded<'a>(
        &'a self,
        areas: Vec<Area<'a>>,
        certainty: Certainty,
    ) -> Result<Vec<Area<'a>>, Exhausted> {
        let Some(boundary) = self.within(certainty) else {
            return Ok(areas);
        };
        let mut inside = Vec::new();
        for standing in boundary {
            for area in &areas {
                inside.extend(area.within(standing.rule)?);
                if inside.len() > MOST_AREAS {
                    return Err(Exhausted);
                }
            }
        }
        Ok(inside)
    }
}

impl Evaluation {
    /// Something in one of the areas that none of `blockers` is about.
    pub(super) fn search<'a>(
        &self,
        areas: Vec<Area<'a>>,
        blockers: &[&'a Rule],
    ) -> Result<Option<Found>, Exhausted> {
        if blockers.iter().any(|rule| is_everything(rule)) {
            return Ok(None);
        }
        let mut outcome = Ok(None);
        let mut open: Vec<Area<'a>> = areas;
        open.reverse();
        let mut opened = 0;
        while let Some(area) = open.pop() {
            opened += 1;
            if opened > MOST_AREAS || self.is_exhausted() {
                return Err(Exhausted);
            }
            let found = match self.word_of(&area) {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(Exhausted) => {
                    outcome = Err(Exhausted);
                    continue;
                }
            };
            let mut steps = 0;
            let mut is_about =
                |rule: &&&Rule| rule.contains(&found.action, &found.resource, &mut steps);
            let blocker = blockers.iter().find(&mut is_about);
            self.spend(steps);
            match blocker {
                None => return Ok(Some(found)),
                Some(rule) => match area.escapes(rule) {
                    Ok(areas) => open.extend(areas),
                    Err(Exhausted) => outcome = Err(Exhausted),
                },
            }
        }
        outcome
    }

    /// Something that a rule is about and none of `blockers`.
    pub(super) fn search_in(
        &self,
        rule: &Rule,
        blockers: &[&Rule],
    ) -> Result<Option<Found>, Exhausted> {
        self.search(Area::everything(&self.work).within(rule)?, blockers)
    }

    fn word_of(&self, area: &Area<'_>) -> Result<Option<Found>, Exhausted> {
        let Some(action) = self.word_in(&area.actions)? else {
            return Ok(None);
        };
        let resource = self.word_in(&area.resources)?;
        Ok(resource.map(|resource| Found { action, resource }))
    }

    /// A word of the region with fresh characters for its wildcards.
    fn word_in(&self, region: &Region<'_>) -> Result<Option<Vec<Token>>, Exhausted> {
        let marks = region
            .without
            .iter()
            .map(|pattern| pattern.question_marks())
            .max()
            .unwrap_or(0);
        let stars = region
            .pattern
            .tokens()
            .iter()
            .filter(|&&token| token == Token::Any)
            .count();
        // One first: usually nothing else is needed.
        let lengths: Vec<usize> = match marks {
            0 => vec![1],
            marks => [1, 0].into_iter().chain(2..=marks + 1).collect(),
        };
        let mut chosen = vec![0; stars];
        for _ in 0..MOST_LENGTHS {
            let word = fresh_word(&region.pattern, &lengths, &chosen);
            let mut steps = word.len() as u64;
            let is_out = region
                .without
                .iter()
                .any(|pattern| pattern.matches_counting(&word, &mut steps));
            self.spend(steps);
            if !is_out {
                return Ok(Some(word));
            }
            if self.is_exhausted() {
                return Err(Exhausted);
            }
            // The next combination, as an odometer has it.
            let Some(at) = chosen.iter().position(|&choice| choice + 1 < lengths.len()) else {
                return Ok(None);
            };
            chosen[at] += 1;
            chosen[..at].fill(0);
        }
        Err(Exhausted)
    }
}

fn is_everything(rule: &Rule) -> bool {
    rule.actions.is_everything() && rule.resources.is_everything()
}

fn fresh_word(pattern: &Pattern, lengths: &[usize], chosen: &[usize]) -> Vec<Token> {
    let mut star = 0;
    let mut word = Vec::with_capacity(pattern.tokens().len() + chosen.len());
    for &token in pattern.tokens() {
        match token {
            Token::Any => {
                word.extend(std::iter::repeat_n(Token::Fresh, lengths[chosen[star]]));
                star += 1;
            }
            Token::One => word.push(Token::Fresh),
            token => word.push(token),
        }
    }
    word
}

impl<'e> Area<'e> {
    /// All actions, on everything that has an ARN and on nothing in particular. An action has a service and a name.
    pub(super) fn everything(work: &'e Cell<u64>) -> Areas<'e> {
        static ACTIONS: LazyLock<Pattern> = LazyLock::new(|| Pattern::of_actions("?*:?*").pattern);
        static RESOURCES: LazyLock<[Pattern; 2]> = LazyLock::new(|| {
            let arn = "arn:".chars().map(Token::Char).chain([Token::Any]);
            [Pattern::exactly("*"), Pattern::new(arn)]
        });
        let region = |pattern: &Pattern| Region {
            pattern: pattern.clone(),
            without: Vec::new(),
            work,
        };
        Areas {
            actions: region(&ACTIONS),
            resources: RESOURCES.each_ref().map(region),
        }
    }

    /// What of it a rule is about.
    pub(super) fn within(&self, rule: &'e Rule) -> Result<Vec<Self>, Exhausted> {
        // Actions first: they are shorter, and most have nothing in common.
        let within = self.actions.within(&rule.actions)?;
        if within.is_empty() {
            return Ok(Vec::new());
        }
        Self::all(&within, &self.resources.within(&rule.resources)?)
    }

    /// All of these actions on all of these resources.
    fn all(actions: &[Region<'e>], resources: &[Region<'e>]) -> Result<Vec<Self>, Exhausted> {
        if actions.len() * resources.len() > MOST_AREAS {
            return Err(Exhausted);
        }
        let on_all = actions.iter().flat_map(|actions| {
            resources.iter().map(|resources| Self {
                actions: actions.clone(),
                resources: resources.clone(),
            })
        });
        Ok(on_all.collect())
    }

    /// What of it a rule is not about. It is about the word that was found in it.
    fn escapes(&self, rule: &'e Rule) -> Result<Vec<Self>, Exhausted> {
        let by_action = self
            .actions
            .outside(&rule.actions)?
            .into_iter()
            .map(|actions| Self {
                actions,
                resources: self.resources.clone(),
            });
        let by_resource = self
            .resources
            .outside(&rule.resources)?
            .into_iter()
            .map(|resources| Self {
                actions: self.actions.clone(),
                resources,
            });
        Ok(by_action.chain(by_resource).collect())
    }
}

/// The areas that are everything together.
pub(super) struct Areas<'e> {
    actions: Region<'e>,
    resources: [Region<'e>; 2],
}

impl<'e> Areas<'e> {
    /// As [`Area::within`].
    fn within(&self, rule: &'e Rule) -> Result<Vec<Area<'e>>, Exhausted> {
        let actions = self.actions.within(&rule.actions)?;
        if actions.is_empty() {
            return Ok(Vec::new());
        }
        let mut areas = Vec::new();
        for resources in &self.resources {
            areas.extend(Area::all(&actions, &resources.within(&rule.resources)?)?);
        }
        Ok(areas)
    }

    pub(super) fn list(self) -> Vec<Area<'e>> {
        let on = |resources| Area {
            actions: self.actions.clone(),
            resources,
        };
        self.resources.map(on).into()
    }
}

impl<'e> Region<'e> {
    /// What of it is in a scope.
    fn within(&self, scope: &'e Scope) -> Result<Vec<Self>, Exhausted> {
        let mut regions = Vec::new();
        for pattern in &scope.patterns {
            for mut region in self.matching(pattern)? {
                region.without.extend(&scope.exceptions);
                regions.push(region);
            }
        }
        Ok(regions)
    }

    /// What of it is in none of a scope, in which its word is: what no pattern matches, and what an exception matches.
    fn outside(&self, scope: &'e Scope) -> Result<Vec<Self>, Exhausted> {
        let mut regions = Vec::new();
        if self.pattern.is_exact() {
            // It has no other word.
            return Ok(regions);
        }
        if !scope.patterns.iter().any(Pattern::is_everything) {
            let mut region = self.clone();
            region.without.extend(&scope.patterns);
            regions.push(region);
        }
        for exception in &scope.exceptions {
            regions.extend(self.matching(exception)?);
        }
        Ok(regions)
    }

    fn matching(&self, pattern: &Pattern) -> Result<Vec<Self>, Exhausted> {
        if self.work.get() > MOST_WORK {
            return Err(Exhausted);
        }
        let mut work = self.work.get();
        let both = intersection_counting(&self.pattern, pattern, &mut work);
        self.work.set(work);
        let both = both.map_err(|_| Exhausted)?;
        Ok(both
            .into_iter()
            .map(|pattern| Self {
                pattern,
                without: self.without.clone(),
                work: self.work,
            })
            .collect())
    }
}
