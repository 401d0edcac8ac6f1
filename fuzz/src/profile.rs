//! Both shared files and the name of a profile: resolved, and every error read as a person would.
//!
//! Input: the config file; `---`; the credentials file; `---`; the name.

use std::path::PathBuf;

use daypass::{
    cached_session::{self, FindError, Lookup, SectionError},
    credentials::{RoleSession, Session, TemporaryCredentials},
    failure::Failure,
    keychain::Questions,
    long_term_key,
    profile::{
        Files, KeySource, LONGEST_ROLE_SESSION, Lineage, Overrides, Profile, ProfileError,
        ReadFile, Role, Selection, SessionDuration, SessionStore, places_of_keys, resolve,
    },
    secret::Secret,
    serial::Serial,
    session::SessionError,
    shared_files::{Document, Kind, SharedFile, SharedFileError},
    terminal, time,
};

use super::{input, shown};

/// The profile where the input does not say.
const NAME: &str = "work";

/// The keys whose values are secrets, and those in whose place a secret is known for one.
const UNSHOWN: [&str; 6] = [
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "aws_access_key_id",
    "daypass_access_key_id",
    "daypass_source_access_key_id",
];

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let [config, credentials, name] = input::parts(bytes);
    let name = input::lines(name);
    let name = name.first().map_or(NAME, String::as_str);
    let may_show = |mentions: fn(&[u8]) -> bool| {
        mentions(config) || mentions(credentials) || shown::is_secret(name)
    };
    let (may_show, error_may_show) = (may_show(mentions_secret), may_show(mentions_in_any_place));
    let files = read(Kind::Config, config).and_then(|config| {
        let credentials = read(Kind::Credentials, credentials)?;
        Ok(Files {
            config,
            credentials,
        })
    });
    let files = match files {
        Ok(files) => files,
        Err(error) => return shown::failure(&Failure::File(error), may_show),
    };
    for known in files.profile_names().into_iter().take(4) {
        let outcome = resolve_named(&files, &known);
        let is_known = !matches!(outcome, Err(ProfileError::Unknown { .. }));
        assert!(is_known, "{known:?} is listed and not known");
    }
    match resolve_named(&files, name) {
        Ok(profile) => resolved(&files, name, &profile, may_show),
        // A secret that was indented by mistake belongs to the setting above it, whose error shows only
        // its first line.
        Err(error) => shown::failure(&Failure::Profile(error), error_may_show),
    }
    match places_of_keys(&files, name) {
        Ok(places) => shown::unless_secret(&format!("{places:?}"), may_show),
        Err(error) => shown::failure(&Failure::Profile(error), error_may_show),
    }
}

fn read(kind: Kind, bytes: &[u8]) -> Result<ReadFile, SharedFileError> {
    let path = PathBuf::from(match kind {
        Kind::Config => "/home/ada/.aws/config",
        Kind::Credentials => "/home/ada/.aws/credentials",
    });
    match Document::parse(kind, bytes.to_vec()) {
        Ok(document) => Ok(ReadFile {
            file: SharedFile { path, kind },
            document,
        }),
        Err(error) => Err(SharedFileError::Parse {
            path,
            error,
            copy: None,
        }),
    }
}

fn resolve_named(files: &Files, name: &str) -> Result<Profile, ProfileError> {
    let selection = Selection::from_arguments(Some(name.to_owned()));
    resolve(files, &selection, &Overrides::default())
}

/// Whether what stands for a secret stands anywhere but in the value of a secret, where it may be shown.
fn mentions_secret(file: &[u8]) -> bool {
    mentions(file, |line| line.starts_with([' ', '\t', '\r']))
}

/// The same, where an indented setting counts as one.
fn mentions_in_any_place(file: &[u8]) -> bool {
    mentions(file, |_| false)
}

