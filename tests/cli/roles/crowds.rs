//! Many tools at once that want one role.

use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Times};

use super::Roles;

#[test]
fn twelve_at_once_assume_a_role_once_even_if_one_of_them_is_killed() {
    for kill in [false, true] {
        let roles = Roles::new();
        roles.home.log_in();
        let sandbox = &roles.home.sandbox;
        let slow = Fault::Slow(Duration::from_millis(700));
        sandbox.misbehave("AssumeRole", slow, Times::Next(1));
        let spawn = || {
            let run = roles.home.daypass(["credential-process", "prod"]);
            let mut command = run.command();
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("it starts")
        };
        let mut first = spawn();
        while sandbox.calls("AssumeRole") == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        let started = Instant::now();
        let others: Vec<_> = (1..12).map(|_| spawn()).collect();
        thread::sleep(Duration::from_millis(200));
        if kill {
            first.kill().expect("it is killed");
        }
        let ended = others.into_iter().map(|child| child.wait_with_output());
        let mut ids = Vec::new();
        for output in ended {
            let output = output.expect("its output");
            assert!(output.status.success(), "{output:?}");
            assert!(output.stderr.is_empty(), "{output:?}");
            let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
            ids.push(json["AccessKeyId"].as_str().expect("an id").to_owned());
        }
        println!("eleven that waited: {:?}", started.elapsed());
        ids.dedup();
        assert_eq!(ids.len(), 1, "{ids:?}");
        first.wait().expect("it ends");
        // The one that was killed had asked already.
        assert_eq!(roles.calls(), (1, if kill { 2 } else { 1 }));
    }
}

#[test]
fn files_that_change_meanwhile_are_read_again() {
    let roles = Roles::new();
    roles.home.log_in();
    let sandbox = &roles.home.sandbox;
    let slow = Fault::Slow(Duration::from_millis(500));
    sandbox.misbehave("AssumeRole", slow, Times::Next(1));
    let run = roles.home.daypass(["credential-process", "prod"]);
    let child = run
        .command()
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    while sandbox.calls("AssumeRole") == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    let added = "\n# mine\n[other]\naws_access_key_id = AKIAOTHER\n";
    roles
        .home
        .write_credentials(&(roles.home.credentials() + added));
    assert!(
        child
            .wait_with_output()
            .expect("its output")
            .status
            .success()
    );
    let credentials = roles.home.credentials();
    assert!(
        credentials.contains(added),
        "lost what was written meanwhile"
    );
    assert!(
        credentials.contains("[prod-mfa]"),
        "the session is not there"
    );
}
