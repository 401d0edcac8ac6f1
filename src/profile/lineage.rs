//! From a profile along `source_profile` to the one whose session it uses.

use crate::{
    profile::{Files, ProfileError, Selection, key, setting, text},
    terminal::misplaced,
};

/// Whose session a profile uses, and where that is kept: all that `logout` needs to know.
#[derive(Debug, Clone)]
pub struct Lineage {
    /// The profile, its `source_profile`, the source of that, and so on.
    pub(super) chain: Vec<String>,
    /// Where in the chain the profile is whose session is used.
    pub(super) session_at: usize,
    /// How many profiles at the beginning of the chain assume a role. The one whose session is used is
    /// among them if it is its own source.
    pub(super) roles: usize,
    /// Whether the profile whose session is used also names a role, whether that is assumed or not.
    pub(super) session_profile_has_role: bool,
    /// The section of the credentials file that holds the cached session.
    pub session_section: String,
}

impl Lineage {
    /// Follows the profile that a command is about to the one whose session it uses: itself, or for a
    /// role the first of its sources that is none or has a long-term key of its own, as AWS tools do.
    ///
    /// # Errors
    /// When the profile or one of its sources does not exist, or gets its credentials from where no MFA
    /// session can be had.
    pub fn of(files: &Files, selection: &Selection) -> Result<Self, ProfileError> {
        let name = selection.name.as_str();
        if !files.know(name) && selection.environment_key()?.is_none() {
            return Err(unknown(files, selection));
        }
        let chain = source_chain(files, name)?;
        let mut roles = chain.len();
        let mut session_at = chain.len() - 1;
        let mut session_profile_has_role = true;
        for (at, profile) in chain.iter().enumerate() {
            let is_role = setting(files, profile, "role_arn")?.is_some();
            if !is_role || (at > 0 && has_own_key(files, profile)?) {
                (roles, session_at) = (at, at);
                session_profile_has_role = is_role;
                break;
            }
            check_credential_source(files, profile)?;
        }
        let section = setting(files, &chain[session_at], "daypass_session_section")?;
        Ok(Lineage {
            session_section: text(section).unwrap_or_else(|| format!("{}-mfa", chain[session_at])),
            session_at,
            roles,
            session_profile_has_role,
            chain,
        })
    }

    /// The profile whose session is used.
    pub fn session_profile(&self) -> &str {
        &self.chain[self.session_at]
    }

    /// The profiles that assume a role, in the order in which that is done.
    pub fn role_profiles(&self) -> impl Iterator<Item = &str> {
        self.chain[..self.roles].iter().rev().map(String::as_str)
    }

    /// The section of the credentials file that holds the cached session of the role that `profile`, one of
    /// [`Lineage::role_profiles`], assumes.
    ///
    /// # Errors
    /// When the profile's own word for it cannot be read.
    pub fn role_section(&self, files: &Files, profile: &str) -> Result<String, ProfileError> {
        if profile == self.session_profile() || has_own_key(files, profile)? {
            // The MFA session of its own key has the usual name, whoever uses that.
            return Ok(format!("{profile}-role"));
        }
        let named = setting(files, profile, "daypass_session_section")?;
        Ok(text(named).unwrap_or_else(|| format!("{profile}-mfa")))
    }

    /// The sections of all its roles, as far as the profiles of these can be read.
    pub fn role_sections(&self, files: &Files) -> Vec<String> {
        self.role_profiles()
            .filter_map(|profile| self.role_section(files, profile).ok())
            .collect()
    }
}

/// Whether the profile has a long-term key and need not ask a source for credentials.
fn has_own_key(files: &Files, profile: &str) -> Result<bool, ProfileError> {
    let alone = [profile.to_owned()];
    Ok(key::find_key(files, &alone)?.is_some())
}

/// Refuses a role that is assumed with what the machine gives, since there is no MFA in that.
fn check_credential_source(files: &Files, profile: &str) -> Result<(), ProfileError> {
    match setting(files, profile, "credential_source")? {
        None => Ok(()),
        Some((_, place)) => Err(ProfileError::CredentialSource {
            profile: profile.to_owned(),
            place,
        }),
    }
}

/// The profile, its `source_profile`, the source of that, and so on.
fn source_chain(files: &Files, name: &str) -> Result<Vec<String>, ProfileError> {
    let mut chain = vec![name.to_owned()];
    let mut current = name.to_owned();
    while let Some((source, place)) = setting(files, &current, "source_profile")? {
        // A role profile may name itself: it assumes the role with its own keys.
        if source == current {
            break;
        }
        let source = source.into_owned();
        if !files.know(&source) {
            return Err(ProfileError::UnknownSource {
                profile: current,
                source_profile: misplaced(&source),
                place,
            });
        }
        let seen = chain.contains(&source);
        chain.push(source.clone());
        if seen {
            return Err(ProfileError::SourceLoop {
                steps: chain,
                place,
            });
        }
        current = source;
    }
    Ok(chain)
}

fn unknown(files: &Files, selection: &Selection) -> ProfileError {
    let all = files.profile_names();
    if !selection.named {
        return ProfileError::NoDefault { all };
    }
    ProfileError::Unknown {
        near: near(&selection.name, &all),
        name: selection.name.clone(),
        all,
        config: files.config.file.path.clone(),
        credentials: files.credentials.file.path.clone(),
    }
}

/// The names most like the one that was typed, best first.
fn near(name: &str, all: &[String]) -> Vec<String> {
    const ALIKE: f64 = 0.75;
    let mut scored: Vec<(f64, &String)> = all
        .iter()
        .map(|known| {
            (
                strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()),
                known,
            )
        })
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    scored
        .into_iter()
        .take(3)
        .map(|(_, known)| known.clone())
        .collect()
}
