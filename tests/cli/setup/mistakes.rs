//! Answers that do not serve, no answer, and nobody to answer.

use super::{Person, empty_home, files, setup, with_key_in_work};
use crate::support::{assert_report, wrong_code};

#[test]
fn what_nobody_can_be_asked_is_named_with_its_flag() {
    let home = empty_home();
    assert_report!(setup(&home, &["work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: there is no access key for 'work', and nobody can be asked here
      hint: say it with --access-key-id AKIA... --secret-stdin; daypass setup --help lists every flag
    ");
    with_key_in_work(&home);
    assert_report!(setup(&home, &["work", "--yes"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: AWS does not tell which MFA device this user has, and nobody can be asked here
      hint: say it with --serial arn:aws:iam::123456789012:mfa/ada; daypass setup --help lists every flag
    ");
    let run = setup(&home, &["work", "--serial", &home.device.serial]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    assert!(run.stdout.contains("+[work-long-term]"), "{}", run.report());
    assert!(run.stderr.contains("hint: add --yes"), "{}", run.report());
    assert_eq!(home.credentials(), home.long_term_section("work"));
}

#[test]
fn ctrl_c_at_any_question_leaves_everything_untouched() {
    let home = empty_home();
    let id = home.user.access_key_id.clone();
    let secret = home.user.secret_access_key.clone();
    let questions = [
        ("Profile name", "work"),
        ("Access key id", id.as_str()),
        ("Secret access key", secret.as_str()),
        ("MFA device [", ""),
        ("AWS region", "eu-west-1"),
        ("Apply this?", ""),
    ];
    for cancelled in 0..questions.len() {
        let mut ada = Person::at(&setup(&home, &[]));
        for (question, answer) in &questions[..cancelled] {
            ada.pastes(question, answer);
        }
        ada.types(questions[cancelled].0, "x\x03");
        let run = ada.terminal.finish();
        assert_eq!(run.exit, 1, "{run:?}");
        assert!(
            run.screen.contains("cancelled: nothing was changed"),
            "{run:?}"
        );
        assert!(!home.path(".aws").exists(), "at {}", questions[cancelled].0);
    }
}

#[test]
fn whoever_names_no_region_is_told_so_and_not_that_the_key_was_wrong() {
    let home = empty_home();
    let mut ada = Person::at(&setup(&home, &["work"]));
    ada.pastes("Access key id (AKIA...):", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.types("MFA device [arn:aws:iam::123456789012:mfa/ada]:", "\r");
    for _ in 0..5 {
        ada.types("AWS region to work in [us-east-1]:", "y\r");
        ada.terminal.expect("a region looks like eu-west-1");
    }
    ada.terminal.expect("no region was given that can be one");
    assert_eq!(ada.terminal.finish().exit, 1);
    assert!(!home.path(".aws").exists());
}

#[test]
fn no_is_a_no() {
    let home = empty_home();
    with_key_in_work(&home);
    let before = files(&home);
    let mut ada = Person::at(&setup(&home, &["work", "--serial", &home.device.serial]));
    ada.types("Apply this?", "n\r");
    let run = ada.terminal.finish();
    assert_eq!(run.exit, 1, "{run:?}");
    assert_eq!(files(&home), before);
}

#[test]
fn a_wrong_secret_is_told_and_asked_for_again() {
    let home = empty_home();
    let mut ada = Person::at(&setup(&home, &["work"]));
    ada.pastes("Access key id", &home.user.access_key_id);
    ada.pastes(
        "Secret access key",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    ada.terminal
        .expect("the secret access key does not belong to the access key id");
    ada.pastes("Access key id (AKIA...):", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.types("MFA device [", "\r");
    ada.types("AWS region", "\r");
    ada.types("Apply this?", "\r");
    ada.types("MFA code, to log in now", "\r");
    ada.terminal.expect("work is set up");
    assert_eq!(ada.terminal.finish().exit, 0);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 0);
}

#[test]
fn a_wrong_secret_without_a_terminal_is_an_error_of_aws() {
    let home = empty_home();
    let id = home.user.access_key_id.clone();
    let run = setup(
        &home,
        &["work", "--yes", "--access-key-id", &id, "--secret-stdin"],
    )
    .run_with_stdin("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n");
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused the signature: the secret access key does not belong to the access key id (access key [KEY], its secret from stdin); nothing was changed
      hint: copy both halves of the access key of profile 'work' again: a secret is 40 characters, and AWS shows it only once
    ");
    assert!(!home.path(".aws").exists());
}

#[test]
fn what_is_pasted_in_the_wrong_place_is_recognised_and_not_repeated() {
    let home = empty_home();
    let secret = home.user.secret_access_key.clone();
    let mut ada = Person::at(&setup(&home, &["work"]));
    ada.terminal.expect_a_secret_in_the_wrong_place();
    ada.pastes("Access key id", &secret);
    ada.terminal.expect("that looks like the secret access key");
    ada.pastes("Access key id", "ASIAIOSFODNN7EXAMPLE");
    ada.terminal
        .expect("that is the key of a temporary session");
    ada.pastes("Access key id (AKIA...):", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.access_key_id);
    ada.terminal.expect("that is not a secret access key");
    ada.types("Secret access key", "\x03");
    assert_eq!(ada.terminal.finish().exit, 1);

    let run = setup(&home, &["work", "--yes", "--access-key-id", &secret]).run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: the access key id that was given cannot be used: that looks like the secret access key; the id is the shorter one, and begins with AKIA
      hint: daypass setup work --access-key-id AKIA... --secret-stdin < FILE, with the secret in the file
    ");
}

#[test]
fn names_that_no_profile_can_have_are_refused() {
    let home = empty_home();
    let run = setup(&home, &["a]b", "--yes"]).run();
    assert_eq!(run.exit, 2, "{}", run.report());
}

#[test]
fn a_refused_code_at_the_end_does_not_undo_the_set_up() {
    let home = empty_home();
    with_key_in_work(&home);
    let code = wrong_code(&home);
    let serial = home.device.serial.as_str();
    let arguments = [
        "work",
        "--yes",
        "--keychain",
        "none",
        "--serial",
        serial,
        "--code",
        &code,
    ];
    let run = setup(&home, &arguments).run();
    assert_eq!(run.exit, 4, "{}", run.report());
    assert!(
        run.stdout
            .contains("work is set up, and you are not logged in yet."),
        "{}",
        run.report()
    );
    assert!(
        run.stderr.contains("AWS refused the MFA code"),
        "{}",
        run.report()
    );
    let run = setup(&home, &["work", "--yes"]).run();
    assert!(run.stdout.contains("nothing to do"), "{}", run.report());
}

#[test]
fn a_secret_in_the_place_of_the_id_in_the_keychain_is_not_shown_in_the_plan() {
    let home = empty_home();
    with_key_in_work(&home);
    home.write_config(&format!(
        "[profile work]\ndaypass_access_key_id = {}\n",
        home.user.secret_access_key
    ));
    let serial = home.device.serial.as_str();
    assert_report!(setup(&home, &["work", "-vvv", "--serial", serial]).run().report(), @"
    exit 1
    --- stderr
    daypass: read ~/.aws/config, [N] bytes
    daypass: read ~/.aws/credentials, [N] bytes
    daypass: error: daypass_access_key_id of [work] is not an access key id (~/.aws/config, line 2)
      hint: an id is 20 capital letters and digits, as in AKIA...; write that of the key whose secret is in the keychain
    ");
}
