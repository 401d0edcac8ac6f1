//! What there is to show: profiles and their sessions, those of roles below their source.

use chrono::TimeDelta;

use crate::{
    cached_session::{self, FindError, Lookup},
    credentials::{Freshness, RoleSession, Session},
    environment,
    keychain::{Keychain, Questions},
    mfa::turn::Turn,
    profile::{
        self, Files, KeySource, Lineage, Overrides, Profile, ProfileError, Role, Selection,
        SessionStore,
    },
    terminal::with_causes,
    time::{self, Timestamp},
};

/// A profile and its session, as they are now.
pub(super) struct Row {
    pub(super) name: String,
    /// Whether it stands below the profile whose session it uses.
    pub(super) is_below: bool,
    pub(super) found: Result<Found, ProfileError>,
}

pub(super) struct Found {
    pub(super) profile: Profile,
    /// The MFA session that the profile uses.
    session: Option<Session>,
    /// The session of its role.
    role_session: Option<RoleSession>,
    /// Why there is no MFA session.
    pub(super) reason: Option<String>,
    /// How old the long-term key is at least.
    pub(super) key_age: Option<TimeDelta>,
}

/// What a row shows.
pub(super) enum Shown<'a> {
    /// The MFA session: of a role, if none of its own is there, since that costs no code.
    Mfa(&'a Session),
    /// The session of the profile's role.
    Role(&'a RoleSession, &'a Role),
}

/// The keychains that did not open, and what was told of them: none is tried again for another profile.
type Closed = Vec<(Keychain, String)>;

/// The row of a profile that was named; for a role, that of its source before it.
pub(super) fn named_rows(files: &Files, name: &str) -> Result<Vec<Row>, ProfileError> {
    let mut closed = Closed::new();
    let mut row = Row::of(files, name, Some(name), &mut closed);
    let found = row.found?;
    let source = found.profile.session_profile.clone();
    let is_role = found.profile.role().is_some() && source != name;
    row.found = Ok(found);
    row.is_below = is_role;
    if is_role {
        let source = Row::of(files, &source, Some(&source), &mut closed);
        Ok(vec![source, row])
    } else {
        Ok(vec![row])
    }
}

/// Every profile that uses MFA, and below it the roles that have a session now.
pub(super) fn every_row(files: &Files) -> Vec<Row> {
    let names = files.profile_names();
    let mut closed = Closed::new();
    let roles: Vec<(String, String)> = names
        .iter()
        .filter(|name| says(files, name, "role_arn"))
        .filter_map(|name| Some((source_of(files, name)?, name.clone())))
        .collect();
    let now = time::now();
    let mut rows: Vec<Row> = Vec::new();
    for name in names.iter().filter(|name| uses_mfa(files, name)) {
        rows.push(Row::of(files, name, Some(name), &mut closed));
        for (_, role) in roles.iter().filter(|(source, _)| source == name) {
            let mut row = Row::of(files, role, Some(role), &mut closed);
            row.is_below = true;
            // The others are assumed when they are needed: there is nothing to say of them.
            if matches!(row.shown(now), Some(Shown::Role(..))) {
                rows.push(row);
            }
        }
    }
    let is_default = |row: &Row| row.name == "default";
    let has_key = environment::profile().is_none() && environment::long_term_key().is_some();
    if has_key && !rows.iter().any(is_default) {
        // A key of the environment serves commands that name no profile.
        rows.push(Row::of(files, "default", None, &mut closed));
    }
    rows
}

fn source_of(files: &Files, name: &str) -> Option<String> {
    let lineage = Lineage::of(files, &Selection::from_arguments(Some(name.to_owned()))).ok()?;
    Some(lineage.session_profile().to_owned())
}

