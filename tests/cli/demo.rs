//! `cargo demo`: it shows what it tells, keeps secrets to itself, and leaves nothing behind.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use crate::support::{DAYPASS, Home, Invocation, Pty};

/// How long the demo may take. It takes a fifth of a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// The demo: where cargo has put it beside the program, or built now.
pub fn demo() -> &'static str {
    static DEMO: OnceLock<String> = OnceLock::new();
    DEMO.get_or_init(|| {
        let beside =
            Path::new(DAYPASS).with_file_name(format!("demo{}", std::env::consts::EXE_SUFFIX));
        if beside.is_file() {
            return beside.display().to_string();
        }
        let build = Command::new(env!("CARGO"))
            .args(["build", "--package", "daypass-sandbox", "--bin", "demo"])
            .arg("--message-format=json")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        String::from_utf8_lossy(&build.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find_map(|message| message["executable"].as_str().map(str::to_owned))
            .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&build.stderr)))
    })
}

/// A run of the demo that puts its temporary directory where the test can look.
fn run_of_demo<'a>(home: &'a Home, daypass: &'a str, arguments: &[&'a str]) -> Invocation<'a> {
    let _ = fs::create_dir(home.path("tmp"));
    let arguments = [&["--daypass", daypass], arguments].concat();
    home.program(demo(), arguments)
        .env("TMPDIR", &home.path("tmp").display().to_string())
}

fn start(invocation: &Invocation<'_>, stdin: Stdio) -> Child {
    invocation
        .command()
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the demo starts")
}

fn finish(child: Child) -> (i32, String, String) {
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    let Output {
        status,
        stdout,
        stderr,
    } = ended
        .recv_timeout(PATIENCE)
        .expect("the demo ends in time")
        .expect("the demo's output");
    (
        status.code().unwrap_or(-1),
        String::from_utf8(stdout).expect("text"),
        String::from_utf8(stderr).expect("text"),
    )
}

fn temporary_directories(home: &Home) -> Vec<PathBuf> {
    fs::read_dir(home.path("tmp"))
        .expect("the directory")
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

#[test]
fn the_demo_shows_a_day_and_leaves_nothing() {
    let home = Home::new();
    let run = run_of_demo(&home, DAYPASS, &[]);
    let (exit, stdout, stderr) = finish(start(&run, Stdio::null()));
    assert_eq!((exit, &*stderr), (0, ""), "{stdout}");

    let is_heading =
        |line: &&str| line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(". ");
    let headings: Vec<_> = stdout.lines().filter(is_heading).collect();
    assert_eq!(
        headings,
        [
            "1. In the morning: not logged in yet",
            "2. Ada types the code that her phone shows",
            "3. What that left behind: a session, beside Ada's own lines",
            "4. How AWS tools get it: they ask daypass",
            "5. What it is good for",
            "6. 8 hours and 5 minutes later",
            "7. The morning's session opens nothing any more",
            "8. One new code, and the work goes on",
        ]
    );
    assert!(stdout.ends_with("\n$ cargo demo --shell\n"), "{stdout}");
    // Secrets have 40 characters, seeds 64, tokens hundreds.
    let longest = stdout
        .split(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c))
        .max_by_key(|word| word.len())
        .unwrap_or_default();
    assert!(longest.len() < 40, "{longest}");
    assert!(!stdout.contains('\x1b'), "colours without a terminal");
    assert_eq!(temporary_directories(&home), [] as [PathBuf; 0]);
}

#[test]
fn the_demo_says_so_if_daypass_does_not_do_as_told() {
    let home = Home::new();
    let run = run_of_demo(&home, "/bin/cat", &[]);
    let (exit, _, stderr) = finish(start(&run, Stdio::null()));
    assert_eq!(exit, 1, "{stderr}");
    assert!(stderr.contains("this did not go as told"), "{stderr}");
    assert_eq!(temporary_directories(&home), [] as [PathBuf; 0]);
}

#[test]
fn unknown_arguments_are_wrong_usage() {
    let home = Home::new();
    for arguments in [&["--frobnicate"][..], &["day"], &["--daypass"]] {
        let run = home.program(demo(), arguments.iter().copied());
        let (exit, stdout, stderr) = finish(start(&run, Stdio::null()));
        assert_eq!((exit, &*stdout), (2, ""), "{stderr}");
        assert!(stderr.contains("hint: cargo demo --help"), "{stderr}");
    }
    let run = home.program(demo(), ["--help"]);
    let (exit, stdout, _) = finish(start(&run, Stdio::null()));
    assert_eq!(exit, 0);
    assert!(stdout.contains("--shell"), "{stdout}");
    assert!(stdout.lines().all(|line| line.len() <= 80), "{stdout}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_shell_and_removes_its_home() {
    let home = Home::new();
    let run = run_of_demo(&home, DAYPASS, &["--shell"]).env("SHELL", "/bin/sh");
    // The pipe stays open: the shell waits for commands.
    let mut child = start(&run, Stdio::piped());
    let keyboard = child.stdin.take();
    let deadline = Instant::now() + PATIENCE;
    while temporary_directories(&home).is_empty() {
        assert!(Instant::now() < deadline, "no home is made");
        thread::sleep(Duration::from_millis(5));
    }
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(pid.expect("a pid"), rustix::process::Signal::TERM)
        .expect("it runs");
    let (exit, _, stderr) = finish(child);
    drop(keyboard);
    assert_eq!(exit, 143, "{stderr}");
    assert_eq!(temporary_directories(&home), [] as [PathBuf; 0]);
}

#[cfg(unix)]
#[test]
fn in_the_shell_a_person_logs_in_and_time_passes() {
    const PROMPT: &str = "(daypass demo)";
    let home = Home::new();
    let run = run_of_demo(&home, DAYPASS, &["--shell"]).env("SHELL", "/bin/bash");
    let mut terminal = Pty::start(&run);
    terminal.expect("daypass, for you to try");
    terminal.expect(PROMPT);

    terminal.send("code > digits\r");
    terminal.expect(PROMPT);
    let [private_home] = &temporary_directories(&home)[..] else {
        panic!("one home");
    };
    let code = fs::read_to_string(private_home.join("digits")).expect("the code");
    assert_eq!(code.trim().len(), 6, "{code}");

    terminal.send("daypass login work\r");
    terminal.expect("MFA code for work");
    terminal.send(&code.replace('\n', "\r"));
    terminal.expect("logged in");
    terminal.expect(PROMPT);

    terminal.send("daypass status\r");
    terminal.expect("valid");
    terminal.expect(PROMPT);
    terminal.send("later 8h05m\r");
    terminal.expect("It is 8h 5m later");
    terminal.expect(PROMPT);
    terminal.send("daypass status\r");
    terminal.expect("expired");
    terminal.expect(PROMPT);

    // The same half minute, and yet not the same code.
    terminal.send("daypass login --code $(code)\r");
    terminal.expect("logged in");
    terminal.expect(PROMPT);
    terminal.send("sandbox-log\r");
    terminal.expect("GetSessionToken");
    terminal.expect(PROMPT);

    terminal.send("exit\r");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{}", run.screen);
    assert_eq!(temporary_directories(&home), [] as [PathBuf; 0]);
}
