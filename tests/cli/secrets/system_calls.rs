//! Where the bytes of secrets go: every write of a run, as the kernel sees it.

use std::{fs, process::Stdio};

use daypass_sandbox::planted;

use crate::support::{Home, find_marker, is_there, may_look_into_daypass};

/// Runs daypass under strace and returns each call that writes, starts a program or makes a file.
fn trace(home: &Home, arguments: &[&str], stdin: &str) -> Vec<String> {
    fs::write(home.path("typed"), stdin).expect("what is typed");
    home.allow_secrets_in("trace");
    const CALLS: &str = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,sendmmsg,\
                         execve,execveat,openat,open,creat,mkdir,mkdirat";
    let words = [
        &["-f", "-y", "-s", "100000", "-o", "trace", "-e", CALLS],
        &[crate::support::DAYPASS][..],
        arguments,
    ]
    .concat();
    let mut command = home.program("strace", words).command();
    let output = command
        .stdin(fs::File::open(home.path("typed")).expect("what is typed"))
        .stderr(Stdio::piped())
        .output()
        .expect("strace runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let trace = fs::read_to_string(home.path("trace")).expect("the trace");
    trace.lines().map(str::to_owned).collect()
}

/// Where a call goes.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Target {
    NewCredentials,
    Network,
    Stdout,
    Elsewhere,
}

fn target(call: &str) -> Target {
    let file = call.split_once('(').map_or("", |(_, rest)| rest);
    let file = file.split_once(',').map_or("", |(file, _)| file);
    if file.contains("/.aws/.credentials.daypass-tmp-") {
        Target::NewCredentials
    } else if file.contains("<socket:") || file.contains("<TCP") {
        Target::Network
    } else if file.starts_with("1<") {
        Target::Stdout
    } else {
        Target::Elsewhere
    }
}

/// The process id at the start of a line.
fn process(call: &str) -> &str {
    call.split_whitespace().next().unwrap_or_default()
}

/// Fails unless each secret goes only where it belongs, and does go there.
fn assert_secrets_go_only(calls: &[String], code: &str, prints_session: bool) {
    let daypass = process(&calls[0]);
    let mut seen = Vec::new();
    for call in calls.iter().filter(|call| process(call) == daypass) {
        let target = target(call);
        for marker in planted::ALL {
            if !call.contains(marker) {
                continue;
            }
            let is_of_session = marker != planted::LONG_TERM_SECRET && marker != planted::SEED;
            let may_go = match target {
                Target::NewCredentials => marker != planted::SEED,
                Target::Stdout => is_of_session && prints_session,
                Target::Network | Target::Elsewhere => false,
            };
            assert!(may_go, "{marker} goes to {target:?}: {call}");
            seen.push((marker, target));
        }
        if call.contains(code) {
            let token_code = format!("TokenCode={code}");
            let places = (
                call.matches(code).count(),
                call.matches(&token_code).count(),
            );
            assert_eq!((target, places), (Target::Network, (1, 1)), "{call}");
            seen.push(("the code", target));
        }
    }
    for place in [
        (planted::LONG_TERM_SECRET, Target::NewCredentials),
        (planted::SESSION_SECRET, Target::NewCredentials),
        (planted::SESSION_TOKEN, Target::NewCredentials),
        ("the code", Target::Network),
    ] {
        assert_eq!(
            seen.iter().filter(|seen| **seen == place).count(),
            1,
            "{place:?} in {seen:?}"
        );
    }
    let printed = seen
        .iter()
        .filter(|(_, target)| *target == Target::Stdout)
        .count();
    assert_eq!(printed, if prints_session { 2 } else { 0 }, "{seen:?}");
}

/// Fails unless all files that were made are their owner's alone from their first byte.
fn assert_files_are_made_private(calls: &[String]) {
    let made: Vec<&String> = calls
        .iter()
        .filter(|call| call.contains("O_CREAT") || call.contains("mkdir"))
        .filter(|call| process(call) == process(&calls[0]))
        .collect();
    assert!(
        made.len() >= 3,
        "the memory, its directory, the credentials: {made:?}"
    );
    for call in made {
        assert!(
            call.contains(", 0600) = ") || (call.contains("mkdir") && call.contains(", 0700) = ")),
            "{call}"
        );
    }
}

#[test]
fn a_login_writes_secrets_to_the_credentials_file_and_the_code_to_aws() {
    if !is_there("strace") || !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    let code = home.code();
    let calls = trace(&home, &["-vvv", "login", "work", "--code", "-"], &code);
    assert_secrets_go_only(&calls, &code, false);
    assert_files_are_made_private(&calls);
}

#[test]
fn a_renewal_prints_the_session_and_nothing_else() {
    if !is_there("strace") || !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    let code = home.code();
    fs::write(home.path("digits"), &code).expect("the code");
    home.write_config(&(home.profile_section("work") + "mfa_process = cat digits\n"));
    let calls = trace(&home, &["-vvv", "credential-process", "work"], "");
    assert_secrets_go_only(&calls, &code, true);
    assert_files_are_made_private(&calls);
    for call in calls.iter().filter(|call| call.contains("execve(")) {
        assert_eq!(find_marker(call.as_bytes()), None, "{call}");
        assert!(!call.contains(&code), "{call}");
    }
}
