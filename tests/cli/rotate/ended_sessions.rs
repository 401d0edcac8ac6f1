//! Sessions that end with the key that they were made with, as they do at some of AWS's stand-ins.

use std::time::{Duration, Instant};

use super::{assert_rotated, home, rotate};
use crate::support::{Home, Run, assert_report};

/// A home that is logged in, whose session ends with its key.
fn ending() -> Home {
    let home = home();
    home.sandbox.end_sessions_with_keys();
    home
}

/// Runs a command with a code that AWS takes.
fn with_code(home: &Home, words: &[&str]) -> Run {
    let code = home.code();
    let words = words.iter().copied().chain(["--code", &code]);
    home.daypass(words).run()
}

#[test]
fn a_rotation_whose_session_ends_half_way_is_finished_by_the_next_run() {
    let home = ending();
    let start = Instant::now();
    let run = rotate(&home);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "it waited for a session that is over"
    );
    assert_report!(run.report(), @"
    exit 4
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: the rotation of the access key stopped half-way: the new access key [KEY] works and has its place; the old one, [KEY], is inactive, but not deleted
      caused by: AWS does not know this access key: it was deleted or deactivated, or belongs to another partition
      hint: it goes on from here, with a new login if AWS has ended the session: daypass rotate work
    ");
    // What is stored works, and the session that is over is not served to anybody.
    let id = home.credential("work-long-term", "aws_access_key_id");
    let key = home
        .sandbox
        .key(&id.expect("a key"))
        .expect("a key of AWS's");
    assert!(key.works);
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    let run = with_code(&home, &["rotate", "work", "--yes"]);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
    let run = home.daypass(["devices", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_rotation_without_a_rule_about_mfa_needs_no_session_to_finish() {
    let home = ending();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    work has a new access key, [KEY]; [KEY] is deleted
    --- stderr
    daypass: warning: AWS has ended the session with the old key: daypass login work
    ");
    assert_rotated(&home);
    let run = home.daypass(["exec", "work", "--", "true"]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
}

#[test]
fn a_session_whose_key_was_deactivated_elsewhere_is_told_as_one() {
    let home = ending();
    home.sandbox.set_key_status(&home.user.access_key_id, false);
    assert_report!(home.daypass(["devices", "work"]).run().report(), @"
    exit 4
    --- stderr
    daypass: error: AWS does not know this access key: it was deleted or deactivated, or belongs to another partition (profile 'work')
      hint: AWS no longer takes this session or key: daypass login --force work
    ");
    assert_report!(home.daypass(["enroll", "work", "--store-seed"]).run().report(), @"
    exit 4
    --- stderr
    daypass: error: AWS does not know this access key: it was deleted or deactivated, or belongs to another partition
      hint: look in the AWS console, IAM, Security credentials, for an active access key of this user, and give it to: daypass setup work
    ");
    // Once it is active again all is as before.
    home.sandbox.set_key_status(&home.user.access_key_id, true);
    let run = home.daypass(["devices", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_role_falls_back_to_nothing_where_the_session_of_its_source_has_ended() {
    let home = ending();
    home.sandbox.set_key_status(&home.user.access_key_id, false);
    let role =
        "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = work\n";
    home.write_config(&(home.config() + "\n" + role));
    assert_report!(home.daypass(["exec", "prod", "--", "true"]).run().report(), @"
    exit 4
    --- stderr
    daypass: error: AWS does not know this access key: it was deleted or deactivated, or belongs to another partition (role arn:aws:iam::123456789012:role/Admin of profile 'prod')
      hint: AWS no longer takes the session of 'work': daypass login --force work
    ");
}
