//! A document as JSON, in the order in which AWS writes its own.

use serde_json::Value;

use super::quoted;

/// The elements of a document and of a statement. The keys of conditions follow, by their names.
const ORDER: [&str; 9] = [
    "Version",
    "Statement",
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Renders a document, or a part of one.
pub(super) fn render(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(object) => {
            let mut members: Vec<(&String, &Value)> = object.iter().collect();
            members.sort_by_key(|(name, _)| ORDER.iter().position(|known| known == name));
            let members = members.into_iter().map(|(name, value)| (Some(name), value));
            write_between(['{', '}'], members.collect(), depth, text);
        }
        Value::Array(values) => {
            let members = values.iter().map(|value| (None, value));
            write_between(['[', ']'], members.collect(), depth, text);
        }
        plain => *text += &plain.to_string(),
    }
}

fn write_between(
    [open, close]: [char; 2],
    members: Vec<(Option<&String>, &Value)>,
    depth: usize,
    text: &mut String,
) {
    let indent = |depth: usize| "  ".repeat(depth);
    text.push(open);
    for (at, (name, value)) in members.iter().enumerate() {
        *text += if at == 0 { "\n" } else { ",\n" };
        *text += &indent(depth + 1);
        if let Some(name) = name {
            *text += &format!("{}: ", quoted(name));
        }
        write(value, depth + 1, text);
    }
    if !members.is_empty() {
        *text += &format!("\n{}", indent(depth));
    }
    text.push(close);
}
