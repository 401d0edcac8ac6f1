//! What there is, and what uses it.

use daypass_sandbox::{Fault, Times};

use super::with_administrator;
use crate::support::{Home, Pty, assert_report};

/// The report with `[DATE]` for today, and `[ID]` for what the sandbox adds to the name of a security key.
fn steady(home: &Home, report: &str) -> String {
    let today = home.sandbox.now().format("%Y-%m-%d").to_string();
    let mut text = report.replace(&format!("{today} "), "[DATE] ");
    for device in home.sandbox.devices() {
        if let Some((_, id)) = device.serial.split_once("yubikey-") {
            text = text.replace(id, "[ID]");
        }
    }
    text
}

fn list(home: &Home, arguments: &[&str]) -> String {
    let words: Vec<&str> = ["devices"].iter().chain(arguments).copied().collect();
    steady(home, &home.daypass(words).run().report())
}

#[test]
fn every_device_is_shown_with_its_type_its_codes_and_its_profiles() {
    let home = Home::new();
    home.sandbox.add_fido_device(&home.user, "yubikey");
    home.sandbox.add_hardware_device(&home.user, "GAHT12345678");
    home.sandbox.add_sms_device(&home.user, "ada");
    let config = home.config()
        + &home.profile_section("play")
        + "[profile token]\nmfa_serial = GAHT12345678\n";
    home.write_config(&config);
    home.log_in();
    assert_report!(list(&home, &["work"]), @"
    exit 0
    --- stdout
    MFA devices of the user ada of account 123456789012

    NAME                      TYPE          SINCE       CODES      PROFILES
    ada                       virtual       [DATE]  yes        work, play
      arn:aws:iam::123456789012:mfa/ada
    yubikey-[ID]  security key  [DATE]  no         -
      arn:aws:iam::123456789012:u2f/user/yubikey-[ID]
    GAHT12345678              hardware      [DATE]  yes        token
    ada                       SMS           [DATE]  no         -
      arn:aws:iam::123456789012:sms-mfa/ada
    ");
}

#[test]
fn programs_get_the_same_as_json() {
    let home = Home::new();
    home.sandbox.add_fido_device(&home.user, "yubikey");
    home.log_in();
    assert_report!(list(&home, &["--profile", "work", "--json"]), @r#"
    exit 0
    --- stdout
    [
      {
        "account_id": "123456789012",
        "enabled_at": "[TIME]",
        "gives_codes": true,
        "name": "ada",
        "profiles": [
          "work"
        ],
        "profiles_with_a_session": [
          "work"
        ],
        "seed_in_keychain": false,
        "serial": "arn:aws:iam::123456789012:mfa/ada",
        "type": "virtual",
        "user": "ada"
      },
      {
        "account_id": "123456789012",
        "enabled_at": "[TIME]",
        "gives_codes": false,
        "name": "yubikey-[ID]",
        "profiles": [],
        "profiles_with_a_session": [],
        "seed_in_keychain": false,
        "serial": "arn:aws:iam::123456789012:u2f/user/yubikey-[ID]",
        "type": "security-key",
        "user": "ada"
      }
    ]
    "#);
}

#[test]
fn a_user_without_a_device_is_told_how_to_get_one() {
    let home = Home::new();
    with_administrator(&home);
    assert_report!(list(&home, &["admin"]), @"
    exit 0
    --- stdout
    the user grace of account 123456789012 has no MFA device
    to set one up: daypass enroll admin
    ");
    assert_report!(list(&home, &["admin", "--json"]), @"
    exit 0
    --- stdout
    []
    ");
}

#[test]
fn an_administrator_lists_the_devices_of_another_user() {
    let home = Home::new();
    with_administrator(&home);
    assert_report!(list(&home, &["admin", "--user", "ada"]), @"
    exit 0
    --- stdout
    MFA devices of the user ada of account 123456789012

    NAME  TYPE          SINCE       CODES      PROFILES
    ada   virtual       [DATE]  yes        work
      arn:aws:iam::123456789012:mfa/ada

    whoever loses the only device is locked out; to add a second one:
    daypass enroll admin --user ada --name NAME
    ");
    assert_report!(list(&home, &["admin", "--user", "nobody"]), @"
    exit 4
    --- stderr
    daypass: error: AWS refused iam:ListMFADevices: The user with name nobody cannot be found. (profile 'admin')
    ");
    assert_report!(list(&home, &["admin", "--user", "team/ada"]), @"
    exit 2
    --- stderr
    daypass: error: invalid value 'team/ada' for '--user <NAME>': 'team/ada' is not the name of an IAM user: it has letters, digits and _+=,.@- only, and no path before it
      hint: daypass devices --help shows how it is used
    ");
}

#[test]
fn a_denial_names_the_statement_that_is_missing() {
    let home = Home::new();
    home.sandbox.deny(&home.user, "iam:ListMFADevices");
    home.log_in();
    assert_report!(list(&home, &["work"]), @r#"
    exit 4
    --- stderr
    daypass: error: AWS denied iam:ListMFADevices: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:ListMFADevices on resource: user ada with an explicit deny in an identity-based policy
      hint: ask the administrator for this statement: {"Effect": "Allow", "Action": "iam:ListMFADevices", "Resource": "arn:aws:iam::123456789012:user/${aws:username}"} and to except the action from the statement that denies it
    "#);
}

#[test]
fn a_denial_of_what_was_asked_without_mfa_says_so() {
    let home = Home::new();
    home.write_config("[profile work]\nregion = eu-west-1\n");
    assert_report!(list(&home, &["work"]), @r#"
    exit 4
    --- stderr
    daypass: error: AWS denied iam:ListMFADevices: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:ListMFADevices on resource: user ada with an explicit deny in an identity-based policy
      hint: this was asked without MFA; with a device that gives codes it is asked with MFA (daypass setup work --serial ARN, then daypass login); else ask the administrator for this statement: {"Effect": "Allow", "Action": "iam:ListMFADevices", "Resource": "arn:aws:iam::123456789012:user/${aws:username}"} and to except the action from the statement that denies it
    "#);
}

#[test]
fn a_session_is_made_first_where_there_is_none() {
    let home = Home::new();
    assert_report!(list(&home, &["work"]), @"
    exit 3
    --- stderr
    daypass: error: profile 'work' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login work
    ");
    let mut terminal = Pty::start(&home.daypass(["devices", "work"]));
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("asking AWS about MFA devices");
    terminal.expect("arn:aws:iam::123456789012:mfa/ada");
    assert_eq!(terminal.finish().exit, 0);
}

/// Whoever lost a device and got a new one can still find out which it is.
#[test]
fn a_profile_whose_device_is_gone_is_told_which_one_to_name() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    let config = home.config().replace("mfa/ada", "mfa/lost-phone");
    home.write_config(&config);
    let run = home.daypass(["devices", "work", "--no-prompt"]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    let mut terminal = Pty::start(&home.daypass(["devices", "work"]));
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("MFA devices of the user ada");
    terminal.expect("names arn:aws:iam::123456789012:mfa/lost-phone, which is none of these");
    terminal.expect("daypass setup work --serial arn:aws:iam::123456789012:mfa/ada");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn answers_that_do_not_come_are_told_apart_from_refusals() {
    for (fault, exit) in [
        (Fault::Throttle, 4),
        (Fault::Drop, 5),
        (Fault::Garbage, 5),
        (Fault::Status503, 5),
    ] {
        let home = Home::new();
        home.log_in();
        home.sandbox
            .misbehave("ListMFADevices", fault, Times::Always);
        let run = home.daypass(["devices", "work"]).run();
        assert_eq!(run.exit, exit, "{fault:?}: {}", run.report());
        assert_eq!(run.stdout, "", "{fault:?}");
    }
}

#[test]
fn a_seed_in_the_keychain_shows_without_the_keychain_being_opened() {
    let home = Home::new();
    home.log_in();
    let config = home.config() + "daypass_totp = keychain\n";
    home.write_config(&config);
    let run = home.daypass(["devices", "work"]).run();
    assert!(run.stdout.contains("yes, seed  work\n"), "{}", run.report());
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
}

#[test]
fn a_profile_that_is_called_like_an_action_is_listed_by_the_option() {
    let home = Home::new();
    let config = home.config().replace("profile work", "profile remove");
    home.write_config(&config);
    let credentials = home.credentials().replace("[work-", "[remove-");
    home.write_credentials(&credentials);
    let code = home.code();
    let run = home.daypass(["login", "remove", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let run = home.daypass(["devices", "-p", "remove"]).run();
    assert!(run.stdout.contains("mfa/ada"), "{}", run.report());
}

#[test]
fn what_aws_calls_a_device_plays_no_tricks_with_the_terminal() {
    let home = Home::new();
    home.sandbox
        .add_hardware_device(&home.user, "GAHT\u{202e}12345678");
    home.log_in();
    for arguments in [&["devices", "work"][..], &["devices", "work", "--json"]] {
        let run = home.daypass(arguments.iter().copied()).run();
        assert!(run.stdout.contains("GAHT 12345678"), "{}", run.report());
        assert!(!run.stdout.contains('\u{202e}'), "{run:?}");
    }
}
