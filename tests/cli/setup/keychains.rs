//! The secret goes into a keychain: a real gnome-keyring on a bus of its own, and a real pass.

use std::{
    fs,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Times};

use super::{
    Person,
    adopt::{OTHERS_IN_CREDENTIALS, aws_mfa_home},
    assert_done, backups, empty_home, files, make_aws_directory, moved_key, with_key_in_work,
};
use crate::support::{DAYPASS, Home, Invocation, is_there, set_mode};

/// Runs a program on a new session bus with an unlocked keychain. What is stored there is in the home, so
/// that the next run finds it.
const ON_A_DESKTOP: &str = "\
    printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; \"$@\"; \
    status=$?; exit $status";

fn on_a_desktop<'a>(home: &'a Home, words: &[&str]) -> Option<Invocation<'a>> {
    if !["dbus-run-session", "gnome-keyring-daemon"]
        .iter()
        .all(|name| is_there(name))
    {
        return None;
    }
    let runtime = home.path("run");
    let _ = fs::create_dir(&runtime);
    set_mode(&runtime, 0o700);
    let start = ["--", "sh", "-c", ON_A_DESKTOP, "sh", DAYPASS];
    Some(
        home.program(
            "dbus-run-session",
            start.into_iter().chain(words.iter().copied()),
        )
        .env("XDG_RUNTIME_DIR", &runtime.display().to_string()),
    )
}

/// The config of a profile whose key is in a keychain.
fn config(home: &Home, keychain: &str) -> String {
    format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {}\ndaypass_access_key_id = {}\n{keychain}\
         credential_process = {DAYPASS} credential-process work\n",
        home.device.serial, home.user.access_key_id
    )
}

/// A home with the key under the profile's own name.
fn home_with_key() -> Home {
    let home = empty_home();
    with_key_in_work(&home);
    home.write_config(&format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {}\n",
        home.device.serial
    ));
    home
}

fn assert_nowhere_in_plain_text(home: &Home) {
    for (name, text) in files(home) {
        assert!(
            !text.contains(&home.user.secret_access_key),
            "{name}:\n{text}"
        );
    }
}

#[test]
fn the_key_moves_to_the_systems_keychain_and_into_no_backup() {
    let home = home_with_key();
    let code = home.code();
    let words = ["setup", "work", "--yes", "--code", &code];
    let Some(invocation) = on_a_desktop(&home, &words) else {
        return;
    };
    let run = invocation.run();
    assert_done(&run);
    assert!(
        run.stdout.contains("+the secret of AKIA"),
        "{}",
        run.report()
    );
    assert!(
        run.stdout.contains("left out of the backup"),
        "{}",
        run.report()
    );
    assert_eq!(home.config(), config(&home, ""));
    assert!(!home.credentials().contains("AKIA") || home.credentials().contains("[work-mfa]"));
    assert_nowhere_in_plain_text(&home);
    let copy = fs::read_to_string(&backups(&home, "credentials")[0]).unwrap();
    assert_eq!(
        copy,
        home.long_term_section("work")
            .replace(&home.user.secret_access_key, "MOVED-TO-THE-KEYCHAIN")
    );

    // It is really there.
    fs::remove_file(home.path(".aws/credentials")).unwrap();
    let code = home.code();
    let run = on_a_desktop(&home, &["login", "work", "--code", &code])
        .unwrap()
        .run();
    assert_done(&run);

    let before = files(&home);
    let run = on_a_desktop(&home, &["setup", "work", "--yes"])
        .unwrap()
        .run();
    assert_done(&run);
    assert!(run.stdout.contains("nothing to do"), "{}", run.report());
    assert_eq!(files(&home), before);
}

#[test]
fn a_person_may_choose_the_file_instead_and_go_back_on_that() {
    let home = home_with_key();
    let Some(invocation) = on_a_desktop(&home, &["setup", "work"]) else {
        return;
    };
    let mut ada = Person::at(&invocation);
    ada.terminal.expect("1. in the keychain (Secret Service)");
    ada.types("Number [1]:", "2\r");
    ada.types("Apply this?", "\r");
    ada.types("MFA code", "\r");
    ada.terminal.expect("work is set up");
    assert_eq!(ada.terminal.finish().exit, 0);
    assert_eq!(home.config(), home.profile_section("work"));
    assert_eq!(home.credentials(), moved_key(&home));

    let to_keychain = ["setup", "work", "--yes", "--keychain", "system"];
    assert_done(&on_a_desktop(&home, &to_keychain).unwrap().run());
    assert!(!home.credentials().contains("work-long-term"));
    assert!(home.config().contains("daypass_access_key_id"));

    let back = ["setup", "work", "--yes", "--keychain", "none"];
    assert_done(&on_a_desktop(&home, &back).unwrap().run());
    assert_eq!(home.config(), home.profile_section("work"));
    assert_eq!(home.credentials(), home.long_term_section("work-long-term"));
    // What was moved out is no longer in there: the profile cannot be pointed at it again.
    home.write_config(&config(&home, ""));
    home.write_credentials("");
    let run = on_a_desktop(&home, &["setup", "work", "--yes"])
        .unwrap()
        .run();
    assert_eq!(run.exit, 3, "{}", run.report());
}

