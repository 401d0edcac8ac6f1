//! Those of Terraform's functions that policies are put together with.
//!
//! None reads a file, and what is not here is not known. Source: Terraform's documentation of its functions.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::expr::FuncCall;

use super::evaluation::{Context, Evaluated, Evaluator};
use crate::policy::sources::value::{Text, Value};

/// The value of a call.
pub(super) fn call(evaluator: &Evaluator<'_>, call: &FuncCall, context: &Context<'_>) -> Evaluated {
    let unknown = || context.unknown(call);
    let name = call.name.name.as_str();
    if call.name.is_namespaced() || !NAMES.contains(&name) {
        return Ok(unknown());
    }
    let mut arguments = Vec::new();
    for argument in call.args.iter() {
        arguments.push(evaluator.value(argument, context)?);
    }
    if call.args.expand_final() {
        match arguments.pop() {
            Some(Value::List(values)) => arguments.extend(values),
            _ => return Ok(unknown()),
        }
    }
    if let ("jsonencode", [value]) = (name, arguments.as_slice()) {
        return Ok(Value::Text(value.to_json_text()));
    }
    if arguments
        .iter()
        .any(|value| matches!(value, Value::Unknown(_)))
    {
        return Ok(unknown());
    }
    let value = of_texts(name, &arguments)
        .or_else(|| of_lists(name, &arguments))
        .or_else(|| of_maps(name, &arguments));
    let value = value.unwrap_or_else(unknown);
    evaluator.spend(value.size())?;
    Ok(value)
}

const NAMES: [&str; 33] = [
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "contains",
    "distinct",
    "element",
    "flatten",
    "format",
    "formatlist",
    "join",
    "jsondecode",
    "jsonencode",
    "keys",
    "length",
    "list",
    "lookup",
    "lower",
    "merge",
    "one",
    "replace",
    "split",
    "sort",
    "title",
    "tolist",
    "tomap",
    "tonumber",
    "toset",
    "tostring",
    "trimspace",
    "try",
    "upper",
    "values",
];

fn of_texts(name: &str, arguments: &[Value]) -> Option<Value> {
    let known = |index: usize| match arguments.get(index)? {
        Value::Text(text) => text.as_known().map(str::to_owned),
        Value::Number(_) | Value::Bool(_) => Some(arguments[index].to_text()?.text),
        _ => None,
    };
    let value = match (name, arguments) {
        ("lower", [_]) => Value::text(known(0)?.to_lowercase()),
        ("upper", [_]) => Value::text(known(0)?.to_uppercase()),
        ("title", [_]) => {
            let text = known(0)?;
            let mut letters = text.chars();
            let first: String = letters.next()?.to_uppercase().collect();
            // Of more than one word it is Terraform who knows where each begins.
            if text.contains(|letter: char| !letter.is_alphanumeric()) {
                return None;
            }
            Value::text(first + letters.as_str())
        }
        ("trimspace", [_]) => Value::text(known(0)?.trim()),
        ("replace", [_, _, _]) => {
            let what = known(1)?;
            // Between slashes it is a regular expression.
            if what.len() > 1 && what.starts_with('/') && what.ends_with('/') || what.is_empty() {
                return None;
            }
            Value::text(known(0)?.replace(&what, &known(2)?))
        }
        ("split", [_, _]) => {
            let separator = known(0)?;
            if separator.is_empty() {
                return None;
            }
            Value::List(known(1)?.split(&separator).map(Value::text).collect())
        }
        ("join", [_, lists @ ..]) => {
            let separator = Text::known(known(0)?);
            let mut whole = Text::default();
            let mut is_first = true;
            for list in lists {
                for text in list.to_texts()? {
                    if !is_first {
                        whole.push(&separator);
                    }
                    is_first = false;
                    whole.push(&text);
                }
            }
            Value::Text(whole)
        }
        ("format", [_, values @ ..]) => Value::Text(formatted(&known(0)?, values)?),
        ("formatlist", [_, values @ ..]) => format_list(&known(0)?, values)?,
        ("tostring", [value]) => Value::Text(value.to_text()?),
        ("tonumber", [value]) => Value::Number(value.to_text()?.as_known()?.parse().ok()?),
        ("jsondecode", [Value::Text(text)]) => {
            let json = serde_json::from_str(&text.text).ok()?;
            Value::from_json(&json, &text.symbols.iter().cloned().collect())
        }
        _ => return None,
    };
    Some(value)
}

/// `format` with `%s`, `%d`, `%v` and `%%`.
fn formatted(format: &str, values: &[Value]) -> Option<Text> {
    let mut whole = Text::default();
    let mut values = values.iter();
    let mut parts = format.split('%');
    whole.text.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        match part.chars().next() {
            Some('s' | 'd' | 'v') => {
                whole.push(&values.next()?.to_text()?);
                whole.text.push_str(&part[1..]);
            }
            // Two in a row.
            None => {
                whole.text.push('%');
                whole.text.push_str(parts.next()?);
            }
            Some(_) => return None,
        }
    }
    values.next().is_none().then_some(whole)
}

