//! The federation endpoint of the console.

use std::time::{Duration, Instant};

use daypass_sandbox::{Call, Fault, Role, Sandbox, Times, planted};

use crate::client::{Answer, Client, federation, post_federation, try_federation};

const DESTINATION: &str = "https://console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:";

/// A role session of ada's, assumed with a long-term key for an hour.
fn role_session(sandbox: &Sandbox) -> Client<'_> {
    let key = Client::of(sandbox, &sandbox.add_user("ada"));
    assume(&key, &sandbox.add_role(Role::default()))
}

fn assume<'a>(client: &Client<'a>, role: &str) -> Client<'a> {
    let parameters = [("RoleArn", role), ("RoleSessionName", "ada")];
    client.with_session(&client.call("AssumeRole", &parameters))
}

fn ask(sandbox: &Sandbox, session: &str, duration: Option<&str>) -> Answer {
    let mut parameters = vec![("Action", "getSigninToken"), ("Session", session)];
    parameters.extend(duration.map(|duration| ("SessionDuration", duration)));
    federation(sandbox, &parameters)
}

/// The token of an answer that has one, and has nothing else.
#[track_caller]
fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.contains("content-type: application/json"));
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(json.as_object().unwrap().len(), 1, "{json}");
    json["SigninToken"].as_str().unwrap().to_owned()
}

#[track_caller]
fn assert_refused(answer: &Answer) {
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(answer.head.contains("content-type: text/html"));
    assert!(answer.body.contains("Invalid credentials parameter"));
}

fn login(sandbox: &Sandbox, token: &str) -> Answer {
    let parameters = [
        ("Action", "login"),
        ("Issuer", "https://example.com"),
        ("Destination", DESTINATION),
        ("SigninToken", token),
    ];
    federation(sandbox, &parameters)
}

#[test]
fn a_role_session_becomes_a_token_that_signs_a_browser_in() {
    let sandbox = Sandbox::start();
    let role = role_session(&sandbox);
    assert_eq!(
        sandbox.federation_url(),
        format!("{}/federation", sandbox.url())
    );
    let token = token(&ask(&sandbox, &role.federation_session(), Some("43200")));
    assert!(token.contains(planted::SIGNIN_TOKEN), "{token}");

    let answer = login(&sandbox, &token);
    assert_eq!(answer.status, 302);
    assert!(answer.head.contains(&format!("location: {DESTINATION}")));
    assert!(answer.head.contains("set-cookie: aws-creds="));

    let [sign_in] = &sandbox.sign_ins()[..] else {
        panic!("{:?}", sandbox.sign_ins())
    };
    assert_eq!(sign_in.token, token);
    assert_eq!(sign_in.access_key_id, role.access_key_id);
    assert_eq!(
        sign_in.arn,
        "arn:aws:sts::123456789012:assumed-role/Admin/ada"
    );
    assert_eq!(sign_in.session_duration, Some(Duration::from_secs(43_200)));
    assert_eq!(sign_in.destinations, [DESTINATION]);
    assert_eq!(sign_in.issuers, ["https://example.com"]);
}

#[test]
fn a_form_does_as_well_as_a_query() {
    let sandbox = Sandbox::start();
    let session = role_session(&sandbox).federation_session();
    let parameters = [("Action", "getSigninToken"), ("Session", &*session)];
    let token = token(&post_federation(&sandbox, &parameters));
    let parameters = [
        ("Action", "login"),
        ("Destination", DESTINATION),
        ("SigninToken", &*token),
    ];
    assert_eq!(post_federation(&sandbox, &parameters).status, 302);
}

#[test]
fn without_a_duration_the_console_session_ends_with_the_credentials() {
    let sandbox = Sandbox::start();
    let role = role_session(&sandbox);
    let session = role.federation_session();
    token(&ask(&sandbox, &session, None));
    token(&ask(&sandbox, &session, Some("900")));
    let issued = sandbox.session(&role.access_key_id).unwrap();
    let [whole, short] = &sandbox.sign_ins()[..] else {
        panic!("{:?}", sandbox.sign_ins())
    };
    assert_eq!(whole.session_duration, None);
    assert_eq!(whole.session_ends, issued.expires);
    assert_eq!((short.session_ends - short.created).num_seconds(), 900);
}

#[test]
fn durations_outside_of_a_quarter_of_an_hour_to_twelve_hours_are_refused() {
    let sandbox = Sandbox::start();
    let session = role_session(&sandbox).federation_session();
    for duration in ["899", "43201", "-900", "1h", "900.0"] {
        assert_refused(&ask(&sandbox, &session, Some(duration)));
    }
    for duration in ["900", "43200"] {
        token(&ask(&sandbox, &session, Some(duration)));
    }
}

#[test]
fn a_role_assumed_with_temporary_credentials_has_no_say_about_the_duration() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let role = sandbox.add_role(Role::default());
    let session = Client::of(&sandbox, &ada).logged_in(&device);
    let first = assume(&session, &role);
    let second = assume(&first, &role);
    for client in [first, second] {
        let session = client.federation_session();
        assert_refused(&ask(&sandbox, &session, Some("3600")));
        token(&ask(&sandbox, &session, None));
    }
}

#[test]
fn a_federated_user_may_sign_in_and_has_no_say_about_the_duration() {
    let sandbox = Sandbox::start();
    let key = Client::of(&sandbox, &sandbox.add_user("ada"));
    let federated = key.with_session(&key.call("GetFederationToken", &[("Name", "ada")]));
    let session = federated.federation_session();
    assert_refused(&ask(&sandbox, &session, Some("3600")));
    token(&ask(&sandbox, &session, None));
    let arn = "arn:aws:sts::123456789012:federated-user/ada";
    assert_eq!(sandbox.sign_ins()[0].arn, arn);
}

