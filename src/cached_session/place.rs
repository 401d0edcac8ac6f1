//! Which section of the credentials file a session may be written into.

use std::path::PathBuf;

use crate::{
    cached_session::{KEYS, OLD_TOKEN_KEY},
    profile::{Files, KeySource, Profile, Role, SessionStore},
    shared_files::{Document, EditError, Kind, ParseError},
};

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
    check(
        files,
        profile,
        &profile.session_profile,
        &profile.session_section,
    )
}

/// Checks that the session of a role may be written into the section of that.
///
/// # Errors
/// As [`check_section`].
pub fn check_role_section(
    files: &Files,
    profile: &Profile,
    role: &Role,
) -> Result<(), SectionError> {
    if profile.session_store == SessionStore::Keychain {
        return Ok(());
    }
    check(files, profile, &role.profile, &role.section)
}

/// `owner` is the profile that says which section it is.
fn check(files: &Files, profile: &Profile, owner: &str, section: &str) -> Result<(), SectionError> {
    let (config, credentials) = (&files.config, &files.credentials);
    let unreadable = |path: &PathBuf| {
        let path = path.clone();
        move |source| SectionError::Unreadable { path, source }
    };
    // Before a code is spent on a session that could not be written.
    Document::empty(Kind::Credentials)
        .set(section, &[(KEYS[0], "A")])
        .map_err(|source| SectionError::Name {
            profile: owner.to_owned(),
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
                profile: owner.to_owned(),
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
            profile: owner.to_owned(),
            section: section.to_owned(),
            path: credentials.file.path.clone(),
            line,
        }),
    }
}

/// The line of the section's access key id, if that is a long-term key's.
///
/// A value that cannot be read counts as one: what is not known must not be overwritten.
pub(super) fn long_term_key_line(document: &Document, section: &str) -> Option<usize> {
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
