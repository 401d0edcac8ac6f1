//! A policy as a template of CloudFormation's.

use super::{GROUP_NAME, POLICY_NAME, Wanted, comment, quoted};
use crate::policy::{
    document::{Condition, Effect, Patterns},
    templates::Explained,
};

pub(super) fn render(wanted: &Wanted<'_>) -> String {
    let mut text = wanted.heading();
    text += &format!(
        r#"#
# aws cloudformation deploy --template-file FILE --stack-name mfa
#     --capabilities CAPABILITY_NAMED_IAM

AWSTemplateFormatVersion: "2010-09-09"

Resources:
  Group:
    Type: AWS::IAM::Group
    Properties:
      GroupName: {GROUP_NAME}

  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: {POLICY_NAME}
      Groups:
        - !Ref Group
      PolicyDocument:
        Version: {}
        Statement:
"#,
        quoted(wanted.version())
    );
    let statements: Vec<String> = wanted.statements().iter().map(statement).collect();
    text + &statements.join("\n")
}

fn statement(explained: &Explained) -> String {
    let statement = &explained.statement;
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let mut lines = Vec::new();
    if let Some(sid) = &statement.sid {
        lines.push(format!("Sid: {}", scalar(sid)));
    }
    lines.push(format!("Effect: {effect}"));
    lines.extend(patterns("Action", &statement.actions));
    lines.extend(patterns("Resource", &statement.resources));
    if !statement.conditions.is_empty() {
        lines.push("Condition:".to_owned());
        lines.extend(statement.conditions.iter().flat_map(condition));
    }
    let mut text = comment("          ", &explained.why);
    for (at, line) in lines.iter().enumerate() {
        let bullet = if at == 0 { "- " } else { "  " };
        text += &format!("          {bullet}{line}\n");
    }
    text
}

fn condition(condition: &Condition) -> Vec<String> {
    let mut lines = vec![format!("  {}:", scalar(&condition.operator))];
    let values = one_or_several(&condition.key, &condition.values);
    lines.extend(values.into_iter().map(|line| format!("    {line}")));
    lines
}

fn patterns(name: &str, patterns: &Patterns) -> Vec<String> {
    match patterns {
        Patterns::Any(texts) => one_or_several(name, texts),
        Patterns::NoneOf(texts) => one_or_several(&format!("Not{name}"), texts),
    }
}

fn one_or_several(name: &str, texts: &[String]) -> Vec<String> {
    let name = scalar(name);
    match texts {
        [one] => vec![format!("{name}: {}", scalar(one))],
        several => {
            let items = several.iter().map(|text| format!("  - {}", scalar(text)));
            std::iter::once(format!("{name}:")).chain(items).collect()
        }
    }
}

/// What YAML 1.1 takes for something else than a text, in whatever letters.
const NOT_TEXTS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// A text that YAML takes for nothing else, between quotes where it might.
fn scalar(text: &str) -> String {
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // With a colon in it, it is not `true`, and no number either if it begins with a letter.
    let is_plain = match text.split_once(':') {
        Some((service, action)) => {
            text.starts_with(|first: char| first.is_ascii_alphabetic())
                && is_word(service)
                && is_word(action)
        }
        None => {
            is_word(text)
                && text.starts_with(|first: char| first.is_ascii_alphabetic())
                && !NOT_TEXTS.contains(&text.to_ascii_lowercase().as_str())
        }
    };
    if is_plain {
        text.to_owned()
    } else {
        quoted(text)
    }
}
