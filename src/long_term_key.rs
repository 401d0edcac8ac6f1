//! Reading the long-term key, secret and all: only when a session has to be made.

use std::path::PathBuf;

use crate::{
    credentials::LongTermKey,
    environment,
    keychain::{Item, Keychain, KeychainError},
    profile::{Files, KeySource, Profile},
    secret::Secret,
    shared_files::{Kind, ParseError},
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
pub fn read(files: &Files, profile: &Profile) -> Result<LongTermKey, KeyError> {
    match &profile.key {
        None => Err(KeyError::none(files, profile)),
        Some(KeySource::Keychain { access_key_id }) => in_keychain(profile, access_key_id),
        Some(KeySource::Environment { .. }) => {
            environment::long_term_key().ok_or(KeyError::Environment)
        }
        Some(KeySource::Section {
            kind,
            section,
            access_key_id,
        }) => {
            let read = match kind {
                Kind::Config => &files.config,
                Kind::Credentials => &files.credentials,
            };
            let path = || read.file.path.clone();
            let secret =
                match read.document.profile(section) {
                    Some(found) => found.value("aws_secret_access_key").map_err(|source| {
                        KeyError::Unreadable {
                            path: path(),
                            source,
                        }
                    })?,
                    None => None,
                };
            match secret {
                Some(secret) if !secret.text.is_empty() => Ok(LongTermKey {
                    access_key_id: access_key_id.clone(),
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

fn in_keychain(profile: &Profile, access_key_id: &str) -> Result<LongTermKey, KeyError> {
    let keychain = profile.keychain();
    let found = keychain
        .read(Item::AccessKey(access_key_id))
        .map_err(|source| KeyError::Keychain {
            access_key_id: access_key_id.to_owned(),
            source,
        })?;
    let secret_access_key = found.ok_or_else(|| KeyError::NotInKeychain {
        access_key_id: access_key_id.to_owned(),
        keychain,
        profile: profile.session_profile.clone(),
    })?;
    Ok(LongTermKey {
        access_key_id: access_key_id.to_owned(),
        secret_access_key,
    })
}
