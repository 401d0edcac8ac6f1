//! The session section, and what `daypass login` leaves alone in the shared files.

use std::fs;

use crate::support::{Home, assert_report};

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
    home.write_config(&home.classic_profile_section("work"));
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
    home.write_config(&home.classic_profile_section("work"));
    home.log_in();
    assert!(home.credential("work", "aws_session_token").is_some());
    assert_eq!(home.daypass(["status", "work", "--check"]).run().exit, 0);
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
fn an_empty_token_makes_no_session_of_a_long_term_key() {
    let home = Home::new();
    home.write_credentials(&(home.long_term_section("work") + "aws_session_token =\n"));
    home.write_config(&home.classic_profile_section("work"));
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
    home.write_config(&home.classic_profile_section("work"));
    let old = "\n[work]\naws_access_key_id = ASIAOLDOLDOLDOLDOLD1\naws_secret_access_key = OLDSECRET\naws_session_token = OLDTOKEN\naws_security_token = OLDTOKEN\nexpiration = 2026-01-01 00:00:00\n";
    home.write_credentials(&(home.credentials() + old));
    home.log_in();
    assert_eq!(home.credential("work", "aws_security_token"), None);
    assert!(!home.credentials().contains("OLDTOKEN"));
    assert_eq!(home.daypass(["status", "work", "--check"]).run().exit, 0);
}
