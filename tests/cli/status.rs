//! `daypass status`

use std::time::Duration;

use crate::support::{Home, Pty, assert_report, is_there};

#[test]
fn without_a_session_it_says_how_to_log_in() {
    let home = Home::new();
    assert_report!(home.daypass(["status"]).run().report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     none      no session yet

    to log in: daypass login work
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_session_is_shown_with_its_age_as_a_bar() {
    let home = Home::new();
    home.log_in();
    assert_report!(home.daypass(["status"]).run().report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     valid     ░░░░░░░░░░ [N] s of 8 h          [HH:MM] (8 h left)
    ");
}

#[test]
fn the_states_follow_the_age() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    for (seconds, state, check) in [
        (3_600, "valid", 0),
        (7 * 3_600 + 45 * 60, "expiring", 0),
        (8 * 3_600 + 60, "expired", 10),
    ] {
        let status = home.daypass(["status", "--json"]).at(seconds).run().json();
        assert_eq!(status[0]["state"], state);
        let run = home
            .daypass(["status", "work", "--check"])
            .at(seconds)
            .run();
        assert_eq!(run.exit, check, "{}", run.report());
    }
    let run = home.daypass(["status"]).at(5 * 3_600 + 5).run();
    assert!(
        run.stdout.contains("██████░░░░ 5 h of 8 h"),
        "{}",
        run.report()
    );
    let run = home.daypass(["status"]).at(9 * 3_600 + 5).run();
    assert!(
        run.stdout.contains("██████████ 9 h of 8 h"),
        "{}",
        run.report()
    );
    assert!(
        run.stdout.contains("to log in: daypass login work"),
        "{}",
        run.report()
    );
}

#[test]
fn the_json_has_every_field() {
    let home = Home::new();
    let none = home.daypass(["status", "work", "--json"]).run().json();
    assert_eq!(
        none,
        serde_json::json!([{
            "profile": "work",
            "section": "work-mfa",
            "state": "none",
            "expires_at": null,
            "mfa_time": null,
            "mfa_age_limit_seconds": 28800,
            "seconds_left": 0,
            "mfa_serial": home.device.serial,
            "account_id": "123456789012",
            "role_arn": null,
        }])
    );
    home.log_in();
    let valid = home.daypass(["status", "work", "--json"]).run().json();
    assert_eq!(valid[0]["state"], "valid");
    assert!(valid[0]["seconds_left"].as_i64().unwrap() > 28_700);
    for field in ["expires_at", "mfa_time"] {
        let text = valid[0][field].as_str().unwrap();
        assert!(text.ends_with('Z') && text.len() == 20, "{text}");
    }
}

#[test]
fn short_is_a_word_for_the_prompt_or_nothing() {
    let home = Home::new();
    let run = home.daypass(["status", "--short"]).run();
    assert_eq!((run.exit, run.stdout.as_str()), (0, ""));
    home.log_in();
    let run = home.daypass(["status", "--short"]).run();
    assert!(
        ["work 7h59m\n", "work 8h00m\n"].contains(&run.stdout.as_str()),
        "{}",
        run.report()
    );
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let home = Home::new();
    home.log_in();
    let escape = '\u{1b}';
    assert!(!home.daypass(["status"]).run().stdout.contains(escape));
    assert!(
        home.daypass(["--color", "always", "status"])
            .run()
            .stdout
            .contains(escape)
    );
    let terminal = Pty::start(&home.daypass(["status"])).finish();
    assert!(terminal.screen.contains("\u{1b}[32mvalid"), "{terminal:?}");
    let plain = home.daypass(["status"]).env("NO_COLOR", "1");
    let terminal = Pty::start(&plain).finish();
    assert!(!terminal.screen.contains(escape), "{terminal:?}");
}

#[test]
fn another_key_another_device_or_a_new_serial_count_as_no_session() {
    let home = Home::new();
    home.log_in();
    let (config, credentials) = (home.config(), home.credentials());
    let state = |home: &Home| {
        let status = home.daypass(["status", "work", "--json"]).run().json();
        status[0]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&home), "valid");

    let key = home.sandbox.add_key(&home.user);
    home.write_credentials(&credentials.replacen(&home.user.access_key_id, &key.access_key_id, 1));
    assert_eq!(state(&home), "none");
    let run = home.daypass(["status"]).run();
    assert!(
        run.stdout.contains("made with another long-term key"),
        "{}",
        run.report()
    );
    home.write_credentials(&credentials);

    home.write_config(&config.replace("mfa/ada", "mfa/new-phone"));
    assert_eq!(state(&home), "none");
    home.write_config(&config);
    assert_eq!(state(&home), "valid");
}

#[test]
fn a_session_made_without_mfa_counts_as_none() {
    let home = Home::new();
    home.write_credentials(
        &(home.credentials()
            + "\n[work-mfa]\naws_access_key_id = ASIAEXAMPLEEXAMPLE12\naws_secret_access_key = SECRETSECRET\naws_session_token = TOKENTOKEN\nexpiration = 2099-01-01T00:00:00Z\n"),
    );
    let status = home.daypass(["status", "work", "--json"]).run().json();
    assert_eq!(status[0]["state"], "none");
}

#[test]
fn one_broken_profile_does_not_hide_the_others() {
    let home = Home::new();
    home.write_config(
        &(home.profile_section("work") + "\n[profile old]\nmfa_serial = not-a-serial!\n"),
    );
    home.log_in();
    let run = home.daypass(["status"]).run();
    assert_eq!(run.exit, 0);
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     valid     ░░░░░░░░░░ [N] s of 8 h          [HH:MM] (8 h left)
    old      none      the MFA device of profile 'old' cannot be used (~/.aws/config, line 7): 'not-a-serial!' is not the serial of an MFA device: it looks like arn:aws:iam::123456789012:mfa/ada or GAHT12345678
    ");
}

#[test]
fn an_age_limit_of_the_profile_is_kept_to() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "daypass_mfa_age_limit = 1h\n"));
    home.log_in();
    home.sandbox.advance(Duration::from_secs(3_600));
    let status = home
        .daypass(["status", "work", "--json"])
        .at(3_601)
        .run()
        .json();
    assert_eq!(status[0]["state"], "expired");
    assert_eq!(status[0]["mfa_age_limit_seconds"], 3_600);
}

