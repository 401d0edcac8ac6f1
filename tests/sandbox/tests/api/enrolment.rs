//! The life of a virtual device: created, enabled, out of step and back, deactivated, deleted.

use std::time::Duration;

use daypass_sandbox::{Device, Fault, Sandbox, Times, User, planted};

use crate::client::{Answer, Client};

const ARN: &str = "arn:aws:iam::123456789012:mfa/ada";

fn create(client: &Client, name: &str) -> Answer {
    client.call("CreateVirtualMFADevice", &[("VirtualMFADeviceName", name)])
}

/// A device that was just created, of nobody.
fn created(sandbox: &Sandbox, client: &Client, name: &str) -> Device {
    let serial = create(client, name).text("SerialNumber").unwrap();
    sandbox.device(&serial).unwrap().device().unwrap()
}

fn with_codes(client: &Client, action: &str, user: &str, serial: &str, codes: [&str; 2]) -> Answer {
    let parameters = [
        ("UserName", user),
        ("SerialNumber", serial),
        ("AuthenticationCode1", codes[0]),
        ("AuthenticationCode2", codes[1]),
    ];
    client.call(action, &parameters)
}

fn enable(sandbox: &Sandbox, client: &Client, user: &str, device: &Device) -> Answer {
    // Instead of waiting for codes that are not spent.
    sandbox.age(Duration::from_secs(60));
    let [first, second] = sandbox.consecutive_codes(device);
    let codes = [&*first, &*second];
    with_codes(client, "EnableMFADevice", user, &device.serial, codes)
}

fn serial_only<'a>(
    client: &Client,
    action: &str,
    serial: &'a str,
    more: &[(&'a str, &'a str)],
) -> Answer {
    let parameters: Vec<_> = [("SerialNumber", serial)]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    client.call(action, &parameters)
}

fn ada(sandbox: &Sandbox) -> (User, Client<'_>) {
    let ada = sandbox.add_user("ada");
    let client = Client::of(sandbox, &ada);
    (ada, client)
}

#[test]
fn a_new_device_is_nobodys_and_its_seed_is_told_once() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let answer = create(&client, "ada");
    assert_eq!(answer.text("SerialNumber").as_deref(), Some(ARN));
    let seed = answer.text("Base32StringSeed").unwrap();
    assert_eq!(seed.len(), 64_usize.div_ceil(3) * 4);
    assert!(seed.starts_with(planted::SEED_IN_BASE64), "{seed}");
    let picture = answer.text("QRCodePNG").unwrap();
    assert!(picture.starts_with("iVBORw0KGgo"), "{picture}");

    let device = sandbox.device(ARN).unwrap();
    assert_eq!((device.user_arn.clone(), device.enabled), (None, None));
    let device = device.device().unwrap();
    assert!(device.seed.starts_with(planted::SEED));
    // It gives no sessions, and its user has none.
    let answer = client.login(&device, &sandbox.code(&device));
    assert_eq!(answer.outcome(), "AccessDenied");
    assert_eq!(sandbox.devices_of(&ada), []);
    let listed = client.call("ListVirtualMFADevices", &[]);
    assert_eq!(listed.text("SerialNumber").as_deref(), Some(ARN));
    for absent in ["Base32StringSeed", "QRCodePNG", "User", "EnableDate"] {
        assert_eq!(listed.text(absent), None);
    }
}

