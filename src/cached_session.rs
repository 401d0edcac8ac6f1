//! The session section: where a session is kept between two commands, in the credentials file or,
//! for those who want that, as the same text in the keychain.

use std::{borrow::Cow, path::PathBuf};

use crate::{
    credentials::{Session, TemporaryCredentials, is_access_key_id},
    keychain::{Item, Keychain, KeychainError, Questions},
    profile::{Files, Profile, SessionStore},
    secret::Secret,
    serial::Serial,
    shared_files::{Document, EditError, Edited, ParseError, Section, SharedFile, SharedFileError},
    terminal::{warn, with_causes},
    time,
};

mod in_keychain;
#[cfg(test)]
mod lookup_tests;
mod place;
mod role;

pub use place::{SectionError, check_role_section, check_section};
pub use role::{find_role, keep_role, put_role, role_sections};

use place::long_term_key_line;
use role::ROLE_KEYS;

/// The keys of a session section, in the order in which they are written.
const KEYS: [&str; 7] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "expiration",
    "daypass_mfa_time",
    "daypass_mfa_serial",
    "daypass_source_access_key_id",
];

/// boto's old name for the token. Tools still write it and botocore prefers it, so it must not stay
/// beside a new one.
const OLD_TOKEN_KEY: &str = "aws_security_token";

/// What the session section held.
#[derive(Debug)]
pub enum Lookup<S = Session> {
    /// A session that belongs to the profile's key and device; it may have expired.
    Hit(S),
    /// None that this profile may use.
    Miss(Reason),
}

/// Why a session section holds nothing for this profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is no such section.
    NoSection,
    /// The section lacks something, or something in it makes no sense.
    Incomplete(&'static str),
    /// The profile has no long-term key, so no session can belong to it.
    NoLongTermKey,
    /// It was made with another long-term key.
    OtherKey,
    /// It was made for another device.
    OtherDevice,
    /// It is a session of another role, or of a role where none is looked for.
    OtherRole,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::NoSection => formatter.write_str("no session yet"),
            Reason::Incomplete(key) => write!(formatter, "the session section has no usable {key}"),
            Reason::NoLongTermKey => formatter.write_str("the profile has no long-term key"),
            Reason::OtherKey => formatter.write_str("made with another long-term key"),
            Reason::OtherDevice => formatter.write_str("made for another MFA device"),
            Reason::OtherRole => {
                formatter.write_str("made for another role, or with other settings")
            }
        }
    }
}

/// Why the profile's session cannot be looked up.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The session section cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The credentials file.
        path: PathBuf,
        /// The line and what is wrong there.
        source: ParseError,
    },
    /// The keychain that holds the session cannot be opened.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
}

/// Looks the profile's session up where the profile keeps it.
///
/// # Errors
/// When it cannot be read: that is not the same as there being none.
pub fn find(files: &Files, profile: &Profile, questions: Questions) -> Result<Lookup, FindError> {
    match profile.session_store {
        SessionStore::File => {
            lookup(&files.credentials.document, profile).map_err(|source| FindError::Unreadable {
                path: files.credentials.file.path.clone(),
                source,
            })
        }
        SessionStore::Keychain => {
            let section = &profile.session_section;
            Ok(in_keychain::lookup(
                profile,
                section,
                questions,
                |document| lookup(document, profile),
            )?)
        }
    }
}

/// Looks the profile's session up in a credentials file.
///
/// # Errors
/// When a value of the section is not text.
pub fn lookup(credentials: &Document, profile: &Profile) -> Result<Lookup, ParseError> {
    let Some(section) = credentials.profile(&profile.session_section) else {
        return Ok(Lookup::Miss(Reason::NoSection));
    };
    Ok(match session_of(section, profile)? {
        Err(reason) => Lookup::Miss(reason),
        Ok(_) if section.value(ROLE_KEYS[0])?.is_some() => Lookup::Miss(Reason::OtherRole),
        Ok(session) => Lookup::Hit(session),
    })
}

