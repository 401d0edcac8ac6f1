//! Every command in its good and bad ways under `-vvv`: the trace may be read by anybody.
//!
//! What must not show up is looked for after every run, by the support of these tests.

use std::collections::BTreeSet;

use crate::support::{Home, Pty, is_there, wrong_code};

mod homes;

use homes::*;

/// A command line, the state of the home that it finds, and how it ends.
struct Case {
    name: &'static str,
    prepare: fn(&Home) -> Vec<String>,
    arguments: &'static [&'static str],
    /// How much later than the preparation it runs.
    later: i64,
    exit: i32,
}

const LOGIN: &[&str] = &["login", "work"];
const PROCESS: &[&str] = &["credential-process", "work"];
const ROLE: &[&str] = &["credential-process", "prod"];
const ENROLL: &[&str] = &["enroll", "work", "--store-seed"];
const ROTATE: &[&str] = &["rotate", "work", "--yes"];
const APPLY: &[&str] = &["policy", "apply", "work", "--group", "devs", "--yes"];
const HOUR: i64 = 3_600;

/// Shorthand for the rows of the table.
const fn case(
    name: &'static str,
    prepare: fn(&Home) -> Vec<String>,
    arguments: &'static [&'static str],
    exit: i32,
) -> Case {
    Case {
        name,
        prepare,
        arguments,
        later: 0,
        exit,
    }
}

const fn later(hours: i64, case: Case) -> Case {
    Case {
        later: hours * HOUR,
        ..case
    }
}

