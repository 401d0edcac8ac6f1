//! A user has two keys at most: which is to go is for a person to say.

use std::time::Duration;

use daypass_sandbox::{Fault, Times};

use super::{assert_rotated, home, keys, rotate};
use crate::support::{Home, Pty, assert_report};

#[test]
fn with_two_keys_yes_refuses_to_choose_and_shows_both() {
    let home = Home::new();
    home.sandbox.age(Duration::from_secs(100 * 86_400));
    home.log_in();
    home.sandbox.add_key(&home.user);
    assert_report!(rotate(&home).report(), @"
    exit 3
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], 100 days ago
    Its secret  in [work-long-term] of ~/.aws/credentials

    There are two access keys of the user ada of account 123456789012, and AWS allows no third:
      [KEY]  made [DATE], 100 days ago, active, last used [DATE], less than a day ago  (this profile's)
      [KEY]  made [DATE], less than a day ago, active, never used
    Nobody has used [KEY], which is younger than the profile's: a rotation whose answer was lost leaves such a key behind, and then nobody has its secret.

    --- stderr
    daypass: error: the user ada of account 123456789012 has two access keys, and AWS allows no third: [KEY] would have to go first
      hint: say that this one is to be deleted: daypass rotate work --replace-key [KEY]
    ");
    assert_eq!(keys(&home).len(), 2);
}

#[test]
fn the_key_that_works_for_the_profile_cannot_be_the_one_to_go() {
    let home = home();
    home.sandbox.add_key(&home.user);
    let id = &home.user.access_key_id;
    let run = home
        .daypass(["rotate", "work", "--yes", "--replace-key", id])
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials

    There are two access keys of the user ada of account 123456789012, and AWS allows no third:
      [KEY]  made [DATE], less than a day ago, active, last used [DATE], less than a day ago  (this profile's)
      [KEY]  made [DATE], less than a day ago, active, never used
    Nobody has used [KEY], which is younger than the profile's: a rotation whose answer was lost leaves such a key behind, and then nobody has its secret.

    --- stderr
    daypass: error: --replace-key [KEY]: that is the access key of profile 'work', which has to work until the new one does
      hint: leave --replace-key out to see the keys that there are
    ");
    assert_eq!(keys(&home).len(), 2);
}

#[test]
fn a_key_that_is_not_there_cannot_be_replaced() {
    let home = home();
    let run = home
        .daypass(["rotate", "work", "--yes", "--replace-key", "AKIANOTTHERE"])
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: --replace-key AKIANOTTHERE: the user ada of account 123456789012 has no such access key besides that of profile 'work'
      hint: leave --replace-key out to see the keys that there are
    ");
    assert_eq!(keys(&home).len(), 1);
}

#[test]
fn what_is_given_for_an_id_is_not_shown_if_it_may_be_a_secret() {
    let home = home();
    let secret = home.user.secret_access_key.clone();
    let run = home
        .daypass(["rotate", "work", "--yes", "--replace-key", &secret])
        .run();
    assert_eq!(run.exit, 2, "{}", run.report());
}

#[test]
fn a_person_may_have_the_other_key_deleted() {
    let home = home();
    let other = home.sandbox.add_key(&home.user);
    let mut pty = Pty::start(&home.daypass(["rotate", "work"]));
    pty.expect(&format!("delete {}", other.access_key_id));
    pty.expect("[y/N]");
    assert_eq!(keys(&home).len(), 2);
    pty.send("y\r");
    let run = pty.finish();
    assert_eq!(run.exit, 0, "{}", run.screen);
    assert_ne!(assert_rotated(&home).key.access_key_id, other.access_key_id);
}

#[test]
fn a_key_that_another_profile_has_is_named_with_it() {
    let home = home();
    let other = home.sandbox.add_key(&home.user);
    let section = format!(
        "[play]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        other.access_key_id, other.secret_access_key
    );
    home.write_credentials(&(home.credentials() + &section));
    assert_report!(rotate(&home).report(), @"
    exit 3
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials

    There are two access keys of the user ada of account 123456789012, and AWS allows no third:
      [KEY]  made [DATE], less than a day ago, active, last used [DATE], less than a day ago  (this profile's)
      [KEY]  made [DATE], less than a day ago, active, never used
    Nobody has used [KEY], which is younger than the profile's: a rotation whose answer was lost leaves such a key behind, and then nobody has its secret.
    [KEY] is the key of play.

    --- stderr
    daypass: error: the user ada of account 123456789012 has two access keys, and AWS allows no third: [KEY] would have to go first
      hint: say that this one is to be deleted: daypass rotate work --replace-key [KEY]
    ");
}

#[test]
fn whether_the_other_key_is_deleted_is_left_open_where_the_answer_was_lost() {
    let home = home();
    let other = home.sandbox.add_key(&home.user).access_key_id;
    home.sandbox
        .misbehave("DeleteAccessKey", Fault::DropAfter, Times::Always);
    let run = home
        .daypass(["rotate", "work", "--yes", "--replace-key", &other])
        .run();
    assert_eq!(run.exit, 5, "{}", run.report());
    assert!(home.sandbox.key(&other).is_none());
    assert!(!run.stderr.contains("nothing was changed"));
    let told =
        format!("it is not known whether {other} was deleted, and no new access key was made");
    assert!(run.stderr.contains(&told), "{}", run.report());
    home.sandbox.behave();
    assert_eq!(rotate(&home).exit, 0);
    assert_rotated(&home);
}
