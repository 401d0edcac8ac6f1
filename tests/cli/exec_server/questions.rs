//! Questions in the middle of a run, on the terminal that the command has as well.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Role, Times};

use super::{
    long_runs::{PYTHON, expect_calls},
    moved_clock::MovedClock,
    served::{Answer, Served, run_of},
};
use crate::support::{Home, Invocation, Pty, python_environment, set_mode, wait_until, wrong_code};

pub(super) const PROMPT: &str = "daypass: MFA code for work (device ada):";
pub(super) const HOUR: u64 = 3_600;

/// A command that leaves the keyboard alone: it says where its endpoint is, and runs until it is told to
/// end.
pub(super) const COMMAND: &str = "trap 'echo the command heard Ctrl-C' INT; \
    echo $AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN >endpoint.new; \
    mv endpoint.new endpoint; while [ ! -e end ]; do sleep 0.05; done; echo the command ends; exit 6";

/// The run of that command.
pub(super) fn command(home: &Home) -> Invocation<'_> {
    home.daypass(["exec", "work", "--server", "--", "sh", "-c", COMMAND])
}

/// What the command gets when it asks the endpoint.
fn ask(home: &Home) -> Answer {
    wait_until("the endpoint", || home.path("endpoint").exists());
    let text = fs::read_to_string(home.path("endpoint")).expect("the endpoint");
    let (url, token) = text.trim().split_once(' ').expect("two words");
    let address = url
        .trim_start_matches("http://")
        .trim_end_matches("/credentials");
    let mut stream = TcpStream::connect(address).expect("the endpoint");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time-out");
    let request =
        format!("GET /credentials HTTP/1.1\r\nHost: {address}\r\nAuthorization: {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    Answer::read(stream)
}

/// The key that the command gets.
pub(super) fn key(home: &Home) -> String {
    let answer = ask(home);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["AccessKeyId"]
        .as_str()
        .expect("a key")
        .to_owned()
}

pub(super) fn end(home: &Home) {
    fs::write(home.path("end"), "").expect("a file");
}

#[test]
fn a_code_is_asked_for_beside_the_running_command_and_the_old_session_served_meanwhile() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let mut terminal = Pty::start(&clock.rules(command(&home)));
    let first = key(&home);
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    terminal.expect("daypass: the session of 'work', which sh is using, ends at ");
    terminal.expect(": a code renews it");
    terminal.expect(PROMPT);
    assert_eq!(key(&home), first);
    terminal.send(&home.code());
    terminal.send("\r");
    terminal.expect("daypass: the session of 'work' is renewed: good until ");
    let second = key(&home);
    assert_ne!(second, first);
    assert!(terminal.echoes());
    clock.advance(Duration::from_secs(7 * HOUR));
    thread::sleep(Duration::from_secs(3));
    assert_eq!(key(&home), second);
    end(&home);
    let run = terminal.finish();
    assert_eq!(run.exit, 6, "{}", run.screen);
    assert!(!run.screen.contains("MFA code"), "{}", run.screen);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 2);
}

#[test]
fn after_a_night_the_code_is_asked_for_at_once() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let mut terminal = Pty::start(&clock.rules(command(&home)));
    key(&home);
    clock.advance(Duration::from_secs(9 * HOUR));
    terminal
        .expect("daypass: the session of 'work', which sh is using, has ended: a code renews it");
    terminal.expect(PROMPT);
    let answer = ask(&home);
    assert_eq!(answer.status, 503, "{answer:?}");
    terminal.send(&home.code());
    terminal.send("\r");
    terminal.expect("is renewed");
    key(&home);
    end(&home);
    assert_eq!(terminal.finish().exit, 6);
}

#[test]
fn a_question_that_was_cancelled_comes_back_only_when_the_session_has_ended_and_the_command_asks() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let mut terminal = Pty::start(&clock.rules(command(&home)));
    key(&home);
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    terminal.expect(PROMPT);
    terminal.send("\x03");
    terminal.expect(
        "daypass: not renewed: cancelled: no MFA code was given; daypass login work in another \
         terminal renews it",
    );
    key(&home);
    clock.advance(Duration::from_secs(5 * 60));
    thread::sleep(Duration::from_secs(5));
    key(&home);
    clock.advance(Duration::from_secs(HOUR));
    thread::sleep(Duration::from_secs(5));
    terminal.assert_silent(PROMPT);
    let answer = ask(&home);
    assert_eq!(answer.status, 503, "{answer:?}");
    terminal.expect(PROMPT);
    terminal.send(&home.code());
    terminal.send("\r");
    terminal.expect("is renewed");
    key(&home);
    end(&home);
    let run = terminal.finish();
    assert_eq!(run.exit, 6, "{}", run.screen);
    // Ctrl-C was an answer, and no signal.
    assert!(!run.screen.contains("heard Ctrl-C"), "{}", run.screen);
}

#[test]
fn a_question_goes_with_the_command_and_leaves_the_terminal_as_it_was() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let mut terminal = Pty::start(&clock.rules(command(&home)));
    key(&home);
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    terminal.expect(PROMPT);
    assert!(!terminal.echoes());
    end(&home);
    let started = Instant::now();
    assert_eq!(terminal.wait().code(), Some(6));
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(terminal.echoes());
    terminal.finish();
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn no_window_is_opened_for_a_command_that_has_ended() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    // A pinentry into which a wrong code is typed.
    let directory = home.path("bin");
    fs::create_dir_all(&directory).expect("a directory");
    let script = format!(
        "#!/bin/sh\necho OK\nwhile read -r line; do\necho \"$line\" >>asked\ncase $line in\n\
         GETPIN*) echo 'D {}' ;;\nesac\necho OK\ndone\n",
        wrong_code(&home)
    );
    fs::write(directory.join("pinentry"), script).expect("a script");
    set_mode(&directory.join("pinentry"), 0o755);
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", directory.display());
    let run = run_of(&home).env("PATH", &path).env("DISPLAY", ":99");
    let served = Served::start_as(&clock.rules(run));
    let slow = Fault::Slow(Duration::from_secs(2));
    home.sandbox
        .misbehave("GetSessionToken", slow, Times::Always);
    clock.advance(Duration::from_secs(7 * HOUR + 45 * 60));
    let asked = || fs::read_to_string(home.path("asked")).unwrap_or_default();
    wait_until("a window", || asked().contains("GETPIN"));
    thread::sleep(Duration::from_millis(300));
    // AWS refuses the code when nobody needs it any more.
    served.end();
    assert_eq!(asked().matches("GETPIN").count(), 1, "{}", asked());
}

