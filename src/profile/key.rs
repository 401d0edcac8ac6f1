//! Where a profile's long-term key is.

use crate::{
    credentials::is_access_key_id,
    environment,
    profile::{
        Files, Lineage, Place, Profile, ProfileError, ReadFile, Selection,
        files::long_term_section, setting,
    },
    shared_files::Kind,
    terminal::misplaced,
};

/// Says that the secret of this key is in the OS keychain.
pub(super) const KEYCHAIN_ID: &str = "daypass_access_key_id";

/// Where the long-term key is. Its id is no secret and is always in a file or the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The secret is in the OS keychain under this id.
    Keychain {
        /// `AKIA…`
        access_key_id: String,
    },
    /// Id and secret are in a section of one of the shared files.
    Section {
        /// Which of the two files.
        kind: Kind,
        /// The section's profile name.
        section: String,
        /// `AKIA…`
        access_key_id: String,
    },
    /// Id and secret are in the environment.
    Environment {
        /// `AKIA…`
        access_key_id: String,
    },
}

impl KeySource {
    /// The id of the key.
    pub fn access_key_id(&self) -> &str {
        match self {
            KeySource::Keychain { access_key_id }
            | KeySource::Section { access_key_id, .. }
            | KeySource::Environment { access_key_id } => access_key_id,
        }
    }

    /// The key of the environment, if there is one.
    ///
    /// # Errors
    /// When the variable for the id holds none.
    pub(super) fn of_environment() -> Result<Option<Self>, ProfileError> {
        let Some(key) = environment::long_term_key() else {
            return Ok(None);
        };
        if !is_access_key_id(&key.access_key_id) {
            return Err(ProfileError::NotAKeyIdInEnvironment);
        }
        let access_key_id = key.access_key_id;
        Ok(Some(KeySource::Environment { access_key_id }))
    }
}

/// Finds the long-term key of the first profile of `chain` that has one.
pub(super) fn find_key(files: &Files, chain: &[String]) -> Result<Option<KeySource>, ProfileError> {
    for profile in chain {
        if let Some(found) = key_in_keychain(files, profile)? {
            return Ok(Some(found));
        }
        if let Some((section, place)) = setting(files, profile, "daypass_long_term_section")? {
            return match key_in(&files.credentials, &section)? {
                None => Err(ProfileError::NoKeyInSection {
                    section: misplaced(&section),
                    credentials: files.credentials.file.path.clone(),
                    place,
                }),
                found => Ok(found),
            };
        }
        let places = [
            (&files.credentials, long_term_section(profile)),
            (&files.credentials, profile.clone()),
            (&files.config, profile.clone()),
        ];
        for (read, section) in places {
            match key_in(read, &section)? {
                // A profile's own section may hold anything; only an IAM user's key is known by its id.
                Some(found)
                    if section == *profile && !found.access_key_id().starts_with("AKIA") => {}
                Some(found) => return Ok(Some(found)),
                None => {}
            }
        }
    }
    Ok(None)
}

/// Where a profile's long-term key is by now, in files that were read again; `None` if that cannot be told.
pub fn key_now(files: &Files, profile: &Profile) -> Option<KeySource> {
    // From the profile itself: what the one with the session would be as a role of its own is another matter.
    let selection = Selection::from_arguments(Some(profile.name.clone()));
    let lineage = Lineage::of(files, &selection).ok()?;
    find_key(files, &lineage.chain[lineage.session_at..]).ok()?
}

/// Every place that holds a long-term key for this one profile, in the order in which they count, and
/// the environment's own at the end.
///
/// # Errors
/// When a place cannot be read, or holds a secret where the id belongs.
pub fn places_of_keys(files: &Files, profile: &str) -> Result<Vec<KeySource>, ProfileError> {
    let mut found = Vec::from_iter(key_in_keychain(files, profile)?);
    let named = setting(files, profile, "daypass_long_term_section")?;
    let named = named.map(|(section, _)| (&files.credentials, section.into_owned()));
    let places = [
        (&files.credentials, long_term_section(profile)),
        (&files.credentials, profile.to_owned()),
        (&files.config, profile.to_owned()),
    ];
    for (read, section) in named.into_iter().chain(places) {
        if let Some(key) = key_in(read, &section)?
            && (section != profile || key.access_key_id().starts_with("AKIA"))
            && !found.contains(&key)
        {
            found.push(key);
        }
    }
    found.extend(KeySource::of_environment()?);
    Ok(found)
}

/// The long-term key of a profile that keeps its secret in the keychain.
fn key_in_keychain(files: &Files, profile: &str) -> Result<Option<KeySource>, ProfileError> {
    let Some((access_key_id, place)) = setting(files, profile, KEYCHAIN_ID)? else {
        return Ok(None);
    };
    if !is_access_key_id(&access_key_id) {
        return Err(ProfileError::NotAKeyId {
            key: KEYCHAIN_ID,
            section: profile.to_owned(),
            place,
        });
    }
    let access_key_id = access_key_id.into_owned();
    Ok(Some(KeySource::Keychain { access_key_id }))
}

/// The long-term key of a section: an id that is no session's, without a session token.
fn key_in(read: &ReadFile, section: &str) -> Result<Option<KeySource>, ProfileError> {
    let Some(access_key_id) = read.value(section, "aws_access_key_id")? else {
        return Ok(None);
    };
    if !is_access_key_id(&access_key_id.text) {
        return Err(ProfileError::NotAKeyId {
            key: "aws_access_key_id",
            section: section.to_owned(),
            place: Place::Line(read.file.path.clone(), access_key_id.line),
        });
    }
    // The second name is boto's of old; tools still write it, and botocore prefers it.
    let has_token = read.value(section, "aws_session_token")?.is_some()
        || read.value(section, "aws_security_token")?.is_some();
    if access_key_id.text.starts_with("ASIA") || has_token {
        return Ok(None);
    }
    Ok(Some(KeySource::Section {
        kind: read.file.kind,
        section: section.to_owned(),
        access_key_id: access_key_id.text.into_owned(),
    }))
}
