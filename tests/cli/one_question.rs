//! One question, however many tools ask; and how a question ends.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use crate::support::{DAYPASS, Home, Invocation, Pty, assert_report, is_there};

#[test]
fn without_a_terminal_it_fails_at_once_and_says_what_to_run() {
    let home = Home::new();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: profile 'work' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login work
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn the_prompt_is_on_the_terminal_when_both_streams_are_captured() {
    let home = Home::new();
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    terminal.expect("MFA code for work (device ada):");
    terminal.send(&format!("{}\r", home.code()));
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout.lines().count(), 1);
    assert!(!run.screen.contains("SecretAccessKey"), "{run:?}");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["Version"], 1);
}

#[test]
fn thirty_at_once_ask_once_and_get_the_same() {
    let home = Home::new();
    let crowd = crowd_on_a_terminal(&home, 30);
    let (mut terminal, outputs) = (crowd.terminal, crowd.outputs);
    terminal.expect("MFA code for work");
    std::thread::sleep(Duration::from_millis(500));
    terminal.send(&format!("{}\r", home.code()));
    let run = terminal.finish();
    assert!(
        !run.screen.contains("MFA code for work"),
        "asked again: {run:?}"
    );
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
    let first = std::fs::read_to_string(&outputs[0]).unwrap();
    assert!(first.contains("SecretAccessKey"), "{run:?}");
    for output in &outputs {
        assert_eq!(std::fs::read_to_string(output).unwrap(), first);
    }
}

#[test]
fn thirty_at_once_fail_together_when_the_one_prompt_is_cancelled() {
    let home = Home::new();
    let crowd = crowd_on_a_terminal(&home, 30);
    let (mut terminal, outputs) = (crowd.terminal, crowd.outputs);
    terminal.expect("MFA code for work");
    std::thread::sleep(Duration::from_millis(500));
    terminal.send("\x03");
    let run = terminal.finish();
    assert!(
        !run.screen.contains("MFA code for work"),
        "asked again: {run:?}"
    );
    assert_eq!(home.sandbox.calls("GetSessionToken"), 0);
    for output in &outputs {
        assert_eq!(std::fs::read_to_string(output).unwrap(), "");
        let error = std::fs::read_to_string(output.with_extension("err")).unwrap();
        assert!(
            error.contains("cancelled: no MFA code was given"),
            "{error}"
        );
    }
}

#[test]
fn a_signal_ends_the_question_and_leaves_the_terminal_in_order() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = Home::new();
        let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
        terminal.expect("MFA code for work");
        assert!(!terminal.echoes());
        terminal.signal(signal);
        terminal.wait();
        assert!(terminal.echoes(), "{signal}");
        let run = terminal.finish();
        assert_ne!(run.exit, 0, "{signal}: {run:?}");
        // It answers for nobody else: the next one may ask.
        let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
        terminal.expect("MFA code for work");
        terminal.send("\x03");
        assert_eq!(terminal.finish().exit, 1);
    }
}

#[test]
fn a_signal_at_the_second_question_leaves_the_terminal_in_order_too() {
    let home = Home::new();
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("12345\r");
    terminal.expect("a code is six digits");
    terminal.expect("MFA code for work");
    terminal.signal("TERM");
    terminal.wait();
    assert!(terminal.echoes());
}

