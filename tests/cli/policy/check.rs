//! What policies enforce.

use std::fs;

use crate::support::{Home, Invocation, Run, assert_report};

mod formats;

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
    assert_report!(checked(&home, &["second.json"]).report(), @"
    exit 10
    --- stdout
    partly enforced: second.json
      age limit  none

      CALLER                       CAN DO
      long-term key                more than enrol a device
      session without MFA            s3:* on *
      console sign-in without MFA      by statement 2
      session with fresh MFA       what is allowed
                                     ec2:* on *
                                       by statement 1 'WithMFA'
                                     s3:* on *
                                       by statement 2

      mistake  statement 2: This Allow asks for no MFA, while another one does:
               without MFA one can do s3:* on *.
      fix      Add the other statement's condition to this one, or deny everything
               without MFA in a statement of its own, which covers whatever is
               allowed later.
    ");
}

#[test]
fn an_age_that_is_not_enforced_within_what_is_intended_fails() {
    let home = home();
    assert_eq!(checked(&home, &["mfa.json", "--max-age", "8h"]).exit, 0);
    assert_eq!(checked(&home, &["mfa.json", "--max-age", "9h"]).exit, 0);
    assert_eq!(checked(&home, &["mfa.json"]).exit, 0);
    assert_report!(checked(&home, &["mfa.json", "--max-age", "7h"]).report(), @"
    exit 10
    --- stdout
    enforced, but not within 7 h: mfa.json
      age limit  8 h
      judged     as if another policy allowed everything: these allow nothing that
                 could be protected

      CALLER                            CAN DO
      long-term key                     ask for a session with MFA, nothing else
      console sign-in without MFA
      session without MFA               nothing
      session with fresh MFA            what is allowed
      session, MFA 7 h 59 min 59 s old    * on *
      session, MFA 8 h 1 s old          nothing

      mistake  Sessions can be used until their MFA is 8 h old, where 7 h is
               intended.
      fix      Set the limit of aws:MultiFactorAuthAge to 25200 seconds, in every
               statement that names it.

      note     Somebody without an MFA device cannot enrol one: making and enabling
               it is only allowed with MFA. An administrator has to do it for every
               newcomer.
      fix      Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the
               user's own name, as 'daypass policy show --kind self-service' does,
               or leave it so on purpose.
    ");
    let no_limit = ALLOW_ALL.replace(
        r#""Resource": "*""#,
        r#""Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#,
    );
    fs::write(home.path("no-limit.json"), no_limit).expect("a policy");
    assert_eq!(checked(&home, &["no-limit.json"]).exit, 0);
    assert_report!(checked(&home, &["no-limit.json", "--max-age", "8h"]).report(), @r#"
    exit 10
    --- stdout
    enforced, but not within 8 h: no-limit.json
      age limit  none

      CALLER                       CAN DO
      long-term key                nothing
      session without MFA
      console sign-in without MFA
      session with fresh MFA       what is allowed
                                     * on *
                                       by statement 1

      mistake  Nothing limits the age of MFA: a session can be used until it
               expires, up to 36 h, where 8 h is intended.
      fix      Add a Deny statement with the condition "NumericGreaterThan":
               {"aws:MultiFactorAuthAge": "28800"}.

      note     Somebody without an MFA device cannot enrol one: making and enabling
               it is only allowed with MFA. An administrator has to do it for every
               newcomer.
      fix      Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the
               user's own name, as 'daypass policy show --kind self-service' does,
               or leave it so on purpose.
    "#);
}

#[test]
fn several_files_are_one_users_policies_and_stdin_is_one_of_them() {
    let home = home();
    let run = check(&home, &["mfa.json", "-"]).run_with_stdin(ALLOW_ALL);
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    enforced: mfa.json, stdin
      policies   mfa.json, stdin
      age limit  8 h

      CALLER                            CAN DO
      long-term key                     ask for a session with MFA, nothing else
      console sign-in without MFA
      session without MFA               nothing
      session with fresh MFA            what is allowed
      session, MFA 7 h 59 min 59 s old    * on *
                                            by statement 1 of stdin
      session, MFA 8 h 1 s old          nothing

      note     Somebody without an MFA device cannot enrol one: making and enabling
               it is only allowed with MFA. An administrator has to do it for every
               newcomer.
      fix      Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the
               user's own name, as 'daypass policy show --kind self-service' does,
               or leave it so on purpose.
    ");
    let alone = check(&home, &["-"]).run_with_stdin(ALLOW_ALL);
    assert_eq!(alone.exit, 10, "{}", alone.report());
    assert_report!(checked(&home, &["-", "-"]).report(), @"
    exit 2
    --- stderr
    daypass: error: - is given twice, and stdin can be read only once
      hint: name the other file
    ");
}

#[test]
fn a_directory_is_a_module_of_terraform() {
    let home = home();
    fs::create_dir(home.path("module")).expect("a directory");
    assert_report!(checked(&home, &["module"]).report(), @"
    exit 1
    --- stderr
    daypass: error: module: no file there has a name that ends in .tf
      hint: name the directory of the module, or what terraform show -json prints of its plan
    ");
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
    assert_report!(checked(&home, &["module"]).report(), @"
    exit 0
    --- stdout
    enforced: group mfa-enforced
      policies   policy 'daypass-mfa' (module/group.tf:1)
      age limit  8 h
      judged     as if another policy allowed everything: these allow nothing that
                 could be protected

      CALLER                            CAN DO
      long-term key                     ask for a session with MFA, nothing else
      console sign-in without MFA
      session without MFA               nothing
      session with fresh MFA            what is allowed
      session, MFA 7 h 59 min 59 s old    * on *
      session, MFA 8 h 1 s old          nothing

      note     Somebody without an MFA device cannot enrol one: making and enabling
               it is only allowed with MFA. An administrator has to do it for every
               newcomer.
      fix      Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the
               user's own name, as 'daypass policy show --kind self-service' does,
               or leave it so on purpose.
    ");
}

#[test]
fn a_file_of_terraform_in_json_is_not_passed_over() {
    let home = home();
    fs::create_dir(home.path("module")).expect("a directory");
    let group = "resource \"aws_iam_group\" \"devs\" {\n  name = \"devs\"\n}\n";
    fs::write(home.path("module/group.tf"), group).expect("a file");
    fs::write(home.path("module/outputs.tf"), "").expect("a file");
    assert_eq!(checked(&home, &["module"]).exit, 0);
    fs::write(home.path("module/more.tf.json"), "{\"resource\": {}}").expect("a file");
    assert_report!(checked(&home, &["module"]).report(), @"
    exit 1
    --- stderr
    daypass: error: module/more.tf.json: Terraform's files in JSON are not read: give what `terraform show -json` prints of a plan
    ");
}

#[test]
fn that_nothing_is_allowed_is_said_plainly() {
    let home = home();
    let deny = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    fs::write(home.path("deny.json"), deny).expect("a file");
    assert_report!(checked(&home, &["deny.json"]).report(), @"
    exit 0
    --- stdout
    nothing allowed: deny.json
      allowed    nothing is allowed, with MFA or without

      CALLER                       CAN DO
      long-term key                nothing
      session without MFA
      console sign-in without MFA
      session with fresh MFA       nothing
    ");
    let password = r#"{"Version": "2012-10-17", "Statement":
        {"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "*"}}"#;
    fs::write(home.path("password.json"), password).expect("a file");
    let run = checked(&home, &["password.json"]);
    assert!(
        run.stdout
            .contains("nothing but what it takes to enrol a device"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_only_an_old_mfa_can_do_is_not_within_any_limit() {
    let home = home();
    let old = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}}}"#;
    fs::write(home.path("old.json"), old).expect("a file");
    assert_report!(checked(&home, &["old.json", "--max-age", "8h"]).report(), @r#"
    exit 10
    --- stdout
    enforced, but not within 8 h: old.json
      age limit  none

      CALLER                       CAN DO
      long-term key                nothing
      session without MFA
      console sign-in without MFA
      session with fresh MFA       nothing
      session, MFA 1 h 1 s old     what is allowed
                                     s3:* on *
                                       by statement 1

      mistake  statement 1: This Allow ('NumericGreaterThan aws:MultiFactorAuthAge
               3600') is the wrong way round: it holds only once the MFA is old. A
               session with an old MFA can do s3:* on *.
      fix      Write NumericLessThan in its place.

      mistake  Nothing limits the age of MFA: a session can be used until it
               expires, up to 36 h, where 8 h is intended.
      fix      Add a Deny statement with the condition "NumericGreaterThan":
               {"aws:MultiFactorAuthAge": "28800"}.
    "#);
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
    assert_report!(told, @"
    $ missing.json
    exit 1
    --- stderr
    daypass: error: cannot read missing.json
      caused by: No such file or directory (os error 2)
      hint: - reads the policy from stdin
    $ empty.json
    exit 1
    --- stderr
    daypass: error: empty.json: it is empty
    $ broken.json
    exit 1
    --- stderr
    daypass: error: broken.json:3:3: JSON: key must be a string
    $ action.json
    exit 1
    --- stderr
    daypass: error: action.json: policy: Statement[0].Actions: there is no such element; is it Action?
    $ words.txt
    exit 1
    --- stderr
    daypass: error: words.txt: neither a policy document, nor what `aws iam get-*-policy` prints, a CloudFormation template, Terraform's files or `terraform show -json`
      hint: daypass policy check --help shows what it reads; daypass policy show prints a policy
    $ broken.tf
    exit 1
    --- stderr
    daypass: error: broken.tf:1:28: Terraform: invalid block body; expected `}`, newline or identifier
    $ bytes.json
    exit 1
    --- stderr
    daypass: error: bytes.json: no UTF-8 text
    ");
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let home = home();
    let started = std::time::Instant::now();
    let run = checked(&home, &["/dev/zero"]);
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: /dev/zero: longer than 16 MiB
      hint: give files of at most 16 MiB
    ");
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn no_file_means_wrong_usage() {
    let home = home();
    assert_report!(checked(&home, &[]).report(), @"
    exit 2
    --- stderr
    daypass: error: the following required arguments were not provided: <FILE>...
      hint: daypass policy check --help shows how it is used
    ");
    assert_eq!(checked(&home, &["mfa.json", "--max-age", "1m"]).exit, 2);
}
