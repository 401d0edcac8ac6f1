//! `daypass exec --min-ttl`: how much has to be left of the session.

use std::time::Duration;

use crate::support::{Home, Pty, Run, assert_report, is_there};

const PROMPT: &str = "MFA code for work";
const HOUR: i64 = 3_600;

/// A run of `true` with these options, so many hours after the login.
fn later(home: &Home, hours: i64, options: &[&str]) -> Run {
    let line = [&["exec", "work"], options, &["--", "true"]].concat();
    home.daypass(line).at(hours * HOUR).run()
}

/// A home whose profile gets codes from a command, logged in.
fn logged_in_with_codes(settings: &str) -> Home {
    let home = Home::new();
    home.log_in();
    set_code(&home, settings);
    home
}

/// Lets the next code come from a command.
fn set_code(home: &Home, settings: &str) {
    let process = format!("mfa_process = echo {}\n{settings}", home.code());
    home.write_config(&(home.profile_section("work") + &process));
}

fn seconds(count: i64) -> Duration {
    Duration::from_secs(count.unsigned_abs())
}

fn sessions(home: &Home) -> usize {
    home.sandbox.calls("GetSessionToken")
}

#[test]
fn a_session_that_has_enough_left_is_used_and_any_other_renewed() {
    if !is_there("faketime") {
        return;
    }
    for (hours, options, expected) in [
        (5, &[][..], 1),
        (5, &["--min-ttl", "2h"], 1),
        (5, &["--min-ttl", "2h59m"], 1),
        (5, &["--min-ttl", "3h1m"], 2),
        (5, &["--duration", "4h"], 2),
        (7, &["--min-ttl", "2h"], 2),
        (7, &["--min-ttl", "600"], 1),
    ] {
        let home = Home::new();
        home.log_in();
        home.sandbox.advance(seconds(hours * HOUR));
        set_code(&home, "");
        let run = later(&home, hours, options);
        assert_eq!(run.report(), "exit 0\n", "{options:?}");
        assert_eq!(sessions(&home), expected, "{hours} {options:?}");
    }
}

#[test]
fn the_new_session_is_as_long_as_it_has_to_be() {
    let home = logged_in_with_codes("duration_seconds = 3600\ndaypass_mfa_age_limit = 12h\n");
    // The session of the login is of eight hours.
    let run = home
        .daypass(["exec", "work", "--min-ttl", "10h", "--", "true"])
        .run();
    assert_eq!(run.report(), "exit 0\n");
    let status = home.daypass(["status", "work", "--json"]).run().json();
    let left = status[0]["seconds_left"].as_i64().expect("seconds");
    assert!((10 * HOUR..=10 * HOUR + 60).contains(&left), "{left}");
}

#[test]
fn a_person_is_asked_for_a_session_that_lasts() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(seconds(7 * HOUR));
    let line = ["exec", "work", "--min-ttl", "2h", "--", "echo", "begun"];
    let mut terminal = Pty::start(&home.daypass(line).at(7 * HOUR));
    terminal.expect(PROMPT);
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("begun");
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(sessions(&home), 2);
}

#[test]
fn in_the_last_minutes_a_person_is_asked_and_a_job_goes_on_with_what_is_left() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let at = 7 * HOUR + 45 * 60;
    let line = ["exec", "work", "--", "echo", "begun"];
    let job = home.daypass(line).at(at).run();
    assert_eq!(job.report(), "exit 0\n--- stdout\nbegun\n");
    home.sandbox.advance(seconds(at));
    let mut terminal = Pty::start(&home.daypass(line).at(at));
    terminal.expect(PROMPT);
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("begun");
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(sessions(&home), 2);
}

#[test]
fn with_nobody_to_ask_the_login_that_helps_is_named() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    assert_report!(later(&home, 7, &["--min-ttl", "2h"]).report(), @"
    exit 3
    --- stderr
    daypass: error: profile 'work' has no session that is good for 2 h, and nobody can be asked for a code here
      hint: in a terminal, run: daypass login work --force
    ");
    home.write_config(&(home.config() + "duration_seconds = 3600\n"));
    assert_report!(later(&home, 7, &["--min-ttl", "90m"]).report(), @"
    exit 3
    --- stderr
    daypass: error: profile 'work' has no session that is good for 1 h 30 min, and nobody can be asked for a code here
      hint: in a terminal, run: daypass login work --force --duration 90m
    ");
}

#[test]
fn more_than_the_age_limit_cannot_be_had() {
    let home = Home::new();
    let exec = |ttl: &str| {
        let line = ["exec", "work", "--min-ttl", ttl, "--", "true"];
        // There is a terminal, and nothing is asked on it.
        Pty::start_captured(&home.daypass(line)).finish().stderr
    };
    assert_report!(exec("9h"), @"
    daypass: error: 9 h cannot be had: the MFA age limit of profile 'work' is 8 h (the default)
      hint: for runs that take longer than any session: daypass exec --server work -- COMMAND
    ");
    home.write_config(&(home.config() + "daypass_mfa_age_limit = 4h\n"));
    let stderr = exec("4h30m").replace(&home.path("").display().to_string(), "~/");
    assert_report!(stderr, @"
    daypass: error: 4 h 30 min cannot be had: the MFA age limit of profile 'work' is 4 h (~/.aws/config, line 5)
      hint: for runs that take longer than any session: daypass exec --server work -- COMMAND
    ");
    assert_report!(exec("37h"), @"
    daypass: error: invalid value '37h' for '--min-ttl <TTL>': AWS gives sessions of 36h at most
      hint: daypass exec --help shows how it is used
    ");
    assert_report!(exec("soon"), @"
    daypass: error: invalid value 'soon' for '--min-ttl <TTL>': 'soon' is not a duration: write 8h, 90m, 1h30m or a number of seconds
      hint: daypass exec --help shows how it is used
    ");
    assert_eq!(sessions(&home), 0);
}

#[test]
fn a_session_that_aws_has_cut_short_starts_nothing() {
    let home = Home::new();
    let root = home.sandbox.root();
    let device = home.sandbox.add_virtual_device(&root, "root");
    let code = home.sandbox.fresh_code(&device);
    home.write_config(&format!(
        "[profile root]\nmfa_serial = {}\nmfa_process = echo {code}\n",
        device.serial
    ));
    home.write_credentials(&format!(
        "[root-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        root.access_key_id, root.secret_access_key
    ));
    let line = ["exec", "root", "--min-ttl", "2h", "--", "echo", "begun"];
    assert_report!(home.daypass(line).run().report(), @"
    exit 1
    --- stderr
    daypass: error: AWS gave a session of 1 h only, and 2 h are wanted
      hint: for runs that take longer than any session: daypass exec --server root -- COMMAND
    ");
}
