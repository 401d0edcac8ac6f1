//! Values of templates, some of which nobody knows yet.
//!
//! What is not known is a [`Symbol`] such as `${aws_s3_bucket.logs.arn}`, alone or inside a text. It looks like a
//! variable of IAM's, which is what it is to the evaluator: something of which nothing can be said. Symbols have
//! none of the characters that mean something to JSON or to IAM's patterns.

use std::{
    borrow::Borrow,
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde_json::Value as Json;

use crate::{policy::sources::Fault, terminal};

/// What stands for a value that is not known, such as `${var.bucket}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol(Rc<str>);

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Text),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    Unknown(Symbol),
}

/// A text, and the symbols in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text {
    pub text: String,
    pub symbols: Vec<Symbol>,
}

impl Symbol {
    /// The symbol for what `expression` would be.
    pub fn new(expression: &str) -> Self {
        const LONGEST: usize = 80;
        let mut name = String::from("${");
        let mut was_space = true;
        for character in expression.trim().chars() {
            let is_space = character.is_whitespace();
            if name.chars().count() > LONGEST {
                name.push('…');
                break;
            }
            match character {
                _ if is_space && was_space => {}
                _ if is_space => name.push(' '),
                '"' => name.push('\''),
                '\\' => name.push('/'),
                '*' => name.push('#'),
                '?' => name.push('¿'),
                '{' => name.push('('),
                '}' => name.push(')'),
                '$' => {}
                other => name.push(other),
            }
            was_space = is_space;
        }
        // No control characters either, nor what turns the writing round.
        let mut name = terminal::printable(name.trim_end());
        name.push('}');
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The expression that is not known.
    pub fn expression(&self) -> &str {
        self.0.trim_start_matches("${").trim_end_matches('}')
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Text {
    pub fn known(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            symbols: Vec::new(),
        }
    }

    /// Adds what a template has next.
    pub fn push(&mut self, other: &Text) {
        self.text.push_str(&other.text);
        self.symbols.extend(other.symbols.iter().cloned());
    }

    /// The text, unless there is a symbol in it.
    pub fn as_known(&self) -> Option<&str> {
        self.symbols.is_empty().then_some(self.text.as_str())
    }
}

impl From<Symbol> for Text {
    fn from(symbol: Symbol) -> Self {
        Self {
            text: symbol.as_str().to_owned(),
            symbols: vec![symbol],
        }
    }
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(Text::known(text))
    }

    pub fn unknown(expression: &str) -> Self {
        Value::Unknown(Symbol::new(expression))
    }

    /// The value as a text, as interpolation has it; none for lists, maps and null.
    pub fn to_text(&self) -> Option<Text> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Unknown(symbol) => Some(symbol.clone().into()),
            Value::Bool(bool) => Some(Text::known(bool.to_string())),
            Value::Number(number) => Some(Text::known(number.to_string())),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The texts of a list, or of one text alone; none if it is neither.
    pub fn to_texts(&self) -> Option<Vec<Text>> {
        match self {
            Value::List(values) => values.iter().map(Value::to_text).collect(),
            Value::Null => Some(Vec::new()),
            one => one.to_text().map(|text| vec![text]),
        }
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(map) => map.get(key),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// True or false, also as a text.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(bool) => Some(*bool),
            Value::Text(text) => text.as_known()?.parse().ok(),
            _ => None,
        }
    }

    /// A whole number, also as a text.
    pub fn as_index(&self) -> Option<usize> {
        match self {
            Value::Number(number) => number.as_u64()?.try_into().ok(),
            Value::Text(text) => text.as_known()?.parse().ok(),
            _ => None,
        }
    }

    /// Any symbol in it, if there is one.
    pub fn symbol(&self) -> Option<&Symbol> {
        match self {
            Value::Unknown(symbol) => Some(symbol),
            Value::Text(text) => text.symbols.first(),
            Value::List(values) => values.iter().find_map(Value::symbol),
            Value::Map(map) => map.values().find_map(Value::symbol),
            _ => None,
        }
    }

    /// How much there is to copy: every value counts, and so do sixteen bytes of a text.
    pub fn size(&self) -> usize {
        1 + match self {
            Value::Text(text) => text.text.len() / 16 + text.symbols.len(),
            Value::List(values) => values.iter().map(Value::size).sum(),
            Value::Map(map) => map
                .iter()
                .map(|(key, value)| key.len() / 16 + value.size())
                .sum(),
            _ => 0,
        }
    }

    /// The value as JSON, its symbols as texts and added to `symbols`.
    pub fn to_json(&self, symbols: &mut Vec<Symbol>) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Bool(bool) => Json::Bool(*bool),
            Value::Number(number) => Json::Number(number.clone()),
            Value::Text(text) => {
                symbols.extend(text.symbols.iter().cloned());
                Json::String(text.text.clone())
            }
            Value::List(values) => values.iter().map(|value| value.to_json(symbols)).collect(),
            Value::Map(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), value.to_json(symbols)))
                .collect(),
            Value::Unknown(symbol) => {
                symbols.push(symbol.clone());
                Json::String(symbol.as_str().to_owned())
            }
        }
    }

    /// The value as the text of its JSON.
    pub fn to_json_text(&self) -> Text {
        let mut symbols = Vec::new();
        let text = self.to_json(&mut symbols).to_string();
        symbols.sort();
        symbols.dedup();
        Text { text, symbols }
    }

    /// Takes JSON, in whose texts `symbols` may stand.
    pub fn from_json(json: &Json, symbols: &BTreeSet<Symbol>) -> Self {
        match json {
            Json::Null => Value::Null,
            Json::Bool(bool) => Value::Bool(*bool),
            Json::Number(number) => Value::Number(number.clone()),
            Json::String(text) => match symbols.get(text.as_str()) {
                Some(symbol) => Value::Unknown(symbol.clone()),
                None => Value::Text(Text {
                    text: text.clone(),
                    symbols: symbols_in(text, symbols).cloned().collect(),
                }),
            },
            Json::Array(values) => Value::List(
                values
                    .iter()
                    .map(|value| Value::from_json(value, symbols))
                    .collect(),
            ),
            Json::Object(object) => Value::Map(
                object
                    .iter()
                    .map(|(key, value)| (key.clone(), Value::from_json(value, symbols)))
                    .collect(),
            ),
        }
    }
}

/// Those of the symbols that stand in the text.
pub(super) fn symbols_in<'s>(
    text: &str,
    symbols: &'s BTreeSet<Symbol>,
) -> impl Iterator<Item = &'s Symbol> {
    text.match_indices("${").filter_map(move |(start, _)| {
        let end = text[start..].find('}')?;
        symbols.get(&text[start..=start + end])
    })
}

/// How much more may be unfolded: what refers to what refers to what grows past every measure.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    /// Some dozens of MiB at the most, and a second.
    const WHOLE: usize = 2_000_000;

    pub fn new() -> Self {
        Self(Cell::new(Self::WHOLE))
    }

    /// Takes some of it.
    ///
    /// # Errors
    /// [`Fault::TooMuch`] when there is no more.
    pub fn spend(&self, amount: usize) -> Result<(), Fault> {
        match self.0.get().checked_sub(amount) {
            Some(rest) => {
                self.0.set(rest);
                Ok(())
            }
            None => Err(Fault::TooMuch(Self::WHOLE)),
        }
    }
}
