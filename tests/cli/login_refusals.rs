//! What `daypass login` says when AWS, the network or the device will not have it.

use std::fs;

use daypass_sandbox::{Fault, Times};

use crate::support::{Home, assert_report, is_there, wrong_code, wrong_codes};

#[test]
fn a_denied_look_up_of_the_device_says_how_the_profile_gets_one() {
    let home = Home::new();
    home.write_config("[profile work]\nregion = eu-west-1\n");
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: profile 'work' names no MFA device, and AWS does not tell which there are
      caused by: AWS denied iam:ListMFADevices: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:ListMFADevices on resource: user ada with an explicit deny in an identity-based policy
      hint: the AWS console shows it under IAM, Security credentials: daypass setup work --serial ARN; if there is none yet: daypass enroll work
    ");
    // A role has no device of its own to set up.
    let role = "role_arn = arn:aws:iam::210987654321:role/Admin\nsource_profile = work\n";
    home.write_config(&format!("{}[profile prod]\n{role}", home.config()));
    let of_role = home
        .daypass(["login", "prod", "--code", &home.code()])
        .run();
    assert_eq!(of_role.report(), run.report());
}

#[test]
fn a_user_with_a_security_key_only_is_told_the_way_out() {
    let home = Home::new();
    let bob = home.sandbox.add_user("bob");
    home.sandbox.add_fido_device(&bob, "yubikey");
    home.write_config("[profile work]\nregion = eu-west-1\n");
    home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        bob.access_key_id, bob.secret_access_key
    ));
    let run = home.daypass(["login", "work", "--code", "123456"]).run();
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("no MFA device that can give codes"),
        "{}",
        run.report()
    );
    assert!(
        run.stderr.contains(
            "hint: make one with an authenticator app: daypass enroll work; or sign in with the browser: aws login"
        ),
        "{}",
        run.report()
    );
}

