//! Statements as boxes of actions × resources.

use std::{collections::HashMap, sync::LazyLock};

use super::*;
use crate::policy::evaluation::actions::ENROLMENT;

/// A statement, or the part of one that is certain, or all that it can be.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Where it stands, or none for what is assumed.
    pub statement: Option<StatementReference>,
    /// What it does.
    pub effect: Effect,
    /// The actions that it is about.
    pub actions: Scope,
    /// The resources that it is about.
    pub resources: Scope,
    /// How its patterns relate to what it is really about.
    pub reach: Reach,
    /// Its conditions as read, with the number of each one's words.
    pub conditions: Vec<(Test, usize)>,
    /// The number of the words for the doubt about its patterns.
    pub doubt: Option<usize>,
}

/// How patterns relate to what the statement is really about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// They are it.
    Exact,
    /// It is about these, and perhaps about more: there is an [`Reach::AtMost`] besides.
    AtLeast,
    /// It is about nothing else than these.
    AtMost,
}

/// What matches one of the patterns and none of the exceptions.
#[derive(Debug, Clone)]
pub struct Scope {
    /// `Action`, `Resource`, or `*`.
    pub patterns: Vec<Pattern>,
    /// The patterns as they are written.
    pub texts: Vec<String>,
    /// `NotAction`, `NotResource`.
    pub exceptions: Vec<Pattern>,
}

impl Scope {
    /// Everything.
    pub fn everything() -> Self {
        Self {
            patterns: vec![Pattern::new([Token::Any])],
            texts: vec!["*".into()],
            exceptions: Vec::new(),
        }
    }

    /// Exactly these actions.
    pub fn of_actions(actions: &[&str]) -> Self {
        Self {
            patterns: actions
                .iter()
                .map(|action| Pattern::of_actions(action).pattern)
                .collect(),
            texts: actions.iter().map(|&action| action.to_owned()).collect(),
            exceptions: Vec::new(),
        }
    }

    /// Whether it is everything.
    pub fn is_everything(&self) -> bool {
        self.exceptions.is_empty() && self.patterns.iter().any(Pattern::is_everything)
    }

    pub(super) fn contains(&self, word: &[Token], steps: &mut u64) -> bool {
        self.patterns
            .iter()
            .any(|pattern| pattern.matches_counting(word, steps))
            && !self
                .exceptions
                .iter()
                .any(|pattern| pattern.matches_counting(word, steps))
    }
}

impl Rule {
    /// Allows everything, for certain or with a doubt.
    pub(super) fn everything(doubt: Option<usize>) -> Self {
        Self {
            statement: None,
            effect: Effect::Allow,
            actions: Scope::everything(),
            resources: Scope::everything(),
            reach: if doubt.is_some() {
                Reach::AtMost
            } else {
                Reach::Exact
            },
            conditions: Vec::new(),
            doubt,
        }
    }

    /// Everything that is part of enrolment.
    pub(super) fn enrolment() -> &'static Self {
        static ALL: LazyLock<Rule> = LazyLock::new(|| Rule::denying(Scope::of_actions(&ENROLMENT)));
        &ALL
    }

    /// What of its actions, which have no wildcards, another rule is about.
    pub(super) fn of_exactly(&self, other: &Self, steps: &mut u64) -> Self {
        let in_both = self
            .actions
            .patterns
            .iter()
            .filter(|pattern| other.actions.contains(pattern.tokens(), steps));
        Self {
            actions: Scope {
                patterns: in_both.cloned().collect(),
                texts: Vec::new(),
                exceptions: Vec::new(),
            },
            ..Self::denying(Scope::everything())
        }
    }

    /// Denies these actions on everything.
    pub(super) fn denying(actions: Scope) -> Self {
        Self {
            effect: Effect::Deny,
            actions,
            ..Self::everything(None)
        }
    }

    pub(super) fn contains(&self, action: &[Token], resource: &[Token], steps: &mut u64) -> bool {
        self.actions.contains(action, steps) && self.resources.contains(resource, steps)
    }

    /// Whether one of its conditions is on a key of MFA.
    pub fn is_about_mfa(&self) -> bool {
        use crate::policy::condition::Key;
        self.conditions
            .iter()
            .any(|(test, _)| test.key != Key::Other)
    }
}

