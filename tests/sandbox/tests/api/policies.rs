//! Policies: managed ones and their versions, attached ones, inline ones.

use daypass_sandbox::Sandbox;

use crate::client::{Answer, Client};

const ALLOW: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const DENY: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
const ARN: &str = "arn:aws:iam::123456789012:policy/mfa";
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn client(sandbox: &Sandbox) -> Client<'_> {
    Client::of(sandbox, &sandbox.add_user("ada"))
}

fn create(client: &Client, name: &str, document: &str) -> Answer {
    client.call(
        "CreatePolicy",
        &[("PolicyName", name), ("PolicyDocument", document)],
    )
}

fn about(client: &Client, action: &str, more: &[(&str, &str)]) -> Answer {
    let parameters: Vec<_> = [("PolicyArn", ARN)]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    client.call(action, &parameters)
}

fn add_version(client: &Client, document: &str, is_default: &str) -> Answer {
    let more = [("PolicyDocument", document), ("SetAsDefault", is_default)];
    about(client, "CreatePolicyVersion", &more)
}

#[test]
fn a_policy_is_made_once_and_its_text_comes_back_escaped() {
    let sandbox = Sandbox::start();
    let client = client(&sandbox);
    let answer = create(&client, "mfa", ALLOW);
    assert_eq!(answer.text("Arn").as_deref(), Some(ARN), "{}", answer.body);
    assert_eq!(answer.text("DefaultVersionId").as_deref(), Some("v1"));
    assert_eq!(
        create(&client, "MFA", ALLOW).outcome(),
        "EntityAlreadyExists"
    );
    let version = about(&client, "GetPolicyVersion", &[("VersionId", "v1")]);
    let text = version.text("Document").unwrap();
    assert!(
        text.starts_with("%7B%22Version%22%3A%20%222012-10-17%22"),
        "{text}"
    );
    let missing = about(&client, "GetPolicyVersion", &[("VersionId", "v2")]);
    assert_eq!(missing.outcome(), "NoSuchEntity");
    let wrong = about(&client, "GetPolicyVersion", &[("VersionId", "2")]);
    assert_eq!(wrong.outcome(), "ValidationError");
}

#[test]
fn what_is_malformed_or_too_long_is_refused() {
    let sandbox = Sandbox::start();
    let client = client(&sandbox);
    let answer = create(&client, "mfa", "{}");
    assert_eq!(
        (answer.status, answer.outcome()),
        (400, "MalformedPolicyDocument".to_owned())
    );
    // White space is free.
    let of_size = |size: usize, white: usize| {
        let empty = ALLOW
            .replace(' ', "")
            .replace("\"Resource\":\"*\"", "\"Resource\":\"arn:\"");
        let fill = "x".repeat(size - empty.len());
        empty.replace("arn:", &format!("arn:{fill}")) + &" ".repeat(white)
    };
    let answer = create(&client, "mfa", &of_size(6_145, 0));
    assert_eq!(
        (answer.status, answer.outcome()),
        (409, "LimitExceeded".to_owned())
    );
    assert_eq!(
        create(&client, "mfa", &of_size(6_144, 5_000)).outcome(),
        "ok"
    );
    assert_eq!(
        add_version(&client, &of_size(6_145, 0), "true").outcome(),
        "LimitExceeded"
    );
    assert_eq!(
        add_version(&client, "[]", "true").outcome(),
        "MalformedPolicyDocument"
    );
    let long = create(&client, "long", &(ALLOW.to_owned() + &" ".repeat(131_072)));
    assert_eq!(long.outcome(), "ValidationError");
}

#[test]
fn a_policy_has_five_versions_and_the_default_is_not_deleted() {
    let sandbox = Sandbox::start();
    let client = client(&sandbox);
    create(&client, "mfa", ALLOW);
    for n in 2..=5 {
        let answer = add_version(&client, DENY, if n == 3 { "true" } else { "false" });
        assert_eq!(answer.text("VersionId"), Some(format!("v{n}")));
    }
    assert_eq!(
        add_version(&client, DENY, "true").outcome(),
        "LimitExceeded"
    );
    let policy = sandbox.policy(ARN).unwrap();
    assert_eq!((&*policy.default_version, policy.document()), ("v3", DENY));

    let delete = |id: &str| about(&client, "DeletePolicyVersion", &[("VersionId", id)]).outcome();
    assert_eq!(delete("v3"), "DeleteConflict");
    assert_eq!(delete("v5"), "ok");
    assert_eq!(delete("v5"), "NoSuchEntity");
    // Numbers are not given twice.
    let answer = add_version(&client, DENY, "false");
    assert_eq!(answer.text("VersionId").as_deref(), Some("v6"));
    let answer = about(&client, "SetDefaultPolicyVersion", &[("VersionId", "v1")]);
    assert_eq!(answer.outcome(), "ok");
    assert_eq!(sandbox.policy(ARN).unwrap().document(), ALLOW);
    let listed = about(&client, "ListPolicyVersions", &[]).body;
    let ids: Vec<_> = listed
        .split("<VersionId>")
        .skip(1)
        .map(|rest| &rest[..2])
        .collect();
    assert_eq!(ids, ["v6", "v4", "v3", "v2", "v1"]);
    assert_eq!(
        about(&client, "DeletePolicy", &[]).outcome(),
        "DeleteConflict"
    );
    for id in ["v2", "v3", "v4", "v6"] {
        assert_eq!(delete(id), "ok");
    }
    assert_eq!(about(&client, "DeletePolicy", &[]).outcome(), "ok");
    assert_eq!(about(&client, "GetPolicy", &[]).outcome(), "NoSuchEntity");
}