#[test]
fn two_consecutive_codes_enable_a_device_and_are_spent() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let device = created(&sandbox, &client, "ada");
    let codes = sandbox.consecutive_codes(&device);
    let answer = with_codes(
        &client,
        "EnableMFADevice",
        "ada",
        ARN,
        [&codes[0], &codes[1]],
    );
    assert_eq!(answer.outcome(), "ok", "{}", answer.body);
    assert!(!answer.body.contains("Result>"), "{}", answer.body);
    for code in &codes {
        assert_eq!(client.login(&device, code).outcome(), "AccessDenied");
    }
    sandbox.age(Duration::from_secs(60));
    let fresh = sandbox.fresh_code(&device);
    assert_eq!(client.login(&device, &fresh).outcome(), "ok");

    let registered = &sandbox.devices_of(&ada)[0];
    assert_eq!(registered.user_arn.as_ref(), Some(&ada.arn));
    assert!(registered.is_in_sync && registered.enabled.is_some());
    let listed = client.call("ListMFADevices", &[]);
    assert_eq!(listed.text("SerialNumber").as_deref(), Some(ARN));
    let enabled = registered.enabled.unwrap();
    let enabled = enabled.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(listed.text("EnableDate"), Some(enabled.clone()));
    let listed = client.call("ListVirtualMFADevices", &[("AssignmentStatus", "Assigned")]);
    assert_eq!(listed.text("UserName").as_deref(), Some("ada"));
    assert_eq!(listed.text("EnableDate"), Some(enabled));
}

#[test]
fn codes_that_are_not_consecutive_or_too_old_enable_nothing() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let device = created(&sandbox, &client, "ada");
    let other = created(&sandbox, &client, "other");
    let at = |steps| sandbox.code_at(&device, steps);
    let pairs = [
        [at(0), at(-1)],
        [at(0), at(0)],
        [at(-2), at(0)],
        [at(-120), at(-119)],
        [at(120), at(121)],
        [sandbox.code(&other), sandbox.code_at(&other, 1)],
    ];
    for [first, second] in &pairs {
        let answer = with_codes(&client, "EnableMFADevice", "ada", ARN, [first, second]);
        let expected = (
            403,
            "InvalidAuthenticationCode".to_owned(),
            "Authentication code for device is not valid.".to_owned(),
        );
        assert_eq!(answer.refusal(), expected, "{first} {second}");
    }
    assert_eq!(sandbox.device(ARN).unwrap().user_arn, None);
    // None of these has spent anything.
    let answer = enable(&sandbox, &client, "ada", &device);
    assert_eq!(answer.outcome(), "ok");
}

#[test]
fn late_codes_enable_a_device_out_of_sync_which_resync_mends() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let device = created(&sandbox, &client, "ada");
    let late = [sandbox.code_at(&device, -6), sandbox.code_at(&device, -5)];
    let late = [&*late[0], &*late[1]];
    let answer = with_codes(&client, "EnableMFADevice", "ada", ARN, late);
    assert_eq!(answer.outcome(), "ok");
    assert!(!sandbox.device(ARN).unwrap().is_in_sync);
    let (status, code, message) = client
        .login(&device, &sandbox.fresh_code(&device))
        .refusal();
    assert_eq!((status, &*code), (403, "AccessDenied"));
    assert!(message.contains("invalid MFA one time pass code"));

    // The same codes are spent, and a wrong pair mends nothing.
    let fresh = sandbox.consecutive_codes(&device);
    for codes in [late, [&fresh[1], &fresh[0]]] {
        let answer = with_codes(&client, "ResyncMFADevice", "ada", ARN, codes);
        assert_eq!(answer.outcome(), "InvalidAuthenticationCode");
    }
    assert!(!sandbox.device(ARN).unwrap().is_in_sync);
    let fresh = [&*fresh[0], &*fresh[1]];
    let answer = with_codes(&client, "ResyncMFADevice", "ada", ARN, fresh);
    assert_eq!(answer.outcome(), "ok");
    assert!(sandbox.device(ARN).unwrap().is_in_sync);
    sandbox.age(Duration::from_secs(60));
    let code = sandbox.fresh_code(&device);
    assert_eq!(client.login(&device, &code).outcome(), "ok");
}

