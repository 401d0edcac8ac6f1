//! The long-term key, secret and all: read when a session has to be made, written when it is given a place.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::{
    credentials::{LongTermKey, is_access_key_id},
    environment,
    keychain::{Item, Keychain, KeychainError, Questions},
    profile::{Files, KeySource, Profile},
    secret::Secret,
    shared_files::{Document, EditError, Kind, ParseError},
};

/// Why there is no long-term key to ask AWS with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Nothing names one.
    #[error("profile '{profile}' has no long-term key: there is no [{profile}-long-term] and no access key in [{profile}] of {}", credentials.display())]
    None {
        /// The profile.
        profile: String,
        /// The credentials file.
        credentials: PathBuf,
    },
    /// The id is there and its secret is not.
    #[error("[{section}] in {} has aws_access_key_id but no aws_secret_access_key", path.display())]
    NoSecret {
        /// The section.
        section: String,
        /// The file.
        path: PathBuf,
    },
    /// The keychain that holds the secret cannot be opened.
    #[error("cannot read the secret of the long-term key {access_key_id}")]
    Keychain {
        /// The id.
        access_key_id: String,
        /// Why.
        source: KeychainError,
    },
    /// The keychain does not hold the secret.
    #[error("{keychain} does not hold the secret of the long-term key {access_key_id}")]
    NotInKeychain {
        /// The id.
        access_key_id: String,
        /// Which keychain.
        keychain: Keychain,
        /// The profile.
        profile: String,
    },
    /// The environment changed under us.
    #[error("AWS_SECRET_ACCESS_KEY is not set")]
    Environment,
    /// The secret is not text.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line and what is wrong there.
        source: ParseError,
    },
}

impl KeyError {
    /// The profile has none.
    pub fn none(files: &Files, profile: &Profile) -> Self {
        KeyError::None {
            profile: profile.session_profile.clone(),
            credentials: files.credentials.file.path.clone(),
        }
    }
}

/// Reads the profile's long-term key from where the profile says it is.
///
/// The key is read from the file itself and never through the SDK's own chain of providers, which
/// would run the profile's `credential_process`: this very program.
///
/// # Errors
/// [`KeyError`] when there is none or its secret is missing.
pub fn read(
    files: &Files,
    profile: &Profile,
    questions: Questions,
) -> Result<LongTermKey, KeyError> {
    let name = &profile.session_profile;
    match &profile.key {
        None => Err(KeyError::none(files, profile)),
        Some(source) => read_from(files, source, profile.keychain(), name, questions),
    }
}

/// Reads a long-term key from this place, on behalf of a profile.
///
/// # Errors
/// [`KeyError`] when its secret is missing there.
pub fn read_from(
    files: &Files,
    source: &KeySource,
    keychain: Keychain,
    profile: &str,
    questions: Questions,
) -> Result<LongTermKey, KeyError> {
    match source {
        KeySource::Keychain { access_key_id } => {
            in_keychain(keychain, access_key_id, profile, questions)
        }
        KeySource::Environment { .. } => environment::long_term_key().ok_or(KeyError::Environment),
        KeySource::Section {
            kind,
            section,
            access_key_id,
        } => {
            let read = match kind {
                Kind::Config => &files.config,
                Kind::Credentials => &files.credentials,
            };
            let path = || read.file.path.clone();
            let value = |key: &str| match read.document.profile(section) {
                Some(found) => found.value(key).map_err(|source| KeyError::Unreadable {
                    path: path(),
                    source,
                }),
                None => Ok(None),
            };
            // Both halves as they are now: the key may have been replaced since the profile was read.
            let id = value(KEYS[0])?.filter(|id| is_access_key_id(&id.text));
            match value(KEYS[1])? {
                Some(secret) if !secret.text.is_empty() => Ok(LongTermKey {
                    access_key_id: id.map_or(access_key_id.clone(), |id| id.text.into_owned()),
                    secret_access_key: Secret::new(secret.text),
                }),
                _ => Err(KeyError::NoSecret {
                    section: section.clone(),
                    path: path(),
                }),
            }
        }
    }
}

fn in_keychain(
    keychain: Keychain,
    access_key_id: &str,
    profile: &str,
    questions: Questions,
) -> Result<LongTermKey, KeyError> {
    let found = keychain
        .read(Item::AccessKey(access_key_id), questions)
        .map_err(|source| KeyError::Keychain {
            access_key_id: access_key_id.to_owned(),
            source,
        })?;
    // As in a file, an empty one is none: nothing is to be signed with it.
    let found = found.filter(|secret| !secret.expose().trim().is_empty());
    let secret_access_key = found.ok_or_else(|| KeyError::NotInKeychain {
        access_key_id: access_key_id.to_owned(),
        keychain,
        profile: profile.to_owned(),
    })?;
    Ok(LongTermKey {
        access_key_id: access_key_id.to_owned(),
        secret_access_key,
    })
}

/// The settings that a key consists of in a section.
pub const KEYS: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];

/// Writes the key into a section.
///
/// # Errors
/// When the section or the key cannot be written so that every reader gets it back.
pub fn write(document: &mut Document, section: &str, key: &LongTermKey) -> Result<(), EditError> {
    write_as(document, section, KEYS, key)
}

/// Writes the key into a section, as settings of these names.
///
/// # Errors
/// As [`write`].
pub fn write_as(
    document: &mut Document,
    section: &str,
    names: [&str; 2],
    key: &LongTermKey,
) -> Result<(), EditError> {
    let values = [key.access_key_id.as_str(), key.secret_access_key.expose()];
    document.set(section, &[(names[0], values[0]), (names[1], values[1])])
}

/// The bytes of a file with something else in the place of the key's secret, wherever it stands.
pub fn blank_out(bytes: &[u8], key: &LongTermKey, instead: &str) -> Zeroizing<Vec<u8>> {
    let secret = key.secret_access_key.expose().as_bytes();
    // No shorter than what it is made of: a buffer that grows leaves a copy behind.
    let mut blanked = Zeroizing::new(Vec::with_capacity(bytes.len() + instead.len()));
    let mut rest = bytes;
    while !rest.is_empty() {
        if !secret.is_empty() && rest.starts_with(secret) {
            blanked.extend_from_slice(instead.as_bytes());
            rest = &rest[secret.len()..];
        } else {
            blanked.push(rest[0]);
            rest = &rest[1..];
        }
    }
    blanked
}