#[test]
fn where_nobody_can_be_asked_it_is_said_once_that_the_session_ends_and_once_that_it_has() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let mut terminal = Pty::start(&clock.rules(home.daypass([
        "--no-prompt",
        "exec",
        "work",
        "--server",
        "--",
        "sh",
        "-c",
        COMMAND,
    ])));
    key(&home);
    clock.advance(Duration::from_secs(7 * HOUR + 41 * 60));
    terminal.expect("warning:");
    terminal.expect("the session of 'work', which sh is using, ends at ");
    terminal.expect("; to renew it, run daypass login work in another terminal");
    for _ in 0..3 {
        clock.advance(Duration::from_secs(5 * 60));
        thread::sleep(Duration::from_millis(2_500));
    }
    terminal.assert_silent("ends at");
    clock.advance(Duration::from_secs(5 * 60));
    terminal.expect(
        "the session of 'work', which sh is using, has ended; to go on, run daypass login work",
    );
    let answer = ask(&home);
    assert_eq!(answer.status, 503, "{answer:?}");
    end(&home);
    let run = terminal.finish();
    assert!(!run.screen.contains("warning"), "{}", run.screen);
}

#[test]
fn no_code_is_spoken_of_where_a_code_would_not_help() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    let role = home.sandbox.add_role(Role {
        name: "Admin".to_owned(),
        ..Role::default()
    });
    home.write_config(&format!(
        "{}[profile admin]\nrole_arn = {role}\nsource_profile = work\nregion = eu-west-1\n",
        home.profile_section("work")
    ));
    home.log_in();
    let run = home.daypass(["exec", "admin", "--server", "--", "sh", "-c", COMMAND]);
    let mut terminal = Pty::start(&clock.rules(run));
    let first = key(&home);
    // The MFA session is good for hours, and AWS cannot be reached.
    home.sandbox
        .misbehave("AssumeRole", Fault::Status500, Times::Always);
    clock.advance(Duration::from_secs(HOUR * 3 / 4));
    terminal.expect("the session of the role could not be renewed yet");
    terminal.expect("the session of 'admin', which sh is using, ends at ");
    terminal.expect("; daypass goes on trying to renew it");
    thread::sleep(Duration::from_secs(1));
    terminal.assert_silent("a code renews it");
    terminal.assert_silent("not renewed:");
    home.sandbox.behave();
    clock.advance(Duration::from_secs(120));
    terminal.expect("daypass: the session of 'admin' is renewed: good until ");
    assert_ne!(key(&home), first);
    end(&home);
    let run = terminal.finish();
    assert_eq!(run.exit, 6, "{}", run.screen);
}

/// A client on the terminal that asks AWS who it is for each line of a pipe: its keyboard is daypass's.
const PIPED: &str = "exec \"$PYTHON\" \"$SCRIPT\" <lines";

#[test]
fn three_hours_as_a_role_take_one_code_however_often_the_role_is_renewed() {
    let Some(programs) = python_environment() else {
        return;
    };
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    let role = home.sandbox.add_role(Role {
        name: "Admin".to_owned(),
        ..Role::default()
    });
    home.write_config(&format!(
        "{}[profile admin]\nrole_arn = {role}\nsource_profile = work\nregion = eu-west-1\n",
        home.profile_section("work")
    ));
    let status = std::process::Command::new("mkfifo")
        .arg(home.path("lines"))
        .status()
        .expect("mkfifo starts");
    assert!(status.success());
    let run = home
        .daypass(["exec", "admin", "--server", "--", "sh", "-c", PIPED])
        .env("PYTHON", &programs.join("python").display().to_string())
        .env("SCRIPT", PYTHON)
        .env("AWS_MAX_ATTEMPTS", "1");
    let mut terminal = Pty::start(&clock.rules(run));
    terminal.expect(PROMPT);
    terminal.send(&home.code());
    terminal.send("\r");
    let mut lines = fs::OpenOptions::new()
        .write(true)
        .open(home.path("lines"))
        .expect("a pipe");
    let mut client_asks = |terminal: &mut Pty<'_>| {
        lines.write_all(b"who\n").expect("a reader");
        terminal.expect("arn:aws:sts::123456789012:assumed-role/Admin/");
    };
    client_asks(&mut terminal);
    let mut sessions = 1;
    for quarter in 1..=12 {
        clock.advance(Duration::from_secs(HOUR / 4));
        // The role's sessions of an hour end after 60, 105, 150 and 195 minutes.
        if quarter % 3 == 0 {
            sessions += 1;
            expect_calls(&home, "AssumeRole", sessions);
        }
        client_asks(&mut terminal);
    }
    drop(lines);
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{}", run.screen);
    assert!(!run.screen.contains("daypass:"), "{}", run.screen);
    assert_eq!(home.sandbox.calls("AssumeRole"), 5);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
    assert_eq!(home.sandbox.calls("GetCallerIdentity"), 13);
}
