//! Role sessions near their end, and those of them that are in the way.

use std::time::{Duration, Instant};

use daypass_sandbox::{Fault, Times};

use super::Roles;
use crate::support::{Pty, assert_report, is_there};

const FIFTY_MINUTES: u64 = 50 * 60;

#[test]
fn a_renewal_that_fails_serves_the_old_session_and_says_why() {
    if !is_there("faketime") {
        return;
    }
    let roles = Roles::new();
    roles.home.log_in();
    let first = roles.issued(&roles.credentials("prod"));
    let sandbox = &roles.home.sandbox;
    sandbox.misbehave("AssumeRole", Fault::Status503, Times::Always);
    let run = roles.credentials_after(FIFTY_MINUTES, "prod");
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(run.json()["AccessKeyId"], first.access_key_id.as_str());
    assert_report!(run.stderr, @"daypass: warning: the session of the role could not be renewed yet: AWS could not answer: HTTP status 503 (role arn:aws:iam::210987654321:role/Admin of profile 'prod')");
    sandbox.behave();
    let run = roles.credentials_after(FIFTY_MINUTES, "prod");
    assert_ne!(run.json()["AccessKeyId"], first.access_key_id.as_str());
}

#[test]
fn a_role_session_outlives_the_mfa_session_and_is_then_served_without_a_word() {
    if !is_there("faketime") {
        return;
    }
    let roles = Roles::new();
    let config = roles.home.config();
    let short = "[profile work]\nduration_seconds = 15m\n";
    roles
        .home
        .write_config(&config.replacen("[profile work]\n", short, 1));
    roles.home.log_in();
    let first = roles.credentials("prod").json();
    for seconds in [20 * 60, FIFTY_MINUTES, 59 * 60] {
        let run = roles.credentials_after(seconds, "prod");
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
        assert_eq!(run.json(), first);
    }
    assert_eq!(roles.calls(), (1, 1));
    let run = roles.credentials_after(60 * 60, "prod");
    assert_eq!(run.exit, 3, "{}", run.report());
}

#[test]
fn a_quarter_of_an_hour_is_not_assumed_anew_at_every_call() {
    if !is_there("faketime") {
        return;
    }
    let roles = Roles::new();
    roles.configure("duration_seconds = 900\n", "");
    roles.home.log_in();
    let first = roles.credentials("prod").json();
    assert_eq!(roles.credentials_after(7 * 60, "prod").json(), first);
    assert_ne!(roles.credentials_after(8 * 60, "prod").json(), first);
    assert_eq!(roles.calls(), (1, 2));
}

#[test]
fn a_session_in_the_middle_of_the_chain_that_aws_takes_no_longer_is_made_anew() {
    let roles = Roles::new();
    roles.home.log_in();
    roles.credentials("prod");
    // As if it were there still: the token is of another session.
    let id = roles
        .home
        .credential("prod-mfa", "aws_access_key_id")
        .unwrap();
    let credentials = roles.home.credentials();
    let unknown = format!("{}AAAA", &id[..id.len() - 4]);
    roles
        .home
        .write_credentials(&credentials.replace(&id, &unknown));
    let deploy = roles.issued(&roles.credentials("deploy"));
    assert_eq!(deploy.role_arn.as_ref(), Some(&roles.deploy));
    assert_eq!(roles.calls(), (1, 4));
}

#[test]
fn a_refusal_behind_a_role_stands_if_trying_again_would_cost_a_code() {
    if !is_there("faketime") {
        return;
    }
    let roles = Roles::new();
    let short = "[profile work]\nduration_seconds = 15m\n";
    let config = roles.home.config();
    let config = config.replacen("[profile work]\n", short, 1);
    let config = config.replace(&roles.deploy, "arn:aws:iam::123456789012:role/Gone");
    roles.home.write_config(&config);
    roles.home.log_in();
    roles.credentials("prod");
    // While the MFA session lives, the chain is tried from its beginning too.
    assert_eq!(roles.refused("deploy").exit, 4);
    assert_eq!(roles.calls(), (1, 4));
    roles.home.sandbox.set_clock_offset(20 * 60);
    let run = roles.home.daypass(["credential-process", "deploy"]);
    let run = Pty::start_captured(&run.at(20 * 60)).finish();
    assert_eq!(run.exit, 4, "{run:?}");
    assert!(run.stderr.contains("AWS denied sts:AssumeRole"), "{run:?}");
    assert_eq!(roles.calls(), (1, 5));
}

#[test]
fn a_session_in_the_middle_of_the_chain_with_seconds_left_is_not_built_upon() {
    if !is_there("faketime") {
        return;
    }
    let roles = Roles::new();
    roles.home.log_in();
    let prod = roles.issued(&roles.credentials("prod"));
    let run = roles.credentials_after(3_600 - 20, "deploy");
    assert_eq!(run.exit, 0, "{}", run.report());
    let deploy = roles.issued(&run);
    assert_ne!(deploy.requested_with, prod.access_key_id);
    assert_eq!(roles.calls(), (1, 3));
}

#[test]
fn a_role_is_assumed_while_the_question_for_another_session_stands() {
    let roles = Roles::new();
    roles.home.log_in();
    let mut terminal = Pty::start(&roles.home.daypass(["login", "work", "--force"]));
    terminal.expect("MFA code for work");
    let started = Instant::now();
    roles.credentials("prod");
    let took = started.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    terminal.send("\x03");
    terminal.finish();
}

#[test]
fn what_can_be_served_is_not_kept_waiting_for_its_renewal() {
    if !is_there("faketime") {
        return;
    }
    let roles = Roles::new();
    roles.home.log_in();
    let first = roles.credentials("prod").json();
    let mut terminal = Pty::start(&roles.home.daypass(["login", "work", "--force"]));
    terminal.expect("MFA code for work");
    let started = Instant::now();
    let run = roles.credentials_after(FIFTY_MINUTES, "prod");
    let took = started.elapsed();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    assert_eq!(run.json(), first);
    assert!(took < Duration::from_secs(1), "{took:?}");
    terminal.send("\x03");
    terminal.finish();
}