#[test]
fn a_user_without_any_device_is_told_how_to_make_one() {
    let home = Home::new();
    let bob = home.sandbox.add_user("bob");
    home.write_config("[profile work]\nregion = eu-west-1\n");
    home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        bob.access_key_id, bob.secret_access_key
    ));
    let run = home.daypass(["login", "work", "--code", "123456"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the user of profile 'work' has no MFA device that can give codes for the command line
      hint: make one with an authenticator app: daypass enroll work
    ");
}

#[test]
fn a_serial_that_gives_no_codes_is_refused_before_anything_is_asked() {
    let home = Home::new();
    home.write_config(
        "[profile work]\nmfa_serial = arn:aws:iam::123456789012:u2f/user/ada/key-1\n",
    );
    let run = home.daypass(["login", "work"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the MFA device of profile 'work' cannot be used (~/.aws/config, line 2)
      caused by: arn:aws:iam::123456789012:u2f/user/ada/key-1 is a security key or passkey, which cannot give codes for the command line
      hint: add an authenticator app as a second MFA device (AWS console, IAM, Security credentials, Assign MFA device) and put its ARN into mfa_serial; with a security key alone, sign in with the browser: aws login (AWS CLI 2.32 or later)
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_wrong_code_says_so_and_changes_nothing() {
    let home = Home::new();
    let before = home.credentials();
    let run = home
        .daypass(["login", "work", "--code", &wrong_code(&home)])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused the MFA code (profile 'work')
      hint: Mistyped, used already (a code is good once), or from another device than arn:aws:iam::123456789012:mfa/ada? Wait for the next one.
    ");
    assert_eq!(home.credentials(), before);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_code_used_a_moment_ago_is_not_sent_again() {
    let home = Home::new();
    let code = home.code();
    let run = home.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let before = home.credentials();
    let run = home
        .daypass(["login", "work", "--force", "--code", &code])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: this MFA code has been used already, and a code is good once
      hint: wait for the next code, at most 30 s
    ");
    assert_eq!(home.credentials(), before);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_code_used_elsewhere_is_refused_by_aws() {
    let home = Home::new();
    let code = home.code();
    let run = home.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    // Another machine would not know of it.
    fs::remove_dir_all(home.path(".aws/daypass")).unwrap();
    let run = home
        .daypass(["login", "work", "--force", "--code", &code])
        .run();
    assert_eq!(run.exit, 4);
    assert!(
        run.stderr.contains("AWS refused the MFA code"),
        "{}",
        run.report()
    );
}

#[test]
fn a_device_of_somebody_else_is_named() {
    let home = Home::new();
    let run = home
        .daypass([
            "login",
            "work",
            "--serial",
            "arn:aws:iam::123456789012:mfa/eve",
            "--code",
            "123456",
        ])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS does not know this MFA device for the user of this key (profile 'work')
      hint: the AWS console shows the right one under IAM, Security credentials; put it in the place of arn:aws:iam::123456789012:mfa/eve: daypass setup work --serial ARN; if there is none yet: daypass enroll work
    ");
}

#[test]
fn a_deleted_key_is_told_from_a_wrong_secret() {
    let home = Home::new();
    home.write_credentials(
        &home
            .credentials()
            .replace(&home.user.secret_access_key, &"x".repeat(40)),
    );
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused the signature: the secret access key does not belong to the access key id (profile 'work')
      hint: copy both halves of the access key of profile 'work' again: a secret is 40 characters, and AWS shows it only once
    ");
    home.sandbox.set_key_status(&home.user.access_key_id, false);
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS does not know this access key: it was deleted or deactivated, or belongs to another partition (profile 'work')
      hint: look in the AWS console, IAM, Security credentials, for an active access key of this user, and give it to: daypass setup work
    ");
}

#[test]
fn a_clock_ten_minutes_off_is_measured() {
    if !is_there("faketime") {
        return;
    }
    for (offset, expected) in [(600, "ahead of"), (-600, "behind")] {
        let home = Home::new();
        let before = home.credentials();
        let run = home
            .daypass(["login", "work", "--code", "123456"])
            .at(offset)
            .run();
        assert_eq!(run.exit, 4, "{}", run.report());
        let message = format!("this machine's clock is 10 min {expected} AWS's");
        let rounded = format!("this machine's clock is 9 min {expected} AWS's");
        assert!(
            run.stderr.contains(&message) || run.stderr.contains(&rounded),
            "{}",
            run.report()
        );
        assert!(run.stderr.contains("timedatectl"), "{}", run.report());
        assert_eq!(home.credentials(), before);
    }
}

#[test]
fn no_network_is_told_with_its_cause_and_spends_no_code() {
    let home = Home::new();
    let code = home.code();
    let before = home.credentials();
    let run = home
        .daypass(["login", "work", "--code", &code])
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .run();
    assert_report!(run.report(), @"
    exit 5
    --- stderr
    daypass: error: AWS cannot be reached (profile 'work')
      caused by: io error
      caused by: client error (Connect)
      caused by: tcp connect error
      caused by: Connection refused (os error 111)
      hint: check the network, HTTPS_PROXY and AWS_ENDPOINT_URL, then try again
    ");
    assert_eq!(home.credentials(), before);
    let run = home.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn trouble_at_aws_has_a_message_for_each_kind() {
    let cases = [
        (Fault::Throttle, 4, 3, "throttling"),
        (Fault::Status500, 5, 3, "HTTP status 500"),
        (Fault::Status503, 5, 3, "HTTP status 503"),
        (Fault::Drop, 5, 1, "AWS cannot be reached"),
        (Fault::Garbage, 5, 1, "does not come from AWS"),
        (Fault::GarbageBinary, 5, 1, "does not come from AWS"),
        (Fault::Truncated, 5, 1, "damaged on the way"),
    ];
    for (fault, exit, calls, message) in cases {
        let home = Home::new();
        let before = home.credentials();
        home.sandbox
            .misbehave("GetSessionToken", fault, Times::Always);
        let run = home
            .daypass(["login", "work", "--code", &home.code()])
            .run();
        assert_eq!(run.exit, exit, "{fault:?}: {}", run.report());
        assert!(run.stderr.contains(message), "{fault:?}: {}", run.report());
        assert!(
            run.stderr.contains("  hint: "),
            "{fault:?}: {}",
            run.report()
        );
        assert_eq!(home.sandbox.calls("GetSessionToken"), calls, "{fault:?}");
        assert_eq!(home.credentials(), before, "{fault:?}");
    }
}

#[test]
fn trouble_that_passes_is_waited_out_with_the_same_code() {
    for fault in [Fault::Throttle, Fault::Status500, Fault::Status503] {
        let home = Home::new();
        home.sandbox
            .misbehave("GetSessionToken", fault, Times::Next(1));
        let run = home
            .daypass(["login", "work", "--code", &home.code()])
            .run();
        assert_eq!(run.exit, 0, "{fault:?}: {}", run.report());
        assert_eq!(home.sandbox.calls("GetSessionToken"), 2, "{fault:?}");
    }
}

#[test]
fn a_region_that_is_switched_off_is_named() {
    let home = Home::new();
    home.sandbox.disable_region("eu-west-1");
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS STS is not switched on in region eu-west-1 for this account (profile 'work')
      hint: set region = us-east-1 in [profile work], or have the region switched on in the account
    ");
}

#[test]
fn a_code_is_never_sent_twice_even_with_another_in_between() {
    let home = Home::new();
    let [first, second] = [&wrong_codes(&home)[0], &wrong_codes(&home)[1]];
    for code in [first, second, first] {
        let run = home.daypass(["login", "work", "--code", code]).run();
        assert_eq!(run.exit, 4, "{}", run.report());
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), 2);
}

#[test]
fn a_code_whose_answer_was_lost_is_not_sent_again() {
    for fault in [Fault::DropAfter, Fault::Truncated] {
        let home = Home::new();
        home.sandbox
            .misbehave("GetSessionToken", fault, Times::Next(1));
        let run = home
            .daypass(["login", "work", "--code", &home.code()])
            .run();
        assert_eq!(run.exit, 5, "{fault:?}: {}", run.report());
        assert_eq!(home.sandbox.calls("GetSessionToken"), 1, "{fault:?}");
    }
}

#[test]
fn a_failure_before_the_clock_was_set_right_answers_for_nobody() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let run = home.daypass(["credential-process", "work"]).at(3_600).run();
    assert_eq!(run.exit, 4, "{}", run.report());
    let run = home.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}
