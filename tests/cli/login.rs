//! `daypass login`

use std::{fs, time::Duration};

use daypass_sandbox::{Fault, Times};

use crate::support::{Home, Pty, assert_report, is_there};

#[test]
fn a_code_gives_a_session_for_eight_hours() {
    let home = Home::new();
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: logged in until [HH:MM] (8 h left)
    ");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
    let shown = home.credentials();
    assert!(shown.starts_with(&home.long_term_section("work-long-term")));
    assert_report!(mask_secrets(&shown), @"
    [work-long-term]
    aws_access_key_id = [KEY]
    aws_secret_access_key = [SECRET]

    [work-mfa]
    aws_access_key_id = [SESSION KEY]
    aws_secret_access_key = [SECRET]
    aws_session_token = [SECRET]
    expiration = [TIME]
    daypass_mfa_time = [TIME]
    daypass_mfa_serial = arn:aws:iam::123456789012:mfa/ada
    daypass_source_access_key_id = [KEY]
    ");
}

#[test]
fn a_fresh_session_is_left_alone_and_no_code_is_spent() {
    let home = Home::new();
    home.log_in();
    let before = home.credentials();
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: already logged in until [HH:MM] (8 h left)
    ");
    assert_eq!(home.credentials(), before);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn force_renews_a_fresh_session() {
    let home = Home::new();
    home.log_in();
    let before = home.credential("work-mfa", "aws_access_key_id");
    let run = home
        .daypass(["login", "work", "--force", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_ne!(home.credential("work-mfa", "aws_access_key_id"), before);
}

#[test]
fn a_code_comes_from_stdin_when_the_code_is_a_dash() {
    let home = Home::new();
    let run = home
        .daypass(["login", "work", "--code", "-"])
        .run_with_stdin(&format!("{}\n", home.code()));
    assert_eq!(run.exit, 0, "{}", run.report());

    let run = home
        .daypass(["login", "work", "--force", "--code", "-"])
        .run_with_stdin("hunter2\n");
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: stdin does not begin with an MFA code
      caused by: a code is six digits
      hint: echo 123456 | daypass login --code -
    ");
}

#[test]
fn a_session_may_last_longer_than_the_age_limit_and_is_good_until_the_limit_only() {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "duration_seconds = 43200\n"));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let status = home.daypass(["status", "work", "--json"]).run().json();
    let left = status[0]["seconds_left"].as_i64().unwrap();
    assert!((28_700..=28_800).contains(&left), "{left}");
}

#[test]
fn in_the_refresh_window_a_login_renews() {
    if !is_there("faketime") {
        return;
    }
    const LATER: i64 = 7 * 3_600 + 45 * 60;
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(LATER as u64));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .at(LATER)
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: logged in until [HH:MM] (8 h left)
    ");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 2);
}

#[test]
fn the_device_is_asked_of_aws_when_nothing_names_it() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.add_fido_device(&home.user, "key");
    home.write_config("[profile work]\nregion = eu-west-1\n");
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(
        home.credential("work-mfa", "daypass_mfa_serial"),
        Some(home.device.serial.clone())
    );
}

