//! A policy of which a part is not known.
//!
//! Statements add up, whatever document they stand in, so that those which are known can be judged without the
//! others, which then count as a policy that nobody knows. A statement is known if what is open in it can only be
//! judged too strictly: a resource that it is about, or a value of a condition on something else than MFA.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::policy::{
    document::{Document, DocumentError},
    sources::value::{Symbol, Value, symbols_in},
};

/// What is known of a policy.
#[derive(Debug, Default)]
pub(super) struct Partial {
    /// The statements that are known, if there are any.
    pub document: Option<Document>,
    /// The parts that are not, each with what it hangs on: the whole, or a statement.
    pub unknown: Vec<(Part, Symbol)>,
    /// What else is not known, in the statements that are.
    pub open: BTreeSet<Symbol>,
}

/// A part of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// A statement, from 0.
    Statement(usize),
}

impl Partial {
    fn unknown(symbol: Symbol) -> Self {
        Self {
            unknown: vec![(Part::Whole, symbol)],
            ..Self::default()
        }
    }
}

/// Reads a policy that is the text of its JSON, or the same as a value.
///
/// # Errors
/// [`DocumentError`], where what is known is no policy.
pub(super) fn read(value: &Value) -> Result<Partial, DocumentError> {
    match value {
        Value::Unknown(symbol) => Ok(Partial::unknown(symbol.clone())),
        Value::Text(text) => match text.symbols.first() {
            None => whole(Document::parse(&text.text)?),
            Some(first) => match serde_json::from_str(&text.text) {
                Ok(json) => known_statements(json, text.symbols.iter().cloned().collect()),
                // The symbol may stand for more than a text.
                Err(_) => Ok(Partial::unknown(first.clone())),
            },
        },
        value => {
            let mut symbols = Vec::new();
            let json = value.to_json(&mut symbols);
            known_statements(json, symbols.into_iter().collect())
        }
    }
}

fn whole(document: Document) -> Result<Partial, DocumentError> {
    Ok(Partial {
        document: Some(document),
        ..Partial::default()
    })
}

fn known_statements(mut json: Json, symbols: BTreeSet<Symbol>) -> Result<Partial, DocumentError> {
    if symbols.is_empty() {
        return whole(Document::from_value(&json)?);
    }
    let Json::Object(object) = &mut json else {
        return match any_symbol(&json, &symbols) {
            Some(symbol) => Ok(Partial::unknown(symbol)),
            None => whole(Document::from_value(&json)?),
        };
    };
    let is_old = match object.get("Version") {
        None => true,
        Some(version) => version == "2008-10-17",
    };
    // The old version has no variables, so that a symbol would be a text like any other.
    let are_texts = is_old && object.values().any(|value| has_variable(value, &symbols));
    if is_old && !are_texts {
        // Without variables both versions mean the same.
        object.insert("Version".into(), "2012-10-17".into());
    }
    for (name, value) in object.iter() {
        let is_open = symbols_in(name, &symbols).next().cloned();
        let is_open = is_open.or_else(|| match name.as_str() {
            "Statement" => None,
            _ => any_symbol(value, &symbols),
        });
        if let Some(symbol) = is_open {
            return Ok(Partial::unknown(symbol));
        }
    }
    let mut unknown = Vec::new();
    let statements = match object.remove("Statement") {
        Some(Json::Array(statements)) => statements,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let mut known = Vec::new();
    for (index, statement) in statements.into_iter().enumerate() {
        let decisive = match are_texts {
            true => any_symbol(&statement, &symbols),
            false => decisive_symbol(&statement, &symbols),
        };
        match decisive {
            Some(symbol) => unknown.push((Part::Statement(index), symbol)),
            None => known.push(statement),
        }
    }
    let mut open = BTreeSet::new();
    for statement in &known {
        all_symbols(statement, &symbols, &mut open);
    }
    let document = if known.is_empty() && !unknown.is_empty() {
        None
    } else {
        object.insert("Statement".into(), Json::Array(known));
        Some(Document::from_value(&json)?)
    };
    Ok(Partial {
        document,
        unknown,
        open,
    })
}

/// A symbol in the statement that can change whom it stops.
fn decisive_symbol(statement: &Json, symbols: &BTreeSet<Symbol>) -> Option<Symbol> {
    let Json::Object(object) = statement else {
        return any_symbol(statement, symbols);
    };
    // All but what is not known is denied: it may be all.
    let is_deny = object.get("Effect").is_some_and(|effect| effect == "Deny");
    object.iter().find_map(|(name, value)| {
        let in_name = symbols_in(name, symbols).next().cloned();
        in_name.or_else(|| match (name.as_str(), value) {
            ("Sid" | "Resource", _) => None,
            ("NotResource", _) if !is_deny => None,
            ("Condition", Json::Object(operators)) => decisive_in_conditions(operators, symbols),
            _ => any_symbol(value, symbols),
        })
    })
}

fn decisive_in_conditions(
    operators: &Map<String, Json>,
    symbols: &BTreeSet<Symbol>,
) -> Option<Symbol> {
    operators.iter().find_map(|(operator, keys)| {
        let in_operator = symbols_in(operator, symbols).next().cloned();
        in_operator.or_else(|| match keys {
            Json::Object(keys) => keys.iter().find_map(|(key, values)| {
                let in_key = symbols_in(key, symbols).next().cloned();
                let is_of_mfa = key.to_ascii_lowercase().contains("multifactor");
                in_key.or_else(|| is_of_mfa.then(|| any_symbol(values, symbols)).flatten())
            }),
            other => any_symbol(other, symbols),
        })
    })
}

/// Whether some text has what would be a variable, and is no symbol.
fn has_variable(json: &Json, symbols: &BTreeSet<Symbol>) -> bool {
    match json {
        Json::String(text) => text.matches("${").count() > symbols_in(text, symbols).count(),
        Json::Array(values) => values.iter().any(|value| has_variable(value, symbols)),
        Json::Object(object) => object.values().any(|value| has_variable(value, symbols)),
        _ => false,
    }
}

fn any_symbol(json: &Json, symbols: &BTreeSet<Symbol>) -> Option<Symbol> {
    match json {
        Json::String(text) => symbols_in(text, symbols).next().cloned(),
        Json::Array(values) => values.iter().find_map(|value| any_symbol(value, symbols)),
        Json::Object(object) => object.iter().find_map(|(key, value)| {
            let in_key = symbols_in(key, symbols).next().cloned();
            in_key.or_else(|| any_symbol(value, symbols))
        }),
        _ => None,
    }
}

fn all_symbols(json: &Json, symbols: &BTreeSet<Symbol>, found: &mut BTreeSet<Symbol>) {
    match json {
        Json::String(text) => found.extend(symbols_in(text, symbols).cloned()),
        Json::Array(values) => {
            for value in values {
                all_symbols(value, symbols, found);
            }
        }
        Json::Object(object) => {
            for value in object.values() {
                all_symbols(value, symbols, found);
            }
        }
        _ => {}
    }
}
