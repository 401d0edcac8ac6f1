//! Checks of parameters, with AWS's wording of what they fail.

use crate::{error::ApiError, query::Parameters};

/// Collects everything that is wrong with a request, since AWS tells all of it at once.
#[derive(Debug, Default)]
pub(crate) struct Constraints {
    violations: Vec<String>,
}

impl Constraints {
    pub(crate) fn new() -> Constraints {
        Constraints::default()
    }

    fn violated(&mut self, value: &str, member: &str, constraint: &str) {
        self.violations.push(format!(
            "Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
        ));
    }

    /// Takes a parameter that has to be there; `member` is AWS's name for it in messages.
    pub(crate) fn required<'a>(
        &mut self,
        parameters: &'a Parameters,
        name: &str,
        member: &str,
    ) -> &'a str {
        parameters.text(name).unwrap_or_else(|| {
            self.violations.push(format!(
                "Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ));
            ""
        })
    }

    /// Takes the value of a member that has to be there, if it is.
    pub(crate) fn given<'a>(&mut self, member: &str, value: Option<&'a str>) -> Option<&'a str> {
        if value.is_none() {
            self.violations.push(format!(
                "Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ));
        }
        value
    }

    /// Requires a list of no more than `most` entries.
    pub(crate) fn count(&mut self, member: &str, count: usize, most: usize) {
        if count > most {
            let constraint = format!("have length less than or equal to {most}");
            self.violated("[...]", member, &constraint);
        }
    }

    /// Requires a number between `least` and `most`, both included.
    pub(crate) fn range(&mut self, member: &str, value: i64, least: i64, most: i64) {
        if value < least {
            let constraint = format!("have value greater than or equal to {least}");
            self.violated(&value.to_string(), member, &constraint);
        }
        if value > most {
            let constraint = format!("have value less than or equal to {most}");
            self.violated(&value.to_string(), member, &constraint);
        }
    }

    /// Requires a length between `least` and `most` characters.
    pub(crate) fn length(&mut self, member: &str, value: &str, least: usize, most: usize) {
        let length = value.chars().count();
        if length < least {
            let constraint = format!("have length greater than or equal to {least}");
            self.violated(value, member, &constraint);
        }
        if length > most {
            let constraint = format!("have length less than or equal to {most}");
            self.violated(value, member, &constraint);
        }
    }

    /// Requires every character to be one of `allowed`; `pattern` is AWS's expression for it.
    pub(crate) fn characters(
        &mut self,
        member: &str,
        value: &str,
        pattern: &str,
        allowed: impl Fn(char) -> bool,
    ) {
        self.matches(member, value, pattern, value.chars().all(allowed));
    }

    /// Requires what `is_match` says; `pattern` is AWS's expression for it.
    pub(crate) fn matches(&mut self, member: &str, value: &str, pattern: &str, is_match: bool) {
        if !is_match {
            let constraint = format!("satisfy regular expression pattern: {pattern}");
            self.violated(value, member, &constraint);
        }
    }

    /// Requires one of these words.
    pub(crate) fn one_of(&mut self, member: &str, value: &str, words: &[&str]) {
        if !words.contains(&value) {
            let constraint = format!("satisfy enum value set: [{}]", words.join(", "));
            self.violated(value, member, &constraint);
        }
    }

    /// Ends the checks: fails with everything that was found.
    pub(crate) fn check(self) -> Result<(), ApiError> {
        match self.violations.len() {
            0 => Ok(()),
            1 => Err(ApiError::validation(format!(
                "1 validation error detected: {}",
                self.violations[0]
            ))),
            count => Err(ApiError::validation(format!(
                "{count} validation errors detected: {}",
                self.violations.join("; ")
            ))),
        }
    }
}

/// AWS's `\w`: letters and digits of ASCII, and the underscore.
pub(crate) fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
