//! AWS is eventually consistent: a new key takes a while to work, and an old one goes on working for a while.

use std::time::Duration;

use daypass_sandbox::{Delay, Fault, Times};

use super::{assert_rotated, home, keys, rotate};
use crate::support::{Home, assert_report};

/// Has nobody answer whether the new key works. The old one is tried before it.
fn fail_the_trial(home: &Home, fault: Fault) {
    let as_ever = Fault::Slow(Duration::ZERO);
    home.sandbox
        .misbehave("GetCallerIdentity", as_ever, Times::Next(1));
    home.sandbox
        .misbehave("GetCallerIdentity", fault, Times::Always);
}

#[test]
fn a_new_key_that_takes_seconds_to_work_is_waited_for() {
    let home = home();
    home.sandbox
        .set_new_key_delay(Delay::Time(Duration::from_secs(4)));
    let run = rotate(&home);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
    let refused = home.sandbox.log().into_iter();
    let refused = refused.filter(|call| call.outcome == "InvalidClientTokenId");
    assert!(refused.count() >= 2);
}

#[test]
fn an_old_key_that_works_on_for_a_while_changes_nothing() {
    let home = home();
    home.sandbox
        .set_old_key_delay(Delay::Time(Duration::from_secs(600)));
    let run = rotate(&home);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
    let old = &home.user.access_key_id;
    assert!(home.sandbox.key(old).is_none());
}

#[test]
fn a_new_key_that_never_works_is_deleted_again() {
    let home = home();
    let before = home.credentials();
    home.sandbox
        .set_new_key_delay(Delay::Time(Duration::from_secs(600)));
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 4
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: AWS did not take the new access key [KEY] within a minute; it was deleted again, and the old one is as it was
      hint: in a minute, try again: daypass rotate work
    ");
    assert_eq!(home.credentials(), before);
    let left = keys(&home);
    assert_eq!(left.len(), 1);
    assert!(left[0].works && left[0].key.access_key_id == home.user.access_key_id);
}

#[test]
fn a_network_that_fails_while_the_new_key_is_tried_leaves_it_to_the_next_run() {
    let home = home();
    fail_the_trial(&home, Fault::Garbage);
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 5
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: the answer does not come from AWS, or was damaged on the way (new access key [KEY]); it is stored beside the old one, which is as it was
      hint: a proxy or the sign-in page of a network may have answered instead: open a web page, and check HTTPS_PROXY and AWS_ENDPOINT_URL
    ");
    home.sandbox.behave();
    assert_eq!(keys(&home).len(), 2);
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    work has a new access key, [KEY]; [KEY] is deleted
    ");
    assert_rotated(&home);
    assert_eq!(home.sandbox.calls("CreateAccessKey"), 1);
}

#[test]
fn a_new_key_that_somebody_has_deleted_meanwhile_is_taken_off_the_record() {
    let home = home();
    let before = home.credentials();
    fail_the_trial(&home, Fault::Garbage);
    assert_eq!(rotate(&home).exit, 5);
    home.sandbox.behave();
    home.sandbox.delete_key(&keys(&home)[1].key.access_key_id);
    let run = rotate(&home);
    assert!(
        run.stderr.contains("it is gone from AWS and was forgotten"),
        "{}",
        run.report()
    );
    assert_eq!(home.credentials(), before);
    let run = rotate(&home);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
}

#[test]
fn nobody_is_told_to_copy_a_secret_that_only_rotate_has_ever_had() {
    let home = home();
    let before = home.credentials();
    fail_the_trial(&home, Fault::Drop);
    assert_eq!(rotate(&home).exit, 5);
    home.sandbox.behave();
    // What waits on record was spoiled by an editor.
    let new = keys(&home).pop().expect("the new key").key;
    let spoiled = new.secret_access_key.chars().rev().collect::<String>();
    home.write_credentials(&home.credentials().replace(&new.secret_access_key, &spoiled));
    assert_report!(rotate(&home).report(), @"
    exit 4
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: AWS refused the signature: the secret access key does not belong to the access key id (new access key [KEY]); it was deleted again, and the old one is as it was
      hint: in a minute, try again: daypass rotate work
    ");
    assert_eq!(home.credentials(), before);
    let run = rotate(&home);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
}
