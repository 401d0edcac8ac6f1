//! The long-term key in the system's keychain: a real one, on a private desktop.

use std::{
    panic,
    path::Path,
    time::{Duration, Instant},
};

use crate::support::{DAYPASS, Desktop, Run, assert_report, is_there, keychain_profile};

/// However a keychain fails, it is told by then.
const SOON: Duration = Duration::from_secs(2);

#[test]
fn the_desktop_of_a_test_leaves_no_process_behind_even_when_the_test_fails() {
    let Some(desktop) = Desktop::without_keychain("exec sleep 60") else {
        return;
    };
    // Wakes the service that hangs.
    desktop.daypass(["login", "work", "--code", "123456"]).run();
    let processes = desktop.processes();
    assert_eq!(processes.len(), 2);
    let failed = panic::catch_unwind(panic::AssertUnwindSafe(move || {
        let _desktop = desktop;
        panic!("on purpose");
    }));
    assert!(failed.is_err());
    for id in processes {
        let there = || Path::new(&format!("/proc/{id}/exe")).exists();
        let deadline = Instant::now() + Duration::from_secs(5);
        while there() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(!there(), "{id} still runs");
    }
}

#[test]
fn login_takes_the_secret_of_the_key_from_the_keychain() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    desktop.home.log_in_on(&desktop);
    assert_eq!(desktop.home.sandbox.calls("GetSessionToken"), 1);
}

fn timed_login(desktop: &Desktop) -> (Run, Duration) {
    let started = Instant::now();
    let code = desktop.home.code();
    let run = desktop.daypass(["login", "work", "--code", &code]).run();
    (run, started.elapsed())
}

#[test]
fn a_locked_keychain_is_told_at_once() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    desktop.lock();
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) is locked, and it was not unlocked
      hint: log in to the desktop and try again; without one, run gnome-keyring-daemon --unlock, then type the keychain's password, Enter and Ctrl-D, or keep secrets in pass: daypass setup --keychain pass
    ");
    assert_eq!(desktop.home.sandbox.connections(), 0);
}

#[test]
fn without_a_bus_it_is_told_at_once() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let started = Instant::now();
    let run = desktop
        .home
        .daypass(["login", "work", "--code", "123456"])
        // Else the bus of whoever runs the tests would be found.
        .env("XDG_RUNTIME_DIR", "/no/such/directory")
        .run();
    assert!(started.elapsed() < SOON);
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) is not running, or cannot be reached from here
      caused by: zbus error: Failed to connect to address `unix:path=/no/such/directory/bus`: No such file or directory (os error 2)
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_bus_whose_socket_is_dead_is_told_at_once() {
    let Some(mut desktop) = Desktop::new() else {
        return;
    };
    desktop.kill_bus();
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) is not running, or cannot be reached from here
      caused by: zbus error: Failed to connect to address `unix:path=~/.run/bus`: Connection refused (os error 111)
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_bus_without_a_keychain_is_told_at_once() {
    let Some(desktop) = Desktop::without_keychain("") else {
        return;
    };
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) is not running, or cannot be reached from here
      caused by: zbus error: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided by any .service files
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_keychain_that_never_starts_is_given_up() {
    let Some(desktop) = Desktop::without_keychain("exec sleep 60") else {
        return;
    };
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) did not answer within 1.5 s
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_keychain_that_fails_to_start_is_told() {
    let Some(desktop) = Desktop::without_keychain("exit 1") else {
        return;
    };
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) is not running, or cannot be reached from here
      caused by: zbus error: org.freedesktop.DBus.Error.Spawn.ChildExited: Process org.freedesktop.secrets exited with status 1
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_keychain_that_stands_still_is_given_up() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    desktop.signal_keychain("STOP");
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) did not answer within 1.5 s
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_keychain_that_dies_is_told_and_works_again_when_it_is_back() {
    let Some(mut desktop) = Desktop::new() else {
        return;
    };
    desktop.signal_keychain("KILL");
    let (run, took) = timed_login(&desktop);
    assert!(took < SOON, "{took:?}");
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) is not running, or cannot be reached from here
      caused by: zbus error: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided by any .service files
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
    desktop.start_keychain();
    let (run, _) = timed_login(&desktop);
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_missing_entry_is_told_with_the_command_that_stores_it() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    desktop.clear(&desktop.home.user.access_key_id);
    let (run, _) = timed_login(&desktop);
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the keychain (Secret Service) does not hold the secret of the long-term key [KEY]
      hint: store it again: daypass setup work
    ");
    assert_eq!(desktop.home.sandbox.connections(), 0);
}

#[test]
fn entries_of_other_programs_and_older_versions_serve() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let (id, secret) = (
        desktop.home.user.access_key_id.clone(),
        desktop.home.user.secret_access_key.clone(),
    );
    let old = ["target", "default", "application", "rust-keyring"];
    let other = ["xdg:schema", "org.example.Other", "comment", "by hand"];
    for attributes in [&old[..], &other[..]] {
        desktop.clear(&id);
        desktop.store_with(&id, secret.as_bytes(), attributes);
        let (run, _) = timed_login(&desktop);
        assert_eq!(run.exit, 0, "{}", run.report());
        assert_eq!(desktop.daypass(["logout", "work"]).run().exit, 0);
        desktop.home.sandbox.advance(Duration::from_secs(60));
    }
}

#[test]
fn two_entries_with_the_same_secret_serve_and_with_different_ones_are_told() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let (id, secret) = (
        desktop.home.user.access_key_id.clone(),
        desktop.home.user.secret_access_key.clone(),
    );
    desktop.store_with(&id, secret.as_bytes(), &["copy", "2"]);
    let (run, _) = timed_login(&desktop);
    assert_eq!(run.exit, 0, "{}", run.report());
    desktop.store_with(&id, b"another", &["copy", "2"]);
    let run = desktop
        .daypass(["login", "work", "--force", "--code", "123456"])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the keychain (Secret Service) has more than one entry '[KEY]' of the service daypass, and they differ
      hint: open the keychain's own window (Passwords and Keys, KWalletManager) and remove the older entry '[KEY]'
    ");
}

#[test]
fn an_entry_that_is_not_text_is_told() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let id = &desktop.home.user.access_key_id;
    desktop.clear(id);
    desktop.store_with(id, b"\xff\xfe\x00", &[]);
    let (run, _) = timed_login(&desktop);
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the entry '[KEY]' of the keychain (Secret Service) is not text
      hint: another program has written the entry '[KEY]': remove it in the keychain's own window (Passwords and Keys, KWalletManager), then store it again
    ");
}

#[test]
fn thirty_at_once_open_the_keychain_and_make_one_session() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let code = desktop.home.code();
    desktop
        .home
        .write_config(&(keychain_profile(&desktop.home) + &format!("mfa_process = echo {code}\n")));
    let outputs = desktop.daypass(["credential-process", "work"]).crowd(30);
    assert!(outputs.iter().all(|output| output.status.success()));
    assert!(
        outputs
            .iter()
            .all(|output| output.stdout == outputs[0].stdout)
    );
    assert_eq!(desktop.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_cached_session_never_opens_the_keychain() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    if !is_there("strace") {
        return;
    }
    desktop.home.log_in_on(&desktop);
    let program = [
        "-f",
        "-o",
        "trace",
        "-e",
        "trace=network,clone,clone3",
        DAYPASS,
        "credential-process",
        "work",
    ];
    let run = desktop.home.program("strace", program).on(&desktop).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let trace = std::fs::read_to_string(desktop.home.path("trace")).unwrap();
    assert_eq!(trace.lines().count(), 1, "nothing but the exit:\n{trace}");
}
