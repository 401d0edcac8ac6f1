//! `daypass logout`

use crate::support::{Home, assert_report};

#[test]
fn it_takes_the_session_and_leaves_every_other_byte() {
    let home = Home::new();
    let before = home.credentials();
    home.log_in();
    assert_report!(home.daypass(["logout", "work"]).run().report(), @"
    exit 0
    --- stdout
    work: session forgotten
    ");
    assert_eq!(home.credentials(), before);
    assert_report!(home.daypass(["logout", "work"]).run().report(), @"
    exit 0
    --- stdout
    work: no session in ~/.aws/credentials
    ");
}

#[test]
fn all_takes_every_session_that_daypass_wrote_and_no_other() {
    let home = Home::new();
    let others = "\n[saml]\naws_access_key_id = ASIAEXAMPLEEXAMPLE12\naws_secret_access_key = x\naws_session_token = y\n";
    home.write_credentials(&(home.credentials() + others));
    let before = home.credentials();
    home.log_in();
    home.write_config(
        &(home.config()
            + "\n"
            + &home.profile_section("test").replace(
                "[profile test]\n",
                "[profile test]\nsource_profile = work\n",
            )),
    );
    let run = home
        .daypass(["login", "test", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let run = home.daypass(["logout", "--all"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    forgotten: work-mfa, test-mfa
    ");
    assert_eq!(home.credentials(), before);
}

#[test]
fn in_a_shared_section_only_our_own_keys_go() {
    let home = Home::new();
    home.write_config(&home.classic_profile_section("work"));
    home.write_credentials(
        &(home.credentials() + "\n[work]\n# Frankfurt\nregion = eu-central-1\n"),
    );
    let before = home.credentials();
    home.log_in();
    assert_ne!(home.credentials(), before);
    assert_eq!(home.daypass(["logout", "work"]).run().exit, 0);
    assert_eq!(home.credentials(), before);
}

#[test]
fn a_profile_with_a_mistake_in_it_can_still_be_logged_out() {
    let home = Home::new();
    home.log_in();
    home.write_config(&(home.profile_section("work") + "duration_seconds = 5\n"));
    let run = home.daypass(["logout", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(home.credential("work-mfa", "aws_session_token"), None);
}