const CASES: &[Case] = &[
    case("first login", with_code, LOGIN, 0),
    case("already logged in", logged_in, LOGIN, 0),
    case("a renewal by force", with_forced_code, LOGIN, 0),
    later(9, case("an expired session", logged_in, LOGIN, 3)),
    case("nobody to ask", nothing, LOGIN, 3),
    case("a wrong code", with_wrong_code, LOGIN, 4),
    case("a spent code", with_spent_code, LOGIN, 4),
    case("no code at all", with_no_code, LOGIN, 2),
    case("throttling", throttled, LOGIN, 4),
    case("a server's error", server_error, LOGIN, 5),
    case("a lost answer", lost_answer, LOGIN, 5),
    case("an answer cut short", cut_answer, LOGIN, 5),
    case("a portal's answer", portal, LOGIN, 5),
    case("a wrong secret", wrong_secret, LOGIN, 4),
    case(
        "a secret without an equals sign",
        secret_without_equals,
        LOGIN,
        1,
    ),
    case("a secret that is not text", secret_not_text, LOGIN, 1),
    case("the two halves of a key swapped", swapped_key, LOGIN, 1),
    case("a broken config file", broken_config, LOGIN, 1),
    case("a secret as the region", secret_as_region, LOGIN, 1),
    case("a secret as the device", secret_as_device, LOGIN, 1),
    case("a secret as the duration", secret_as_duration, LOGIN, 1),
    case("a session that cannot be saved", unsaved, LOGIN, 1),
    case("a secret in the keychain", in_keychain, LOGIN, 1),
    case("mfa_process gives a code", code_from_process, LOGIN, 0),
    case("mfa_process fails", failing_process, LOGIN, 1),
    case(
        "mfa_process prints a password",
        password_from_process,
        LOGIN,
        1,
    ),
    case("mfa_process prints the files", files_from_process, LOGIN, 1),
    case(
        "mfa_process has the seed as an argument",
        seed_for_process,
        LOGIN,
        1,
    ),
    case("mfa_process cannot be split", unsplit_process, LOGIN, 1),
    case("a cached session", logged_in, PROCESS, 0),
    case("no session", nothing, PROCESS, 3),
    later(9, case("an expired session", logged_in, PROCESS, 3)),
    case("a renewal", code_from_process, PROCESS, 0),
    later(
        7,
        case(
            "a short session that cannot be renewed",
            short_and_failing,
            PROCESS,
            0,
        ),
    ),
    case("a refusal", refused_process, PROCESS, 4),
    case("a role", with_own_role, ROLE, 0),
    case("a role that is not allowed", with_strange_role, ROLE, 4),
    case("a secret as the role", secret_as_role, ROLE, 1),
    case("a session that cannot be saved", unsaved, PROCESS, 0),
    case(
        "a finished set-up",
        nothing,
        &["setup", "work", "--yes", "--no-login"],
        0,
    ),
    case("nobody to ask", nothing, &["setup", "work"], 0),
    case(
        "a wrong secret",
        wrong_secret,
        &["setup", "work", "--yes"],
        4,
    ),
    case("a session", logged_in, &["env", "work"], 0),
    case("no session", nothing, &["env", "work"], 3),
    case("a session", logged_in, &["exec", "work", "--", "true"], 0),
    case("no session", nothing, &["exec", "work", "--", "true"], 3),
    later(
        9,
        case(
            "an expired session",
            logged_in,
            &["exec", "work", "--", "true"],
            3,
        ),
    ),
    case(
        "a renewal",
        code_from_process,
        &["exec", "work", "--", "sh", "-c", "exit 7"],
        7,
    ),
    case(
        "no such command",
        logged_in,
        &["exec", "work", "--", "no-such-command"],
        127,
    ),
    case(
        "no command that can be executed",
        logged_in,
        &["exec", "work", "--", "/dev/null"],
        126,
    ),
    case(
        "a session that is too short",
        logged_in,
        &["exec", "work", "--min-ttl", "9h", "--", "true"],
        2,
    ),
    case("nobody for a shell", logged_in, &["exec", "work"], 2),
    case(
        "a federated user",
        without_mfa_policy,
        &["console", "work", "--print"],
        0,
    ),
    case("no display", without_mfa_policy, &["console", "work"], 0),
    case("a role", with_role, &["console", "prod", "--print"], 0),
    case("a denied token", nothing, &["console", "work"], 4),
    case(
        "a portal's answer",
        portal_at_sign_in,
        &["console", "work"],
        5,
    ),
    case(
        "an endpoint",
        logged_in,
        &["exec", "work", "--server", "--", "env"],
        0,
    ),
    case(
        "an endpoint without a session",
        nothing,
        &["exec", "work", "--server", "--", "env"],
        3,
    ),
    case(
        "an endpoint for a new session",
        code_from_process,
        &["exec", "work", "--server", "--", "env"],
        0,
    ),
    case(
        "a session",
        logged_in,
        &["audit", "work", "--fail-on", "none"],
        0,
    ),
    case("root without MFA", logged_in, &["audit", "work"], 10),
    case(
        "no organization",
        logged_in,
        &["audit", "work", "--role-name", "Auditor", "--organization"],
        4,
    ),
    case("no session", nothing, &["audit", "work"], 3),
    case(
        "a secret file as the report",
        nothing,
        &["audit", "--credential-report", ".aws/credentials"],
        1,
    ),
    case(
        "a secret file as the details",
        nothing,
        &["audit", "--authorization-details", ".aws/credentials"],
        1,
    ),
    case(
        "a secret file as what to ignore",
        nothing,
        &[
            "audit",
            "--credential-report",
            "report.csv",
            "--ignore",
            ".aws/credentials",
        ],
        1,
    ),
    case("a session", logged_in, &["devices", "work"], 0),
    case("a session", logged_in, &["devices", "work", "--json"], 0),
    case("no session", nothing, &["devices", "work"], 3),
    case(
        "nobody to type codes",
        logged_in,
        &["devices", "resync", "ada", "--profile", "work"],
        3,
    ),
    case(
        "the last device",
        logged_in,
        &["devices", "remove", "ada", "--profile", "work"],
        1,
    ),
    case(
        "a removal by force",
        logged_in,
        &[
            "devices",
            "remove",
            "ada",
            "--profile",
            "work",
            "--force",
            "--yes",
        ],
        0,
    ),
    case("nobody to ask", nothing, &["enroll", "work"], 3),
    case("no keychain", logged_in, ENROLL, 1),
    case("too many devices", with_eight_devices, ENROLL, 4),
    case("a lost answer", lost_identity, ENROLL, 5),
    case("a session", logged_in, ROTATE, 0),
    case("a login first", with_code, ROTATE, 0),
    case("no session", nothing, ROTATE, 3),
    case("a denied step", denied_deactivation, ROTATE, 4),
    case("a lost new key", lost_new_key, ROTATE, 5),
    case("a new key cut short", cut_new_key, ROTATE, 5),
    case("a second key", second_key, ROTATE, 3),
    case("a wrong secret", wrong_secret, ROTATE, 4),
    case("no keychain", in_keychain, ROTATE, 1),
    case("a roll-out", with_group, APPLY, 0),
    case("no session", nothing, APPLY, 3),
    case("no such group", logged_in, APPLY, 2),
    case("a denied step", denied_attachment, APPLY, 4),
    case("no keychain", nothing, &["totp", "code", "work"], 1),
    case("no keychain", nothing, &["totp", "add", "work"], 1),
    case("no keychain", nothing, &["totp", "remove", "work"], 1),
    case("a policy", nothing, &["policy", "show"], 0),
    case(
        "the credentials in the place of a policy",
        nothing,
        &["policy", "check", ".aws/credentials"],
        1,
    ),
    case(
        "the credentials as JSON, Terraform and a template",
        secrets_in_policies,
        &["policy", "check"],
        1,
    ),
    case("a session", logged_in, &["doctor"], 0),
    case("no session", nothing, &["doctor", "work", "--json"], 0),
    case("a renewal", code_from_process, &["doctor", "work"], 0),
    case(
        "a wrong secret",
        |home| state(home, wrong_secret),
        &["doctor"],
        1,
    ),
    case("two halves swapped", swapped_key, &["doctor"], 1),
    case("a broken file", secret_without_equals, &["doctor"], 1),
    case(
        "a secret as the device",
        |home| state(home, secret_as_device),
        &["doctor"],
        1,
    ),
    case(
        "no keychain",
        |home| state(home, in_keychain),
        &["doctor"],
        1,
    ),
    case("a portal's answer", portal_at_sts, &["doctor"], 1),
    case("any shell", nothing, &["completions", "bash"], 0),
    case("no session", nothing, &["status"], 0),
    case("a session", logged_in, &["status"], 0),
    case("a session as JSON", logged_in, &["status", "--json"], 0),
    case(
        "a session in short",
        logged_in,
        &["status", "work", "--short"],
        0,
    ),
    later(
        9,
        case("an expired session", logged_in, &["status", "--check"], 10),
    ),
    case("a broken file", secret_without_equals, &["status"], 1),
    case("two halves swapped", swapped_key, &["status"], 0),
    case("a session", logged_in, &["logout", "work"], 0),
    case("no session", nothing, &["logout", "work"], 0),
    case("all sessions", logged_in, &["logout", "--all"], 0),
    case(
        "a broken file",
        secret_without_equals,
        &["logout", "work"],
        1,
    ),
];

