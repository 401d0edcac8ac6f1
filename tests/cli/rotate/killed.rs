//! A rotation that is killed at each step: a working key is stored at that moment, and the next run finishes.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Times};

use super::{ROTATE, assert_rotated, home, keys};
use crate::support::{DAYPASS, Home, Invocation, PassStandIn, Pty, Run, is_there};

/// The system calls that leave something behind, here or at AWS.
const CALLS: [&str; 8] = [
    "renameat",
    "renameat2",
    "rename",
    "fsync",
    "sendto",
    "writev",
    "unlink",
    "flock",
];

/// A rotation under strace, whose log is in the home.
fn traced(home: &Home, injection: Option<String>, path: &str) -> Option<i32> {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-o"])
        .arg(home.path("tmp/strace"));
    command.arg(format!("--trace=?{}", CALLS.join(",?")));
    command.args(injection.map(|injection| format!("--inject={injection}")));
    home.allow_secrets_in("tmp/strace");
    let status = command
        .arg(DAYPASS)
        .args(ROTATE)
        .env_clear()
        .envs(home.environment())
        .env("PATH", path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.expect("strace starts").code()
}

/// How often each call is made.
fn counts(home: &Home) -> BTreeMap<&'static str, usize> {
    let log = fs::read_to_string(home.path("tmp/strace")).expect("the log");
    let mut counts = BTreeMap::new();
    for line in log.lines() {
        let name = line.split_whitespace().nth(1).unwrap_or_default();
        let name = name.split('(').next().unwrap_or_default();
        if let Some(call) = CALLS.iter().find(|call| **call == name) {
            *counts.entry(*call).or_default() += 1;
        }
    }
    counts
}

/// The key that the profile has now works, and the very secret of it is stored.
fn assert_working_key_in_file(home: &Home, about: &str) {
    let stored = |key| home.credential("work-long-term", key).unwrap_or_default();
    let id = stored("aws_access_key_id");
    let key = home.sandbox.key(&id);
    let works = key.as_ref().is_some_and(|key| {
        key.works && key.key.secret_access_key == stored("aws_secret_access_key")
    });
    assert!(works, "{about}: {key:?}\n{}", home.credentials());
}

/// Runs until it is done. A key whose secret nobody has is named, as its message says; tells whether there was
/// one.
fn finish(home: &Home, run: impl Fn(&[&str]) -> Run, about: &str) -> bool {
    let first = run(&ROTATE);
    let is_lost = first.exit == 3;
    if is_lost && first.stderr.contains("--replace-key") {
        let lost = first.stderr.trim_end().rsplit(' ').next().expect("an id");
        let stored = home.credentials() + &home.config();
        assert!(!stored.contains(lost), "{about}: {}", first.report());
        let run = run(&["rotate", "work", "--yes", "--replace-key", lost]);
        assert_eq!(run.exit, 0, "{about}: {}", run.report());
    } else {
        assert_eq!(first.exit, 0, "{about}: {}", first.report());
    }
    let left = home.left_behind();
    let of_credentials = left.iter().filter(|name| name.contains("credentials"));
    assert_eq!(of_credentials.count(), 0, "{about}: {left:?}");
    is_lost
}