/// The values of these keys, if the section has them all.
fn values_of<'a, const COUNT: usize>(
    section: Section<'a>,
    keys: [&'static str; COUNT],
) -> Result<Result<[Cow<'a, str>; COUNT], Reason>, ParseError> {
    let mut values = keys.map(|_| Cow::Borrowed(""));
    for (slot, key) in values.iter_mut().zip(keys) {
        match section.value(key)? {
            Some(value) if !value.text.is_empty() => *slot = value.text,
            _ => return Ok(Err(Reason::Incomplete(key))),
        }
    }
    Ok(Ok(values))
}

/// The session of a section, if it belongs to the profile's key and device.
fn session_of(
    section: Section<'_>,
    profile: &Profile,
) -> Result<Result<Session, Reason>, ParseError> {
    let [id, secret, token, expiration, mfa_time, serial, source] = match values_of(section, KEYS)?
    {
        Ok(values) => values,
        Err(reason) => return Ok(Err(reason)),
    };
    for (id, key) in [(&id, KEYS[0]), (&source, KEYS[6])] {
        if !is_access_key_id(id) {
            return Ok(Err(Reason::Incomplete(key)));
        }
    }
    let Some(expiration) = time::parse_timestamp(&expiration) else {
        return Ok(Err(Reason::Incomplete("expiration")));
    };
    let Some(mfa_time) = time::parse_timestamp(&mfa_time) else {
        return Ok(Err(Reason::Incomplete("daypass_mfa_time")));
    };
    let Ok(mfa_serial) = Serial::parse(&serial) else {
        return Ok(Err(Reason::Incomplete("daypass_mfa_serial")));
    };
    match &profile.key {
        None => return Ok(Err(Reason::NoLongTermKey)),
        Some(key) if key.access_key_id() != source => return Ok(Err(Reason::OtherKey)),
        Some(_) => {}
    }
    let named = profile.mfa_serial.as_ref();
    if named.is_some_and(|named| *named != mfa_serial) {
        return Ok(Err(Reason::OtherDevice));
    }
    Ok(Ok(Session {
        credentials: TemporaryCredentials {
            access_key_id: id.into_owned(),
            secret_access_key: Secret::new(secret),
            session_token: Secret::new(token),
            expiration,
        },
        mfa_time,
        mfa_serial,
        source_access_key_id: source.into_owned(),
    }))
}

/// Why a session was not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] SharedFileError),
    /// The keychain does not take it.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// Somebody put a long-term key into the section while the code was being asked for.
    #[error("[{section}] of {} holds a long-term key now, which the session would overwrite", path.display())]
    HoldsLongTermKey {
        /// The section.
        section: String,
        /// The credentials file.
        path: PathBuf,
    },
}

/// Keeps the session where the profile wants it.
///
/// # Errors
/// [`StoreError`]. What was there is then as it was.
pub fn keep(
    files: &Files,
    profile: &Profile,
    session: &Session,
    questions: Questions,
) -> Result<Edited, StoreError> {
    let section = &profile.session_section;
    let put = |document: &mut Document| put(document, section, session);
    keep_in_section(files, profile, section, questions, put)
}

fn keep_in_section(
    files: &Files,
    profile: &Profile,
    section: &str,
    questions: Questions,
    put: impl Fn(&mut Document) -> Result<bool, EditError>,
) -> Result<Edited, StoreError> {
    match profile.session_store {
        SessionStore::File => store(&files.credentials.file, section, put),
        SessionStore::Keychain => {
            in_keychain::store(profile, section, questions, put)?;
            Ok(forget_older(files, section))
        }
    }
}

