//! `daypass rotate`: a new long-term key, and a working one stored at every moment.

use std::time::Duration;

use daypass_sandbox::{Delay, RegisteredKey};

use crate::support::{Home, Pty, Run, assert_report};

mod consistency;
mod ended_sessions;
mod keychains;
#[cfg(target_os = "linux")]
mod killed;
mod moto;
mod refusals;
mod sharing;
mod two_keys;

const ROTATE: [&str; 3] = ["rotate", "work", "--yes"];

/// A home that is logged in, with comments around the key.
fn home() -> Home {
    let home = Home::new();
    home.write_credentials(&commented(
        &home.user.access_key_id,
        &home.user.secret_access_key,
    ));
    home.log_in();
    home
}

/// The credentials file with this key.
fn commented(id: &str, secret: &str) -> String {
    format!(
        "# mine\r\n[other]\r\nregion = x\r\n\n[work-long-term]\n# the id\naws_access_key_id={id}\n\
         ; the secret\naws_secret_access_key   =   {secret}\n# the end\n"
    )
}

fn rotate(home: &Home) -> Run {
    home.daypass(ROTATE).run()
}

/// The keys of the user, as AWS has them.
fn keys(home: &Home) -> Vec<RegisteredKey> {
    home.sandbox.keys_of(&home.user)
}

/// The one key that is left, which is a new one, works, and is stored with nothing on record beside it.
fn assert_rotated(home: &Home) -> RegisteredKey {
    let left = keys(home);
    assert_eq!(left.len(), 1, "{left:?}");
    let new = left.into_iter().next().expect("one key");
    assert_ne!(new.key.access_key_id, home.user.access_key_id);
    assert!(new.works, "{new:?}");
    for text in [home.credentials(), home.config()] {
        for mark in ["daypass_new", "daypass_old", &home.user.access_key_id] {
            assert!(!text.contains(mark), "{mark} is left:\n{text}");
        }
    }
    new
}

#[test]
fn a_new_key_takes_the_place_of_the_old_one_and_no_other_byte_changes() {
    let home = home();
    let session = home.credential("work-mfa", "aws_access_key_id");
    let before = home.credentials();
    let run = rotate(&home);
    let new = assert_rotated(&home);
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    work has a new access key, [KEY]; [KEY] is deleted
    ");
    let expected = before
        .replace(&home.user.access_key_id, &new.key.access_key_id)
        .replace(&home.user.secret_access_key, &new.key.secret_access_key);
    assert_eq!(home.credentials(), expected);
    assert!(expected.starts_with(&commented(
        &new.key.access_key_id,
        &new.key.secret_access_key
    )));
    // The session is the one of before, and serves.
    assert_eq!(home.credential("work-mfa", "aws_access_key_id"), session);
    let calls = home.sandbox.calls("GetSessionToken");
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(home.sandbox.calls("GetSessionToken"), calls);
}

#[test]
fn the_login_comes_first_where_there_is_no_session() {
    let home = Home::new();
    let code = home.code();
    let run = home
        .daypass(["rotate", "work", "--yes", "--code", &code])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
    // The same session serves on.
    let run = home.daypass(["status", "work", "--check"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_user_without_a_device_rotates_with_the_keys_themselves() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.set_new_key_delay(Delay::Calls(3));
    home.write_config("[profile work]\nregion = eu-west-1\n");
    let run = rotate(&home);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
}

#[test]
fn the_old_key_stays_inactive_with_keep_old() {
    let home = home();
    let run = home
        .daypass(["rotate", "work", "--yes", "--keep-old"])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    work has a new access key, [KEY]; [KEY] is inactive
    Once nothing needs it any more: aws iam delete-access-key --access-key-id [KEY] --profile work
    ");
    let old = home
        .sandbox
        .key(&home.user.access_key_id)
        .expect("the old key");
    assert!(!old.is_active);
    assert!(!home.credentials().contains(&home.user.access_key_id));
    assert!(!home.credentials().contains(&home.user.secret_access_key));
    assert!(!home.credentials().contains("daypass_old"));
}

#[test]
fn a_person_is_asked_before_anything_is_made() {
    let home = home();
    let before = home.credentials();
    for (answer, exit) in [("n\r", 1), ("\r", 1), ("y\r", 0)] {
        let mut pty = Pty::start(&home.daypass(["rotate", "work"]));
        pty.expect("[y/N]");
        assert_eq!(home.credentials(), before);
        assert_eq!(keys(&home).len(), 1);
        pty.send(answer);
        let run = pty.finish();
        assert_eq!(run.exit, exit, "{}", run.screen);
    }
    assert_rotated(&home);
}

#[test]
fn the_age_that_aws_tells_is_known_to_status_even_if_nothing_is_replaced() {
    let note = "the access key of work is 100 days old or older: daypass rotate work\n";
    let aged = || {
        let home = Home::new();
        home.sandbox.age(Duration::from_secs(100 * 86_400 + 60));
        home.log_in();
        // The key has served here for a moment.
        let run = home.daypass(["status"]).run();
        assert!(!run.stdout.contains("access key"), "{}", run.report());
        home
    };
    let home = aged();
    let mut pty = Pty::start(&home.daypass(["rotate", "work"]));
    pty.expect("[y/N]");
    pty.send("n\r");
    assert_eq!(pty.finish().exit, 1);
    let run = home.daypass(["status"]).run();
    assert!(run.stdout.ends_with(note), "{}", run.report());

    // A rotation that is refused has been told as well.
    let home = aged();
    home.sandbox.add_key(&home.user);
    assert_eq!(rotate(&home).exit, 3);
    // The next login does not make the key younger.
    home.sandbox.advance(Duration::from_secs(30));
    let code = home.code();
    let run = home.daypass(["login", "work", "--force", "--code", &code]);
    assert_eq!(run.run().exit, 0);
    let run = home.daypass(["status"]).run();
    assert!(run.stdout.ends_with(note), "{}", run.report());
}

#[test]
fn without_a_terminal_it_has_to_be_agreed_to_beforehand_and_no_code_is_spent() {
    let home = Home::new();
    let code = home.code();
    let run = home.daypass(["rotate", "work", "--code", &code]).run();
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: nobody can be asked here: replace the access key of profile 'work'?
      hint: add --yes to do it without a question
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
}

#[test]
fn a_role_profile_rotates_the_key_of_its_source() {
    let home = home();
    let role =
        "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = work\n";
    home.write_config(&(home.config() + "\n" + role));
    let run = home.daypass(["rotate", "prod", "--yes"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
}

#[test]
fn no_line_of_a_rotation_is_wider_than_the_terminal_or_broken_in_a_word() {
    let home = home();
    home.sandbox.add_key(&home.user);
    home.sandbox.set_new_key_delay(Delay::Calls(2));
    let mut terminal = Pty::start(&home.daypass(["rotate", "work", "--keep-old"]));
    terminal.expect("[y/N]");
    terminal.send("y\r");
    terminal.expect("Once nothing needs it");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    for line in run.screen.split(['\r', '\n']) {
        let line = line.replace("\x1b[K", "").replace("\x1b[33m", "");
        // A command is copied in one piece.
        if !line.trim_start().starts_with("aws ") {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}
