//! What is taken for a session, and what is not.

use super::*;
use crate::{
    mfa::source::CodeSettings,
    profile::{DEFAULT_DURATION, DEFAULT_MFA_AGE_LIMIT, KeySource, StsEndpoint},
    shared_files::Kind,
};

const SECTION: &str = "[work-mfa]
aws_access_key_id            = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key        = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token            = token
expiration                   = 2026-11-22T17:31:04Z
daypass_mfa_time             = 2026-11-22T09:31:04Z
daypass_mfa_serial           = arn:aws:iam::123456789012:mfa/ada
daypass_source_access_key_id = AKIAIOSFODNN7EXAMPLE
";

/// Looks up what a section holds, for the profile whose key has this id.
fn look_up(section: &str, key: &str) -> Lookup {
    let document = Document::parse(Kind::Credentials, section.into()).unwrap();
    let profile = Profile {
        name: "work".into(),
        session_profile: "work".into(),
        roles: Vec::new(),
        region: "eu-west-1".into(),
        sts_endpoint: StsEndpoint::Regional,
        mfa_serial: None,
        duration: DEFAULT_DURATION,
        mfa_age_limit: DEFAULT_MFA_AGE_LIMIT,
        codes: CodeSettings::default(),
        session_store: SessionStore::File,
        session_section: "work-mfa".into(),
        key: Some(KeySource::Keychain {
            access_key_id: key.into(),
        }),
    };
    lookup(&document, &profile).unwrap()
}

/// Why there is no session for a profile whose key is `key`, where `id` stands for this id.
fn miss(id: &str, text: &str, key: &str) -> Option<Reason> {
    match look_up(&SECTION.replacen(id, text, 1), key) {
        Lookup::Hit(_) => None,
        Lookup::Miss(reason) => Some(reason),
    }
}

#[test]
fn a_session_is_found_under_any_id_that_could_be_one() {
    for id in [
        "ASIAIOSFODNN7EXAMPLE",
        "ASIAEXAMPLE",
        "LSIAQAAAAAAA",
        "test_id",
    ] {
        let found = look_up(
            &SECTION.replacen("ASIAIOSFODNN7EXAMPLE", id, 1),
            "AKIAIOSFODNN7EXAMPLE",
        );
        match found {
            Lookup::Hit(session) => assert_eq!(session.credentials.access_key_id, id),
            Lookup::Miss(reason) => panic!("{id}: {reason}"),
        }
    }
}

#[test]
fn a_secret_in_the_place_of_an_id_makes_a_section_no_session() {
    for text in [
        // The two lines have become one.
        "ASIAIOSFcess_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ASIAIOSFODNN7EXAMPLEwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
        // The second line is indented.
        "ASIAIOSFODNN7EXAMPLE\n  aws_secret_access_key = short",
        // The two are swapped.
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab",
        "secret/of/a/stand-in",
    ] {
        assert_eq!(
            miss("ASIAIOSFODNN7EXAMPLE", text, "AKIAIOSFODNN7EXAMPLE"),
            Some(Reason::Incomplete("aws_access_key_id")),
            "{text}"
        );
        // Even for a profile whose key has the same mistake.
        assert_eq!(
            miss("AKIAIOSFODNN7EXAMPLE", text, text),
            Some(Reason::Incomplete("daypass_source_access_key_id")),
            "{text}"
        );
    }
}
