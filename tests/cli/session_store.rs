//! Sessions in the keychain instead of the credentials file.

use std::{fs, path::Path, time::Duration};

use crate::support::{Desktop, assert_report, is_there, keychain_profile};

const AT_7_45: i64 = 7 * 3_600 + 45 * 60;

/// A desktop whose profile keeps its session in the keychain, logged in.
fn logged_in() -> Option<Desktop> {
    let desktop = Desktop::new()?;
    let setting = "daypass_session_store = keychain\n";
    let home = &desktop.home;
    home.write_config(&(keychain_profile(home) + setting));
    desktop.home.log_in_on(&desktop);
    Some(desktop)
}

fn files_below(directory: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    entries
        .flat_map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                files_below(&path)
            } else if path.is_file() {
                vec![path]
            } else {
                vec![]
            }
        })
        .collect()
}

#[test]
fn no_file_holds_anything_of_a_session_that_is_in_the_keychain() {
    let Some(desktop) = logged_in() else {
        return;
    };
    let json = desktop.daypass(["credential-process", "work"]).run().json();
    let files = files_below(&desktop.home.path(""));
    assert!(files.len() > 3, "{files:?}");
    for field in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
        let value = json[field].as_str().unwrap().as_bytes();
        for file in &files {
            let bytes = fs::read(file).unwrap();
            let found = bytes.windows(value.len()).any(|window| window == value);
            assert!(!found, "{field} is in {}", file.display());
        }
    }
    assert_eq!(desktop.home.credentials(), "");
    assert_eq!(desktop.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn login_status_and_logout_work_with_a_session_in_the_keychain() {
    let Some(desktop) = logged_in() else {
        return;
    };
    let run = desktop.daypass(["login", "work"]).run();
    assert!(run.stdout.contains("already logged in"), "{}", run.report());
    let status = desktop.daypass(["status", "work", "--json"]).run().json();
    assert_eq!(status[0]["state"], "valid");
    assert_eq!(desktop.daypass(["status", "--check"]).run().exit, 0);
    assert_report!(desktop.daypass(["logout", "work"]).run().report(), @"
    exit 0
    --- stdout
    work: session forgotten
    ");
    assert_eq!(desktop.lookup(&desktop.session_entry()), None);
    assert_report!(desktop.daypass(["logout", "work"]).run().report(), @"
    exit 0
    --- stdout
    work: there was no session
    ");
    assert_eq!(
        desktop.daypass(["credential-process", "work"]).run().exit,
        3
    );
}

#[test]
fn the_flag_alone_does_the_same_and_logout_all_forgets_it() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let (code, keychain) = (desktop.home.code(), "--session-store=keychain");
    let run = desktop
        .daypass(["login", "work", keychain, "--code", &code])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(desktop.home.credentials(), "");
    // Without the flag the profile has no session.
    assert_eq!(
        desktop.daypass(["credential-process", "work"]).run().exit,
        3
    );
    let run = desktop
        .daypass(["credential-process", "work", keychain])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_report!(desktop.daypass(["logout", "--all", keychain]).run().report(), @"
    exit 0
    --- stdout
    forgotten: work-mfa
    ");
    assert_eq!(desktop.lookup(&desktop.session_entry()), None);
}

#[test]
fn a_session_in_the_keychain_ends_at_the_age_limit() {
    if !is_there("faketime") {
        return;
    }
    let Some(desktop) = logged_in() else {
        return;
    };
    desktop
        .home
        .sandbox
        .advance(Duration::from_secs(AT_7_45 as u64));
    let run = desktop
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let run = desktop
        .daypass(["credential-process", "work"])
        .at(8 * 3_600 + 1)
        .run();
    assert_eq!(run.exit, 3, "{}", run.report());
}

#[test]
fn a_damaged_entry_counts_as_none_and_is_written_over() {
    let Some(desktop) = logged_in() else {
        return;
    };
    let entry = desktop.session_entry();
    let whole = desktop.lookup(&entry).unwrap();
    for damaged in [
        "",
        "garbage",
        "[work-mfa]\n",
        &whole[..whole.len() / 2],
        &whole.replace("work-mfa", "x"),
    ] {
        desktop.store(&entry, damaged);
        let run = desktop.daypass(["credential-process", "work"]).run();
        assert_eq!(run.exit, 3, "{damaged}: {}", run.report());
    }
    desktop.home.log_in_on(&desktop);
    assert_eq!(
        desktop.daypass(["credential-process", "work"]).run().exit,
        0
    );
}

#[test]
fn a_keychain_that_is_locked_later_is_told_and_nobody_is_asked_for_a_code() {
    let Some(desktop) = logged_in() else {
        return;
    };
    desktop.lock();
    assert_report!(desktop.daypass(["credential-process", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: the keychain (Secret Service) is locked, and it was not unlocked
      hint: log in to the desktop and try again; without one, run gnome-keyring-daemon --unlock, then type the keychain's password, Enter and Ctrl-D, or keep secrets in pass: daypass setup --keychain pass
    ");
    assert_eq!(desktop.daypass(["login", "work"]).run().exit, 1);
    assert_report!(desktop.daypass(["status", "work"]).run().report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     none      the keychain (Secret Service) does not open without a question, and it may not ask now

    to log in: daypass login work
    ");
    assert_report!(desktop.daypass(["logout", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'work' may still have a session in the keychain (Secret Service)
      caused by: the keychain (Secret Service) is locked, and it was not unlocked
      hint: log in to the desktop and try again; without one, run gnome-keyring-daemon --unlock, then type the keychain's password, Enter and Ctrl-D, or keep secrets in pass: daypass setup --keychain pass
    ");
}

#[test]
fn a_session_that_the_keychain_does_not_take_is_handed_out_all_the_same() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let home = &desktop.home;
    // The keychain goes away after the secret of the key was read, while the code is being made.
    let script = format!("kill -9 {}\necho {}\n", desktop.processes()[1], home.code());
    fs::write(home.path("code"), script).unwrap();
    let settings = "daypass_session_store = keychain\nmfa_process = sh code\n";
    home.write_config(&(home.profile_section("work") + settings));
    home.write_credentials(&home.long_term_section("work-long-term"));
    let run = desktop.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(run.json()["SessionToken"].is_string());
    assert!(
        run.stderr.contains("could not be saved"),
        "{}",
        run.report()
    );
}

#[test]
fn thirty_at_once_make_one_session_in_the_keychain() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let home = &desktop.home;
    let settings = format!(
        "daypass_session_store = keychain\nmfa_process = echo {}\n",
        home.code()
    );
    home.write_config(&(keychain_profile(home) + &settings));
    for output in desktop.daypass(["credential-process", "work"]).crowd(30) {
        assert!(output.status.success());
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
    assert!(desktop.lookup(&desktop.session_entry()).is_some());
}