fn format_list(format: &str, values: &[Value]) -> Option<Value> {
    let lists = values.iter().filter_map(|value| match value {
        Value::List(values) => Some(values.len()),
        _ => None,
    });
    let lengths: BTreeSet<usize> = lists.collect();
    let length = match lengths.into_iter().collect::<Vec<_>>().as_slice() {
        [] => 1,
        [length] => *length,
        _ => return None,
    };
    let texts = (0..length).map(|index| {
        let row = values.iter().map(|value| match value {
            Value::List(values) => values.get(index).cloned(),
            one => Some(one.clone()),
        });
        let row = row.collect::<Option<Vec<_>>>()?;
        formatted(format, &row).map(Value::Text)
    });
    Some(Value::List(texts.collect::<Option<_>>()?))
}

fn of_lists(name: &str, arguments: &[Value]) -> Option<Value> {
    let value = match (name, arguments) {
        ("concat", lists) => {
            let mut whole = Vec::new();
            for list in lists {
                match list {
                    Value::List(values) => whole.extend(values.iter().cloned()),
                    _ => return None,
                }
            }
            Value::List(whole)
        }
        ("list", values) => Value::List(values.to_vec()),
        ("flatten", [Value::List(values)]) => Value::List(flat(values)),
        ("tolist", [Value::List(values)]) => Value::List(values.clone()),
        ("toset", [Value::List(values)]) => Value::List(distinct(values, true)),
        ("sort", [Value::List(values)]) => {
            let mut texts = Value::List(values.clone()).to_texts()?;
            texts.sort_by(|left, right| left.text.cmp(&right.text));
            Value::List(texts.into_iter().map(Value::Text).collect())
        }
        ("distinct", [Value::List(values)]) => Value::List(distinct(values, false)),
        ("compact", [Value::List(values)]) => {
            let is_there = |value: &&Value| !value.is_null() && **value != Value::text("");
            Value::List(values.iter().filter(is_there).cloned().collect())
        }
        ("contains", [list @ Value::List(values), value]) => {
            match (values.contains(value), list.symbol().or(value.symbol())) {
                (_, None) => Value::Bool(values.contains(value)),
                _ => return None,
            }
        }
        ("length", [Value::List(values)])
            if !values
                .iter()
                .any(|value| matches!(value, Value::Unknown(_))) =>
        {
            Value::Number(values.len().into())
        }
        ("element", [Value::List(values), index]) if !values.is_empty() => {
            values[index.as_index()? % values.len()].clone()
        }
        ("one", [Value::List(values)]) => match values.as_slice() {
            [] => Value::Null,
            [one] => one.clone(),
            _ => return None,
        },
        ("coalesce", values) => {
            let is_there = |value: &&Value| !value.is_null() && **value != Value::text("");
            values.iter().find(is_there)?.clone()
        }
        ("coalescelist", values) => {
            let is_there =
                |value: &&Value| matches!(value, Value::List(values) if !values.is_empty());
            values.iter().find(is_there)?.clone()
        }
        ("try", [first, ..]) => first.clone(),
        _ => return None,
    };
    Some(value)
}

fn flat(values: &[Value]) -> Vec<Value> {
    let mut whole = Vec::new();
    for value in values {
        match value {
            Value::List(inner) => whole.extend(flat(inner)),
            other => whole.push(other.clone()),
        }
    }
    whole
}

/// Each value once: in its order, or as a set has them.
fn distinct(values: &[Value], sorted: bool) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut whole: Vec<(String, Value)> = Vec::new();
    for value in values {
        let text = value.to_json(&mut Vec::new()).to_string();
        if seen.insert(text.clone()) {
            whole.push((text, value.clone()));
        }
    }
    if sorted {
        whole.sort_by(|left, right| left.0.cmp(&right.0));
    }
    whole.into_iter().map(|(_, value)| value).collect()
}

fn of_maps(name: &str, arguments: &[Value]) -> Option<Value> {
    let value = match (name, arguments) {
        ("merge", maps) => {
            let mut whole = BTreeMap::new();
            for map in maps {
                match map {
                    Value::Map(map) => whole.extend(map.clone()),
                    Value::Null => {}
                    _ => return None,
                }
            }
            Value::Map(whole)
        }
        ("tomap", [map @ Value::Map(_)]) => map.clone(),
        ("keys", [Value::Map(map)]) => Value::List(map.keys().map(Value::text).collect()),
        ("values", [Value::Map(map)]) => Value::List(map.values().cloned().collect()),
        ("length", [Value::Map(map)]) => Value::Number(map.len().into()),
        ("lookup", [Value::Map(map), key, rest @ ..]) => {
            let found = map.get(key.to_text()?.as_known()?);
            found.or(rest.first())?.clone()
        }
        _ => return None,
    };
    Some(value)
}