/// The words for what is not known. The same condition has the same number wherever it stands.
#[derive(Default)]
pub(super) struct Unknowns {
    words: Vec<String>,
    conditions: HashMap<(Version, String, String, Vec<String>), usize>,
}

impl Unknowns {
    fn condition(&mut self, condition: &Condition, version: Version) -> usize {
        let mut values = condition.values.clone();
        values.sort();
        // Without a variable the same is meant in both.
        let version = match values.iter().any(|value| value.contains("${")) {
            true => version,
            false => Version::default(),
        };
        let key = (
            version,
            condition.operator.to_ascii_lowercase(),
            condition.key.to_ascii_lowercase(),
            values,
        );
        let next = self.words.len();
        let number = *self.conditions.entry(key).or_insert(next);
        if number == next {
            self.words.push(in_words(condition));
        }
        number
    }

    pub(super) fn doubt(&mut self, words: String) -> usize {
        self.words.push(words);
        self.words.len() - 1
    }
}

pub(super) fn read(principal: &Principal) -> Evaluation {
    let variables = match principal.kind {
        // A part of the name may not be known.
        PrincipalKind::User if principal.name.contains("${") => Variables::OfAnyUser,
        PrincipalKind::User => Variables::OfUser(&principal.name),
        PrincipalKind::Group | PrincipalKind::Policies => Variables::OfAnyUser,
        PrincipalKind::Role => Variables::Unknown,
    };
    let mut unknowns = Unknowns::default();
    let mut rules = Vec::new();
    for policy in &principal.policies {
        read_policy(policy, variables, &mut unknowns, &mut rules);
    }
    for name in &principal.unknown_policies {
        let doubt = unknowns.doubt(format!("{name}, whose text is not known, allows it"));
        rules.push(Rule::everything(Some(doubt)));
    }
    let mut boundary = principal.boundary.as_ref().map(|policy| {
        let mut rules = Vec::new();
        read_policy(policy, variables, &mut unknowns, &mut rules);
        rules
    });
    if variables == Variables::OfAnyUser {
        namesakes::doubt(&mut rules, boundary.as_mut(), &mut unknowns);
    }
    Evaluation {
        user: match variables {
            Variables::OfUser(user) => Some(user.to_owned()),
            _ => None,
        },
        rules,
        boundary,
        unknowns: unknowns.words,
        work: Cell::new(0),
    }
}

fn read_policy(
    policy: &Policy,
    variables: Variables<'_>,
    unknowns: &mut Unknowns,
    rules: &mut Vec<Rule>,
) {
    let version = policy.document.version;
    for (index, statement) in policy.document.statements.iter().enumerate() {
        let reference = StatementReference {
            policy: policy.name.clone(),
            index,
            sid: statement.sid.clone(),
        };
        read_statement(statement, reference, version, variables, unknowns, rules);
    }
}

