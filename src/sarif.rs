//! Findings as SARIF 2.1.0, the format that code hosts and scanners read.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0; the properties that begin
//! with `security-` and the fingerprints are as GitHub's code scanning reads them.

use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::terminal::{self, printable};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// For information.
    Note,
    /// May do harm.
    Warning,
    /// Does harm.
    Error,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// A name that stays the same for ever, such as `policy-not-enforced`.
    pub id: String,
    /// What a finding says, in a few words.
    pub title: String,
    /// What it means, in a sentence or more.
    pub description: String,
    /// What to do about it.
    pub help: String,
    /// How bad its findings are unless they say otherwise.
    pub level: Level,
    /// How bad that is for security, from 0.0 to 10.0, as CVSS counts.
    pub security_severity: Option<f32>,
    /// Words to filter by, such as the section of a benchmark.
    pub tags: Vec<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The [`Rule::id`].
    pub rule: String,
    /// How bad it is.
    pub level: Level,
    /// What was found, in sentences.
    pub message: String,
    /// The file that it is in, as the user named it.
    pub file: Option<FilePlace>,
    /// The thing that it is about.
    pub thing: Option<Thing>,
    /// What makes it the same finding in the next run, whatever line it has moved to: the digest of this is
    /// its fingerprint.
    pub identity: String,
    /// Further facts, for programs.
    pub properties: Map<String, Value>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The path, relative or absolute.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// Something that is no file, such as a user of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its whole name, such as an ARN.
    pub name: String,
    /// What it is, such as `user`.
    pub kind: String,
}

/// Something that a run has to tell besides its findings, such as what it could not look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The [`Rule::id`] that it is about.
    pub rule: Option<String>,
    /// How bad it is.
    pub level: Level,
    /// What there is to tell, in a sentence.
    pub text: String,
}

/// Renders the findings of a run that has come to its end.
///
/// `category` tells the runs of one tool apart, such as `policy`: a code host replaces the findings of an
/// earlier run of the same category.
pub fn render(
    category: &str,
    rules: &[Rule],
    findings: &[Finding],
    notifications: &[Notification],
) -> String {
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(finding, rules))
        .collect();
    let mut log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "daypass",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(descriptor).collect::<Vec<_>>(),
            }},
            // What stands between slashes is a category; the last part would be the number of a run.
            "automationDetails": {"id": format!("daypass/{category}/")},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    if !notifications.is_empty() {
        let told: Vec<Value> = notifications.iter().map(notification).collect();
        log["runs"][0]["invocations"] =
            json!([{"executionSuccessful": true, "toolExecutionNotifications": told}]);
    }
    terminal::json(&log)
}

fn notification(notification: &Notification) -> Value {
    let mut object = json!({
        "level": notification.level.word(),
        "message": {"text": printable(&notification.text)},
    });
    if let Some(rule) = &notification.rule {
        object["associatedRule"] = json!({"id": rule});
    }
    object
}

fn descriptor(rule: &Rule) -> Value {
    let mut properties = Map::new();
    if let Some(severity) = rule.security_severity {
        let text = format!("{:.1}", severity.clamp(0.0, 10.0));
        properties.insert("security-severity".into(), text.into());
    }
    if !rule.tags.is_empty() {
        properties.insert("tags".into(), json!(rule.tags));
    }
    let mut object = json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": rule.level.word()},
    });
    if !properties.is_empty() {
        object["properties"] = properties.into();
    }
    object
}

