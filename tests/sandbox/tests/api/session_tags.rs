//! What AssumeRole takes besides names: session tags, source identities, external ids; and what a
//! chain of roles hands on.

use std::time::Duration;

use daypass_sandbox::{IssuedSession, Role, Sandbox};

use crate::client::{Answer, Client};

const CONFLICT: &str = "One of the specified transitive tag keys can't be set because it conflicts \
with a transitive tag key from the calling session.";

fn assume(client: &Client, role: &str, more: &[(&str, &str)]) -> Answer {
    let mut parameters = vec![("RoleArn", role), ("RoleSessionName", "morning")];
    parameters.extend(more);
    client.call("AssumeRole", &parameters)
}

/// A client with ada's key, and a role that trusts her and itself.
fn ada_and_role(sandbox: &Sandbox) -> (Client<'_>, String) {
    let key = Client::of(sandbox, &sandbox.add_user("ada"));
    (key, sandbox.add_role(Role::default()))
}

fn last(sandbox: &Sandbox) -> IssuedSession {
    sandbox.sessions().pop().unwrap()
}

fn pairs(tags: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    tags.iter().map(owned).collect()
}

#[test]
fn a_session_is_on_record_with_all_that_it_was_made_of() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let role = sandbox.add_role(Role::default());
    let session = Client::of(&sandbox, &ada).logged_in(&device);
    let answer = assume(
        &session,
        &role,
        &[
            ("DurationSeconds", "1800"),
            ("ExternalId", "partner:42/a"),
            ("SourceIdentity", "ada@example.com"),
            ("Tags.member.1.Key", "Project"),
            ("Tags.member.1.Value", "Analytical Engine"),
            ("Tags.member.2.Key", "Émpty"),
            ("Tags.member.2.Value", ""),
            ("TransitiveTagKeys.member.1", "project"),
        ],
    );
    assert_eq!(answer.outcome(), "ok", "{}", answer.body);
    let identity = answer.text("SourceIdentity");
    assert_eq!(identity.as_deref(), Some("ada@example.com"));
    assert!(answer.text("PackedPolicySize").is_some());

    let issued = last(&sandbox);
    assert_eq!(
        Some(&issued.access_key_id),
        answer.text("AccessKeyId").as_ref()
    );
    assert_eq!(sandbox.session(&issued.access_key_id), Some(issued.clone()));
    let expected = IssuedSession {
        action: "AssumeRole".to_owned(),
        arn: "arn:aws:sts::123456789012:assumed-role/Admin/morning".to_owned(),
        requested_with: session.access_key_id.clone(),
        requested_by: ada.arn.clone(),
        region: "us-east-1".to_owned(),
        with_mfa: true,
        is_chained: true,
        duration: Duration::from_secs(1_800),
        role_arn: Some(role),
        name: Some("morning".to_owned()),
        external_id: Some("partner:42/a".to_owned()),
        tags: pairs(&[("Project", "Analytical Engine"), ("Émpty", "")]),
        transitive_tag_keys: vec!["project".to_owned()],
        source_identity: Some("ada@example.com".to_owned()),
        policy: None,
        policy_arns: Vec::new(),
        access_key_id: issued.access_key_id.clone(),
        expires: issued.expires,
    };
    assert_eq!(issued, expected);
    let of_user = &sandbox.sessions()[0];
    assert_eq!(of_user.action, "GetSessionToken");
    assert!(of_user.with_mfa && !of_user.is_chained);
    assert_eq!(of_user.requested_with, ada.access_key_id);
}

#[test]
fn a_plain_session_has_neither_a_packed_size_nor_a_source_identity() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let answer = assume(&key, &role, &[]);
    assert_eq!(answer.text("PackedPolicySize"), None);
    assert_eq!(answer.text("SourceIdentity"), None);
    assert!(!last(&sandbox).with_mfa && !last(&sandbox).is_chained);
}