#[test]
fn the_question_ends_when_the_shell_takes_the_terminal_back() {
    if !is_there("bash") {
        return;
    }
    let home = Home::new();
    // With job control, as in an interactive shell: the tool that ran daypass is killed, and the
    // shell goes on with the terminal.
    let tool = "\"$1\" credential-process work >/dev/null 2>&1 & sleep 1; kill -9 $$";
    let script = "set -m; sh -c \"$2\" tool \"$1\"; sleep 4";
    let shell = home.program("bash", ["-c", script, "shell", DAYPASS, tool]);
    let mut terminal = Pty::start(&shell);
    terminal.expect("MFA code for work");
    assert!(!terminal.echoes());
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !terminal.echoes() {
        assert!(
            std::time::Instant::now() < deadline,
            "the question stands for ever"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    terminal.finish();
}

#[test]
fn a_caller_that_dies_does_not_cost_the_answer() {
    let home = Home::new();
    let tool = "\"$1\" credential-process work >/dev/null 2>&1 & sleep 1; kill -9 $$";
    let script = "sh -c \"$2\" tool \"$1\"; sleep 3";
    let mut terminal = Pty::start(&home.program("sh", ["-c", script, "script", DAYPASS, tool]));
    terminal.expect("MFA code for work");
    std::thread::sleep(Duration::from_millis(1_500));
    terminal.send(&format!("{}\r", home.code()));
    terminal.finish();
    assert!(home.credential("work-mfa", "aws_session_token").is_some());
}

#[test]
fn tools_that_waited_take_the_short_session_that_was_made_meanwhile() {
    let home = Home::new();
    let process = "mfa_process = sh code\ndaypass_mfa_age_limit = 15m\nduration_seconds = 900\n";
    std::fs::write(
        home.path("code"),
        format!("sleep 1; echo {}\n", home.code()),
    )
    .unwrap();
    home.write_config(&(home.profile_section("work") + process));
    let children: Vec<Child> = (0..4)
        .map(|_| {
            let mut command = home.daypass(["credential-process", "work"]).command();
            command.stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        assert!(home.end_of(child).status.success());
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_terminal_that_is_closed_passes_the_question_on() {
    let home = Home::new();
    let mut closed = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    closed.expect("MFA code for work");
    let mut next = Pty::start(&home.daypass(["login", "work"]));
    next.expect("waiting for it");
    closed.signal("HUP");
    next.expect("MFA code for work");
    next.send(&format!("{}\r", home.code()));
    assert_eq!(next.finish().exit, 0);
    closed.finish();
}

#[test]
fn a_code_in_hand_does_not_wait_for_a_question_that_stands() {
    let home = Home::new();
    let mut standing = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    standing.expect("MFA code for work");
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    standing.send("\x03");
    standing.finish();
}

#[test]
fn a_cancel_answers_those_who_have_no_terminal_too() {
    let home = Home::new();
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("cancelled: no MFA code was given"),
        "{}",
        run.report()
    );
}

#[test]
fn a_mended_profile_is_not_told_of_the_mistake_before() {
    let home = Home::new();
    let config = home.config();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(config.replace("mfa/ada", "mfa/eve") + &process));
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 4, "{}", run.report());
    home.write_config(&(config + &process));
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_question_of_several_rows_is_erased_in_full() {
    let home = Home::new();
    let name =
        "a-profile-with-a-name-that-is-much-too-long-for-one-row-of-a-terminal-of-80-columns";
    home.write_config(&home.profile_section(name));
    home.write_credentials(&home.long_term_section(&format!("{name}-long-term")));
    let mut terminal = Pty::start(&home.daypass(["login", name]));
    terminal.expect("(device ada):");
    terminal.send("\x03");
    let run = terminal.finish();
    assert!(run.screen.contains("\x1b[1A\r\x1b[J"), "{run:?}");
}

#[test]
fn a_cancel_answers_for_ten_seconds() {
    let home = Home::new();
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    terminal.expect("MFA code for work");
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    let again = Pty::start_captured(&home.daypass(["credential-process", "work"])).finish();
    assert_eq!(again.exit, 1, "{again:?}");
    assert!(again.stderr.contains("cancelled"), "{again:?}");
    assert!(!again.screen.contains("MFA code"), "{again:?}");

    // A person who logs in at a terminal of their own is asked all the same.
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn a_network_failure_does_not_answer_for_others() {
    let home = Home::new();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let run = home
        .daypass(["credential-process", "work"])
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .run();
    assert_eq!(run.exit, 5, "{}", run.report());
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

struct Crowd<'a> {
    terminal: Pty<'a>,
    outputs: Vec<std::path::PathBuf>,
}

/// Many credential processes at once on one terminal, as a script that starts many AWS tools.
fn crowd_on_a_terminal(home: &Home, count: usize) -> Crowd<'_> {
    let outputs: Vec<_> = (0..count)
        .map(|number| {
            let name = format!("out-{number}");
            home.allow_secrets_in(&name);
            home.path(&name)
        })
        .collect();
    let script = "for n in $(seq 0 $(($1 - 1))); do \
                    \"$2\" credential-process work >out-$n 2>out-$n.err & \
                  done; wait";
    let count = count.to_string();
    let shell: Invocation<'_> = home.program("sh", ["-c", script, "crowd", &count, DAYPASS]);
    Crowd {
        terminal: Pty::start(&shell),
        outputs,
    }
}
