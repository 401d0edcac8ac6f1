//! Conditions, decided for a caller as far as what is known of it goes.
//!
//! Of the keys of a request only the two of MFA are known. What AWS documents about operators: a condition on a key
//! that is not there is false, a negated one is true, `...IfExists` is true, `ForAllValues:` is true and
//! `ForAnyValue:` false (of one with `ForAnyValue:` and `IfExists` it says both, so that it is unknown); one of several values has to match, and none of them for a negated operator; the names of
//! operators and keys know no case.
//!
//! Where AWS documents nothing the answer is [`Truth::Unknown`] if the key is there: operators on dates, addresses,
//! ARNs and bytes, numbers compared with `true`, booleans compared with an age or with what is no boolean, and negated
//! operators with a value that cannot be read.

use crate::policy::{
    caller::Caller,
    document::{Condition, Version},
    pattern::{Pattern, Variables},
};

mod operator;

pub use operator::{Comparison, Operator, Quantifier};

/// The key that says whether MFA was used.
pub const MFA_PRESENT: &str = "aws:MultiFactorAuthPresent";
/// The key that says how long ago it was used, in seconds.
pub const MFA_AGE: &str = "aws:MultiFactorAuthAge";

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It does.
    True,
    /// It does not.
    False,
    /// That depends on something else than MFA.
    Unknown,
}

impl Truth {
    fn of(truth: bool) -> Self {
        if truth { Truth::True } else { Truth::False }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

/// A key of a request, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// [`MFA_PRESENT`].
    MfaPresent,
    /// [`MFA_AGE`].
    MfaAge,
    /// Another one.
    Other,
}

impl Key {
    /// The key of this name, whose case does not matter.
    pub fn named(name: &str) -> Self {
        if name.eq_ignore_ascii_case(MFA_PRESENT) {
            Key::MfaPresent
        } else if name.eq_ignore_ascii_case(MFA_AGE) {
            Key::MfaAge
        } else {
            Key::Other
        }
    }
}

/// A condition that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it looks at.
    pub key: Key,
    /// How, or none if there is no such operator.
    pub operator: Option<Operator>,
    values: Vec<Value>,
}

/// A value of a condition, in all its meanings.
#[derive(Debug, Clone, PartialEq)]
struct Value {
    text: String,
    number: Number,
    pattern: Pattern,
    /// Whether it has a variable of which nothing is known.
    in_doubt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Is(f64),
    IsNone,
    /// Written in a way of which AWS does not say what it means.
    Doubtful,
}

impl Test {
    /// Reads a condition.
    pub fn read(condition: &Condition, version: Version) -> Self {
        let value = |text: &String| {
            let read = Pattern::of_texts(text, version, Variables::Unknown);
            Value {
                text: text.clone(),
                number: number(text),
                pattern: read.pattern,
                in_doubt: read.doubt.is_some(),
            }
        };
        let key = Key::named(&condition.key);
        Self {
            key,
            operator: Operator::named(&condition.operator),
            values: match key {
                Key::Other => Vec::new(),
                _ => condition.values.iter().map(value).collect(),
            },
        }
    }

    /// The same where it is not certain that IAM takes it as it stands.
    pub fn in_doubt(self) -> Self {
        Self {
            operator: None,
            ..self
        }
    }

    /// Whether it holds for a caller.
    pub fn holds(&self, caller: Caller) -> Truth {
        let Some(operator) = self.operator else {
            return Truth::Unknown;
        };
        let value = match self.key {
            Key::Other => return Truth::Unknown,
            Key::MfaPresent => caller.mfa_present().map(|present| present.to_string()),
            Key::MfaAge => caller.mfa_age().map(|age| age.to_string()),
        };
        // A variable that is not there may make the whole statement void.
        if self.values.is_empty() || self.values.iter().any(|value| value.in_doubt) {
            return Truth::Unknown;
        }
        if operator.comparison == Comparison::Null {
            return self.null(operator, value.is_none());
        }
        match value {
            None => Truth::of(match operator.quantifier {
                Some(Quantifier::ForAllValues) => true,
                Some(Quantifier::ForAnyValue) if operator.if_exists => return Truth::Unknown,
                Some(Quantifier::ForAnyValue) => false,
                None => operator.if_exists || operator.negated,
            }),
            Some(value) => self.compare(operator, &value),
        }
    }

