//! A key that several have: other sections, other profiles, and another daypass at the same time.

use std::{fs, process::Stdio, thread, time::Duration};

use daypass_sandbox::{Fault, Times};

use super::{ROTATE, assert_rotated, home, rotate};
use crate::support::{Home, Invocation, PassStandIn, Pty, assert_report};

#[test]
fn other_sections_with_the_same_key_get_the_new_one_too() {
    let home = home();
    home.allow_secrets_in(".aws/config");
    let section = |name: &str| home.long_term_section(name);
    home.write_credentials(&(home.credentials() + "\n" + &section("classic")));
    home.write_config(&(home.config() + "\n" + &section("profile in-config")));
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    Also in     in-config, classic
    work has a new access key, [KEY]; [KEY] is deleted
    Also in in-config, classic
    ");
    let new = assert_rotated(&home).key;
    let texts = [home.credentials(), home.config()];
    let count = |needle: &str| texts.iter().map(|text| text.matches(needle).count()).sum();
    let found: [usize; 2] = [count(&new.access_key_id), count(&new.secret_access_key)];
    // The session names the id as well.
    assert_eq!(found, [4, 3], "{texts:?}");
}

#[test]
fn of_two_rotations_at_once_one_replaces_the_key() {
    let home = home();
    let start = || {
        home.daypass(ROTATE)
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    };
    let fault = Fault::Slow(Duration::from_secs(1));
    home.sandbox
        .misbehave("CreateAccessKey", fault, Times::Next(1));
    let both = [start(), start()];
    let outputs = both.map(|child| home.end_of(child));
    let texts = outputs
        .iter()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .collect::<Vec<_>>();
    assert!(
        outputs.iter().all(|output| output.status.success()),
        "{outputs:?}"
    );
    assert_eq!(home.sandbox.calls("CreateAccessKey"), 1);
    let new = assert_rotated(&home).key.access_key_id;
    let told = format!("another daypass has just replaced the key: it is {new} now");
    let late = texts.iter().filter(|text| text.contains(&told));
    assert_eq!(late.count(), 1, "{texts:?}");
}

/// Starts a rotation, and does something once AWS has made the old key inactive, for two seconds.
fn in_the_middle(home: &Home, rotation: &Invocation<'_>, then: impl FnOnce()) {
    let fault = Fault::Slow(Duration::from_secs(3));
    home.sandbox
        .misbehave("UpdateAccessKey", fault, Times::Next(1));
    let rotating = rotation
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    while home.sandbox.calls("CreateAccessKey") == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    then();
    let output = home.end_of(rotating);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_login_in_the_middle_is_made_with_the_new_key() {
    let home = home();
    let code = home.code();
    in_the_middle(&home, &home.daypass(ROTATE), || {
        let words = ["login", "work", "--force", "--code", &code];
        let run = home.daypass(words).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    });
    assert_rotated(&home);
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_renewal_that_waits_for_the_rotation_is_made_with_the_new_key_of_the_keychain() {
    let pass = PassStandIn::new();
    let home = &pass.home;
    let code = home.code();
    let run = pass.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    fs::write(home.path("code"), format!("echo {}\n", home.code())).expect("a script");
    home.write_config(&(home.config() + "mfa_process = sh code\n"));
    in_the_middle(home, &pass.daypass(ROTATE), || {
        let run = pass.daypass(["login", "work", "--force"]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    });
    let new = assert_rotated(home).key.access_key_id;
    let log = home.sandbox.log();
    let last = log.iter().rfind(|call| call.action == "GetSessionToken");
    assert_eq!(last.map(|call| call.access_key_id.clone()), Some(new));
}

#[test]
fn a_new_key_that_another_run_has_stored_during_the_question_stays_on_record() {
    let home = home();
    let id = home.sandbox.add_key(&home.user).access_key_id;
    let with_new = |id: &str| {
        let new = format!("daypass_new_access_key_id={id}\ndaypass_new_secret_access_key=of{id}\n");
        home.credentials()
            .replace("# the id\n", &format!("{new}# the id\n"))
    };
    let (first, second) = (with_new(&id), with_new("AKIAANOTHERNEWONE234"));
    home.write_credentials(&first);
    let mut terminal = Pty::start(&home.daypass(["rotate", "work"]));
    terminal.expect("[y/N]");
    home.write_credentials(&second);
    terminal.send("y\r");
    let run = terminal.finish();
    assert_eq!(run.exit, 1, "{}", run.screen);
    assert!(run.screen.contains("meanwhile"), "{}", run.screen);
    assert_eq!(home.credentials(), second);
    assert!(home.sandbox.key(&id).is_some());
}
