//! Sessions in the keychain: each entry is the text of a session section.

use crate::{
    cached_session::{Lookup, Reason},
    keychain::{Item, KeychainError, Questions},
    profile::{KeySource, Profile},
    secret::Secret,
    shared_files::{Document, EditError, Kind, ParseError},
};

/// A session without a long-term key belongs to nobody, so that there is no entry for one.
fn item<'a>(profile: &'a Profile, section: &'a str) -> Option<Item<'a>> {
    let access_key_id = profile.key.as_ref().map(KeySource::access_key_id)?;
    Some(Item::Session {
        access_key_id,
        section,
    })
}

pub(super) fn lookup<S>(
    profile: &Profile,
    section: &str,
    questions: Questions,
    lookup: impl Fn(&Document) -> Result<Lookup<S>, ParseError>,
) -> Result<Lookup<S>, KeychainError> {
    let Some(item) = item(profile, section) else {
        return Ok(Lookup::Miss(Reason::NoLongTermKey));
    };
    let Some(text) = profile.keychain().read(item, questions)? else {
        return Ok(Lookup::Miss(Reason::NoSection));
    };
    let document = Document::parse(Kind::Credentials, text.expose().as_bytes().to_vec());
    let found = document.and_then(|document| lookup(&document));
    // Whatever somebody else has put there is no session; it is written over.
    Ok(found.unwrap_or(Lookup::Miss(Reason::Incomplete("entry in the keychain"))))
}

pub(super) fn store(
    profile: &Profile,
    section: &str,
    questions: Questions,
    put: impl Fn(&mut Document) -> Result<bool, EditError>,
) -> Result<(), KeychainError> {
    let mut document = Document::empty(Kind::Credentials);
    let written = put(&mut document);
    let text = std::str::from_utf8(document.bytes()).unwrap_or_default();
    match item(profile, section) {
        Some(item) if matches!(written, Ok(true)) => {
            let text = Secret::new(text);
            profile.keychain().write(item, &text, questions)
        }
        // Only a name or a value that no file could hold: AWS gives none, and the name was checked.
        item => Err(KeychainError::NotKept {
            keychain: profile.keychain(),
            account: item.map(|item| item.account()).unwrap_or_default(),
        }),
    }
}