#[test]
fn without_a_keychain_it_is_an_error_that_changes_nothing() {
    let home = home_with_key();
    let before = files(&home);
    let words = ["setup", "work", "--yes", "--keychain", "system"];
    let run = home.daypass(words).run();
    assert_eq!(run.exit, 1, "{}", run.report());
    assert!(
        run.stderr
            .contains("is not running, or cannot be reached from here"),
        "{}",
        run.report()
    );
    assert_eq!(home.config(), before_text(&before, "config"));
    assert_eq!(home.credentials(), before_text(&before, "credentials"));
}

fn before_text(files: &[(String, String)], name: &str) -> String {
    let file = files.iter().find(|(known, _)| known == name);
    file.map(|(_, text)| text.clone()).unwrap_or_default()
}

/// A password store with a key of its own, without a passphrase. GPG's agent ends with it.
struct PasswordStore<'a>(&'a Home);

impl<'a> PasswordStore<'a> {
    fn make(home: &'a Home) -> Option<Self> {
        if !["pass", "gpg"].iter().all(|name| is_there(name)) {
            return None;
        }
        fs::create_dir(home.path(".gnupg")).expect("~/.gnupg");
        set_mode(&home.path(".gnupg"), 0o700);
        let script = "gpg --batch --quiet --passphrase '' \
                      --quick-generate-key ada default default never && pass init ada";
        let status = home
            .program("sh", ["-c", script])
            .command()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("sh starts");
        assert!(status.success());
        Some(PasswordStore(home))
    }
}

impl Drop for PasswordStore<'_> {
    fn drop(&mut self) {
        let end = ["--kill", "all"];
        let _ = self.0.program("gpgconf", end).command().output();
    }
}

#[test]
fn pass_is_offered_where_it_is_set_up_and_never_chosen_in_silence() {
    let home = home_with_key();
    let Some(_store) = PasswordStore::make(&home) else {
        return;
    };
    let run = home.daypass(["setup", "work", "--yes", "--dry-run"]).run();
    assert!(run.stdout.contains("+[work-long-term]"), "{}", run.report());

    let mut ada = Person::at(&home.daypass(["setup", "work"]));
    ada.terminal.expect("2. in pass");
    ada.types("Number [1]:", "2\r");
    ada.types("Apply this?", "\r");
    ada.pastes("MFA code", &home.code());
    ada.terminal.expect("you are logged in until");
    assert_eq!(ada.terminal.finish().exit, 0);
    assert_eq!(home.config(), config(&home, "daypass_keychain = pass\n"));
    assert_nowhere_in_plain_text(&home);
    let run = home.daypass(["setup", "work", "--yes"]).run();
    assert!(run.stdout.contains("nothing to do"), "{}", run.report());
}

#[test]
fn a_failure_after_the_key_is_stored_says_where_it_is() {
    let home = home_with_key();
    let Some(_store) = PasswordStore::make(&home) else {
        return;
    };
    let before = files(&home);
    fail_at_the_new_place(&home, Fault::Garbage);
    let words = ["setup", "work", "--yes", "--keychain", "pass"];
    let run = home.daypass(words).run();
    assert_eq!(run.exit, 5, "{}", run.report());
    let says = "the secret is in pass, and both files are as they were";
    assert!(run.stderr.contains(says), "{}", run.report());
    for (name, text) in &before {
        assert_eq!(before_text(&files(&home), name), *text);
    }
    home.sandbox.behave();
    assert_done(&home.daypass(words).run());
    assert_eq!(home.config(), config(&home, "daypass_keychain = pass\n"));
    assert_nowhere_in_plain_text(&home);
}

