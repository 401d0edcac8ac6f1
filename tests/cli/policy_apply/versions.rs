//! New versions, old ones, and the way back.

use super::{GROUP, POLICY, applied, apply, assert_in_force, attached, home, policy};
use crate::support::Home;

fn versions(home: &Home) -> Vec<String> {
    let versions = policy(home).versions.into_iter();
    versions.map(|(id, _)| id).collect()
}

#[test]
fn another_age_is_a_new_version_in_force_and_undo_goes_back_one_by_one() {
    let home = home();
    applied(&home, &[]);
    applied(&home, &["--max-age", "4h"]);
    applied(&home, &["--max-age", "2h", "--kind", "self-service"]);
    assert_eq!(versions(&home), ["v1", "v2", "v3"]);
    assert_in_force(&home, &["--max-age", "2h", "--kind", "self-service"]);
    let run = applied(&home, &["--undo"]);
    let told = "version v2 of daypass-mfa-devs is in force for the group devs again";
    assert!(run.stdout.contains(told), "{}", run.report());
    assert_eq!(versions(&home), ["v1", "v2"]);
    assert_in_force(&home, &["--max-age", "4h"]);
    applied(&home, &["--undo"]);
    assert_in_force(&home, &[]);
    applied(&home, &["--undo"]);
    assert_eq!(home.sandbox.policies(), []);
}

#[test]
fn of_more_than_five_versions_the_oldest_goes_and_never_the_one_in_force() {
    let home = home();
    for hours in 1..=7 {
        applied(&home, &["--max-age", &format!("{hours}h")]);
    }
    assert_eq!(versions(&home), ["v3", "v4", "v5", "v6", "v7"]);
    assert_in_force(&home, &["--max-age", "7h"]);
}

#[test]
fn a_policy_that_was_attached_elsewhere_is_detached_and_stays() {
    let home = home();
    applied(&home, &[]);
    let ops = home.sandbox.add_group("ops");
    home.sandbox.attach_policy(&ops, POLICY);
    let run = applied(&home, &["--undo"]);
    assert!(
        run.stdout.contains("attached it elsewhere"),
        "{}",
        run.report()
    );
    assert_eq!(attached(&home), [""; 0]);
    assert_eq!(policy(&home).attached_to, [ops]);
}

#[test]
fn a_policy_that_somebody_detached_or_set_back_is_put_right() {
    let home = home();
    applied(&home, &[]);
    home.sandbox.detach_policy(GROUP, POLICY);
    applied(&home, &[]);
    assert_eq!(versions(&home), ["v1"]);
    // Something else is in force, by another's hand.
    let allow =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    home.sandbox.add_policy_version(POLICY, allow, true);
    let run = apply(&home, &[]);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_in_force(&home, &[]);
    assert_eq!(versions(&home), ["v1", "v2", "v3"]);
}
