//! Enrolments that AWS refuses.

use daypass_sandbox::{Device, User};

use super::{
    FIRST,
    newcomer::{GRACE, Newcomer},
};
use crate::support::{Home, Pty, assert_report};

/// What a run on a terminal says, as text.
fn told(newcomer: &Newcomer, arguments: &[&str]) -> (i32, String) {
    let run = Pty::start_captured(&newcomer.home.daypass(arguments.iter().copied())).finish();
    (run.exit, run.stderr)
}

#[test]
fn missing_permissions_are_told_with_the_policy_to_ask_for() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    sandbox.deny(&newcomer.user, "iam:CreateVirtualMFADevice");
    // The user is known without it.
    sandbox.deny(&newcomer.user, "iam:GetUser");
    let (exit, stderr) = told(&newcomer, &["enroll", "work"]);
    assert_eq!(exit, 4);
    let (_, policy) = stderr.split_once("\n{").expect("a policy");
    let policy: serde_json::Value =
        serde_json::from_str(&format!("{{{policy}")).expect("JSON, ready to paste");
    assert_eq!(policy["Statement"][0]["Resource"], GRACE);
    assert_eq!(policy["Statement"][1]["Resource"], newcomer.user.arn);
    assert_report!(stderr, @r#"
    daypass: error: AWS denied iam:CreateVirtualMFADevice: User: arn:aws:iam::123456789012:user/grace is not authorized to perform: iam:CreateVirtualMFADevice on resource: arn:aws:iam::123456789012:mfa/grace with an explicit deny in an identity-based policy
      hint: a policy of the account forbids it, as those do that enforce MFA: ask the administrator to make the device (daypass enroll --user grace), or to leave these actions out of its Deny (as its NotAction), and to allow them
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "MakeTheDevice",
          "Effect": "Allow",
          "Action": [
            "iam:CreateVirtualMFADevice",
            "iam:DeleteVirtualMFADevice"
          ],
          "Resource": "arn:aws:iam::123456789012:mfa/grace"
        },
        {
          "Sid": "EnableTheDevice",
          "Effect": "Allow",
          "Action": [
            "iam:EnableMFADevice",
            "iam:ListMFADevices",
            "iam:ResyncMFADevice"
          ],
          "Resource": "arn:aws:iam::123456789012:user/grace"
        }
      ]
    }
    "#);
    newcomer.assert_untouched();
}

#[test]
fn a_denial_in_the_middle_deletes_the_device_and_shows_the_policy() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    sandbox.deny(&newcomer.user, "iam:EnableMFADevice");
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    newcomer.type_pair(&mut terminal);
    terminal.expect("AWS denied iam:EnableMFADevice");
    terminal.expect("\"iam:EnableMFADevice\",");
    assert_eq!(terminal.finish().exit, 4);
    newcomer.assert_untouched();
}

#[test]
fn a_device_of_somebody_else_is_explained_and_never_deleted() {
    for may_look in [true, false] {
        let newcomer = Newcomer::new();
        let sandbox = &newcomer.home.sandbox;
        let bob: User = sandbox.add_user("bob");
        let device: Device = sandbox.add_virtual_device(&bob, "grace");
        if !may_look {
            sandbox.deny(&newcomer.user, "iam:ListVirtualMFADevices");
        }
        let (exit, stderr) = told(&newcomer, &["enroll", "work", "--yes"]);
        assert_eq!(exit, 4, "{stderr}");
        let owner = if may_look { "user/bob" } else { "a user" };
        assert!(stderr.contains(owner), "{stderr}");
        assert!(stderr.contains("--name"), "{stderr}");
        assert_eq!(newcomer.device(), device);
    }
}

#[test]
fn an_orphan_is_replaced_without_a_question_only_with_yes() {
    let newcomer = Newcomer::new();
    let orphan = newcomer
        .home
        .sandbox
        .add_unassigned_virtual_device(&newcomer.user, "grace");
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work", "--yes"]));
    terminal.expect(FIRST);
    assert_ne!(newcomer.device(), orphan);
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    newcomer.assert_untouched();
}

#[test]
fn a_ninth_device_is_refused_before_anything_is_made() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    for number in 0..8 {
        sandbox.add_virtual_device(&newcomer.user, &format!("device-{number}"));
    }
    let (exit, stderr) = told(&newcomer, &["enroll", "work"]);
    assert_eq!(exit, 4);
    assert!(
        stderr.contains("grace has eight MFA devices already")
            && stderr.ends_with("hint: remove one first: daypass devices work\n"),
        "{stderr}"
    );
    assert_eq!(sandbox.calls("CreateVirtualMFADevice"), 0);
}

#[test]
fn a_user_who_is_not_there_and_the_root_user_are_told_apart() {
    let newcomer = Newcomer::of_administrator();
    newcomer.home.log_in();
    let (exit, stderr) = told(&newcomer, &["enroll", "work", "--user", "nobody"]);
    assert_eq!(exit, 4);
    assert!(stderr.contains("there is no user 'nobody'"), "{stderr}");

    let home = Home::new();
    let root = home.sandbox.root();
    home.write_config("[profile work]\nregion = eu-west-1\n");
    home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        root.access_key_id, root.secret_access_key
    ));
    let run = Pty::start_captured(&home.daypass(["enroll", "work"])).finish();
    assert_eq!(run.exit, 1);
    assert!(run.stderr.contains("in the AWS console"), "{}", run.stderr);
}

#[test]
fn a_picture_is_never_written_over_a_file_and_no_device_is_made_for_it() {
    let newcomer = Newcomer::new();
    std::fs::write(newcomer.home.path("mine.png"), "mine").expect("a file");
    for (name, exit) in [("mine.png", 1), ("no/such/place.svg", 1), ("mine.gif", 2)] {
        let (code, stderr) = told(&newcomer, &["enroll", "work", "--qr-file", name]);
        assert_eq!(code, exit, "{stderr}");
    }
    assert_eq!(newcomer.home.sandbox.connections(), 0);
    assert_eq!(
        std::fs::read(newcomer.home.path("mine.png")).expect("a file"),
        b"mine"
    );
}