fn mentions(file: &[u8], is_other: impl Fn(&str) -> bool) -> bool {
    input::lines(file).iter().any(|line| {
        let (key, _) = line.split_once('=').unwrap_or((line, ""));
        let is_unshown = UNSHOWN
            .iter()
            .any(|unshown| key.trim().eq_ignore_ascii_case(unshown));
        shown::is_secret(line) && (is_other(line) || !is_unshown)
    })
}

fn resolved(files: &Files, name: &str, profile: &Profile, may_show: bool) {
    shown::unless_secret(&format!("{profile:?}"), may_show);
    assert_eq!(profile.name, name);
    assert!(!profile.session_section.is_empty(), "no session section");
    assert!(!profile.mfa_age_limit.is_zero(), "an age limit of nothing");
    let duration = format!("{}", profile.duration.as_secs());
    assert!(
        SessionDuration::parse(&duration).is_ok(),
        "AWS refuses {duration} s"
    );
    if let Some(serial) = &profile.mfa_serial {
        assert_eq!(Serial::parse(serial.as_str()).as_ref(), Ok(serial));
    }
    let selection = Selection::from_arguments(Some(name.to_owned()));
    let lineage = Lineage::of(files, &selection).expect("the lineage of a profile");
    assert_eq!(lineage.session_profile(), profile.session_profile);
    assert_eq!(lineage.session_section, profile.session_section);

    if let Some(warning) = files.unused_session(profile) {
        // As `warn` shows it.
        shown::text(terminal::printable(&warning), may_show);
    }
    // What a keychain holds is no part of an input, and asking one takes threads.
    let is_in_file = matches!(&profile.key, Some(KeySource::Section { .. }) | None);
    let key = is_in_file.then(|| long_term_key::read(files, profile, Questions::Forbidden));
    match key.transpose() {
        Ok(None) => {}
        Ok(Some(key)) => {
            assert!(
                !key.secret_access_key.expose().is_empty(),
                "an empty secret"
            );
            shown::unless_secret(&format!("{key:?}"), may_show);
        }
        Err(error) => shown::failure(&Failure::Session(SessionError::Key(error)), may_show),
    }
    match cached_session::lookup(&files.credentials.document, profile) {
        Ok(found) => shown::unless_secret(&format!("{found:?}"), may_show),
        Err(source) => {
            let path = files.credentials.file.path.clone();
            let error = SessionError::Find(FindError::Unreadable { path, source });
            shown::failure(&Failure::Session(error), may_show);
        }
    }
    match cached_session::check_section(files, profile) {
        Ok(()) => log_in(files, profile),
        Err(error @ SectionError::HoldsLongTermKey { .. }) => {
            shown::failure(&Failure::Session(error.into()), may_show);
            keeps_the_key(files, profile);
        }
        Err(error) => shown::failure(&Failure::Session(error.into()), may_show),
    }
    for (at, role) in profile.roles.iter().enumerate() {
        let others = &profile.roles[..at];
        let is_shared = role.section == profile.session_section
            || others.iter().any(|other| other.section == role.section);
        assert!(!is_shared, "two sessions in [{}]", role.section);
        assumed(files, profile, role, may_show);
    }
}

