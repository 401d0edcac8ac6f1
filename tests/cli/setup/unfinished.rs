//! A set-up that fails or is killed half-way: the key is never lost, and a second run finishes.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Times};

use super::{assert_done, empty_home, files, moved_key, setup, with_key_in_work};
use crate::support::{Home, assert_report};

fn arguments(home: &Home) -> [String; 6] {
    [
        "work",
        "--yes",
        "--keychain",
        "none",
        "--serial",
        &home.device.serial,
    ]
    .map(str::to_owned)
}

fn run_it(home: &Home) -> crate::support::Run {
    let arguments = arguments(home);
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    setup(home, &words).run()
}

fn home_with_key() -> Home {
    let home = empty_home();
    with_key_in_work(&home);
    home.write_config(
        "# mine\n[profile work]\nregion = eu-west-1\n\n[profile other]\nregion = x\n",
    );
    home
}

#[test]
fn a_failure_after_the_first_change_puts_both_files_back() {
    let home = home_with_key();
    let before = (home.config(), home.credentials());
    // The first question is whose key it is; the second comes once the files are written.
    home.sandbox.misbehave(
        "GetCallerIdentity",
        Fault::Slow(Duration::ZERO),
        Times::Next(1),
    );
    home.sandbox
        .misbehave("GetCallerIdentity", Fault::Garbage, Times::Always);
    let run = run_it(&home);
    assert_report!(run.report().replace(&home.device.serial, "[SERIAL]"), @"
    exit 5
    --- stdout

    Profile     work
    Access key  [KEY] of the user ada of account 123456789012
    Its secret  in [work-long-term] of ~/.aws/credentials, as plain text
    MFA device  [SERIAL]

    What will change (+ comes, - goes; secrets are shown as ****):

    ~/.aws/config
    @@ line 2 @@
     [profile work]
     region = eu-west-1
    +mfa_serial = [SERIAL]
    +credential_process = /bin/daypass credential-process work

     [profile other]

    ~/.aws/credentials
    @@ line 1 @@
    -[work]
    +
    +[work-long-term]
     aws_access_key_id = [KEY]
     aws_secret_access_key = ****

    Backups come first: ~/.aws/config.backup-DATE, ~/.aws/credentials.backup-DATE
    --- stderr
    daypass: error: the set-up stopped half-way: both files are as they were
      caused by: the answer does not come from AWS, or was damaged on the way (access key [KEY], at its new place); nothing was changed
      hint: a proxy or the sign-in page of a network may have answered instead: open a web page, and check HTTPS_PROXY and AWS_ENDPOINT_URL; then daypass setup work goes on from here
    ");
    assert_eq!((home.config(), home.credentials()), before);

    home.sandbox.behave();
    assert_done(&run_it(&home));
    assert_finished(&home);
}

#[test]
fn files_that_were_not_there_are_not_there_after_a_failure() {
    let home = empty_home();
    home.sandbox.misbehave(
        "GetCallerIdentity",
        Fault::Slow(Duration::ZERO),
        Times::Next(1),
    );
    home.sandbox
        .misbehave("GetCallerIdentity", Fault::Garbage, Times::Always);
    let run = setup(
        &home,
        &[
            "work",
            "--yes",
            "--access-key-id",
            &home.user.access_key_id,
            "--secret-stdin",
            "--serial",
            &home.device.serial,
            "--keychain",
            "none",
        ],
    )
    .run_with_stdin(&home.user.secret_access_key);
    assert_eq!(run.exit, 5, "{}", run.report());
    assert_eq!(files(&home), []);
}

#[test]
fn a_file_that_changes_under_the_question_is_not_written() {
    let home = home_with_key();
    let arguments = arguments(&home);
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| *word != "--yes").collect();
    let mut ada = super::Person::at(&setup(&home, &words));
    ada.terminal.expect("Apply this?");
    let edited = home.config() + "\n[profile new]\nregion = y\n";
    home.write_config(&edited);
    ada.terminal.send("\r");
    let run = ada.terminal.finish();
    assert_eq!(run.exit, 1, "{run:?}");
    // A long path breaks the line in the middle.
    let screen = run.screen.replace("\r\n ", "");
    assert!(
        screen.contains("was changed by another program meanwhile"),
        "{run:?}"
    );
    assert_eq!(home.config(), edited);
}

#[test]
fn killed_at_any_point_the_key_is_there_and_a_second_run_finishes() {
    let whole = {
        let home = home_with_key();
        let started = Instant::now();
        assert_done(&run_it(&home));
        started.elapsed()
    };
    const KILLS: u32 = 40;
    let mut unfinished = 0;
    for number in 0..KILLS {
        let home = home_with_key();
        let arguments = arguments(&home);
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child = setup(&home, &words)
            .command()
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(whole * number / KILLS);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_key_is_there(&home);
        unfinished += u32::from(!is_finished(&home));
        assert_done(&run_it(&home));
        assert_finished(&home);
    }
    assert!(unfinished > 0, "none of the runs was killed before its end");
}

#[test]
fn killed_while_the_new_place_is_tried_the_key_is_in_both() {
    let home = home_with_key();
    let slow = Fault::Slow(Duration::from_secs(20));
    home.sandbox.misbehave(
        "GetCallerIdentity",
        Fault::Slow(Duration::ZERO),
        Times::Next(1),
    );
    home.sandbox
        .misbehave("GetCallerIdentity", slow, Times::Next(1));
    let arguments = arguments(&home);
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut child = setup(&home, &words)
        .command()
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while home.sandbox.calls("GetCallerIdentity") < 2 {
        assert!(Instant::now() < deadline, "the new place is never tried");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for section in ["work", "work-long-term"] {
        let secret = home.credential(section, "aws_secret_access_key");
        assert_eq!(
            secret.as_ref(),
            Some(&home.user.secret_access_key),
            "{section}"
        );
    }
    home.sandbox.behave();
    assert_done(&run_it(&home));
    assert_finished(&home);
}

fn assert_key_is_there(home: &Home) {
    let is_there = ["work", "work-long-term"].iter().any(|section| {
        home.credential(section, "aws_secret_access_key").as_ref()
            == Some(&home.user.secret_access_key)
            && home.credential(section, "aws_access_key_id").as_ref()
                == Some(&home.user.access_key_id)
    });
    assert!(is_there, "{}", home.credentials());
}

fn is_finished(home: &Home) -> bool {
    home.credentials() == moved_key(home)
}

fn assert_finished(home: &Home) {
    assert_eq!(home.credentials(), moved_key(home));
    let config = home.config();
    let profile = home.profile_section("work");
    assert_eq!(
        config,
        format!("# mine\n{profile}\n[profile other]\nregion = x\n")
    );
    // Nothing is left behind but backups.
    let names: Vec<String> = fs::read_dir(home.path(".aws"))
        .expect("a name")
        .map(|entry| {
            entry
                .expect("a name")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| !name.contains(".backup-"))
        .collect();
    assert!(
        names
            .iter()
            .all(|name| name == "config" || name == "credentials"),
        "{names:?}"
    );
}