fn find(files: &Files, named: Option<&str>, closed: &mut Closed) -> Result<Found, ProfileError> {
    let selection = Selection::from_arguments(named.map(str::to_owned));
    let profile = profile::resolve(files, &selection, &Overrides::default())?;
    let (keychain, mut reason) = (profile.keychain(), None);
    let known = closed.iter().find(|(known, _)| *known == keychain);
    if let (SessionStore::Keychain, Some((_, known))) = (profile.session_store, known) {
        reason = Some(known.clone());
    }
    let (mut session, mut role_session) = (None, None);
    if reason.is_none() {
        match cached_session::find(files, &profile, Questions::Forbidden) {
            Ok(Lookup::Hit(found)) => session = Some(found),
            Ok(Lookup::Miss(miss)) => reason = Some(miss.to_string()),
            Err(FindError::Unreadable { path, source }) => {
                return Err(ProfileError::Unreadable { path, source });
            }
            // The other profiles can be shown all the same.
            Err(error @ FindError::Keychain(_)) => {
                let why = with_causes(&error);
                closed.push((keychain, why.clone()));
                reason = Some(why);
            }
        }
        if let Some(role) = profile.role() {
            let found = cached_session::find_role(files, &profile, role, Questions::Forbidden);
            if let Ok(Lookup::Hit(found)) = found {
                role_session = Some(found);
            }
        }
    }
    let key = profile.key.as_ref().map(KeySource::access_key_id);
    let memory = key.map(|key| Turn::glance(&files.credentials.file.path, key));
    Ok(Found {
        key_age: memory.and_then(|memory| memory.key_age(time::now())),
        profile,
        session,
        role_session,
        reason,
    })
}

fn says(files: &Files, name: &str, key: &str) -> bool {
    [&files.config, &files.credentials].into_iter().any(|read| {
        let section = read.document.profile(name);
        section.is_some_and(|section| !matches!(section.value(key), Ok(None)))
    })
}

/// Whether a profile is one that daypass has to do with. Roles are shown by their source, unless they are
/// their own.
fn uses_mfa(files: &Files, name: &str) -> bool {
    let is_of_another =
        says(files, name, "role_arn") && source_of(files, name).is_none_or(|source| source != name);
    let settings = [
        "mfa_serial",
        "mfa_process",
        "daypass_session_section",
        "daypass_long_term_section",
        "daypass_access_key_id",
    ];
    let credentials = &files.credentials.document;
    !is_of_another
        && (settings.iter().any(|key| says(files, name, key))
            || credentials.profile(&format!("{name}-long-term")).is_some()
            || files.holds_our_session(&format!("{name}-mfa")))
}

impl Row {
    fn of(files: &Files, name: &str, named: Option<&str>, closed: &mut Closed) -> Self {
        Row {
            name: name.to_owned(),
            is_below: false,
            found: find(files, named, closed),
        }
    }

    /// What is to be shown at `now`.
    pub(super) fn shown(&self, now: Timestamp) -> Option<Shown<'_>> {
        let found = self.found.as_ref().ok()?;
        if let (Some(session), Some(role)) = (&found.role_session, found.profile.role())
            && session.freshness(now) != Freshness::Expired
        {
            return Some(Shown::Role(session, role));
        }
        found.session.as_ref().map(Shown::Mfa)
    }

    /// Until when what is shown is good.
    pub(super) fn expiry(&self, now: Timestamp) -> Option<Timestamp> {
        let profile = &self.found.as_ref().ok()?.profile;
        Some(match self.shown(now)? {
            Shown::Mfa(session) => session.effective_expiry(profile.mfa_age_limit),
            Shown::Role(session, _) => session.credentials().expiration,
        })
    }

    /// Until when the profile can be used without another code.
    pub(super) fn end_of_codes(&self, now: Timestamp) -> Option<Timestamp> {
        let found = self.found.as_ref().ok()?;
        let of_session = found.session.as_ref();
        let of_session =
            of_session.map(|session| session.effective_expiry(found.profile.mfa_age_limit));
        self.expiry(now).max(of_session)
    }

    pub(super) fn state(&self, now: Timestamp) -> &'static str {
        match self.expiry(now).map(|expiry| Freshness::of(expiry, now)) {
            Some(Freshness::Valid) => "valid",
            Some(Freshness::Expiring) => "expiring",
            Some(Freshness::Expired) => "expired",
            None => "none",
        }
    }

    /// Whether the session can be used at `now`.
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        matches!(self.state(now), "valid" | "expiring")
    }
}
