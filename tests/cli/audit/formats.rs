//! What a report looks like.

use super::*;
use crate::support::complaints_about_sarif;

fn table(home: &Home, columns: &str) -> String {
    let words = [
        "audit",
        "--credential-report",
        "report.csv",
        "--authorization-details",
        "details.json",
    ];
    home.daypass(words).env("COLUMNS", columns).run().report()
}

#[test]
fn the_table_fits_eighty_columns() {
    let home = Home::new();
    write(&home, &company());
    insta::assert_snapshot!(table(&home, "80"), @"
    exit 10
    --- stdout
    account 123456789012: 3 high, 2 medium; 6 checks passed, 5 not checked
    3 users (1 with MFA), 2 console passwords, 2 active access keys, 2 groups

    HIGH      users with a console password have no MFA (1)
              console-without-mfa: CIS 1.10, Trivy AVD-AWS-0145, Lacework
              lacework-global-39, Scout2 Lack of MFA
      user/bob                    has a password (set 412 days ago, last used 3 days
                                  ago) and no MFA device
        fix: daypass enroll --user bob

    HIGH      access keys can be used without MFA (1)
              key-without-mfa
      user/deploy/key/1           can do * on * (statement 1 of inline policy
                                  'policy' of group 'machines') without MFA; last
                                  used 5 days ago
        fix: daypass policy apply --group machines

    HIGH      the policies of groups do not enforce MFA (1)
              group-without-mfa: Trivy AVD-AWS-0123
      group/machines              a long-term key can do * on * (statement 1 of
                                  inline policy 'policy' of group 'machines'); 1
                                  member
        fix: daypass policy apply --group machines

    MEDIUM    users without a device are locked out (1)
              locked-out
      user/bob                    has a password and no MFA device, and the policies
                                  of group 'developers' deny it the enrolment of one
        fix: daypass enroll --user bob

    MEDIUM    access keys are older than 90 days (1)
              old-key: CIS 1.14, Trivy AVD-AWS-0146, Lacework lacework-global-43
      user/deploy/key/1           is 400 days old; last used 5 days ago
        fix: as deploy: daypass rotate

    not checked (1)
      no file tells of MFA devices: run it without files
        root-hardware-mfa, fido-only-with-keys, sms-device, single-device,
        unassigned-device
    ");
}

#[test]
fn the_table_uses_what_a_wider_terminal_has() {
    let home = Home::new();
    write(&home, &company());
    let wide = table(&home, "120");
    insta::assert_snapshot!(wide, @"
    exit 10
    --- stdout
    account 123456789012: 3 high, 2 medium; 6 checks passed, 5 not checked
    3 users (1 with MFA), 2 console passwords, 2 active access keys, 2 groups

    HIGH      users with a console password have no MFA (1)
              console-without-mfa: CIS 1.10, Trivy AVD-AWS-0145, Lacework lacework-global-39, Scout2 Lack of MFA
      user/bob                    has a password (set 412 days ago, last used 3 days ago) and no MFA device
        fix: daypass enroll --user bob

    HIGH      access keys can be used without MFA (1)
              key-without-mfa
      user/deploy/key/1           can do * on * (statement 1 of inline policy 'policy' of group 'machines') without MFA;
                                  last used 5 days ago
        fix: daypass policy apply --group machines

    HIGH      the policies of groups do not enforce MFA (1)
              group-without-mfa: Trivy AVD-AWS-0123
      group/machines              a long-term key can do * on * (statement 1 of inline policy 'policy' of group 'machines');
                                  1 member
        fix: daypass policy apply --group machines

    MEDIUM    users without a device are locked out (1)
              locked-out
      user/bob                    has a password and no MFA device, and the policies of group 'developers' deny it the
                                  enrolment of one
        fix: daypass enroll --user bob

    MEDIUM    access keys are older than 90 days (1)
              old-key: CIS 1.14, Trivy AVD-AWS-0146, Lacework lacework-global-43
      user/deploy/key/1           is 400 days old; last used 5 days ago
        fix: as deploy: daypass rotate

    not checked (1)
      no file tells of MFA devices: run it without files
        root-hardware-mfa, fido-only-with-keys, sms-device, single-device, unassigned-device
    ");
    let is_sentence = |line: &&str| !line.trim_start().starts_with("fix:");
    let widest = |text: &str| {
        let lines = text.lines().filter(is_sentence);
        lines.map(|line| line.chars().count()).max().unwrap_or(0)
    };
    assert!(widest(&wide) <= 120 && widest(&wide) > 80);
    assert!(widest(&table(&home, "80")) <= 80);
}

#[test]
fn a_clean_account_is_one_line_of_good_news() {
    let home = Home::new();
    let root = Line {
        mfa: true,
        ..Line::default()
    };
    write(&home, &(report(&[(ROOT, root)]), details(&[], &[])));
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 0
    --- stdout
    account 123456789012: nothing found; 11 checks passed, 5 not checked
    0 users (0 with MFA), 0 console passwords, 0 active access keys, 0 groups

    not checked (1)
      no file tells of MFA devices: run it without files
        root-hardware-mfa, fido-only-with-keys, sms-device, single-device,
        unassigned-device
    ");
}

#[test]
fn colours_are_where_they_are_asked_for() {
    let home = Home::new();
    write(&home, &company());
    assert!(
        audit(&home, &["--color", "always"])
            .stdout
            .contains("\x1b[31m")
    );
    assert!(!audit(&home, &["--color", "auto"]).stdout.contains('\x1b'));
}

#[test]
fn the_markdown_is_a_table_for_each_check() {
    let home = Home::new();
    write(&home, &company());
    let run = audit(&home, &["--format", "markdown"]);
    let without_time = run
        .stdout
        .lines()
        .filter(|line| !line.starts_with("**"))
        .collect::<Vec<_>>()
        .join("\n");
    insta::assert_snapshot!(without_time, @r"
    # MFA audit of account 123456789012


    ## high: users with a console password have no MFA

    `console-without-mfa`, 1 finding; CIS 1.10, Trivy AVD-AWS-0145, Lacework lacework-global-39, Scout2 Lack of MFA

    | who or what | severity | what | to mend it |
    |---|---|---|---|
    | `user/bob` | high | has a password (set 412 days ago, last used 3 days ago) and no MFA device | `daypass enroll --user bob` |

    ## high: access keys can be used without MFA

    `key-without-mfa`, 1 finding

    | who or what | severity | what | to mend it |
    |---|---|---|---|
    | `user/deploy/key/1` | high | can do `*` on `*` (statement 1 of inline policy 'policy' of group 'machines') without MFA; last used 5 days ago | `daypass policy apply --group machines` |

    ## high: the policies of groups do not enforce MFA

    `group-without-mfa`, 1 finding; Trivy AVD-AWS-0123

    | who or what | severity | what | to mend it |
    |---|---|---|---|
    | `group/machines` | high | a long-term key can do `*` on `*` (statement 1 of inline policy 'policy' of group 'machines'); 1 member | `daypass policy apply --group machines` |

    ## medium: users without a device are locked out

    `locked-out`, 1 finding

    | who or what | severity | what | to mend it |
    |---|---|---|---|
    | `user/bob` | medium | has a password and no MFA device, and the policies of group 'developers' deny it the enrolment of one | `daypass enroll --user bob` |

    ## medium: access keys are older than 90 days

    `old-key`, 1 finding; CIS 1.14, Trivy AVD-AWS-0146, Lacework lacework-global-43

    | who or what | severity | what | to mend it |
    |---|---|---|---|
    | `user/deploy/key/1` | medium | is 400 days old; last used 5 days ago | `as deploy: daypass rotate` |

    ## Not checked

    - `root-hardware-mfa`: no file tells of MFA devices: run it without files
    - `fido-only-with-keys`: no file tells of MFA devices: run it without files
    - `sms-device`: no file tells of MFA devices: run it without files
    - `single-device`: no file tells of MFA devices: run it without files
    - `unassigned-device`: no file tells of MFA devices: run it without files

    ## Passed

    - `root-mfa`
    - `root-access-keys`
    - `broken-enforcement`
    - `age-limit`
    - `unused-key`
    - `unused-password`
    ");
}

#[test]
fn the_csv_has_a_line_for_each_finding_and_each_gap() {
    let home = Home::new();
    write(&home, &company());
    let run = audit(&home, &["--format", "csv"]);
    insta::assert_snapshot!(run.stdout.replace("\r\n", "\n"), @r#"
    account,check,severity,status,subject_kind,subject,summary,remediation,references,change,ignored_until,ignored_because
    123456789012,console-without-mfa,high,open,user,user/bob,"has a password (set 412 days ago, last used 3 days ago) and no MFA device",daypass enroll --user bob,CIS 1.10; Trivy AVD-AWS-0145; Lacework lacework-global-39; Scout2 Lack of MFA,,,
    123456789012,key-without-mfa,high,open,key,user/deploy/key/1,"can do * on * (statement 1 of inline policy 'policy' of group 'machines') without MFA; last used 5 days ago",daypass policy apply --group machines,,,,
    123456789012,group-without-mfa,high,open,group,group/machines,"a long-term key can do * on * (statement 1 of inline policy 'policy' of group 'machines'); 1 member",daypass policy apply --group machines,Trivy AVD-AWS-0123,,,
    123456789012,locked-out,medium,open,user,user/bob,"has a password and no MFA device, and the policies of group 'developers' deny it the enrolment of one",daypass enroll --user bob,,,,
    123456789012,old-key,medium,open,key,user/deploy/key/1,is 400 days old; last used 5 days ago,as deploy: daypass rotate,CIS 1.14; Trivy AVD-AWS-0146; Lacework lacework-global-43,,,
    123456789012,root-hardware-mfa,,not-checked,,,no file tells of MFA devices: run it without files,,,,,
    123456789012,fido-only-with-keys,,not-checked,,,no file tells of MFA devices: run it without files,,,,,
    123456789012,sms-device,,not-checked,,,no file tells of MFA devices: run it without files,,,,,
    123456789012,single-device,,not-checked,,,no file tells of MFA devices: run it without files,,,,,
    123456789012,unassigned-device,,not-checked,,,no file tells of MFA devices: run it without files,,,,,
    "#);
    assert!(run.stdout.ends_with("\r\n"));
}

#[test]
fn the_sarif_is_what_its_schema_says() {
    let home = Home::new();
    write(&home, &company());
    let run = audit(&home, &["--format", "sarif"]);
    assert_eq!(complaints_about_sarif(&run.stdout).unwrap_or_default(), "");
    let results = run.json()["runs"][0]["results"].clone();
    assert_eq!(results.as_array().expect("a list").len(), 5);
    assert_eq!(results[0]["ruleId"], "console-without-mfa");
    assert_eq!(results[0]["level"], "error");
}

/// Code scanning takes two results with one fingerprint for one.
#[test]
fn two_mistakes_of_one_policy_are_two_results() {
    let home = Home::new();
    let deny = json!({"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}});
    let group = group("devs", json!([allow_all(), deny, enforcing()[1]]));
    write(&home, &(report(&[]), details(&[], &[group])));
    let run = audit(&home, &["--format", "sarif"]);
    let results = run.json()["runs"][0]["results"].clone();
    let results = results.as_array().expect("a list").iter();
    let prints: Vec<String> = results
        .filter(|result| result["ruleId"] == "broken-enforcement")
        .map(|result| result["partialFingerprints"].to_string())
        .collect();
    assert_eq!(prints.len(), 2, "{}", run.report());
    assert_ne!(prints[0], prints[1]);
}

/// Whoever follows a finding's fingerprint must not lose it when another one is mended.
#[test]
fn a_mistake_keeps_its_fingerprint_when_another_is_mended() {
    let home = Home::new();
    let deny = |sid: &str| {
        json!({"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}})
    };
    let prints = |statements: Value| -> Vec<String> {
        write(
            &home,
            &(report(&[]), details(&[], &[group("devs", statements)])),
        );
        let results = audit(&home, &["--format", "sarif"]).json()["runs"][0]["results"].clone();
        let results = results.as_array().expect("a list").iter();
        results
            .filter(|result| result["ruleId"] == "broken-enforcement")
            .map(|result| result["partialFingerprints"].to_string())
            .collect()
    };
    let both = prints(json!([allow_all(), deny("One"), deny("Two")]));
    let second = prints(json!([allow_all(), deny("Two")]));
    assert_eq!((both.len(), second.len()), (2, 1));
    assert_eq!(both[1], second[0]);
}

/// Code hosts call those whom a report names, and link what it names.
#[test]
fn nobody_is_called_by_a_report_in_a_wiki() {
    let home = Home::new();
    let line = Line {
        key: Some((1, None)),
        ..Line::default()
    };
    let mut everything = allow_all();
    everything["Resource"] = json!(["arn:aws:s3:::https://example.com/@ada;=1+1"]);
    let details = details(
        &[user("@ada", &["@org/team"])],
        &[group("@org/team", everything)],
    );
    write(&home, &(report(&[("@ada", line)]), details));
    let ignores = "old-key user/x never ask @bob about #12, see https://example.com/x\n";
    fs::write(home.path("ignore"), ignores).expect("a file");
    let markdown = audit(&home, &["--format", "markdown", "--ignore", "ignore"]).stdout;
    // Behind an odd number of backticks is code.
    for line in markdown.lines() {
        for sign in ["@", "#1", "https://", "arn:"] {
            for (at, _) in line.match_indices(sign) {
                assert_eq!(line[..at].matches('`').count() % 2, 1, "{sign}: {line}");
            }
        }
    }
    let csv = audit(&home, &["--format", "csv"]).stdout;
    assert!(csv.contains(";'=1+1"), "{csv}");
}

#[test]
fn names_can_play_no_tricks_with_a_terminal_a_spreadsheet_or_a_wiki() {
    let home = Home::new();
    let evil = "=cmd|'\x1b[2J`<b>";
    let line = Line {
        password: Some((100, None)),
        ..Line::default()
    };
    write(&home, &(report(&[(evil, line)]), details(&[], &[])));
    for format in ["table", "csv", "markdown"] {
        let run = audit(&home, &["--format", format]);
        assert!(!run.stdout.contains('\x1b'), "{format}: {}", run.report());
        assert!(run.stdout.contains("cmd"), "{format}: {}", run.report());
    }
    let csv = audit(&home, &["--format", "csv"]).stdout;
    // The commands quote the name, so that no shell runs a part of it.
    assert!(csv.contains("delete-login-profile --user-name"), "{csv}");
    assert!(!csv.lines().any(|line| line.starts_with('=')));
    let markdown = audit(&home, &["--format", "markdown"]).stdout;
    assert!(markdown.contains("``user/=cmd\\|' [2J`<b>``"), "{markdown}");
}