#[test]
fn tags_are_limited_in_number_length_and_characters() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let (k128, k129) = ("k".repeat(128), "k".repeat(129));
    let (v256, v257) = ("v".repeat(256), "v".repeat(257));
    for (name, value, outcome) in [
        (&*k128, &*v256, "ok"),
        (&k129, "v", "ValidationError"),
        ("k", &v257, "ValidationError"),
        ("", "v", "ValidationError"),
        ("a*b", "v", "ValidationError"),
        ("k", "a,b", "ValidationError"),
        ("_.:/=+-@ é1", "_.:/=+-@ é1", "ok"),
        ("aws:k", "v", "InvalidParameterValue"),
        ("k", "AWS:v", "InvalidParameterValue"),
    ] {
        let tag = [("Tags.member.1.Key", name), ("Tags.member.1.Value", value)];
        assert_eq!(
            assume(&key, &role, &tag).outcome(),
            outcome,
            "{name}={value}"
        );
    }
    let lonely = [("Tags.member.1.Key", "k")];
    assert_eq!(assume(&key, &role, &lonely).outcome(), "ValidationError");
    for (count, outcome) in [(50, "ok"), (51, "ValidationError")] {
        let names: Vec<_> = (1..=count)
            .map(|n| {
                (
                    format!("Tags.member.{n}.Key"),
                    format!("Tags.member.{n}.Value"),
                    n.to_string(),
                )
            })
            .collect();
        let tags: Vec<_> = names
            .iter()
            .flat_map(|(key, value, n)| [(&**key, &**n), (&**value, &**n)])
            .collect();
        assert_eq!(assume(&key, &role, &tags).outcome(), outcome, "{count}");
    }
    let message = assume(
        &key,
        &role,
        &[("Tags.member.2.Key", "a*b"), ("Tags.member.2.Value", "v")],
    );
    let expected = r"Value 'a*b' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+";
    assert_eq!(
        message.text("Message").unwrap(),
        format!("1 validation error detected: {expected}")
    );
}

#[test]
fn a_key_comes_once_whatever_its_case() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let tags = [
        ("Tags.member.1.Key", "Department"),
        ("Tags.member.1.Value", "a"),
        ("Tags.member.2.Key", "department"),
        ("Tags.member.2.Value", "b"),
    ];
    let expected = (
        400,
        "InvalidParameterValue".to_owned(),
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.".to_owned(),
    );
    assert_eq!(assume(&key, &role, &tags).refusal(), expected);
}

#[test]
fn only_tags_of_the_request_can_be_made_transitive() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let parameters = [
        ("Tags.member.1.Key", "Project"),
        ("Tags.member.1.Value", "1"),
        ("TransitiveTagKeys.member.1", "Department"),
    ];
    let expected = (
        400,
        "InvalidParameterValue".to_owned(),
        "The specified transitive tag key must be included in the requested tags.".to_owned(),
    );
    assert_eq!(assume(&key, &role, &parameters).refusal(), expected);
}

/// The example of the user guide: Star and Heart go along the chain, Sun does not.
#[test]
fn a_chain_hands_on_transitive_tags_and_lets_nobody_override_them() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let first = [
        ("Tags.member.1.Key", "Star"),
        ("Tags.member.1.Value", "1"),
        ("Tags.member.2.Key", "Sun"),
        ("Tags.member.2.Value", "1"),
        ("TransitiveTagKeys.member.1", "Star"),
    ];
    let first = key.with_session(&assume(&key, &role, &first));
    let second = [
        ("Tags.member.1.Key", "Heart"),
        ("Tags.member.1.Value", "2"),
        ("TransitiveTagKeys.member.1", "Heart"),
    ];
    let second = first.with_session(&assume(&first, &role, &second));
    let issued = last(&sandbox);
    assert_eq!(issued.tags, pairs(&[("Star", "1"), ("Heart", "2")]));
    assert_eq!(issued.transitive_tag_keys, ["Star", "Heart"]);
    assert_eq!(issued.requested_with, first.access_key_id);
    assert!(issued.is_chained);

    for name in ["Heart", "star"] {
        let tag = [("Tags.member.1.Key", name), ("Tags.member.1.Value", "3")];
        let expected = (400, "InvalidParameterValue".to_owned(), CONFLICT.to_owned());
        assert_eq!(assume(&second, &role, &tag).refusal(), expected, "{name}");
    }
    let tag = [("Tags.member.1.Key", "Sun"), ("Tags.member.1.Value", "3")];
    assert_eq!(assume(&second, &role, &tag).outcome(), "ok");
    let tags = pairs(&[("Star", "1"), ("Heart", "2"), ("Sun", "3")]);
    assert_eq!(last(&sandbox).tags, tags);
}

