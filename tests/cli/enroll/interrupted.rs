//! An enrolment that is interrupted at any step leaves no orphan, or one that the next run replaces.

use std::{thread, time::Duration};

use daypass_sandbox::{Fault, Times};

use super::{
    FIRST, SECOND,
    newcomer::{GRACE, Newcomer, with_pass},
};
use crate::support::{PassStandIn, Pty, assert_report};

/// Where it stands when something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    FirstCode,
    Text,
    SecondCode,
    SecondPair,
}

const STEPS: [At; 4] = [At::FirstCode, At::Text, At::SecondCode, At::SecondPair];

/// Goes to a step of an enrolment on a terminal.
fn reach(newcomer: &Newcomer, terminal: &mut Pty<'_>, at: At) {
    terminal.expect(FIRST);
    match at {
        At::FirstCode => {}
        At::Text => {
            terminal.send("s\r");
            terminal.expect("q: QR code");
        }
        At::SecondCode => {
            let [first, _] = newcomer.home.sandbox.consecutive_codes(&newcomer.device());
            terminal.send(&format!("{first}\r"));
            terminal.expect(SECOND);
        }
        At::SecondPair => {
            terminal.send("702913\r");
            terminal.expect(SECOND);
            terminal.send("702914\r");
            terminal.expect("AWS refused them");
        }
    }
}

#[test]
fn ctrl_c_and_signals_at_every_question_delete_the_device() {
    for at in STEPS {
        for how in ["Ctrl-C", "Ctrl-D", "TERM", "INT", "HUP"] {
            let newcomer = Newcomer::new();
            let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
            reach(&newcomer, &mut terminal, at);
            match how {
                "Ctrl-C" => terminal.send("\x03"),
                "Ctrl-D" => terminal.send("\x04"),
                signal => terminal.signal(signal),
            }
            terminal.expect("the device grace was deleted again");
            let run = terminal.finish();
            assert_eq!(run.exit, 1, "{at:?}, {how}: {}", run.screen);
            newcomer.assert_untouched();
        }
    }
}

#[test]
fn whoever_was_interrupted_without_a_device_is_not_sent_to_the_login() {
    let newcomer = Newcomer::new();
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    terminal.signal("TERM");
    let run = terminal.finish();
    assert!(!run.screen.contains("daypass login"), "{}", run.screen);
    assert!(run.screen.contains("interrupted"), "{}", run.screen);
    assert!(run.screen.contains("daypass enroll work"), "{}", run.screen);
}

#[test]
fn a_key_that_comes_before_the_question_stands_ends_it_all_the_same() {
    for _ in 0..10 {
        let newcomer = Newcomer::new();
        let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
        // The code is being drawn, and the terminal still makes a signal of the key.
        terminal.expect("Scan this with an authenticator app");
        terminal.send("\x03");
        terminal.expect("the device grace was deleted again");
        assert_eq!(terminal.finish().exit, 1);
        newcomer.assert_untouched();
    }
}

#[test]
fn a_signal_while_aws_is_asked_waits_until_the_device_can_be_deleted() {
    let slow = Fault::Slow(Duration::from_secs(2));
    for (action, is_enabled) in [("CreateVirtualMFADevice", false), ("EnableMFADevice", true)] {
        let newcomer = Newcomer::new();
        let sandbox = &newcomer.home.sandbox;
        sandbox.misbehave(action, slow, Times::Next(1));
        let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
        if is_enabled {
            newcomer.type_pair(&mut terminal);
        }
        while sandbox.calls(action) == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        terminal.signal("TERM");
        let run = terminal.finish();
        assert_eq!(run.exit, 1, "{action}: {}", run.screen);
        if is_enabled {
            // It is enabled, so the profile is told of it.
            assert!(newcomer.home.config().contains(GRACE), "{}", run.screen);
            assert!(run.screen.contains("daypass login work"), "{}", run.screen);
        } else {
            newcomer.assert_untouched();
        }
    }
}

#[test]
fn a_killed_enrolment_is_recognised_by_the_next_which_replaces_it() {
    for at in STEPS {
        let newcomer = Newcomer::new();
        let sandbox = &newcomer.home.sandbox;
        let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
        reach(&newcomer, &mut terminal, at);
        let orphan = newcomer.device();
        terminal.signal("KILL");
        terminal.wait();
        // Whoever does not want it replaced keeps it.
        let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
        terminal.expect("is left of an earlier attempt, and nobody can use it. Replace it? [y/N]");
        terminal.send("n\r");
        assert_eq!(terminal.finish().exit, 1);
        assert_eq!(newcomer.device(), orphan);
        let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
        terminal.expect("Replace it? [y/N]");
        terminal.send("y\r");
        newcomer.type_pair(&mut terminal);
        terminal.expect("a third code");
        terminal.send("\x03");
        terminal.expect("the device is enrolled, but the first login with it failed");
        terminal.expect("log in with it: daypass login work");
        assert_eq!(terminal.finish().exit, 1);
        assert_ne!(newcomer.device(), orphan);
        assert!(sandbox.device(GRACE).expect("a device").user_arn.is_some());
        assert!(newcomer.home.config().contains(GRACE));
    }
}

