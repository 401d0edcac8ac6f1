//! What a keychain that asks its user costs: one question, however many tools, and none where none is
//! allowed. A stand-in for `pass` does what GPG would.

use std::{
    fs,
    process::{Child, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{DAYPASS, Desktop, Home, Invocation, Pty, is_there, set_mode};

const AT_7_45: i64 = 7 * 3_600 + 45 * 60;

/// GPG asks until somebody has answered; where it may not ask, it fails.
const ASKS: &str = "if [ ! -e unlocked ]; then\n\
                    case \"$PASSWORD_STORE_GPG_OPTS\" in *--pinentry-mode=error*) exit 2;; esac\n\
                    echo asked >> log; sleep 1; touch unlocked\nfi\n";

/// GPG asks, and the user says no.
const REFUSES: &str = "case \"$PASSWORD_STORE_GPG_OPTS\" in *--pinentry-mode=error*) exit 2;; esac\n\
     echo asked >> log; sleep 1; exit 2\n";

/// Asks whatever it was told, for longer than anybody would wait.
const HANGS: &str = "echo asked >> log; sleep 30 & echo $! >> pids; wait\n";

/// A home whose long-term key is in `pass`, which does this before anything else.
fn home_with_pass(before: &str, settings: &str) -> Home {
    let home = Home::new();
    let key = format!("daypass_access_key_id = {}\n", home.user.access_key_id);
    let pass = "daypass_keychain = pass\n";
    home.write_config(&(home.profile_section("work") + pass + &key + settings));
    home.write_credentials("");
    fs::create_dir_all(home.path("bin")).expect("a directory");
    fs::create_dir_all(home.path(".password-store/daypass")).expect("a directory");
    fs::write(home.path(".password-store/.gpg-id"), "ada\n").expect("a file");
    behave(&home, before);
    let user = &home.user;
    insert(&home, &user.access_key_id, &user.secret_access_key);
    home
}

fn behave(home: &Home, before: &str) {
    let script = format!(
        "#!/bin/sh\ncd \"$HOME\"\necho \"$1\" >> log\necho $$ >> pids\n{before}\
         for entry; do :; done\nfile=.password-store/$entry.gpg\ncase $1 in\n\
         show) cat \"$file\" ;;\ninsert) cat > \"$file\" ;;\nrm) rm \"$file\" ;;\nesac\n"
    );
    let path = home.path("bin/pass");
    fs::write(&path, script).expect("a file");
    set_mode(&path, 0o755);
}

fn insert(home: &Home, account: &str, text: &str) {
    let entry = format!(".password-store/daypass/{account}.gpg");
    home.allow_secrets_in(&entry);
    fs::write(home.path(&entry), format!("{text}\n")).expect("a file");
}

/// A run that finds the stand-in.
fn daypass<'a>(home: &'a Home, arguments: &[&str]) -> Invocation<'a> {
    let path = std::env::var("PATH").unwrap_or_default();
    home.daypass(arguments.iter().copied())
        .env("PATH", &format!("{}:{path}", home.path("bin").display()))
}

/// How often this stands in the stand-in's log.
fn count(home: &Home, word: &str) -> usize {
    let log = fs::read_to_string(home.path("log")).unwrap_or_default();
    log.lines().filter(|line| *line == word).count()
}

