//! SARIF, whoever has it written, is what its schema says.

use daypass::sarif::{FilePlace, Finding, Level, Rule, Thing, render};
use serde_json::{Value, json};

use crate::support::complaints_about_sarif;

fn log() -> String {
    let rule = |id: &str, level, security_severity| Rule {
        id: id.into(),
        title: "Nobody has MFA".into(),
        description: "Whoever has a stolen key needs nothing else.".into(),
        help: "Enrol a device: daypass enroll".into(),
        level,
        security_severity,
        tags: vec!["security".into(), "CIS 1.10".into()],
    };
    let rules = [
        rule("no-mfa", Level::Error, Some(8.0)),
        rule("old-key", Level::Note, None),
    ];
    let finding = |rule: &str, file, thing| Finding {
        rule: rule.into(),
        level: Level::Warning,
        message: "ada\nhas \"none\"".into(),
        file,
        thing,
        identity: "user/ada".into(),
        properties: [("callers".to_owned(), json!(["long-term key"]))]
            .into_iter()
            .collect(),
    };
    let file = |line| FilePlace {
        path: "a b/policy#1.tf".into(),
        line,
    };
    let thing = || Thing {
        name: "arn:aws:iam::123456789012:user/ada".into(),
        kind: "user".into(),
    };
    let findings = [
        finding("no-mfa", Some(file(Some(3))), Some(thing())),
        finding("no-mfa", Some(file(None)), None),
        finding("old-key", None, Some(thing())),
        finding("old-key", None, None),
    ];
    render("policy", &rules, &findings, &[])
}

#[test]
fn every_kind_of_place_is_as_the_schema_says() {
    assert_eq!(complaints_about_sarif(&log()).unwrap_or_default(), "");
    let nothing = render("policy", &[], &[], &[]);
    assert_eq!(complaints_about_sarif(&nothing).unwrap_or_default(), "");
}

#[test]
fn the_schema_finds_what_is_wrong() {
    let mut log: Value = serde_json::from_str(&log()).expect("JSON");
    log["runs"][0]["results"][0]["level"] = "dreadful".into();
    if let Some(complaints) = complaints_about_sarif(&log.to_string()) {
        assert!(
            complaints.contains("runs/0/results/0/level"),
            "{complaints}"
        );
    }
}
