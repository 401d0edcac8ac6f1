//! GetSessionToken.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use daypass_sandbox::{Device, Sandbox, User};

use crate::client::{Answer, Client};

const INVALID_CODE: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
const UNABLE: &str = "MultiFactorAuthentication failed, unable to validate MFA code.  Please \
verify your MFA serial number is valid and associated with this user.";

fn ada(sandbox: &Sandbox) -> (User, Device) {
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    (ada, device)
}

/// The offset at which the sandbox's clock is at the beginning of a time step: no step ends
/// before the test does.
fn offset_to_a_step(sandbox: &Sandbox) -> i64 {
    31 - sandbox.now().timestamp() % 30
}

fn expiration(answer: &Answer) -> DateTime<Utc> {
    answer.text("Expiration").unwrap().parse().unwrap()
}

#[track_caller]
fn assert_denied(answer: &Answer, message: &str) {
    let expected = (403, "AccessDenied".to_owned(), message.to_owned());
    assert_eq!(answer.refusal(), expected);
}

#[track_caller]
fn assert_invalid(answer: &Answer, message: &str) {
    let (status, code, given) = answer.refusal();
    assert_eq!((status, &*code), (400, "ValidationError"));
    assert!(given.contains(message), "{given}");
}

#[test]
fn a_session_has_the_shape_of_aws() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let answer = Client::of(&sandbox, &ada).login(&device, &sandbox.code(&device));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let id = answer.text("AccessKeyId").unwrap();
    assert!(id.starts_with("ASIA") && id.len() == 20, "{id}");
    assert_eq!(answer.text("SecretAccessKey").unwrap().len(), 40);
    let token = answer.text("SessionToken").unwrap();
    assert!(token.len() >= 300);
    for character in ['/', '+', '='] {
        assert!(token.contains(character), "{token}");
    }
}

#[test]
fn a_session_lives_as_long_as_asked_and_twelve_hours_by_default() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    for (asked, seconds) in [
        (None, 43_200),
        (Some("900"), 900),
        (Some("129600"), 129_600),
    ] {
        let parameters: Vec<_> = asked
            .map(|asked| ("DurationSeconds", asked))
            .into_iter()
            .collect();
        let before = sandbox.now();
        let answer = client.call("GetSessionToken", &parameters);
        let start = expiration(&answer) - TimeDelta::seconds(seconds);
        assert!((before..=sandbox.now()).contains(&start), "{start}");
    }
}

#[test]
fn other_durations_are_refused() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    for (seconds, limit) in [
        ("5", "greater than or equal to 900"),
        ("899", "greater than or equal to 900"),
        ("129601", "less than or equal to 129600"),
    ] {
        let answer = client.call("GetSessionToken", &[("DurationSeconds", seconds)]);
        let message = format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to \
             satisfy constraint: Member must have value {limit}"
        );
        assert_invalid(&answer, &message);
    }
    let answer = client.call("GetSessionToken", &[("DurationSeconds", "8h")]);
    assert_eq!(answer.outcome(), "MalformedInput");
}

#[test]
fn the_root_user_gets_an_hour_at_most() {
    let sandbox = Sandbox::start();
    let root = sandbox.root();
    assert_eq!(root, sandbox.root(), "there is one root user");
    let client = Client::of(&sandbox, &root);
    let answer = client.call("GetSessionToken", &[]);
    assert!(expiration(&answer) <= sandbox.now() + TimeDelta::seconds(3_600));
    // The STS API reference: a longer duration is cut in silence, not refused.
    let answer = client.call("GetSessionToken", &[("DurationSeconds", "43200")]);
    assert!(expiration(&answer) <= sandbox.now() + TimeDelta::seconds(3_600));
}

#[test]
fn a_code_is_good_once() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    let code = sandbox.fresh_code(&device);
    assert_eq!(client.login(&device, &code).outcome(), "ok");
    assert_denied(&client.login(&device, &code), INVALID_CODE);
}

#[test]
fn accepting_the_next_code_spends_the_current_one() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    // As seen by a device whose clock is one step ahead of the sandbox's.
    let offset = offset_to_a_step(&sandbox);
    sandbox.set_clock_offset(offset + 30);
    let next = sandbox.code(&device);
    sandbox.set_clock_offset(offset);
    let current = sandbox.code(&device);
    assert_eq!(client.login(&device, &next).outcome(), "ok");
    assert_denied(&client.login(&device, &current), INVALID_CODE);
}

