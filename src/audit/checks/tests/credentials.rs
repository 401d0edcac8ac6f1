//! What is asked of passwords and of the ages of keys.

use super::*;

#[test]
fn a_password_without_mfa_is_found_and_a_key_without_mfa_is_another_matter() {
    let rows = vec![
        with_password(row("ada"), 400, Some(3)),
        with_password(row("bob"), 20, None),
        with_mfa(with_password(row("cyd"), 400, Some(3))),
        with_key(row("dan"), 10, None),
    ];
    assert_eq!(
        found("console-without-mfa", reported(rows)),
        ["high user/ada", "high user/bob"]
    );
}

#[test]
fn a_password_without_mfa_is_told_with_its_age_and_last_use() {
    let account = Account::of(
        reported(vec![with_password(row("ada"), 400, Some(3))]),
        &Intent::default(),
    );
    let context = Context {
        account: &account,
        now: now(),
        max_age: EIGHT_HOURS,
    };
    let answer = (console_without_mfa::CHECK.ask)(&context);
    assert_eq!(
        answer.findings[0].what,
        "has a password (set 400 days ago, last used 3 days ago) and no MFA device"
    );
    assert_eq!(answer.findings[0].fix, "daypass enroll --user ada");
}

/// Whoever got it yesterday is to sign in yet.
#[test]
fn a_password_is_to_be_taken_away_only_where_nobody_has_ever_needed_it() {
    let fixes = |row: Row| {
        let account = Account::of(reported(vec![row]), &Intent::default());
        let context = Context {
            account: &account,
            now: now(),
            max_age: EIGHT_HOURS,
        };
        let answer = (console_without_mfa::CHECK.ask)(&context);
        answer.findings[0].fix.clone()
    };
    let enrol = "daypass enroll --user ada";
    assert_eq!(fixes(with_password(row("ada"), 400, Some(3))), enrol);
    assert_eq!(fixes(with_password(row("ada"), 1, None)), enrol);
    assert_eq!(
        fixes(with_password(row("ada"), 91, None)),
        "aws iam delete-login-profile --user-name ada"
    );
}

#[test]
fn a_key_is_old_after_ninety_days_and_unused_after_ninety_without_use() {
    let rows = || {
        let mut inactive = with_key(row("inactive"), 400, None);
        inactive.keys[0].active = false;
        vec![
            with_key(row("old-in-use"), 91, Some(1)),
            with_key(row("just-fits"), 90, Some(90)),
            with_key(row("never-used"), 91, None),
            with_key(with_key(row("two"), 400, Some(91)), 10, None),
            inactive,
        ]
    };
    assert_eq!(
        found("old-key", reported(rows())),
        [
            "medium user/never-used/key/1",
            "medium user/old-in-use/key/1",
            "medium user/two/key/1"
        ]
    );
    assert_eq!(
        found("unused-key", reported(rows())),
        ["medium user/never-used/key/1", "medium user/two/key/1"]
    );
}

#[test]
fn a_password_is_unused_after_ninety_days_without_a_sign_in() {
    let rows = vec![
        with_password(row("unused"), 400, Some(91)),
        with_password(row("never"), 91, None),
        with_password(row("in-use"), 400, Some(90)),
        with_password(row("new"), 5, None),
        row("none"),
    ];
    assert_eq!(
        found("unused-password", reported(rows)),
        ["medium user/never", "medium user/unused"]
    );
}
