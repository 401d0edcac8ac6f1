//! A device that is to go.

use daypass_sandbox::{Fault, Times};

use super::with_administrator;
use crate::support::{Desktop, Home, PassStandIn, Pty, assert_report};

const PHONE: &str = "arn:aws:iam::123456789012:mfa/phone";
const ADA: &str = "arn:aws:iam::123456789012:mfa/ada";

/// A user who is logged in and has a second device, `phone`, which nothing uses.
fn with_phone() -> Home {
    let home = Home::new();
    home.sandbox.add_virtual_device(&home.user, "phone");
    home.log_in();
    home
}

fn remove(home: &Home, arguments: &[&str]) -> String {
    let words = ["devices", "remove", "-p", "work"].iter();
    let words: Vec<&str> = words.chain(arguments).copied().collect();
    home.daypass(words).run().report()
}

/// Whether the device is there, and somebody's.
fn state(home: &Home, serial: &str) -> &'static str {
    match home.sandbox.device(serial) {
        Some(device) if device.user_arn.is_some() => "assigned",
        Some(_) => "nobody's",
        None => "gone",
    }
}

#[test]
fn a_device_that_nothing_needs_is_removed_and_deleted() {
    let home = with_phone();
    assert_report!(remove(&home, &["phone", "--yes"]), @"
    exit 0
    --- stdout
    removed: arn:aws:iam::123456789012:mfa/phone of the user ada of account 123456789012
    ");
    assert_eq!(state(&home, PHONE), "gone");
    assert_eq!(state(&home, ADA), "assigned");
}

#[test]
fn the_question_is_asked_and_a_no_changes_nothing() {
    let home = with_phone();
    assert_report!(remove(&home, &["phone"]), @"
    exit 3
    --- stderr
    daypass: error: nobody can be asked here: Remove arn:aws:iam::123456789012:mfa/phone of the user ada of account 123456789012?
      hint: add --yes to do it without a question
    ");
    for answer in ["\r", "n\r", "\x03"] {
        let mut terminal = Pty::start(&home.daypass(["devices", "remove", "phone", "-p", "work"]));
        terminal.expect("mfa/phone of the user ada of account 123456789012? [y/N]");
        terminal.send(answer);
        terminal.expect("cancelled: nothing was changed");
        assert_eq!(terminal.finish().exit, 1);
    }
    assert_eq!(state(&home, PHONE), "assigned");
    let mut terminal = Pty::start(&home.daypass(["devices", "remove", PHONE, "-p", "work"]));
    terminal.expect("[y/N]");
    terminal.send("y\r");
    terminal.expect("removed:");
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(state(&home, PHONE), "gone");
}

#[test]
fn hardware_and_security_keys_are_taken_from_their_user_and_nothing_is_deleted() {
    let home = with_phone();
    home.sandbox.add_hardware_device(&home.user, "GAHT12345678");
    let key = home.sandbox.add_fido_device(&home.user, "yubikey");
    for serial in ["GAHT12345678", key.as_str()] {
        let report = remove(&home, &[serial, "--yes"]);
        assert!(report.starts_with("exit 0"), "{report}");
        assert_ne!(state(&home, serial), "assigned");
    }
    assert_eq!(home.sandbox.calls("DeactivateMFADevice"), 2);
    assert_eq!(home.sandbox.calls("DeleteVirtualMFADevice"), 0);
}

#[test]
fn the_last_device_stays_without_force() {
    let home = Home::new();
    home.log_in();
    assert_report!(remove(&home, &["ada", "--yes"]), @"
    exit 1
    --- stderr
    daypass: error: arn:aws:iam::123456789012:mfa/ada is not removed without --force
      caused by: it is the only MFA device of the user ada of account 123456789012, who is then locked out of whatever needs MFA: no daypass login, and only a password at the AWS console
      caused by: profile 'work' names it (~/.aws/config, line 3): take the line mfa_serial out, or write the next device there
      hint: add another device first: daypass enroll work --name NAME; or add --force
    ");
    assert_eq!(state(&home, ADA), "assigned");
}

#[test]
fn whoever_removes_the_last_device_by_force_is_told_before_and_after_what_that_means() {
    let home = Home::new();
    home.log_in();
    let words = ["devices", "remove", "ada", "-p", "work", "--force"];
    let mut terminal = Pty::start(&home.daypass(words));
    terminal.expect("locked out of whatever needs MFA");
    terminal.expect("[y/N]");
    terminal.send("y\r");
    terminal.expect("removed: arn:aws:iam::123456789012:mfa/ada");
    terminal.expect("the session of 'work' that was made with it");
    terminal.expect("has no other device that gives codes");
    terminal.expect("daypass enroll work");
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(state(&home, ADA), "gone");
}

#[test]
fn the_last_device_with_codes_stays_without_force() {
    let home = Home::new();
    home.sandbox.add_fido_device(&home.user, "yubikey");
    home.log_in();
    let config = home.config().replace("mfa_serial", "# mfa_serial");
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.write_config(&config);
    assert_report!(remove(&home, &["ada", "--yes"]), @"
    exit 1
    --- stderr
    daypass: error: arn:aws:iam::123456789012:mfa/ada is not removed without --force
      caused by: it is the last device of the user ada of account 123456789012 that gives codes for the command line: without one, daypass login gets no session with MFA
      hint: add another device first: daypass enroll work --name NAME; or add --force
    ");
    assert_eq!(state(&home, ADA), "assigned");
}

#[test]
fn a_device_that_profiles_use_stays_without_force_and_what_to_write_instead_is_said() {
    let home = with_phone();
    let config = home.config() + &home.profile_section("play");
    home.write_config(&config);
    assert_report!(remove(&home, &["ada", "--yes"]), @"
    exit 1
    --- stderr
    daypass: error: arn:aws:iam::123456789012:mfa/ada is not removed without --force
      caused by: profile 'work' names it (~/.aws/config, line 3): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
      caused by: profile 'play' names it (~/.aws/config, line 7): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
      hint: change what uses it first, as in: daypass setup work --serial arn:aws:iam::123456789012:mfa/phone; or add --force
    ");
    assert_eq!(state(&home, ADA), "assigned");
    // Force does not answer the question.
    assert_report!(remove(&home, &["ada", "--force"]), @"
    exit 3
    --- stderr
    daypass: warning: profile 'work' names it (~/.aws/config, line 3): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
    daypass: warning: profile 'play' names it (~/.aws/config, line 7): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
    daypass: error: nobody can be asked here: Remove arn:aws:iam::123456789012:mfa/ada of the user ada of account 123456789012?
      hint: add --yes to do it without a question
    ");
    assert_eq!(state(&home, ADA), "assigned");
    assert_report!(remove(&home, &["ada", "--force", "--yes"]), @"
    exit 0
    --- stdout
    removed: arn:aws:iam::123456789012:mfa/ada of the user ada of account 123456789012
    AWS takes the session of 'work' that was made with it until [HH:MM]; to forget it here: daypass logout work
    profile 'work' names it (~/.aws/config, line 3): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
    profile 'play' names it (~/.aws/config, line 7): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
    ");
    assert_eq!(state(&home, ADA), "gone");
    // The session lives on.
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_deletion_that_fails_says_how_to_finish_and_a_second_run_finishes() {
    for fault in [Fault::Status500, Fault::Drop, Fault::Throttle] {
        let home = with_phone();
        home.sandbox
            .misbehave("DeleteVirtualMFADevice", fault, Times::Always);
        let report = remove(&home, &["phone", "--yes"]);
        assert!(
            report.contains(
                "error: arn:aws:iam::123456789012:mfa/phone belongs to nobody any more, but AWS has not deleted it"
            ),
            "{fault:?}: {report}"
        );
        assert!(
            report.contains(&format!(
                "to finish: daypass devices remove {PHONE} --profile work"
            )),
            "{fault:?}: {report}"
        );
        assert_eq!(state(&home, PHONE), "nobody's", "{fault:?}");
        home.sandbox.behave();
        let report = remove(&home, &["phone", "--yes"]);
        assert!(report.contains(&format!("deleted: {PHONE}")), "{report}");
        assert_eq!(state(&home, PHONE), "gone", "{fault:?}");
    }
}

#[test]
fn a_denied_deletion_names_the_statement_and_the_full_serial_finishes_without_a_list() {
    let home = with_phone();
    home.sandbox.deny(&home.user, "iam:DeleteVirtualMFADevice");
    home.sandbox.deny(&home.user, "iam:ListVirtualMFADevices");
    assert_report!(remove(&home, &["phone", "--yes"]), @r#"
    exit 4
    --- stderr
    daypass: error: arn:aws:iam::123456789012:mfa/phone belongs to nobody any more, but AWS has not deleted it
      caused by: AWS denied iam:DeleteVirtualMFADevice: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:DeleteVirtualMFADevice on resource: arn:aws:iam::123456789012:mfa/phone with an explicit deny in an identity-based policy
      hint: to finish: daypass devices remove arn:aws:iam::123456789012:mfa/phone --profile work, once the administrator has allowed it with this statement, or has deleted the device: {"Effect": "Allow", "Action": "iam:DeleteVirtualMFADevice", "Resource": "arn:aws:iam::123456789012:mfa/*"}
    "#);
    assert_eq!(state(&home, PHONE), "nobody's");
    // Still denied; but it is known what is meant.
    let report = remove(&home, &[PHONE, "--yes"]);
    assert!(
        report.contains("AWS denied iam:DeleteVirtualMFADevice"),
        "{report}"
    );
    // The name alone says nothing.
    assert_report!(remove(&home, &["phone", "--yes"]), @"
    exit 1
    --- stderr
    daypass: error: the user ada of account 123456789012 has no MFA device 'phone'
      hint: the devices there are: arn:aws:iam::123456789012:mfa/ada
    ");
}

#[test]
fn an_answer_that_is_lost_after_the_work_was_done_is_looked_into() {
    for action in ["DeactivateMFADevice", "DeleteVirtualMFADevice"] {
        for (fault, times) in [
            (Fault::DropAfter, Times::Next(1)),
            (Fault::DropAfter, Times::Always),
            (Fault::Truncated, Times::Always),
        ] {
            let home = with_phone();
            home.sandbox.misbehave(action, fault, times);
            let report = remove(&home, &["phone", "--yes"]);
            assert!(report.starts_with("exit 0"), "{action} {fault:?}: {report}");
            assert_eq!(state(&home, PHONE), "gone", "{action} {fault:?}");
        }
    }
}

#[test]
fn a_step_that_was_not_done_changes_nothing() {
    for (action, fault, exit) in [
        ("ListMFADevices", Fault::Drop, 5),
        ("DeactivateMFADevice", Fault::Drop, 5),
        ("DeactivateMFADevice", Fault::Status503, 5),
        ("DeactivateMFADevice", Fault::Throttle, 4),
    ] {
        let home = with_phone();
        home.sandbox.misbehave(action, fault, Times::Always);
        let report = remove(&home, &["phone", "--yes"]);
        assert!(
            report.starts_with(&format!("exit {exit}")),
            "{action} {fault:?}: {report}"
        );
        assert_eq!(state(&home, PHONE), "assigned", "{action} {fault:?}");
        home.sandbox.behave();
        let report = remove(&home, &["phone", "--yes"]);
        assert!(report.starts_with("exit 0"), "{report}");
    }
}

#[test]
fn where_nothing_is_known_of_a_lost_answer_it_is_said_and_a_second_run_finishes() {
    let home = with_phone();
    home.sandbox
        .misbehave("DeactivateMFADevice", Fault::DropAfter, Times::Always);
    // The first list is answered, and then nothing any more.
    home.sandbox.misbehave(
        "ListMFADevices",
        Fault::Slow(std::time::Duration::ZERO),
        Times::Next(1),
    );
    home.sandbox
        .misbehave("ListMFADevices", Fault::Drop, Times::Always);
    assert_report!(remove(&home, &["phone", "--yes"]), @"
    exit 5
    --- stderr
    daypass: error: it is not known whether AWS has removed arn:aws:iam::123456789012:mfa/phone
      caused by: AWS cannot be reached
      caused by: other
      caused by: client error (SendRequest)
      caused by: connection closed before message completed
      hint: the same command finishes it, whatever was done: daypass devices remove arn:aws:iam::123456789012:mfa/phone --profile work
    ");
    home.sandbox.behave();
    assert_report!(remove(&home, &["phone", "--yes"]), @"
    exit 0
    --- stdout
    deleted: arn:aws:iam::123456789012:mfa/phone
    ");
    assert_eq!(state(&home, PHONE), "gone");
}

#[test]
fn a_denied_removal_names_the_statement_that_is_missing() {
    let home = with_phone();
    home.sandbox.deny(&home.user, "iam:DeactivateMFADevice");
    assert_report!(remove(&home, &["phone", "--yes"]), @r#"
    exit 4
    --- stderr
    daypass: error: AWS denied iam:DeactivateMFADevice: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:DeactivateMFADevice on resource: user ada with an explicit deny in an identity-based policy
      hint: ask the administrator for this statement: {"Effect": "Allow", "Action": "iam:DeactivateMFADevice", "Resource": "arn:aws:iam::123456789012:user/${aws:username}"} and to except the action from the statement that denies it
    "#);
    assert_eq!(state(&home, PHONE), "assigned");
}

#[test]
fn what_nobody_has_is_not_there_and_what_somebody_else_has_stays() {
    let home = with_phone();
    with_administrator(&home);
    let grace = home.sandbox.add_user("hopper");
    let hers = home.sandbox.add_virtual_device(&grace, "hers");
    assert_report!(remove(&home, &["nothing", "--yes"]), @"
    exit 1
    --- stderr
    daypass: error: the user ada of account 123456789012 has no MFA device 'nothing'
      hint: the devices there are: arn:aws:iam::123456789012:mfa/ada, arn:aws:iam::123456789012:mfa/phone
    ");
    assert_report!(remove(&home, &[&hers.serial, "--yes"]), @"
    exit 1
    --- stderr
    daypass: error: the user ada of account 123456789012 has no MFA device 'arn:aws:iam::123456789012:mfa/hers'
      hint: the devices there are: arn:aws:iam::123456789012:mfa/ada, arn:aws:iam::123456789012:mfa/phone
    ");
    home.sandbox.deny(&home.user, "iam:ListVirtualMFADevices");
    let report = remove(&home, &[&hers.serial, "--yes"]);
    assert!(report.starts_with("exit 4"), "{report}");
    assert_eq!(state(&home, &hers.serial), "assigned");
    // Whoever has the right to does it by name.
    let words = [
        "devices", "remove", "hers", "-p", "admin", "--user", "hopper", "--yes",
    ];
    assert_report!(home.daypass(words).run().report(), @"
    exit 1
    --- stderr
    daypass: error: arn:aws:iam::123456789012:mfa/hers is not removed without --force
      caused by: it is the only MFA device of the user hopper of account 123456789012, who is then locked out of whatever needs MFA: no daypass login, and only a password at the AWS console
      hint: add another device first: daypass enroll admin --user hopper --name NAME; or add --force
    ");
    let words = [
        "devices", "remove", "hers", "-p", "admin", "--user", "hopper", "--yes", "--force",
    ];
    let run = home.daypass(words).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(state(&home, &hers.serial), "gone");
}

#[test]
fn the_seed_of_a_removed_device_goes_with_it_and_so_does_the_word_for_it() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let home = &desktop.home;
    home.write_credentials(&home.long_term_section("work-long-term"));
    home.write_config(&home.profile_section("work"));
    home.sandbox.add_virtual_device(&home.user, "phone");
    let before = home.config();
    let run = desktop
        .daypass(["totp", "add", "work"])
        .run_with_stdin(&home.device.seed);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_ne!(home.config(), before);
    let removal = ["devices", "remove", "ada", "-p", "work", "--force"];
    // Nothing of it happens before the answer.
    let run = desktop.daypass(removal).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    assert!(
        run.stderr.contains(", and its seed from the keychain"),
        "{}",
        run.report()
    );
    let entry = format!("totp:{ADA}");
    assert!(desktop.lookup(&entry).is_some());
    let words = removal.iter().chain(&["--yes"]).copied();
    let run = desktop.daypass(words).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    removed: arn:aws:iam::123456789012:mfa/ada of the user ada of account 123456789012
    AWS takes the session of 'work' that was made with it until [HH:MM]; to forget it here: daypass logout work
    profile 'work' names it (~/.aws/config, line 3): write mfa_serial = arn:aws:iam::123456789012:mfa/phone there
    its seed is no longer in the keychain (Secret Service)
    ");
    assert_eq!(home.config(), before);
    assert_eq!(desktop.lookup(&entry), None);
}

#[test]
fn a_session_in_the_keychain_is_known_to_live_on() {
    let pass = PassStandIn::new();
    pass.home
        .sandbox
        .add_virtual_device(&pass.home.user, "phone");
    let config = pass.home.config() + "daypass_session_store = keychain\n";
    pass.home.write_config(&config);
    pass.log_in("work");
    let words = ["devices", "remove", "ada", "-p", "work", "--force", "--yes"];
    let run = pass.daypass(words).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let text = "AWS takes the session of 'work' that was made with it until";
    assert!(run.stdout.contains(text), "{}", run.report());
}
