//! `daypass exec --server`

mod endpoint;
mod job_control;
mod long_runs;
mod moved_clock;
pub mod page;
mod questions;
mod served;

use std::{collections::BTreeMap, fs, os::unix::process::ExitStatusExt, time::Duration};

use long_runs::expect_calls;
use moved_clock::MovedClock;
use served::{Served, run_of};

use crate::support::{DAYPASS, Home, Invocation, is_there};

/// What a person may have in the environment besides.
fn surroundings(invocation: Invocation<'_>) -> Invocation<'_> {
    TAKEN_AWAY
        .iter()
        .fold(invocation, |invocation, name| invocation.env(name, "other"))
        .env("AWS_REGION", "us-west-2")
        .env("AWS_PAGER", "")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("EMPTY", "")
        .env("LINES_OF", "two\nlines = yes")
}

/// What AWS tools would take before the endpoint.
const TAKEN_AWAY: [&str; 14] = [
    "AWS_ACCOUNT_ID",
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_EXPIRATION",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// What a program finds in its environment when it is run with these arguments.
fn environment_of(home: &Home, arguments: &[&str]) -> BTreeMap<String, String> {
    let mut arguments = arguments.to_vec();
    arguments.extend(["env", "-0"]);
    let run = surroundings(home.program(arguments[0], arguments[1..].iter().copied())).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(run.stderr, "");
    run.stdout
        .split_terminator('\0')
        .filter_map(|entry| entry.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_command_finds_the_endpoint_and_everything_else_as_it_was() {
    let home = Home::new();
    home.log_in();
    let mut expected = environment_of(&home, &["env", "--"]);
    for name in TAKEN_AWAY {
        assert!(expected.remove(name).is_some(), "{name}");
    }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        expected.insert(name.to_owned(), "eu-west-1".to_owned());
    }
    let mut found = environment_of(&home, &[DAYPASS, "exec", "work", "--server", "--"]);
    let url = found.remove("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    let token = found.remove("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    assert_eq!(found, expected);
    let url = url.expect("an address");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let token = token.expect("a token");
    assert_eq!(token.len(), 64);
    assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn requests_for_the_endpoint_are_kept_from_a_proxy() {
    let home = Home::new();
    home.log_in();
    let run = home
        .daypass([
            "exec",
            "work",
            "--server",
            "--",
            "sh",
            "-c",
            "echo $NO_PROXY $no_proxy",
        ])
        .env("HTTP_PROXY", "http://proxy.example:3128")
        .env("NO_PROXY", "internal.example")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        .run();
    assert_eq!(
        run.stdout,
        "internal.example,127.0.0.1\n",
        "{}",
        run.report()
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_token_is_in_the_commands_environment_and_nowhere_else() {
    let home = Home::new();
    home.log_in();
    let script =
        "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI; echo $AWS_CONTAINER_AUTHORIZATION_TOKEN; cat";
    let served = Served::start_as(
        &home.daypass(["-vvv", "exec", "work", "--server", "--", "sh", "-c", script]),
    );
    assert_eq!(served.ask().0, 200);
    assert_eq!(served.send(&served.request("GET", "/other")).status, 404);
    let id = served.id();
    for file in ["cmdline", "environ"] {
        let text = fs::read(format!("/proc/{id}/{file}")).expect("root may look");
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains(&served.token), "{file}: {text}");
    }
    let token = served.token.clone();
    let stderr = served.end();
    assert!(stderr.contains("good until"), "{stderr}");
    assert!(!stderr.contains(&token), "{stderr}");
    home.assert_no_secret("the trace", &stderr);
    let kept = std::process::Command::new("grep")
        .arg("-rl")
        .arg(&token)
        .arg(home.path(""))
        .output()
        .expect("grep starts");
    assert_eq!(String::from_utf8_lossy(&kept.stdout), "");
}

#[test]
fn the_status_of_the_command_is_passed_on_and_so_is_the_signal_that_killed_it() {
    let home = Home::new();
    home.log_in();
    fn line<'a>(home: &'a Home, script: &str) -> Invocation<'a> {
        home.daypass(["exec", "work", "--server", "--", "sh", "-c", script])
    }
    for status in [0, 1, 7, 126, 255] {
        assert_eq!(line(&home, &format!("exit {status}")).run().exit, status);
    }
    for (signal, number) in [
        ("TERM", 15),
        ("KILL", 9),
        ("INT", 2),
        ("SEGV", 11),
        ("USR1", 10),
    ] {
        let script = format!("kill -s {signal} $$");
        let status = line(&home, &script).command().status().expect("a status");
        assert_eq!(status.signal(), Some(number), "{signal}: {status}");
    }
    let run = home
        .daypass(["exec", "work", "--server", "--", "no-such-command"])
        .run();
    assert_eq!(run.exit, 127, "{}", run.report());
}

#[test]
#[cfg(target_os = "linux")]
fn a_command_that_stops_and_soon_ends_is_not_lost() {
    let home = Home::new();
    home.log_in();
    for (script, status) in [
        (
            "(sleep 0.01; kill -s CONT $$) & kill -s STOP $$; exit 7",
            Ok(7),
        ),
        ("(sleep 0.01; kill -s KILL $$) & kill -s STOP $$", Err(9)),
    ] {
        let ended = home
            .daypass(["exec", "work", "--server", "--", "sh", "-c", script])
            .command()
            .status()
            .expect("a status");
        assert_eq!(
            ended.code().ok_or(ended.signal().unwrap_or(0)),
            status,
            "{script}: {ended}"
        );
    }
}

#[test]
fn signals_that_are_sent_to_daypass_are_passed_on_to_the_command() {
    let home = Home::new();
    home.log_in();
    for signal in ["TERM", "HUP", "INT", "QUIT", "USR1", "USR2"] {
        let script = format!(
            "trap 'echo got {signal} >&2; exit 5' {signal}; echo; echo; while :; do sleep 0.05; done"
        );
        let words = ["exec", "work", "--server", "--", "sh", "-c", &script];
        let mut child = home
            .daypass(words)
            .command()
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("a run");
        let mut byte = [0];
        std::io::Read::read_exact(child.stdout.as_mut().expect("stdout"), &mut byte)
            .expect("the command runs");
        send(child.id(), signal);
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(5), "{signal}: {output:?}");
        assert_eq!(output.stderr, format!("got {signal}\n").as_bytes());
    }
}

#[test]
fn the_command_dies_of_a_signal_that_it_does_not_handle_and_daypass_with_it() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    send(served.id(), "TERM");
    assert_eq!(served.wait().signal(), Some(15));
    home.assert_no_secret_in_files();
}

fn send(id: u32, signal: &str) {
    let status = std::process::Command::new("kill")
        .args(["-s", signal, &id.to_string()])
        .status()
        .expect("kill runs");
    assert!(status.success());
}

#[test]
fn the_command_starts_with_the_signals_limits_and_files_that_it_would_have_without_daypass() {
    let home = Home::new();
    home.log_in();
    let state = "grep -E '^(SigIgn|SigBlk|SigCgt)' /proc/self/status; ulimit -a; ls /proc/self/fd";
    let of = |words: &[&str]| {
        let script = format!(
            "ulimit -c 4096; trap '' HUP USR1; exec {} sh -c \"{state}\"",
            words.join(" ")
        );
        let run = home.program("sh", ["-c", &script]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
        // Signals 32 and 33 are the C library's own, which it ignores for whatever it starts.
        let own = |line: &str| match line.split_once(":\t") {
            Some((name @ ("SigIgn" | "SigBlk" | "SigCgt"), mask)) => {
                let mask = u64::from_str_radix(mask, 16).expect("a mask");
                format!("{name} {:x}", mask & !(0b11 << 31))
            }
            _ => line.to_owned(),
        };
        run.stdout.lines().map(own).collect::<Vec<_>>().join("\n")
    };
    let plain = of(&["env"]);
    assert!(plain.contains("SigIgn"), "{plain}");
    assert_eq!(of(&[DAYPASS, "exec", "work", "--server", "--"]), plain);
}

#[test]
fn a_default_profile_with_credentials_is_hidden_from_the_command() {
    let home = Home::new();
    home.log_in();
    let config = home.config()
        + "output = text\ns3 =\n  addressing_style = path\n[default]\nregion = us-west-1\n\
           credential_process = /bin/false\n";
    home.write_config(&config);
    let script = "cat $AWS_CONFIG_FILE; echo --; cat $AWS_SHARED_CREDENTIALS_FILE; \
        stat -c %a $(dirname $AWS_CONFIG_FILE); dirname $AWS_CONFIG_FILE";
    let run = home
        .daypass(["exec", "work", "--server", "--", "sh", "-c", script])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let (text, directory) = run.stdout.trim_end().rsplit_once('\n').expect("lines");
    assert_eq!(
        text,
        "[default]\nregion = eu-west-1\noutput = text\ns3 =\n  addressing_style = path\n--\n700"
    );
    assert!(!std::path::Path::new(directory).exists(), "{directory}");
    assert_eq!(
        run.report().lines().last(),
        Some(
            "daypass: [default] has credentials of its own (~/.aws/config, line 10), which would be used \
             instead: the command gets a config file with the settings of 'work' alone"
        )
    );
}

#[test]
fn the_files_for_the_command_are_removed_when_a_signal_ends_it() {
    let home = Home::new();
    home.log_in();
    home.write_config(&(home.config() + "[default]\ncredential_process = /bin/false\n"));
    let served = Served::start(&home);
    let made = || fs::read_dir(home.path("tmp")).expect("tmp").count();
    assert_eq!(made(), 1);
    send(served.id(), "TERM");
    assert_eq!(served.wait().signal(), Some(15));
    assert_eq!(made(), 0);
}

#[test]
fn what_is_run_for_a_code_leaves_the_commands_input_alone() {
    let home = Home::new();
    let (Some(mut clock), true) = (MovedClock::start(&home), is_there("oathtool")) else {
        return;
    };
    home.log_in();
    let code = format!("cat >&2; oathtool --totp -b {}\n", home.device.seed);
    fs::write(home.path("code"), code).expect("a script");
    home.write_config(&(home.profile_section("work") + "mfa_process = sh code\n"));
    // The command's input is a pipe that stays open.
    let served = Served::start_as(&clock.rules(run_of(&home)));
    clock.advance(Duration::from_secs(7 * 3_600 + 45 * 60));
    expect_calls(&home, "GetSessionToken", 2);
    assert_eq!(served.end(), "");
}
