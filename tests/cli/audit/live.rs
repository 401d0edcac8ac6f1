//! Against the sandbox.

use std::time::Duration;

use daypass_sandbox::{Delay, Fault, Role, RootDevice, Times};

use super::{
    seeded_account::{Seeded, password, seed},
    *,
};
use crate::support::Pty;

/// Who asks has the right to everything, and the sandbox's rule for MFA.
fn administrator(home: &Home) {
    home.log_in();
}

/// What is found in the seeded account: of each check something but of `root-mfa`.
const FINDINGS: [&str; 18] = [
    "root-access-keys root",
    "root-hardware-mfa root",
    "console-without-mfa user/bob",
    "console-without-mfa user/newcomer",
    "key-without-mfa user/deploy/key/1",
    "group-without-mfa group/open",
    "group-without-mfa group/broken",
    // The operator, and an age that nobody has without MFA.
    "broken-enforcement policy/inline policy 'mfa' of group 'broken'",
    "broken-enforcement policy/inline policy 'mfa' of group 'broken'",
    "age-limit group/endless",
    "locked-out user/bob",
    "fido-only-with-keys user/fido",
    "sms-device user/sms",
    "single-device user/fido",
    "unassigned-device device/arn:aws:iam::123456789012:mfa/left-behind",
    "old-key user/deploy/key/1",
    "unused-key user/deploy/key/1",
    "unused-password user/gone",
];

#[test]
fn every_finding_is_found_and_nothing_near_it() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(
        (run.exit, run.stderr.as_str()),
        (10, ""),
        "{}",
        run.report()
    );
    assert_eq!(found(&run), FINDINGS);
    let checks = run.json()["accounts"][0]["checks"].clone();
    for check in checks.as_array().expect("a list") {
        assert_ne!(check["status"], "not-checked", "{check:#}");
    }
    assert_eq!(status(&run, "root-mfa"), "passed");
}

/// The seeded account has a root user with a device and a key; these have what it has not.
#[test]
fn root_users_are_told_apart_by_their_devices_and_keys() {
    let of_root = |device: Option<RootDevice>| {
        let home = Home::new();
        administrator(&home);
        if let Some(device) = device {
            home.sandbox.add_root_device(device);
        }
        let run = home.daypass(["audit", "work", "--format", "json"]).run();
        let found = found(&run).into_iter();
        let of_root: Vec<String> = found.filter(|finding| finding.ends_with(" root")).collect();
        (of_root, status(&run, "root-hardware-mfa"))
    };
    assert_eq!(
        of_root(None),
        (vec!["root-mfa root".to_owned()], "not-checked".to_owned())
    );
    assert_eq!(
        of_root(Some(RootDevice::Hardware)),
        (Vec::new(), "passed".to_owned())
    );
}

#[test]
fn a_role_profile_audits_the_account_of_its_role() {
    const OTHER: &str = "210987654321";
    let home = Home::new();
    let role = home.sandbox.add_role(Role {
        name: "Auditor".to_owned(),
        account: OTHER.to_owned(),
        trusted: vec![home.user.arn.clone()],
        require_mfa: true,
        ..Role::default()
    });
    home.write_config(&format!(
        "{}[profile other]\nregion = eu-west-1\nrole_arn = {role}\nsource_profile = work\n",
        home.profile_section("work")
    ));
    home.log_in();
    let user = home.sandbox.add_user_in(OTHER, "/", "zoe");
    password(&home.sandbox, &user, 10, None);
    let run = home.daypass(["audit", "other", "--format", "json"]).run();
    assert_eq!(run.exit, 10, "{}", run.report());
    assert_eq!(run.json()["accounts"][0]["account"], OTHER);
    assert!(found(&run).contains(&"console-without-mfa user/zoe".to_owned()));
    assert!(!run.stdout.contains("user/ada"), "{}", run.report());
}

#[test]
fn what_is_denied_is_told_and_the_rest_is_checked() {
    for (denied, unchecked, checked) in [
        (
            "iam:GetAccountAuthorizationDetails",
            "key-without-mfa",
            "console-without-mfa",
        ),
        (
            "iam:GetCredentialReport",
            "console-without-mfa",
            "group-without-mfa",
        ),
        (
            "iam:ListVirtualMFADevices",
            "unassigned-device",
            "single-device",
        ),
        ("iam:ListMFADevices", "sms-device", "unassigned-device"),
    ] {
        let home = Home::new();
        administrator(&home);
        seed(&home);
        home.sandbox.deny(&home.user, denied);
        let run = home.daypass(["audit", "work", "--format", "json"]).run();
        assert_eq!(status(&run, unchecked), "not-checked", "{denied}");
        assert_eq!(status(&run, checked), "found", "{denied}");
        let table = home.daypass(["audit", "work"]).run();
        assert!(
            table.stdout.contains(&format!("{denied} is denied")),
            "{}",
            table.report()
        );
    }
}

/// The summary knows of the root user, too.
#[test]
fn without_a_credential_report_the_root_user_is_checked_all_the_same() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    home.sandbox.deny(&home.user, "iam:GetCredentialReport");
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(status(&run, "root-mfa"), "passed");
    assert_eq!(status(&run, "root-access-keys"), "found");
}

#[test]
fn an_old_report_is_read_where_a_new_one_may_not_be_made() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(status(&run, "console-without-mfa"), "found");
    home.sandbox
        .deny(&home.user, "iam:GenerateCredentialReport");
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(
        status(&run, "console-without-mfa"),
        "found",
        "{}",
        run.report()
    );
}

