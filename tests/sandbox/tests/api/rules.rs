//! Who may call what.

use std::time::Duration;

use daypass_sandbox::{Device, Sandbox, User};

use crate::client::Client;

const EIGHT_HOURS: Duration = Duration::from_secs(8 * 3_600);

fn ada(sandbox: &Sandbox) -> (User, Device) {
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    (ada, device)
}

#[test]
fn without_a_rule_a_long_term_key_may_call_iam() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let answer = Client::of(&sandbox, &ada).call("ListAccountAliases", &[]);
    assert_eq!(answer.outcome(), "ok");
}

#[test]
fn the_rule_denies_long_term_keys_everything_but_two_actions() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    sandbox.set_mfa_age_limit(&ada, Some(EIGHT_HOURS));
    let client = Client::of(&sandbox, &ada);
    let expected = (
        403,
        "AccessDenied".to_owned(),
        "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: \
         iam:ListAccountAliases on resource: * with an explicit deny in an identity-based policy"
            .to_owned(),
    );
    assert_eq!(client.call("ListAccountAliases", &[]).refusal(), expected);
    assert_eq!(client.call("GetUser", &[]).outcome(), "AccessDenied");
    assert_eq!(client.call("GetCallerIdentity", &[]).outcome(), "ok");
    assert_eq!(client.call("GetSessionToken", &[]).outcome(), "ok");
}

#[test]
fn the_rule_denies_a_session_from_its_age_limit_on_while_sts_still_knows_it() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    sandbox.set_mfa_age_limit(&ada, Some(EIGHT_HOURS));
    let session = Client::of(&sandbox, &ada).logged_in(&device);
    assert_eq!(session.call("ListAccountAliases", &[]).outcome(), "ok");
    sandbox.advance(EIGHT_HOURS - Duration::from_secs(10));
    assert_eq!(session.call("ListAccountAliases", &[]).outcome(), "ok");
    sandbox.advance(Duration::from_secs(11));
    let answer = session.call("ListAccountAliases", &[]);
    assert_eq!(answer.outcome(), "AccessDenied");
    assert_eq!(session.call("GetCallerIdentity", &[]).outcome(), "ok");
    sandbox.set_mfa_age_limit(&ada, None);
    assert_eq!(session.call("ListAccountAliases", &[]).outcome(), "ok");
}

#[test]
fn a_session_without_mfa_is_an_invalid_token_to_iam() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    let key = Client::of(&sandbox, &ada);
    let session = key.with_session(&key.call("GetSessionToken", &[]));
    let expected = (
        403,
        "InvalidClientTokenId".to_owned(),
        "The security token included in the request is invalid".to_owned(),
    );
    assert_eq!(session.call("ListAccountAliases", &[]).refusal(), expected);
    assert_eq!(session.call("GetCallerIdentity", &[]).outcome(), "ok");
}

#[test]
fn one_action_can_be_denied_to_one_user() {
    let sandbox = Sandbox::start();
    let (ada, device) = ada(&sandbox);
    let bob = sandbox.add_user("bob");
    sandbox.deny(&ada, "iam:ListMFADevices");
    let session = Client::of(&sandbox, &ada).logged_in(&device);
    let (status, code, message) = session.call("ListMFADevices", &[]).refusal();
    assert_eq!((status, &*code), (403, "AccessDenied"));
    assert!(
        message.contains("iam:ListMFADevices on resource: user ada with"),
        "{message}"
    );
    assert_eq!(session.call("GetUser", &[]).outcome(), "ok");
    let other = Client::of(&sandbox, &bob);
    assert_eq!(other.call("ListMFADevices", &[]).outcome(), "ok");
}

#[test]
fn no_policy_denies_caller_identity_and_session_tokens() {
    let sandbox = Sandbox::start();
    let (ada, _) = ada(&sandbox);
    sandbox.deny(&ada, "sts:GetCallerIdentity");
    sandbox.deny(&ada, "sts:GetSessionToken");
    let client = Client::of(&sandbox, &ada);
    assert_eq!(client.call("GetCallerIdentity", &[]).outcome(), "ok");
    assert_eq!(client.call("GetSessionToken", &[]).outcome(), "ok");
}