#[test]
fn a_source_identity_goes_along_the_chain_and_stays_what_it_is() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    for wrong in ["a", "with space", "aws:ada", &"a".repeat(65)] {
        let answer = assume(&key, &role, &[("SourceIdentity", wrong)]);
        assert_eq!(answer.outcome(), "ValidationError", "{wrong}");
    }
    let plain = key.with_session(&assume(&key, &role, &[]));
    let late = plain.with_session(&assume(&plain, &role, &[("SourceIdentity", "ada")]));
    let answer = assume(&late, &role, &[]);
    assert_eq!(answer.text("SourceIdentity").as_deref(), Some("ada"));
    assert_eq!(last(&sandbox).source_identity.as_deref(), Some("ada"));
    let same = assume(&late, &role, &[("SourceIdentity", "ada")]);
    assert_eq!(same.outcome(), "ok");
    let (status, code, message) = assume(&late, &role, &[("SourceIdentity", "bob")]).refusal();
    assert_eq!((status, &*code), (403, "AccessDenied"));
    assert!(message.contains("sts:SetSourceIdentity"), "{message}");
}

#[test]
fn a_role_may_refuse_tags_and_source_identities_inherited_ones_too() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let strict = |name: &str, allows_tags: bool| {
        sandbox.add_role(Role {
            name: name.to_owned(),
            allows_tags,
            allows_source_identity: !allows_tags,
            ..Role::default()
        })
    };
    let tags = [
        ("Tags.member.1.Key", "Project"),
        ("Tags.member.1.Value", "1"),
        ("TransitiveTagKeys.member.1", "Project"),
    ];
    let identity = [("SourceIdentity", "ada")];
    for (role_arn, action, parameters) in [
        (strict("NoTags", false), "sts:TagSession", &tags[..]),
        (
            strict("NoIdentity", true),
            "sts:SetSourceIdentity",
            &identity[..],
        ),
    ] {
        assert_eq!(assume(&key, &role_arn, &[]).outcome(), "ok");
        let session = key.with_session(&assume(&key, &role, parameters));
        for (client, parameters) in [(&key, parameters), (&session, &[][..])] {
            let (status, code, message) = assume(client, &role_arn, parameters).refusal();
            assert_eq!((status, &*code), (403, "AccessDenied"));
            let end = format!("is not authorized to perform: {action} on resource: {role_arn}");
            assert!(message.ends_with(&end), "{message}");
        }
    }
}

#[test]
fn external_ids_follow_the_pattern() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let (longest, longer) = ("1".repeat(1224), "1".repeat(1225));
    for (id, outcome) in [
        ("1", "ValidationError"),
        ("12", "ok"),
        ("a b", "ValidationError"),
        ("a_+=,.@:/-", "ok"),
        (&longest, "ok"),
        (&longer, "ValidationError"),
    ] {
        assert_eq!(
            assume(&key, &role, &[("ExternalId", id)]).outcome(),
            outcome,
            "{id}"
        );
    }
}

#[test]
fn a_role_is_named_by_an_arn() {
    let sandbox = Sandbox::start();
    let (key, _) = ada_and_role(&sandbox);
    for name in [
        "nothing-valid-in-here",
        "arn::iam:::something/test-role",
        "arn:aws::::something/test-role",
        "arn:aws:something/test-role",
        "arn:aws:iam::123456789012:",
    ] {
        let answer = assume(&key, name, &[]);
        let expected = (
            400,
            "ValidationError".to_owned(),
            format!("{name} is invalid"),
        );
        assert_eq!(answer.refusal(), expected);
    }
}

#[test]
fn a_role_session_ends_when_it_said_it_would() {
    let sandbox = Sandbox::start();
    let (key, role) = ada_and_role(&sandbox);
    let session = key.with_session(&assume(&key, &role, &[("DurationSeconds", "900")]));
    sandbox.advance(Duration::from_secs(899));
    assert_eq!(assume(&session, &role, &[]).outcome(), "ok");
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(assume(&session, &role, &[]).outcome(), "ExpiredToken");
    assert_eq!(
        session.call("GetCallerIdentity", &[]).outcome(),
        "ExpiredToken"
    );
}
