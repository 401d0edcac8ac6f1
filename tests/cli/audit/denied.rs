//! What whoever asks may not read.

use daypass_sandbox::Fault;

use super::{seeded_account::seed, *};

/// The checks that could not look at everything.
fn not_checked(run: &Run) -> Vec<String> {
    let checks = run.json()["accounts"][0]["checks"].clone();
    let checks = checks.as_array().expect("a list").iter();
    let with_gaps = checks.filter(|check| check["not_checked"] != json!([]));
    with_gaps
        .map(|check| check["id"].as_str().expect("an id").to_owned())
        .collect()
}

const OF_THE_REPORT: [&str; 7] = [
    "console-without-mfa",
    "key-without-mfa",
    "locked-out",
    "fido-only-with-keys",
    "old-key",
    "unused-key",
    "unused-password",
];

#[test]
fn each_denial_concerns_its_checks_and_no_others_and_tells_what_to_ask_for() {
    let of_the_report = ["iam:GenerateCredentialReport", "iam:GetCredentialReport"];
    for (action, concerned, to_allow) in [
        (
            "iam:GenerateCredentialReport",
            &OF_THE_REPORT[..],
            &of_the_report[..],
        ),
        ("iam:GetCredentialReport", &OF_THE_REPORT, &of_the_report),
        (
            "iam:GetAccountAuthorizationDetails",
            &[
                "key-without-mfa",
                "group-without-mfa",
                "broken-enforcement",
                "age-limit",
                "locked-out",
            ],
            &["iam:GetAccountAuthorizationDetails"],
        ),
        // The credential report tells of the root user as well.
        ("iam:GetAccountSummary", &[], &["iam:GetAccountSummary"]),
        (
            "iam:ListVirtualMFADevices",
            &["root-hardware-mfa", "unassigned-device"],
            &["iam:ListVirtualMFADevices"],
        ),
        (
            "iam:ListMFADevices",
            &["fido-only-with-keys", "sms-device", "single-device"],
            &["iam:ListMFADevices"],
        ),
    ] {
        let home = Home::new();
        home.log_in();
        seed(&home);
        home.sandbox.deny(&home.user, action);
        let run = home.daypass(["audit", "work", "--format", "json"]).run();
        assert_eq!(not_checked(&run), concerned, "{action}: {}", run.report());
        let json = run.json();
        assert_eq!(json["accounts"][0]["to_allow"], json!(to_allow), "{action}");
        let note = json["notes"][0].as_str().expect("a note");
        let statement: Value =
            serde_json::from_str(&note[note.find('{').expect("a statement")..]).expect("JSON");
        assert_eq!(statement["Action"], json!(to_allow), "{note}");
    }
}

#[test]
fn people_are_told_what_to_ask_for_in_every_format() {
    let home = Home::new();
    home.log_in();
    seed(&home);
    home.sandbox.deny(&home.user, "iam:ListMFADevices");
    home.sandbox.deny(&home.user, "iam:GetAccountSummary");
    let statement = r#"{"Effect": "Allow", "Action": ["iam:GetAccountSummary","iam:ListMFADevices"], "Resource": "*"}"#;
    for format in ["table", "csv", "sarif", "markdown"] {
        let run = home.daypass(["audit", "work", "--format", format]).run();
        let told = run.stdout.clone() + &run.stderr;
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(statement), "{format}: {}", run.report());
    }
}

/// Nothing found would read like nothing wrong.
#[test]
fn sarif_tells_what_was_not_checked() {
    let home = Home::new();
    home.log_in();
    home.sandbox.deny(&home.user, "iam:ListMFADevices");
    let run = home.daypass(["audit", "work", "--format", "sarif"]).run();
    assert_eq!(
        crate::support::complaints_about_sarif(&run.stdout).unwrap_or_default(),
        ""
    );
    let invocation = run.json()["runs"][0]["invocations"][0].clone();
    assert_eq!(invocation["executionSuccessful"], true);
    let told = invocation["toolExecutionNotifications"]
        .as_array()
        .expect("a list")
        .clone();
    let of_sms = told
        .iter()
        .find(|told| told["associatedRule"]["id"] == "sms-device");
    let text = of_sms.expect("a notification")["message"]["text"].to_string();
    assert!(text.contains("iam:ListMFADevices is denied"), "{text}");
}

#[test]
fn a_report_that_is_no_report_is_told_and_the_rest_is_checked() {
    let home = Home::new();
    home.log_in();
    seed(&home);
    let garbage = Fault::Garbage;
    home.sandbox.misbehave(
        "GetCredentialReport",
        garbage,
        daypass_sandbox::Times::Always,
    );
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(not_checked(&run), OF_THE_REPORT, "{}", run.report());
    assert_eq!(run.json()["accounts"][0]["to_allow"], json!([]));
}
