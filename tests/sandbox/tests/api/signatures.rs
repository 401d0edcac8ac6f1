//! What has to be right about a signed request.

use chrono::TimeDelta;
use daypass_sandbox::Sandbox;

use crate::client::{Client, exchange};

const DIFFERS: &str = "The request signature we calculated does not match the signature you \
provided. Check your AWS Secret Access Key and signing method. Consult the service documentation \
for details.";

fn refusal(client: &Client) -> (u16, String, String) {
    client.call("GetCallerIdentity", &[]).refusal()
}

#[test]
fn a_long_term_key_tells_who_it_is() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let answer = Client::of(&sandbox, &ada).call("GetCallerIdentity", &[]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.text("Arn").as_deref(), Some(&*ada.arn));
    assert_eq!(answer.text("Account").as_deref(), Some("123456789012"));
    assert!(answer.text("UserId").unwrap().starts_with("AIDA"));
    assert!(answer.text("RequestId").is_some());
}

#[test]
fn a_wrong_secret_does_not_match() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let client = Client::new(&sandbox, &ada.access_key_id, "wrong");
    let expected = (403, "SignatureDoesNotMatch".to_owned(), DIFFERS.to_owned());
    assert_eq!(refusal(&client), expected);
}

#[test]
fn a_body_changed_after_signing_does_not_match() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let mut client = Client::of(&sandbox, &ada);
    client.tampering = "&DurationSeconds=900";
    let expected = (403, "SignatureDoesNotMatch".to_owned(), DIFFERS.to_owned());
    assert_eq!(refusal(&client), expected);
}

#[test]
fn unknown_inactive_and_deleted_keys_are_invalid() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let key = sandbox.add_key(&ada);
    let client = Client::with_key(&sandbox, &key);
    assert_eq!(client.call("GetCallerIdentity", &[]).outcome(), "ok");
    let expected = (
        403,
        "InvalidClientTokenId".to_owned(),
        "The security token included in the request is invalid.".to_owned(),
    );
    sandbox.set_key_status(&key.access_key_id, false);
    assert_eq!(refusal(&client), expected);
    sandbox.set_key_status(&key.access_key_id, true);
    assert_eq!(client.call("GetCallerIdentity", &[]).outcome(), "ok");
    sandbox.delete_key(&key.access_key_id);
    assert_eq!(refusal(&client), expected);
    let unknown = Client::new(&sandbox, "AKIAAAAAAAAAAAAAAAAA", "secret");
    assert_eq!(refusal(&unknown), expected);
    // The user's other key is none the worse for it.
    let other = Client::of(&sandbox, &ada);
    assert_eq!(other.call("GetCallerIdentity", &[]).outcome(), "ok");
}

#[test]
fn a_date_more_than_five_minutes_off_is_refused_with_both_times() {
    let sandbox = Sandbox::start();
    // Far from the real clock: it is the sandbox's that counts.
    sandbox.set_clock_offset(-86_400);
    let ada = sandbox.add_user("ada");
    let mut client = Client::of(&sandbox, &ada);
    for seconds in [-290, 290] {
        client.date = Some(sandbox.now() + TimeDelta::seconds(seconds));
        let answer = client.call("GetCallerIdentity", &[]);
        assert_eq!(answer.outcome(), "ok", "{seconds}");
    }
    for (seconds, words) in [
        (
            -310,
            ["Signature expired: ", " is now earlier than ", " - 5 min.)"],
        ),
        (
            310,
            [
                "Signature not yet current: ",
                " is still later than ",
                " + 5 min.)",
            ],
        ),
    ] {
        let date = sandbox.now() + TimeDelta::seconds(seconds);
        client.date = Some(date);
        let (status, code, message) = refusal(&client);
        assert_eq!((status, &*code), (403, "SignatureDoesNotMatch"));
        let date = date.format("%Y%m%dT%H%M%SZ").to_string();
        assert!(
            message.starts_with(&format!("{}{date}{}", words[0], words[1])),
            "{message}"
        );
        assert!(message.ends_with(words[2]), "{message}");
    }
}

