//! Which MFA device, and what if there is none.

use super::{Person, empty_home, make_aws_directory, setup, with_key_in_work};
use crate::support::{Home, assert_report};

#[test]
fn a_device_that_aws_tells_is_not_asked_for() {
    let home = empty_home();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.add_fido_device(&home.user, "yubikey");
    set_up_with_devices(&home, &home.device.serial, &[]);
}

#[test]
fn of_several_devices_one_that_gives_codes_is_chosen_and_remembered() {
    let home = empty_home();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.add_fido_device(&home.user, "yubikey");
    let token = home.sandbox.add_hardware_device(&home.user, "GAHT12345678");
    let mut ada = Person::at(&setup(&home, &["work"]));
    ada.pastes("Access key id", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.terminal
        .expect("is a security key or passkey, which cannot give codes");
    ada.terminal.expect("1. arn:aws:iam::123456789012:mfa/ada");
    ada.terminal.expect("2. GAHT12345678");
    ada.types("Number [1]:", "3\r");
    ada.terminal.expect("A number from 1 to 2, please.");
    ada.types("Number [1]:", "2\r");
    ada.types("AWS region", "\r");
    ada.types("Apply this?", "\r");
    ada.pastes("MFA code", &home.sandbox.fresh_code(&token));
    let run = ada.terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(home.config().contains("mfa_serial = GAHT12345678\n"));
}

#[test]
fn without_a_terminal_several_devices_are_a_question_that_a_flag_answers() {
    let home = empty_home();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.add_hardware_device(&home.user, "GAHT12345678");
    with_key_in_work(&home);
    let run = setup(&home, &["work", "--yes"]).run();
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: there is a choice: arn:aws:iam::123456789012:mfa/ada, GAHT12345678, and nobody can be asked here
      hint: say it with --serial arn:aws:iam::123456789012:mfa/ada; daypass setup --help lists every flag
    ");
}

#[test]
fn a_user_without_a_device_gets_everything_else() {
    let home = empty_home();
    let user = home.sandbox.add_user("grace");
    make_aws_directory(&home);
    home.write_credentials(&format!(
        "[work]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        user.access_key_id, user.secret_access_key
    ));
    let run = setup(&home, &["work", "--yes", "--keychain", "none"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout

    Profile     work
    Access key  [KEY] of the user grace of account 123456789012
    Its secret  in [work-long-term] of ~/.aws/credentials, as plain text
    MFA device  none yet

    What will change (+ comes, - goes; secrets are shown as ****):

    ~/.aws/config
    @@ line 1 @@
    +[profile work]
    +credential_process = /bin/daypass credential-process work

    ~/.aws/credentials
    @@ line 1 @@
    -[work]
    +
    +[work-long-term]
     aws_access_key_id = [KEY]
     aws_secret_access_key = ****

    Backups come first: ~/.aws/credentials.backup-DATE
    Backup: ~/.aws/credentials.backup-[TIME]

    work is set up but for one thing.
    There is no MFA device for the command line yet. This makes one in a minute:
      daypass enroll work
    ");
    assert!(!home.config().contains("mfa_serial"), "{}", home.config());
}

#[test]
fn whoever_has_no_device_yet_can_say_so_where_aws_does_not_tell() {
    let home = empty_home();
    let user = home.sandbox.add_user("grace");
    home.sandbox.deny(&user, "iam:ListMFADevices");
    let mut grace = Person::at(&setup(&home, &["work"]));
    grace.pastes("Access key id (AKIA...):", &user.access_key_id);
    grace.pastes("Secret access key", &user.secret_access_key);
    grace.terminal.expect("If you have none yet, type: none");
    grace.types(
        "MFA device [arn:aws:iam::123456789012:mfa/grace]:",
        "None\r",
    );
    grace.types("AWS region", "\r");
    grace.terminal.expect("MFA device  none yet");
    grace.types("Apply this?", "\r");
    grace.terminal.expect("but for one thing.");
    grace.terminal.expect("daypass enroll work");
    assert_eq!(grace.terminal.finish().exit, 0);
    assert!(!home.config().contains("mfa_serial"), "{}", home.config());
}

/// Sets `work` up on a terminal where AWS tells the devices.
fn set_up_with_devices(home: &Home, serial: &str, arguments: &[&str]) {
    let arguments: Vec<&str> = ["work"].iter().chain(arguments).copied().collect();
    let mut ada = Person::at(&setup(home, &arguments));
    ada.pastes("Access key id", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.types("AWS region", "\r");
    ada.types("Apply this?", "\r");
    ada.types("MFA code", "\r");
    let run = ada.terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(home.config().contains(serial), "{}", home.config());
}