#[test]
fn sessions_of_users_and_long_term_keys_do_not_sign_in() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    let device = sandbox.add_virtual_device(&ada, "ada");
    let key = Client::of(&sandbox, &ada);
    let session = key.logged_in(&device);
    for client in [&key, &session] {
        assert_refused(&ask(&sandbox, &client.federation_session(), None));
    }
    assert_eq!(sandbox.sign_ins(), []);
}

#[test]
fn credentials_that_are_unknown_wrong_or_expired_are_refused() {
    let sandbox = Sandbox::start();
    let role = role_session(&sandbox);
    let mut wrong: Vec<_> = (0..3).map(|_| role.clone()).collect();
    wrong[0].access_key_id = "ASIAAAAAAAAAAAAAAAAA".to_owned();
    wrong[1].secret.push('x');
    wrong[2].token = Some("x".to_owned());
    for client in &wrong {
        assert_refused(&ask(&sandbox, &client.federation_session(), None));
    }
    token(&ask(&sandbox, &role.federation_session(), None));
    sandbox.advance(Duration::from_secs(3_600));
    assert_refused(&ask(&sandbox, &role.federation_session(), None));
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let sandbox = Sandbox::start();
    let role = role_session(&sandbox);
    let session = role.federation_session();
    let without_token = session.replace("sessionToken", "session_token");
    for text in ["", "x", "{}", "[]", "{\"sessionId\":1}", &without_token] {
        assert_refused(&ask(&sandbox, text, None));
    }
    assert_refused(&federation(&sandbox, &[("Session", &session)]));
    let other = [("Action", "GetSigninToken"), ("Session", &*session)];
    assert_refused(&federation(&sandbox, &other));
    let token = token(&ask(&sandbox, &session, None));
    let nowhere = [("Action", "login"), ("SigninToken", &*token)];
    assert_refused(&federation(&sandbox, &nowhere));
}

#[test]
fn a_token_signs_in_for_a_quarter_of_an_hour() {
    let sandbox = Sandbox::start();
    let session = role_session(&sandbox).federation_session();
    let first = token(&ask(&sandbox, &session, None));
    assert_refused(&login(&sandbox, &first[1..]));
    sandbox.advance(Duration::from_secs(899));
    assert_eq!(login(&sandbox, &first).status, 302);
    sandbox.advance(Duration::from_secs(1));
    assert_refused(&login(&sandbox, &first));
    let second = token(&ask(&sandbox, &session, None));
    sandbox.age(Duration::from_secs(900));
    assert_refused(&login(&sandbox, &second));
}

#[test]
fn requests_are_counted_and_logged_with_the_credentials_they_are_about() {
    let sandbox = Sandbox::start();
    let role = role_session(&sandbox);
    let token = token(&ask(&sandbox, &role.federation_session(), None));
    login(&sandbox, &token);
    login(&sandbox, "unknown");
    assert_eq!(sandbox.calls("getSigninToken"), 1);
    assert_eq!(sandbox.calls("login"), 2);
    let call = |action: &str, id: &str, outcome: &str| Call {
        action: action.to_owned(),
        access_key_id: id.to_owned(),
        region: String::new(),
        host: sandbox.url().replace("http://", ""),
        outcome: outcome.to_owned(),
    };
    let expected = [
        call("getSigninToken", &role.access_key_id, "ok"),
        call("login", &role.access_key_id, "ok"),
        call("login", "", "BadRequest"),
    ];
    assert_eq!(sandbox.log()[1..], expected);
}

#[test]
fn faults_strike_the_endpoint_as_they_strike_the_api() {
    let sandbox = Sandbox::start();
    let role = role_session(&sandbox);
    let session = role.federation_session();
    let parameters = [("Action", "getSigninToken"), ("Session", &*session)];
    for (fault, status) in [(Fault::Status500, 500), (Fault::Status503, 503)] {
        sandbox.misbehave("getSigninToken", fault, Times::Next(1));
        let answer = federation(&sandbox, &parameters);
        assert_eq!(answer.status, status);
        assert!(answer.body.starts_with("<html>"), "{}", answer.body);
    }
    for fault in [Fault::Drop, Fault::DropAfter] {
        sandbox.misbehave("getSigninToken", fault, Times::Next(1));
        try_federation(&sandbox, &parameters).unwrap_err();
    }
    assert_eq!(sandbox.sign_ins().len(), 1, "that of the second drop");
    let dropped = sandbox.log().pop().unwrap();
    assert_eq!(dropped.access_key_id, role.access_key_id);

    sandbox.misbehave("getSigninToken", Fault::Garbage, Times::Next(1));
    let portal = federation(&sandbox, &parameters);
    assert!(portal.status == 200 && portal.body.contains("Hotel"));
    sandbox.misbehave("getSigninToken", Fault::Truncated, Times::Next(1));
    let half = federation(&sandbox, &parameters);
    assert!(half.status == 200 && !half.body.ends_with('}'));

    let delay = Duration::from_millis(300);
    sandbox.misbehave("getSigninToken", Fault::Slow(delay), Times::Next(1));
    let start = Instant::now();
    token(&federation(&sandbox, &parameters));
    assert!(start.elapsed() >= delay);
}
