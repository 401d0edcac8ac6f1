//! `daypass exec`

mod aws_cli;
mod lasting;
#[cfg(target_os = "linux")]
mod process;
mod shell;
mod terminal;

use std::{collections::BTreeMap, fs, os::unix::process::ExitStatusExt};

use crate::support::{DAYPASS, Home, assert_report, set_mode};

/// What a program finds in its environment when it is run with these arguments.
fn environment_of(home: &Home, arguments: &[&str]) -> BTreeMap<String, String> {
    let mut arguments = arguments.to_vec();
    arguments.extend(["env", "-0"]);
    let run = surroundings(home.program(arguments[0], arguments[1..].iter().copied()))
        .handing_on_the_session()
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    run.stdout
        .split_terminator('\0')
        .filter_map(|entry| entry.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What a person may have in the environment besides.
fn surroundings(invocation: crate::support::Invocation<'_>) -> crate::support::Invocation<'_> {
    invocation
        .env("AWS_PROFILE", "other")
        .env("AWS_DEFAULT_PROFILE", "other")
        .env("AWS_SECURITY_TOKEN", "old")
        .env("AWS_SESSION_EXPIRATION", "2020-01-01T00:00:00Z")
        .env("AWS_REGION", "us-west-2")
        .env("AWS_PAGER", "")
        .env("EMPTY", "")
        .env("LINES_OF", "two\nlines = yes")
        .env("UNICODE", "Zoë 日本")
}

#[test]
fn the_command_finds_the_session_and_everything_else_as_it_was() {
    let home = Home::new();
    home.log_in();
    let mut expected = environment_of(&home, &["env", "--"]);
    for name in [
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SECURITY_TOKEN",
        "AWS_SESSION_EXPIRATION",
    ] {
        assert!(expected.remove(name).is_some(), "{name}");
    }
    let session = |key| home.credential("work-mfa", key).expect("a session");
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", session("aws_access_key_id")),
        ("AWS_SECRET_ACCESS_KEY", session("aws_secret_access_key")),
        ("AWS_SESSION_TOKEN", session("aws_session_token")),
        ("AWS_CREDENTIAL_EXPIRATION", session("expiration")),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_DEFAULT_REGION", "eu-west-1".to_owned()),
    ] {
        expected.insert(name.to_owned(), value);
    }
    let found = environment_of(&home, &[DAYPASS, "exec", "work", "--"]);
    assert_eq!(found, expected);
}

#[test]
fn the_status_of_the_command_is_passed_on() {
    let home = Home::new();
    home.log_in();
    for status in [0, 1, 7, 126, 127, 255] {
        let script = format!("exit {status}");
        let run = home
            .daypass(["exec", "work", "--", "sh", "-c", &script])
            .run();
        assert_eq!(run.exit, status);
        assert_eq!(run.stderr, "");
    }
    let line = ["exec", "work", "--", "sh", "-c", "kill -s TERM $$"];
    let status = home.daypass(line).command().status().expect("a status");
    assert_eq!(status.signal(), Some(15));
}

#[test]
fn the_command_is_this_very_process() {
    let home = Home::new();
    home.log_in();
    let mut command = home
        .daypass(["exec", "work", "--", "sh", "-c", "echo $$"])
        .command();
    let child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a run");
    let id = child.id();
    let output = child.wait_with_output().expect("an end");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{id}\n"));
}

#[test]
fn a_command_that_cannot_be_started_is_told_before_a_code_is_asked_for() {
    let home = Home::new();
    assert_report!(home.daypass(["exec", "work", "--", "no-such-command-here", "x"]).run().report(), @"
    exit 127
    --- stderr
    daypass: error: there is no command 'no-such-command-here'
    ");
    fs::write(home.path("script"), "#!/bin/sh\n").expect("a script");
    set_mode(&home.path("script"), 0o644);
    assert_report!(home.daypass(["exec", "work", "--", "./script"]).run().report(), @"
    exit 126
    --- stderr
    daypass: error: ./script cannot be executed
      caused by: Permission denied (os error 13)
      hint: chmod u+x ./script
    ");
    assert_report!(home.daypass(["exec", "work", "--", "./none"]).run().report(), @"
    exit 127
    --- stderr
    daypass: error: there is no command './none'
    ");
    assert_report!(home.daypass(["exec", "work", "--", "./tmp"]).run().report(), @"
    exit 126
    --- stderr
    daypass: error: ./tmp cannot be executed
      caused by: is a directory
    ");
    assert_report!(home.daypass(["exec", "work", "--", ""]).run().report(), @"
    exit 127
    --- stderr
    daypass: error: there is no command ''
    ");
}

#[test]
fn what_the_system_refuses_to_execute_is_told_with_its_reason() {
    let home = Home::new();
    home.log_in();
    fs::write(home.path("script"), "#!/no/such/interpreter\n").expect("a script");
    set_mode(&home.path("script"), 0o755);
    assert_report!(home.daypass(["exec", "work", "--", "./script"]).run().report(), @"
    exit 126
    --- stderr
    daypass: error: ./script cannot be executed
      caused by: No such file or directory (os error 2)
      hint: head -n 1 ./script names its interpreter
    ");
    // What the system does not know the shell is given, which makes nothing of it either.
    fs::write(home.path("bytes"), b"\x7fELF\0\0\0").expect("a file");
    set_mode(&home.path("bytes"), 0o755);
    let run = home.daypass(["exec", "work", "--", "./bytes"]).run();
    assert!((126..=127).contains(&run.exit), "{}", run.report());
}

#[test]
fn a_name_that_is_one_slip_away_is_offered() {
    let home = Home::new();
    fs::create_dir(home.path("bin")).expect("a directory");
    fs::write(home.path("bin/terraform"), "").expect("a program");
    set_mode(&home.path("bin/terraform"), 0o755);
    let path = home.path("bin").display().to_string();
    let report = |name: &str| {
        // For daypass alone: the shell that starts it is found elsewhere.
        let script = format!("PATH={path} {DAYPASS} exec work -- {name}");
        home.program("sh", ["-c", &script]).run().report()
    };
    assert_report!(report("terrafrom"), @"
    exit 127
    --- stderr
    daypass: error: there is no command 'terrafrom'
      hint: did you mean terraform?
    ");
    assert_report!(report("no-such"), @"
    exit 127
    --- stderr
    daypass: error: there is no command 'no-such'
    ");
}

#[test]
fn a_command_without_the_dashes_is_answered_with_the_line_that_was_meant() {
    let home = Home::new();
    for (arguments, meant) in [
        (
            &["exec", "work", "ls", "-l", "a b"][..],
            "exec work -- ls -l 'a b'",
        ),
        (&["exec", "ls", "-la"], "exec -- ls -la"),
        (
            &["exec", "-p", "work", "no-such", "ls"],
            "exec -p work no-such -- ls",
        ),
        (
            &[
                "-v",
                "exec",
                "--min-ttl",
                "2h",
                "work",
                "sh",
                "-c",
                "exit 3",
            ],
            "-v exec --min-ttl 2h work -- sh -c 'exit 3'",
        ),
        (&["exec", "work", "ls", "work"], "exec work -- ls work"),
        (&["exec", "work", "work", "ls"], "exec work -- work ls"),
    ] {
        let run = home.daypass(arguments.iter().copied()).run();
        assert_eq!(
            run.report(),
            format!(
                "exit 2\n--- stderr\ndaypass: error: the command has to come after '--'\n  \
                 hint: daypass {meant}\n"
            )
        );
    }
}

#[test]
fn a_command_where_the_profile_should_be_is_told_apart() {
    let home = Home::new();
    assert_report!(home.daypass(["exec", "ls"]).run().report(), @"
    exit 2
    --- stderr
    daypass: error: there is no profile 'ls', and the command has to come after '--'
      hint: daypass exec -- ls
    ");
    assert_report!(home.daypass(["exec", "no-such"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: there is no profile 'no-such' in ~/.aws/config or ~/.aws/credentials
      hint: the profiles there are: work; to set up a new one: daypass setup no-such
    ");
    assert_report!(home.daypass(["exec", "work", "--min-ttll", "2h"]).run().report(), @"
    exit 2
    --- stderr
    daypass: error: unexpected argument '--min-ttll' found
      hint: a similar argument exists: '--min-ttl'
    ");
}

#[test]
fn an_unknown_option_is_not_taken_for_a_command() {
    let home = Home::new();
    for arguments in [
        &["exec", "work", "--unset", "--", "ls"][..],
        &["exec", "work", "--unset", "ls"],
        &["exec", "--unset", "work", "--", "ls"],
    ] {
        let run = home.daypass(arguments.iter().copied()).run();
        assert_eq!(
            run.report(),
            "exit 2\n--- stderr\ndaypass: error: unexpected argument '--unset' found\n  \
             hint: daypass exec --help shows how it is used\n"
        );
    }
}

#[test]
fn a_shell_needs_a_terminal() {
    let home = Home::new();
    home.log_in();
    assert_report!(home.daypass(["exec", "work"]).run().report(), @"
    exit 2
    --- stderr
    daypass: error: no command was named, and a shell needs a terminal
      hint: name a command: daypass exec work -- COMMAND
    ");
}
