//! What policies enforce.

use std::fs;

use crate::support::{Home, Invocation, Pty, Run, assert_report, complaints_about_sarif};

const ALLOW_ALL: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

const SECOND_ALLOW: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "WithMFA",
      "Effect": "Allow",
      "Action": "ec2:*",
      "Resource": "*",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    },
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
  ]
}"#;

/// A home with the policy that daypass writes, and others.
fn home() -> Home {
    let home = Home::new();
    let mfa = home.daypass(["policy", "show"]).run().stdout;
    for (name, text) in [
        ("mfa.json", mfa.as_str()),
        ("all.json", ALLOW_ALL),
        ("second.json", SECOND_ALLOW),
    ] {
        fs::write(home.path(name), text).expect("a policy");
    }
    home
}

fn check<'h>(home: &'h Home, arguments: &[&str]) -> Invocation<'h> {
    let words: Vec<&str> = ["policy", "check"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    // Neither a home nor a network is needed.
    home.daypass(words)
        .without("HOME")
        .without("AWS_ENDPOINT_URL")
}

fn checked(home: &Home, arguments: &[&str]) -> Run {
    check(home, arguments).run()
}

#[test]
fn the_policies_that_daypass_writes_are_enforced_in_every_form() {
    let home = home();
    for kind in ["strict", "self-service"] {
        for (format, file) in [
            ("json", "p.json"),
            ("terraform", "p.tf"),
            ("cloudformation", "p.yaml"),
        ] {
            for (age, partition) in [("8h", "aws"), ("15m", "aws-cn"), ("36h", "aws-us-gov")] {
                let show = [
                    "policy",
                    "show",
                    "--kind",
                    kind,
                    "--format",
                    format,
                    "--max-age",
                    age,
                    "--partition",
                    partition,
                ];
                fs::write(home.path(file), home.daypass(show).run().stdout).expect("a file");
                let run = checked(&home, &[file, "--max-age", age]);
                assert_eq!(run.exit, 0, "{}", run.report());
                assert!(run.stdout.starts_with("enforced: "), "{}", run.report());
                assert!(!run.stdout.contains("mistake"), "{}", run.report());
                assert_eq!(run.stderr, "");
            }
        }
    }
}

#[test]
fn a_policy_that_leaves_something_open_is_told_with_the_statement() {
    let home = home();
    assert_report!(checked(&home, &["second.json"]).report(), @"");
}

#[test]
fn an_age_that_is_not_enforced_within_what_is_intended_fails() {
    let home = home();
    assert_eq!(checked(&home, &["mfa.json", "--max-age", "8h"]).exit, 0);
    assert_eq!(checked(&home, &["mfa.json", "--max-age", "9h"]).exit, 0);
    assert_eq!(checked(&home, &["mfa.json"]).exit, 0);
    assert_report!(checked(&home, &["mfa.json", "--max-age", "7h"]).report(), @"");
    let no_limit = ALLOW_ALL.replace(
        r#""Resource": "*""#,
        r#""Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#,
    );
    fs::write(home.path("no-limit.json"), no_limit).expect("a policy");
    assert_eq!(checked(&home, &["no-limit.json"]).exit, 0);
    assert_report!(checked(&home, &["no-limit.json", "--max-age", "8h"]).report(), @"");
}

#[test]
fn several_files_are_one_users_policies_and_stdin_is_one_of_them() {
    let home = home();
    let run = check(&home, &["mfa.json", "-"]).run_with_stdin(ALLOW_ALL);
    assert_report!(run.report(), @"");
    let alone = check(&home, &["-"]).run_with_stdin(ALLOW_ALL);
    assert_eq!(alone.exit, 10, "{}", alone.report());
    assert_report!(checked(&home, &["-", "-"]).report(), @"");
}

#[test]
fn a_directory_is_a_module_of_terraform() {
    let home = home();
    fs::create_dir(home.path("module")).expect("a directory");
    assert_report!(checked(&home, &["module"]).report(), @"");
    let terraform = home
        .daypass(["policy", "show", "--format", "terraform"])
        .run()
        .stdout;
    let (document, rest) = terraform
        .split_once("resource \"aws_iam_policy\"")
        .expect("two parts");
    let rest = format!("resource \"aws_iam_policy\"{rest}");
    fs::write(home.path("module/document.tf"), document).expect("a file");
    fs::write(home.path("module/group.tf"), rest).expect("a file");
    fs::write(home.path("module/README.md"), "no policy").expect("a file");
    assert_report!(checked(&home, &["module"]).report(), @"");
}

#[test]
fn programs_get_json_with_a_version() {
    let home = home();
    let run = checked(
        &home,
        &["second.json", "--format", "json", "--max-age", "8h"],
    );
    assert_report!(run.report(), @"");
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
fn what_cannot_be_read_is_told_with_file_and_place() {
    let home = home();
    for (name, text) in [
        ("empty.json", ""),
        (
            "broken.json",
            "{\n  \"Version\": \"2012-10-17\",\n  oops\n}",
        ),
        (
            "action.json",
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Actions": "*"}]}"#,
        ),
        ("words.txt", "nothing that is a policy\n"),
        ("broken.tf", "resource \"aws_iam_group\" {\n"),
    ] {
        fs::write(home.path(name), text).expect("a file");
    }
    fs::write(home.path("bytes.json"), b"\xff\xfe{").expect("a file");
    let mut told = String::new();
    for name in [
        "missing.json",
        "empty.json",
        "broken.json",
        "action.json",
        "words.txt",
        "broken.tf",
        "bytes.json",
    ] {
        told += &format!("$ {name}\n{}", checked(&home, &[name]).report());
    }
    assert_report!(told, @"");
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let home = home();
    let started = std::time::Instant::now();
    let run = checked(&home, &["/dev/zero"]);
    assert_report!(run.report(), @"");
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn no_file_means_wrong_usage() {
    let home = home();
    assert_report!(checked(&home, &[]).report(), @"");
    assert_eq!(checked(&home, &["mfa.json", "--max-age", "1m"]).exit, 2);
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
