//! Asking for the MFA devices of each user.

use std::time::{Duration, Instant};

use daypass_sandbox::{Fault, Times};

use super::{
    seeded_account::{password, seed},
    *,
};
use crate::support::Pty;

const ASKED: &str = "ListMFADevices";

fn seeded() -> Home {
    let home = Home::new();
    home.log_in();
    seed(&home);
    home
}

fn audit_json(home: &Home) -> Run {
    home.daypass(["audit", "work", "--format", "json"]).run()
}

/// Adds users with a device.
fn crowd(home: &Home, count: usize) {
    for number in 0..count {
        let user = home.sandbox.add_user(&format!("crowd-{number}"));
        home.sandbox.add_virtual_device(&user, &user.name);
    }
}

/// One after the other they would take half a minute.
#[test]
fn several_users_are_asked_about_at_the_same_time_and_the_report_is_the_same() {
    let home = seeded();
    crowd(&home, 60);
    let expected = found(&audit_json(&home));
    let slow = Fault::Slow(Duration::from_millis(500));
    home.sandbox.misbehave(ASKED, slow, Times::Always);
    let begin = Instant::now();
    let run = audit_json(&home);
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(found(&run), expected);
}

#[test]
fn whoever_was_throttled_is_asked_about_again() {
    let home = seeded();
    crowd(&home, 20);
    let expected = found(&audit_json(&home));
    let before = home.sandbox.calls(ASKED);
    // All that are sent at the beginning, and all that follow after a pause.
    home.sandbox
        .misbehave(ASKED, Fault::Throttle, Times::Next(12));
    let run = audit_json(&home);
    assert_eq!(run.stderr, "", "{}", run.report());
    assert_eq!(found(&run), expected);
    for check in ["single-device", "sms-device", "fido-only-with-keys"] {
        assert_eq!(status(&run, check), "found", "{}", run.report());
    }
    let asked = home.sandbox.calls(ASKED) - before;
    // Three of the seeded users without a device are asked about as well: the report is not new any more.
    assert_eq!(asked, 12 + 20 + 9);
}

#[test]
fn a_terminal_sees_how_far_it_is_and_why_it_waits() {
    let home = seeded();
    crowd(&home, 20);
    home.sandbox
        .misbehave(ASKED, Fault::Throttle, Times::Next(12));
    let mut pty = Pty::start(&home.daypass(["audit", "work", "--fail-on", "none"]));
    pty.expect("AWS is asked too often, waiting for 1 s");
    pty.expect("reading MFA devices: 26 of 26");
    assert_eq!(pty.finish().exit, 0);
}

#[test]
fn whoever_does_not_want_to_wait_for_the_devices_can_go() {
    let home = seeded();
    crowd(&home, 20);
    let slow = Fault::Slow(Duration::from_secs(600));
    home.sandbox.misbehave(ASKED, slow, Times::Always);
    let mut pty = Pty::start(&home.daypass(["audit", "work"]));
    pty.expect("reading the virtual MFA devices");
    let begin = Instant::now();
    while home.sandbox.calls(ASKED) == 0 && begin.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let begin = Instant::now();
    pty.send("\x03");
    assert!(!pty.wait().success());
    assert!(begin.elapsed() < Duration::from_secs(5));
}

/// A report that was made for the audit knows who has none; one of four hours ago does not.
#[test]
fn nobody_is_asked_about_whose_answer_is_known() {
    let home = seeded();
    let asked = |home: &Home| {
        let before = home.sandbox.calls(ASKED);
        let run = audit_json(home);
        assert_eq!(status(&run, "single-device"), "found", "{}", run.report());
        home.sandbox.calls(ASKED) - before
    };
    assert_eq!(asked(&home), 6);
    assert_eq!(asked(&home), 9);
}

/// The list of virtual devices is of now: it tells of whoever has enrolled one after the report was made, even of a user
/// who had nothing to protect then.
#[test]
fn whoever_has_a_virtual_device_now_is_asked_about_whatever_an_old_report_says() {
    let home = seeded();
    let idle = home.sandbox.add_user("idle");
    home.sandbox.delete_key(&idle.access_key_id);
    let has = |run: &Run| found(run).contains(&"single-device user/idle".to_owned());
    assert!(!has(&audit_json(&home)));
    home.sandbox.add_virtual_device(&idle, "idle");
    password(&home.sandbox, &idle, 0, None);
    let run = audit_json(&home);
    assert!(has(&run), "{}", run.report());
}

/// All would be refused.
#[test]
fn whoever_is_denied_the_devices_is_told_so_once() {
    let home = seeded();
    crowd(&home, 60);
    home.sandbox.deny(&home.user, &format!("iam:{ASKED}"));
    let run = audit_json(&home);
    assert_eq!(status(&run, "sms-device"), "not-checked");
    assert_eq!(
        run.stdout.matches("iam:ListMFADevices is denied").count(),
        3
    );
    // Those that were on their way when the first refusals came, and not all sixty.
    assert!(
        home.sandbox.calls(ASKED) <= 16,
        "{}",
        home.sandbox.calls(ASKED)
    );
}
