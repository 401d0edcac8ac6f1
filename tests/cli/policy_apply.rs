//! `daypass policy apply`

use std::time::Duration;

use daypass_sandbox::{RegisteredPolicy, Role};

use crate::support::{Home, Pty, Run, assert_report};

mod killed;
mod members;
mod moto;
mod versions;

const GROUP: &str = "arn:aws:iam::123456789012:group/devs";
const POLICY: &str = "arn:aws:iam::123456789012:policy/daypass-mfa-devs";

/// A home whose user administers the account with an MFA session, and is the one member of a group.
fn home() -> Home {
    let home = Home::new();
    let devs = home.sandbox.add_group("devs");
    home.sandbox.add_to_group(&home.user, &devs);
    home.log_in();
    home
}

fn run(home: &Home, more: &[&str]) -> Run {
    let words = ["policy", "apply", "work", "--group", "devs"];
    home.daypass(words.iter().chain(more).copied()).run()
}

fn apply(home: &Home, more: &[&str]) -> Run {
    let words: Vec<&str> = more.iter().copied().chain(["--yes"]).collect();
    run(home, &words)
}

#[track_caller]
fn applied(home: &Home, more: &[&str]) -> Run {
    let run = apply(home, more);
    assert_eq!(run.exit, 0, "{}", run.report());
    run
}

fn policy(home: &Home) -> RegisteredPolicy {
    home.sandbox.policy(POLICY).expect("the policy")
}

fn attached(home: &Home) -> Vec<String> {
    home.sandbox.group(GROUP).expect("the group").attached
}

/// What `policy show` prints, to be compared with what AWS has.
fn shown(home: &Home, arguments: &[&str]) -> serde_json::Value {
    let words = ["policy", "show"];
    let run = home.daypass(words.iter().chain(arguments).copied()).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    run.json()
}

#[track_caller]
fn assert_in_force(home: &Home, arguments: &[&str]) {
    let document: serde_json::Value = serde_json::from_str(policy(home).document()).expect("JSON");
    assert_eq!(document, shown(home, arguments));
    assert_eq!(attached(home), [POLICY]);
}

/// How often an action was asked for that changes something.
fn changes(home: &Home) -> Vec<String> {
    let log = home.sandbox.log().into_iter();
    let actions = log
        .filter(|call| call.outcome == "ok")
        .map(|call| call.action);
    let reads = ["Get", "List", "Assume"];
    actions
        .filter(|action| !reads.iter().any(|read| action.starts_with(read)))
        .collect()
}

