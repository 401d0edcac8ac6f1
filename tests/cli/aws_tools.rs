//! The real AWS tools as clients: the AWS CLI and the SDKs for Python and JavaScript run daypass by `credential_process`.

pub mod client;
pub mod moto;
pub mod tmux;

use std::{
    thread,
    time::{Duration, Instant},
};

use client::Client;
use moto::Moto;
use tmux::Tmux;

use crate::support::{Home, Pty, is_there};

const WHO_AM_I: &str = "sts get-caller-identity --profile work";
const PROMPT: &str = "daypass: MFA code for work (device ada):";
const ADA: &str = "arn:aws:iam::123456789012:user/ada";
const AT_7_45: i64 = 7 * 3_600 + 45 * 60;

const TEN_CALLS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/aws_tools/ten_calls.py"
);
const TEN_CALLS_OF_JAVASCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/aws_tools/ten_calls.js"
);

#[test]
fn after_one_login_the_aws_cli_needs_no_further_code() {
    let Some(client) = Client::new() else { return };
    client.home.sandbox.set_account_alias(Some("acme"));
    client.home.log_in();
    let who = client.run(&client.aws(WHO_AM_I)).json();
    assert_eq!(who["Arn"], ADA);
    let aliases = client
        .run(&client.aws("iam list-account-aliases --profile work"))
        .json();
    assert_eq!(aliases["AccountAliases"][0], "acme");
    assert_eq!(client.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn the_long_term_key_alone_is_denied_what_the_session_may() {
    let Some(client) = Client::new() else { return };
    client.home.log_in();
    let sections = client.home.credentials() + &client.home.long_term_section("plain");
    client.home.write_credentials(&sections);
    let plain =
        client.run(&client.aws("iam list-account-aliases --profile plain --region eu-west-1"));
    assert_eq!(plain.exit, 255, "{plain:?}");
    assert!(plain.stderr.contains("(AccessDenied)"), "{plain:?}");
    assert!(plain.stderr.contains("explicit deny"), "{plain:?}");
}

#[test]
fn ten_calls_of_a_boto3_client_run_daypass_once() {
    let Some(client) = Client::new() else { return };
    client.home.log_in();
    let ended = client.run(&client.python(TEN_CALLS));
    assert_eq!((ended.exit, ended.stderr.as_str()), (0, ""), "{ended:?}");
    assert_eq!(ended.stdout.lines().collect::<Vec<_>>(), [ADA; 10]);
    assert_eq!(client.home.sandbox.calls("GetCallerIdentity"), 10);
    assert_eq!(client.runs(), 1);
    assert_eq!(client.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn ten_calls_of_a_client_in_javascript_run_daypass_once() {
    let Some(client) = Client::new() else { return };
    let Some(calls) = client.node(TEN_CALLS_OF_JAVASCRIPT) else {
        return;
    };
    client.home.log_in();
    let ended = client.run(&calls);
    assert_eq!((ended.exit, ended.stderr.as_str()), (0, ""), "{ended:?}");
    assert_eq!(ended.stdout.lines().collect::<Vec<_>>(), [ADA; 10]);
    assert_eq!(client.home.sandbox.calls("GetCallerIdentity"), 10);
    assert_eq!(client.runs(), 1);
}

#[test]
fn moto_takes_the_session_from_the_aws_cli_and_boto3() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    client.set_device(&moto.make_user(&client));

    let login = client
        .home
        .daypass(["login", "work", "--code", "123456"])
        .env("AWS_ENDPOINT_URL", &moto.url)
        .run();
    assert_eq!(login.exit, 0, "{}", login.report());
    let session = client
        .home
        .credential("work-mfa", "aws_access_key_id")
        .unwrap();
    // moto gives everybody the same key, and answers to it as a user of that name.
    assert_eq!(session, "AKIAIOSFODNN7EXAMPLE");
    let moto_user = "arn:aws:sts::123456789012:user/moto";
    let who = client.run(&client.aws(WHO_AM_I).env("AWS_ENDPOINT_URL", &moto.url));
    assert_eq!(who.json()["Arn"], moto_user);
    let ten = client.run(&client.python(TEN_CALLS).env("AWS_ENDPOINT_URL", &moto.url));
    assert_eq!((ten.exit, ten.stderr.as_str()), (0, ""), "{ten:?}");
    assert_eq!(ten.stdout.lines().collect::<Vec<_>>(), [moto_user; 10]);
    assert_eq!(client.runs(), 2);
    assert_eq!(client.home.sandbox.connections(), 0);
}

#[test]
fn the_prompt_gets_through_the_aws_cli_and_is_erased_afterwards() {
    let Some(client) = Client::new() else { return };
    let mut terminal = Pty::start(&client.aws(WHO_AM_I));
    terminal.expect(PROMPT);
    assert!(!terminal.echoes(), "the terminal itself echoes the code");
    terminal.send(&client.home.code());
    terminal.send("\r");
    terminal.expect("\r\x1b[J");
    terminal.expect(ADA);
    assert!(terminal.echoes(), "the terminal's modes are not as before");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(!run.screen.contains(PROMPT), "{run:?}");
}

#[test]
fn in_tmux_only_the_answer_remains_on_the_screen() {
    if !is_there("tmux") {
        return;
    }
    let Some(client) = Client::new() else { return };
    let environment = client.shell("");
    let tmux = Tmux::start(&environment);
    let modes = tmux.modes();
    tmux.type_text("aws sts get-caller-identity --profile work --output text");
    tmux.press("Enter");
    tmux.expect("the prompt", |screen| screen.ends_with(PROMPT));
    let code = client.home.code();
    tmux.type_text(&code);
    tmux.expect("the code", |screen| {
        screen.ends_with(&format!("{PROMPT} {code}"))
    });
    tmux.press("Enter");
    let screen = tmux.expect("the next command line", |screen| screen.ends_with("\n$"));
    let lines: Vec<_> = screen.lines().collect();
    assert_eq!(lines.len(), 3, "{screen}");
    assert_eq!(
        lines[0],
        "$ aws sts get-caller-identity --profile work --output text"
    );
    assert!(
        lines[1].starts_with("123456789012") && lines[1].contains(ADA),
        "{screen}"
    );
    assert_eq!(tmux.modes(), modes);
    assert!(
        modes.contains(" echo ") && modes.contains(" icanon "),
        "{modes}"
    );
}

#[test]
fn without_a_terminal_the_aws_cli_passes_on_what_daypass_says() {
    let Some(client) = Client::new() else { return };
    let ended = client.run(&client.aws(WHO_AM_I));
    assert_eq!(ended.exit, 255, "{ended:?}");
    assert_eq!(ended.stdout, "");
    insta::assert_snapshot!(ended.stderr, @"

    Error when retrieving credentials from custom-process: daypass: error: profile 'work' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login work
    ");
    assert_eq!(client.home.sandbox.connections(), 0);
}

#[test]
fn ten_aws_clis_at_once_ask_once_and_all_get_their_answer() {
    let Some(client) = Client::new() else { return };
    let script = "for n in 0 1 2 3 4 5 6 7 8 9; do \
                    aws sts get-caller-identity --profile work >out-$n 2>&1 & \
                  done; wait; echo all done";
    let mut terminal = Pty::start(&client.shell(script));
    terminal.expect(PROMPT);
    let deadline = Instant::now() + Duration::from_secs(30);
    while client.runs() < 10 {
        assert!(
            Instant::now() < deadline,
            "{} of 10 wait for the code",
            client.runs()
        );
        thread::sleep(Duration::from_millis(20));
    }
    terminal.send(&format!("{}\r", client.home.code()));
    terminal.expect("\r\x1b[J");
    let run = terminal.finish();
    assert!(!run.screen.contains(PROMPT), "asked again: {run:?}");
    assert!(run.screen.contains("all done"), "{run:?}");
    for number in 0..10 {
        let output = std::fs::read_to_string(client.home.path(&format!("out-{number}"))).unwrap();
        let who: serde_json::Value = serde_json::from_str(&output).expect(&output);
        assert_eq!(who["Arn"], ADA);
    }
    assert_eq!(client.home.sandbox.calls("GetSessionToken"), 1);
    assert_eq!(client.runs(), 10);
}

#[test]
fn a_cancel_under_the_aws_cli_is_an_error_and_answers_the_next_one_too() {
    let Some(client) = Client::new() else { return };
    let mut terminal = Pty::start(&client.aws(WHO_AM_I));
    terminal.expect(PROMPT);
    terminal.send("\x03");
    terminal.expect("cancelled: no MFA code was given");
    assert!(terminal.echoes(), "the terminal's modes are not as before");
    let cancelled = terminal.finish();
    assert_eq!(cancelled.exit, 255, "{cancelled:?}");
    assert!(!cancelled.screen.contains("Traceback"), "{cancelled:?}");

    let again = Pty::start(&client.aws(WHO_AM_I)).finish();
    assert_eq!(again.exit, 255, "{again:?}");
    assert!(
        again.screen.contains("cancelled: no MFA code was given"),
        "{again:?}"
    );
    assert!(!again.screen.contains(PROMPT), "asked again: {again:?}");
    assert_eq!(client.home.sandbox.connections(), 0);
}

#[test]
fn in_the_refresh_window_the_aws_cli_is_served_without_a_prompt_and_past_the_limit_refused() {
    if !is_there("faketime") {
        return;
    }
    let Some(client) = Client::new() else { return };
    client.home.log_in();
    let session = client.home.credential("work-mfa", "aws_access_key_id");
    client
        .home
        .sandbox
        .advance(Duration::from_secs(AT_7_45.unsigned_abs()));

    let terminal = Pty::start(
        &client
            .aws("iam list-account-aliases --profile work")
            .at(AT_7_45),
    );
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(
        run.screen.contains("AccountAliases") && !run.screen.contains(PROMPT),
        "{run:?}"
    );
    assert_eq!(
        client.home.credential("work-mfa", "aws_access_key_id"),
        session
    );

    let past_8_00 = AT_7_45 + 15 * 60 + 1;
    client
        .home
        .sandbox
        .advance(Duration::from_secs(15 * 60 + 1));
    let calls = client.home.sandbox.total_calls();
    let ended = client.run(&client.aws(WHO_AM_I).at(past_8_00));
    assert_eq!(ended.exit, 255, "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("hint: in a terminal, run: daypass login work"),
        "{ended:?}"
    );
    assert_eq!(client.home.sandbox.total_calls(), calls);
}

#[test]
fn boto3_in_the_last_quarter_of_an_hour_is_answered_each_time_it_asks() {
    if !is_there("faketime") {
        return;
    }
    let Some(client) = Client::new() else { return };
    client.home.log_in();
    client
        .home
        .sandbox
        .advance(Duration::from_secs(AT_7_45.unsigned_abs()));
    let ended = client.run(&client.python(TEN_CALLS).at(AT_7_45));
    assert_eq!((ended.exit, ended.stderr.as_str()), (0, ""), "{ended:?}");
    assert_eq!(ended.stdout.lines().collect::<Vec<_>>(), [ADA; 10]);
    // botocore renews from 15 minutes before the end, so it runs daypass for every call.
    assert!(client.runs() >= 10, "{}", client.runs());
    assert_eq!(client.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_role_profile_is_assumed_with_the_session_of_its_source() {
    let Some(client) = Client::new() else { return };
    let role_arn = client.home.sandbox.add_role(daypass_sandbox::Role {
        require_mfa: true,
        ..Default::default()
    });
    let config = client.home.config()
        + &format!(
            "\n[profile prod]\nregion = eu-west-1\nrole_arn = {role_arn}\nsource_profile = work\n"
        );
    client.home.write_config(&config);
    client.home.log_in();
    let who = client
        .run(&client.aws("sts get-caller-identity --profile prod"))
        .json();
    let arn = who["Arn"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:sts::123456789012:assumed-role/Admin/"),
        "{arn}"
    );
    let log = client.home.sandbox.log();
    let assumed = log.iter().find(|call| call.action == "AssumeRole").unwrap();
    let session = client
        .home
        .credential("work-mfa", "aws_access_key_id")
        .unwrap();
    assert_eq!(
        (assumed.outcome.as_str(), &assumed.access_key_id),
        ("ok", &session)
    );
    assert_eq!(client.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_failure_without_a_terminal_takes_less_than_50_ms() {
    let home = Home::new();
    let mut durations: Vec<_> = (0..20)
        .map(|_| {
            let started = Instant::now();
            let run = home.daypass(["credential-process", "work"]).run();
            let took = started.elapsed();
            assert_eq!(run.exit, 3, "{}", run.report());
            took
        })
        .collect();
    durations.sort();
    let median = durations[durations.len() / 2];
    println!("median of 20 runs: {median:?}, slowest {:?}", durations[19]);
    assert!(median < Duration::from_millis(50), "{durations:?}");
    assert_eq!(home.sandbox.connections(), 0);
}
