//! A device that is out of step.

use daypass_sandbox::{Fault, Times};

use super::with_administrator;
use crate::support::{Desktop, Home, Pty, assert_report, wrong_codes};

/// Whether AWS takes what the device shows now.
fn can_log_in(home: &Home) -> bool {
    let code = home.code();
    let login = home.daypass(["login", "work", "--force", "--code", &code]);
    login.run().exit == 0
}

/// Types two codes where they are asked for.
fn types(terminal: &mut Pty, codes: &[String; 2]) {
    terminal.expect("first code of ada:");
    terminal.send(&format!("{}\r", codes[0]));
    terminal.expect("the next code, which comes in ");
    terminal.send(&format!("{}\r", codes[1]));
}

#[test]
fn two_codes_bring_a_device_back_into_step_and_no_login_is_needed_for_it() {
    let home = Home::new();
    // Whoever is out of step cannot log in: AWS's own policy for users allows this without MFA.
    home.sandbox.set_mfa_age_limit(&home.user, None);
    let codes = home.sandbox.consecutive_codes(&home.device);
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    terminal
        .expect("AWS wants two codes of arn:aws:iam::123456789012:mfa/ada, one after the other");
    types(&mut terminal, &codes);
    terminal.expect("ada: in step again");
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 0);
    // They are spent.
    let run = home.daypass(["login", "work", "--code", &codes[1]]).run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: this MFA code has been used already, and a code is good once
      hint: wait for the next code, at most 30 s
    ");
    assert!(can_log_in(&home));
}

