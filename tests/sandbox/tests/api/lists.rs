//! IAM's answers about users, devices and the account.

use daypass_sandbox::Sandbox;

use crate::client::Client;

fn serials(body: &str) -> Vec<String> {
    body.split("<SerialNumber>")
        .skip(1)
        .filter_map(|rest| rest.split_once('<'))
        .map(|(serial, _)| serial.to_owned())
        .collect()
}

#[test]
fn devices_of_every_kind_are_listed_and_only_the_users_own() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let bob = sandbox.add_user("bob");
    let expected = [
        sandbox.add_fido_device(&ada, "key"),
        sandbox.add_virtual_device(&ada, "ada").serial,
        sandbox.add_sms_device(&ada, "ada"),
    ];
    let bobs = sandbox.add_hardware_device(&bob, "GAHT12345678").serial;
    let client = Client::of(&sandbox, &ada);
    let answer = client.call("ListMFADevices", &[]);
    assert_eq!(serials(&answer.body), expected);
    assert_eq!(answer.text("IsTruncated").as_deref(), Some("false"));
    let answer = client.call("ListMFADevices", &[("UserName", "bob")]);
    assert_eq!(serials(&answer.body), [bobs]);
    let answer = client.call("ListMFADevices", &[("UserName", "eve")]);
    assert_eq!(answer.refusal().0, 404);
    assert_eq!(answer.outcome(), "NoSuchEntity");
}

#[test]
fn lists_come_in_pages() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let expected: Vec<_> = (0..5)
        .map(|n| sandbox.add_virtual_device(&ada, &format!("ada-{n}")).serial)
        .collect();
    let client = Client::of(&sandbox, &ada);
    // Once as the client asks for it, once as IAM pleases.
    for parameters in [&[("MaxItems", "2")][..], &[]] {
        let (mut found, mut pages) = (Vec::new(), 0);
        let mut marker: Option<String> = None;
        loop {
            let mut parameters = parameters.to_vec();
            parameters.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let answer = client.call("ListMFADevices", &parameters);
            found.extend(serials(&answer.body));
            pages += 1;
            marker = answer.text("Marker");
            if answer.text("IsTruncated").as_deref() == Some("false") {
                break;
            }
        }
        assert_eq!((&found, pages), (&expected, 3));
        assert_eq!(marker, None);
        sandbox.set_page_size(2);
    }
    for parameter in [
        ("MaxItems", "0"),
        ("MaxItems", "1001"),
        ("Marker", "made-up"),
    ] {
        let answer = client.call("ListMFADevices", &[parameter]);
        assert_eq!(answer.outcome(), "ValidationError", "{parameter:?}");
    }
}

#[test]
fn a_user_has_a_path_and_root_has_no_name() {
    let sandbox = Sandbox::start();
    let eve = sandbox.add_user_in("123456789012", "/team/", "eve");
    assert_eq!(eve.arn, "arn:aws:iam::123456789012:user/team/eve");
    let answer = Client::of(&sandbox, &eve).call("GetUser", &[]);
    assert_eq!(answer.text("Path").as_deref(), Some("/team/"));
    assert_eq!(answer.text("UserName").as_deref(), Some("eve"));
    let answer = Client::of(&sandbox, &sandbox.root()).call("GetUser", &[]);
    let arn = "arn:aws:iam::123456789012:root";
    assert_eq!(answer.text("Arn").as_deref(), Some(arn));
    assert_eq!(answer.text("UserName"), None);
}

#[test]
fn the_alias_of_the_account_is_told() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let client = Client::of(&sandbox, &ada);
    let answer = client.call("ListAccountAliases", &[]);
    assert_eq!(answer.text("AccountAliases").as_deref(), Some(""));
    sandbox.set_account_alias(Some("a&b"));
    let answer = client.call("ListAccountAliases", &[]);
    assert_eq!(answer.text("member").as_deref(), Some("a&b"));
    assert!(answer.body.contains("a&amp;b"), "{}", answer.body);
}