#[test]
fn a_device_has_one_user_and_a_user_eight_devices() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    sandbox.add_user("bob");
    let device = created(&sandbox, &client, "ada");
    assert_eq!(
        enable(&sandbox, &client, "ada", &device).outcome(),
        "ok",
        "the first"
    );
    for name in ["ada", "bob"] {
        let answer = enable(&sandbox, &client, name, &device);
        assert_eq!(answer.refusal().0, 409);
        assert_eq!(answer.outcome(), "EntityAlreadyExists");
    }
    for number in 0..6 {
        sandbox.add_virtual_device(&ada, &format!("ada-{number}"));
    }
    sandbox.add_fido_device(&ada, "ada");
    let ninth = created(&sandbox, &client, "ninth");
    let expected = (
        409,
        "LimitExceeded".to_owned(),
        "Cannot exceed quota for MFADevicesPerUser: 8".to_owned(),
    );
    let answer = enable(&sandbox, &client, "ada", &ninth);
    assert_eq!(answer.refusal(), expected);
    assert_eq!(enable(&sandbox, &client, "bob", &ninth).outcome(), "ok");
}

#[test]
fn a_name_is_taken_until_its_device_is_deleted() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    sandbox.add_unassigned_virtual_device(&ada, "ada");
    let expected = (
        409,
        "EntityAlreadyExists".to_owned(),
        "MFADevice entity at the same path and name already exists.".to_owned(),
    );
    assert_eq!(create(&client, "ada").refusal(), expected);
    let parameters = [("VirtualMFADeviceName", "ada"), ("Path", "/team/")];
    let answer = client.call("CreateVirtualMFADevice", &parameters);
    let serial = "arn:aws:iam::123456789012:mfa/team/ada";
    assert_eq!(answer.text("SerialNumber").as_deref(), Some(serial));
    let answer = serial_only(&client, "DeleteVirtualMFADevice", ARN, &[]);
    assert_eq!(answer.outcome(), "ok");
    assert_eq!(sandbox.device(ARN), None);
    assert_eq!(create(&client, "ada").outcome(), "ok");
}

#[test]
fn a_device_in_use_is_deactivated_before_it_is_deleted_and_may_be_enabled_again() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let device = sandbox.add_virtual_device(&ada, "ada");
    let delete = || serial_only(&client, "DeleteVirtualMFADevice", ARN, &[]);
    let deactivate = || serial_only(&client, "DeactivateMFADevice", ARN, &[]);
    let expected = (
        409,
        "DeleteConflict".to_owned(),
        "MFA VirtualDevice in use. Must deactivate first.".to_owned(),
    );
    assert_eq!(delete().refusal(), expected);
    assert_eq!(deactivate().outcome(), "ok");
    assert_eq!(deactivate().outcome(), "NoSuchEntity");
    assert_eq!(sandbox.devices_of(&ada), []);
    assert_eq!(
        client.login(&device, &sandbox.code(&device)).outcome(),
        "AccessDenied"
    );
    let answer = enable(&sandbox, &client, "ada", &device);
    assert_eq!(answer.outcome(), "ok");
    assert_eq!(deactivate().outcome(), "ok");
    assert_eq!(delete().outcome(), "ok");
    assert_eq!(delete().outcome(), "NoSuchEntity");
    assert_eq!(sandbox.devices(), []);
}

#[test]
fn a_hardware_token_stays_when_it_is_taken_away_and_a_fido_key_does_not() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let token = sandbox.add_unassigned_hardware_device("GAHT12345678");
    assert_eq!(enable(&sandbox, &client, "ada", &token).outcome(), "ok");
    let fido = sandbox.add_fido_device(&ada, "ada");
    let answer = serial_only(&client, "GetMFADevice", &fido, &[]);
    assert_eq!(answer.text("UserName").as_deref(), Some("ada"));
    let answer = serial_only(&client, "GetMFADevice", &token.serial, &[]);
    assert_eq!(answer.outcome(), "NoSuchEntity");
    for serial in [&token.serial, &fido] {
        let answer = serial_only(&client, "DeleteVirtualMFADevice", serial, &[]);
        assert_eq!(answer.outcome(), "NoSuchEntity", "neither is virtual");
        let answer = serial_only(&client, "DeactivateMFADevice", serial, &[]);
        assert_eq!(answer.outcome(), "ok");
    }
    assert!(sandbox.device(&token.serial).is_some());
    assert_eq!(sandbox.device(&fido), None);
}

