//! Patterns that are apart only as long as no user has a certain name.
//!
//! To the search `${aws:username}` is a text unlike any other. Among the members of a group there may be an `alice` all
//! the same, to whom `home/alice/*` and `home/${aws:username}/*` are one. Where that would leave something to her (what
//! a Deny excepts, what a boundary allows), it is not certain that the two are apart.

use std::collections::HashSet;

use super::{rules::Unknowns, *};

/// The most tokens that are looked at for one principal; past it any two patterns may meet.
const MOST_STEPS: u64 = 1_000_000;
/// The most patterns that are put in doubt one by one.
const MOST_MET: usize = 64;

/// Puts in doubt what depends on the name.
pub(super) fn doubt(
    rules: &mut Vec<Rule>,
    boundary: Option<&mut Vec<Rule>>,
    unknowns: &mut Unknowns,
) {
    let empty = &mut Vec::new();
    let boundary = boundary.unwrap_or(empty);
    let names_somebody = |rule: &Rule| {
        let mut all = rule
            .resources
            .patterns
            .iter()
            .chain(&rule.resources.exceptions);
        all.any(has_variable)
    };
    if !rules.iter().chain(&*boundary).any(names_somebody) {
        return;
    }
    let of_policies = patterns(rules);
    let of_boundary = patterns(boundary);
    let mut meetings = Meetings { steps: 0, unknowns };
    let allowed = [&of_policies[..], &of_boundary[..]].concat();
    for rules in [&mut *rules, &mut *boundary] {
        meetings.spare(rules, &allowed);
    }
    meetings.widen(boundary, &of_policies);
}

/// The patterns of the resources that are allowed, with their texts.
fn patterns(rules: &[Rule]) -> Vec<(Pattern, String)> {
    let allows = rules
        .iter()
        .filter(|rule| rule.effect == Effect::Allow && rule.reach != Reach::AtLeast);
    let patterns =
        allows.flat_map(|rule| rule.resources.patterns.iter().zip(&rule.resources.texts));
    patterns
        .map(|(pattern, text)| (pattern.clone(), text.clone()))
        .collect()
}

struct Meetings<'u> {
    steps: u64,
    unknowns: &'u mut Unknowns,
}

impl Meetings<'_> {
    /// No Deny is certain of what may be among its exceptions.
    fn spare(&mut self, rules: &mut Vec<Rule>, allowed: &[(Pattern, String)]) {
        for index in 0..rules.len() {
            let rule = &rules[index];
            if rule.effect != Effect::Deny || rule.reach == Reach::AtMost {
                continue;
            }
            let met = self.met(allowed, &rule.resources.exceptions);
            if met.is_empty() {
                continue;
            }
            if rule.reach == Reach::Exact {
                let at_most = self.at_most(rule, &met);
                rules.push(at_most);
            }
            let rule = &mut rules[index];
            rule.reach = Reach::AtLeast;
            let exceptions = met.into_iter().map(|(pattern, _)| pattern);
            rule.resources.exceptions.extend(exceptions);
        }
    }

    /// A boundary may allow what one of its patterns may be.
    fn widen(&mut self, boundary: &mut Vec<Rule>, allowed: &[(Pattern, String)]) {
        for index in 0..boundary.len() {
            let rule = &boundary[index];
            if rule.effect != Effect::Allow || rule.reach == Reach::AtLeast {
                continue;
            }
            let met = self.met(allowed, &rule.resources.patterns);
            if met.is_empty() {
                continue;
            }
            let mut at_most = self.at_most(rule, &met);
            let (patterns, texts): (Vec<_>, Vec<_>) = met.into_iter().unzip();
            at_most.resources.patterns.extend(patterns);
            at_most.resources.texts.extend(texts);
            if rule.reach == Reach::Exact {
                boundary[index].reach = Reach::AtLeast;
                boundary.push(at_most);
            } else {
                boundary[index] = at_most;
            }
        }
    }

    fn at_most(&mut self, rule: &Rule, met: &[(Pattern, String)]) -> Rule {
        let doubt = rule.doubt.unwrap_or_else(|| {
            let text = met.first().map_or("", |(_, text)| text);
            self.unknowns
                .doubt(format!("what ${{aws:username}} stands for, beside {text}"))
        });
        Rule {
            reach: Reach::AtMost,
            doubt: Some(doubt),
            ..rule.clone()
        }
    }

    /// Those of the allowed patterns that may meet one of the others; everything, if they are too many.
    fn met(&mut self, allowed: &[(Pattern, String)], others: &[Pattern]) -> Vec<(Pattern, String)> {
        let named: Vec<&Pattern> = others.iter().filter(|other| has_variable(other)).collect();
        let all: Vec<&Pattern> = others.iter().collect();
        let mut met = Vec::new();
        for (pattern, text) in allowed {
            let others = if has_variable(pattern) { &all } else { &named };
            if others.iter().any(|other| self.may_meet(pattern, other)) {
                met.push((pattern.clone(), text.clone()));
            }
            if met.len() > MOST_MET || self.steps > MOST_STEPS {
                return vec![(Pattern::new([Token::Any]), "*".into())];
            }
        }
        met
    }

    /// Whether some name makes something match both that does not match both for every name.
    fn may_meet(&mut self, one: &Pattern, other: &Pattern) -> bool {
        if self.steps > MOST_STEPS {
            return true;
        }
        if one.matches_counting(other.tokens(), &mut self.steps)
            || other.matches_counting(one.tokens(), &mut self.steps)
        {
            return false;
        }
        let mut seen = HashSet::new();
        let mut open = vec![(one.tokens(), other.tokens(), false)];
        while let Some((left, right, has_met)) = open.pop() {
            if !seen.insert((left.len(), right.len(), has_met)) {
                continue;
            }
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return true;
            }
            if has_met && left.is_empty() && right.is_empty() {
                return true;
            }
            for (left, right, is_turned) in [(left, right, false), (right, left, true)] {
                let mut go = |left, right, has_met| {
                    open.push(match is_turned {
                        false => (left, right, has_met),
                        true => (right, left, has_met),
                    });
                };
                let Some((&token, after)) = left.split_first() else {
                    continue;
                };
                let next = right.split_first();
                match (token, next) {
                    (Token::Any, _) => {
                        go(after, right, has_met);
                        if let Some((_, rest)) = next {
                            go(left, rest, has_met);
                        }
                    }
                    (Token::Variable(variable), Some((Token::Variable(same), rest))) => {
                        go(after, rest, has_met || variable != *same);
                    }
                    (Token::Variable(_), Some((&of_other, rest))) if is_of_a_name(of_other) => {
                        go(left, rest, true);
                        go(after, rest, true);
                    }
                    (Token::One, Some((Token::Char(_) | Token::One, rest))) => {
                        go(after, rest, has_met);
                    }
                    (token, Some((of_other, rest))) if token == *of_other => {
                        go(after, rest, has_met);
                    }
                    _ => {}
                }
            }
        }
        false
    }
}

fn has_variable(pattern: &Pattern) -> bool {
    let is_variable = |token: &Token| matches!(token, Token::Variable(_));
    pattern.tokens().iter().any(is_variable)
}

/// Whether the name of a user may have it. (IAM user guide, "IAM and AWS STS quotas": letters, digits and `_+=,.@-`.)
fn is_of_a_name(token: Token) -> bool {
    match token {
        Token::One => true,
        Token::Char(char) => char.is_ascii_alphanumeric() || "_+=,.@-".contains(char),
        _ => false,
    }
}
