//! GetFederationToken, and what its credentials may do.

use std::time::Duration;

use daypass_sandbox::Sandbox;

use crate::client::{Answer, Client};

const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn federate(client: &Client, more: &[(&str, &str)]) -> Answer {
    let mut parameters = vec![("Name", "ada@example.com")];
    parameters.extend(more);
    client.call("GetFederationToken", &parameters)
}

#[test]
fn a_long_term_key_gets_credentials_of_a_federated_user() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let key = Client::of(&sandbox, &ada);
    let answer = federate(&key, &[("Policy", POLICY)]);
    let arn = "arn:aws:sts::123456789012:federated-user/ada@example.com";
    let id = "123456789012:ada@example.com";
    assert_eq!(answer.text("Arn").as_deref(), Some(arn));
    assert_eq!(answer.text("FederatedUserId").as_deref(), Some(id));
    let size: u32 = answer.text("PackedPolicySize").unwrap().parse().unwrap();
    assert!((1..=100).contains(&size), "{size}");

    let federated = key.with_session(&answer);
    let identity = federated.call("GetCallerIdentity", &[]);
    assert_eq!(identity.text("Arn").as_deref(), Some(arn));
    assert_eq!(identity.text("UserId").as_deref(), Some(id));

    let issued = sandbox.session(&federated.access_key_id).unwrap();
    assert_eq!(issued.action, "GetFederationToken");
    assert_eq!((&*issued.arn, &issued.requested_by), (arn, &ada.arn));
    assert_eq!(issued.requested_with, ada.access_key_id);
    assert_eq!(issued.policy.as_deref(), Some(POLICY));
    assert_eq!(issued.duration, Duration::from_secs(43_200));
    assert_eq!((issued.with_mfa, issued.is_chained), (false, false));
}

#[test]
fn names_durations_and_policies_are_checked() {
    let sandbox = Sandbox::start();
    let key = Client::of(&sandbox, &sandbox.add_user("ada"));
    for name in ["", "a", "a b", "a/b", &"a".repeat(33)] {
        let answer = key.call("GetFederationToken", &[("Name", name)]);
        assert_eq!(answer.outcome(), "ValidationError", "{name}");
    }
    for (seconds, outcome) in [
        ("899", "ValidationError"),
        ("900", "ok"),
        ("129600", "ok"),
        ("129601", "ValidationError"),
    ] {
        let answer = federate(&key, &[("DurationSeconds", seconds)]);
        assert_eq!(answer.outcome(), outcome, "{seconds}");
    }
    for policy in ["x", "[]", "{}", &POLICY[1..]] {
        let answer = federate(&key, &[("Policy", policy)]);
        assert_eq!(answer.outcome(), "MalformedPolicyDocument", "{policy}");
    }
    for policy in [
        &POLICY.replace('*', &"*".repeat(1000)),
        "{\"Statement\":\"\u{2013}\"}",
    ] {
        let answer = federate(&key, &[("Policy", policy)]);
        assert_eq!(answer.outcome(), "ValidationError", "{policy}");
    }
    let short = [("PolicyArns.member.1.arn", "arn:aws:iam::aws")];
    assert_eq!(federate(&key, &short).outcome(), "ValidationError");
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    assert_eq!(
        federate(&key, &[("PolicyArns.member.1.arn", arn)]).outcome(),
        "ok"
    );
    assert_eq!(sandbox.sessions().last().unwrap().policy_arns, [arn]);
}

#[test]
fn sessions_may_not_federate() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let key = Client::of(&sandbox, &ada);
    let federated = key.with_session(&federate(&key, &[]));
    for session in [key.logged_in(&device), federated] {
        let expected = (
            403,
            "AccessDenied".to_owned(),
            "Cannot call GetFederationToken with session credentials".to_owned(),
        );
        assert_eq!(federate(&session, &[]).refusal(), expected);
    }
}

#[test]
fn a_policy_that_demands_mfa_denies_it_to_a_long_term_key() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let key = Client::of(&sandbox, &ada);
    sandbox.set_mfa_age_limit(&ada, Some(Duration::from_secs(28_800)));
    let expected = (
        403,
        "AccessDenied".to_owned(),
        "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: \
         sts:GetFederationToken on resource: \
         arn:aws:sts::123456789012:federated-user/ada@example.com \
         with an explicit deny in an identity-based policy"
            .to_owned(),
    );
    assert_eq!(federate(&key, &[]).refusal(), expected);
    sandbox.set_mfa_age_limit(&ada, None);
    assert_eq!(federate(&key, &[]).outcome(), "ok");
    sandbox.deny(&ada, "sts:GetFederationToken");
    assert_eq!(federate(&key, &[]).outcome(), "AccessDenied");
}

#[test]
fn federated_users_may_ask_who_they_are_and_nothing_else() {
    let sandbox = Sandbox::start();
    let key = Client::of(&sandbox, &sandbox.add_user("ada"));
    let role = sandbox.add_role(daypass_sandbox::Role::default());
    let federated = key.with_session(&federate(&key, &[("Policy", POLICY)]));
    for action in ["GetUser", "ListMFADevices", "ListAccountAliases"] {
        let outcome = federated.call(action, &[]).outcome();
        assert_eq!(outcome, "InvalidClientTokenId", "{action}");
    }
    let parameters = [("RoleArn", &*role), ("RoleSessionName", "ada")];
    let answer = federated.call("AssumeRole", &parameters);
    assert_eq!(answer.outcome(), "AccessDenied");
    let answer = federated.call("GetSessionToken", &[]);
    assert_eq!(answer.outcome(), "AccessDenied");
    assert_eq!(federated.call("GetCallerIdentity", &[]).outcome(), "ok");
}

#[test]
fn the_root_user_gets_an_hour_at_most() {
    let sandbox = Sandbox::start();
    let root = Client::of(&sandbox, &sandbox.root());
    let seconds = |more: &[(&str, &str)]| {
        assert_eq!(federate(&root, more).outcome(), "ok");
        sandbox.sessions().last().unwrap().duration.as_secs()
    };
    assert_eq!(seconds(&[]), 3_600);
    assert_eq!(seconds(&[("DurationSeconds", "900")]), 900);
    assert_eq!(seconds(&[("DurationSeconds", "129600")]), 3_600);
}

#[test]
fn federated_credentials_expire() {
    let sandbox = Sandbox::start();
    let key = Client::of(&sandbox, &sandbox.add_user("ada"));
    let federated = key.with_session(&federate(&key, &[("DurationSeconds", "900")]));
    sandbox.advance(Duration::from_secs(900));
    let answer = federated.call("GetCallerIdentity", &[]);
    assert_eq!(answer.outcome(), "ExpiredToken");
}