#[test]
fn no_command_traces_a_secret_whatever_happens() {
    let has_faketime = is_there("faketime");
    for case in CASES.iter().filter(|case| case.later == 0 || has_faketime) {
        let home = Home::new();
        let more = (case.prepare)(&home);
        let mut arguments = vec!["-vvv"];
        arguments.extend(case.arguments);
        arguments.extend(more.iter().map(String::as_str));
        let mut invocation = home
            .daypass(arguments)
            // The libraries below could trace as well.
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        if case.later > 0 {
            invocation = invocation.at(case.later);
        }
        let run = invocation.run();
        let (name, command) = (case.name, case.arguments[0]);
        assert_eq!(run.exit, case.exit, "{command}, {name}: {}", run.report());
        assert!(
            run.stderr.contains("daypass: "),
            "{command}, {name}: no trace"
        );
    }
}

#[test]
fn every_command_is_in_the_table() {
    let tree = daypass::cli::command();
    let commands: BTreeSet<&str> = tree
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    let traced: BTreeSet<&str> = CASES.iter().map(|case| case.arguments[0]).collect();
    assert_eq!(traced, commands);
}

#[test]
fn a_typed_password_is_traced_by_nobody_and_does_not_stay_on_the_screen() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["-vvv", "login", "work"]));
    terminal.expect("MFA code for work");
    home.note_code("hunter2");
    terminal.send("hunter2\r");
    terminal.expect("a code is six digits");
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", wrong_code(&home)));
    terminal.expect("more to try");
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    assert_eq!(terminal.finish().exit, 0);
}