#[test]
fn the_scope_must_name_the_service_of_the_action() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let mut client = Client::of(&sandbox, &ada);
    client.service = Some("iam");
    let (status, code, message) = refusal(&client);
    assert_eq!((status, &*code), (403, "SignatureDoesNotMatch"));
    assert_eq!(
        message.trim(),
        "Credential should be scoped to correct service: 'sts'."
    );
}

#[test]
fn host_and_date_must_be_signed() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    for signed_headers in ["content-type;x-amz-date", "content-type;host"] {
        let mut client = Client::of(&sandbox, &ada);
        client.signed_headers = signed_headers;
        assert_eq!(
            refusal(&client).1,
            "SignatureDoesNotMatch",
            "{signed_headers}"
        );
    }
}

#[test]
fn the_session_token_must_be_there_right_and_signed() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let key = Client::of(&sandbox, &ada);
    let session = key.with_session(&key.call("GetSessionToken", &[]));
    assert_eq!(session.call("GetCallerIdentity", &[]).outcome(), "ok");

    let mut without = session.clone();
    without.token = None;
    without.signed_headers = key.signed_headers;
    assert_eq!(refusal(&without).1, "InvalidClientTokenId");

    let mut wrong = session.clone();
    wrong.token = session.token.as_ref().map(|token| token.to_lowercase());
    assert_eq!(refusal(&wrong).1, "InvalidClientTokenId");

    let mut unsigned = session.clone();
    unsigned.signed_headers = key.signed_headers;
    assert_eq!(refusal(&unsigned).1, "SignatureDoesNotMatch");

    let mut mixed_up = session.clone();
    mixed_up.access_key_id = key.access_key_id.clone();
    mixed_up.secret = key.secret.clone();
    assert_eq!(refusal(&mixed_up).1, "InvalidClientTokenId");
}

#[test]
fn a_region_can_be_off_for_sts() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    sandbox.disable_region("eu-south-1");
    let mut client = Client::of(&sandbox, &ada);
    client.region = "eu-south-1";
    let (status, code, _) = refusal(&client);
    assert_eq!((status, &*code), (403, "RegionDisabledException"));
    assert_eq!(client.call("ListAccountAliases", &[]).outcome(), "ok");
    client.region = "eu-west-1";
    assert_eq!(client.call("GetCallerIdentity", &[]).outcome(), "ok");
}

#[test]
fn requests_that_make_no_sense_get_an_answer_and_do_no_harm() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let host = sandbox.url().replace("http://", "");
    let long = "a".repeat(600_000);
    let long_address = &long[..70_000];
    for (request, status) in [
        ("GET / HTTP/1.1\r\n", 400),
        (
            "GET /?Action=GetCallerIdentity&Version=2011-06-15 HTTP/1.1\r\n",
            403,
        ),
        ("GET /?Action=Nonsense&Version=2011-06-15 HTTP/1.1\r\n", 400),
        ("GET /?Action=GetUser&Version=2011-06-15 HTTP/1.1\r\n", 400),
        ("GET /?Action=%FF HTTP/1.1\r\n", 404),
        (
            "GET /?Action=GetUser&Version=2010-05-08 HTTP/1.1\r\nauthorization: \u{e9}\r\n",
            400,
        ),
        (&format!("GET /?{long_address} HTTP/1.1\r\n"), 414),
        (
            &format!("POST / HTTP/1.1\r\ncontent-length: 600000\r\n\r\n{long}"),
            413,
        ),
        ("\u{1}\u{2}\u{3} / HTTP/1.1\r\n", 400),
    ] {
        let request = format!("{request}host: x\r\nconnection: close\r\n\r\n");
        // A server that refuses early may reset the connection while there is more to read.
        if let Ok(answer) = exchange(&host, request.as_bytes()) {
            assert_eq!(answer.status, status, "{:.60}: {}", request, answer.body);
        }
    }
    let answer = Client::of(&sandbox, &ada).call("GetCallerIdentity", &[]);
    assert_eq!(answer.outcome(), "ok");
}