#[test]
fn a_rotation_that_is_killed_at_any_system_call_is_finished_by_the_next_run() {
    if !is_there("strace") {
        return;
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let whole = home();
    assert_eq!(traced(&whole, None, &path), Some(0));
    let counts = counts(&whole);
    assert!(counts.values().sum::<usize>() > 20, "{counts:?}");
    let mut lost = 0;
    for (call, count) in counts {
        for number in 1..=count {
            let home = home();
            let about = format!("killed at {call} number {number}");
            let injection = format!("{call}:signal=SIGKILL:when={number}");
            let status = traced(&home, Some(injection), &path);
            assert_eq!(status, None, "{about}");
            home.allow_left_behind();
            assert_working_key_in_file(&home, &about);
            lost += usize::from(finish(
                &home,
                |words| home.daypass(words.iter().copied()).run(),
                &about,
            ));
            assert_rotated(&home);
            assert_working_key_in_file(&home, &about);
        }
    }
    // From the answer of AWS to the record are a handful of calls.
    assert!((1..=8).contains(&lost), "{lost} keys were lost");
}

/// Kills a run once AWS has done this action for the `number`th time, before the answer arrives.
fn kill_after(home: &Home, run: &Invocation<'_>, action: &str, number: usize) {
    let before = home.sandbox.calls(action);
    if number > 1 {
        let fault = Fault::Slow(Duration::ZERO);
        home.sandbox
            .misbehave(action, fault, Times::Next(number - 1));
    }
    let fault = Fault::Slow(Duration::from_secs(30));
    home.sandbox.misbehave(action, fault, Times::Next(1));
    let mut child = run
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    while home.sandbox.calls(action) < before + number {
        assert!(start.elapsed() < Duration::from_secs(30), "no {action}");
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    home.sandbox.behave();
}

/// The requests of a rotation, and how often each is made.
const REQUESTS: [(&str, usize); 5] = [
    ("ListAccessKeys", 1),
    ("CreateAccessKey", 1),
    ("GetCallerIdentity", 6),
    ("UpdateAccessKey", 1),
    ("DeleteAccessKey", 1),
];

#[test]
fn a_rotation_that_is_killed_while_aws_answers_is_finished_by_the_next_run() {
    for (action, count) in REQUESTS {
        for number in 1..=count {
            let home = home();
            let about = format!("killed after {action} number {number}");
            kill_after(&home, &home.daypass(ROTATE), action, number);
            assert_working_key_in_file(&home, &about);
            let is_lost = finish(
                &home,
                |words| home.daypass(words.iter().copied()).run(),
                &about,
            );
            assert_eq!(is_lost, action == "CreateAccessKey", "{about}");
            assert_rotated(&home);
            assert_working_key_in_file(&home, &about);
        }
    }
}

#[test]
fn a_signal_while_the_new_key_is_made_waits_until_its_secret_is_stored() {
    for signal in ["INT", "TERM", "HUP"] {
        let home = home();
        let slow = Fault::Slow(Duration::from_secs(1));
        home.sandbox
            .misbehave("CreateAccessKey", slow, Times::Next(1));
        let terminal = Pty::start(&home.daypass(ROTATE));
        let start = Instant::now();
        while home.sandbox.calls("CreateAccessKey") == 0 {
            assert!(start.elapsed() < Duration::from_secs(30), "{signal}");
            thread::sleep(Duration::from_millis(2));
        }
        terminal.signal(signal);
        let run = terminal.finish();
        assert_eq!(run.exit, 1, "{signal}: {}", run.screen);
        assert!(run.screen.contains("interrupted"), "{}", run.screen);
        assert_eq!(keys(&home).len(), 2);
        assert_working_key_in_file(&home, signal);
        let run = home.daypass(ROTATE).run();
        assert_eq!(run.exit, 0, "{signal}: {}", run.report());
        assert_rotated(&home);
        assert_eq!(home.sandbox.calls("CreateAccessKey"), 1);
    }
}

#[test]
fn a_rotation_that_is_killed_at_any_moment_is_finished_by_the_next_run() {
    for moment in 0..16 {
        let home = home();
        let moment = Duration::from_millis(moment * 100);
        let about = format!("killed after {moment:?}");
        let mut child = home
            .daypass(ROTATE)
            .command()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        thread::sleep(moment);
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        home.allow_left_behind();
        assert_working_key_in_file(&home, &about);
        if keys(&home).len() == 2 || home.credentials().contains(&home.user.access_key_id) {
            finish(
                &home,
                |words| home.daypass(words.iter().copied()).run(),
                &about,
            );
        }
        if home.credentials().contains("daypass_old") {
            assert_eq!(home.daypass(ROTATE).run().exit, 0, "{about}");
        }
        assert_rotated(&home);
    }
}

/// The key that the profile names works, and its secret is in the keychain.
fn assert_working_key_in_pass(pass: &PassStandIn, about: &str) {
    // It asks AWS with the key that is stored; what it would change is of no matter.
    let run = pass
        .daypass(["setup", "work", "--yes", "--no-login", "--dry-run"])
        .run();
    assert_eq!(run.exit, 0, "{about}: {}", run.report());
    assert!(run.stdout.contains("user ada"), "{about}: {}", run.report());
}

fn in_pass() -> PassStandIn {
    let pass = PassStandIn::new();
    let code = pass.home.code();
    let run = pass.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    pass
}

#[test]
fn the_same_holds_for_a_key_in_a_keychain() {
    if !is_there("strace") {
        return;
    }
    let path = |pass: &PassStandIn| {
        let path = std::env::var("PATH").unwrap_or_default();
        format!("{}:{path}", pass.home.path("bin").display())
    };
    let whole = in_pass();
    assert_eq!(traced(&whole.home, None, &path(&whole)), Some(0));
    let counts = counts(&whole.home);
    for call in ["renameat", "fsync", "sendto", "writev"] {
        for number in 1..=counts.get(call).copied().unwrap_or(0) {
            let pass = in_pass();
            let about = format!("killed at {call} number {number}");
            let injection = format!("{call}:signal=SIGKILL:when={number}");
            let status = traced(&pass.home, Some(injection), &path(&pass));
            assert_eq!(status, None, "{about}");
            pass.home.allow_left_behind();
            assert_working_key_in_pass(&pass, &about);
            finish(
                &pass.home,
                |words| pass.daypass(words.iter().copied()).run(),
                &about,
            );
            assert_rotated(&pass.home);
            assert_working_key_in_pass(&pass, &about);
        }
    }
}
