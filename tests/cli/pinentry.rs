//! Codes through pinentry: the real one in a terminal, and scripted ones that misbehave.

use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use crate::support::{
    DAYPASS, Home, Invocation, Pty, Run, assert_report, is_there, path_of, set_mode, wrong_code,
};

/// A pinentry that answers `GETPIN` with these shell commands, and notes down what it was asked.
fn scripted(home: &Home, answer: &str) {
    scripted_as(
        home,
        &format!(
            "echo $$ >> pids\necho OK hello\nwhile read -r line; do\n\
             printf '%s\\n' \"$line\" >> asked\ncase $line in\nGETPIN*) {answer} ;;\n\
             BYE*) echo OK; exit ;;\n*) echo OK ;;\nesac\ndone\n"
        ),
    );
}

fn scripted_as(home: &Home, script: &str) {
    let directory = home.path("bin");
    fs::create_dir_all(&directory).expect("a directory");
    let path = directory.join("pinentry");
    fs::write(&path, format!("#!/bin/sh\n{script}")).expect("a script");
    set_mode(&path, 0o755);
}

/// A run that finds the scripted pinentry and a display.
fn with_display<'a>(home: &'a Home, arguments: &[&str]) -> Invocation<'a> {
    with_program(home, arguments).env("DISPLAY", ":99")
}

fn with_program<'a>(home: &'a Home, arguments: &[&str]) -> Invocation<'a> {
    let path = format!(
        "{}:{}",
        home.path("bin").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    home.daypass(arguments.iter().copied()).env("PATH", &path)
}