#[test]
fn the_countdown_runs_while_the_second_code_is_awaited() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    let codes = home.sandbox.consecutive_codes(&home.device);
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    terminal.expect("first code of ada:");
    terminal.send(&format!("{}\r", codes[0]));
    terminal.expect("the next code, which comes in ");
    // What is typed stays while the question changes.
    terminal.send(&codes[1][..3]);
    terminal.expect("the next code");
    terminal.expect("the next code");
    terminal.send(&format!("{}\r", &codes[1][3..]));
    terminal.expect("in step again");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn a_wrong_pair_is_explained_and_asked_for_again() {
    let home = Home::new();
    home.log_in();
    let wrong = wrong_codes(&home);
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    types(&mut terminal, &[wrong[0].clone(), wrong[1].clone()]);
    terminal.expect("AWS refused the two codes (2 more to try). Mistyped, not one right after");
    types(&mut terminal, &home.sandbox.consecutive_codes(&home.device));
    terminal.expect("in step again");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn three_wrong_pairs_are_enough() {
    let home = Home::new();
    home.log_in();
    let wrong = wrong_codes(&home);
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    for pair in [[0, 1], [1, 2], [2, 0]] {
        types(&mut terminal, &pair.map(|at| wrong[at].clone()));
    }
    terminal.expect("AWS refused the two codes of arn:aws:iam::123456789012:mfa/ada");
    terminal.expect("hint:");
    assert_eq!(terminal.finish().exit, 4);
    assert_eq!(home.sandbox.calls("ResyncMFADevice"), 3);
}

#[test]
fn what_is_no_code_or_the_same_code_again_is_not_sent() {
    let home = Home::new();
    home.log_in();
    let codes = home.sandbox.consecutive_codes(&home.device);
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    terminal.expect("first code of ada:");
    terminal.send("12345\r");
    terminal.expect("a code is six digits");
    terminal.expect("first code of ada:");
    terminal.send(&format!("{}\r", codes[0]));
    terminal.expect("the next code");
    terminal.send(&format!("{}\r", codes[0]));
    terminal.expect("not the same one again; the next code");
    terminal.send("\x03");
    terminal.expect("cancelled");
    assert_eq!(terminal.finish().exit, 1);
    assert_eq!(home.sandbox.calls("ResyncMFADevice"), 0);
}

#[test]
fn nobody_is_asked_where_there_is_nobody() {
    let home = Home::new();
    home.log_in();
    let run = home
        .daypass(["devices", "resync", "ada", "-p", "work"])
        .run();
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: two codes of arn:aws:iam::123456789012:mfa/ada are needed, and nobody can be asked for them here
      hint: run the same command in a terminal
    ");
}

#[test]
fn what_has_no_codes_and_what_is_not_there_is_told_apart() {
    let home = Home::new();
    let key = home.sandbox.add_fido_device(&home.user, "yubikey");
    let name = key.rsplit('/').next().expect("a name");
    home.log_in();
    let resync = |serial| {
        let run = home.daypass(["devices", "resync", serial, "-p", "work"]);
        run.run().report().replace(name, "yubikey-[ID]")
    };
    assert_report!(resync(name), @"
    exit 1
    --- stderr
    daypass: error: there is nothing to resync: arn:aws:iam::123456789012:u2f/user/yubikey-[ID] is a security key or passkey, which cannot give codes for the command line
      hint: add an authenticator app as a second MFA device (AWS console, IAM, Security credentials, Assign MFA device) and put its ARN into mfa_serial; with a security key alone, sign in with the browser: aws login (AWS CLI 2.32 or later)
    ");
    assert_report!(resync("phone"), @"
    exit 1
    --- stderr
    daypass: error: the user ada of account 123456789012 has no MFA device 'phone'
      hint: the devices there are: arn:aws:iam::123456789012:mfa/ada, arn:aws:iam::123456789012:u2f/user/yubikey-[ID]
    ");
    assert_report!(resync("a phone"), @"
    exit 2
    --- stderr
    daypass: error: invalid value 'a phone' for '<SERIAL>': 'a phone' is neither the serial of an MFA device (arn:aws:iam::123456789012:mfa/ada or GAHT12345678) nor its name
      hint: daypass devices resync --help shows how it is used
    ");
}

#[test]
fn a_name_that_two_devices_have_is_not_guessed_at() {
    let home = Home::new();
    home.sandbox.add_virtual_device(&home.user, "team/ada");
    home.log_in();
    let run = home
        .daypass(["devices", "resync", "ada", "-p", "work"])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the user ada of account 123456789012 has 2 MFA devices of the name 'ada'
      hint: name one by its serial: arn:aws:iam::123456789012:mfa/ada, arn:aws:iam::123456789012:mfa/team/ada
    ");
}

#[test]
fn an_administrator_resyncs_the_device_of_another_user() {
    let home = Home::new();
    with_administrator(&home);
    let words = ["devices", "resync", "ada", "-p", "admin", "--user", "ada"];
    let mut terminal = Pty::start(&home.daypass(words));
    types(&mut terminal, &home.sandbox.consecutive_codes(&home.device));
    terminal.expect("in step again");
    assert_eq!(terminal.finish().exit, 0);
    assert!(can_log_in(&home));
}

#[test]
fn a_denial_names_the_statement_that_is_missing() {
    let home = Home::new();
    home.sandbox.deny(&home.user, "iam:ResyncMFADevice");
    home.log_in();
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    types(&mut terminal, &home.sandbox.consecutive_codes(&home.device));
    terminal.expect("AWS denied iam:ResyncMFADevice");
    terminal.expect(r#"{"Effect": "Allow", "Action": "iam:ResyncMFADevice""#);
    assert_eq!(terminal.finish().exit, 4);
}

#[test]
fn a_lost_answer_is_told_as_one_and_the_pair_is_sent_once() {
    let home = Home::new();
    home.log_in();
    home.sandbox
        .misbehave("ResyncMFADevice", Fault::DropAfter, Times::Next(1));
    let mut terminal = Pty::start(&home.daypass(["devices", "resync", "ada", "-p", "work"]));
    let codes = home.sandbox.consecutive_codes(&home.device);
    types(&mut terminal, &codes);
    terminal.expect("it is not known whether arn:aws:iam::123456789012:mfa/ada was resynced");
    terminal.expect("daypass login --force work");
    assert_eq!(terminal.finish().exit, 5);
    assert_eq!(home.sandbox.calls("ResyncMFADevice"), 1);
    // AWS has perhaps seen them: they are not sent again.
    let calls = home.sandbox.calls("GetSessionToken");
    for code in &codes {
        let login = ["login", "work", "--force", "--code", code];
        let run = home.daypass(login).run();
        let told = "this MFA code has been used already";
        assert!(run.stderr.contains(told), "{}", run.report());
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), calls);
    assert!(can_log_in(&home));
}

#[test]
fn a_seed_in_the_keychain_makes_both_codes() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let home = &desktop.home;
    home.write_credentials(&home.long_term_section("work-long-term"));
    home.write_config(&home.profile_section("work"));
    home.sandbox.set_mfa_age_limit(&home.user, None);
    let run = desktop
        .daypass(["totp", "add", "work"])
        .run_with_stdin(&home.device.seed);
    assert_eq!(run.exit, 0, "{}", run.report());
    let run = desktop
        .daypass(["devices", "resync", "ada", "-p", "work", "--no-prompt"])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    ada: in step again; AWS takes its next code
    ");
    assert_eq!(home.sandbox.calls("ResyncMFADevice"), 1);
    // The seed of another device is no good, and is not tried for ever.
    let other = home.sandbox.add_virtual_device(&home.user, "phone");
    let stranger = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let config = home.config().replace(&home.device.serial, &other.serial);
    home.write_config(&config);
    let run = desktop
        .daypass(["totp", "add", "work"])
        .run_with_stdin(stranger);
    assert_eq!(run.exit, 0, "{}", run.report());
    let run = desktop
        .daypass(["devices", "resync", "phone", "-p", "work"])
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused the two codes of arn:aws:iam::123456789012:mfa/phone
      hint: the seed in the keychain is not that of this device, or this machine's clock is off; to give the right seed: daypass totp add
    ");
}