#[test]
fn virtual_devices_are_listed_by_assignment_in_pages_and_of_one_account() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let other = sandbox.add_user_in("210987654321", "/", "eve");
    sandbox.add_virtual_device(&other, "eve");
    sandbox.add_hardware_device(&ada, "GAHT12345678");
    sandbox.add_virtual_device(&ada, "ada");
    sandbox.add_unassigned_virtual_device(&ada, "orphan");
    sandbox.add_virtual_device(&sandbox.root(), "root-account-mfa-device");
    let names = |parameters: &[(&str, &str)]| {
        let answer = client.call("ListVirtualMFADevices", parameters);
        let names = answer.body.split("<SerialNumber>").skip(1);
        let names = names.map(|rest| rest.split_once('<').unwrap().0);
        let names = names.map(|serial| serial.split_once('/').unwrap().1.to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    let root = "root-account-mfa-device";
    assert_eq!(names(&[]), format!("ada orphan {root}"));
    let status = |status| names(&[("AssignmentStatus", status)]);
    assert_eq!(status("Any"), names(&[]));
    assert_eq!(status("Assigned"), format!("ada {root}"));
    assert_eq!(status("Unassigned"), "orphan");
    let parameters = [("MaxItems", "2")];
    let page = client.call("ListVirtualMFADevices", &parameters);
    assert_eq!(page.text("IsTruncated").as_deref(), Some("true"));
    let marker = page.text("Marker").unwrap();
    assert_eq!(names(&[("Marker", &marker)]), root);
    let answer = client.call("ListVirtualMFADevices", &[("AssignmentStatus", "assigned")]);
    let message = answer.refusal().2;
    assert!(
        message.contains("enum value set: [Any, Assigned, Unassigned]"),
        "{message}"
    );
}

#[test]
fn an_administrator_enrols_another_user_with_a_device_of_any_name() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let bob = sandbox.add_user("bob");
    let device = created(&sandbox, &client, "bobs-phone");
    assert_eq!(enable(&sandbox, &client, "bob", &device).outcome(), "ok");
    let login = |client: &Client| {
        sandbox.age(Duration::from_secs(60));
        let code = sandbox.fresh_code(&device);
        client.login(&device, &code).outcome()
    };
    assert_eq!(login(&Client::of(&sandbox, &bob)), "ok");
    assert_eq!(login(&client), "AccessDenied", "it is not hers");
    // Without the name it is the caller's own device that is meant.
    let serial = &device.serial;
    let answer = serial_only(&client, "DeactivateMFADevice", serial, &[]);
    assert_eq!(answer.outcome(), "NoSuchEntity");
    let named = [("UserName", "bob")];
    let answer = serial_only(&client, "DeactivateMFADevice", serial, &named);
    assert_eq!(answer.outcome(), "ok");
}

#[test]
fn users_devices_and_accounts_that_are_not_there_are_named() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let device = created(&sandbox, &client, "ada");
    let answer = enable(&sandbox, &client, "eve", &device);
    let expected = (
        404,
        "NoSuchEntity".to_owned(),
        "The user with name eve cannot be found.".to_owned(),
    );
    assert_eq!(answer.refusal(), expected);
    let other = sandbox.add_user_in("210987654321", "/", "eve");
    let foreign = sandbox.add_unassigned_virtual_device(&other, "eve");
    let answer = enable(&sandbox, &client, "ada", &foreign);
    let expected = format!(
        "VirtualMFADevice with serial number {} doesn't exist.",
        foreign.serial
    );
    assert_eq!(answer.refusal(), (404, "NoSuchEntity".to_owned(), expected));
    // The root user has no name, and so enables no device of its own.
    let root = Client::of(&sandbox, &sandbox.root());
    let answer = enable(&sandbox, &root, "root", &device);
    assert_eq!(answer.outcome(), "NoSuchEntity");
    assert_eq!(enable(&sandbox, &root, "ada", &device).outcome(), "ok");
}

