//! IAM's patterns: `*` for any text, `?` for one character, and policy variables.
//!
//! A pattern and a word are both lists of [`Token`]s. A word with a [`Token::Fresh`] stands for all words that have
//! any other text there that no pattern names: a pattern that matches the fresh one matches them all. This is what
//! lets whole sets of actions be decided without a list of AWS's actions; see `evaluation/search.rs`.

use std::fmt::Write;

use crate::policy::document::Version;

mod intersection;

pub use intersection::{TooMany, intersection, intersection_counting};

/// A part of a pattern or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Token {
    /// `*`: any text, also none.
    Any,
    /// `?`: one character.
    One,
    /// This character.
    Char(char),
    /// A policy variable that has one value in all requests of the principal, not known here and unlike any other
    /// text.
    Variable(Variable),
    /// Only in words: a character that no pattern names.
    Fresh,
}

/// A policy variable that every request of a user has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variable {
    /// `aws:username`.
    UserName,
    /// `aws:userid`.
    UserId,
}

impl Variable {
    /// Its name as a condition key.
    pub fn name(self) -> &'static str {
        match self {
            Variable::UserName => "aws:username",
            Variable::UserId => "aws:userid",
        }
    }
}

/// What the policy variables stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variables<'a> {
    /// Nobody in particular: `${aws:username}` stands for a name unlike all others.
    OfAnyUser,
    /// The user of this name.
    OfUser(&'a str),
    /// Somebody who need not be a user, so that the variables may not be there.
    Unknown,
}

/// A pattern, without two `*` in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    tokens: Vec<Token>,
}

/// A pattern of resources or of values as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPattern {
    /// It. With a doubt it matches at least everything that the pattern can match.
    pub pattern: Pattern,
    /// What it depends on that is not known: the first variable of that kind, or its length.
    pub doubt: Option<String>,
}

impl ReadPattern {
    /// The same with a doubt, if it has none yet.
    pub fn or_doubt(mut self, doubt: impl FnOnce() -> String) -> Self {
        self.doubt.get_or_insert_with(doubt);
        self
    }
}

/// The most tokens of a pattern. IAM's own ARNs have at most 2,048 characters.
const LONGEST: usize = 2048;
/// `arn:partition:service:region:account:resource`.
const FIELDS_OF_AN_ARN: usize = 6;

impl Pattern {
    /// Reads a pattern of actions, which have no variables and no upper case: `S3:getobject` is `s3:GetObject`.
    pub fn of_actions(text: &str) -> ReadPattern {
        let chars = text.chars().map(|char| char.to_ascii_lowercase());
        Self::bounded(chars.map(wildcard_or_char), None)
    }

    /// The text of a pattern of resources as IAM takes it: with the fields that an ARN lacks.
    pub fn completed(text: &str) -> String {
        let fields = text.split(':').count();
        let missing = match text.starts_with("arn:") {
            true => FIELDS_OF_AN_ARN.saturating_sub(fields),
            false => 0,
        };
        text.to_owned() + &":*".repeat(missing)
    }

    /// Reads a pattern of resources. IAM completes an ARN that has fewer than its six fields with `*`.
    pub fn of_resources(text: &str, version: Version, variables: Variables<'_>) -> ReadPattern {
        let fields = text.split(':').count();
        if !text.starts_with("arn:") || fields >= FIELDS_OF_AN_ARN {
            return Self::of_texts(text, version, variables);
        }
        let last = text.rsplit(':').next().unwrap_or_default();
        let mut read = Self::of_texts(text, version, variables);
        if !last.trim_end_matches('*').contains(['*', '?', '$']) {
            let missing = [Token::Char(':'), Token::Any].repeat(FIELDS_OF_AN_ARN - fields);
            read.pattern = Self::new(read.pattern.tokens.into_iter().chain(missing));
            return read;
        }
        // What IAM makes of `arn:*x` is not written anywhere.
        let certain = read
            .pattern
            .tokens
            .into_iter()
            .take_while(|token| matches!(token, Token::Char(_)));
        ReadPattern {
            pattern: Self::new(certain.chain([Token::Any])),
            doubt: Some(format!("how IAM completes the ARN {text}")),
        }
    }

