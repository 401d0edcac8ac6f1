//! Files as they come from elsewhere: from Windows, from another partition, and what is no file.

use super::*;

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(unit).collect()
}

#[test]
fn files_that_windows_wrote_are_read_as_others_are() {
    let home = Home::new();
    let (report, details) = company();
    write(&home, &(report.clone(), details.clone()));
    let earlier = audit(&home, &["--format", "json"]);
    let ignores = "old-key user/deploy/key/1 never Zoë knows\n";
    for encode in [
        |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        |text: &str| utf16(text, u16::to_le_bytes),
        |text: &str| utf16(text, u16::to_be_bytes),
    ] {
        for (name, text) in [
            ("report.csv", &report),
            ("details.json", &details),
            ("earlier.json", &earlier.stdout),
            ("ignore", &ignores.to_owned()),
        ] {
            let text = text.replace('\n', "\r\n");
            fs::write(home.path(name), encode(&text)).expect("a file");
        }
        let files = [
            "--ignore",
            "ignore",
            "--compare",
            "earlier.json",
            "--format",
            "json",
        ];
        let run = audit(&home, &files);
        assert_eq!(
            (run.exit, run.stderr.as_str()),
            (10, ""),
            "{}",
            run.report()
        );
        assert_eq!(found(&run), found(&earlier));
        assert_eq!(run.json()["fixed"], json!([]));
        assert_eq!(run.json()["findings"][4]["ignored"]["reason"], "Zoë knows");
    }
}

#[test]
fn half_a_file_of_windows_is_told() {
    let home = Home::new();
    write(&home, &company());
    let mut bytes = utf16(&company().0, u16::to_le_bytes);
    bytes.pop();
    fs::write(home.path("report.csv"), bytes).expect("a file");
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read report.csv
      caused by: it begins as UTF-16, and breaks off or goes on otherwise
      hint: ls -l report.csv
    ");
}

#[test]
fn a_directory_in_the_place_of_a_file_is_named() {
    let home = Home::new();
    write(&home, &company());
    fs::create_dir(home.path("folder")).expect("a folder");
    for words in [
        vec!["audit", "--credential-report", "folder"],
        vec!["audit", "--authorization-details", "folder"],
        vec![
            "audit",
            "--credential-report",
            "report.csv",
            "--ignore",
            "folder",
        ],
        vec![
            "audit",
            "--credential-report",
            "report.csv",
            "--compare",
            "folder",
        ],
        vec!["audit", "--role-name", "Auditor", "--accounts", "folder"],
    ] {
        let run = home.daypass(words.clone()).run();
        assert_eq!(run.exit, 1, "{words:?}: {}", run.report());
        assert!(
            run.stderr
                .starts_with("daypass: error: cannot read folder\n  caused by: Is a directory"),
            "{words:?}: {}",
            run.report()
        );
    }
}

/// Whatever has no end is no report.
#[test]
fn a_file_without_an_end_is_not_read_for_ever() {
    let home = Home::new();
    let run = home
        .daypass(["audit", "--credential-report", "/dev/zero"])
        .run();
    assert_eq!(run.exit, 1, "{}", run.report());
    assert!(
        run.stderr.contains("it is longer than 128 MiB"),
        "{}",
        run.report()
    );
}

#[test]
fn the_root_user_of_another_partition_is_sent_to_the_console_of_that() {
    for (partition, host) in [
        ("aws", "console.aws.amazon.com"),
        ("aws-cn", "console.amazonaws.cn"),
        ("aws-us-gov", "console.amazonaws-us-gov.com"),
    ] {
        let home = Home::new();
        let in_partition = |text: &str| text.replace("arn:aws:", &format!("arn:{partition}:"));
        let details = details(&[user("ada", &[])], &[]);
        let report = report(&[(ROOT, Line::default()), ("ada", Line::default())]);
        write(&home, &(in_partition(&report), in_partition(&details)));
        let run = audit(&home, &["--format", "json"]);
        assert_eq!(run.json()["findings"][0]["check"], "root-mfa");
        let fix = run.json()["findings"][0]["remediation"].to_string();
        assert!(fix.contains(&format!("https://{host}/iam/")), "{fix}");
    }
}

#[test]
fn a_report_without_users_is_a_report() {
    let home = Home::new();
    write(&home, &(report(&[]), details(&[], &[])));
    let run = audit(&home, &["--format", "json"]);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(run.json()["accounts"][0]["account"], Value::Null);
    // Nothing says anything of the root user.
    assert_eq!(status(&run, "root-mfa"), "not-checked");
}