fn start(home: &Home) -> Child {
    daypass(home, &["credential-process", "work"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("daypass starts")
}

fn crowd(home: &Home) -> Vec<Output> {
    daypass(home, &["credential-process", "work"]).crowd(6)
}

fn process(home: &Home) -> String {
    format!("mfa_process = echo {}\n", home.code())
}

fn add_settings(home: &Home, settings: &str) {
    home.write_config(&(home.config() + settings));
}

fn log_in(home: &Home) {
    let run = daypass(home, &["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let _ = fs::remove_file(home.path("log"));
}

#[test]
fn a_keychain_that_refuses_the_key_is_asked_once_for_all_who_wait() {
    let home = home_with_pass(REFUSES, "");
    add_settings(&home, &process(&home));
    for output in crowd(&home) {
        assert_eq!(output.status.code(), Some(1));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("pass show failed"), "{stderr}");
    }
    assert_eq!(count(&home, "asked"), 1);
}

#[test]
fn a_keychain_that_was_refused_is_left_alone_for_ten_seconds_but_not_by_a_person() {
    let home = home_with_pass(REFUSES, "");
    add_settings(&home, &process(&home));
    let tool = || daypass(&home, &["credential-process", "work"]).run();
    assert_eq!(tool().exit, 1);
    let run = tool();
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("ten seconds"), "{}", run.report());
    assert_eq!(count(&home, "asked"), 1);
    assert_eq!(daypass(&home, &["login", "work"]).run().exit, 1);
    assert_eq!(count(&home, "asked"), 2);
}

#[test]
fn an_early_renewal_never_waits_for_a_keychain_that_asks() {
    if !is_there("faketime") {
        return;
    }
    for words in [&["--no-prompt"][..], &[]] {
        let home = home_with_pass("", "");
        add_settings(&home, &process(&home));
        log_in(&home);
        home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
        behave(&home, HANGS);
        let arguments = [&["credential-process", "work"], words].concat();
        let started = Instant::now();
        let run = daypass(&home, &arguments).at(AT_7_45).run();
        assert_eq!(run.exit, 0, "{}", run.report());
        assert!(started.elapsed() < Duration::from_secs(6));
        assert!(run.stderr.contains("could not be renewed"), "{run:?}");
        // The next ones are told, and wait for nothing.
        let started = Instant::now();
        let run = daypass(&home, &arguments).at(AT_7_45 + 20).run();
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(count(&home, "asked"), 1);
        assert_none_left(&home);
    }
}

#[test]
fn without_questions_gpg_is_told_not_to_ask_and_has_nothing_to_ask_on() {
    let home = home_with_pass(
        "echo \"$PASSWORD_STORE_GPG_OPTS\" >> log; readlink /proc/$$/fd/0 >> log\n",
        "",
    );
    add_settings(&home, &process(&home));
    let run = daypass(&home, &["login", "work", "--no-prompt"])
        .env("PASSWORD_STORE_GPG_OPTS", "--no-greeting")
        .run_with_stdin("");
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(count(&home, "--no-greeting --pinentry-mode=error"), 1);
    assert_eq!(count(&home, "/dev/null"), 1);
}

#[test]
fn a_failure_without_questions_does_not_answer_for_those_who_may_ask() {
    let home = home_with_pass(ASKS, "");
    add_settings(&home, &process(&home));
    let run = daypass(&home, &["credential-process", "work", "--no-prompt"]).run();
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("does not open without a question"),
        "{}",
        run.report()
    );
    assert_eq!(count(&home, "asked"), 0);
    let run = daypass(&home, &["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_keychain_with_the_session_asks_once_however_many_want_it() {
    let home = home_with_pass("", "daypass_session_store = keychain\n");
    add_settings(&home, &process(&home));
    let session = format!("session:{}:work-mfa", home.user.access_key_id);
    insert(&home, &session, "");
    log_in(&home);
    behave(&home, ASKS);
    for output in crowd(&home) {
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(count(&home, "asked"), 1);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_keychain_with_the_session_that_is_refused_is_asked_once_and_told_to_all() {
    let home = home_with_pass("", "daypass_session_store = keychain\n");
    add_settings(&home, &process(&home));
    let session = format!("session:{}:work-mfa", home.user.access_key_id);
    insert(&home, &session, "");
    log_in(&home);
    behave(&home, REFUSES);
    for output in crowd(&home) {
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
    assert_eq!(count(&home, "asked"), 1);
    // Nobody is asked where nobody may be.
    let words = ["credential-process", "work", "--no-prompt"];
    assert_eq!(daypass(&home, &words).run().exit, 1);
    assert_eq!(count(&home, "asked"), 1);
}

#[test]
fn status_asks_no_keychain_and_tries_one_that_fails_once_only() {
    let home = home_with_pass("", "daypass_session_store = keychain\n");
    add_settings(&home, &process(&home));
    let entry = |section: &str| format!("session:{}:{section}", home.user.access_key_id);
    insert(&home, &entry("work-mfa"), "");
    log_in(&home);
    let other = home.config().replace("[profile work]", "[profile other]");
    home.write_config(&(home.config() + "\n" + &other));
    insert(&home, &entry("other-mfa"), "");
    behave(&home, HANGS);
    let started = Instant::now();
    let run = daypass(&home, &["status", "--short"]).run();
    assert_eq!((run.exit, run.stdout.as_str()), (0, ""), "{}", run.report());
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(count(&home, "asked"), 1);
    let run = daypass(&home, &["status"]).run();
    let told = run.stdout.matches("does not open without a question");
    assert_eq!(told.count(), 2, "{}", run.report());
}

#[test]
fn a_locked_system_keychain_is_not_asked_to_unlock_where_nobody_may_be_asked() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    desktop.lock();
    let code = desktop.home.code();
    let run = desktop
        .daypass(["login", "work", "--no-prompt", "--code", &code])
        .run();
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("does not open without a question"),
        "{}",
        run.report()
    );
}

#[test]
fn totp_asks_a_keychain_only_where_questions_are_allowed() {
    let home = home_with_pass(ASKS, "daypass_totp = keychain\n");
    insert(
        &home,
        &format!("totp:{}", home.device.serial).replace('/', "%2F"),
        &home.device.seed,
    );
    for arguments in [
        ["totp", "code", "work", "--no-prompt"].as_slice(),
        &["totp", "remove", "work", "--yes", "--no-prompt"],
    ] {
        let run = daypass(&home, arguments).run();
        assert_eq!(run.exit, 1, "{}", run.report());
    }
    assert_eq!(count(&home, "asked"), 0);
    let run = daypass(&home, &["totp", "code", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(count(&home, "asked"), 1);
}

#[test]
fn a_pass_in_the_current_directory_is_never_run() {
    let home = home_with_pass("", "");
    add_settings(&home, &process(&home));
    fs::rename(home.path("bin/pass"), home.path("pass")).unwrap();
    for path in ["", ".", "bin/.."] {
        let path = format!("{path}:/usr/bin:/bin");
        let run = home.daypass(["login", "work"]).env("PATH", &path).run();
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(!home.path("log").exists(), "{path}");
    }
}

#[test]
fn an_empty_entry_is_no_secret_of_a_key_and_spends_no_code() {
    let home = home_with_pass("", "");
    add_settings(&home, &process(&home));
    for text in ["", "  \n \n"] {
        insert(&home, &home.user.access_key_id, text);
        let run = daypass(&home, &["login", "work"]).run();
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(
            run.stderr.contains("pass does not hold the secret"),
            "{}",
            run.report()
        );
    }
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_signal_ends_pass_and_its_question_and_answers_for_nobody_else() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = home_with_pass(HANGS, "");
        add_settings(&home, &process(&home));
        let child = start(&home);
        let deadline = Instant::now() + Duration::from_secs(10);
        while count(&home, "asked") == 0 {
            assert!(Instant::now() < deadline, "it is never asked");
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(200));
        let id = child.id().to_string();
        let mut kill = std::process::Command::new("kill");
        kill.args(["-s", signal, &id]);
        assert!(kill.status().unwrap().success());
        let output = home.end_of(child);
        assert_eq!(output.status.code(), Some(1), "{signal}: {output:?}");
        assert_none_left(&home);
        behave(&home, "");
        let run = daypass(&home, &["credential-process", "work"]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }
}

#[test]
fn a_signal_on_a_terminal_ends_what_pass_has_started_too() {
    let home = home_with_pass(HANGS, "");
    add_settings(&home, &process(&home));
    // A shell without job control, which goes on with the terminal.
    let script = "\"$1\" login work & echo $! >id; wait $!; echo \"ended with $?\"; sleep 3";
    let path = std::env::var("PATH").unwrap_or_default();
    let shell = home
        .program("sh", ["-c", script, "shell", DAYPASS])
        .env("PATH", &format!("{}:{path}", home.path("bin").display()));
    let mut terminal = Pty::start(&shell);
    let deadline = Instant::now() + Duration::from_secs(10);
    while count(&home, "asked") == 0 {
        assert!(Instant::now() < deadline, "it is never asked");
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(Duration::from_millis(200));
    let id = fs::read_to_string(home.path("id")).unwrap();
    let mut kill = std::process::Command::new("kill");
    assert!(kill.arg(id.trim()).status().unwrap().success());
    terminal.expect("ended with 1");
    assert_none_left(&home);
    terminal.signal("KILL");
    terminal.wait();
}

/// No stand-in that was started still runs, nor what it has started.
fn assert_none_left(home: &Home) {
    let ids = fs::read_to_string(home.path("pids")).expect("what was started");
    for id in ids.lines() {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        let is_ours = line.contains("bin/pass") || line.contains("sleep");
        assert!(!is_ours, "{id} still runs: {line}");
    }
}
