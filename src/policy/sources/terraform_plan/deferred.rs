//! Policy documents that Terraform puts together only when it applies, as far as a plan has their statements.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::list;
use crate::policy::sources::value::Value;

/// The documents of a module by address, each with its JSON or with what is known of its statements.
pub(super) fn documents(module: &Json) -> BTreeMap<String, Value> {
    let mut documents = BTreeMap::new();
    for resource in list(module, "resources") {
        let text = |name: &str| resource.get(name).and_then(Json::as_str);
        let (Some("data"), Some("aws_iam_policy_document"), Some(address), Some(values)) = (
            text("mode"),
            text("type"),
            text("address"),
            resource.get("values"),
        ) else {
            continue;
        };
        let document = match values.get("json").and_then(Json::as_str) {
            Some(json) => Value::text(json),
            None => document(address, values),
        };
        documents.insert(address.to_owned(), document);
    }
    documents
}

fn document(address: &str, values: &Json) -> Value {
    // What lies under or over the statements may replace any of them.
    let is_layered = [
        "source_policy_documents",
        "override_policy_documents",
        "source_json",
        "override_json",
    ]
    .iter()
    .any(|name| values.get(name).is_some_and(|value| !value.is_null()));
    let statements = values.get("statement").and_then(Json::as_array);
    let (Some(statements), false) = (statements, is_layered) else {
        return Value::unknown(&format!("{address}.json"));
    };
    let statements = statements
        .iter()
        .map(|statement| self::statement(address, statement));
    let version = match values.get("version").and_then(Json::as_str) {
        Some(version) => Value::text(version),
        None => Value::text("2012-10-17"),
    };
    Value::Map(BTreeMap::from([
        ("Version".to_owned(), version),
        ("Statement".to_owned(), Value::List(statements.collect())),
    ]))
}

fn statement(address: &str, json: &Json) -> Value {
    let is_given = |name: &str| match json.get(name) {
        Some(Json::Array(values)) => !values.is_empty(),
        Some(value) => !value.is_null(),
        None => false,
    };
    let unknown = || Value::unknown(&format!("{address}.json"));
    let value = |name: &str| known(&json[name], &unknown());
    let mut statement = BTreeMap::new();
    if is_given("sid") && json["sid"] != "" {
        statement.insert("Sid".to_owned(), value("sid"));
    }
    let effect = if is_given("effect") {
        value("effect")
    } else {
        Value::text("Allow")
    };
    statement.insert("Effect".to_owned(), effect);
    let either = |names: [(&str, &str); 2]| {
        let given = names.into_iter().find(|(name, _)| is_given(name));
        match given {
            Some((name, element)) => (element.to_owned(), value(name)),
            // What is left out is what is not known: a statement has one of the two.
            None => (names[0].1.to_owned(), unknown()),
        }
    };
    statement.extend([
        either([("actions", "Action"), ("not_actions", "NotAction")]),
        either([("resources", "Resource"), ("not_resources", "NotResource")]),
    ]);
    if is_given("condition") {
        match conditions(&json["condition"], &unknown()) {
            Some(conditions) => statement.insert("Condition".to_owned(), conditions),
            None => return unknown(),
        };
    }
    Value::Map(statement)
}

/// A value or a list of them. A null in a list stands for one that is not known.
fn known(json: &Json, unknown: &Value) -> Value {
    let value = Value::from_json(json, &Default::default());
    match value {
        Value::List(values) => {
            let values = values.into_iter().map(|value| match value {
                Value::Null => unknown.clone(),
                value => value,
            });
            Value::List(values.collect())
        }
        value => value,
    }
}

/// The conditions, unless one is not known as a whole.
fn conditions(json: &Json, unknown: &Value) -> Option<Value> {
    let mut operators: BTreeMap<String, BTreeMap<String, Vec<Value>>> = BTreeMap::new();
    for condition in json.as_array()? {
        let test = condition.get("test")?.as_str()?;
        let variable = condition.get("variable")?.as_str()?;
        let Value::List(values) = known(condition.get("values")?, unknown) else {
            return None;
        };
        let keys = operators.entry(test.to_owned()).or_default();
        keys.entry(variable.to_owned()).or_default().extend(values);
    }
    let operators = operators.into_iter().map(|(test, keys)| {
        let keys = keys
            .into_iter()
            .map(|(key, values)| (key, Value::List(values)));
        (test, Value::Map(keys.collect()))
    });
    Some(Value::Map(operators.collect()))
}
