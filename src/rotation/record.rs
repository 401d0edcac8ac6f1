//! Where a profile's key stands, and what stands beside it while it is being replaced.
//!
//! The new key waits, and the old one stays, in the very section that holds the key, under names that no AWS
//! tool reads. So putting the new one in its place is one edit of one section: there is no moment at which the
//! file holds neither, or half of each. A section of its own would be a profile to every AWS tool. Where the
//! secret is in a keychain only the ids stand there, and the keychain holds all secrets under their ids.

use std::collections::BTreeSet;

use crate::{
    credentials::{LongTermKey, is_access_key_id},
    keychain::{Item, Keychain, KeychainError, Questions},
    long_term_key,
    profile::{Files, KeySource, Profile, ProfileError, ReadFile},
    rotation::{RotationError, plan::Recorded},
    secret::Secret,
    shared_files::{Document, EditError, Kind},
};

/// The names of the new key, until it takes the place of the old one.
const NEW: [&str; 2] = ["daypass_new_access_key_id", "daypass_new_secret_access_key"];

/// The names of the old key, until AWS has deleted it.
const OLD: [&str; 2] = ["daypass_old_access_key_id", "daypass_old_secret_access_key"];

/// Names the key in a keychain.
const KEYCHAIN_ID: &str = "daypass_access_key_id";

/// Names the key that a session was made with.
const SESSION_OF: &str = "daypass_source_access_key_id";

/// The section that holds the key, or its id where the secret is in a keychain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Which file.
    pub kind: Kind,
    /// Which section.
    pub section: String,
    /// The keychain with the secret; `None` if that is in the section.
    pub keychain: Option<Keychain>,
}

/// Where the key stands, and what is on record beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where.
    pub home: Home,
    /// The ids.
    pub recorded: Recorded,
}

impl Record {
    /// Reads the record of a profile.
    ///
    /// # Errors
    /// When the profile has no key, or one that cannot be replaced.
    pub fn read(files: &Files, profile: &Profile) -> Result<Self, RotationError> {
        let source = match &profile.key {
            None => {
                let error = long_term_key::KeyError::none(files, profile);
                return Err(RotationError::NoKey(error));
            }
            Some(KeySource::Environment { access_key_id }) => {
                let access_key_id = access_key_id.clone();
                return Err(RotationError::InEnvironment { access_key_id });
            }
            Some(source) => source,
        };
        let home = match source {
            KeySource::Section { kind, section, .. } => Home {
                kind: *kind,
                section: section.clone(),
                keychain: None,
            },
            source => {
                let keychain = profile.keychain();
                home_of_id(files, profile, source.access_key_id(), keychain)?
            }
        };
        let id = |name| -> Result<Option<String>, ProfileError> {
            let found = file(files, home.kind).value(&home.section, name)?;
            let id = found.map(|value| value.text.into_owned());
            Ok(id.filter(|id| is_access_key_id(id)))
        };
        let recorded = Recorded {
            current: source.access_key_id().to_owned(),
            new: id(NEW[0])?,
            old: id(OLD[0])?,
        };
        Ok(Record { home, recorded })
    }

    /// The new key, secret and all; `None` if its secret is nowhere.
    ///
    /// # Errors
    /// When the file or the keychain cannot be read.
    pub fn new_key(&self, files: &Files) -> Result<Option<LongTermKey>, RotationError> {
        let Some(access_key_id) = self.recorded.new.clone() else {
            return Ok(None);
        };
        let secret = match self.home.keychain {
            Some(keychain) => keychain.read(Item::AccessKey(&access_key_id), Questions::Allowed)?,
            None => file(files, self.home.kind)
                .value(&self.home.section, NEW[1])?
                .map(|value| Secret::new(value.text)),
        };
        Ok(secret.map(|secret_access_key| LongTermKey {
            access_key_id,
            secret_access_key,
        }))
    }

    /// Puts the new key on record.
    ///
    /// # Errors
    /// When it cannot be written so that every reader gets it back.
    pub fn put_new(&self, document: &mut Document, key: &LongTermKey) -> Result<(), EditError> {
        let section = &self.home.section;
        match self.home.keychain {
            None => long_term_key::write_as(document, section, NEW, key),
            Some(_) => document.set(section, &[(NEW[0], &key.access_key_id)]),
        }
    }

    /// Takes the new key off the record again.
    ///
    /// # Errors
    /// When the readers of the file disagree about its lines.
    pub fn drop_new(&self, document: &mut Document) -> Result<(), EditError> {
        document.remove(&self.home.section, &NEW).map(drop)
    }

    /// Takes the old key off the record.
    ///
    /// # Errors
    /// When the readers of the file disagree about its lines.
    pub fn drop_old(&self, document: &mut Document) -> Result<(), EditError> {
        document.remove(&self.home.section, &OLD).map(drop)
    }

