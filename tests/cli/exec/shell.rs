//! `daypass exec` without a command: a shell.

use crate::support::{DAYPASS, Home, Invocation, Pty, assert_report};

/// A shell of this profile, at whose prompt the exit status of the last command stands.
fn shell<'a>(home: &'a Home, arguments: &[&str]) -> Invocation<'a> {
    home.daypass(arguments.iter().copied())
        .env("SHELL", "/bin/sh")
        .env("PS1", "$?> ")
}

#[test]
fn the_shell_of_the_person_gets_the_session_and_a_mark() {
    let home = Home::new();
    home.log_in();
    let mut terminal = Pty::start(&shell(&home, &["exec", "work"]));
    terminal.expect("daypass: a shell with the session of work, good until ");
    terminal.expect("(8 h left);");
    terminal.expect("leaves it\r\n");
    let said = terminal.shown_so_far();
    assert!(said.lines().all(|line| line.len() <= 80), "{said}");
    terminal.expect("0> ");
    terminal.send("echo \"<$DAYPASS_PROFILE $AWS_ACCESS_KEY_ID ${AWS_PROFILE-none}>\"\r");
    let id = home
        .credential("work-mfa", "aws_access_key_id")
        .expect("a session");
    terminal.expect(&format!("\n<work {id} none>\r\n"));
    terminal.send("(exit 9)\r");
    terminal.expect("9> ");
    terminal.send("exit 6\r");
    assert_eq!(terminal.finish().exit, 6);
}

#[test]
fn a_shell_asks_for_the_code_first() {
    let home = Home::new();
    let mut terminal = Pty::start(&shell(&home, &["exec", "work"]));
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("0> ");
    assert!(terminal.echoes());
    terminal.send("exit\r");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn a_shell_in_such_a_shell_is_warned_of() {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + &home.profile_section("play")));
    home.write_credentials(
        &(home.long_term_section("work-long-term") + &home.long_term_section("play-long-term")),
    );
    home.log_in();
    let run = home
        .daypass(["login", "play", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let mut terminal = Pty::start(&shell(&home, &["exec", "work"]));
    terminal.expect("0> ");
    terminal.send(&format!("{DAYPASS} exec play\r"));
    terminal.expect(
        " this is already a shell with the session of work; the shell for play is inside of \
         it, and 'exit' leads back\r\n",
    );
    terminal.expect("a shell with the session of play");
    terminal.expect("0> ");
    terminal.send("echo \"<$DAYPASS_PROFILE>\"; exit\r");
    terminal.expect("\n<play>\r\n");
    terminal.expect("0> ");
    terminal.send("echo \"<$DAYPASS_PROFILE>\"; exit\r");
    terminal.expect("\n<work>\r\n");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn the_mark_of_another_profiles_shell_does_not_reach_a_command() {
    let home = Home::new();
    home.log_in();
    let marked = |mark: &str| {
        let line = [
            "exec",
            "work",
            "--",
            "sh",
            "-c",
            "echo ${DAYPASS_PROFILE-none}",
        ];
        home.daypass(line)
            .env("DAYPASS_PROFILE", mark)
            .run()
            .report()
    };
    assert_eq!(marked("play"), "exit 0\n--- stdout\nnone\n");
    assert_eq!(marked("work"), "exit 0\n--- stdout\nwork\n");
}

#[test]
fn without_shell_in_the_environment_it_is_bin_sh() {
    let home = Home::new();
    home.log_in();
    let mut terminal = Pty::start(&shell(&home, &["exec", "work"]).env("SHELL", ""));
    terminal.expect("0> ");
    terminal.send("echo \"<$0>\"; exit\r");
    terminal.expect("\n</bin/sh>\r\n");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn a_shell_that_is_not_there_is_told() {
    let home = Home::new();
    let invocation = shell(&home, &["exec", "work"]).env("SHELL", "/no/such/shell");
    let run = Pty::start(&invocation).finish();
    assert_report!(run.screen, @"daypass: [31merror:[0m there is no command '/no/such/shell'");
    assert_eq!(run.exit, 127);
}