#[test]
fn a_request_that_fails_or_whose_answer_is_lost_leaves_no_orphan() {
    let always = [
        Fault::Drop,
        Fault::Garbage,
        Fault::Status500,
        Fault::Throttle,
    ];
    let lost = [Fault::DropAfter, Fault::Truncated];
    for action in ["GetCallerIdentity", "CreateVirtualMFADevice"] {
        for fault in always.into_iter().chain(lost) {
            let newcomer = Newcomer::new();
            let sandbox = &newcomer.home.sandbox;
            sandbox.misbehave(action, fault, Times::Always);
            let run = Pty::start(&newcomer.home.daypass(["enroll", "work"])).finish();
            let expected = if fault == Fault::Throttle { 4 } else { 5 };
            assert_eq!(run.exit, expected, "{action}, {fault:?}: {}", run.screen);
            newcomer.assert_untouched();
        }
    }
    for fault in always {
        let newcomer = Newcomer::new();
        let sandbox = &newcomer.home.sandbox;
        sandbox.misbehave("EnableMFADevice", fault, Times::Always);
        let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
        newcomer.type_pair(&mut terminal);
        terminal.expect("the device grace was deleted again");
        let expected = if fault == Fault::Throttle { 4 } else { 5 };
        assert_eq!(terminal.finish().exit, expected, "{fault:?}");
        newcomer.assert_untouched();
    }
}

#[test]
fn a_lost_answer_deletes_no_device_that_was_there_before() {
    for fault in [Fault::DropAfter, Fault::Truncated, Fault::Drop] {
        let newcomer = Newcomer::new();
        let sandbox = &newcomer.home.sandbox;
        // A colleague's, who is just scanning its code.
        let theirs = sandbox.add_unassigned_virtual_device(&newcomer.user, "grace");
        sandbox.misbehave("CreateVirtualMFADevice", fault, Times::Always);
        let run = Pty::start(&newcomer.home.daypass(["enroll", "work"])).finish();
        assert_eq!(run.exit, 5, "{fault:?}: {}", run.screen);
        assert_eq!(newcomer.device(), theirs, "{fault:?}: {}", run.screen);
    }
}

#[test]
fn a_device_that_may_be_ours_is_left_and_told_where_aws_does_not_say_what_was_there() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    sandbox.deny(&newcomer.user, "iam:ListVirtualMFADevices");
    let lost = Fault::DropAfter;
    sandbox.misbehave("CreateVirtualMFADevice", lost, Times::Next(1));
    let run = Pty::start(&newcomer.home.daypass(["enroll", "work"])).finish();
    assert_eq!(run.exit, 5, "{}", run.screen);
    let told = format!("perhaps there is a device {GRACE} now, which nobody can use");
    // Broken between words, as the terminal is wide.
    let screen = run.screen.replace("\r\n ", "");
    assert!(screen.contains(&told), "{screen}");
    let left = newcomer.device();
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect("Replace it? [y/N]");
    terminal.send("y\r");
    terminal.expect(FIRST);
    assert_ne!(newcomer.device(), left);
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    newcomer.assert_untouched();
}

#[test]
fn a_device_goes_by_the_serial_that_aws_gives_it() {
    let serial = "arn:aws:iam::123456789012:mfa/team/grace";
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    sandbox.set_device_path("/team/");
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    assert!(sandbox.device(serial).is_some());
    terminal.send("\x03");
    terminal.expect("the device grace was deleted again");
    assert_eq!(terminal.finish().exit, 1);
    assert_eq!(sandbox.device(serial), None);

    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    let record = sandbox.device(serial).and_then(|record| record.device());
    let device = record.expect("a seed");
    newcomer.type_pair_of(&mut terminal, &device);
    newcomer.type_third(&mut terminal, &device);
    terminal.expect("logged in");
    assert_eq!(terminal.finish().exit, 0);
    let config = format!("{}mfa_serial = {serial}\n", newcomer.config());
    assert_eq!(newcomer.home.config(), config);
}