fn lines(home: &Home, file: &str) -> Vec<String> {
    let text = fs::read_to_string(home.path(file)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// No pinentry that was started still runs.
fn assert_none_left(home: &Home) {
    for id in lines(home, "pids") {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        assert!(
            !String::from_utf8_lossy(&line).contains("pinentry"),
            "{id} still runs"
        );
    }
}

fn login(home: &Home) -> Run {
    let run = with_display(home, &["login", "work"]).run();
    assert_none_left(home);
    run
}

#[test]
fn a_code_comes_through_pinentry_without_a_terminal() {
    let home = Home::new();
    scripted(&home, &format!("echo 'D {}'; echo OK", home.code()));
    let run = with_display(&home, &["credential-process", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    assert_none_left(&home);
    let asked = lines(&home, "asked");
    for expected in [
        "SETDESC daypass needs the six-digit MFA code%0Afor the AWS profile work, device ada.",
        "SETPROMPT MFA code:",
        "SETTIMEOUT 300",
    ] {
        assert!(asked.iter().any(|line| line == expected), "{asked:?}");
    }
    // Nobody has named a terminal.
    assert!(!asked.iter().any(|line| line.contains("tty")), "{asked:?}");
}

#[test]
fn an_escaped_answer_in_several_lines_is_a_code() {
    let home = Home::new();
    let code = home.code();
    let (first, rest) = code.split_at(1);
    let data =
        format!("echo 'S PROGRESS x'; echo '# c'; echo 'D %3{first}'; echo 'D {rest}%0A'; echo OK");
    scripted(&home, &data);
    assert_eq!(login(&home).exit, 0);
}

#[test]
fn a_question_that_is_cancelled_or_times_out_is_no_answer() {
    for (code, expected) in [
        (
            "83886179 Operation cancelled <Pinentry>",
            "cancelled: no MFA code was given",
        ),
        (
            "83886194 Not confirmed <Pinentry>",
            "cancelled: no MFA code was given",
        ),
        (
            "83886142 Timeout <Pinentry>",
            "no MFA code was typed within five minutes",
        ),
    ] {
        let home = Home::new();
        scripted(&home, &format!("echo 'ERR {code}'"));
        let run = login(&home);
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(run.stderr.contains(expected), "{}", run.report());
        assert_eq!(home.sandbox.connections(), 0);
    }
}

#[test]
fn a_pinentry_that_cannot_ask_is_told_with_the_command_for_a_terminal() {
    let home = Home::new();
    scripted(
        &home,
        "echo 'ERR 83886340 Inappropriate ioctl for device <Pinentry>'",
    );
    assert_report!(login(&home).report(), @"
    exit 3
    --- stderr
    daypass: error: pinentry could not ask for the MFA code of profile 'work'
      caused by: it said: Inappropriate ioctl for device <Pinentry>
      hint: in a terminal, run: daypass login work --code-source terminal
    ");
}

#[test]
fn a_pinentry_that_misbehaves_is_ended_and_told() {
    for (answer, expected) in [
        ("exit 1", "it ended without an answer"),
        ("kill -9 $$", "it ended without an answer"),
        (
            "echo hunter2",
            "what it answers is not what a pinentry answers",
        ),
        ("echo ERR", "what it answers is not what a pinentry answers"),
        (
            "echo 'INQUIRE PASSPHRASE'",
            "what it answers is not what a pinentry answers",
        ),
        (
            "head -c 100000 /dev/zero | tr '\\0' 1",
            "what it answers is not what a pinentry answers",
        ),
        (
            "yes 'D 111111'",
            "what it answers is not what a pinentry answers",
        ),
    ] {
        let home = Home::new();
        scripted(&home, answer);
        let started = Instant::now();
        let run = login(&home);
        assert_eq!(run.exit, 3, "{answer}: {}", run.report());
        assert!(run.stderr.contains(expected), "{answer}: {}", run.report());
        assert!(!run.stderr.contains("hunter2"), "{}", run.report());
        assert!(started.elapsed() < Duration::from_secs(3), "{answer}");
    }
}

#[test]
fn a_pinentry_that_never_says_anything_is_given_up() {
    let home = Home::new();
    scripted_as(&home, "echo $$ >> pids\nwhile :; do sleep 1; done\n");
    let started = Instant::now();
    let run = login(&home);
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: pinentry could not ask for the MFA code of profile 'work'
      caused by: it does not answer
      hint: in a terminal, run: daypass login work --code-source terminal
    ");
    assert!(started.elapsed() < Duration::from_secs(8));
}

#[test]
fn a_pinentry_that_cannot_be_started_is_told() {
    let home = Home::new();
    scripted_as(&home, "");
    fs::write(home.path("bin/pinentry"), "#!/no/such/shell\n").unwrap();
    assert_report!(login(&home).report(), @"
    exit 3
    --- stderr
    daypass: error: pinentry could not ask for the MFA code of profile 'work'
      caused by: ~/bin/pinentry cannot be started
      caused by: No such file or directory (os error 2)
      hint: in a terminal, run: daypass login work --code-source terminal
    ");
}

#[test]
fn no_answer_is_mistyped_and_five_of_them_are_enough() {
    let home = Home::new();
    scripted(&home, "echo OK");
    let run = login(&home);
    assert_eq!(run.exit, 1, "{}", run.report());
    assert!(
        run.stderr.contains("no MFA code was typed"),
        "{}",
        run.report()
    );
    let asked = lines(&home, "asked");
    let count = |start: &str| asked.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!(
        (count("GETPIN"), count("SETERROR a code is six digits")),
        (5, 4)
    );
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn names_of_any_length_and_letter_are_cut_and_asked_for() {
    let home = Home::new();
    for name in ["é".repeat(700), "😀%".repeat(300), "日本".repeat(100)] {
        home.write_config(&home.profile_section(&name));
        home.write_credentials(&home.long_term_section(&format!("{name}-long-term")));
        scripted(&home, "echo 'ERR 83886179'");
        let run = with_display(&home, &["login", &name])
            .env("TERM", &"x".repeat(3_000))
            .env("LC_ALL", &"%".repeat(3_000))
            .run();
        assert!(run.stderr.contains("cancelled"), "{}", run.report());
    }
    let asked = lines(&home, "asked");
    assert!(asked.iter().all(|line| line.len() < 1_000), "{asked:?}");
    let described = |line: &&String| line.starts_with("SETDESC") && line.ends_with("device ada.");
    assert_eq!(asked.iter().filter(described).count(), 3);
}

#[test]
fn thirty_at_once_ask_through_one_pinentry() {
    let home = Home::new();
    scripted(
        &home,
        &format!("sleep 1; echo 'D {}'; echo OK", home.code()),
    );
    for output in with_display(&home, &["credential-process", "work"]).crowd(30) {
        assert!(output.status.success());
        assert!(!output.stdout.is_empty());
    }
    assert_eq!(lines(&home, "pids").len(), 1);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn without_a_display_or_a_terminal_of_gpg_pinentry_is_not_even_tried() {
    let home = Home::new();
    scripted(&home, "echo OK");
    let file = home.path("file").display().to_string();
    fs::write(&file, "").unwrap();
    let mut times = Vec::new();
    for terminal in ["", "/no/such/terminal", "/dev/null", &file, ""] {
        let run = with_program(&home, &["credential-process", "work"]).env("GPG_TTY", terminal);
        let started = Instant::now();
        let run = run.run();
        times.push(started.elapsed());
        assert_eq!(run.exit, 3, "{}", run.report());
        assert!(
            run.stderr.contains("daypass login work"),
            "{}",
            run.report()
        );
    }
    times.sort();
    // 50 ms are promised, for the program as it is released and a machine that is not busy with tests.
    assert!(times[0] < Duration::from_millis(500), "{times:?}");
    assert!(lines(&home, "pids").is_empty());
}

#[test]
fn no_prompt_asks_no_pinentry_and_a_missing_one_is_no_source() {
    let home = Home::new();
    scripted(&home, "echo OK");
    let run = with_display(&home, &["login", "work", "--no-prompt"]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    assert!(lines(&home, "pids").is_empty());
    // Only what setsid is found by is on this path.
    fs::remove_file(home.path("bin/pinentry")).unwrap();
    let setsid = path_of("setsid").unwrap();
    std::os::unix::fs::symlink(setsid, home.path("bin/setsid")).unwrap();
    let path = home.path("bin").display().to_string();
    let run = with_display(&home, &["login", "work"])
        .env("PATH", &path)
        .run();
    assert_eq!(run.exit, 3, "{}", run.report());
    assert!(
        run.stderr.contains("nobody can be asked"),
        "{}",
        run.report()
    );
}

#[test]
fn in_the_background_of_a_terminal_no_pinentry_is_started_that_would_be_stopped() {
    if !is_there("bash") {
        return;
    }
    let home = Home::new();
    scripted(&home, &format!("echo 'D {}'; echo OK", home.code()));
    // With job control, as in an interactive shell whose start-up file names its terminal for GPG.
    let script = "set -m; export GPG_TTY=$(tty)\n\
                  \"$1\" credential-process work >/dev/null 2>err & wait %1\n\
                  echo \"ended with $? and $(cat pids 2>/dev/null | wc -l) pinentries\"\n\
                  \"$1\" login work --code-source pinentry; echo \"then with $?\"";
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", home.path("bin").display());
    let shell = home
        .program("bash", ["-c", script, "shell", DAYPASS])
        .env("PATH", &path);
    let mut terminal = Pty::start(&shell);
    terminal.expect("ended with 3 and 0 pinentries");
    // In the foreground it is the terminal that it may ask on.
    terminal.expect("then with 0");
    assert_eq!(lines(&home, "pids").len(), 1);
    terminal.finish();
}

#[test]
fn a_signal_ends_pinentry_and_answers_for_nobody_else() {
    let home = Home::new();
    scripted(&home, "while :; do sleep 1; done");
    let mut child = with_display(&home, &["credential-process", "work"])
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(|| lines(&home, "asked").iter().any(|line| line == "GETPIN"));
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .arg(&id)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_none_left(&home);
    scripted(&home, &format!("echo 'D {}'; echo OK", home.code()));
    assert_eq!(
        with_display(&home, &["credential-process", "work"])
            .run()
            .exit,
        0
    );
}

/// A terminal that is not daypass's own, in which nothing else reads.
struct OtherTerminal<'a> {
    pty: Pty<'a>,
    name: String,
}

impl<'a> OtherTerminal<'a> {
    fn new(home: &'a Home) -> Option<Self> {
        if !is_there("pinentry-curses") {
            return None;
        }
        let pty = Pty::start(&home.program("sh", ["-c", "tty > tty; exec sleep 60"]));
        wait_for(|| lines(home, "tty").len() == 1);
        let name = lines(home, "tty").remove(0);
        Some(OtherTerminal { pty, name })
    }

    fn start(&self, home: &Home, arguments: &[&str]) -> std::process::Child {
        home.daypass(arguments.iter().copied())
            .env("GPG_TTY", &self.name)
            // The real one alone, whatever else is installed.
            .env("PATH", &curses_only(home))
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("daypass starts")
    }

    fn finish(self) {
        self.pty.signal("KILL");
        self.pty.finish();
    }
}

fn curses_only(home: &Home) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    let program = path_of("pinentry-curses").expect("pinentry-curses");
    fs::create_dir_all(home.path("bin")).expect("a directory");
    let _ = std::os::unix::fs::symlink(program, home.path("bin/pinentry"));
    format!("{}:{path}", home.path("bin").display())
}

fn wait_for(is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "it never comes to that");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_real_pinentry_asks_in_the_terminal_that_gpg_uses() {
    let home = Home::new();
    let Some(mut other) = OtherTerminal::new(&home) else {
        return;
    };
    let child = other.start(&home, &["credential-process", "work"]);
    other.pty.expect("for the AWS profile work, device ada.");
    other.pty.send(&format!("{}\r", home.code()));
    let output = home.end_of(child);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
    assert!(other.pty.echoes());
    other.finish();
}

#[test]
fn the_real_pinentry_shows_what_was_wrong_and_asks_again() {
    let home = Home::new();
    let Some(mut other) = OtherTerminal::new(&home) else {
        return;
    };
    let child = other.start(&home, &["login", "work"]);
    other.pty.expect("for the AWS profile work");
    other.pty.send("12345\r");
    other.pty.expect("a code is six digits");
    other.pty.expect("MFA code:");
    other.pty.send(&format!("{}\r", wrong_code(&home)));
    other.pty.expect("AWS refused the MFA code");
    other.pty.expect("MFA code:");
    other.pty.send(&format!("{}\r", home.code()));
    let output = home.end_of(child);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(home.sandbox.calls("GetSessionToken"), 2);
    other.finish();
}

#[test]
fn the_real_pinentry_can_be_cancelled() {
    let home = Home::new();
    let Some(mut other) = OtherTerminal::new(&home) else {
        return;
    };
    let child = other.start(&home, &["login", "work"]);
    other.pty.expect("for the AWS profile work");
    // Past the field and OK, to Cancel.
    other.pty.send("\t\t\r");
    let output = home.end_of(child);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("cancelled: no MFA code was given"),
        "{stderr}"
    );
    other.finish();
}

#[test]
fn the_terminal_of_the_real_pinentry_gets_its_echo_back_after_a_signal() {
    let home = Home::new();
    let Some(mut other) = OtherTerminal::new(&home) else {
        return;
    };
    let mut child = other.start(&home, &["login", "work"]);
    other.pty.expect("for the AWS profile work");
    assert!(!other.pty.echoes());
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .arg(&id)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(other.pty.echoes());
    other.finish();
}
