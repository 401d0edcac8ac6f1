//! AssumeRole, and what its sessions may do.

use std::time::Duration;

use daypass_sandbox::{Device, Role, Sandbox, User};

use crate::client::{Answer, Client};

fn ada(sandbox: &Sandbox) -> (User, Device) {
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    (ada, device)
}

fn assume(client: &Client, role: &str, more: &[(&str, &str)]) -> Answer {
    let mut parameters = vec![("RoleArn", role), ("RoleSessionName", "morning")];
    parameters.extend(more);
    client.call("AssumeRole", &parameters)
}

#[test]
fn a_role_session_is_the_role_and_may_call_iam() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let role = sandbox.add_role(Role::default());
    assert_eq!(role, "arn:aws:iam::123456789012:role/Admin");
    let session = Client::of(&sandbox, &ada).logged_in(&device);
    let answer = assume(&session, &role, &[]);
    let arn = "arn:aws:sts::123456789012:assumed-role/Admin/morning";
    assert_eq!(answer.text("Arn").as_deref(), Some(arn));
    let id = answer.text("AssumedRoleId").unwrap();
    assert!(id.starts_with("AROA") && id.ends_with(":morning"), "{id}");

    let role = session.with_session(&answer);
    let identity = role.call("GetCallerIdentity", &[]);
    assert_eq!(identity.text("Arn").as_deref(), Some(arn));
    assert_eq!(identity.text("UserId"), Some(id));
    assert_eq!(role.call("ListAccountAliases", &[]).outcome(), "ok");
    let parameters = [("UserName", "ada")];
    assert_eq!(role.call("GetUser", &parameters).outcome(), "ok");
    // A role is no user.
    assert_eq!(role.call("GetUser", &[]).outcome(), "ValidationError");
    assert_eq!(role.call("GetSessionToken", &[]).outcome(), "AccessDenied");
}

#[test]
fn a_role_that_requires_mfa_takes_a_session_with_mfa_or_a_code() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let role = sandbox.add_role(Role {
        require_mfa: true,
        ..Role::default()
    });
    let key = Client::of(&sandbox, &ada);
    let without = key.with_session(&key.call("GetSessionToken", &[]));
    assert_eq!(assume(&key, &role, &[]).outcome(), "AccessDenied");
    assert_eq!(assume(&without, &role, &[]).outcome(), "AccessDenied");
    assert_eq!(assume(&key.logged_in(&device), &role, &[]).outcome(), "ok");

    let code = sandbox.fresh_code(&device);
    let proof = [("SerialNumber", &*device.serial), ("TokenCode", &*code)];
    assert_eq!(assume(&without, &role, &proof).outcome(), "AccessDenied");
    assert_eq!(assume(&key, &role, &proof).outcome(), "ok");
    assert_eq!(
        assume(&key, &role, &proof).outcome(),
        "AccessDenied",
        "spent"
    );
}

#[test]
fn a_role_lets_in_only_those_whom_it_trusts() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let bob = sandbox.add_user("bob");
    let adas = sandbox.add_role(Role {
        name: "Adas".to_owned(),
        account: "210987654321".to_owned(),
        trusted: vec![ada.arn.clone()],
        ..Role::default()
    });
    let (ada, bob) = (Client::of(&sandbox, &ada), Client::of(&sandbox, &bob));
    assert_eq!(assume(&ada, &adas, &[]).outcome(), "ok");
    let none = "arn:aws:iam::210987654321:role/None";
    for role in [adas.as_str(), none] {
        let expected = (
            403,
            "AccessDenied".to_owned(),
            format!(
                "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: \
                 sts:AssumeRole on resource: {role}"
            ),
        );
        assert_eq!(assume(&bob, role, &[]).refusal(), expected);
    }
    let root = Client::of(&sandbox, &sandbox.root());
    assert_eq!(assume(&root, &adas, &[]).outcome(), "AccessDenied");
}

#[test]
fn an_external_id_must_be_known() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let role = sandbox.add_role(Role {
        external_id: Some("7-of-9".to_owned()),
        ..Role::default()
    });
    let client = Client::of(&sandbox, &ada);
    assert_eq!(assume(&client, &role, &[]).outcome(), "AccessDenied");
    let wrong = [("ExternalId", "8-of-9")];
    assert_eq!(assume(&client, &role, &wrong).outcome(), "AccessDenied");
    let right = [("ExternalId", "7-of-9")];
    assert_eq!(assume(&client, &role, &right).outcome(), "ok");
}

#[test]
fn durations_end_at_the_roles_limit_and_at_an_hour_when_chained() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let role = sandbox.add_role(Role {
        max_session_duration: Duration::from_secs(7_200),
        ..Role::default()
    });
    let client = Client::of(&sandbox, &ada);
    for (seconds, outcome) in [
        ("899", "ValidationError"),
        ("900", "ok"),
        ("7200", "ok"),
        ("7201", "ValidationError"),
        ("43201", "ValidationError"),
    ] {
        let answer = assume(&client, &role, &[("DurationSeconds", seconds)]);
        assert_eq!(answer.outcome(), outcome, "{seconds}");
    }
    let of_role = client.with_session(&assume(&client, &role, &[]));
    // A session with MFA is not a role, and is a link of the chain to AWS all the same.
    for chained in [of_role, client.logged_in(&device)] {
        let answer = assume(&chained, &role, &[("DurationSeconds", "3601")]);
        assert!(answer.text("Message").unwrap().contains("role chaining"));
        let answer = assume(&chained, &role, &[("DurationSeconds", "3600")]);
        assert_eq!(answer.outcome(), "ok");
    }
}

#[test]
fn session_names_follow_the_pattern() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let role = sandbox.add_role(Role::default());
    let client = Client::of(&sandbox, &ada);
    for name in ["a", "with space", "slash/", &"a".repeat(65), ""] {
        let parameters = [("RoleArn", &*role), ("RoleSessionName", name)];
        let answer = client.call("AssumeRole", &parameters);
        assert_eq!(answer.outcome(), "ValidationError", "{name}");
    }
}

#[test]
fn the_rule_on_mfa_age_holds_for_assuming_roles_but_not_for_role_sessions() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    sandbox.set_mfa_age_limit(&ada, Some(Duration::from_secs(28_800)));
    let role = sandbox.add_role(Role { ..Role::default() });
    let key = Client::of(&sandbox, &ada);
    assert_eq!(assume(&key, &role, &[]).outcome(), "AccessDenied");
    let session = key.logged_in(&device);
    sandbox.advance(Duration::from_secs(28_000));
    let role_session = session.with_session(&assume(&session, &role, &[]));
    sandbox.advance(Duration::from_secs(801));
    assert_eq!(assume(&session, &role, &[]).outcome(), "AccessDenied");
    assert_eq!(role_session.call("ListAccountAliases", &[]).outcome(), "ok");
}
