//! Where `daypass login` gets its code from.

use std::{fs, time::Duration};

use crate::support::{Home, Pty, assert_report, wrong_codes};

#[test]
fn a_code_comes_from_stdin_when_the_code_is_a_dash() {
    let home = Home::new();
    let run = home
        .daypass(["login", "work", "--code", "-"])
        .run_with_stdin(&format!("{}\n", home.code()));
    assert_eq!(run.exit, 0, "{}", run.report());

    let run = home
        .daypass(["login", "work", "--force", "--code", "-"])
        .run_with_stdin("hunter2\n");
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: stdin does not begin with an MFA code
      caused by: a code is six digits
      hint: echo 123456 | daypass login PROFILE --code -
    ");
}

#[test]
fn mfa_process_gives_the_code() {
    let home = Home::new();
    let code = home.code();
    home.write_config(&(home.profile_section("work") + &format!("mfa_process = echo {code}\n")));
    let run = home.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn an_mfa_process_that_gives_no_code_is_named_and_its_output_is_not_repeated() {
    let home = Home::new();
    for (command, expected) in [
        ("echo hunter2", "printed something that is not a code"),
        ("false", "failed (exit status: 1)"),
        ("/no/such/program", "cannot be started"),
        ("echo 'open", "cannot be read as a command"),
    ] {
        home.write_config(&(home.profile_section("work") + &format!("mfa_process = {command}\n")));
        let run = home.daypass(["login", "work"]).run();
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(run.stderr.contains(expected), "{}", run.report());
        assert!(!run.stderr.contains("hunter2"), "{}", run.report());
        fs::remove_dir_all(home.path(".aws/daypass")).unwrap();
    }
}

#[test]
fn a_person_is_asked_on_the_terminal_and_the_question_is_erased() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work (device ada):");
    terminal.send(&home.code());
    terminal.send("\r");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(run.screen.contains("\r\x1b[K"), "{run:?}");
    assert!(run.screen.contains("logged in"), "{run:?}");
}

#[test]
fn a_refused_code_is_asked_for_again_three_times_in_all() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    for wrong in wrong_codes(&home) {
        terminal.expect("MFA code for work");
        terminal.send(&format!("{wrong}\r"));
    }
    terminal.expect("AWS refused the MFA code");
    let run = terminal.finish();
    assert_eq!(run.exit, 4, "{run:?}");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 3);
}

#[test]
fn a_typing_mistake_is_no_try() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("12345\r");
    terminal.expect("a code is six digits");
    terminal.expect("MFA code for work");
    terminal.send(&format!("9\x7f{}\r", home.code()));
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn ctrl_c_leaves_the_terminal_and_the_files_as_they_were() {
    let home = Home::new();
    let before = home.credentials();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("12\x03");
    terminal.expect("cancelled");
    assert!(terminal.echoes());
    let run = terminal.finish();
    assert_eq!(run.exit, 1, "{run:?}");
    assert_eq!(home.credentials(), before);
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn no_prompt_asks_nobody() {
    let home = Home::new();
    let terminal = Pty::start(&home.daypass(["login", "work", "--no-prompt"]));
    let run = terminal.finish();
    assert_eq!(run.exit, 3, "{run:?}");
}

#[test]
fn a_pipe_that_gives_no_code_yet_keeps_nobody_waiting() {
    let home = Home::new();
    let mut slow = home
        .daypass(["login", "work", "--code", "-"])
        .command()
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    drop(slow.stdin.take());
    assert_eq!(slow.wait().unwrap().code(), Some(2));
}
