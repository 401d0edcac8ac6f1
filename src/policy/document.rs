//! A policy document: the JSON that IAM takes, as data.
//!
//! What is read here is what IAM would take as an identity policy, and no more: what it would refuse is an error with
//! the place, since a verdict on a policy that cannot exist helps nobody. The source of the rules is AWS's "Grammar of
//! the IAM JSON policy language".

use serde_json::{Map, Value, error::Category};

mod reading;
mod repeated;

pub use repeated::{RepeatedKey, repeated_key};

/// The most bytes of a document that are read; IAM itself takes at most 10,240 characters of any kind of policy.
pub const LONGEST_DOCUMENT: usize = 4 << 20;

/// An IAM policy document. Its `Id` has no meaning for identity policies and is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The version of the language: 2012-10-17, or 2008-10-17, which knows no policy variables.
    pub version: Version,
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// 2008-10-17, and what a document without `Version` is: `${...}` is plain text.
    #[default]
    V2008,
    /// 2012-10-17, with policy variables.
    V2012,
}

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name, if it has one.
    pub sid: Option<String>,
    /// What it does where it applies.
    pub effect: Effect,
    /// `Action` or `NotAction`, as written.
    pub actions: Patterns,
    /// `Resource` or `NotResource`, as written.
    pub resources: Patterns,
    /// Its conditions: all have to hold.
    pub conditions: Vec<Condition>,
}

/// What a statement does where it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Allow.
    Allow,
    /// Deny, which wins over any Allow.
    Deny,
}

/// Patterns of actions or of resources, with IAM's `*` and `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patterns {
    /// What matches any of them: `Action`, `Resource`.
    Any(Vec<String>),
    /// What matches none of them: `NotAction`, `NotResource`.
    NoneOf(Vec<String>),
}

impl Patterns {
    /// The patterns, be they what is meant or what is not.
    pub fn texts(&self) -> &[String] {
        match self {
            Patterns::Any(texts) | Patterns::NoneOf(texts) => texts,
        }
    }
}

/// A condition: one operator on one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator as written, such as `BoolIfExists` or `ForAnyValue:StringLike`.
    pub operator: String,
    /// The key as written, such as `aws:MultiFactorAuthPresent`.
    pub key: String,
    /// The values, of which one has to do; booleans and numbers as their text.
    pub values: Vec<String>,
}

/// Why something is no policy document.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DocumentError {
    /// It is longer than anything that IAM takes.
    #[error("it is longer than {LONGEST_DOCUMENT} bytes, and IAM takes at most 10,240 characters")]
    TooLong,
    /// It is no JSON, or no JSON that has one meaning.
    #[error("it is no JSON: {0}")]
    NotJson(String),
    /// A key stands twice in one object, of which IAM takes neither and most programs the last.
    #[error("{0}")]
    Repeated(RepeatedKey),
    /// It is JSON, but no policy document.
    #[error("{path}: {what}")]
    NotAPolicy {
        /// Where in the document, such as `Statement[2].Action`.
        path: String,
        /// What is wrong there.
        what: String,
    },
}

impl Document {
    /// Reads the text of a document. A byte order mark before it is passed over.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        if text.len() > LONGEST_DOCUMENT {
            return Err(DocumentError::TooLong);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
        if let Some(repeated) = repeated_key(text) {
            return Err(DocumentError::Repeated(repeated));
        }
        Self::from_value(&value)
    }

    /// Reads a document that is part of another JSON document. Whether that had a key twice cannot be seen here:
    /// [`repeated_key`] sees it in the text.
    ///
    /// # Errors
    /// [`DocumentError::NotAPolicy`].
    pub fn from_value(value: &Value) -> Result<Self, DocumentError> {
        reading::document(value)
    }

    /// The document as IAM takes it: one value as itself, several as a list, statements always as a list.
    ///
    /// Conditions with the same operator and the same key become one with the values of all, since JSON has no room
    /// for two.
    pub fn to_value(&self) -> Value {
        let mut object = Map::new();
        object.insert("Version".into(), self.version.text().into());
        let statements = self.statements.iter().map(Statement::to_value);
        object.insert("Statement".into(), statements.collect());
        Value::Object(object)
    }
}

impl Version {
    /// As it is written in a document.
    pub fn text(self) -> &'static str {
        match self {
            Version::V2008 => "2008-10-17",
            Version::V2012 => "2012-10-17",
        }
    }
}

impl Statement {
    /// Whether it has another condition with the same operator on the same key, in other letters: both know no case.
    pub fn has_again(&self, condition: &Condition) -> bool {
        let is_same = |other: &&Condition| {
            other.operator.eq_ignore_ascii_case(&condition.operator)
                && other.key.eq_ignore_ascii_case(&condition.key)
        };
        self.conditions.iter().filter(is_same).count() > 1
    }

    fn to_value(&self) -> Value {
        let mut object = Map::new();
        if let Some(sid) = &self.sid {
            object.insert("Sid".into(), sid.clone().into());
        }
        let effect = match self.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        object.insert("Effect".into(), effect.into());
        for (name, patterns) in [("Action", &self.actions), ("Resource", &self.resources)] {
            let (name, patterns) = match patterns {
                Patterns::Any(patterns) => (name.to_owned(), patterns),
                Patterns::NoneOf(patterns) => (format!("Not{name}"), patterns),
            };
            object.insert(name, one_or_several(patterns));
        }
        if !self.conditions.is_empty() {
            object.insert("Condition".into(), conditions_to_value(&self.conditions));
        }
        Value::Object(object)
    }
}

fn conditions_to_value(conditions: &[Condition]) -> Value {
    let mut merged: Vec<Condition> = Vec::new();
    for condition in conditions {
        let same = |other: &&mut Condition| {
            other.operator == condition.operator && other.key == condition.key
        };
        match merged.iter_mut().find(same) {
            Some(other) => other.values.extend(condition.values.iter().cloned()),
            None => merged.push(condition.clone()),
        }
    }
    let mut operators = Map::new();
    for condition in &merged {
        let keys = operators
            .entry(condition.operator.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        keys[&condition.key] = one_or_several(&condition.values);
    }
    Value::Object(operators)
}

fn one_or_several(texts: &[String]) -> Value {
    match texts {
        [one] => one.clone().into(),
        several => several.iter().cloned().collect(),
    }
}

/// What is wrong with a text that is no JSON, and where.
fn not_json(text: &str, error: &serde_json::Error) -> DocumentError {
    if text.trim().is_empty() {
        return DocumentError::NotJson("it is empty".into());
    }
    let (line, column) = (error.line(), error.column());
    let whole = error.to_string();
    let suffix = format!(" at line {line} column {column}");
    let what = match whole.strip_suffix(&suffix).unwrap_or(&whole) {
        "recursion limit exceeded" => "nested far deeper than any policy",
        _ if error.classify() == Category::Eof => "it ends in the middle",
        what => what,
    };
    DocumentError::NotJson(format!("{what}, at line {line}, column {column}"))
}

#[cfg(test)]
mod tests;