#[test]
fn the_policy_is_made_attached_read_back_and_judged() {
    let home = home();
    assert_report!(apply(&home, &[]).report(), @"
    exit 0
    --- stdout
    Group   devs of account 123456789012
    Policy  daypass-mfa-devs: strict, MFA counts for 8 h

    MEMBER  DEVICES                PASSWORD  ACCESS KEY  AFTERWARDS
    ada     virtual                no        in use      with codes

    ada: perhaps a machine, which has no codes: no password, and [KEY] was used less than a day ago

    Looked at: devices, passwords, access keys and their last use of 1 member;
      the trust policies of 0 roles, of which 0 trust the whole account without MFA
    Not looked at: who has assumed a role with an access key, which CloudTrail knows

    What is to be done
      1. create the policy daypass-mfa-devs
      2. attach the policy daypass-mfa-devs to the group devs

    MFA is enforced for the group devs, for 8 h after each code; read back from AWS and judged
    To take it back: daypass policy apply work --group devs --undo
    ");
    assert_in_force(&home, &[]);
    assert_eq!(changes(&home), ["CreatePolicy", "AttachGroupPolicy"]);
    assert_report!(apply(&home, &[]).report(), @"
    exit 0
    --- stdout
    nothing to do for the group devs
    MFA is enforced for the group devs, for 8 h after each code; read back from AWS and judged
    To take it back: daypass policy apply work --group devs --undo
    ");
    assert_eq!(changes(&home).len(), 2);
}

#[test]
fn what_was_done_is_taken_back_and_nothing_is_left() {
    let home = home();
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    home.sandbox.attach_policy(GROUP, read_only);
    applied(&home, &[]);
    assert_eq!(attached(&home), [read_only, POLICY]);
    assert_report!(apply(&home, &["--undo"]).report(), @"
    exit 0
    --- stdout
    What is to be done
      1. detach the policy daypass-mfa-devs from the group devs
      2. delete the policy daypass-mfa-devs

    taken back: the group devs has no policy of daypass's any more
    ");
    assert_eq!(attached(&home), [read_only]);
    assert_eq!(home.sandbox.policies(), []);
    assert_report!(apply(&home, &["--undo"]).report(), @"
    exit 0
    --- stdout
    there is nothing to take back: arn:aws:iam::123456789012:policy/daypass-mfa-devs does not exist
    ");
}

#[test]
fn a_group_is_created_only_if_that_is_asked_for() {
    let home = Home::new();
    home.log_in();
    assert_report!(apply(&home, &[]).report(), @"
    exit 2
    --- stderr
    daypass: error: there is no group devs in account 123456789012
      hint: to create it: daypass policy apply work --group devs --create-group
    ");
    assert_report!(apply(&home, &["--create-group", "--kind", "self-service", "--max-age", "12h"]).report(), @"
    exit 0
    --- stdout
    Group   devs of account 123456789012
    Policy  daypass-mfa-devs: self-service, MFA counts for 12 h

    The group has no members.

    What is to be done
      1. create the group devs
      2. create the policy daypass-mfa-devs
      3. attach the policy daypass-mfa-devs to the group devs

    MFA is enforced for the group devs, for 12 h after each code; read back from AWS and judged
    To take it back: daypass policy apply work --group devs --undo
    ");
    assert_in_force(&home, &["--kind", "self-service", "--max-age", "12h"]);
    applied(&home, &["--undo"]);
    assert_eq!(attached(&home), [""; 0]);
}

#[test]
fn it_asks_first_and_a_no_changes_nothing() {
    let home = home();
    for (answer, exit) in [("n", 1), ("y", 0)] {
        assert_eq!(home.sandbox.policies(), []);
        let words = ["policy", "apply", "work", "--group", "devs"];
        let mut terminal = Pty::start(&home.daypass(words));
        terminal.expect("attach the policy daypass-mfa-devs to the group devs");
        terminal.expect("do this to the group devs? [y/N]");
        terminal.send(&format!("{answer}\r"));
        assert_eq!(terminal.finish().exit, exit);
    }
    assert_in_force(&home, &[]);
}

#[test]
fn what_changed_while_it_asked_is_not_overrun() {
    let home = home();
    let words = ["policy", "apply", "work", "--group", "devs"];
    let mut terminal = Pty::start(&home.daypass(words));
    terminal.expect("do this to the group devs? [y/N]");
    applied(&home, &["--max-age", "1h"]);
    terminal.send("y\r");
    terminal.expect("changed meanwhile");
    assert_eq!(terminal.finish().exit, 1);
    assert_in_force(&home, &["--max-age", "1h"]);
}

#[test]
fn without_a_terminal_and_without_yes_no_code_is_spent() {
    let home = Home::new();
    home.sandbox.add_group("devs");
    assert_report!(run(&home, &["--code", &home.code()]).report(), @"
    exit 3
    --- stderr
    daypass: error: nobody can be asked here: do this to the group devs?
      hint: add --yes to do it without a question
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
    let run = apply(&home, &["--code", &home.code()]);
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn it_needs_a_session_with_mfa() {
    let home = home();
    home.sandbox.age(Duration::from_secs(9 * 3_600));
    let run = apply(&home, &[]);
    assert_ne!(run.exit, 0, "{}", run.report());
    home.write_config("[profile work]\nregion = eu-west-1\n");
    let run = apply(&home, &[]);
    assert_ne!(run.exit, 0, "{}", run.report());
    assert_eq!(changes(&home), [""; 0]);
}

#[test]
fn the_role_of_a_profile_works_on_its_own_account() {
    let home = home();
    let other = "210987654321";
    let devs = home.sandbox.add_group_in(other, "/", "devs");
    let role = home.sandbox.add_role(Role {
        account: other.to_owned(),
        ..Role::default()
    });
    let profile = format!("[profile prod]\nrole_arn = {role}\nsource_profile = work\n");
    home.write_config(&(home.config() + &profile));
    let words = ["policy", "apply", "prod", "--group", "devs", "--yes"];
    let run = home.daypass(words).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let expected = format!("arn:aws:iam::{other}:policy/daypass-mfa-devs");
    let group = home.sandbox.group(&devs).expect("the group");
    assert_eq!(group.attached, [expected]);
    assert_eq!(attached(&home), [""; 0]);
}

#[test]
fn a_policy_of_that_name_that_daypass_did_not_make_is_left_alone() {
    let home = home();
    let allow =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    home.sandbox.add_policy("daypass-mfa-devs", allow);
    let before = policy(&home);
    for more in [&[][..], &["--undo"]] {
        let run = apply(&home, more);
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(
            run.stderr.contains("was not made by daypass"),
            "{}",
            run.report()
        );
        assert_eq!(policy(&home), before);
    }
}

#[test]
fn a_group_with_as_many_policies_as_there_may_be_is_left_alone() {
    let home = home();
    let deny =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}"#;
    for number in 0..10 {
        let arn = home.sandbox.add_policy(&format!("p{number}"), deny);
        home.sandbox.attach_policy(GROUP, &arn);
    }
    let run = apply(&home, &[]);
    assert_eq!(run.exit, 1, "{}", run.report());
    assert!(
        run.stderr.contains("10 policies are attached"),
        "{}",
        run.report()
    );
    assert_eq!(changes(&home), [""; 0]);
}

#[test]
fn a_denied_step_names_the_statement_that_allows_it() {
    let home = home();
    home.sandbox.deny(&home.user, "iam:AttachGroupPolicy");
    assert_report!(apply(&home, &[]).report(), @r#"
    exit 4
    --- stdout
    Group   devs of account 123456789012
    Policy  daypass-mfa-devs: strict, MFA counts for 8 h

    MEMBER  DEVICES                PASSWORD  ACCESS KEY  AFTERWARDS
    ada     virtual                no        in use      with codes

    ada: perhaps a machine, which has no codes: no password, and [KEY] was used less than a day ago

    Looked at: devices, passwords, access keys and their last use of 1 member;
      the trust policies of 0 roles, of which 0 trust the whole account without MFA
    Not looked at: who has assumed a role with an access key, which CloudTrail knows

    What is to be done
      1. create the policy daypass-mfa-devs
      2. attach the policy daypass-mfa-devs to the group devs

    --- stderr
    daypass: error: it stopped half-way, at iam:AttachGroupPolicy; done: create the policy daypass-mfa-devs
      caused by: AWS denied iam:AttachGroupPolicy: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:AttachGroupPolicy on resource: group devs with an explicit deny in an identity-based policy
      hint: ask the administrator of the AWS account for a policy with this statement: {"Effect": "Allow", "Action": "iam:AttachGroupPolicy", "Resource": "arn:aws:iam::123456789012:group/devs"}; then, to finish it: daypass policy apply work --group devs; to take it back: daypass policy apply work --group devs --undo
    "#);
}
