//! `daypass login`: the session, and when it is renewed.

use std::time::Duration;

use crate::support::{Home, assert_report, is_there};

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
    daypass: profile work: session of work in [work-mfa], roles none, long-term key [KEY], device arn:aws:iam::123456789012:mfa/ada, region eu-west-1, duration 8 h, MFA age limit 8 h, mfa_process no, seed no, keychain system
    daypass: [work-mfa]: no session yet
    daypass: long-term key [KEY], code from --code
    daypass: [work-mfa]: no session yet
    daypass: region eu-west-1, endpoint http://[ADDRESS]
    daypass: sts:GetSessionToken for arn:aws:iam::123456789012:mfa/ada
    ");
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
    assert!(run.stdout.contains(" s of 8 h "), "{}", run.report());
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
fn a_login_with_another_device_says_how_the_profile_gets_that_one() {
    let home = Home::new();
    let phone = home.sandbox.add_virtual_device(&home.user, "phone");
    let code = home.sandbox.fresh_code(&phone);
    let run = home
        .daypass(["login", "work", "--serial", &phone.serial, "--code", &code])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let told = format!(
        "commands without --serial take no notice of this session; to change the profile: daypass setup work \
         --serial {}\n",
        phone.serial
    );
    assert!(run.stderr.ends_with(&told), "{}", run.report());
}