fn result(finding: &Finding, rules: &[Rule]) -> Value {
    let mut object = json!({
        "ruleId": finding.rule,
        "level": finding.level.word(),
        "message": {"text": printable(&finding.message)},
        "partialFingerprints": {"daypassFinding/v1": fingerprint(finding)},
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == finding.rule) {
        object["ruleIndex"] = index.into();
    }
    let mut location = Map::new();
    if let Some(file) = &finding.file {
        let mut place = json!({"artifactLocation": {"uri": uri_reference(&file.path)}});
        if let Some(line) = file.line {
            place["region"] = json!({"startLine": line.max(1)});
        }
        location.insert("physicalLocation".into(), place);
    }
    if let Some(thing) = &finding.thing {
        let name = printable(&thing.name);
        let logical = json!([{"fullyQualifiedName": name, "kind": thing.kind}]);
        location.insert("logicalLocations".into(), logical);
    }
    if !location.is_empty() {
        object["locations"] = json!([location]);
    }
    if !finding.properties.is_empty() {
        object["properties"] = finding.properties.clone().into();
    }
    object
}

/// Half a SHA-256 of the rule and of what makes the finding the same in the next run.
fn fingerprint(finding: &Finding) -> String {
    let digest = Sha256::digest(format!("{}\0{}", finding.rule, finding.identity));
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The path as RFC 3986 writes it: relative to wherever the reader has the files, or with `file:` before it.
fn uri_reference(path: &str) -> String {
    // On Windows alone, `\` stands between the parts of a path.
    let path = match std::path::MAIN_SEPARATOR {
        '\\' => path.replace('\\', "/"),
        _ => path.to_owned(),
    };
    let is_absolute = Path::new(&path).is_absolute();
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            // `:` is left out: in the first part of a relative path it would be the end of a scheme.
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(byte));
            }
            other => text += &format!("%{other:02X}"),
        }
    }
    match (is_absolute, text.starts_with('/')) {
        (true, true) => format!("file://{text}"),
        (true, false) => format!("file:///{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        Finding {
            rule: "b".into(),
            level: Level::Error,
            message: "a \x1b[31mred\x1b[0m one".into(),
            file: Some(FilePlace {
                path: "a b/é:1.tf".into(),
                line: Some(7),
            }),
            thing: None,
            identity: "group devs".into(),
            properties: Map::new(),
        }
    }

    fn rule(id: &str) -> Rule {
        Rule {
            id: id.into(),
            title: "a title".into(),
            description: "a description".into(),
            help: "some help".into(),
            level: Level::Warning,
            security_severity: Some(7.25),
            tags: Vec::new(),
        }
    }

    fn first_result(finding: Finding) -> Value {
        let log = render("policy", &[rule("a"), rule("b")], &[finding], &[]);
        let log: Value = serde_json::from_str(&log).unwrap();
        log["runs"][0]["results"][0].clone()
    }

    #[test]
    fn a_path_is_a_reference_that_any_reader_of_addresses_takes() {
        for (path, expected) in [
            ("policies/mfa.json", "policies/mfa.json"),
            ("./a b/é:1.tf", "a%20b/%C3%A9%3A1.tf"),
            ("100%.json", "100%25.json"),
            ("/tmp/a#b?c", "file:///tmp/a%23b%3Fc"),
            ("../up.json", "../up.json"),
        ] {
            assert_eq!(uri_reference(path), expected);
            let base = url::Url::parse("file:///base/").unwrap();
            assert!(base.join(expected).is_ok(), "{expected}");
        }
    }

    #[test]
    fn a_finding_names_its_rule_and_its_place_and_nothing_that_a_terminal_obeys() {
        let result = first_result(finding());
        assert_eq!(result["ruleIndex"], 1);
        assert_eq!(result["message"]["text"], "a  [31mred [0m one");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A9%3A1.tf");
        assert_eq!(place["region"]["startLine"], 7);
    }

    #[test]
    fn a_finding_that_moved_to_another_line_is_still_the_same() {
        let print = |finding| first_result(finding)["partialFingerprints"].clone();
        let moved = Finding {
            message: "told otherwise".into(),
            file: None,
            ..finding()
        };
        let other = Finding {
            identity: "group admins".into(),
            ..finding()
        };
        assert_eq!(print(finding()), print(moved));
        assert_ne!(print(finding()), print(other));
    }

    #[test]
    fn a_severity_is_the_text_of_a_number_with_one_digit() {
        let descriptor = descriptor(&rule("a"));
        assert_eq!(descriptor["properties"]["security-severity"], "7.2");
    }
}
