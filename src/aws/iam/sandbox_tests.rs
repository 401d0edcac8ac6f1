//! The client against the sandbox: groups, policies, and the account as a whole.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Password, Role, Sandbox, Times, User};
use serde_json::{Value, json};

use super::{
    account::{self, Entity, ReportLookup, ReportState},
    devices_of_users::{self, News},
    groups, policies, roles, users,
};
use crate::{
    aws::{client::Aws, error::AwsError, pace::Pace},
    credentials::LongTermKey,
    secret::Secret,
};

fn connect(sandbox: &Sandbox, user: &User) -> Aws {
    let key = LongTermKey {
        access_key_id: user.access_key_id.clone(),
        secret_access_key: Secret::new(user.secret_access_key.clone()),
    };
    Aws::to(sandbox, &key).unwrap()
}

fn text(effect: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": {"Effect": effect, "Action": "s3:Get*", "Resource": "arn:aws:s3:::a+b c/%7B"},
    })
    .to_string()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_group_its_members_and_its_policies_are_read_over_all_pages() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let aws = connect(&sandbox, &ada);
    let group = groups::create(&aws, "devs").unwrap();
    assert!(matches!(
        groups::create(&aws, "devs"),
        Err(AwsError::EntityAlreadyExists { .. })
    ));
    for n in 0..5 {
        sandbox.add_user(&format!("user-{n}"));
        groups::add_user(&aws, "devs", &format!("user-{n}")).unwrap();
    }
    groups::remove_user(&aws, "devs", "user-3").unwrap();
    sandbox.set_page_size(2);
    let (found, members) = groups::members(&aws, "devs").unwrap();
    let names: Vec<_> = members.iter().map(|user| &*user.name).collect();
    assert_eq!(found, group);
    assert_eq!(names, ["user-0", "user-1", "user-2", "user-4"]);
    let of_user = groups::of_user(&aws, "user-0").unwrap();
    assert_eq!(of_user, std::slice::from_ref(&group));
    assert_eq!(groups::list(&aws).unwrap(), [group]);
    assert_eq!(users::list(&aws).unwrap().len(), 6);

    groups::put_inline_policy(&aws, "devs", "inline", &text("Allow")).unwrap();
    assert_eq!(groups::inline_policies(&aws, "devs").unwrap(), ["inline"]);
    let inline = groups::inline_policy(&aws, "devs", "inline").unwrap();
    assert_eq!(parsed(&inline), parsed(&text("Allow")));
    let arns: Vec<String> = (0..3)
        .map(|n| sandbox.add_policy(&format!("policy-{n}"), &text("Deny")))
        .collect();
    for arn in &arns {
        groups::attach_policy(&aws, "devs", arn).unwrap();
    }
    let attached = groups::attached_policies(&aws, "devs").unwrap();
    assert!(attached.iter().map(|policy| &policy.arn).eq(&arns));
    groups::detach_policy(&aws, "devs", &arns[0]).unwrap();
    assert!(matches!(
        groups::detach_policy(&aws, "devs", &arns[0]),
        Err(AwsError::NoSuchEntity { .. })
    ));
    assert!(matches!(
        groups::delete(&aws, "devs"),
        Err(AwsError::DeleteConflict { .. })
    ));
}

