//! A run that is killed at any step is finished by the next one, or taken back; and answers that are lost.

use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Times};

use super::{GROUP, POLICY, applied, apply, assert_in_force, attached, home, policy};
use crate::support::Home;

/// Runs it until AWS has carried this action out, and kills it before it hears of that.
fn kill_at(home: &Home, action: &str, more: &[&str]) {
    const LONG: Duration = Duration::from_secs(600);
    let before = home.sandbox.calls(action);
    home.sandbox
        .misbehave(action, Fault::Slow(LONG), Times::Always);
    let words = ["policy", "apply", "work", "--group", "devs", "--yes"];
    let mut child = home
        .daypass(words.iter().chain(more).copied())
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let patience = Instant::now() + Duration::from_secs(30);
    while home.sandbox.calls(action) == before {
        assert!(Instant::now() < patience, "{action} was not asked for");
        assert_eq!(child.try_wait().expect("its state"), None, "{action}");
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    home.sandbox.behave();
}

#[test]
fn a_first_roll_out_that_is_killed_is_finished_by_the_next_run_or_taken_back() {
    for action in ["CreateGroup", "CreatePolicy", "AttachGroupPolicy"] {
        for finishes in [true, false] {
            let home = Home::new();
            home.log_in();
            kill_at(&home, action, &["--create-group"]);
            assert!(home.sandbox.group(GROUP).is_some(), "{action}");
            if finishes {
                applied(&home, &["--create-group"]);
                assert_in_force(&home, &[]);
                assert_eq!(policy(&home).versions.len(), 1, "{action}");
            }
            applied(&home, &["--undo"]);
            assert_eq!(attached(&home), [""; 0], "{action}");
            assert_eq!(home.sandbox.policies(), [], "{action}");
        }
    }
}

#[test]
fn a_new_version_that_is_killed_is_finished_by_the_next_run_or_taken_back() {
    for action in ["DeletePolicyVersion", "CreatePolicyVersion"] {
        for finishes in [true, false] {
            let home = home();
            for hours in 1..=5 {
                applied(&home, &["--max-age", &format!("{hours}h")]);
            }
            kill_at(&home, action, &["--max-age", "6h"]);
            // What is in force enforces MFA at every moment.
            assert_eq!(attached(&home), [POLICY], "{action}");
            if finishes {
                applied(&home, &["--max-age", "6h"]);
                assert_in_force(&home, &["--max-age", "6h"]);
                assert_eq!(policy(&home).versions.len(), 5, "{action}");
                assert_eq!(policy(&home).default_version, "v6", "{action}");
            } else {
                applied(&home, &["--undo"]);
                let former = match action {
                    "CreatePolicyVersion" => "5h",
                    _ => "4h",
                };
                assert_in_force(&home, &["--max-age", former]);
            }
        }
    }
}

#[test]
fn an_undo_that_is_killed_is_finished_by_the_next_one_and_goes_no_further() {
    for action in ["SetDefaultPolicyVersion", "DeletePolicyVersion"] {
        let home = home();
        for hours in 1..=3 {
            applied(&home, &["--max-age", &format!("{hours}h")]);
        }
        kill_at(&home, action, &["--undo"]);
        assert_in_force(&home, &["--max-age", "2h"]);
        if action == "SetDefaultPolicyVersion" {
            applied(&home, &["--undo"]);
            assert_in_force(&home, &["--max-age", "2h"]);
        }
        let versions: Vec<_> = policy(&home)
            .versions
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(versions, ["v1", "v2"], "{action}");
    }
    for action in ["DetachGroupPolicy", "DeletePolicy"] {
        let home = home();
        applied(&home, &[]);
        kill_at(&home, action, &["--undo"]);
        applied(&home, &["--undo"]);
        assert_eq!(attached(&home), [""; 0], "{action}");
        assert_eq!(home.sandbox.policies(), [], "{action}");
    }
}

#[test]
fn a_step_whose_answer_was_lost_is_looked_for_and_not_done_twice() {
    let home = home();
    for action in ["CreatePolicy", "AttachGroupPolicy"] {
        home.sandbox
            .misbehave(action, Fault::DropAfter, Times::Next(1));
    }
    applied(&home, &[]);
    assert_in_force(&home, &[]);
    home.sandbox
        .misbehave("CreatePolicyVersion", Fault::Truncated, Times::Next(1));
    applied(&home, &["--max-age", "1h"]);
    assert_eq!(policy(&home).versions.len(), 2);
    for action in ["SetDefaultPolicyVersion", "DeletePolicyVersion"] {
        home.sandbox
            .misbehave(action, Fault::DropAfter, Times::Next(1));
    }
    applied(&home, &["--undo"]);
    assert_in_force(&home, &[]);
}

#[test]
fn a_step_that_comes_to_nothing_says_how_to_go_on_and_how_to_go_back() {
    let home = home();
    home.sandbox
        .misbehave("AttachGroupPolicy", Fault::Status503, Times::Next(3));
    let run = apply(&home, &[]);
    assert_eq!(run.exit, 5, "{}", run.report());
    let report = run.report();
    for words in [
        "it stopped half-way, at iam:AttachGroupPolicy; done: create the policy daypass-mfa-devs",
        "to finish it: daypass policy apply work --group devs",
        "to take it back: daypass policy apply work --group devs --undo",
    ] {
        assert!(report.contains(words), "{words}: {report}");
    }
    assert_eq!(attached(&home), [""; 0]);
    applied(&home, &[]);
    assert_in_force(&home, &[]);
}