#[test]
fn an_access_key_that_has_been_in_use_for_ninety_days_is_to_be_replaced() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let days = |days: i64| {
        let run = home.daypass(["status"]).at(days * 24 * 3_600 + 60).run();
        run.stdout
    };
    assert!(!days(89).contains("access key"), "{}", days(89));
    let text = days(91);
    let note = "the access key of work is 91 days old or older: daypass rotate work\nto log in: daypass login work\n";
    assert!(text.ends_with(note), "{text}");
}

#[test]
fn on_a_terminal_no_row_is_longer_than_the_terminal_is_wide() {
    let home = Home::new();
    home.write_config(&home.profile_section("company-product"));
    home.write_credentials(&home.long_term_section("company-product-long-term"));
    let code = home.code();
    let login = ["login", "company-product", "--code", &code];
    assert_eq!(home.daypass(login).run().exit, 0);
    let status = home.daypass(["status"]).env("NO_COLOR", "1").at(60);
    let run = Pty::start(&status).finish();
    assert!(run.screen.contains("7 h 59 min left"), "{}", run.screen);
    for line in run.screen.lines() {
        assert!(line.trim_end().chars().count() <= 80, "{}", run.screen);
    }
}

#[test]
fn a_role_that_was_not_assumed_yet_is_told_from_the_session_that_it_needs() {
    let home = Home::new();
    let role = "role_arn = arn:aws:iam::210987654321:role/Admin\nsource_profile = work\n";
    home.write_config(&format!("{}\n[profile prod]\n{role}", home.config()));
    home.log_in();
    let run = home.daypass(["status", "prod"]).run();
    assert!(
        run.stdout
            .contains("\n  prod   valid     role Admin, not assumed yet    "),
        "{}",
        run.report()
    );
    let run = home.daypass(["status", "prod"]).at(9 * 3_600).run();
    assert!(
        run.stdout
            .contains("\n  prod   expired   role Admin                     ended "),
        "{}",
        run.report()
    );
}