#[test]
fn a_policy_and_its_versions_are_made_read_and_deleted() {
    let sandbox = Sandbox::start();
    let aws = connect(&sandbox, &sandbox.add_user("ada"));
    let policy = policies::create(&aws, "mfa", &text("Allow"), "why").unwrap();
    let arn = &policy.arn;
    assert_eq!(arn, "arn:aws:iam::123456789012:policy/mfa");
    let version = policies::create_version(&aws, arn, &text("Deny")).unwrap();
    assert_eq!((&*version.id, version.is_default), ("v2", true));
    let found = policies::find(&aws, arn).unwrap();
    assert_eq!(found.default_version, "v2");
    assert_eq!(found.description.as_deref(), Some("why"));
    let read = |version| parsed(&policies::text(&aws, arn, version).unwrap());
    assert_eq!(read("v1"), parsed(&text("Allow")));
    assert_eq!(read("v2"), parsed(&text("Deny")));
    policies::set_default_version(&aws, arn, "v1").unwrap();
    policies::delete_version(&aws, arn, "v2").unwrap();
    let versions = policies::versions(&aws, arn).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!((&*versions[0].id, versions[0].is_default), ("v1", true));
    sandbox.set_page_size(1);
    sandbox.add_policy("other", &text("Deny"));
    let names: Vec<_> = policies::list_local(&aws).unwrap();
    assert!(
        names
            .iter()
            .map(|policy| &*policy.name)
            .eq(["mfa", "other"])
    );
    policies::delete(&aws, arn).unwrap();
    assert!(matches!(
        policies::find(&aws, arn),
        Err(AwsError::NoSuchEntity { .. })
    ));
    assert!(matches!(
        policies::create(&aws, "mfa", "[]", ""),
        Err(AwsError::Refused { code, .. }) if code == "MalformedPolicyDocument"
    ));
}

#[test]
fn what_makes_something_is_not_sent_again_when_the_answer_is_lost() {
    let sandbox = Sandbox::start();
    let aws = connect(&sandbox, &sandbox.add_user("ada"));
    let arn = sandbox.add_policy("mfa", &text("Deny"));
    for action in ["CreatePolicyVersion", "CreatePolicy", "CreateGroup"] {
        sandbox.misbehave(action, Fault::DropAfter, Times::Next(1));
        let error = match action {
            "CreatePolicyVersion" => policies::create_version(&aws, &arn, &text("Allow")).err(),
            "CreatePolicy" => policies::create(&aws, "new", &text("Allow"), "").err(),
            _ => groups::create(&aws, "devs").err(),
        };
        assert!(error.unwrap().may_have_been_done(), "{action}");
        assert_eq!(sandbox.calls(action), 1);
    }
    // A page of a stranger's is not an answer.
    sandbox.misbehave("AttachGroupPolicy", Fault::Garbage, Times::Next(1));
    assert!(matches!(
        groups::attach_policy(&aws, "devs", &arn),
        Err(AwsError::Unreadable { .. })
    ));
}

#[test]
fn the_credential_report_is_waited_for() {
    let sandbox = Sandbox::start();
    let aws = connect(&sandbox, &sandbox.add_user("ada"));
    let lookup = || account::credential_report(&aws).unwrap();
    assert_eq!(lookup(), ReportLookup::NotPresent);
    let generate = || account::generate_credential_report(&aws).unwrap();
    assert_eq!(generate(), ReportState::Started);
    assert_eq!(lookup(), ReportLookup::InProgress);
    assert_eq!(generate(), ReportState::Complete);
    let ReportLookup::Ready(report) = lookup() else {
        panic!("{:?}", lookup());
    };
    let content = String::from_utf8(report.content).unwrap();
    assert!(
        content.starts_with("user,arn,user_creation_time,"),
        "{content}"
    );
    assert_eq!(report.generated, Some(sandbox.now()));
    sandbox.age(std::time::Duration::from_secs(4 * 3_600 + 1));
    assert_eq!(lookup(), ReportLookup::Expired);
    assert_eq!(account::summary(&aws).unwrap()["Users"], 1);
}

