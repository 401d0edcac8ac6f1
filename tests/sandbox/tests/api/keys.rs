//! The life of an access key: created, known after a while, made inactive, deleted.

use std::time::Duration;

use daypass_sandbox::{AccessKey, Delay, Fault, Sandbox, Times, User, planted};

use crate::client::{Answer, Client};

const WHO: &str = "GetCallerIdentity";

fn ada(sandbox: &Sandbox) -> (User, Client<'_>) {
    let ada = sandbox.add_user("ada");
    let client = Client::of(sandbox, &ada);
    (ada, client)
}

fn create(client: &Client) -> AccessKey {
    let answer = client.call("CreateAccessKey", &[]);
    assert_eq!(answer.outcome(), "ok", "{}", answer.body);
    AccessKey {
        access_key_id: answer.text("AccessKeyId").unwrap(),
        secret_access_key: answer.text("SecretAccessKey").unwrap(),
    }
}

fn about(client: &Client, action: &str, id: &str, more: &[(&str, &str)]) -> Answer {
    let parameters: Vec<_> = [("AccessKeyId", id)]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    client.call(action, &parameters)
}

fn set_status(client: &Client, id: &str, status: &str) -> Answer {
    about(client, "UpdateAccessKey", id, &[("Status", status)])
}

fn outcomes<const COUNT: usize>(client: &Client) -> [String; COUNT] {
    [(); COUNT].map(|()| client.call(WHO, &[]).outcome())
}

#[test]
fn a_user_has_two_keys_at_most_active_or_not() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let key = create(&client);
    assert!(key.secret_access_key.contains(planted::LONG_TERM_SECRET));
    assert_eq!(outcomes(&Client::with_key(&sandbox, &key)), ["ok"]);
    set_status(&client, &key.access_key_id, "Inactive");
    let expected = (
        409,
        "LimitExceeded".to_owned(),
        "Cannot exceed quota for AccessKeysPerUser: 2".to_owned(),
    );
    assert_eq!(client.call("CreateAccessKey", &[]).refusal(), expected);
    let answer = about(&client, "DeleteAccessKey", &key.access_key_id, &[]);
    assert_eq!(answer.outcome(), "ok");
    create(&client);
    assert_eq!(sandbox.keys_of(&ada).len(), 2);
}

#[test]
fn keys_are_listed_with_their_status_and_without_their_secrets() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let key = create(&client);
    let answer = set_status(&client, &key.access_key_id, "Inactive");
    assert!(!answer.body.contains("Result>"), "{}", answer.body);
    let answer = client.call("ListAccessKeys", &[]);
    let listed: Vec<_> = answer.body.split("<member>").skip(1).collect();
    for (entry, (id, status)) in listed.iter().zip([
        (&ada.access_key_id, "Active"),
        (&key.access_key_id, "Inactive"),
    ]) {
        let expected = format!(
            "<UserName>ada</UserName><AccessKeyId>{id}</AccessKeyId><Status>{status}</Status>\
             <CreateDate>"
        );
        assert!(entry.starts_with(&expected), "{entry}");
    }
    assert_eq!(listed.len(), 2);
    assert!(!answer.body.contains(planted::LONG_TERM_SECRET));
    let page = client.call("ListAccessKeys", &[("MaxItems", "1")]);
    let marker = page.text("Marker").unwrap();
    let rest = client.call("ListAccessKeys", &[("Marker", &marker)]);
    assert_eq!(rest.text("AccessKeyId"), Some(key.access_key_id));
}

#[test]
fn an_inactive_key_is_an_invalid_token_until_it_is_active_again() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let key = create(&client);
    let id = &key.access_key_id;
    let other = Client::with_key(&sandbox, &key);
    assert_eq!(set_status(&client, id, "Inactive").outcome(), "ok");
    assert_eq!(outcomes(&other), ["InvalidClientTokenId"]);
    assert!(!sandbox.key(id).unwrap().is_active);
    assert_eq!(set_status(&client, id, "Active").outcome(), "ok");
    assert_eq!(outcomes(&other), ["ok"]);
    // A key may well end itself.
    let answer = about(&other, "DeleteAccessKey", id, &[]);
    assert_eq!(answer.outcome(), "ok");
    assert_eq!(outcomes(&other), ["InvalidClientTokenId"]);
    assert_eq!(sandbox.key(id), None);
}