fn read_statement(
    statement: &Statement,
    reference: StatementReference,
    version: Version,
    variables: Variables<'_>,
    unknowns: &mut Unknowns,
    rules: &mut Vec<Rule>,
) {
    let conditions = statement
        .conditions
        .iter()
        .map(|condition| {
            let test = Test::read(condition, version);
            let test = match statement.has_again(condition) {
                // Whether IAM takes the one, the other or both is not written anywhere.
                true => test.in_doubt(),
                false => test,
            };
            (test, unknowns.condition(condition, version))
        })
        .collect();
    // Where matching more would mean that less is possible, no more is matched than is documented.
    let takes_away = |patterns: &Patterns| {
        matches!(patterns, Patterns::Any(_)) == (statement.effect == Effect::Deny)
    };
    let strict = takes_away(&statement.actions);
    let actions = Scopes::read(&statement.actions, |text| {
        let read = Pattern::of_actions(text);
        match strict && Pattern::has_doubtful_service(text) {
            true => read.or_doubt(|| format!("which services {text} is about")),
            false => read,
        }
    });
    let strict = takes_away(&statement.resources);
    let resources = Scopes::read(&statement.resources, |text| {
        let read = Pattern::of_resources(text, version, variables);
        match strict && Pattern::reaches_across_fields(text) {
            true => read.or_doubt(|| format!("how far the wildcards of {text} reach")),
            false => read,
        }
    });
    let doubt = actions.doubt.or(resources.doubt);
    // It is nothing at all then, whatever else it names.
    let may_be_void = statement.effect == Effect::Deny
        && statement
            .resources
            .texts()
            .iter()
            .any(|text| Pattern::has_variable_that_may_be_absent(text, version, variables));
    let mut rule = Rule {
        statement: Some(reference),
        effect: statement.effect,
        actions: actions.at_least,
        resources: resources.at_least,
        reach: Reach::Exact,
        conditions,
        doubt: None,
    };
    if let Some(doubt) = doubt {
        rule.reach = Reach::AtLeast;
        let at_most = Rule {
            actions: actions.at_most.unwrap_or_else(|| rule.actions.clone()),
            resources: resources.at_most.unwrap_or_else(|| rule.resources.clone()),
            reach: Reach::AtMost,
            doubt: Some(unknowns.doubt(doubt)),
            ..rule.clone()
        };
        if !may_be_void {
            rules.push(rule);
        }
        rules.push(at_most);
    } else {
        rules.push(rule);
    }
}

/// What patterns are about: at least, and at most where that is something else.
struct Scopes {
    at_least: Scope,
    at_most: Option<Scope>,
    doubt: Option<String>,
}

impl Scopes {
    fn read(patterns: &Patterns, read: impl Fn(&str) -> ReadPattern) -> Self {
        let (texts, inverted) = match patterns {
            Patterns::Any(texts) => (texts, false),
            Patterns::NoneOf(texts) => (texts, true),
        };
        if inverted && texts.is_empty() {
            return Self::of_an_empty_list();
        }
        let read: Vec<ReadPattern> = texts.iter().map(|text| read(text)).collect();
        let doubt = read.iter().find_map(|read| read.doubt.clone());
        let scope = |(patterns, texts)| match inverted {
            true => Scope {
                exceptions: patterns,
                ..Scope::everything()
            },
            false => Scope {
                patterns,
                texts,
                exceptions: Vec::new(),
            },
        };
        let certain = doubt.is_some().then(|| {
            let certain = read
                .iter()
                .zip(texts)
                .filter(|(read, _)| read.doubt.is_none());
            scope(
                certain
                    .map(|(read, text)| (read.pattern.clone(), text.clone()))
                    .unzip(),
            )
        });
        let patterns = read.into_iter().map(|read| read.pattern).collect();
        let all = scope((patterns, texts.clone()));
        let (at_least, at_most) = match certain {
            None => (all, None),
            Some(certain) if inverted => (all, Some(certain)),
            Some(certain) => (certain, Some(all)),
        };
        Self {
            at_least,
            at_most,
            doubt,
        }
    }

    /// `NotAction: []`. To the letter it is about everything, but IAM's own checks of policies call a statement with an
    /// empty list one without effect.
    fn of_an_empty_list() -> Self {
        Self {
            at_least: Scope {
                patterns: Vec::new(),
                texts: Vec::new(),
                exceptions: Vec::new(),
            },
            at_most: Some(Scope::everything()),
            doubt: Some("what all but an empty list is".into()),
        }
    }
}
