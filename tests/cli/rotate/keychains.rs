//! A key whose secret is in a keychain: the system's, and pass.

use super::{ROTATE, assert_rotated, keys};
use crate::support::{Desktop, PassStandIn, assert_report};

/// A `pass` with the key and a session.
fn in_pass() -> PassStandIn {
    let pass = PassStandIn::new();
    let code = pass.home.code();
    let run = pass.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    pass
}

#[test]
fn a_key_in_pass_is_replaced_there_and_the_old_secret_is_forgotten() {
    let pass = in_pass();
    let before = pass.home.config();
    let run = pass.daypass(ROTATE).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in pass
    work has a new access key, [KEY]; [KEY] is deleted
    ");
    let new = assert_rotated(&pass.home).key;
    let old = &pass.home.user.access_key_id;
    assert_eq!(pass.home.config(), before.replace(old, &new.access_key_id));
    let entry = |id: &str| pass.home.path(&format!(".password-store/daypass/{id}.gpg"));
    assert!(entry(&new.access_key_id).exists());
    assert!(!entry(old).exists());
    // The session serves on, and so does the key.
    let run = pass.daypass(["status", "work", "--check"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let code = pass.home.code();
    let run = pass
        .daypass(["login", "work", "--force", "--code", &code])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_session_in_the_keychain_serves_on() {
    let pass = PassStandIn::new();
    pass.home
        .write_config(&(pass.home.config() + "daypass_session_store = keychain\n"));
    pass.log_in("work");
    let run = pass.daypass(ROTATE).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&pass.home);
    let calls = pass.home.sandbox.calls("GetSessionToken");
    let run = pass.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(pass.home.sandbox.calls("GetSessionToken"), calls);
}

#[test]
fn a_keychain_that_refuses_the_new_secret_has_the_new_key_deleted_again() {
    let pass = in_pass();
    let before = pass.home.config();
    // The entry's name is known only once AWS has made the key: nothing can be inserted any more.
    let script = pass.home.path("bin/pass");
    let text = std::fs::read_to_string(&script).expect("the script");
    let text = text.replace("    insert) ", "    insert) exit 2; ");
    std::fs::write(&script, text).expect("the script");
    let run = pass.daypass(ROTATE).run();
    let id = run
        .stderr
        .split_whitespace()
        .find(|word| word.starts_with("AKIA"));
    let report = run.report().replace(id.expect("an id"), "[KEY]");
    assert_report!(report, @"
    exit 1
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in pass
    --- stderr
    daypass: error: the new access key [KEY] cannot be stored, and was deleted again; the old one is as it was
      caused by: pass insert failed for the entry 'daypass/[KEY]'
      hint: try whether pass keeps anything, in a terminal: pass generate daypass/test; gpg --list-keys shows whether the keys of the store are there and have not expired
    ");
    assert_eq!(pass.home.config(), before);
    let left = keys(&pass.home);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].key.access_key_id, pass.home.user.access_key_id);

    pass.home
        .sandbox
        .deny(&pass.home.user, "iam:DeleteAccessKey");
    let run = pass.daypass(ROTATE).run();
    assert_report!(run.report(), @"
    exit 1
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in pass
    --- stderr
    daypass: error: the new access key [KEY] cannot be stored, and could not be deleted again; the old one is as it was
      caused by: pass insert failed for the entry 'daypass/[KEY]'
      caused by: AWS denied iam:DeleteAccessKey: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:DeleteAccessKey on resource: user ada with an explicit deny in an identity-based policy
      hint: delete it: aws iam delete-access-key --access-key-id [KEY] --profile work; try whether pass keeps anything, in a terminal: pass generate daypass/test; gpg --list-keys shows whether the keys of the store are there and have not expired
    ");
}

#[test]
fn a_key_in_the_systems_keychain_is_replaced_there() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let code = desktop.home.code();
    let words = ROTATE.into_iter().chain(["--code", &code]);
    let run = desktop.daypass(words).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let new = assert_rotated(&desktop.home).key;
    let code = desktop.home.code();
    let run = desktop
        .daypass(["login", "work", "--force", "--code", &code])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let log = desktop.home.sandbox.log();
    let last = log.iter().rfind(|call| call.action == "GetSessionToken");
    assert_eq!(
        last.map(|call| &call.access_key_id),
        Some(&new.access_key_id)
    );
}
