//! What a command finds of its process is what it finds without daypass.

use crate::support::{DAYPASS, Home, Pty};

/// What a person answers, and a program asks.
const PROMPT: &str = "MFA code for work";

/// Prints what a process inherits: signals, limits, open files, modes of the terminal and more.
///
/// The shell reads its signals by itself: while it starts a program it blocks them all.
const INHERITED: &str = "
    echo begin
    while read -r line; do
        case $line in Sig[BICP]* | ShdPnd* | Umask* | NoNewPrivs* | Seccomp*) echo \"$line\" ;; esac
    done < /proc/$$/status
    cat /proc/$$/limits /proc/$$/oom_score_adj
    ls /proc/$$/fd
    cut -d ' ' -f 19 /proc/$$/stat
    test $$ = $(ps -o pgid= -p $$) && echo leader
    pwd
    stty -a
    echo end";

/// How a program may be started: whatever is set there is for the command.
const STARTS: [&[&str]; 7] = [
    &[],
    &["env", "--ignore-signal=HUP"],
    &["env", "--ignore-signal=INT,QUIT,TERM,USR1,CHLD,TSTP"],
    &["env", "--block-signal=USR2,TTIN,TTOU,PIPE"],
    &["sh", "-c", "ulimit -S -c 8; exec \"$@\"", "sh"],
    &[
        "sh",
        "-c",
        "ulimit -S -c 0; umask 027; exec 9< /dev/null 5> /dev/null; exec \"$@\"",
        "sh",
    ],
    &[
        "sh",
        "-c",
        "ulimit -S -c unlimited; exec nice -n 3 \"$@\"",
        "sh",
    ],
];

/// What the command prints when it is started like this, with or without daypass before it.
fn inherited(home: &Home, start: &[&str], daypass: &[&str], asks: bool) -> String {
    let line: Vec<&str> = [start, daypass, &["sh", "-c", INHERITED]].concat();
    let mut terminal = Pty::start(&home.program(line[0], line[1..].iter().copied()));
    if asks {
        terminal.expect(PROMPT);
        terminal.send(&format!("{}\r", home.code()));
    }
    terminal.expect("begin\r\n");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{start:?}: {run:?}");
    assert!(run.screen.ends_with("end\r\n"), "{start:?}: {run:?}");
    run.screen
}

#[test]
fn signals_limits_open_files_and_terminal_are_as_without_daypass() {
    let exec = [DAYPASS, "exec", "work", "--"];
    for start in STARTS {
        let home = Home::new();
        let without = inherited(&home, start, &[], false);
        let asked = inherited(&home, start, &exec, true);
        assert_eq!(asked, without, "after a question, {start:?}");
        let cached = inherited(&home, start, &exec, false);
        assert_eq!(cached, without, "with a session, {start:?}");
    }
}

#[test]
fn after_codes_from_a_command_nothing_of_it_is_left() {
    let home = Home::new();
    let without = inherited(&home, &[], &[], false);
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let with = inherited(&home, &[], &[DAYPASS, "exec", "work", "--"], false);
    assert_eq!(with, without);
}

#[test]
fn a_closed_pipe_ends_the_command_as_it_does_without_daypass() {
    let home = Home::new();
    home.log_in();
    let script = format!("{{ {DAYPASS} exec work -- yes; echo $? >&2; }} | head -n 1");
    let run = home.program("bash", ["-c", &script]).run();
    assert_eq!(run.report(), "exit 0\n--- stdout\ny\n--- stderr\n141\n");
}

#[test]
fn nohup_holds_for_the_command_even_after_a_question() {
    let home = Home::new();
    let script = format!("nohup {DAYPASS} exec work -- sh -c 'kill -s HUP $$; echo lives > lives'");
    let mut terminal = Pty::start(&home.program("sh", ["-c", &script]));
    terminal.expect(PROMPT);
    terminal.send(&format!("{}\r", home.code()));
    assert_eq!(terminal.finish().exit, 0);
    let lives = std::fs::read_to_string(home.path("lives")).expect("what it wrote");
    assert_eq!(lives, "lives\n");
}

#[test]
fn a_file_of_commands_without_a_first_line_is_run_by_the_shell() {
    let home = Home::new();
    home.log_in();
    std::fs::write(home.path("plain"), "echo \"$# $1\"; exit 3\n").expect("a script");
    crate::support::set_mode(&home.path("plain"), 0o755);
    let run = home.daypass(["exec", "work", "--", "./plain", "a b"]).run();
    assert_eq!(run.report(), "exit 3\n--- stdout\n1 a b\n");
}