/// What assuming a role does to the credentials file: its session is found again, and is nobody else's.
fn assumed(files: &Files, profile: &Profile, role: &Role, may_show: bool) {
    let seconds = role.duration.as_secs();
    assert!(
        role.duration <= LONGEST_ROLE_SESSION && seconds >= 900,
        "AWS refuses {seconds} s"
    );
    if let Err(error) = cached_session::check_role_section(files, profile, role) {
        return shown::failure(&Failure::Session(error.into()), may_show);
    }
    let mut files = Files {
        config: copy(&files.config),
        credentials: copy(&files.credentials),
    };
    let profile = Profile {
        // No keychain is asked here.
        session_store: SessionStore::File,
        ..profile.clone()
    };
    let find =
        |files: &Files| cached_session::find_role(files, &profile, role, Questions::Forbidden);
    match find(&files) {
        Ok(found) => shown::unless_secret(&format!("{found:?}"), may_show),
        Err(error) => shown::failure(&Failure::Session(error.into()), may_show),
    }
    let Some(session) = session(&profile).map(RoleSession::new) else {
        return;
    };
    let before = files.credentials.document.bytes().to_vec();
    let document = &mut files.credentials.document;
    match cached_session::put_role(document, &profile, role, &session) {
        Ok(is_put) => assert!(is_put, "the section was checked, and then refused"),
        Err(_) => {
            assert!(
                document.bytes() == before,
                "a refused session changed the file"
            );
            return;
        }
    }
    let of_mfa = cached_session::lookup(
        document,
        &Profile {
            session_section: role.section.clone(),
            ..profile.clone()
        },
    );
    assert!(
        !matches!(of_mfa, Ok(Lookup::Hit(_))),
        "a role's session passes for one with MFA"
    );
    match find(&files) {
        Ok(Lookup::Hit(found)) => assert_eq!(format!("{found:?}"), format!("{session:?}")),
        other => panic!("the session of the role is not found again: {other:?}"),
    }
}

/// A session such as AWS gives, made with the profile's key.
fn session(profile: &Profile) -> Option<Session> {
    let now = time::parse_timestamp("2026-11-22T09:31:04Z").expect("a moment");
    let serial = Serial::parse("GAHT12345678").expect("a serial");
    Some(Session {
        credentials: TemporaryCredentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: Secret::new("a/b+c="),
            session_token: Secret::new("token"),
            expiration: now + time::delta(profile.duration),
        },
        mfa_time: now,
        mfa_serial: profile.mfa_serial.clone().unwrap_or(serial),
        source_access_key_id: profile.key.as_ref()?.access_key_id().to_owned(),
    })
}

/// A section that holds a long-term key is never overwritten, whether anybody checked it or not.
fn keeps_the_key(files: &Files, profile: &Profile) {
    let Some(session) = session(profile) else {
        return;
    };
    let mut document = copy(&files.credentials).document;
    let outcome = cached_session::put(&mut document, &profile.session_section, &session);
    assert!(
        matches!(outcome, Ok(false)),
        "a long-term key is overwritten"
    );
    assert!(document.bytes() == files.credentials.document.bytes());
}

/// What `login` does to the credentials file: the session is found again, and the profile is as it was.
fn log_in(files: &Files, profile: &Profile) {
    let Some(session) = session(profile) else {
        return;
    };
    let bytes = files.credentials.document.bytes();
    let mut files = Files {
        config: copy(&files.config),
        credentials: copy(&files.credentials),
    };
    let document = &mut files.credentials.document;
    match cached_session::put(document, &profile.session_section, &session) {
        Ok(is_put) => assert!(is_put, "the section was checked, and then refused"),
        Err(_) => {
            // The id of the key is the only thing here that can be anything.
            assert!(
                document.bytes() == bytes,
                "a refused session changed the file"
            );
            return;
        }
    }
    match cached_session::lookup(document, profile) {
        Ok(Lookup::Hit(found)) => {
            assert_eq!(format!("{found:?}"), format!("{session:?}"));
            assert_eq!(
                found.credentials.session_token.expose(),
                session.credentials.session_token.expose()
            );
        }
        other => panic!("the session is not found again: {other:?}"),
    }
    let again = resolve_named(&files, &profile.name).expect("the profile after a login");
    assert_eq!(again.session_profile, profile.session_profile);
    assert_eq!(again.session_section, profile.session_section);
    assert_eq!(
        again.key.as_ref().map(KeySource::access_key_id),
        Some(session.source_access_key_id.as_str())
    );
    assert_eq!(again.mfa_serial, profile.mfa_serial);
}

fn copy(read: &ReadFile) -> ReadFile {
    let bytes = read.document.bytes().to_vec();
    ReadFile {
        file: read.file.clone(),
        document: Document::parse(read.file.kind, bytes).expect("it was parsed before"),
    }
}