#[test]
fn a_new_key_is_unknown_for_as_many_calls_as_were_set() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    sandbox.set_new_key_delay(Delay::Calls(2));
    let key = create(&client);
    // IAM itself knows at once; the old key is not concerned.
    assert!(
        client
            .call("ListAccessKeys", &[])
            .body
            .contains(&key.access_key_id)
    );
    assert!(!sandbox.keys_of(&ada)[1].works);
    let new = Client::with_key(&sandbox, &key);
    let unknown = "InvalidClientTokenId";
    assert_eq!(outcomes(&new), [unknown, unknown, "ok", "ok"]);
    assert!(sandbox.keys_of(&ada)[1].works);
    let id = &key.access_key_id;
    set_status(&client, id, "Inactive");
    set_status(&client, id, "Active");
    assert_eq!(outcomes(&new), [unknown, unknown, "ok"]);
}

#[test]
fn an_old_key_works_on_for_as_long_as_was_set() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let minute = Duration::from_secs(60);
    sandbox.set_old_key_delay(Delay::Time(minute));
    let key = create(&client);
    let id = &key.access_key_id;
    let other = Client::with_key(&sandbox, &key);
    set_status(&client, id, "Inactive");
    assert_eq!(outcomes(&other), ["ok"]);
    let listed = client.call("ListAccessKeys", &[]);
    assert!(listed.body.contains("<Status>Inactive</Status>"));
    sandbox.advance(minute);
    assert_eq!(outcomes(&other), ["InvalidClientTokenId"]);

    set_status(&client, id, "Active");
    about(&client, "DeleteAccessKey", id, &[]);
    assert_eq!(sandbox.key(id), None);
    assert_eq!(outcomes(&other), ["ok"]);
    sandbox.age(minute);
    assert_eq!(outcomes(&other), ["InvalidClientTokenId"]);
}

#[test]
fn the_last_use_of_a_key_is_told_with_service_and_region() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let key = create(&client);
    let last_used = || about(&client, "GetAccessKeyLastUsed", &key.access_key_id, &[]);
    let answer = last_used();
    assert_eq!(answer.text("UserName").as_deref(), Some("ada"));
    assert_eq!(answer.text("LastUsedDate"), None);
    assert_eq!(answer.text("ServiceName").as_deref(), Some("N/A"));
    assert_eq!(answer.text("Region").as_deref(), Some("N/A"));

    let mut other = Client::with_key(&sandbox, &key);
    other.region = "eu-west-1";
    sandbox.set_clock_offset(-86_400);
    assert_eq!(outcomes(&other), ["ok"]);
    let used = sandbox.key(&key.access_key_id).unwrap().last_use.unwrap();
    sandbox.set_clock_offset(0);
    // A request that fails to authenticate is no use.
    other.secret = "wrong".to_owned();
    assert_eq!(outcomes(&other), ["SignatureDoesNotMatch"]);
    let answer = last_used();
    let date = used.time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(answer.text("LastUsedDate"), Some(date));
    assert_eq!(answer.text("ServiceName").as_deref(), Some("sts"));
    assert_eq!(answer.text("Region").as_deref(), Some("eu-west-1"));
    let answer = about(&client, "GetAccessKeyLastUsed", &ada.access_key_id, &[]);
    assert_eq!(answer.text("ServiceName").as_deref(), Some("iam"));
}