#[test]
fn the_authorization_details_are_read_over_all_pages_and_told_of_meanwhile() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let aws = connect(&sandbox, &ada);
    let devs = sandbox.add_group("devs");
    sandbox.add_to_group(&ada, &devs);
    let policy = sandbox.add_policy("mfa", &text("Deny"));
    sandbox.add_policy_version(&policy, &text("Allow"), false);
    let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    sandbox.attach_policy(&devs, administrator);
    sandbox.put_inline_policy(&ada.arn, "inline", &text("Allow"));
    sandbox.set_permissions_boundary(&ada.arn, Some(&policy));
    let role = sandbox.add_role(Role::default());
    sandbox.set_page_size(2);

    let mut told = Vec::new();
    let details = account::authorization_details(&aws, &[], |count| told.push(count)).unwrap();
    assert_eq!(told, [2, 4, 5]);
    let user = &details.users[0];
    assert_eq!(
        (&*user.name, &user.groups[..]),
        ("ada", &["devs".to_owned()][..])
    );
    assert_eq!(user.policies.boundary, Some(policy.clone()));
    assert_eq!(user.policies.inline[0].0, "inline");
    assert_eq!(parsed(&user.policies.inline[0].1), parsed(&text("Allow")));
    assert_eq!(details.groups[0].policies.attached[0].arn, administrator);
    let texts: Vec<_> = details
        .policies
        .iter()
        .map(|policy| parsed(&policy.text))
        .collect();
    assert_eq!(details.policies[0].arn, policy);
    assert_eq!(texts[0], parsed(&text("Deny")));
    assert_eq!(texts[1]["Statement"][0]["Action"], "*");
    let trust = details.roles[0].trust_policy.as_deref().unwrap();
    let principal = &parsed(trust)["Statement"][0]["Principal"]["AWS"][0];
    assert_eq!(principal, "arn:aws:iam::123456789012:root");
    let listed = roles::list(&aws).unwrap();
    assert_eq!(listed[0].arn, role);
    assert_eq!(listed[0].trust_policy.as_deref(), Some(trust));
    let only = account::authorization_details(&aws, &[Entity::Groups], |_| {}).unwrap();
    assert_eq!((only.len(), only.groups.len()), (1, 1));
}

#[test]
fn a_user_s_own_policies_and_password_are_read() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let aws = connect(&sandbox, &ada);
    assert!(!users::has_password(&aws, "ada").unwrap());
    let now = sandbox.now();
    let password = Password {
        created: now,
        changed: now,
        last_used: Some(now),
    };
    sandbox.set_password(&ada, Some(password));
    assert!(users::has_password(&aws, "ada").unwrap());
    assert_eq!(users::list(&aws).unwrap()[0].password_last_used, Some(now));
    sandbox.attach_policy(&ada.arn, "arn:aws:iam::aws:policy/ReadOnlyAccess");
    sandbox.put_inline_policy(&ada.arn, "inline", &text("Deny"));
    let attached = users::attached_policies(&aws, "ada").unwrap();
    assert_eq!(attached[0].name, "ReadOnlyAccess");
    assert_eq!(users::inline_policies(&aws, "ada").unwrap(), ["inline"]);
    let inline = users::inline_policy(&aws, "ada", "inline").unwrap();
    assert_eq!(parsed(&inline), parsed(&text("Deny")));
}

/// Each by itself would be waited for with a pause of its own.
#[test]
fn where_everything_is_throttled_all_users_are_given_up_at_once() {
    let sandbox = Sandbox::start();
    let aws = connect(&sandbox, &sandbox.add_user("ada"));
    sandbox.misbehave("ListMFADevices", Fault::Throttle, Times::Always);
    let users = ["ada"; 50];
    let mut answers = vec![0; users.len()];
    let begin = Instant::now();
    devices_of_users::list_at(
        Pace::with_patience(Duration::from_secs(1)),
        &aws,
        &users,
        |news| {
            if let News::Answer(index, answer) = news {
                assert!(matches!(answer, Err(AwsError::Throttled)), "{answer:?}");
                answers[index] += 1;
            }
            ControlFlow::Continue(())
        },
    );
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert!(answers.iter().all(|answers| *answers <= 1));
    // What was on its way just then is given up with the rest.
    assert!(answers.iter().sum::<usize>() > users.len() - 8);
}
