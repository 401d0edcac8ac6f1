//! Who would be locked out, and what is done about that.

use daypass_sandbox::{LastUse, Password, Sandbox, User};

use super::{GROUP, applied, apply, assert_in_force, changes, home};
use crate::support::assert_report;

fn password(sandbox: &Sandbox, user: &User) {
    let now = sandbox.now();
    sandbox.set_password(
        user,
        Some(Password {
            created: now,
            changed: now,
            last_used: None,
        }),
    );
}

fn used(sandbox: &Sandbox, user: &User) {
    let now = sandbox.now();
    let last_use = LastUse {
        time: now - chrono::TimeDelta::days(2),
        service: "s3".to_owned(),
        region: "us-east-1".to_owned(),
    };
    sandbox.set_key_history(&user.access_key_id, now, Some(last_use));
}

fn member(sandbox: &Sandbox, name: &str) -> User {
    let user = sandbox.add_user(name);
    sandbox.add_to_group(&user, GROUP);
    user
}

#[test]
fn those_who_would_be_locked_out_are_named_and_spared() {
    let home = home();
    let sandbox = &home.sandbox;
    // A newcomer, whose key was never used.
    password(sandbox, &member(sandbox, "bob"));
    // A security key, and a key in use.
    let carol = member(sandbox, "carol");
    sandbox.add_fido_device(&carol, "carol");
    password(sandbox, &carol);
    used(sandbox, &carol);
    // A security key for the console alone.
    let dave = member(sandbox, "dave");
    sandbox.add_fido_device(&dave, "dave");
    password(sandbox, &dave);
    sandbox.delete_key(&dave.access_key_id);
    // A machine.
    used(sandbox, &member(sandbox, "backup"));
    // Somebody who left.
    let eve = member(sandbox, "eve");
    sandbox.set_key_status(&eve.access_key_id, false);

    assert_report!(apply(&home, &[]).report(), @"
    exit 1
    --- stdout
    Group   devs of account 123456789012
    Policy  daypass-mfa-devs: strict, MFA counts for 8 h

    MEMBER  DEVICES                PASSWORD  ACCESS KEY  AFTERWARDS
    bob     none                   yes       never used  locked out
    carol   security key           yes       in use      locked out
    backup  none                   no        in use      locked out
    ada     virtual                no        in use      with codes
    dave    security key           yes       none        console
    eve     none                   no        none        cannot sign in

    bob: locked out: there is no MFA device, and without one nobody can enrol one
    carol: locked out of the command line: [KEY] was used 2 days ago, and no device gives codes for it
    backup: locked out: a machine, by the look of it: no password, and [KEY] was used 2 days ago
    ada: perhaps a machine, which has no codes: no password, and [KEY] was used less than a day ago

    Looked at: devices, passwords, access keys and their last use of 6 members;
      the trust policies of 0 roles, of which 0 trust the whole account without MFA
    Not looked at: who has assumed a role with an access key, which CloudTrail knows

    What is to be done
      1. create the policy daypass-mfa-devs
      2. attach the policy daypass-mfa-devs to the group devs

    --- stderr
    daypass: error: bob, carol, backup (3 of the 6 members of devs) would be locked out; nothing was changed
      hint: give people a device (daypass enroll work --user NAME), and machines a group of their own; with --kind self-service those without a device can enrol one themselves; or add --force
    ");
    assert_report!(apply(&home, &["--kind", "self-service"]).report(), @"
    exit 1
    --- stdout
    Group   devs of account 123456789012
    Policy  daypass-mfa-devs: self-service, MFA counts for 8 h

    MEMBER  DEVICES                PASSWORD  ACCESS KEY  AFTERWARDS
    carol   security key           yes       in use      locked out
    backup  none                   no        in use      locked out
    ada     virtual                no        in use      with codes
    bob     none                   yes       never used  enrols first
    dave    security key           yes       none        console
    eve     none                   no        none        cannot sign in

    carol: locked out of the command line: [KEY] was used 2 days ago, and no device gives codes for it
    backup: locked out: a machine, by the look of it: no password, and [KEY] was used 2 days ago
    ada: perhaps a machine, which has no codes: no password, and [KEY] was used less than a day ago

    Looked at: devices, passwords, access keys and their last use of 6 members;
      the trust policies of 0 roles, of which 0 trust the whole account without MFA
    Not looked at: who has assumed a role with an access key, which CloudTrail knows

    What is to be done
      1. create the policy daypass-mfa-devs
      2. attach the policy daypass-mfa-devs to the group devs

    --- stderr
    daypass: error: carol, backup (2 of the 6 members of devs) would be locked out; nothing was changed
      hint: give people a device (daypass enroll work --user NAME), and machines a group of their own; or add --force
    ");
    assert_eq!(changes(&home), [""; 0]);
    let forced = applied(&home, &["--force"]);
    let warning = "locked out by it: bob, carol, backup";
    assert!(forced.stderr.contains(warning), "{}", forced.report());
    assert_in_force(&home, &[]);
    // Nobody is locked out by what is there already.
    applied(&home, &[]);
}

#[test]
fn roles_that_trust_a_member_by_name_are_told_of() {
    let home = home();
    let trusting = |name: &str, require_mfa: bool, trusted: &str| {
        home.sandbox.add_role(daypass_sandbox::Role {
            name: name.to_owned(),
            trusted: vec![trusted.to_owned()],
            require_mfa,
            ..daypass_sandbox::Role::default()
        })
    };
    let (ada, root) = (&home.user.arn, "arn:aws:iam::123456789012:root");
    trusting("Deploy", false, ada);
    trusting("Careful", true, ada);
    trusting("Admin", false, root);
    let run = applied(&home, &[]);
    let text = &run.stdout;
    assert!(
        text.contains("ada: trusted by name, without MFA, by Deploy:"),
        "{text}"
    );
    assert!(
        text.contains("of 3 roles, of which 1 trusts the whole account"),
        "{text}"
    );
    assert!(text.contains("CloudTrail"), "{text}");
}

#[test]
fn what_aws_does_not_tell_is_said_and_counts_against_it() {
    let home = home();
    for action in [
        "iam:ListRoles",
        "iam:GetLoginProfile",
        "iam:GetAccessKeyLastUsed",
    ] {
        home.sandbox.deny(&home.user, action);
    }
    // Codes are codes, whatever else is not known.
    let run = apply(&home, &[]);
    assert_eq!(run.exit, 0, "{}", run.report());
    let denied =
        "since AWS denied it: iam:GetAccessKeyLastUsed, iam:GetLoginProfile, iam:ListRoles\n";
    assert!(run.stdout.contains(denied), "{}", run.report());
    applied(&home, &["--undo"]);
    home.sandbox.deny(&home.user, "iam:ListMFADevices");
    let run = apply(&home, &[]);
    assert_eq!(run.exit, 1, "{}", run.report());
    let reason = "ada: counts as locked out, since AWS denied iam:ListMFADevices";
    assert!(run.stdout.contains(reason), "{}", run.report());
}

#[test]
fn a_group_of_more_than_a_page_is_looked_at_to_its_end() {
    let home = home();
    home.sandbox.set_page_size(3);
    for number in 0..7 {
        let user = member(&home.sandbox, &format!("user-{number}"));
        home.sandbox.add_virtual_device(&user, &user.name);
    }
    let last = member(&home.sandbox, "last");
    used(&home.sandbox, &last);
    let run = apply(&home, &[]);
    assert_eq!(run.exit, 1, "{}", run.report());
    let refusal = "last (1 of the 9 members of devs) would be locked out";
    assert!(run.stderr.contains(refusal), "{}", run.report());
}