#[test]
fn a_device_that_was_enabled_although_the_answer_was_lost_is_kept() {
    for fault in [Fault::DropAfter, Fault::Truncated] {
        for may_list in [true, false] {
            let newcomer = Newcomer::new();
            let sandbox = &newcomer.home.sandbox;
            if !may_list {
                sandbox.deny(&newcomer.user, "iam:ListMFADevices");
            }
            sandbox.misbehave("EnableMFADevice", fault, Times::Next(1));
            let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
            newcomer.type_pair(&mut terminal);
            terminal.expect("a third code");
            terminal.send("\x03");
            assert_eq!(terminal.finish().exit, 1);
            assert!(sandbox.device(GRACE).expect("a device").user_arn.is_some());
            assert!(newcomer.home.config().contains(GRACE), "{fault:?}");
        }
    }
}

#[test]
fn a_device_that_cannot_be_deleted_is_named_and_the_next_run_replaces_it() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    sandbox.misbehave("DeleteVirtualMFADevice", Fault::Drop, Times::Always);
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    terminal.send("\x03");
    terminal.expect(&format!("{GRACE} could not be deleted again"));
    terminal.expect("run daypass enroll again");
    assert_eq!(terminal.finish().exit, 1);
    sandbox.behave();
    // An answer that is lost on the way is asked for again.
    sandbox.misbehave("DeleteVirtualMFADevice", Fault::DropAfter, Times::Next(1));
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work", "--yes"]));
    terminal.expect(FIRST);
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    newcomer.assert_untouched();
}

#[test]
fn whoever_may_not_delete_a_device_is_sent_to_an_administrator_and_not_round_in_a_circle() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    // As the policy for newcomers has it, without MFA.
    sandbox.deny(&newcomer.user, "iam:DeleteVirtualMFADevice");
    let delete = format!("aws iam delete-virtual-mfa-device --serial-number {GRACE}");
    let mut terminal = Pty::start_captured(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    terminal.send("\x03");
    let run = terminal.finish();
    assert_eq!(run.exit, 1);
    assert_report!(run.stderr, @"
    daypass: error: cancelled: no MFA code was given
      caused by: arn:aws:iam::123456789012:mfa/grace could not be deleted again: AWS denied iam:DeleteVirtualMFADevice: User: arn:aws:iam::123456789012:user/grace is not authorized to perform: iam:DeleteVirtualMFADevice on resource: arn:aws:iam::123456789012:mfa/grace with an explicit deny in an identity-based policy
      hint: ask the administrator to delete it: aws iam delete-virtual-mfa-device --serial-number arn:aws:iam::123456789012:mfa/grace; then once more: daypass enroll work
    ");
    assert!(run.stderr.contains(&delete), "{}", run.stderr);

    let run = Pty::start_captured(&newcomer.home.daypass(["enroll", "work", "--yes"])).finish();
    assert_eq!(run.exit, 4);
    assert_report!(run.stderr, @"
    daypass: error: arn:aws:iam::123456789012:mfa/grace is left of an earlier attempt, and this user may not delete it
      caused by: AWS denied iam:DeleteVirtualMFADevice: User: arn:aws:iam::123456789012:user/grace is not authorized to perform: iam:DeleteVirtualMFADevice on resource: arn:aws:iam::123456789012:mfa/grace with an explicit deny in an identity-based policy
      hint: ask the administrator to delete it: aws iam delete-virtual-mfa-device --serial-number arn:aws:iam::123456789012:mfa/grace; then once more: daypass enroll work
    ");
    assert!(run.stderr.contains(&delete), "{}", run.stderr);
}

#[test]
fn a_seed_of_an_enrolment_that_failed_does_not_stay_in_the_keychain() {
    let pass = PassStandIn::new();
    let sandbox = &pass.home.sandbox;
    let user = sandbox.add_user("grace");
    let config = with_pass(&pass, &user);
    let nothing_is_left = || {
        assert_eq!(sandbox.device(GRACE), None);
        assert_eq!(pass.entries("totp:"), [""; 0]);
        assert_eq!(pass.home.config(), config);
    };
    // While the second code is waited for.
    let mut terminal = Pty::start(&pass.daypass(["enroll", "work", "--store-seed"]));
    terminal.expect("Return when a telephone has it, or none is to");
    assert_eq!(pass.entries("totp:").len(), 1);
    terminal.send("\r");
    terminal.expect("the next code comes in");
    terminal.signal("TERM");
    terminal.expect("deleted again");
    assert_eq!(terminal.finish().exit, 1);
    nothing_is_left();
    // Before it.
    let mut terminal = Pty::start(&pass.daypass(["enroll", "work", "--store-seed"]));
    terminal.expect("Return when a telephone has it");
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    nothing_is_left();
    // A keychain that takes nothing.
    pass.refuse("insert", &format!("totp:{}", GRACE.replace('/', "%2F")));
    let run = pass.daypass(["enroll", "work", "--store-seed"]).run();
    assert_eq!(run.exit, 1, "{}", run.report());
    nothing_is_left();
}
