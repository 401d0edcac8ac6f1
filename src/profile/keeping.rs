//! Which keychain may hold a profile's session, as far as that can be told of a profile with mistakes.

use crate::{
    keychain::Keychain,
    profile::{
        Files, KeySource, Lineage, ProfileError, Selection, SessionStore,
        key::{self, KEYCHAIN_ID},
        setting, words,
    },
};

/// Where in a keychain a session may be.
#[derive(Debug)]
pub struct SessionKeychain {
    /// Which keychain.
    pub keychain: Keychain,
    /// The id of the long-term key that the profile has now, if it has one, or why nobody knows.
    pub access_key_id: Result<Option<String>, ProfileError>,
}

/// Finds the keychain that may hold the session: the one of a profile that keeps anything in a keychain,
/// or of any profile if `store` says so. `None` if there is no reason to look in one.
///
/// # Errors
/// When there is a reason, and the profile does not say which keychain.
pub fn session_keychain(
    files: &Files,
    selection: &Selection,
    lineage: &Lineage,
    store: Option<SessionStore>,
) -> Result<Option<SessionKeychain>, ProfileError> {
    let chain = &lineage.chain[lineage.session_at..];
    if !may_use_keychain(files, chain, store) {
        return Ok(None);
    }
    let named = setting(files, lineage.session_profile(), "daypass_keychain")?;
    let key = match key::find_key(files, chain) {
        Ok(None) => selection.environment_key(),
        found => found,
    };
    Ok(Some(SessionKeychain {
        keychain: words::word("daypass_keychain", named)?.unwrap_or_default(),
        access_key_id: key.map(|key| {
            key.as_ref()
                .map(KeySource::access_key_id)
                .map(str::to_owned)
        }),
    }))
}

/// Whether there is a reason to look for a session in a keychain: the profile at the beginning of this
/// chain keeps something there, or a key of its sources is there, or `store` says so.
pub fn may_use_keychain(files: &Files, chain: &[String], store: Option<SessionStore>) -> bool {
    if let Some(store) = store {
        return store == SessionStore::Keychain;
    }
    // What cannot be read may say so.
    let is_said = |profile: &str, key| !matches!(setting(files, profile, key), Ok(None));
    let own_settings = ["daypass_keychain", "daypass_totp"];
    let by_itself = chain.first().is_some_and(|profile| {
        let store = setting(files, profile, "daypass_session_store");
        let is_file = matches!(&store, Ok(Some((text, _))) if *text == "file");
        (is_said(profile, "daypass_session_store") && !is_file)
            || own_settings.iter().any(|key| is_said(profile, key))
    });
    by_itself || chain.iter().any(|profile| is_said(profile, KEYCHAIN_ID))
}