    /// Reads the value of a string operator with wildcards.
    pub fn of_texts(text: &str, version: Version, variables: Variables<'_>) -> ReadPattern {
        match version {
            Version::V2012 if text.contains("${") => {
                let mut doubt = None;
                let tokens = with_variables(text, variables, &mut doubt);
                Self::bounded(tokens.into_iter(), doubt)
            }
            Version::V2008 | Version::V2012 => {
                Self::bounded(text.chars().map(wildcard_or_char), None)
            }
        }
    }

    /// Whether wildcards of a resource may have to stand for the colons between an ARN's first five fields where AWS does
    /// not say that they do: it says so of a `*` that ends its field. (IAM user guide, "IAM JSON policy elements:
    /// Resource".)
    pub fn reaches_across_fields(text: &str) -> bool {
        let mut fields: Vec<&str> = text.splitn(FIELDS_OF_AN_ARN, ':').collect();
        if fields.len() == FIELDS_OF_AN_ARN {
            fields.pop();
        }
        text != "*"
            && fields
                .iter()
                .any(|field| field.trim_end_matches('*').contains(['*', '?']))
    }

    /// Whether it is not certain which services a pattern of actions is about: `*` is all, and AWS documents wildcards in
    /// the names of actions and not in those of services. (IAM user guide, "IAM JSON policy elements: Action".)
    pub fn has_doubtful_service(text: &str) -> bool {
        let is_everything = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
        match text.split_once(':') {
            None => !is_everything(text) && text.contains(['*', '?']),
            Some((service, _)) => !is_everything(service) && service.contains(['*', '?']),
        }
    }

    /// Whether a resource has a policy variable that a request need not have, which can make the whole statement void.
    /// (IAM user guide, "Policy elements: variables and tags".) What templates leave open has no such name.
    pub fn has_variable_that_may_be_absent(
        text: &str,
        version: Version,
        variables: Variables<'_>,
    ) -> bool {
        let is_a_key = |name: &str| {
            let rest = name.split_once(':').map(|(_, rest)| rest);
            rest.is_some_and(|rest| !rest.starts_with(':'))
        };
        version == Version::V2012
            && text
                .split("${")
                .skip(1)
                .filter_map(|after| after.split_once('}'))
                .map(|(inner, _)| inner)
                .filter(|inner| is_a_key(inner) && !inner.contains(','))
                .any(|inner| {
                    let mut doubt = None;
                    value_of(inner, variables, &mut doubt);
                    doubt.is_some()
                })
    }

    /// A text in which nothing is a wildcard.
    pub fn exactly(text: &str) -> Self {
        Self::new(text.chars().map(Token::Char))
    }

    /// The pattern of these tokens.
    pub fn new(tokens: impl IntoIterator<Item = Token>) -> Self {
        let tokens = tokens.into_iter();
        // At most as many as there are bytes, and just as many as there are of ASCII.
        let mut short: Vec<Token> = Vec::with_capacity(tokens.size_hint().1.unwrap_or(0));
        for token in tokens {
            if token != Token::Any || short.last() != Some(&Token::Any) {
                short.push(token);
            }
        }
        Self { tokens: short }
    }

    /// A pattern that is too long for anything that exists ends with `*`, and a doubt.
    fn bounded(tokens: impl Iterator<Item = Token>, doubt: Option<String>) -> ReadPattern {
        let mut pattern = Self::new(tokens);
        if pattern.tokens.len() <= LONGEST {
            return ReadPattern { pattern, doubt };
        }
        pattern.tokens.truncate(LONGEST - 1);
        let cut = pattern.tokens.into_iter().chain([Token::Any]);
        ReadPattern {
            pattern: Self::new(cut),
            doubt: Some(format!("a pattern of more than {LONGEST} characters")),
        }
    }

    /// Its tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Whether it is `*`.
    pub fn is_everything(&self) -> bool {
        self.tokens == [Token::Any]
    }

    /// Whether nothing in it is a wildcard.
    pub fn is_exact(&self) -> bool {
        !self
            .tokens
            .iter()
            .any(|token| matches!(token, Token::Any | Token::One))
    }

    /// Whether it has a `?`.
    pub fn question_marks(&self) -> usize {
        self.tokens
            .iter()
            .filter(|&&token| token == Token::One)
            .count()
    }