    /// Puts the new key in the place of the old one, in one of the two files, wherever that stands in it; the
    /// sessions that were made with the old one count as made with the new one.
    ///
    /// AWS lets a session live on when the key goes that it was made with, and the new key is of the same user,
    /// as AWS has said by then. So it belongs to the profile as before.
    ///
    /// # Errors
    /// When a value cannot be written so that every reader gets it back.
    pub fn put_in_place(
        &self,
        document: &mut Document,
        old: &LongTermKey,
        new: &LongTermKey,
    ) -> Result<(), EditError> {
        let (kind, home) = (document.kind(), &self.home);
        for section in places(document, &old.access_key_id) {
            long_term_key::write(document, &section, new)?;
        }
        rename(
            document,
            KEYCHAIN_ID,
            &old.access_key_id,
            &new.access_key_id,
        )?;
        relabel_sessions(document, &old.access_key_id, &new.access_key_id)?;
        if home.kind == kind {
            match home.keychain {
                None => long_term_key::write_as(document, &home.section, OLD, old)?,
                Some(_) => document.set(&home.section, &[(OLD[0], &old.access_key_id)])?,
            }
            self.drop_new(document)?;
        }
        Ok(())
    }
}

/// Has the sessions that were made with one key count as made with another.
///
/// # Errors
/// When the readers of the file disagree about its lines.
pub fn relabel_sessions(document: &mut Document, old: &str, new: &str) -> Result<(), EditError> {
    rename(document, SESSION_OF, old, new)
}

fn rename(document: &mut Document, setting: &str, old: &str, new: &str) -> Result<(), EditError> {
    for section in sections_with(document, setting, old) {
        document.set(&section, &[(setting, new)])?;
    }
    Ok(())
}

/// Which sections of a document hold this key with its secret.
fn places(document: &Document, access_key_id: &str) -> Vec<String> {
    let mut sections = sections_with(document, long_term_key::KEYS[0], access_key_id);
    sections.retain(|name| {
        let section = document.profile(name);
        section.is_some_and(|section| !matches!(section.value(long_term_key::KEYS[1]), Ok(None)))
    });
    sections
}

fn sections_with(document: &Document, setting: &str, value: &str) -> Vec<String> {
    let names = document.profile_names().into_iter();
    names
        .filter(|name| {
            let found = document.profile(name).map(|section| section.value(setting));
            matches!(found, Some(Ok(Some(found))) if found.text == value)
        })
        .map(|name| name.into_owned())
        .collect()
}

/// The keychains that hold the secret of a key, as far as the files say.
pub fn keychains(files: &Files, access_key_id: &str) -> Vec<Keychain> {
    let mut found = BTreeSet::new();
    for read in [&files.config, &files.credentials] {
        for section in sections_with(&read.document, KEYCHAIN_ID, access_key_id) {
            let named = [&files.config, &files.credentials]
                .into_iter()
                .find_map(|read| read.value(&section, "daypass_keychain").ok().flatten())
                .and_then(|value| Keychain::parse(&value.text))
                .unwrap_or_default();
            found.insert(named == Keychain::Pass);
        }
    }
    let keychain = |is_pass| match is_pass {
        true => Keychain::Pass,
        false => Keychain::System,
    };
    found.into_iter().map(keychain).collect()
}

/// The profiles and sections on this machine that name a key, besides the one that it is replaced in.
pub fn others_with(files: &Files, home: &Home, access_key_id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for read in [&files.config, &files.credentials] {
        for setting in [long_term_key::KEYS[0], KEYCHAIN_ID] {
            for section in sections_with(&read.document, setting, access_key_id) {
                let is_home = read.file.kind == home.kind && section == home.section;
                if !is_home && !found.contains(&section) {
                    found.push(section);
                }
            }
        }
    }
    found
}

/// The section that says that the secret of this key is in the keychain.
fn home_of_id(
    files: &Files,
    profile: &Profile,
    access_key_id: &str,
    keychain: Keychain,
) -> Result<Home, RotationError> {
    let mut found = None;
    for read in [&files.config, &files.credentials] {
        for section in sections_with(&read.document, KEYCHAIN_ID, access_key_id) {
            let is_own = section == profile.session_profile;
            if found.is_none() || is_own {
                let home = Home {
                    kind: read.file.kind,
                    section,
                    keychain: Some(keychain),
                };
                if is_own {
                    return Ok(home);
                }
                found = Some(home);
            }
        }
    }
    found.ok_or(RotationError::NotReadBack)
}

/// The file of this kind.
pub fn file(files: &Files, kind: Kind) -> &ReadFile {
    match kind {
        Kind::Config => &files.config,
        Kind::Credentials => &files.credentials,
    }
}

/// Looks for a key of an earlier run whose id was not put on record any more: its secret is in the keychain.
///
/// # Errors
/// When the keychain cannot be read.
pub fn is_in_keychain(keychain: Keychain, access_key_id: &str) -> Result<bool, KeychainError> {
    let found = keychain.read(Item::AccessKey(access_key_id), Questions::Allowed)?;
    Ok(found.is_some())
}