#[test]
fn an_attached_policy_is_listed_counted_and_not_deleted() {
    let sandbox = Sandbox::start();
    let client = client(&sandbox);
    let devs = sandbox.add_group("devs");
    create(&client, "mfa", DENY);
    let attach = |policy: &str| {
        let parameters = [("GroupName", "devs"), ("PolicyArn", policy)];
        client.call("AttachGroupPolicy", &parameters).outcome()
    };
    assert_eq!(
        attach("arn:aws:iam::123456789012:policy/none"),
        "NoSuchEntity"
    );
    assert_eq!(
        attach("arn:aws:iam::210987654321:policy/mfa"),
        "NoSuchEntity"
    );
    assert_eq!([attach(ARN), attach(ARN), attach(READ_ONLY)], ["ok"; 3]);
    assert_eq!(sandbox.group(&devs).unwrap().attached, [ARN, READ_ONLY]);
    let group = [("GroupName", "devs")];
    let listed = client.call("ListAttachedGroupPolicies", &group).body;
    assert!(
        listed.contains("<PolicyName>ReadOnlyAccess</PolicyName>"),
        "{listed}"
    );
    let local = client.call("ListPolicies", &[("Scope", "Local")]);
    assert_eq!(local.text("AttachmentCount").as_deref(), Some("1"));
    assert!(!local.body.contains("ReadOnlyAccess"));
    assert_eq!(
        about(&client, "DeletePolicy", &[]).outcome(),
        "DeleteConflict"
    );
    assert_eq!(
        client.call("DeleteGroup", &group).outcome(),
        "DeleteConflict"
    );
    let detach = || {
        client
            .call("DetachGroupPolicy", &[group[0], ("PolicyArn", ARN)])
            .outcome()
    };
    assert_eq!([detach(), detach()], ["ok", "NoSuchEntity"]);
    assert_eq!(about(&client, "DeletePolicy", &[]).outcome(), "ok");

    for n in 0..10 {
        let arn = sandbox.add_policy(&format!("policy-{n}"), DENY);
        let expected = if n < 9 { "ok" } else { "LimitExceeded" };
        assert_eq!(attach(&arn), expected, "{n}");
    }
}

#[test]
fn a_policy_of_aws_s_own_is_read_and_not_changed() {
    let sandbox = Sandbox::start();
    let client = client(&sandbox);
    let policy = client.call("GetPolicy", &[("PolicyArn", READ_ONLY)]);
    let version = policy.text("DefaultVersionId").unwrap();
    let parameters = [("PolicyArn", READ_ONLY), ("VersionId", &*version)];
    let text = client
        .call("GetPolicyVersion", &parameters)
        .text("Document");
    assert!(text.unwrap().contains("%22iam%3AList%2A%22"));
    for (action, more) in [
        ("DeletePolicy", None),
        ("CreatePolicyVersion", Some(("PolicyDocument", ALLOW))),
    ] {
        let parameters: Vec<_> = [parameters[0]].into_iter().chain(more).collect();
        assert_eq!(client.call(action, &parameters).outcome(), "AccessDenied");
    }
}

#[test]
fn inline_policies_are_put_read_and_limited_together() {
    let sandbox = Sandbox::start();
    let client = client(&sandbox);
    sandbox.add_group("devs");
    let put = |name: &str, document: &str| {
        let parameters = [
            ("GroupName", "devs"),
            ("PolicyName", name),
            ("PolicyDocument", document),
        ];
        client.call("PutGroupPolicy", &parameters).outcome()
    };
    assert_eq!(put("mfa", DENY), "ok");
    assert_eq!(put("mfa", "x"), "MalformedPolicyDocument");
    let parameters = [("GroupName", "devs"), ("PolicyName", "mfa")];
    let answer = client.call("GetGroupPolicy", &parameters);
    assert_eq!(answer.text("GroupName").as_deref(), Some("devs"));
    assert!(
        answer
            .text("PolicyDocument")
            .unwrap()
            .contains("%22Deny%22")
    );
    let long = ALLOW.replace(
        "\"Resource\": \"*\"",
        &format!("\"Resource\": \"arn:{}\"", "x".repeat(5_000)),
    );
    assert_eq!(put("long", &long), "LimitExceeded");
    let listed = client.call("ListGroupPolicies", &[("GroupName", "devs")]);
    assert_eq!(listed.text("member").as_deref(), Some("mfa"));
    assert_eq!(
        client.call("DeleteGroupPolicy", &parameters).outcome(),
        "ok"
    );
    assert_eq!(
        client.call("GetGroupPolicy", &parameters).outcome(),
        "NoSuchEntity"
    );
}