#[test]
fn killed_while_the_keychain_is_tried_the_key_is_in_both_places() {
    let home = home_with_key();
    let Some(_store) = PasswordStore::make(&home) else {
        return;
    };
    fail_at_the_new_place(&home, Fault::Slow(Duration::from_secs(20)));
    let words = ["setup", "work", "--yes", "--keychain", "pass"];
    let mut child = home
        .daypass(words)
        .command()
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while home.sandbox.calls("GetCallerIdentity") < 2 {
        assert!(Instant::now() < deadline, "the new place is never tried");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(home.credentials(), home.long_term_section("work"));
    let entry = format!("daypass/{}", home.user.access_key_id);
    let kept = home
        .program("pass", ["show", &entry])
        .command()
        .output()
        .unwrap();
    let kept = String::from_utf8(kept.stdout).unwrap();
    assert_eq!(kept.trim(), home.user.secret_access_key);

    home.sandbox.behave();
    assert_done(&home.daypass(words).run());
    assert_eq!(home.config(), config(&home, "daypass_keychain = pass\n"));
    assert!(
        !home.credentials().contains("AKIA"),
        "{}",
        home.credentials()
    );
}

/// The first question is whose key it is; the second comes once the files are written.
fn fail_at_the_new_place(home: &Home, fault: Fault) {
    let action = "GetCallerIdentity";
    let none = Fault::Slow(Duration::ZERO);
    home.sandbox.misbehave(action, none, Times::Next(1));
    home.sandbox.misbehave(action, fault, Times::Always);
}

#[test]
fn what_is_set_up_with_a_file_is_not_moved_into_a_keychain_unasked() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_credentials(&home.long_term_section("work-long-term"));
    // Nor is a line rewritten that does the same.
    home.write_config(&home.profile_section("work").replace(
        "credential-process work",
        "credential-process --profile work",
    ));
    let before = files(&home);
    let Some(invocation) = on_a_desktop(&home, &["setup", "work", "--yes"]) else {
        return;
    };
    let run = invocation.run();
    assert_done(&run);
    assert!(run.stdout.contains("nothing to do"), "{}", run.report());
    assert_eq!(files(&home), before);
}

#[test]
fn a_section_that_serves_another_profile_too_keeps_its_key() {
    let home = empty_home();
    let Some(_store) = PasswordStore::make(&home) else {
        return;
    };
    make_aws_directory(&home);
    home.write_config(&format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {}\ndaypass_long_term_section = shared\n\n\
         [profile play]\ndaypass_long_term_section = shared\n",
        home.device.serial
    ));
    home.write_credentials(&home.long_term_section("shared"));
    let before = home.credentials();
    let run = home
        .daypass(["setup", "work", "--yes", "--keychain", "pass"])
        .run();
    assert_done(&run);
    assert!(
        run.stdout.contains("[shared] serves play too"),
        "{}",
        run.report()
    );
    assert_eq!(home.credentials(), before);
    let play = "\n[profile play]\ndaypass_long_term_section = shared\n";
    assert_eq!(
        home.config(),
        config(&home, "daypass_keychain = pass\n") + play
    );
}

#[test]
fn a_keychain_that_is_gone_is_made_up_for_by_typing_the_key_again() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(&config(&home, ""));
    let mut ada = Person::at(&home.daypass(["setup", "work"]));
    ada.terminal
        .expect("is not running, or cannot be reached from here");
    ada.pastes("Access key id", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.types("Apply this?", "\r");
    ada.types("MFA code", "\r");
    ada.terminal.expect("work is set up");
    assert_eq!(ada.terminal.finish().exit, 0);
    assert_eq!(home.config(), home.profile_section("work"));
    assert_eq!(home.credentials(), home.long_term_section("work-long-term"));
}

#[test]
fn from_aws_mfa_into_a_keychain_nothing_of_the_two_sections_is_left_but_comments() {
    let home = aws_mfa_home();
    let Some(_store) = PasswordStore::make(&home) else {
        return;
    };
    let run = home
        .daypass(["setup", "work", "--yes", "--keychain", "pass"])
        .run();
    assert_done(&run);
    assert_eq!(
        home.credentials(),
        format!("{OTHERS_IN_CREDENTIALS}# from the console\n\n[last]\nregion = eu-west-2")
    );
    assert_nowhere_in_plain_text(&home);
}

#[test]
fn plain_text_for_want_of_a_keychain_is_warned_of() {
    let home = home_with_key();
    let run = home.daypass(["setup", "work", "--yes"]).run();
    assert_done(&run);
    assert!(
        run.stderr
            .contains("is not running, or cannot be reached from here"),
        "{}",
        run.report()
    );
    assert!(run.stderr.contains("as plain text"), "{}", run.report());
}
