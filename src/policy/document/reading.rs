//! A document out of JSON, with the place of what does not belong there.

use serde_json::{Map, Value};

use super::{Condition, Document, DocumentError, Effect, Patterns, Statement, Version};

type Read<T> = Result<T, DocumentError>;

const IN_A_DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
const IN_A_STATEMENT: [&str; 7] = [
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Reads a whole document.
pub(super) fn document(value: &Value) -> Read<Document> {
    let object = value
        .as_object()
        .ok_or_else(|| wrong("the document", "an object", value))?;
    known_elements(object, &IN_A_DOCUMENT, "")?;
    if let Some(id) = object.get("Id") {
        text(id, "Id")?;
    }
    let version = match object.get("Version") {
        None => Version::default(),
        Some(version) => match text(version, "Version")? {
            "2012-10-17" => Version::V2012,
            "2008-10-17" => Version::V2008,
            other => {
                let what = format!(
                    "'{}' is no version: it is 2012-10-17 or 2008-10-17",
                    shown(other)
                );
                return Err(error("Version", &what));
            }
        },
    };
    let statements = match object.get("Statement") {
        None => return Err(error("Statement", "missing")),
        Some(Value::Array(statements)) => statements
            .iter()
            .enumerate()
            .map(|(index, value)| statement(value, &format!("Statement[{index}]")))
            .collect::<Read<_>>()?,
        Some(one) => vec![statement(one, "Statement")?],
    };
    Ok(Document {
        version,
        statements,
    })
}

fn statement(value: &Value, path: &str) -> Read<Statement> {
    let object = value
        .as_object()
        .ok_or_else(|| wrong(path, "an object", value))?;
    known_elements(object, &IN_A_STATEMENT, path)?;
    let at = |name: &str| format!("{path}.{name}");
    let sid = match object.get("Sid") {
        None => None,
        Some(sid) => Some(text(sid, &at("Sid"))?.to_owned()),
    };
    let effect = match object.get("Effect") {
        None => return Err(error(&at("Effect"), "missing")),
        Some(effect) => match text(effect, &at("Effect"))? {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            other => {
                let what = format!(
                    "'{}' is neither Allow nor Deny, in these letters",
                    shown(other)
                );
                return Err(error(&at("Effect"), &what));
            }
        },
    };
    Ok(Statement {
        sid,
        effect,
        actions: patterns(object, "Action", "NotAction", path)?,
        resources: patterns(object, "Resource", "NotResource", path)?,
        conditions: match object.get("Condition") {
            None => Vec::new(),
            Some(value) => conditions(value, &at("Condition"))?,
        },
    })
}

/// Refuses elements that there are not, and says what a resource policy is.
fn known_elements(object: &Map<String, Value>, known: &[&str], path: &str) -> Read<()> {
    for name in object.keys() {
        if known.contains(&name.as_str()) {
            continue;
        }
        let place = match path {
            "" => shown(name),
            path => format!("{path}.{}", shown(name)),
        };
        let what = if name == "Principal" || name == "NotPrincipal" {
            "this is the policy of a resource, or says who may assume a role; the policies of users, groups and \
             roles have no principal"
                .to_owned()
        } else {
            match known.iter().find(|known| is_near(known, name)) {
                Some(near) => format!("there is no such element; is it {near}?"),
                None => "there is no such element".to_owned(),
            }
        };
        return Err(error(&place, &what));
    }
    Ok(())
}

fn is_near(known: &str, name: &str) -> bool {
    known.eq_ignore_ascii_case(name)
        || known.eq_ignore_ascii_case(name.trim_end_matches('s'))
        || (name.len() < 32 && strsim::damerau_levenshtein(known, name) <= 2)
}

fn patterns(
    object: &Map<String, Value>,
    positive: &str,
    negative: &str,
    path: &str,
) -> Read<Patterns> {
    let read = |name: &str, value: &Value| {
        texts(value, &format!("{path}.{name}"), |value, path| {
            text(value, path).map(str::to_owned)
        })
    };
    match (object.get(positive), object.get(negative)) {
        (Some(value), None) => Ok(Patterns::Any(read(positive, value)?)),
        (None, Some(value)) => Ok(Patterns::NoneOf(read(negative, value)?)),
        (None, None) => {
            let what = format!("missing: it takes {positive} or {negative}");
            Err(error(&format!("{path}.{positive}"), &what))
        }
        (Some(_), Some(_)) => {
            let what = format!("there is {positive} too, and only one of the two may be there");
            Err(error(&format!("{path}.{negative}"), &what))
        }
    }
}

fn conditions(value: &Value, path: &str) -> Read<Vec<Condition>> {
    let operators = value
        .as_object()
        .ok_or_else(|| wrong(path, "an object", value))?;
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let path = format!("{path}.{}", shown(operator));
        let keys = keys
            .as_object()
            .ok_or_else(|| wrong(&path, "an object of keys", keys))?;
        for (key, values) in keys {
            conditions.push(Condition {
                operator: operator.clone(),
                key: key.clone(),
                values: texts(values, &format!("{path}.{}", shown(key)), scalar)?,
            });
        }
    }
    Ok(conditions)
}

/// One value or a list of them.
fn texts(
    value: &Value,
    path: &str,
    one: impl Fn(&Value, &str) -> Read<String>,
) -> Read<Vec<String>> {
    match value {
        Value::Array(values) => values
            .iter()
            .enumerate()
            .map(|(index, value)| one(value, &format!("{path}[{index}]")))
            .collect(),
        value => Ok(vec![one(value, path)?]),
    }
}

fn text<'v>(value: &'v Value, path: &str) -> Read<&'v str> {
    value.as_str().ok_or_else(|| wrong(path, "a text", value))
}

fn scalar(value: &Value, path: &str) -> Read<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(wrong(path, "a text, a number or true or false", value)),
    }
}

fn wrong(path: &str, wanted: &str, value: &Value) -> DocumentError {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    error(path, &format!("this is {is}, and has to be {wanted}"))
}

/// What stands in the document, fit for a message: without control characters, and not too long.
fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown.escape_debug().to_string()
}

fn error(path: &str, what: &str) -> DocumentError {
    DocumentError::NotAPolicy {
        path: path.to_owned(),
        what: what.to_owned(),
    }
}
