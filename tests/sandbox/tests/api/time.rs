//! The sandbox's clock.

use std::time::Duration;

use daypass_sandbox::Sandbox;

use crate::client::Client;

#[test]
fn answers_are_dated_by_the_sandboxs_clock() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    sandbox.set_clock_offset(-3 * 86_400);
    let before = sandbox.now();
    let answer = client.call("GetCallerIdentity", &[]);
    let mut dates = answer
        .head
        .lines()
        .filter_map(|line| line.strip_prefix("date: "));
    let date = chrono::DateTime::parse_from_rfc2822(dates.next().unwrap()).unwrap();
    assert!((before..=sandbox.now()).contains(&date.to_utc()), "{date}");
    assert_eq!(dates.next(), None, "there is one date");
}

#[test]
fn codes_follow_the_sandboxs_clock() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let client = Client::of(&sandbox, &ada);
    let old = sandbox.code(&device);
    sandbox.advance(Duration::from_secs(3_600));
    assert_eq!(client.login(&device, &old).outcome(), "AccessDenied");
    assert_eq!(
        client.login(&device, &sandbox.code(&device)).outcome(),
        "ok"
    );
}

#[test]
fn ageing_is_time_passing_with_the_clock_left_alone() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let limit = Duration::from_secs(28_800);
    sandbox.set_mfa_age_limit(&ada, Some(limit));
    let key = Client::of(&sandbox, &ada);
    let code = sandbox.fresh_code(&device);
    let session = key.with_session(&key.login(&device, &code));
    let before = sandbox.now();

    sandbox.age(limit + Duration::from_secs(1));
    assert!(sandbox.now() - before < chrono::TimeDelta::seconds(60));
    let answer = session.call("ListAccountAliases", &[]);
    assert_eq!(answer.outcome(), "AccessDenied", "past the MFA age limit");
    assert_eq!(session.call("GetCallerIdentity", &[]).outcome(), "ok");
    // The device's steps have grown old as well: there is no waiting for the next code.
    let code = sandbox.code(&device);
    assert_eq!(key.login(&device, &code).outcome(), "ok");

    sandbox.age(Duration::from_secs(4 * 3_600));
    let answer = session.call("GetCallerIdentity", &[]);
    assert_eq!(answer.outcome(), "ExpiredToken");
}
