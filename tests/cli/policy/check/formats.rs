//! What programs, code hosts and terminals get of it.

use std::{collections::BTreeSet, fs};

use super::{SECOND_ALLOW, check, checked, home};
use crate::support::{Pty, Run, assert_report, complaints_about_sarif};

#[test]
fn programs_get_json_with_a_version() {
    let home = home();
    let run = checked(
        &home,
        &["second.json", "--format", "json", "--max-age", "8h"],
    );
    assert_report!(run.report(), @r#"
    exit 10
    --- stdout
    {
      "enforced": false,
      "intended_max_age_seconds": 28800,
      "notes": [],
      "principals": [
        {
          "age_limit_seconds": null,
          "basis": "own",
          "boundary": null,
          "callers": [
            {
              "caller": "long-term-key",
              "mfa_age_seconds": null,
              "possible": "something",
              "witnesses": [
                {
                  "action": "s3:*",
                  "allowed_by": {
                    "index": 1,
                    "policy": "second.json",
                    "sid": null
                  },
                  "enrolment": false,
                  "only_if": [],
                  "resource": "*"
                }
              ]
            },
            {
              "caller": "session-without-mfa",
              "mfa_age_seconds": null,
              "possible": "something",
              "witnesses": [
                {
                  "action": "s3:*",
                  "allowed_by": {
                    "index": 1,
                    "policy": "second.json",
                    "sid": null
                  },
                  "enrolment": false,
                  "only_if": [],
                  "resource": "*"
                }
              ]
            },
            {
              "caller": "console-without-mfa",
              "mfa_age_seconds": null,
              "possible": "something",
              "witnesses": [
                {
                  "action": "s3:*",
                  "allowed_by": {
                    "index": 1,
                    "policy": "second.json",
                    "sid": null
                  },
                  "enrolment": false,
                  "only_if": [],
                  "resource": "*"
                }
              ]
            },
            {
              "caller": "with-mfa",
              "mfa_age_seconds": 0,
              "possible": "something",
              "witnesses": [
                {
                  "action": "ec2:*",
                  "allowed_by": {
                    "index": 0,
                    "policy": "second.json",
                    "sid": "WithMFA"
                  },
                  "enrolment": false,
                  "only_if": [],
                  "resource": "*"
                },
                {
                  "action": "s3:*",
                  "allowed_by": {
                    "index": 1,
                    "policy": "second.json",
                    "sid": null
                  },
                  "enrolment": false,
                  "only_if": [],
                  "resource": "*"
                }
              ]
            }
          ],
          "kind": "policies",
          "mistakes": [
            {
              "fix": "Add the other statement's condition to this one, or deny everything without MFA in a statement of its own, which covers whatever is allowed later.",
              "kind": "allow-without-condition",
              "statement": {
                "index": 1,
                "policy": "second.json",
                "sid": null
              },
              "what": "This Allow asks for no MFA, while another one does: without MFA one can do s3:* on *."
            },
            {
              "fix": "Add a Deny statement with the condition \"NumericGreaterThan\": {\"aws:MultiFactorAuthAge\": \"28800\"}.",
              "kind": "no-age-limit",
              "statement": null,
              "what": "Nothing limits the age of MFA: a session can be used until it expires, up to 36 h, where 8 h is intended."
            }
          ],
          "name": "second.json",
          "policies": [
            {
              "file": "second.json",
              "line": 1,
              "name": "second.json"
            }
          ],
          "unknown_policies": [],
          "verdict": "partly"
        }
      ],
      "version": 1
    }
    "#);
}

#[test]
fn code_hosts_get_sarif_with_the_line_of_the_policy() {
    let home = home();
    let terraform = "resource \"aws_iam_group\" \"devs\" {\n  name = \"devs\"\n}\n\n\
        resource \"aws_iam_group_policy\" \"all\" {\n  group = aws_iam_group.devs.name\n  \
        policy = jsonencode({ Version = \"2012-10-17\", Statement = [\n    \
        { Effect = \"Allow\", Action = \"*\", Resource = \"*\" } ] })\n}\n";
    fs::write(home.path("main.tf"), terraform).expect("a file");
    for file in ["main.tf", "second.json", "mfa.json"] {
        let run = checked(&home, &[file, "--format", "sarif", "--max-age", "1h"]);
        let complaints = complaints_about_sarif(&run.stdout).unwrap_or_default();
        assert_eq!(complaints, "", "{}", run.report());
    }
    let run = checked(&home, &["main.tf", "--format", "sarif"]);
    assert_eq!(run.exit, 10);
    let log = run.json();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "mfa-not-enforced");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "main.tf");
    assert_eq!(place["region"]["startLine"], 5);
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules");
    for result in log["runs"][0]["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("a rule");
        let index = usize::try_from(index).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn every_misspelt_word_of_a_statement_is_a_finding_of_its_own() {
    let home = home();
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"BoolIfExist": {"aws:MultiFactorAuthPresence": "false"}}}]}"#;
    fs::write(home.path("two.json"), policy).expect("a file");
    let run = checked(&home, &["two.json", "--format", "sarif"]);
    assert_eq!(run.exit, 10, "{}", run.report());
    let log = run.json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let prints: BTreeSet<String> = results
        .iter()
        .map(|result| result["partialFingerprints"].to_string())
        .collect();
    assert_eq!((results.len(), prints.len()), (3, 3), "{}", run.report());
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let home = home();
    let coloured = |run: Run| run.stdout.contains('\x1b');
    assert!(!coloured(checked(&home, &["second.json"])));
    assert!(coloured(checked(
        &home,
        &["second.json", "--color", "always"]
    )));
    let mut terminal = Pty::start(&check(&home, &["second.json"]));
    terminal.expect("\x1b[33mpartly enforced:");
    terminal.finish();
    let mut terminal = Pty::start(&check(&home, &["second.json"]).env("NO_COLOR", "1"));
    terminal.expect("partly enforced: second.json");
    terminal.finish();
}

#[test]
fn no_file_and_no_policy_can_play_tricks_with_the_terminal() {
    let home = home();
    let name = "a\x1b]0;title\x07\u{202e}.json";
    let sid = SECOND_ALLOW.replace("WithMFA", "\\u001b[2J\\u0007");
    fs::write(home.path(name), sid).expect("a file");
    let missing = format!("{name}-not");
    for arguments in [vec![name], vec![missing.as_str()]] {
        let run = checked(&home, &arguments);
        let text = run.stdout.clone() + &run.stderr;
        assert!(!text.contains(['\x1b', '\x07', '\u{202e}']), "{text:?}");
    }
    for format in ["json", "sarif"] {
        let run = checked(&home, &[name, "--format", format]);
        assert!(!run.stdout.contains(['\x1b', '\x07']), "{}", run.stdout);
    }
}