#[test]
fn codes_of_one_step_to_either_side_are_taken_and_no_others() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    let offset = offset_to_a_step(&sandbox);
    for (seconds, outcome) in [
        (-60, "AccessDenied"),
        (60, "AccessDenied"),
        (-30, "ok"),
        (30, "ok"),
    ] {
        sandbox.set_clock_offset(offset + seconds);
        let code = sandbox.code(&device);
        sandbox.set_clock_offset(offset);
        assert_eq!(client.login(&device, &code).outcome(), outcome, "{seconds}");
    }
}

#[test]
fn fresh_codes_give_two_logins_at_once() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    for _ in 0..2 {
        let code = sandbox.fresh_code(&device);
        assert_eq!(client.login(&device, &code).outcome(), "ok");
    }
}

#[test]
fn a_wrong_code_is_denied_and_spends_nothing() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    let code = sandbox.code(&device);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    assert_denied(&client.login(&device, &wrong), INVALID_CODE);
    assert_eq!(client.login(&device, &code).outcome(), "ok");
}

#[test]
fn a_serial_that_is_not_the_users_or_gives_no_codes_cannot_be_validated() {
    let sandbox = Sandbox::start();
    let (ada, own) = ada(&sandbox);
    let bob = sandbox.add_user("bob");
    let others = sandbox.add_virtual_device(&bob, "bob");
    let fido = sandbox.add_fido_device(&ada, "yubikey");
    let sms = sandbox.add_sms_device(&ada, "ada");
    assert!(
        fido.starts_with("arn:aws:iam::123456789012:u2f/user/yubikey-"),
        "{fido}"
    );
    assert_eq!(sms, "arn:aws:iam::123456789012:sms-mfa/ada");
    let client = Client::of(&sandbox, &ada);
    let code = sandbox.code(&others);
    for serial in [
        &others.serial,
        &fido,
        &sms,
        "arn:aws:iam::123456789012:mfa/none",
    ] {
        let parameters = [("SerialNumber", serial), ("TokenCode", &code)];
        assert_denied(&client.call("GetSessionToken", &parameters), UNABLE);
    }
    assert_eq!(client.login(&own, &sandbox.code(&own)).outcome(), "ok");
}

#[test]
fn malformed_codes_and_serials_are_refused_before_they_are_looked_at() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    assert_invalid(
        &client.login(&device, "12345"),
        "at 'tokenCode' failed to satisfy",
    );
    assert_invalid(
        &client.login(&device, "1234567"),
        "at 'tokenCode' failed to satisfy",
    );
    assert_invalid(&client.login(&device, "12 456"), "pattern: [\\d]*");
    assert_invalid(
        &client.login(&device, "abc"),
        "2 validation errors detected: ",
    );
    let parameters = [("SerialNumber", "GAHT<1"), ("TokenCode", "123456")];
    let answer = client.call("GetSessionToken", &parameters);
    assert_invalid(&answer, "at 'serialNumber' failed to satisfy");
}

#[test]
fn serial_and_code_belong_together() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let client = Client::of(&sandbox, &ada);
    for parameter in [("SerialNumber", &*device.serial), ("TokenCode", "123456")] {
        assert_denied(
            &client.call("GetSessionToken", &[parameter]),
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time \
             pass code.",
        );
    }
}

#[test]
fn a_session_cannot_make_sessions() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let session = Client::of(&sandbox, &ada).logged_in(&device);
    assert_denied(
        &session.call("GetSessionToken", &[]),
        "Cannot call GetSessionToken with session credentials",
    );
}

#[test]
fn an_expired_session_is_told_so() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let key = Client::of(&sandbox, &ada);
    let session = key.with_session(&key.call("GetSessionToken", &[("DurationSeconds", "900")]));
    sandbox.advance(Duration::from_secs(890));
    assert_eq!(session.call("GetCallerIdentity", &[]).outcome(), "ok");
    sandbox.advance(Duration::from_secs(10));
    let expected = (
        403,
        "ExpiredToken".to_owned(),
        "The security token included in the request is expired".to_owned(),
    );
    assert_eq!(session.call("GetCallerIdentity", &[]).refusal(), expected);
    assert_eq!(key.call("GetCallerIdentity", &[]).outcome(), "ok");
}
