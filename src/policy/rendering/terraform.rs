//! A policy as a module of Terraform's.

use super::{GROUP_NAME, POLICY_NAME, Wanted, comment, quoted};
use crate::policy::{
    document::{Condition, Effect, Patterns},
    templates::Explained,
};

pub(super) fn render(wanted: &Wanted<'_>) -> String {
    let mut text = wanted.heading();
    text += "\ndata \"aws_iam_policy_document\" \"mfa\" {\n";
    let statements: Vec<String> = wanted.statements().iter().map(statement).collect();
    text += &statements.join("\n");
    text += &format!(
        r#"}}

resource "aws_iam_policy" "mfa" {{
  name   = "{POLICY_NAME}"
  policy = data.aws_iam_policy_document.mfa.json
}}

resource "aws_iam_group" "mfa" {{
  name = "{GROUP_NAME}"
}}

resource "aws_iam_group_policy_attachment" "mfa" {{
  group      = aws_iam_group.mfa.name
  policy_arn = aws_iam_policy.mfa.arn
}}
"#
    );
    text
}

fn statement(explained: &Explained) -> String {
    let statement = &explained.statement;
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let (actions, action_list) = patterns("actions", &statement.actions);
    let (resources, resource_list) = patterns("resources", &statement.resources);
    let mut settings = vec![("effect", quoted(effect))];
    if let Some(sid) = &statement.sid {
        settings.insert(0, ("sid", quoted(sid)));
    }
    settings.push((actions, list(action_list)));
    settings.push((resources, list(resource_list)));
    let mut text = comment("  ", &explained.why);
    text += &format!("  statement {{\n{}", aligned("    ", &settings));
    for condition in &statement.conditions {
        text += &format!(
            "\n    condition {{\n{}    }}\n",
            condition_settings(condition)
        );
    }
    text + "  }\n"
}

fn condition_settings(condition: &Condition) -> String {
    let values = condition.values.iter().map(|value| escaped(value));
    let values: Vec<String> = values.collect();
    aligned(
        "      ",
        &[
            ("test", quoted(&condition.operator)),
            ("variable", quoted(&condition.key)),
            ("values", format!("[{}]", values.join(", "))),
        ],
    )
}

/// Settings with their equals signs below each other, as `terraform fmt` has them: those whose values take
/// several lines stand apart.
fn aligned(indent: &str, settings: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = settings;
    while !rest.is_empty() {
        let run = rest
            .iter()
            .take_while(|(_, value)| !value.contains('\n'))
            .count();
        let (block, more) = rest.split_at(run.max(1));
        let width = block.iter().map(|(name, _)| name.len()).max();
        let width = width.unwrap_or(0);
        for (name, value) in block {
            let value = value.replace('\n', &format!("\n{indent}"));
            text += &format!("{indent}{name:width$} = {value}\n");
        }
        rest = more;
    }
    text
}

fn patterns<'a>(name: &'static str, patterns: &'a Patterns) -> (&'static str, &'a [String]) {
    match (name, patterns) {
        ("actions", Patterns::NoneOf(texts)) => ("not_actions", texts),
        (_, Patterns::NoneOf(texts)) => ("not_resources", texts),
        (name, Patterns::Any(texts)) => (name, texts),
    }
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
    match texts.as_slice() {
        [one] => format!("[{one}]"),
        several => {
            let lines: String = several.iter().map(|text| format!("  {text},\n")).collect();
            format!("[\n{lines}]")
        }
    }
}

/// Terraform takes `${` for the beginning of a value of its own; this data source makes `${` of `&{`.
fn escaped(text: &str) -> String {
    quoted(text).replace("${", "&{")
}