#[test]
fn parameters_that_iam_would_not_take_are_refused() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let serial = ("SerialNumber", ARN);
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("CreateVirtualMFADevice", &[]),
        ("CreateVirtualMFADevice", &[("VirtualMFADeviceName", "a/b")]),
        (
            "CreateVirtualMFADevice",
            &[("VirtualMFADeviceName", "a"), ("Path", "team/")],
        ),
        ("EnableMFADevice", &[serial, ("UserName", "ada")]),
        (
            "EnableMFADevice",
            &[
                serial,
                ("AuthenticationCode1", "123456"),
                ("AuthenticationCode2", "123457"),
            ],
        ),
        (
            "ResyncMFADevice",
            &[
                serial,
                ("UserName", "ada"),
                ("AuthenticationCode1", "12345"),
                ("AuthenticationCode2", "12345x"),
            ],
        ),
        ("DeactivateMFADevice", &[("SerialNumber", "short")]),
        ("DeactivateMFADevice", &[serial, ("UserName", "a b")]),
        ("DeleteVirtualMFADevice", &[]),
    ];
    for (action, parameters) in cases {
        let answer = client.call(action, parameters);
        assert_eq!(
            answer.outcome(),
            "ValidationError",
            "{action} {parameters:?}"
        );
    }
    let answer = client.call("EnableMFADevice", &[]);
    let message = answer.refusal().2;
    assert!(
        message.starts_with("4 validation errors detected"),
        "{message}"
    );
}

#[test]
fn tags_of_a_device_are_kept_and_told() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let parameters = [
        ("VirtualMFADeviceName", "ada"),
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "Engine"),
    ];
    let answer = client.call("CreateVirtualMFADevice", &parameters);
    assert_eq!(answer.text("Key").as_deref(), Some("Team"));
    let tags = sandbox.device(ARN).unwrap().tags;
    assert_eq!(tags, [("Team".to_owned(), "Engine".to_owned())]);
    let parameters = [
        ("VirtualMFADeviceName", "second"),
        ("Tags.member.1.Key", "aws:team"),
        ("Tags.member.1.Value", ""),
    ];
    let answer = client.call("CreateVirtualMFADevice", &parameters);
    assert_eq!(answer.outcome(), "InvalidInput");
}

#[test]
fn an_answer_that_is_lost_has_done_its_work() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let name = [("VirtualMFADeviceName", "ada")];
    sandbox.misbehave("CreateVirtualMFADevice", Fault::Drop, Times::Next(1));
    sandbox.misbehave("CreateVirtualMFADevice", Fault::DropAfter, Times::Next(1));
    for expected in [0, 1] {
        client
            .try_call("CreateVirtualMFADevice", &name)
            .unwrap_err();
        assert_eq!(sandbox.devices().len(), expected);
    }
    let device = sandbox.device(ARN).unwrap().device().unwrap();
    let codes = sandbox.consecutive_codes(&device);
    let parameters = [
        ("UserName", "ada"),
        ("SerialNumber", ARN),
        ("AuthenticationCode1", &*codes[0]),
        ("AuthenticationCode2", &*codes[1]),
    ];
    sandbox.misbehave("EnableMFADevice", Fault::Drop, Times::Next(1));
    sandbox.misbehave("EnableMFADevice", Fault::DropAfter, Times::Next(1));
    for expected in [0, 1] {
        client.try_call("EnableMFADevice", &parameters).unwrap_err();
        assert_eq!(sandbox.devices_of(&ada).len(), expected);
    }
    for (action, left) in [("DeactivateMFADevice", 1), ("DeleteVirtualMFADevice", 0)] {
        sandbox.misbehave(action, Fault::DropAfter, Times::Next(1));
        client
            .try_call(action, &[("SerialNumber", ARN)])
            .unwrap_err();
        assert_eq!(sandbox.devices_of(&ada), []);
        assert_eq!(sandbox.devices().len(), left, "{action}");
    }
}
