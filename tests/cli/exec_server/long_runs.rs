//! Real clients that run past the end of several sessions: boto3, the AWS CLI, the SDK for JavaScript.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::moved_clock::MovedClock;
use crate::support::{Home, Invocation, is_there, node_modules, python_environment};

const ADA: &str = "arn:aws:iam::123456789012:user/ada";

pub const PYTHON: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/exec_server/who_am_i.py"
);
const JAVASCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/exec_server/who_am_i.cjs"
);

/// A quarter of an hour.
const QUARTER: Duration = Duration::from_secs(900);

/// How long a renewal may take to be noticed to be due, and to be done.
const RENEWAL_TAKES: Duration = Duration::from_secs(30);

/// A program that is served, and asks AWS who it is whenever it is told to.
pub struct Client<'a> {
    home: &'a Home,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl<'a> Client<'a> {
    pub fn start(invocation: &Invocation<'a>) -> Self {
        let mut child = invocation
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the client starts");
        Client {
            home: invocation.home(),
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().expect("stdout")),
            child,
        }
    }

    pub fn asks_who_it_is(&mut self) -> String {
        let input = self.input.as_mut().expect("it runs");
        input.write_all(b"who\n").expect("it reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        if line.is_empty() {
            panic!("no answer: {}", self.stderr());
        }
        line.trim_end().to_owned()
    }

    /// Ends it, and returns everything on stderr, daypass's remarks and its own.
    pub fn end(mut self) -> String {
        drop(self.input.take());
        let stderr = self.stderr();
        let status = self.child.wait().expect("an end");
        assert_eq!(status.code(), Some(0), "{stderr}");
        self.home.assert_no_secret("stderr", &stderr);
        self.home.assert_no_secret_in_files();
        stderr
    }

    fn stderr(&mut self) -> String {
        let mut text = String::new();
        let stderr = self.child.stderr.as_mut().expect("stderr");
        stderr.read_to_string(&mut text).expect("text");
        text
    }
}

/// A home whose sessions last an hour and whose codes nobody has to type.
fn home_with_sessions_of_an_hour() -> Home {
    let home = Home::new();
    let code = format!("oathtool --totp -b {}", home.device.seed);
    home.write_config(
        &(home.profile_section("work")
            + &format!("duration_seconds = 3600\nmfa_process = {code}\n")),
    );
    home
}

/// Waits until AWS has given this many sessions.
pub fn expect_calls(home: &Home, action: &str, count: usize) {
    let deadline = Instant::now() + RENEWAL_TAKES;
    while home.sandbox.calls(action) < count {
        assert!(Instant::now() < deadline, "no {action} number {count}");
        thread::sleep(Duration::from_millis(20));
    }
    // What it is for takes a moment after that.
    thread::sleep(Duration::from_millis(300));
}

/// Three hours in steps of a quarter: a session ends after 60, 105 and 150 minutes.
fn runs_for_three_hours(program: &[&str], environment: &[(&str, &str)]) {
    if !is_there("oathtool") {
        return;
    }
    let home = home_with_sessions_of_an_hour();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    let mut words = vec!["exec", "work", "--server", "--"];
    words.extend(program);
    let run = environment
        .iter()
        .fold(clock.rules(home.daypass(words)), |run, (name, value)| {
            run.env(name, value)
        });
    let mut client = Client::start(&run);
    assert_eq!(client.asks_who_it_is(), ADA);
    let mut sessions = 1;
    for quarter in 1..=12 {
        clock.advance(QUARTER);
        if quarter % 3 == 0 {
            // A quarter of an hour is left of the session.
            sessions += 1;
            expect_calls(&home, "GetSessionToken", sessions);
        }
        assert_eq!(client.asks_who_it_is(), ADA, "in quarter {quarter}");
    }
    assert_eq!(client.end(), "");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 5);
    assert_eq!(home.sandbox.calls("GetCallerIdentity"), 13);
}

#[test]
fn a_boto3_client_runs_for_three_hours_on_sessions_of_an_hour() {
    let Some(programs) = python_environment() else {
        return;
    };
    let python = programs.join("python").display().to_string();
    runs_for_three_hours(&[&python, PYTHON], &[("AWS_MAX_ATTEMPTS", "1")]);
}

#[test]
fn a_script_of_the_aws_cli_runs_for_three_hours_on_sessions_of_an_hour() {
    let Some(programs) = python_environment() else {
        return;
    };
    let aws = programs.join("aws").display().to_string();
    let script = format!(
        "while read line; do {aws} sts get-caller-identity --query Arn --output text || exit 1; done"
    );
    let environment = [("AWS_MAX_ATTEMPTS", "1"), ("AWS_PAGER", "")];
    runs_for_three_hours(&["sh", "-c", &script], &environment);
}

#[test]
fn a_javascript_client_runs_for_three_hours_on_sessions_of_an_hour() {
    let Some(modules) = node_modules() else {
        return;
    };
    let modules = modules.display().to_string();
    // Node warns of versions of its own that the SDK will not support for ever.
    let environment = [("NODE_NO_WARNINGS", "1")];
    runs_for_three_hours(&["node", JAVASCRIPT, &modules], &environment);
}

#[test]
fn a_client_that_slept_for_nine_hours_is_served_when_it_wakes_up() {
    let Some(programs) = python_environment() else {
        return;
    };
    let home = home_with_sessions_of_an_hour();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    let python = programs.join("python").display().to_string();
    let run = home
        .daypass(["exec", "work", "--server", "--", &python, PYTHON])
        .env("AWS_MAX_ATTEMPTS", "1");
    let mut client = Client::start(&clock.rules(run));
    assert_eq!(client.asks_who_it_is(), ADA);
    clock.advance(Duration::from_secs(9 * 3_600));
    // At once: the request itself makes daypass look at the clock.
    assert_eq!(client.asks_who_it_is(), ADA);
    assert_eq!(client.end(), "");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 2);
}

#[test]
fn a_default_profile_with_credentials_does_not_get_in_the_way_of_the_endpoint() {
    let Some(programs) = python_environment() else {
        return;
    };
    let home = Home::new();
    let other = home.sandbox.add_user("eve");
    home.log_in();
    home.write_credentials(&format!(
        "{}[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        home.credentials(),
        other.access_key_id,
        other.secret_access_key
    ));
    let python = programs.join("python").display().to_string();
    let run = home.daypass(["exec", "work", "--server", "--", &python, PYTHON]);
    let mut client = Client::start(&run);
    assert_eq!(client.asks_who_it_is(), ADA);
    let stderr = client.end();
    assert!(
        stderr.contains("[default] has credentials of its own"),
        "{stderr}"
    );
}
