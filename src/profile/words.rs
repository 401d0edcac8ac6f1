//! Settings that are one of a few words.

use std::borrow::Cow;

use crate::{
    keychain::Keychain,
    mfa::source::SourceName,
    profile::{
        error::{Place, ProfileError},
        region::StsEndpoint,
    },
    terminal::misplaced,
};

/// Where a session is kept between two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum SessionStore {
    /// In the session section of the credentials file
    #[default]
    File,
    /// In the keychain; each use of the session then has to open that
    Keychain,
}

/// A setting that takes one of a few words.
pub(super) trait Word: Sized {
    /// The words, as an error names them.
    const WORDS: &'static str;

    fn parse(text: &str) -> Option<Self>;
}

/// `daypass_totp`: whether the keychain holds the seed.
impl Word for bool {
    const WORDS: &'static str = "keychain";

    fn parse(text: &str) -> Option<Self> {
        (text == "keychain").then_some(true)
    }
}

impl Word for Keychain {
    const WORDS: &'static str = "system or pass";

    fn parse(text: &str) -> Option<Self> {
        Keychain::parse(text)
    }
}

impl Word for SessionStore {
    const WORDS: &'static str = "file or keychain";

    fn parse(text: &str) -> Option<Self> {
        clap::ValueEnum::from_str(text, false).ok()
    }
}

impl Word for StsEndpoint {
    const WORDS: &'static str = "regional or legacy";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "regional" => Some(StsEndpoint::Regional),
            "legacy" => Some(StsEndpoint::Legacy),
            _ => None,
        }
    }
}

impl Word for SourceName {
    const WORDS: &'static str = "mfa-process, seed, terminal or pinentry";

    fn parse(text: &str) -> Option<Self> {
        clap::ValueEnum::from_str(text, false).ok()
    }
}

/// Reads such a setting.
pub(super) fn word<T: Word>(
    key: &'static str,
    found: Option<(Cow<'_, str>, Place)>,
) -> Result<Option<T>, ProfileError> {
    let Some((text, place)) = found else {
        return Ok(None);
    };
    match T::parse(&text) {
        Some(word) => Ok(Some(word)),
        None => Err(ProfileError::Word {
            key,
            value: misplaced(&text),
            words: T::WORDS,
            place,
        }),
    }
}