#[test]
fn whoever_may_read_nothing_is_told_what_to_ask_for() {
    let home = Home::new();
    administrator(&home);
    for action in [
        "GenerateCredentialReport",
        "GetCredentialReport",
        "GetAccountAuthorizationDetails",
        "GetAccountSummary",
        "ListVirtualMFADevices",
    ] {
        home.sandbox.deny(&home.user, &format!("iam:{action}"));
    }
    insta::assert_snapshot!(home.daypass(["audit", "work"]).run().report(), @"
    exit 4
    --- stderr
    daypass: error: AWS tells nothing of the account
      caused by: AWS denied iam:GetAccountSummary: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:GetAccountSummary on resource: * with an explicit deny in an identity-based policy
      hint: have AWS's policy arn:aws:iam::aws:policy/SecurityAudit attached to whoever asks, or audit files: aws iam get-account-authorization-details > details.json; daypass audit --authorization-details details.json
    ");
}

#[test]
fn throttling_is_waited_out() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    // Three attempts of the SDK's, then another after a pause.
    home.sandbox.misbehave(
        "GetAccountAuthorizationDetails",
        Fault::Throttle,
        Times::Next(3),
    );
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(
        status(&run, "group-without-mfa"),
        "found",
        "{}",
        run.report()
    );
}

#[test]
fn all_pages_are_read() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    home.sandbox.set_page_size(2);
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(found(&run), FINDINGS, "{}", run.report());
    assert!(home.sandbox.calls("GetAccountAuthorizationDetails") > 2);
}

#[test]
fn a_report_that_takes_its_time_is_waited_for_and_a_terminal_sees_why() {
    let home = Home::new();
    administrator(&home);
    home.sandbox.set_report_delay(Delay::Calls(3));
    let audit = home.daypass(["audit", "work", "--fail-on", "none"]);
    let mut pty = Pty::start(&audit);
    pty.expect("AWS is making a credential report");
    pty.expect("active access key");
    assert_eq!(pty.finish().exit, 0);
}

#[test]
fn whoever_does_not_want_to_wait_for_a_report_can_go() {
    let home = Home::new();
    administrator(&home);
    home.sandbox
        .set_report_delay(Delay::Time(Duration::from_secs(3_600)));
    let mut pty = Pty::start(&home.daypass(["audit", "work"]));
    pty.expect("AWS is making a credential report (");
    let begin = std::time::Instant::now();
    pty.send("\x03");
    assert!(!pty.wait().success());
    assert!(begin.elapsed() < Duration::from_secs(2));
}

#[test]
fn nothing_is_asked_twice_of_a_network_that_is_not_there() {
    let home = Home::new();
    administrator(&home);
    let run = home
        .daypass(["audit", "work"])
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .run();
    insta::assert_snapshot!(run.report(), @"
    exit 5
    --- stderr
    daypass: error: AWS tells nothing of the account
      caused by: AWS cannot be reached
      caused by: io error
      caused by: client error (Connect)
      caused by: tcp connect error
      caused by: Connection refused (os error 111)
      hint: check the network, HTTPS_PROXY and AWS_ENDPOINT_URL, then try again
    ");
}

#[test]
fn without_a_session_the_code_is_asked_for_or_named() {
    let home = Home::new();
    insta::assert_snapshot!(home.daypass(["audit", "work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: profile 'work' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login work
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
}

#[test]
fn the_age_limit_of_the_profile_is_what_policies_should_enforce() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    let is_found = |home: &Home| {
        let run = home.daypass(["audit", "work", "--format", "json"]).run();
        found(&run).contains(&"age-limit group/developers".to_owned())
    };
    assert!(!is_found(&home));
    home.write_config(&(home.profile_section("work") + "daypass_mfa_age_limit = 4h\n"));
    assert!(is_found(&home));
}

/// AWS makes a credential report every four hours at most. What can be asked anew is: whoever mends a finding sees that.
#[test]
fn devices_and_users_are_as_they_are_now_and_not_as_in_an_old_report() {
    let home = Home::new();
    administrator(&home);
    let Seeded { bob, gone } = seed(&home);
    let audit = || home.daypass(["audit", "work", "--format", "json"]).run();
    let has = |run: &Run, finding: &str| found(run).contains(&finding.to_owned());
    let before = audit();
    assert!(has(&before, "console-without-mfa user/bob"));
    assert!(has(&before, "unused-password user/gone"));
    home.sandbox.add_virtual_device(&bob, "bob");
    // Somebody has deleted that user and made another of the name.
    home.sandbox.set_user_created(&gone, home.sandbox.now());
    let after = audit();
    for mended in [
        "console-without-mfa user/bob",
        "locked-out user/bob",
        "unused-password user/gone",
    ] {
        assert!(!has(&after, mended), "{mended}: {}", after.report());
    }
    assert!(has(&after, "single-device user/bob"));
    let table = home.daypass(["audit", "work"]).run().stdout;
    assert!(
        table.contains("user 'gone': is not in the credential report"),
        "{table}"
    );
}

/// The longest wait is for throttling that does not end: half a minute of pauses, then the rest is checked.
#[test]
fn a_fault_of_one_request_leaves_the_others() {
    let home = Home::new();
    administrator(&home);
    seed(&home);
    home.sandbox
        .misbehave("ListVirtualMFADevices", Fault::Status503, Times::Always);
    let begin = std::time::Instant::now();
    let run = home.daypass(["audit", "work", "--format", "json"]).run();
    assert_eq!(status(&run, "unassigned-device"), "not-checked");
    assert_eq!(status(&run, "single-device"), "found");
    assert!(begin.elapsed() < Duration::from_secs(30));
}