    /// Whether it matches a word. Where the word has wildcards itself, that is whether it matches every word that
    /// they match, and a no may be wrong then.
    ///
    /// It looks at no more than the product of both lengths.
    pub fn matches(&self, word: &[Token]) -> bool {
        self.matches_counting(word, &mut 0)
    }

    /// As [`Self::matches`], adding what it looked at to `steps`.
    pub fn matches_counting(&self, word: &[Token], steps: &mut u64) -> bool {
        let pattern = &self.tokens[..];
        let (mut at, mut next) = (0, 0);
        // After the last `*`, and how much of the word that one has taken.
        let mut star: Option<(usize, usize)> = None;
        *steps += 1;
        while next < word.len() {
            *steps += 1;
            match pattern.get(at) {
                Some(Token::Any) => {
                    at += 1;
                    if at == pattern.len() {
                        return true;
                    }
                    star = Some((at, next));
                }
                Some(&token) if stands_for(token, word[next]) => {
                    at += 1;
                    next += 1;
                }
                _ => {
                    let Some((after, taken)) = star else {
                        return false;
                    };
                    star = Some((after, taken + 1));
                    (at, next) = (after, taken + 1);
                }
            }
        }
        pattern[at..].iter().all(|&token| token == Token::Any)
    }

    /// Whether it matches a text, whose characters are no wildcards.
    pub fn matches_text(&self, text: &str) -> bool {
        let word: Vec<Token> = text.chars().map(Token::Char).collect();
        self.matches(&word)
    }
}

/// Whether a token of a pattern, other than `*`, stands for one of a word.
#[inline]
fn stands_for(token: Token, of_word: Token) -> bool {
    match token {
        Token::One => matches!(of_word, Token::Char(_) | Token::Fresh | Token::One),
        token => token == of_word,
    }
}

fn wildcard_or_char(char: char) -> Token {
    match char {
        '*' => Token::Any,
        '?' => Token::One,
        char => Token::Char(char),
    }
}

/// The tokens of a text of the version 2012-10-17.
fn with_variables(text: &str, variables: Variables<'_>, doubt: &mut Option<String>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let inner = rest
            .strip_prefix("${")
            .and_then(|after| after.split_once('}'));
        let Some((inner, after)) = inner else {
            tokens.push(wildcard_or_char(char));
            rest = &rest[char.len_utf8()..];
            continue;
        };
        rest = after;
        match inner {
            "*" | "?" | "$" => tokens.extend(inner.chars().map(Token::Char)),
            _ => tokens.extend(value_of(inner, variables, doubt)),
        }
    }
    tokens
}

/// What `${inner}` stands for: a text, a variable as such, or, in doubt, anything.
fn value_of(inner: &str, variables: Variables<'_>, doubt: &mut Option<String>) -> Vec<Token> {
    let name = inner.split(',').next().unwrap_or(inner).trim();
    let known = [Variable::UserName, Variable::UserId]
        .into_iter()
        .find(|variable| variable.name().eq_ignore_ascii_case(name));
    match (known, variables) {
        (Some(Variable::UserName), Variables::OfUser(user)) => {
            user.chars().map(Token::Char).collect()
        }
        (Some(variable), Variables::OfAnyUser | Variables::OfUser(_)) => {
            vec![Token::Variable(variable)]
        }
        _ => {
            doubt.get_or_insert_with(|| format!("what ${{{name}}} stands for"));
            vec![Token::Any]
        }
    }
}

/// Writes a word or a pattern as a policy would have it, with `fresh` for each run of fresh characters.
pub fn written(tokens: &[Token], fresh: &str) -> String {
    let mut text = String::new();
    let mut last = None;
    for &token in tokens {
        match token {
            Token::Any => text.push('*'),
            Token::One => text.push('?'),
            Token::Char(char) => text.push(char),
            Token::Variable(variable) => {
                // Writing to a String cannot fail.
                let _ = write!(text, "${{{}}}", variable.name());
            }
            Token::Fresh if last == Some(Token::Fresh) => {}
            Token::Fresh => text.push_str(fresh),
        }
        last = Some(token);
    }
    text
}

#[cfg(test)]
mod tests;
