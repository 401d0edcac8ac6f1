//! Devices other than the one virtual device of most tests.

use daypass_sandbox::Sandbox;

use crate::client::Client;

#[test]
fn a_hardware_token_gives_codes_under_its_number() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let token = sandbox.add_hardware_device(&ada, "GAHT12345678");
    assert_eq!(token.serial, "GAHT12345678");
    let answer = Client::of(&sandbox, &ada).login(&token, &sandbox.code(&token));
    assert_eq!(answer.outcome(), "ok");
}

#[test]
fn a_seed_is_64_characters_of_base32() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    assert_eq!(device.serial, "arn:aws:iam::123456789012:mfa/ada");
    let is_base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    assert!(device.seed.len() == 64 && device.seed.chars().all(is_base32));
}

#[test]
fn each_device_has_its_own_spent_codes() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let client = Client::of(&sandbox, &ada);
    for name in ["ada", "ada-backup"] {
        let device = sandbox.add_virtual_device(&ada, name);
        let answer = client.login(&device, &sandbox.code(&device));
        assert_eq!(answer.outcome(), "ok", "{name}");
    }
}

#[test]
fn a_code_serves_every_key_of_its_user_and_once_only() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let (first, second) = (Client::of(&sandbox, &ada), sandbox.add_key(&ada));
    let second = Client::with_key(&sandbox, &second);
    let code = sandbox.fresh_code(&device);
    assert_eq!(second.login(&device, &code).outcome(), "ok");
    assert_eq!(first.login(&device, &code).outcome(), "AccessDenied");
}
