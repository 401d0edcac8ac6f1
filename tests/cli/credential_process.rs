//! `daypass credential-process`

use std::{
    io::Read,
    process::{Child, Stdio},
    time::Duration,
};

use crate::support::{DAYPASS, Home, Invocation, Pty, assert_report, is_there};

const AT_7_45: i64 = 7 * 3_600 + 45 * 60;

#[test]
fn a_cached_session_is_one_json_document_and_no_connection() {
    let home = Home::new();
    home.log_in();
    let connections = home.sandbox.connections();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    let json = run.json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "AccessKeyId",
            "AccountId",
            "Expiration",
            "SecretAccessKey",
            "SessionToken",
            "Version"
        ]
    );
    assert_eq!(json["Version"], 1);
    assert_eq!(json["AccountId"], "123456789012");
    for (field, key) in [
        ("AccessKeyId", "aws_access_key_id"),
        ("SecretAccessKey", "aws_secret_access_key"),
        ("SessionToken", "aws_session_token"),
        ("Expiration", "expiration"),
    ] {
        assert_eq!(
            json[field].as_str(),
            home.credential("work-mfa", key).as_deref(),
            "{field}"
        );
    }
    assert_eq!(home.sandbox.connections(), connections);
}

#[test]
fn a_cached_session_starts_no_runtime_and_opens_nothing_but_the_two_files() {
    if !is_there("strace") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let program = ["-f", "-o", "trace", DAYPASS, "credential-process", "work"];
    assert_eq!(home.program("strace", program).run().exit, 0);
    let trace = std::fs::read_to_string(home.path("trace")).unwrap();
    for call in [
        "socket(",
        "connect(",
        "clone(",
        "clone3(",
        "fork(",
        "epoll_create",
        "eventfd",
    ] {
        assert!(!trace.contains(call), "{call}\n{trace}");
    }
    let system = ["/lib/", "/usr/lib/", "/etc/ld.so.", "/proc/self/"];
    let opened: Vec<&str> = trace
        .lines()
        .filter(|line| line.contains("open") && line.contains('"'))
        .filter_map(|line| line.split('"').nth(1))
        .filter(|path| !system.iter().any(|prefix| path.starts_with(prefix)))
        .collect();
    let home_path = |path| home.path(path).display().to_string();
    assert_eq!(
        opened,
        [home_path(".aws/config"), home_path(".aws/credentials")]
    );
}

#[test]
fn the_expiration_is_the_age_limit_even_for_longer_sessions() {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "duration_seconds = 43200\n"));
    home.log_in();
    let json = home.daypass(["credential-process", "work"]).run().json();
    let moment = |text: &str| daypass::time::parse_timestamp(text).unwrap();
    let mfa_time = moment(&home.credential("work-mfa", "daypass_mfa_time").unwrap());
    let expiration = moment(json["Expiration"].as_str().unwrap());
    assert_eq!((expiration - mfa_time).num_seconds(), 28_800);
    let raw = moment(&home.credential("work-mfa", "expiration").unwrap());
    assert_eq!((raw - mfa_time).num_seconds(), 43_200);
}

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
fn in_the_refresh_window_the_old_session_is_served_when_nobody_can_be_asked() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    let run = home
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(
        run.json()["AccessKeyId"].as_str().map(str::to_owned),
        home.credential("work-mfa", "aws_access_key_id")
    );
    // Not even a terminal is bothered while the old session is good.
    let terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]).at(AT_7_45));
    assert_eq!(terminal.finish().exit, 0);
    let run = home
        .daypass(["credential-process", "work"])
        .at(8 * 3_600 + 1)
        .run();
    assert_eq!(run.exit, 3, "{}", run.report());
}

#[test]
fn in_the_refresh_window_mfa_process_renews_silently() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let old = home.credential("work-mfa", "aws_access_key_id");
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let run = home
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_ne!(home.credential("work-mfa", "aws_access_key_id"), old);
}

#[test]
fn a_renewal_that_fails_in_the_refresh_window_costs_nothing() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    home.write_config(&(home.profile_section("work") + "mfa_process = false\n"));
    let run = home
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(
        run.stderr
            .contains("warning: the session could not be renewed yet"),
        "{}",
        run.report()
    );
}

#[test]
fn a_profile_that_gets_a_serial_no_longer_uses_the_session_of_another_device() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.write_config("[profile work]\nregion = eu-west-1\n");
    home.log_in();
    assert_eq!(home.daypass(["credential-process", "work"]).run().exit, 0);
    home.write_config("[profile work]\nmfa_serial = arn:aws:iam::123456789012:mfa/new-phone\n");
    assert_eq!(home.daypass(["credential-process", "work"]).run().exit, 3);
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
fn a_short_session_is_not_renewed_at_every_call() {
    let home = Home::new();
    let process = format!(
        "mfa_process = echo {}\nduration_seconds = 900\n",
        home.code()
    );
    home.write_config(&(home.profile_section("work") + &process));
    for _ in 0..3 {
        assert_eq!(home.daypass(["credential-process", "work"]).run().exit, 0);
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
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
        assert!(child.wait_with_output().unwrap().status.success());
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
fn a_locked_credentials_file_does_not_keep_the_session_back() {
    let home = Home::new();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let locked = std::fs::File::open(home.path(".aws/credentials")).unwrap();
    locked.lock().unwrap();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(run.stderr.contains("kept it locked"), "{}", run.report());
}

#[test]
fn a_renewal_that_failed_is_not_tried_again_at_every_call() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    std::fs::write(home.path("code"), "echo run >> runs; exit 1\n").unwrap();
    home.write_config(&(home.profile_section("work") + "mfa_process = sh code\n"));
    for _ in 0..3 {
        let run = home
            .daypass(["credential-process", "work"])
            .at(AT_7_45)
            .run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }
    assert_eq!(std::fs::read_to_string(home.path("runs")).unwrap(), "run\n");
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
fn an_ascii_terminal_control_in_a_profile_name_makes_it_no_profile() {
    let home = Home::new();
    home.write_config("[profile e\u{1b}[31mvil]\nmfa_serial = GAHT12345678\n");
    let run = home.daypass(["status"]).run();
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.report());
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

#[test]
fn a_caller_that_has_gone_does_not_cost_the_session() {
    let home = Home::new();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let mut child: Child = home
        .daypass(["credential-process", "work"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{stderr}");
    assert!(home.credential("work-mfa", "aws_session_token").is_some());
}

#[test]
fn a_session_that_cannot_be_saved_is_handed_out_all_the_same() {
    let home = Home::new();
    home.break_credentials_with_mfa_process();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(run.json()["SessionToken"].is_string());
    assert!(
        run.stderr
            .contains("warning: the session could not be saved"),
        "{}",
        run.report()
    );
}

#[test]
fn a_role_profile_is_explained() {
    let home = Home::new();
    home.write_config(
        &(home.profile_section("work")
            + "\n[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = work\n"),
    );
    assert_report!(home.daypass(["credential-process", "prod"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'prod' assumes the role arn:aws:iam::123456789012:role/Admin, which AWS tools do themselves
      hint: take credential_process out of [profile prod] and leave role_arn and source_profile: AWS tools then assume the role with the session of 'work'
    ");
}

struct Crowd {
    terminal: Pty,
    outputs: Vec<std::path::PathBuf>,
}

/// Many credential processes at once on one terminal, as a script that starts many AWS tools.
fn crowd_on_a_terminal(home: &Home, count: usize) -> Crowd {
    let outputs: Vec<_> = (0..count)
        .map(|number| home.path(&format!("out-{number}")))
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
