//! Reading the long-term key, secret and all: only when a session has to be made.

use std::path::PathBuf;

use crate::{
    credentials::LongTermKey,
    environment,
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
    /// The secret is in the OS keychain.
    #[error(
        "the secret of {access_key_id} is in the OS keychain, which this version of daypass cannot open"
    )]
    Keychain {
        /// The id.
        access_key_id: String,
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

/// Reads the profile's long-term key from where the profile says it is.
///
/// The key is read from the file itself and never through the SDK's own chain of providers, which
/// would run the profile's `credential_process`: this very program.
///
/// # Errors
/// [`KeyError`] when there is none or its secret is missing.
pub fn read(files: &Files, profile: &Profile) -> Result<LongTermKey, KeyError> {
    match &profile.key {
        None => Err(KeyError::None {
            profile: profile.session_profile.clone(),
            credentials: files.credentials.file.path.clone(),
        }),
        Some(KeySource::Keychain { access_key_id }) => Err(KeyError::Keychain {
            access_key_id: access_key_id.clone(),
            profile: profile.session_profile.clone(),
        }),
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
