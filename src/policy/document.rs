//! A policy document: the JSON that IAM takes, as data.

use serde_json::Value;

/// The most characters of a document that are read; IAM itself takes at most 10,240 of any kind of policy.
pub const LONGEST_DOCUMENT: usize = 4 << 20;

/// An IAM policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The version of the language: 2012-10-17, or 2008-10-17, which knows no policy variables.
    pub version: Version,
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    #[error("it is longer than {LONGEST_DOCUMENT} characters")]
    TooLong,
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    NotJson(String),
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
    /// Reads the text of a document.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        if text.len() > LONGEST_DOCUMENT {
            return Err(DocumentError::TooLong);
        }
        let value = serde_json::from_str(text)
            .map_err(|error| DocumentError::NotJson(error.to_string()))?;
        Self::from_value(&value)
    }

    /// Reads a document that is part of another JSON document.
    ///
    /// # Errors
    /// [`DocumentError::NotAPolicy`].
    pub fn from_value(value: &Value) -> Result<Self, DocumentError> {
        let _ = value;
        Err(DocumentError::NotAPolicy {
            path: "Statement".into(),
            what: "missing".into(),
        })
    }

    /// The document as IAM takes it.
    pub fn to_value(&self) -> Value {
        Value::Null
    }
}
