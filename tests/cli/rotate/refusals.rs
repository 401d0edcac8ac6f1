//! Rotations that AWS or the machine does not let through, at each step.

use daypass_sandbox::{Fault, Times};

use super::{assert_rotated, home, keys, rotate};
use crate::support::{Home, assert_report};

/// Denies one action, and takes what is found afterwards; then it is allowed, and the next run finishes.
fn denied(home: &Home, action: &str) -> String {
    home.sandbox.deny(&home.user, &format!("iam:{action}"));
    rotate(home).report()
}

#[test]
fn a_denied_list_shows_the_statement_to_ask_for() {
    let home = home();
    let before = home.credentials();
    assert_report!(denied(&home, "ListAccessKeys"), @r#"
    exit 4
    --- stderr
    daypass: error: AWS denied iam:ListAccessKeys: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:ListAccessKeys on resource: user ada with an explicit deny in an identity-based policy (profile 'work'); nothing was changed
      hint: ask the administrator of the AWS account for a policy with this statement: {"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"], "Resource": "arn:aws:iam::123456789012:user/ada"}, and to except these actions from the statement that denies them
    "#);
    assert_eq!(home.credentials(), before);
    assert_eq!(home.sandbox.calls("CreateAccessKey"), 0);
}

#[test]
fn whoever_is_denied_without_mfa_is_sent_to_a_device_first() {
    let home = home();
    home.write_config("[profile work]\nregion = eu-west-1\n");
    assert_report!(denied(&home, "CreateAccessKey"), @r#"
    exit 4
    --- stderr
    daypass: error: AWS denied iam:ListAccessKeys: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:ListAccessKeys on resource: user ada with an explicit deny in an identity-based policy (profile 'work'); nothing was changed
      hint: this was asked without MFA; with a device it is asked with MFA (daypass enroll work, or daypass setup work --serial ARN); else ask the administrator of the AWS account for a policy with this statement: {"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"], "Resource": "arn:aws:iam::123456789012:user/ada"}, and to except these actions from the statement that denies them
    "#);
    // The device would do for it, and has been asked for nothing.
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_denied_new_key_changes_nothing() {
    let home = home();
    let before = home.credentials();
    assert_report!(denied(&home, "CreateAccessKey"), @r#"
    exit 4
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: AWS denied iam:CreateAccessKey: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:CreateAccessKey on resource: user ada with an explicit deny in an identity-based policy (profile 'work'); nothing was changed
      hint: ask the administrator of the AWS account for a policy with this statement: {"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"], "Resource": "arn:aws:iam::123456789012:user/ada"}, and to except these actions from the statement that denies them
    "#);
    assert_eq!(home.credentials(), before);
}

#[test]
fn a_denied_deactivation_leaves_both_keys_working_and_on_record() {
    let home = home();
    assert_report!(denied(&home, "UpdateAccessKey"), @r#"
    exit 4
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: the rotation of the access key stopped half-way: the new access key [KEY] works and has its place; the old one, [KEY], is still active
      caused by: AWS denied iam:UpdateAccessKey: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:UpdateAccessKey on resource: user ada with an explicit deny in an identity-based policy
      hint: ask the administrator of the AWS account for a policy with this statement: {"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"], "Resource": "arn:aws:iam::123456789012:user/ada"}, and to except these actions from the statement that denies them; then daypass rotate work goes on from here
    "#);
    assert!(keys(&home).iter().all(|key| key.works));
    assert_eq!(keys(&home).len(), 2);
    // The profile has the new one; what is missing is told again.
    let new = home.credential("work-long-term", "aws_access_key_id");
    assert_ne!(new.as_deref(), Some(home.user.access_key_id.as_str()));
    assert_eq!(rotate(&home).exit, 4);
    assert_eq!(home.sandbox.calls("CreateAccessKey"), 1);
}

#[test]
fn a_denied_deletion_leaves_the_old_key_inactive_and_on_record() {
    let home = home();
    assert_report!(denied(&home, "DeleteAccessKey"), @r#"
    exit 4
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: the rotation of the access key stopped half-way: the new access key [KEY] works and has its place; the old one, [KEY], is inactive, but not deleted
      caused by: AWS denied iam:DeleteAccessKey: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:DeleteAccessKey on resource: user ada with an explicit deny in an identity-based policy
      hint: ask the administrator of the AWS account for a policy with this statement: {"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"], "Resource": "arn:aws:iam::123456789012:user/ada"}, and to except these actions from the statement that denies them; then daypass rotate work goes on from here
    "#);
    let old = home.sandbox.key(&home.user.access_key_id).expect("it");
    assert!(!old.is_active);
    // The administrator deletes it: the next run has only the record to clear.
    home.sandbox.delete_key(&home.user.access_key_id);
    let run = rotate(&home);
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_rotated(&home);
}

#[test]
fn a_key_whose_answer_was_lost_is_recognised_at_the_next_run() {
    let home = home();
    let before = home.credentials();
    home.sandbox
        .misbehave("CreateAccessKey", Fault::DropAfter, Times::Always);
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 5
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: AWS cannot be reached (profile 'work'): perhaps there is a new access key now, whose secret is lost; the old one is as it was
      caused by: other
      caused by: client error (SendRequest)
      caused by: connection closed before message completed
      hint: once more, it finds out how things stand: daypass rotate work
    ");
    // It was not asked for again.
    assert_eq!(home.sandbox.calls("CreateAccessKey"), 1);
    assert_eq!(home.credentials(), before);
    home.sandbox.behave();
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 3
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials

    There are two access keys of the user ada of account 123456789012, and AWS allows no third:
      [KEY]  made [DATE], less than a day ago, active, last used [DATE], less than a day ago  (this profile's)
      [KEY]  made [DATE], less than a day ago, active, never used
    Nobody has used [KEY], which is younger than the profile's: a rotation whose answer was lost leaves such a key behind, and then nobody has its secret.

    --- stderr
    daypass: error: the user ada of account 123456789012 has two access keys, and AWS allows no third: [KEY] would have to go first
      hint: say that this one is to be deleted: daypass rotate work --replace-key [KEY]
    ");
    let lost = keys(&home)[1].key.access_key_id.clone();
    let run = home
        .daypass(["rotate", "work", "--yes", "--replace-key", &lost])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_ne!(assert_rotated(&home).key.access_key_id, lost);
}

#[test]
fn lost_answers_of_the_other_steps_are_asked_for_again() {
    for action in ["ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey"] {
        let home = home();
        home.sandbox
            .misbehave(action, Fault::DropAfter, Times::Next(1));
        let run = rotate(&home);
        assert_eq!(run.exit, 0, "{action}: {}", run.report());
        assert_rotated(&home);
    }
}

#[test]
fn a_page_of_a_stranger_does_not_count_as_aws_having_done_it() {
    for action in ["UpdateAccessKey", "DeleteAccessKey"] {
        let home = home();
        home.sandbox
            .misbehave(action, Fault::Garbage, Times::Next(1));
        let run = rotate(&home);
        assert_eq!(run.exit, 5, "{action}: {}", run.report());
        assert!(home.credentials().contains("daypass_old"), "{action}");
        let run = rotate(&home);
        assert_eq!(run.exit, 0, "{action}: {}", run.report());
        assert_rotated(&home);
    }
}

#[test]
fn what_became_of_the_old_key_is_left_open_where_the_answer_was_lost() {
    for (action, told) in [
        ("UpdateAccessKey", "is perhaps inactive by now"),
        ("DeleteAccessKey", "is inactive, and perhaps deleted by now"),
    ] {
        let home = home();
        home.sandbox
            .misbehave(action, Fault::DropAfter, Times::Always);
        let run = rotate(&home);
        assert_eq!(run.exit, 5, "{action}: {}", run.report());
        assert!(run.stderr.contains(told), "{action}: {}", run.report());
        home.sandbox.behave();
        assert_eq!(rotate(&home).exit, 0, "{action}");
        assert_rotated(&home);
    }
}

#[test]
fn a_key_of_the_environment_cannot_be_replaced() {
    let home = Home::new();
    home.write_config("");
    home.write_credentials("");
    let run = home
        .daypass(["rotate", "--yes"])
        .env("AWS_ACCESS_KEY_ID", &home.user.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &home.user.secret_access_key)
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: the access key [KEY] comes from AWS_ACCESS_KEY_ID, and daypass cannot put another one there
      hint: name a profile: daypass rotate PROFILE; daypass setup makes one of this key
    ");
}

#[test]
fn a_profile_without_a_key_has_none_to_replace() {
    let home = Home::new();
    home.write_credentials("");
    let run = rotate(&home);
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'work' has no long-term key: there is no [work-long-term] and no access key in [work] of ~/.aws/credentials
      hint: daypass setup work takes the access key (AKIA...) of an IAM user
    ");
}

#[test]
fn a_file_that_cannot_be_written_is_found_out_before_a_key_is_made() {
    let home = home();
    // Lines that programs read differently: no edit would be right for all of them.
    home.write_credentials(&(home.credentials() + "[x]\na\r = b\rc\n"));
    let before = home.credentials();
    let run = rotate(&home);
    assert_report!(run.report(), @r#"
    exit 1
    --- stdout
    Access key  [KEY] of the user ada of account 123456789012, made [DATE], less than a day ago
    Its secret  in [work-long-term] of ~/.aws/credentials
    --- stderr
    daypass: error: cannot change ~/.aws/credentials; nothing was changed
      caused by: line 21 is read differently by different programs: it has a carriage return inside, unusual white space or a colon before the "="
      hint: write this line again in an editor, as: name = value
    "#);
    assert_eq!(home.credentials(), before);
    let left = keys(&home);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].key.access_key_id, home.user.access_key_id);
}