#[test]
fn an_administrator_rotates_the_keys_of_others() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let bob = sandbox.add_user("bob");
    let answer = client.call("CreateAccessKey", &[("UserName", "bob")]);
    assert_eq!(answer.text("UserName").as_deref(), Some("bob"));
    let old = &bob.access_key_id;
    for action in ["UpdateAccessKey", "DeleteAccessKey"] {
        let status = [("Status", "Inactive")];
        let own = about(&client, action, old, &status);
        let message = format!("The Access Key with id {old} cannot be found.");
        assert_eq!(own.refusal(), (404, "NoSuchEntity".to_owned(), message));
        let named = [("Status", "Inactive"), ("UserName", "bob")];
        assert_eq!(about(&client, action, old, &named).outcome(), "ok");
    }
    let keys = sandbox.keys_of(&bob);
    let ids: Vec<_> = keys.iter().map(|key| &key.key.access_key_id).collect();
    assert_eq!(ids, [&answer.text("AccessKeyId").unwrap()]);
    let eve = sandbox.add_user_in("210987654321", "/", "eve");
    let answer = about(&client, "GetAccessKeyLastUsed", &eve.access_key_id, &[]);
    assert_eq!(answer.outcome(), "NoSuchEntity");
}

#[test]
fn a_session_names_the_user_and_root_need_not() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let device = sandbox.add_virtual_device(&ada, "ada");
    let session = client.logged_in(&device);
    let id = ("AccessKeyId", &*ada.access_key_id);
    for (action, parameters) in [
        ("ListAccessKeys", &[][..]),
        ("CreateAccessKey", &[]),
        ("UpdateAccessKey", &[id, ("Status", "Active")]),
        ("DeleteAccessKey", &[id]),
    ] {
        let answer = session.call(action, parameters);
        assert_eq!(answer.outcome(), "ValidationError", "{action}");
        let named = [parameters, &[("UserName", "ada")]].concat();
        assert_eq!(session.call(action, &named).outcome(), "ok", "{action}");
    }
    let user = sandbox.root();
    let root = Client::of(&sandbox, &user);
    let key = create(&root);
    let answer = about(&root, "DeleteAccessKey", &key.access_key_id, &[]);
    assert_eq!(answer.outcome(), "ok");
    assert_eq!(sandbox.keys_of(&user).len(), 1);
}

#[test]
fn parameters_about_keys_that_iam_would_not_take_are_refused() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let id = ("AccessKeyId", &*ada.access_key_id);
    let refused = |action: &str, parameters: &[(&str, &str)], expected: &str| {
        let outcome = client.call(action, parameters).outcome();
        assert_eq!(outcome, expected, "{action} {parameters:?}");
    };
    let wrong_form = "ValidationError";
    refused("UpdateAccessKey", &[id], wrong_form);
    refused("UpdateAccessKey", &[("Status", "Active")], wrong_form);
    refused("UpdateAccessKey", &[id, ("Status", "off")], wrong_form);
    let expired = ("Status", "Expired");
    refused("UpdateAccessKey", &[id, expired], "InvalidInput");
    refused("DeleteAccessKey", &[], wrong_form);
    refused("DeleteAccessKey", &[("AccessKeyId", "AKIA")], wrong_form);
    refused("GetAccessKeyLastUsed", &[], wrong_form);
    refused("CreateAccessKey", &[("UserName", "a b")], wrong_form);
    refused("CreateAccessKey", &[("UserName", "eve")], "NoSuchEntity");
}

#[test]
fn a_key_whose_answer_is_lost_is_there_all_the_same() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    for (action, count) in [
        ("CreateAccessKey", 2),
        ("UpdateAccessKey", 2),
        ("DeleteAccessKey", 1),
    ] {
        let newest = sandbox.keys_of(&ada).pop().unwrap().key.access_key_id;
        let parameters = [("AccessKeyId", &*newest), ("Status", "Inactive")];
        let before = sandbox.keys_of(&ada);
        sandbox.misbehave(action, Fault::Drop, Times::Next(1));
        client.try_call(action, &parameters).unwrap_err();
        let keys = |keys: Vec<daypass_sandbox::RegisteredKey>| {
            keys.into_iter()
                .map(|key| (key.key, key.is_active))
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(sandbox.keys_of(&ada)), keys(before));
        sandbox.misbehave(action, Fault::DropAfter, Times::Next(1));
        client.try_call(action, &parameters).unwrap_err();
        assert_eq!(sandbox.keys_of(&ada).len(), count);
        let is_active = sandbox.keys_of(&ada).pop().unwrap().is_active;
        assert_eq!(is_active, action != "UpdateAccessKey");
    }
}
