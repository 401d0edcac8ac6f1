//! A session section that another program may have written: looked up, judged, handed out.
//!
//! Input: the credentials file; `---`; this moment, the MFA age limit and the device, a line each.

use std::time::Duration;

use daypass::{
    cached_session::{Lookup, lookup, put},
    commands::credential_process,
    credentials::{Freshness, REFRESH_WINDOW, Session, TemporaryCredentials},
    mfa::source::CodeSettings,
    profile::{DEFAULT_MFA_AGE_LIMIT, KeySource, Profile, SessionStore, StsEndpoint},
    profile_credentials::ProfileCredentials,
    serial::Serial,
    shared_files::{Document, Kind},
    terminal,
    time::{self, Timestamp},
};

use super::{input, shown};

const SECTION: &str = "work-mfa";

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let [credentials, moment] = input::parts(bytes);
    let moment = input::lines(moment);
    let line = |index: usize| moment.get(index).map_or("", String::as_str);
    let now = time::parse_timestamp(line(0))
        .or_else(|| time::parse_timestamp("2026-11-22T12:00:00Z"))
        .expect("a moment");
    let limit = time::parse_duration(line(1)).unwrap_or(DEFAULT_MFA_AGE_LIMIT);
    let Ok(document) = Document::parse(Kind::Credentials, credentials.to_vec()) else {
        return;
    };
    let value = |key| {
        let value = document.profile(SECTION)?.value(key).ok()??;
        Some(value.text.into_owned())
    };
    // The key that the section names, so that most sections are one of this profile.
    let access_key_id = value("daypass_source_access_key_id").unwrap_or_default();
    let profile = profile(access_key_id, Serial::parse(line(2)).ok(), limit);
    match lookup(&document, &profile) {
        Ok(Lookup::Hit(session)) => {
            let is_of_role = value("daypass_role_arn").is_some();
            assert!(!is_of_role, "a role's session passes for one with MFA");
            hit(&session, &profile, now);
        }
        Ok(Lookup::Miss(reason)) => shown::text(reason.to_string(), false),
        Err(error) => shown::text(error.to_string(), false),
    }
}

fn profile(access_key_id: String, mfa_serial: Option<Serial>, mfa_age_limit: Duration) -> Profile {
    Profile {
        name: "work".to_owned(),
        session_profile: "work".to_owned(),
        roles: Vec::new(),
        region: "eu-west-1".to_owned(),
        sts_endpoint: StsEndpoint::Regional,
        mfa_serial,
        duration: Duration::from_secs(28_800),
        mfa_age_limit,
        codes: CodeSettings::default(),
        session_store: SessionStore::File,
        session_section: SECTION.to_owned(),
        key: Some(KeySource::Keychain { access_key_id }),
    }
}

fn hit(session: &Session, profile: &Profile, now: Timestamp) {
    let limit = profile.mfa_age_limit;
    let expiry = session.effective_expiry(limit);
    assert!(
        expiry <= session.credentials.expiration,
        "good for longer than AWS says"
    );
    let age = expiry - session.mfa_time;
    assert!(
        age <= time::delta(limit),
        "older than the age limit allows: {age}"
    );

    let freshness = session.freshness(limit, now);
    match freshness {
        Freshness::Valid => assert!(expiry - now > REFRESH_WINDOW),
        Freshness::Expiring => assert!(expiry > now && expiry - now <= REFRESH_WINDOW),
        Freshness::Expired => assert!(now + time::delta(second()) > expiry),
    }
    let is_past_middle = session.is_past_middle(limit, now);
    assert!(
        is_past_middle || now <= expiry.max(session.mfa_time),
        "the end is no end"
    );
    // As `status` and `login` tell it.
    for text in [
        time::render_in(&shown::zone(), expiry, now),
        time::render_span(expiry - now),
        terminal::bar(
            (now - session.mfa_time).num_seconds(),
            limit.as_secs().cast_signed(),
            10,
        ),
    ] {
        shown::text(text, false);
    }
    if freshness != Freshness::Expired {
        handed_out(session, expiry, now);
    }
    kept(session, profile);
}

fn second() -> Duration {
    Duration::from_secs(1)
}

/// What AWS tools are given: JSON that says the truth, in the form that they read.
fn handed_out(session: &Session, expiry: Timestamp, now: Timestamp) {
    let credentials = TemporaryCredentials {
        expiration: expiry,
        ..session.credentials.clone()
    };
    let text = credential_process::render(&ProfileCredentials {
        credentials,
        account_id: session.account_id().map(str::to_owned),
        renewed: false,
        unsaved: None,
    })
    .expect("JSON");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(text.matches('\n').count(), 1, "not one line");
    assert_eq!(json["Version"], 1);
    assert_eq!(
        json["AccessKeyId"],
        session.credentials.access_key_id.as_str()
    );
    assert_eq!(
        json["SecretAccessKey"],
        session.credentials.secret_access_key.expose()
    );
    assert_eq!(
        json["SessionToken"],
        session.credentials.session_token.expose()
    );
    let expiration = json["Expiration"].as_str().expect("an Expiration");
    let shape: String = expiration
        .chars()
        .map(|character| {
            if character.is_ascii_digit() {
                '0'
            } else {
                character
            }
        })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00Z", "no SDK reads {expiration}");
    assert!(
        expiration[17..19] < *"60",
        "Python reads no leap second: {expiration}"
    );
    let told = time::parse_timestamp(expiration).expect("an Expiration that is read again");
    assert!(
        told > now,
        "an Expiration in the past: {told}, and it is {now}"
    );
    assert!(
        told <= expiry,
        "an Expiration past the end: {told}, and it ends {expiry}"
    );
}

/// A session that is kept is found again as it was.
fn kept(session: &Session, profile: &Profile) {
    let mut document = Document::empty(Kind::Credentials);
    // Values of several lines are read, and never written.
    if put(&mut document, SECTION, session).is_err() {
        assert!(document.bytes().is_empty(), "a refused session is kept");
        return;
    }
    match lookup(&document, profile) {
        Ok(Lookup::Hit(found)) => {
            assert_eq!(
                found.credentials.secret_access_key.expose(),
                session.credentials.secret_access_key.expose()
            );
            assert_eq!(
                found.credentials.session_token.expose(),
                session.credentials.session_token.expose()
            );
            // Written in whole seconds, cut off: never later than it was.
            for (kept, given) in [
                (found.credentials.expiration, session.credentials.expiration),
                (found.mfa_time, session.mfa_time),
            ] {
                assert!(kept <= given, "{kept} after {given}");
                assert!(
                    given - kept < time::delta(second()),
                    "{kept} long before {given}"
                );
            }
        }
        other => panic!("the session is not found again: {other:?}"),
    }
}