    fn null(&self, operator: Operator, is_absent: bool) -> Truth {
        if operator.if_exists || operator.quantifier.is_some() {
            return Truth::Unknown;
        }
        let wanted = if is_absent { "true" } else { "false" };
        self.any(|value| match value.text.to_ascii_lowercase().as_str() {
            "true" | "false" => Truth::of(value.text.eq_ignore_ascii_case(wanted)),
            _ => Truth::Unknown,
        })
    }

    /// Compares with the value of a key that is there. It has one value, so that quantifiers change nothing.
    fn compare(&self, operator: Operator, is: &str) -> Truth {
        let matches = match (operator.comparison, self.key) {
            (Comparison::Bool, Key::MfaPresent) => {
                self.any(|value| match value.text.to_ascii_lowercase().as_str() {
                    "true" | "false" => Truth::of(value.text.eq_ignore_ascii_case(is)),
                    _ => Truth::Unknown,
                })
            }
            (Comparison::Numeric(order), Key::MfaAge) => {
                let Number::Is(is) = number(is) else {
                    return Truth::Unknown;
                };
                self.any(|value| match value.number {
                    Number::Is(number) => Truth::of(order.holds(is, number)),
                    Number::IsNone if operator.negated => Truth::Unknown,
                    Number::IsNone => Truth::False,
                    Number::Doubtful => Truth::Unknown,
                })
            }
            (Comparison::Text, _) => {
                self.any(|value| Truth::of(value.pattern.is_exact() && value.text == is))
            }
            (Comparison::TextIgnoringCase, _) => {
                self.any(|value| Truth::of(value.text.eq_ignore_ascii_case(is)))
            }
            (Comparison::Like, _) => self.any(|value| Truth::of(value.pattern.matches_text(is))),
            _ => return Truth::Unknown,
        };
        if operator.negated {
            matches.not()
        } else {
            matches
        }
    }

    fn any(&self, holds: impl Fn(&Value) -> Truth) -> Truth {
        self.values.iter().map(holds).fold(Truth::False, Truth::or)
    }

    /// The ages at which its answer may change, if it looks at the age. All of them, unless [`Self::is_irregular`].
    pub fn ages(&self) -> impl Iterator<Item = f64> {
        let looks_at_age = self.key == Key::MfaAge;
        let number = |value: &Value| match value.number {
            Number::Is(number) => Some(number),
            _ => None,
        };
        self.values
            .iter()
            .filter(move |_| looks_at_age)
            .filter_map(number)
    }

    /// Whether its answer may be another at another age.
    pub fn depends_on_the_age(&self) -> bool {
        self.key == Key::MfaAge
            && self
                .operator
                .is_some_and(|operator| operator.comparison != Comparison::Null)
    }

    /// Whether its answer may change at other ages than [`Self::ages`]: with a pattern of digits.
    pub fn is_irregular(&self) -> bool {
        self.key == Key::MfaAge
            && self
                .operator
                .is_some_and(|operator| operator.comparison == Comparison::Like)
            && self
                .values
                .iter()
                .any(|value| !value.pattern.is_exact() && !value.pattern.is_everything())
    }
}

/// A number as AWS has them in policies: digits, perhaps with a sign and a fraction.
fn number(text: &str) -> Number {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.trim().parse::<f64>() {
        Ok(number) if digits(whole) && digits(fraction) => Number::Is(number),
        Ok(_) => Number::Doubtful,
        Err(_) => Number::IsNone,
    }
}

/// A condition in words, as a policy has it.
pub fn in_words(condition: &Condition) -> String {
    const MOST: usize = 3;
    let mut values = condition
        .values
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join(" or ");
    if condition.values.len() > MOST {
        values.push_str(" or …");
    }
    let words = format!("{} {} {values}", condition.operator, condition.key);
    let words: String = words
        .chars()
        .filter(|char| !char.is_control())
        .take(200)
        .collect();
    words.trim_end().to_owned()
}

#[cfg(test)]
mod tests;
