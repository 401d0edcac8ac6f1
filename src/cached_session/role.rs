//! The session of a role: kept as that of its source is, with what it was assumed with beside it.

use std::borrow::Cow;

use crate::{
    cached_session::{
        FindError, Lookup, Reason, StoreError, in_keychain, keep_in_section, put_values,
        session_of, values_of,
    },
    credentials::RoleSession,
    keychain::Questions,
    profile::{Files, Profile, Role, SessionStore},
    shared_files::{Document, EditError, Edited, ParseError},
};

/// What a section says besides if its session is a role's.
pub(super) const ROLE_KEYS: [&str; 3] = [
    "daypass_role_arn",
    "daypass_role_settings",
    "daypass_source_profile",
];

/// Looks the session of one of the profile's roles up where the profile keeps sessions.
///
/// # Errors
/// When it cannot be read: that is not the same as there being none.
pub fn find_role(
    files: &Files,
    profile: &Profile,
    role: &Role,
    questions: Questions,
) -> Result<Lookup<RoleSession>, FindError> {
    match profile.session_store {
        SessionStore::File => {
            lookup(&files.credentials.document, profile, role).map_err(|source| {
                FindError::Unreadable {
                    path: files.credentials.file.path.clone(),
                    source,
                }
            })
        }
        SessionStore::Keychain => {
            let section = &role.section;
            Ok(in_keychain::lookup(
                profile,
                section,
                questions,
                |document| lookup(document, profile, role),
            )?)
        }
    }
}

/// Looks the session of a role up in a credentials file.
///
/// # Errors
/// When a value of the section is not text.
fn lookup(
    credentials: &Document,
    profile: &Profile,
    role: &Role,
) -> Result<Lookup<RoleSession>, ParseError> {
    let Some(section) = credentials.profile(&role.section) else {
        return Ok(Lookup::Miss(Reason::NoSection));
    };
    let [arn, settings, _] = match values_of(section, ROLE_KEYS)? {
        Ok(values) => values,
        Err(reason) => return Ok(Lookup::Miss(reason)),
    };
    if arn != role.arn.as_str() || settings != role.digest {
        return Ok(Lookup::Miss(Reason::OtherRole));
    }
    Ok(match session_of(section, profile)? {
        Ok(session) => Lookup::Hit(RoleSession::new(session)),
        Err(reason) => Lookup::Miss(reason),
    })
}

/// The sections of a credentials file that hold sessions of roles which were made from the session of
/// `source_profile`.
pub fn role_sections(credentials: &Document, source_profile: &str) -> Vec<String> {
    let is_of_source = |name: &str| {
        let source = credentials
            .profile(name)
            .map(|section| section.value(ROLE_KEYS[2]));
        matches!(source, Some(Ok(Some(source))) if source.text == source_profile)
    };
    let names = credentials.profile_names().into_iter();
    names
        .filter(|name| is_of_source(name))
        .map(Cow::into_owned)
        .collect()
}

/// Keeps the session of a role where the profile wants sessions.
///
/// # Errors
/// [`StoreError`]. What was there is then as it was.
pub fn keep_role(
    files: &Files,
    profile: &Profile,
    role: &Role,
    session: &RoleSession,
    questions: Questions,
) -> Result<Edited, StoreError> {
    let put = |document: &mut Document| put_role(document, profile, role, session);
    keep_in_section(files, profile, &role.section, questions, put)
}

/// Puts the session of a role into its section of a document. Returns whether it did: a section that
/// holds a long-term key is left alone.
///
/// # Errors
/// When the section cannot have this name, or a value could not be read back. The document is then as it
/// was.
pub fn put_role(
    document: &mut Document,
    profile: &Profile,
    role: &Role,
    session: &RoleSession,
) -> Result<bool, EditError> {
    let values = [role.arn.as_str(), &role.digest, &profile.session_profile];
    let pairs: Vec<(&str, &str)> = ROLE_KEYS.into_iter().zip(values).collect();
    put_values(document, &role.section, session.as_session(), &pairs)
}