/// Takes the session of an earlier login out of the credentials file, where nobody would look for it any
/// more: whoever chose the keychain does not want one in plain text.
fn forget_older(files: &Files, section: &str) -> Edited {
    if !files.holds_our_session(section) {
        return Edited::default();
    }
    let file = &files.credentials.file;
    match forget(file, &[section.to_owned()]) {
        Ok((_, edited)) => edited,
        Err(error) => {
            warn(format_args!(
                "an older session is still in [{section}] of {}: {}",
                file.path.display(),
                with_causes(&error)
            ));
            Edited::default()
        }
    }
}

/// Writes a session into its section, and nothing else into the file.
fn store(
    file: &SharedFile,
    section: &str,
    put: impl Fn(&mut Document) -> Result<bool, EditError>,
) -> Result<Edited, StoreError> {
    let mut is_refused = false;
    let edited = file.edit(|document| {
        is_refused = !put(document)?;
        Ok(())
    })?;
    if is_refused {
        return Err(StoreError::HoldsLongTermKey {
            section: section.to_owned(),
            path: file.path.clone(),
        });
    }
    Ok(edited)
}

/// Puts the session into its section of a document. Returns whether it did: a section that holds a
/// long-term key is left alone.
///
/// # Errors
/// When the section cannot have this name, or a value could not be read back. The document is then as
/// it was.
pub fn put(document: &mut Document, section: &str, session: &Session) -> Result<bool, EditError> {
    let is_put = put_values(document, section, session, &[])?;
    if is_put {
        document.remove(section, &ROLE_KEYS)?;
    }
    Ok(is_put)
}

/// Puts the values of a session and `more` into a section, all of them or none.
fn put_values(
    document: &mut Document,
    section: &str,
    session: &Session,
    more: &[(&str, &str)],
) -> Result<bool, EditError> {
    if long_term_key_line(document, section).is_some() {
        return Ok(false);
    }
    let credentials = &session.credentials;
    let (expiration, mfa_time) = (
        time::render_timestamp(credentials.expiration),
        time::render_timestamp(session.mfa_time),
    );
    let values = [
        credentials.access_key_id.as_str(),
        credentials.secret_access_key.expose(),
        credentials.session_token.expose(),
        &expiration,
        &mfa_time,
        session.mfa_serial.as_str(),
        &session.source_access_key_id,
    ];
    let mut pairs: Vec<(&str, &str)> = KEYS.into_iter().zip(values).collect();
    pairs.extend_from_slice(more);
    document.set(section, &pairs)?;
    document.remove(section, &[OLD_TOKEN_KEY])?;
    Ok(true)
}

/// Forgets the sessions of these sections; says which there were.
///
/// Only sections that daypass wrote are touched, and in them only the keys that it writes.
///
/// # Errors
/// When the file cannot be read or written.
pub fn forget(
    file: &SharedFile,
    sections: &[String],
) -> Result<(Vec<String>, Edited), SharedFileError> {
    let mut forgotten = Vec::new();
    let edited = file.edit(|document| {
        forgotten.clear();
        for section in sections {
            let ours = document
                .profile(section)
                .is_some_and(|found| matches!(found.value("daypass_mfa_time"), Ok(Some(_))));
            if ours && forget_keys(document, section)? {
                forgotten.push(section.clone());
            }
        }
        Ok(())
    })?;
    Ok((forgotten, edited))
}

/// Forgets the session of a section in a keychain, for each of these long-term keys that has one; says
/// whether there was any.
///
/// # Errors
/// When the keychain cannot be opened.
pub fn forget_in_keychain(
    keychain: Keychain,
    access_key_ids: &[String],
    section: &str,
) -> Result<bool, KeychainError> {
    let mut is_forgotten = false;
    for access_key_id in access_key_ids {
        is_forgotten |= keychain.remove(Item::Session {
            access_key_id,
            section,
        })?;
    }
    Ok(is_forgotten)
}

fn forget_keys(document: &mut Document, section: &str) -> Result<bool, EditError> {
    let mut keys = [KEYS.as_slice(), &ROLE_KEYS].concat();
    keys.push(OLD_TOKEN_KEY);
    document.remove(section, &keys)
}
