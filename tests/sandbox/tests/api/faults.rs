//! Misbehaviour, and what is counted meanwhile.

use std::time::{Duration, Instant};

use daypass_sandbox::{Call, Fault, Sandbox, Times};

use crate::client::Client;

const ACTION: &str = "GetCallerIdentity";

#[test]
fn refusals_come_as_often_as_planned() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    for (fault, status, code) in [
        (Fault::Throttle, 400, "Throttling"),
        (Fault::Status500, 500, "InternalFailure"),
        (Fault::Status503, 503, "ServiceUnavailable"),
    ] {
        sandbox.misbehave(ACTION, fault, Times::Next(2));
        for _ in 0..2 {
            let refusal = client.call(ACTION, &[]).refusal();
            assert_eq!((refusal.0, &*refusal.1), (status, code));
        }
        assert_eq!(client.call(ACTION, &[]).outcome(), "ok");
    }
}

#[test]
fn other_actions_are_not_affected_and_behaving_ends_it() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    sandbox.misbehave(ACTION, Fault::Throttle, Times::Always);
    for _ in 0..3 {
        assert_eq!(client.call(ACTION, &[]).outcome(), "Throttling");
    }
    assert_eq!(client.call("GetSessionToken", &[]).outcome(), "ok");
    sandbox.behave();
    assert_eq!(client.call(ACTION, &[]).outcome(), "ok");
}

#[test]
fn a_dropped_login_leaves_the_code_unspent() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let client = Client::of(&sandbox, &ada);
    let code = sandbox.fresh_code(&device);
    let parameters = [("SerialNumber", &*device.serial), ("TokenCode", &*code)];
    for fault in [Fault::Drop, Fault::Status500, Fault::Garbage] {
        sandbox.misbehave("GetSessionToken", fault, Times::Next(1));
        let answer = client.try_call("GetSessionToken", &parameters);
        assert_eq!(answer.is_err(), fault == Fault::Drop, "{fault:?}");
    }
    assert_eq!(client.login(&device, &code).outcome(), "ok");
}

#[test]
fn a_login_dropped_afterwards_has_spent_the_code() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let client = Client::of(&sandbox, &ada);
    let code = sandbox.fresh_code(&device);
    let parameters = [("SerialNumber", &*device.serial), ("TokenCode", &*code)];
    sandbox.misbehave("GetSessionToken", Fault::DropAfter, Times::Next(1));
    client.try_call("GetSessionToken", &parameters).unwrap_err();
    assert_eq!(client.login(&device, &code).outcome(), "AccessDenied");
}

#[test]
fn a_truncated_answer_is_shorter_than_it_says() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    sandbox.misbehave(ACTION, Fault::Truncated, Times::Next(1));
    let answer = client.call(ACTION, &[]);
    let length = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert!(
        answer.body.starts_with("<GetCallerIdentityResponse"),
        "{answer:?}"
    );
    assert_eq!(answer.body.len(), length / 2);
}

#[test]
fn garbage_is_a_web_page_or_bytes_and_claims_to_be_fine() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    sandbox.misbehave(ACTION, Fault::Garbage, Times::Next(1));
    sandbox.misbehave(ACTION, Fault::GarbageBinary, Times::Next(1));
    let page = client.call(ACTION, &[]);
    assert_eq!(page.status, 200);
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
    let bytes = client.call(ACTION, &[]);
    assert_eq!(bytes.status, 200);
    assert!(bytes.body.starts_with('\u{fffd}'), "{}", bytes.body);
}

#[test]
fn a_slow_answer_is_complete_and_holds_up_nobody_else() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    let delay = Duration::from_millis(500);
    sandbox.misbehave(ACTION, Fault::Slow(delay), Times::Next(1));
    let start = Instant::now();
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| client.call(ACTION, &[]).outcome());
        while sandbox.calls(ACTION) == 0 {
            std::thread::yield_now();
        }
        assert_eq!(client.call(ACTION, &[]).outcome(), "ok");
        assert!(!slow.is_finished(), "the second call came through first");
        assert_eq!(slow.join().unwrap(), "ok");
    });
    assert!(start.elapsed() >= delay);
}

#[test]
fn every_call_and_connection_is_counted_and_logged() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let client = Client::of(&sandbox, &ada);
    sandbox.misbehave(ACTION, Fault::Drop, Times::Next(1));
    client.try_call(ACTION, &[]).unwrap_err();
    client.call(ACTION, &[]);
    client.call("GetSessionToken", &[("DurationSeconds", "5")]);
    let call = |action: &str, outcome: &str| Call {
        action: action.to_owned(),
        access_key_id: ada.access_key_id.clone(),
        region: "us-east-1".to_owned(),
        host: sandbox.url().replace("http://", ""),
        outcome: outcome.to_owned(),
    };
    let expected = [
        call(ACTION, "dropped"),
        call(ACTION, "ok"),
        call("GetSessionToken", "ValidationError"),
    ];
    assert_eq!(sandbox.log(), expected);
    assert_eq!((sandbox.calls(ACTION), sandbox.total_calls()), (2, 3));
    assert_eq!(sandbox.connections(), 3);
}
