//! The session section: where a session is kept between two commands, in the credentials file or,
//! for those who want that, as the same text in the keychain.

use std::path::PathBuf;

use crate::{
    credentials::{Session, is_access_key_id},
    keychain::{Item, Keychain, KeychainError, Questions},
    profile::{Files, KeySource, Profile, SessionStore},
    secret::Secret,
    serial::Serial,
    shared_files::{Document, EditError, Edited, Kind, ParseError, SharedFile, SharedFileError},
    terminal::{warn, with_causes},
    time,
};

mod in_keychain;
#[cfg(test)]
mod lookup_tests;

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
pub enum Lookup {
    /// A session that belongs to the profile's key and device; it may have expired.
    Hit(Session),
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
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::NoSection => formatter.write_str("no session yet"),
            Reason::Incomplete(key) => write!(formatter, "the session section has no usable {key}"),
            Reason::NoLongTermKey => formatter.write_str("the profile has no long-term key"),
            Reason::OtherKey => formatter.write_str("made with another long-term key"),
            Reason::OtherDevice => formatter.write_str("made for another MFA device"),
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
        SessionStore::Keychain => Ok(in_keychain::lookup(profile, questions)?),
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
    let mut values = KEYS.map(|_| std::borrow::Cow::Borrowed(""));
    for (slot, key) in values.iter_mut().zip(KEYS) {
        match section.value(key)? {
            Some(value) if !value.text.is_empty() => *slot = value.text,
            _ => return Ok(Lookup::Miss(Reason::Incomplete(key))),
        }
    }
    let [id, secret, token, expiration, mfa_time, serial, source] = values;
    for (id, key) in [(&id, KEYS[0]), (&source, KEYS[6])] {
        if !is_access_key_id(id) {
            return Ok(Lookup::Miss(Reason::Incomplete(key)));
        }
    }
    let Some(expiration) = time::parse_timestamp(&expiration) else {
        return Ok(Lookup::Miss(Reason::Incomplete("expiration")));
    };
    let Some(mfa_time) = time::parse_timestamp(&mfa_time) else {
        return Ok(Lookup::Miss(Reason::Incomplete("daypass_mfa_time")));
    };
    let Ok(mfa_serial) = Serial::parse(&serial) else {
        return Ok(Lookup::Miss(Reason::Incomplete("daypass_mfa_serial")));
    };
    match &profile.key {
        None => return Ok(Lookup::Miss(Reason::NoLongTermKey)),
        Some(key) if key.access_key_id() != source => return Ok(Lookup::Miss(Reason::OtherKey)),
        Some(_) => {}
    }
    if profile
        .mfa_serial
        .as_ref()
        .is_some_and(|named| *named != mfa_serial)
    {
        return Ok(Lookup::Miss(Reason::OtherDevice));
    }
    Ok(Lookup::Hit(Session {
        access_key_id: id.into_owned(),
        secret_access_key: Secret::new(secret),
        session_token: Secret::new(token),
        expiration,
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
    match profile.session_store {
        SessionStore::File => store(&files.credentials.file, &profile.session_section, session),
        SessionStore::Keychain => {
            in_keychain::store(profile, session, questions)?;
            Ok(forget_older(files, &profile.session_section))
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

/// Writes the session into its section, and nothing else into the file.
///
/// # Errors
/// [`StoreError`]. The file is then as it was.
pub fn store(file: &SharedFile, section: &str, session: &Session) -> Result<Edited, StoreError> {
    let mut is_refused = false;
    let edited = file.edit(|document| {
        is_refused = !put(document, section, session)?;
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
    if long_term_key_line(document, section).is_some() {
        return Ok(false);
    }
    let (expiration, mfa_time) = (
        time::render_timestamp(session.expiration),
        time::render_timestamp(session.mfa_time),
    );
    let values = [
        session.access_key_id.as_str(),
        session.secret_access_key.expose(),
        session.session_token.expose(),
        &expiration,
        &mfa_time,
        session.mfa_serial.as_str(),
        &session.source_access_key_id,
    ];
    let pairs: Vec<(&str, &str)> = KEYS.into_iter().zip(values).collect();
    document.set(section, &pairs)?;
    document.remove(section, &[OLD_TOKEN_KEY])?;
    Ok(true)
}

/// The line of the section's access key id, if that is a long-term key's.
///
/// A value that cannot be read counts as one: what is not known must not be overwritten.
fn long_term_key_line(document: &Document, section: &str) -> Option<usize> {
    let section = document.profile(section)?;
    let has_token = ["aws_session_token", OLD_TOKEN_KEY].iter().any(|key| {
        let token = section.value(key);
        matches!(token, Ok(Some(token)) if !token.text.is_empty())
    });
    match section.value("aws_access_key_id") {
        Ok(None) => None,
        Ok(Some(id)) if id.text.is_empty() || id.text.starts_with("ASIA") || has_token => None,
        Ok(Some(id)) => Some(id.line),
        Err(error) => Some(error.line),
    }
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
    let mut keys = KEYS.to_vec();
    keys.push(OLD_TOKEN_KEY);
    document.remove(section, &keys)
}

/// Why a session may not be written into the section that the profile names for it.
#[derive(Debug, thiserror::Error)]
pub enum SectionError {
    /// The section is a profile with a `credential_process`.
    #[error(
        "the session section [{section}] ({credentials}) is also a profile with a credential_process \
         ({config}): AWS tools would take the keys of the section and never run the process again, \
         expired or not"
    )]
    Shadowed {
        /// The profile that is being logged in.
        profile: String,
        /// The section.
        section: String,
        /// Where the `credential_process` is: path and line.
        config: String,
        /// Where the section is, or would be: path and, if it is there, line.
        credentials: String,
    },
    /// The section holds a long-term key, which the session would overwrite.
    #[error("the session section [{section}] holds a long-term key, which a session would overwrite ({}, line {line})", path.display())]
    HoldsLongTermKey {
        /// The profile that is being logged in.
        profile: String,
        /// The section.
        section: String,
        /// The credentials file.
        path: PathBuf,
        /// The line of the key.
        line: usize,
    },
    /// A section cannot have this name.
    #[error("daypass_session_section of profile '{profile}' cannot be used")]
    Name {
        /// The profile that is being logged in.
        profile: String,
        /// What is wrong with the name.
        source: EditError,
    },
    /// The section cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line and what is wrong there.
        source: ParseError,
    },
}

/// Checks that a session may be written into the profile's session section.
///
/// # Errors
/// When the section shadows a `credential_process`, or when a long-term key would be lost.
pub fn check_section(files: &Files, profile: &Profile) -> Result<(), SectionError> {
    if profile.session_store == SessionStore::Keychain {
        return Ok(());
    }
    let section = profile.session_section.as_str();
    let (config, credentials) = (&files.config, &files.credentials);
    let unreadable = |path: &PathBuf| {
        let path = path.clone();
        move |source| SectionError::Unreadable { path, source }
    };
    // Before a code is spent on a session that could not be written.
    Document::empty(Kind::Credentials)
        .set(section, &[(KEYS[0], "A")])
        .map_err(|source| SectionError::Name {
            profile: profile.session_profile.clone(),
            source,
        })?;
    let kept = credentials.document.profile(section);

    if let Some(shadowed) = config.document.profile(section) {
        let process = shadowed
            .value("credential_process")
            .map_err(unreadable(&config.file.path))?;
        if let Some(process) = process {
            let place = credentials.file.path.display();
            return Err(SectionError::Shadowed {
                profile: profile.session_profile.clone(),
                section: section.to_owned(),
                config: format!("{}, line {}", config.file.path.display(), process.line),
                credentials: match kept {
                    Some(kept) => format!("{place}, line {}", kept.line()),
                    None => format!("{place}, not written yet"),
                },
            });
        }
    }
    let is_own_key = matches!(
        &profile.key,
        Some(KeySource::Section { kind: Kind::Credentials, section: key_section, .. })
            if key_section == section
    );
    let line = match long_term_key_line(&credentials.document, section) {
        None if is_own_key => kept.map(|kept| kept.line()),
        line => line,
    };
    match line {
        None => Ok(()),
        Some(line) => Err(SectionError::HoldsLongTermKey {
            profile: profile.session_profile.clone(),
            section: section.to_owned(),
            path: credentials.file.path.clone(),
            line,
        }),
    }
}