#[test]
fn a_denied_look_up_of_the_device_says_what_to_write_into_the_profile() {
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
      hint: put mfa_serial = arn:aws:iam::ACCOUNT:mfa/NAME into [profile work] of the config file; the AWS console shows it under IAM, Security credentials
    ");
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
    assert!(run.stderr.contains("authenticator app"), "{}", run.report());
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
      hint: it was used already (a code is good once: wait for the next one), is not of the device arn:aws:iam::123456789012:mfa/ada, or was made on this machine, whose clock is [N] s off AWS's
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
      hint: correct mfa_serial (it is arn:aws:iam::123456789012:mfa/eve): the AWS console shows the right one under IAM, Security credentials
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
      hint: look in the AWS console, IAM, Security credentials, for an active access key of this user, and put it where profile 'work' has its long-term key
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
        (Fault::Drop, 5, 3, "AWS cannot be reached"),
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
    for fault in [Fault::Throttle, Fault::Status503, Fault::Drop] {
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
fn a_session_section_that_would_shadow_a_credential_process_is_refused() {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "daypass_session_section = work\n"));
    let before = (home.config(), home.credentials());
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the session section [work] (~/.aws/credentials, not written yet) is also a profile with a credential_process (~/.aws/config, line 4): AWS tools would take the keys of the section and never run the process again, expired or not
      hint: keep the session in a section of its own: daypass_session_section = work-mfa in [profile work]
    ");
    home.write_credentials(&(home.credentials() + "\n[work]\nregion = eu-west-1\n"));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert!(
        run.stderr.contains(".aws/credentials, line 5"),
        "{}",
        run.report()
    );
    assert_eq!(home.config(), before.0);
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_session_never_overwrites_a_long_term_key() {
    let home = Home::new();
    home.write_credentials(&home.long_term_section("work"));
    home.write_config(&format!(
        "[profile work]\nmfa_serial = {}\ndaypass_session_section = work\n",
        home.device.serial
    ));
    let before = home.credentials();
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the session section [work] holds a long-term key, which a session would overwrite (~/.aws/credentials, line 2)
      hint: keep the session in a section of its own: daypass_session_section = work-mfa in [profile work]
    ");
    assert_eq!(home.credentials(), before);
}

#[test]
fn the_classic_layout_keeps_the_session_in_the_profile_itself() {
    let home = Home::new();
    home.write_config(&format!(
        "[profile work]\nmfa_serial = {}\ndaypass_session_section = work\n",
        home.device.serial
    ));
    home.log_in();
    assert!(home.credential("work", "aws_session_token").is_some());
    assert_eq!(home.daypass(["status", "work", "--check"]).run().exit, 0);
}

#[test]
fn an_unknown_profile_lists_near_names() {
    let home = Home::new();
    let run = home.daypass(["login", "wrok"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: there is no profile 'wrok' in ~/.aws/config or ~/.aws/credentials
      hint: did you mean work?
    ");
    let run = home.daypass(["login"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: no profile was named, AWS_PROFILE is not set, and there is no profile 'default'
      hint: name one, as in: daypass login work; there are: work
    ");
}

#[test]
fn two_different_profiles_at_once_are_a_usage_error() {
    let home = Home::new();
    let run = home.daypass(["login", "work", "-p", "other"]).run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: two profiles are named, 'work' and --profile 'other'
      hint: name one of them
    ");
    let run = home.daypass(["status", "work", "--profile", "work"]).run();
    assert_eq!(run.exit, 0);
}

#[test]
fn what_aws_would_refuse_anyway_is_refused_before_any_prompt() {
    let home = Home::new();
    for arguments in [
        ["--duration", "14m"],
        ["--duration", "37h"],
        ["--duration", "soon"],
        ["--code", "12345"],
        ["--code", "password"],
        ["--serial", "ada"],
    ] {
        let run = home
            .daypass(["login", "work"].into_iter().chain(arguments))
            .run();
        assert_eq!(run.exit, 2, "{}", run.report());
        assert!(
            run.stderr.starts_with("daypass: error: "),
            "{}",
            run.report()
        );
    }
    home.write_config(&(home.profile_section("work") + "duration_seconds = 100\n"));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: duration_seconds cannot be used (~/.aws/config, line 5)
      caused by: AWS gives sessions of 15m to 36h (900 to 129600 seconds), not of 100 s
      hint: write duration_seconds = 28800 for eight hours
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_file_that_cannot_be_parsed_is_never_rewritten() {
    let home = Home::new();
    let broken = home.credentials() + "this is no setting\n";
    home.write_credentials(&broken);
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @r#"
    exit 1
    --- stderr
    daypass: error: ~/.aws/credentials, line 4: there is no "="
      hint: mend this line in an editor; daypass changes no file that it cannot read in full
    "#);
    assert_eq!(home.credentials(), broken);
}

#[test]
fn every_other_byte_of_the_credentials_file_stays() {
    let home = Home::new();
    let before = format!(
        "# my keys; do not touch\r\n\r\n{}\r\n; old\n[other]\naws_access_key_id=AKIAOTHEROTHEROTHER1\n  \naws_secret_access_key =   abc\n\n\n[last]\nregion=eu-west-1",
        home.long_term_section("work-long-term")
            .replace('\n', "\r\n"),
    );
    home.write_credentials(&before);
    home.log_in();
    assert!(
        home.credentials().starts_with(&before),
        "{}",
        home.credentials()
    );
    let run = home.daypass(["logout", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(home.credentials().trim_end(), before);
}

#[test]
fn a_session_section_with_an_impossible_name_is_refused_before_a_code_is_spent() {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "daypass_session_section = a]b\n"));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @r#"
    exit 1
    --- stderr
    daypass: error: daypass_session_section of profile 'work' cannot be used
      caused by: a section cannot be named "a]b"
      hint: take daypass_session_section out of [profile work]: the session is then kept in [work-mfa]
    "#);
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_login_whose_session_cannot_be_saved_is_no_login() {
    let home = Home::new();
    home.break_credentials_with_mfa_process();
    let run = home.daypass(["login", "work"]).run();
    assert_report!(run.report(), @r#"
    exit 1
    --- stderr
    daypass: error: AWS gave a session, but it could not be saved
      caused by: ~/.aws/credentials, line 4: there is no "="
      hint: mend this line in an editor; daypass changes no file that it cannot read in full
    "#);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn mfa_process_gives_the_code() {
    let home = Home::new();
    let code = home.code();
    home.write_config(&(home.profile_section("work") + &format!("mfa_process = echo {code}\n")));
    let run = home.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn an_mfa_process_that_gives_no_code_is_named_and_its_output_is_not_repeated() {
    let home = Home::new();
    for (command, expected) in [
        ("echo hunter2", "printed something that is not a code"),
        ("false", "failed (exit status: 1)"),
        ("/no/such/program", "cannot be started"),
        ("echo 'open", "cannot be read as a command"),
    ] {
        home.write_config(&(home.profile_section("work") + &format!("mfa_process = {command}\n")));
        let run = home.daypass(["login", "work"]).run();
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(run.stderr.contains(expected), "{}", run.report());
        assert!(!run.stderr.contains("hunter2"), "{}", run.report());
        fs::remove_dir_all(home.path(".aws/daypass")).unwrap();
    }
}

#[test]
fn a_person_is_asked_on_the_terminal_and_the_question_is_erased() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work (device ada):");
    terminal.send(&home.code());
    terminal.send("\r");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(run.screen.contains("\r\x1b[K"), "{run:?}");
    assert!(run.screen.contains("logged in"), "{run:?}");
}

#[test]
fn a_refused_code_is_asked_for_again_three_times_in_all() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    for wrong in wrong_codes(&home) {
        terminal.expect("MFA code for work");
        terminal.send(&format!("{wrong}\r"));
    }
    terminal.expect("AWS refused the MFA code");
    let run = terminal.finish();
    assert_eq!(run.exit, 4, "{run:?}");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 3);
}

#[test]
fn a_typing_mistake_is_no_try() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("12345\r");
    terminal.expect("a code is six digits");
    terminal.expect("MFA code for work");
    terminal.send(&format!("9\x7f{}\r", home.code()));
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn ctrl_c_leaves_the_terminal_and_the_files_as_they_were() {
    let home = Home::new();
    let before = home.credentials();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("12\x03");
    terminal.expect("cancelled");
    assert!(terminal.echoes());
    let run = terminal.finish();
    assert_eq!(run.exit, 1, "{run:?}");
    assert_eq!(home.credentials(), before);
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn no_prompt_asks_nobody() {
    let home = Home::new();
    let terminal = Pty::start(&home.daypass(["login", "work", "--no-prompt"]));
    let run = terminal.finish();
    assert_eq!(run.exit, 3, "{run:?}");
}

#[test]
fn the_trace_says_what_is_done_and_holds_no_secret() {
    let home = Home::new();
    let code = home.code();
    let run = home
        .daypass(["-vvv", "login", "work", "--code", &code])
        .run();
    assert!(!run.stderr.contains(&code), "{}", run.report());
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: logged in until [HH:MM] (8 h left)
    --- stderr
    daypass: read ~/.aws/config, [N] bytes
    daypass: read ~/.aws/credentials, [N] bytes
    daypass: profile work: session of work in [work-mfa], long-term key [KEY], device arn:aws:iam::123456789012:mfa/ada, region eu-west-1, duration 8 h, MFA age limit 8 h, mfa_process no
    daypass: [work-mfa]: no session yet
    daypass: long-term key [KEY], code from --code
    daypass: [work-mfa]: no session yet
    daypass: region eu-west-1, endpoint http://[ADDRESS]
    daypass: sts:GetSessionToken for arn:aws:iam::123456789012:mfa/ada
    ");
}

/// Three codes that the sandbox will not accept now or in the next steps.
fn wrong_codes(home: &Home) -> Vec<String> {
    let current = home.sandbox.code(&home.device);
    let next = home.sandbox.fresh_code(&home.device);
    (0..)
        .map(|number| format!("{number:06}"))
        .filter(|code| *code != current && *code != next)
        .take(3)
        .collect()
}

fn wrong_code(home: &Home) -> String {
    wrong_codes(home).remove(0)
}

/// The file with the values of secrets left out.
fn mask_secrets(text: &str) -> String {
    text.lines()
        .map(|line| match line.split_once('=') {
            Some((key, _)) if key.contains("secret") || key.contains("token") => {
                format!("{key}= [SECRET]\n")
            }
            _ => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn the_root_user_gets_the_hour_that_aws_gives() {
    let home = Home::new();
    let root = home.sandbox.root();
    let device = home
        .sandbox
        .add_virtual_device(&root, "root-account-mfa-device");
    home.write_config(&format!("[profile root]\nmfa_serial = {}\n", device.serial));
    home.write_credentials(&format!(
        "[root-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        root.access_key_id, root.secret_access_key
    ));
    let code = home.sandbox.fresh_code(&device);
    let run = home.daypass(["login", "root", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let status = home.daypass(["status", "root", "--json"]).run().json();
    let left = status[0]["seconds_left"].as_i64().unwrap();
    assert!((3_590..=3_600).contains(&left), "{status}");
    let run = home.daypass(["status"]).run();
    assert!(run.stdout.contains(" 0 s of 8 h "), "{}", run.report());
}

#[test]
fn an_empty_token_makes_no_session_of_a_long_term_key() {
    let home = Home::new();
    home.write_credentials(&(home.long_term_section("work") + "aws_session_token =\n"));
    home.write_config(&format!(
        "[profile work]\nmfa_serial = {}\ndaypass_session_section = work\n",
        home.device.serial
    ));
    let before = home.credentials();
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 1, "{}", run.report());
    assert_eq!(home.credentials(), before);
}

#[test]
fn a_long_term_key_that_appears_while_the_code_is_asked_for_is_not_overwritten() {
    let home = Home::new();
    let key = home.sandbox.add_key(&home.user);
    let section = format!("\n[work-mfa]\naws_access_key_id = {}\n", key.access_key_id);
    fs::write(home.path("section"), section).unwrap();
    let script = format!("cat section >> .aws/credentials\necho {}\n", home.code());
    fs::write(home.path("code"), script).unwrap();
    home.write_config(&(home.profile_section("work") + "mfa_process = sh code\n"));
    let run = home.daypass(["login", "work"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: AWS gave a session, but it could not be saved
      caused by: [work-mfa] of ~/.aws/credentials holds a long-term key now, which the session would overwrite
      hint: move the long-term key out of [work-mfa], then log in again with a new code
    ");
    assert_eq!(
        home.credential("work-mfa", "aws_access_key_id"),
        Some(key.access_key_id)
    );
}

#[test]
fn an_old_token_does_not_stay_beside_the_new_one() {
    let home = Home::new();
    home.write_config(&format!(
        "[profile work]\nmfa_serial = {}\ndaypass_session_section = work\n",
        home.device.serial
    ));
    let old = "\n[work]\naws_access_key_id = ASIAOLDOLDOLDOLDOLD1\naws_secret_access_key = OLDSECRET\naws_session_token = OLDTOKEN\naws_security_token = OLDTOKEN\nexpiration = 2026-01-01 00:00:00\n";
    home.write_credentials(&(home.credentials() + old));
    home.log_in();
    assert_eq!(home.credential("work", "aws_security_token"), None);
    assert!(!home.credentials().contains("OLDTOKEN"));
    assert_eq!(home.daypass(["status", "work", "--check"]).run().exit, 0);
}

#[test]
fn the_session_of_a_role_is_that_of_its_source() {
    let home = Home::new();
    home.write_config(
        &(home.profile_section("work")
            + "\n[profile eu]\nsource_profile = work\n"
            + "\n[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = eu\n"),
    );
    let run = home
        .daypass(["login", "prod", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(
        run.stdout.starts_with("eu: logged in until"),
        "{}",
        run.report()
    );
    assert!(home.credential("eu-mfa", "aws_session_token").is_some());
}

#[test]
fn source_profiles_that_go_round_in_a_circle_are_shown() {
    let home = Home::new();
    home.write_config("[profile a]\nsource_profile = b\n[profile b]\nsource_profile = a\n");
    let run = home.daypass(["login", "a"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: source_profile goes round in a circle: a -> b -> a
      hint: take one of these source_profile lines out of the config file
    ");
    home.write_config("[profile a]\nsource_profile = nowhere\n");
    let run = home.daypass(["login", "a"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'a' names the source_profile 'nowhere', which does not exist (~/.aws/config, line 2)
      hint: correct the name, or add a section for it
    ");
}

#[test]
fn a_key_of_the_environment_serves_when_no_profile_is_named() {
    let home = Home::new();
    home.write_config("");
    home.write_credentials("");
    let in_environment = |arguments: &[&str]| {
        home.daypass(arguments.iter().copied())
            .env("AWS_ACCESS_KEY_ID", &home.user.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &home.user.secret_access_key)
            .env("AWS_MFA_SERIAL", &home.device.serial)
    };
    let run = in_environment(&["login", "--code", &home.code()]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(
        home.credential("default-mfa", "aws_session_token")
            .is_some()
    );
    assert_eq!(in_environment(&["credential-process"]).run().exit, 0);
    let run = in_environment(&["status"]).run();
    assert!(run.stdout.contains("default  valid"), "{}", run.report());
    assert_eq!(in_environment(&["login", "default"]).run().exit, 1);
    let with_token = in_environment(&["login"]).env("AWS_SESSION_TOKEN", "token");
    assert_eq!(with_token.run().exit, 1);
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
fn what_was_given_as_a_code_is_not_repeated() {
    let home = Home::new();
    let run = home.daypass(["login", "work", "--code", "hunter2"]).run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: invalid value for '--code <CODE>': a code is six digits
      hint: daypass --help shows the commands, daypass COMMAND --help their options
    ");
}

#[test]
fn a_pipe_that_gives_no_code_yet_keeps_nobody_waiting() {
    let home = Home::new();
    let mut slow = home
        .daypass(["login", "work", "--code", "-"])
        .command()
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    drop(slow.stdin.take());
    assert_eq!(slow.wait().unwrap().code(), Some(2));
}

#[test]
fn without_a_command_the_commands_are_shown() {
    let home = Home::new();
    let run = home.daypass([]).run();
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Commands:"), "{}", run.report());
}
