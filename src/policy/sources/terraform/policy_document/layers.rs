//! Documents that are laid over each other.

use std::collections::BTreeMap;

use crate::policy::sources::value::{Symbol, Value};

/// The version of a document that names none.
pub(super) const VERSION: &str = "2012-10-17";

/// A document to be laid over others.
pub(super) struct Layer {
    pub version: Value,
    pub statements: Vec<Value>,
}

/// Documents laid over each other.
#[derive(Default)]
pub(super) struct Layers {
    versions: Vec<Value>,
    pub statements: Vec<Value>,
    by_sid: BTreeMap<String, usize>,
}

impl Layers {
    pub fn lay(&mut self, layer: Layer) {
        if !layer.version.is_null() {
            self.versions.push(layer.version);
        }
        // Within one document nothing replaces anything.
        let below = self.statements.len();
        for statement in layer.statements {
            match sid(&statement) {
                Sid::None => self.statements.push(statement),
                Sid::Known(sid) => match self.by_sid.get(&sid) {
                    Some(&index) => self.statements[index] = statement,
                    None => {
                        self.by_sid.insert(sid, self.statements.len());
                        self.statements.push(statement);
                    }
                },
                Sid::Unknown(symbol) => {
                    // It may replace any that has a Sid.
                    for &index in self.by_sid.values().filter(|index| **index < below) {
                        self.statements[index] = Value::Unknown(symbol.clone());
                    }
                    self.statements.push(statement);
                }
            }
        }
    }

    /// The newest of all, as the provider has it.
    pub fn version(&self) -> Value {
        if let Some(unknown) = self
            .versions
            .iter()
            .find(|version| version.symbol().is_some())
        {
            return unknown.clone();
        }
        let texts = self.versions.iter().filter_map(Value::to_text);
        texts
            .max_by(|left, right| left.text.cmp(&right.text))
            .map_or(Value::text(VERSION), Value::Text)
    }
}

/// What a statement is called.
pub(super) enum Sid {
    None,
    Known(String),
    Unknown(Symbol),
}

pub(super) fn sid(statement: &Value) -> Sid {
    match statement {
        Value::Unknown(symbol) => Sid::Unknown(symbol.clone()),
        statement => match statement.get("Sid").and_then(Value::to_text) {
            None => Sid::None,
            Some(text) => match text.symbols.first() {
                Some(symbol) => Sid::Unknown(symbol.clone()),
                None if text.text.is_empty() => Sid::None,
                None => Sid::Known(text.text),
            },
        },
    }
}
