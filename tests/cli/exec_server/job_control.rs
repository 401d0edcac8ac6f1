//! Signals and shells: whose they are while a command runs and a question may stand.

use std::{fs, thread, time::Duration};

use super::{
    moved_clock::MovedClock,
    questions::{HOUR, PROMPT, command, end, key},
};
use crate::{
    aws_tools::tmux::Tmux,
    support::{Home, Pty, is_there},
};

#[test]
fn ctrl_c_is_the_commands_own_and_ends_no_later_question() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    let mut terminal = Pty::start(&clock.rules(command(&home)));
    terminal.expect(PROMPT);
    terminal.send(&home.code());
    terminal.send("\r");
    key(&home);
    for _ in 0..2 {
        terminal.send("\x03");
        terminal.expect("the command heard Ctrl-C");
    }
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    terminal.expect(PROMPT);
    // Long enough for a question to find out that it is to end.
    thread::sleep(Duration::from_secs(1));
    terminal.assert_silent(PROMPT);
    terminal.send(&home.code());
    terminal.send("\r");
    terminal.expect("is renewed");
    terminal.send("\x03");
    terminal.expect("the command heard Ctrl-C");
    end(&home);
    let run = terminal.finish();
    assert_eq!(run.exit, 6, "{}", run.screen);
    let heard = run.screen.contains("heard Ctrl-C");
    assert!(!heard, "each is heard once: {}", run.screen);
}

#[test]
fn a_signal_while_a_question_stands_is_the_commands_and_ends_the_question() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let mut terminal = Pty::start(&clock.rules(command(&home)));
    key(&home);
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    terminal.expect(PROMPT);
    terminal.signal("TERM");
    let status = terminal.wait();
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(15),
        "{status}"
    );
    assert!(terminal.echoes());
    terminal.finish();
}

#[test]
fn in_a_shell_of_its_own_a_person_is_warned_instead_of_asked() {
    if !is_there("bash") {
        return;
    }
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let line = ["exec", "work", "--server", "--", "bash", "--norc", "-i"];
    let run = home.daypass(line).env("PS1", "ready> ");
    let mut terminal = Pty::start(&clock.rules(run));
    terminal.expect("ready> ");
    terminal.send(
        "stty tostop; echo $AWS_CONTAINER_CREDENTIALS_FULL_URI \
         $AWS_CONTAINER_AUTHORIZATION_TOKEN >endpoint\r",
    );
    terminal.expect("ready> ");
    key(&home);
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    terminal.expect("to renew it, run daypass login work in another terminal");
    key(&home);
    terminal.send(&format!("{} login work\r", crate::support::DAYPASS));
    terminal.expect(PROMPT);
    terminal.send(&home.code());
    terminal.send("\r");
    terminal.expect("is renewed");
    key(&home);
    terminal.send("exit 4\r");
    assert_eq!(terminal.wait().code(), Some(4));
    assert!(terminal.echoes());
    terminal.finish();
}

#[test]
fn ctrl_z_stops_the_command_and_fg_lets_it_go_on_being_served() {
    if !is_there("tmux") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let line = format!(
        "{} exec work --server -- sh -c 'echo $AWS_CONTAINER_CREDENTIALS_FULL_URI \
         $AWS_CONTAINER_AUTHORIZATION_TOKEN >endpoint; sleep 1000'",
        crate::support::DAYPASS
    );
    let invocation = home.program("sh", []);
    let shell = Tmux::start(&invocation);
    fs::write(home.path("line"), &line).expect("a script");
    for _ in 0..3 {
        shell.type_text("clear; . ./line");
        shell.press("Enter");
        key(&home);
        for _ in 0..3 {
            shell.press("C-z");
            shell.expect("the shell's remark", |screen| {
                screen.contains("Stopped") || screen.contains("Suspended")
            });
            shell.type_text("clear; fg");
            shell.press("Enter");
            shell.expect("the command's name", |screen| {
                screen.contains("line") || screen.contains("sleep") || screen.contains("exec work")
            });
            key(&home);
        }
        shell.press("C-c");
        shell.expect("the prompt", |screen| screen.ends_with('$'));
        shell.type_text("clear; echo status $?");
        shell.press("Enter");
        shell.expect("the status", |screen| screen.contains("status "));
        fs::remove_file(home.path("endpoint")).expect("a file");
    }
}

#[test]
fn ctrl_z_stops_nothing_where_the_command_does_not_stop() {
    if !is_there("tmux") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let line = format!(
        "{} exec work --server -- sh -c 'trap \"\" TSTP; echo $AWS_CONTAINER_CREDENTIALS_FULL_URI \
         $AWS_CONTAINER_AUTHORIZATION_TOKEN >endpoint; while [ ! -e end ]; do sleep 0.05; done; exit 6'",
        crate::support::DAYPASS
    );
    fs::write(home.path("line"), &line).expect("a script");
    let invocation = home.program("sh", []);
    let shell = Tmux::start(&invocation);
    shell.type_text("clear; . ./line; echo status $?");
    shell.press("Enter");
    key(&home);
    shell.press("C-z");
    shell.expect("the key's echo", |screen| screen.contains("^Z"));
    thread::sleep(Duration::from_millis(300));
    key(&home);
    end(&home);
    shell.expect("the end", |screen| screen.contains("status 6"));
}

#[test]
fn a_command_that_stops_by_itself_gives_the_terminal_back_to_the_shell() {
    if !is_there("tmux") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let invocation = home.program("sh", []);
    let shell = Tmux::start(&invocation);
    let line = format!(
        "{} exec work --server -- sh -c 'kill -s STOP $$; echo gone on; exit 3'",
        crate::support::DAYPASS
    );
    fs::write(home.path("line"), &line).expect("a script");
    shell.type_text("clear; . ./line");
    shell.press("Enter");
    shell.expect("the shell's remark", |screen| screen.contains("Stopped"));
    shell.type_text("clear; fg; echo status $?");
    shell.press("Enter");
    shell.expect("the end", |screen| {
        screen.contains("gone on") && screen.contains("status 3")
    });
}
