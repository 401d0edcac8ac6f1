//! What other processes can learn of a running daypass.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Times};

use crate::support::{DAYPASS, Home, Pty, is_there, set_mode};

/// A code source that gives its code once the test lets it.
fn wait_in_mfa_process(home: &Home) {
    fs::write(home.path("digits"), home.code()).expect("the code");
    let script = "touch waiting; while [ ! -e go ]; do sleep 0.02; done; cat digits\n";
    fs::write(home.path("source"), script).expect("a script");
    home.write_config(&(home.profile_section("work") + "mfa_process = sh source\n"));
}

fn wait_for(path: &Path) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !path.exists() {
        assert!(Instant::now() < deadline, "{} never comes", path.display());
        thread::sleep(Duration::from_millis(5));
    }
}

fn start(mut command: Command) -> Child {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// The process and those that it has started.
fn family(id: u32) -> Vec<u32> {
    let mut family = vec![id];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        next += 1;
        let threads = fs::read_dir(format!("/proc/{parent}/task"))
            .into_iter()
            .flatten();
        for thread in threads.flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            family.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
    }
    family
}

fn shown_by(id: u32, what: &str) -> String {
    let bytes = fs::read(format!("/proc/{id}/{what}")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', "\n")
}

/// Neither the command line nor the environment of the process and its children holds a secret.
fn assert_shows_no_secret(home: &Home, id: u32, members: usize) {
    let family = family(id);
    assert!(family.len() >= members, "{family:?}");
    assert!(shown_by(id, "cmdline").contains(DAYPASS), "not daypass");
    for id in family {
        for what in ["cmdline", "environ"] {
            home.assert_no_secret(&format!("/proc/{id}/{what}"), &shown_by(id, what));
        }
    }
}

#[test]
fn while_mfa_process_runs_neither_command_lines_nor_environments_hold_a_secret() {
    let home = Home::new();
    wait_in_mfa_process(&home);
    let mut child = start(home.daypass(["credential-process", "work"]).command());
    wait_for(&home.path("waiting"));
    assert_shows_no_secret(&home, child.id(), 2);
    fs::write(home.path("go"), "").expect("the word");
    assert!(child.wait().expect("the end").success());
}

#[test]
fn while_a_question_stands_neither_command_line_nor_environment_holds_a_secret() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work");
    terminal.send(&home.code());
    assert_shows_no_secret(&home, terminal.id(), 1);
    terminal.send("\r");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn while_aws_is_slow_neither_command_line_nor_environment_holds_a_secret() {
    let home = Home::new();
    let slow = Fault::Slow(Duration::from_secs(1));
    home.sandbox
        .misbehave("GetSessionToken", slow, Times::Next(1));
    fs::write(home.path("digits"), home.code()).expect("the code");
    let mut command = home.daypass(["login", "work", "--code", "-"]).command();
    command.stdin(fs::File::open(home.path("digits")).expect("the code"));
    let mut child = start(command);
    let deadline = Instant::now() + Duration::from_secs(20);
    while home.sandbox.calls("GetSessionToken") == 0 {
        assert!(Instant::now() < deadline, "AWS is never asked");
        thread::sleep(Duration::from_millis(5));
    }
    assert_shows_no_secret(&home, child.id(), 1);
    assert!(child.try_wait().expect("the status").is_none(), "not slow");
    assert!(child.wait().expect("the end").success());
}

#[test]
fn other_processes_of_the_user_cannot_read_it() {
    if !is_there("setpriv") {
        return;
    }
    let home = Home::new();
    wait_in_mfa_process(&home);
    // Root may read everything: as root the test makes somebody else of itself.
    let is_root = rustix::process::geteuid().is_root();
    let user: &[&str] = if is_root {
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
        ]
    } else {
        &["env"]
    };
    let directory = tempfile::tempdir().expect("a directory");
    set_mode(directory.path(), 0o755);
    let program = directory.path().join("daypass");
    fs::copy(DAYPASS, &program).expect("a copy that everybody may run");
    if is_root {
        let home = home.path("");
        let status = Command::new("chown")
            .args(["-R", "65534:65534"])
            .arg(home)
            .status();
        assert!(status.expect("chown runs").success());
    }
    let program = program.display().to_string();
    let words = [&user[1..], &[&*program, "credential-process", "work"]].concat();
    let mut child = start(home.program(user[0], words).command());
    wait_for(&home.path("waiting"));

    let [daypass, mfa_process] = family(child.id())[..2] else {
        panic!("two processes");
    };
    let may_read = |id: u32, what: &str| {
        let path = format!("/proc/{id}/{what}");
        let words = [&user[1..], &["head", "-c", "1", &*path]].concat();
        let output = Command::new(user[0]).args(words).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success() || stderr.contains("Permission denied"),
            "{stderr}"
        );
        output.status.success()
    };
    assert!(
        may_read(mfa_process, "environ"),
        "the test cannot see anything"
    );
    assert!(!may_read(daypass, "environ"));
    // Whoever may not open this may not trace the process either: the kernel asks the same question.
    assert!(!may_read(daypass, "mem"));
    let owner = fs::metadata(format!("/proc/{daypass}/environ"))
        .expect("it runs")
        .uid();
    assert_eq!(owner, 0, "the kernel takes the process for the user's own");

    fs::write(home.path("go"), "").expect("the word");
    assert!(child.wait().expect("the end").success());
}

#[test]
fn the_process_leaves_no_core_dump() {
    let home = Home::new();
    // The command outlives its start: it waits for its mfa_process, which looks at its parent.
    let script = "grep -i 'core file size' /proc/$PPID/limits > limits; echo 123456\n";
    fs::write(home.path("look"), script).expect("a script");
    home.write_config(&(home.profile_section("work") + "mfa_process = sh look\n"));
    home.daypass(["login", "work"]).run();
    let limits = fs::read_to_string(home.path("limits")).expect("the limits");
    assert_eq!(limits.split_whitespace().nth(4), Some("0"), "{limits}");
}
