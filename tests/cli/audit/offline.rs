//! From files alone, and from a part of them.

use super::*;

#[test]
fn files_are_enough_and_nothing_is_asked_of_aws() {
    let home = Home::new();
    write(&home, &company());
    let run = audit(&home, &["--format", "json"]);
    assert_eq!(run.exit, 10, "{}", run.report());
    assert_eq!(
        found(&run),
        [
            "console-without-mfa user/bob",
            "key-without-mfa user/deploy/key/1",
            "group-without-mfa group/machines",
            "locked-out user/bob",
            "old-key user/deploy/key/1",
        ]
    );
    let json = run.json();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["accounts"][0]["account"], ACCOUNT);
    let groups = &json["accounts"][0]["groups"];
    assert_eq!(groups[0]["verdict"], "enforced");
    assert_eq!(groups[0]["age_limit_seconds"], 28_800);
    assert_eq!(groups[1]["verdict"], "not-enforced");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn no_profile_is_needed_for_files() {
    let home = Home::new();
    write(&home, &company());
    home.write_config("");
    home.write_credentials("");
    let run = audit(&home, &["--fail-on", "none"]);
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
}

#[test]
fn a_credential_report_alone_gives_what_it_can_and_says_what_it_cannot() {
    let home = Home::new();
    write(&home, &company());
    let words = [
        "audit",
        "--credential-report",
        "report.csv",
        "--format",
        "json",
    ];
    let run = home.daypass(words).run();
    assert_eq!(
        found(&run),
        ["console-without-mfa user/bob", "old-key user/deploy/key/1"]
    );
    for (id, expected) in [
        ("root-mfa", "passed"),
        ("console-without-mfa", "found"),
        ("key-without-mfa", "not-checked"),
        ("group-without-mfa", "not-checked"),
        ("single-device", "not-checked"),
        ("unused-key", "passed"),
    ] {
        assert_eq!(status(&run, id), expected, "{id}");
    }
}

#[test]
fn authorization_details_alone_give_what_they_can_and_say_what_they_cannot() {
    let home = Home::new();
    write(&home, &company());
    let words = [
        "audit",
        "--authorization-details",
        "details.json",
        "--format",
        "json",
    ];
    let run = home.daypass(words).run();
    assert_eq!(found(&run), ["group-without-mfa group/machines"]);
    for (id, expected) in [
        ("root-mfa", "not-checked"),
        ("key-without-mfa", "not-checked"),
        ("age-limit", "passed"),
    ] {
        assert_eq!(status(&run, id), expected, "{id}");
    }
}

#[test]
fn pages_may_be_in_several_files() {
    let home = Home::new();
    let (report, _) = company();
    let page = |users: &[Value], groups: &[Value], is_truncated: bool| {
        let text = details(users, groups);
        text.replacen('{', &format!("{{\"IsTruncated\": {is_truncated},"), 1)
    };
    let first = page(&[user("ada", &["machines"])], &[], true);
    let second = page(
        &[user("bob", &[]), user("deploy", &[])],
        &[group("machines", allow_all())],
        false,
    );
    write(&home, &(report, first));
    fs::write(home.path("second.json"), second).expect("a page");
    let run = audit(
        &home,
        &["--authorization-details", "second.json", "--format", "json"],
    );
    assert!(found(&run).contains(&"key-without-mfa user/ada/key/1".to_owned()));
    assert_eq!(status(&run, "age-limit"), "passed");
    // Without its last page an account is not known to be in order.
    let run = audit(&home, &["--format", "json"]);
    assert_eq!(status(&run, "age-limit"), "not-checked");
}

#[test]
fn the_exit_code_is_that_of_the_worst_finding_and_the_limit() {
    let home = Home::new();
    let old_key = Line {
        mfa: true,
        key: Some((91, Some(1))),
        ..Line::default()
    };
    let root = Line {
        mfa: true,
        ..Line::default()
    };
    let developers = group(
        "developers",
        json!([allow_all(), enforcing()[0], enforcing()[1]]),
    );
    write(
        &home,
        &(
            report(&[(ROOT, root), ("ada", old_key)]),
            details(&[user("ada", &["developers"])], &[developers]),
        ),
    );
    for (limit, exit) in [
        ("none", 0),
        ("low", 10),
        ("medium", 10),
        ("high", 0),
        ("critical", 0),
    ] {
        let run = audit(&home, &["--fail-on", limit]);
        assert_eq!(run.exit, exit, "{limit}: {}", run.report());
    }
    assert_eq!(audit(&home, &[]).exit, 0);
}

#[test]
fn a_longer_age_limit_may_be_what_is_wanted() {
    let home = Home::new();
    let (report, details) = company();
    write(&home, &(report, details.replace("28800", "43200")));
    let is_found = |run: Run| found(&run).contains(&"age-limit group/developers".to_owned());
    assert!(is_found(audit(&home, &["--format", "json"])));
    assert!(!is_found(audit(
        &home,
        &["--format", "json", "--max-age", "12h"]
    )));
}

#[test]
fn files_of_two_accounts_are_not_joined() {
    let home = Home::new();
    let (report, details) = company();
    write(&home, &(report, details.replace(ACCOUNT, "210987654321")));
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: the files are of different accounts, 123456789012 and 210987654321
      hint: audit one account at a time
    ");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let home = Home::new();
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read report.csv
      caused by: No such file or directory (os error 2)
      hint: ls -l report.csv
    ");
}

/// What nobody has looked for is not none.
#[test]
fn what_is_not_known_is_not_counted() {
    let home = Home::new();
    write(&home, &company());
    let counts = |words: &[&str], line: &str| {
        let run = home.daypass(words.iter().copied()).run();
        assert_eq!(run.stdout.lines().nth(1), Some(line), "{}", run.report());
        let words = words.iter().copied().chain(["--format", "json"]);
        home.daypass(words).run().json()["accounts"][0]["counts"].clone()
    };
    let of_details = counts(
        &["audit", "--authorization-details", "details.json"],
        "3 users, 2 groups",
    );
    assert_eq!(
        (&of_details["users"], &of_details["groups"]),
        (&json!(3), &json!(2))
    );
    for unknown in ["console_passwords", "active_access_keys", "users_with_mfa"] {
        assert_eq!(of_details[unknown], Value::Null);
    }
    let of_report = counts(
        &["audit", "--credential-report", "report.csv"],
        "3 users (1 with MFA), 2 console passwords, 2 active access keys",
    );
    assert_eq!(of_report["groups"], Value::Null);
}
