//! From flags, environment and the two shared files to one frozen [`Profile`].

use std::{borrow::Cow, time::Duration};

use crate::{
    arn::RoleArn,
    environment,
    keychain::Keychain,
    mfa::source::{CodeSettings, SourceName},
    serial::Serial,
    terminal::trace,
    time,
};

mod duration;
mod error;
mod files;
mod keeping;
mod key;
mod lineage;
mod region;
mod role;
mod words;

pub use duration::{SessionDuration, SessionDurationError};
pub use error::{Place, ProfileError};
pub use files::{Files, ReadFile, long_term_section};
pub use keeping::{SessionKeychain, may_use_keychain, session_keychain};
pub use key::{KeySource, key_now, places_of_keys};
pub use lineage::Lineage;
pub use region::{StsEndpoint, can_be_a_region, region};
pub use role::{LONGEST_ROLE_SESSION, Role};
pub use words::SessionStore;

/// The duration asked of `GetSessionToken` unless configured.
pub const DEFAULT_DURATION: Duration = Duration::from_secs(8 * 3_600);

/// The MFA age limit unless configured: the eight hours of the policies that enforce MFA.
pub const DEFAULT_MFA_AGE_LIMIT: Duration = Duration::from_secs(8 * 3_600);

/// Which profile a command is about.
#[derive(Debug, Clone)]
pub struct Selection {
    name: String,
    named: bool,
}

impl Selection {
    /// The profile the command names, else `AWS_PROFILE`, else `default`.
    pub fn from_arguments(name: Option<String>) -> Self {
        match name.or_else(environment::profile) {
            Some(name) => Selection { name, named: true },
            None => Selection {
                name: "default".to_owned(),
                named: false,
            },
        }
    }

    /// The key of the environment, which serves only if no profile was named.
    fn environment_key(&self) -> Result<Option<KeySource>, ProfileError> {
        if self.named {
            return Ok(None);
        }
        KeySource::of_environment()
    }
}

/// What flags say over the files.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--serial`
    pub serial: Option<Serial>,
    /// `--duration`
    pub duration: Option<SessionDuration>,
    /// `--code-source`
    pub code_source: Option<SourceName>,
    /// `--session-store`
    pub session_store: Option<SessionStore>,
}

/// Everything that is known about a profile before anything is done with it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name the command was given.
    pub name: String,
    /// The profile whose session it uses: itself, or for a role the source that has one.
    pub session_profile: String,
    /// The roles that are assumed with the session, in this order; the last one is the profile's own.
    pub roles: Vec<Role>,
    /// The region that tools work in, and for STS.
    pub region: String,
    /// At which address STS is asked for the session.
    pub sts_endpoint: StsEndpoint,
    /// The device, if anything names one.
    pub mfa_serial: Option<Serial>,
    /// The duration to ask of `GetSessionToken`.
    pub duration: Duration,
    /// The age past which the company's policy denies everything.
    pub mfa_age_limit: Duration,
    /// Where codes may come from, and which keychain is used.
    pub codes: CodeSettings,
    /// Where the session is kept.
    pub session_store: SessionStore,
    /// The section of the credentials file that holds the cached session.
    pub session_section: String,
    /// Where the long-term key is, if there is one.
    pub key: Option<KeySource>,
}

impl Profile {
    /// The role that the profile stands for, unless it stands for its session itself.
    pub fn role(&self) -> Option<&Role> {
        self.roles.last()
    }

    /// The keychain that holds what this profile does not keep in a file.
    pub fn keychain(&self) -> Keychain {
        self.codes.keychain
    }
}

/// Resolves the profile that a command is about.
///
/// # Errors
/// [`ProfileError`]: nothing is inherited silently from `[default]`, and every setting is checked
/// here, before anybody is asked for a code.
pub fn resolve(
    files: &Files,
    selection: &Selection,
    overrides: &Overrides,
) -> Result<Profile, ProfileError> {
    let lineage = Lineage::of(files, selection)?;
    let session_profile = lineage.session_profile();
    let own = |key| setting(files, session_profile, key);

    let key = match key::find_key(files, &lineage.chain[lineage.session_at..])? {
        Some(found) => Some(found),
        None => selection.environment_key()?,
    };
    if key.is_none() && lineage.roles > lineage.session_at {
        check_source(files, session_profile)?;
    }
    let mfa_serial = match &overrides.serial {
        Some(serial) => Some(serial.clone()),
        None => find_serial(files, &lineage.chain, key.as_ref())?,
    };
    let region = find_region(files, &lineage, mfa_serial.as_ref())?;
    let profile = Profile {
        name: selection.name.clone(),
        session_profile: session_profile.to_owned(),
        roles: role::roles(files, &lineage, &region, mfa_serial.as_ref())?,
        region,
        sts_endpoint: region::sts_endpoint(files, session_profile)?,
        mfa_serial,
        duration: match overrides.duration {
            Some(duration) => duration.get(),
            // There it is the role's.
            None if lineage.session_profile_has_role => DEFAULT_DURATION,
            None => duration(own("duration_seconds")?)?,
        },
        mfa_age_limit: age_limit(own("daypass_mfa_age_limit")?)?,
        codes: CodeSettings {
            mfa_process: text(own("mfa_process")?),
            has_seed: words::word("daypass_totp", own("daypass_totp")?)?.unwrap_or(false),
            keychain: words::word("daypass_keychain", own("daypass_keychain")?)?
                .unwrap_or_default(),
            only: match overrides.code_source {
                None => words::word("daypass_code_source", own("daypass_code_source")?)?,
                named => named,
            },
        },
        session_store: match overrides.session_store {
            None => words::word("daypass_session_store", own("daypass_session_store")?)?
                .unwrap_or_default(),
            Some(named) => named,
        },
        key,
        session_section: lineage.session_section,
    };
    trace(2, || describe(&profile));
    Ok(profile)
}

/// Makes sure that a role without keys of its own has a source to be assumed with.
fn check_source(files: &Files, profile: &str) -> Result<(), ProfileError> {
    match setting(files, profile, "role_arn")? {
        Some((_, place)) if setting(files, profile, "source_profile")?.is_none() => {
            Err(ProfileError::NoSource {
                profile: profile.to_owned(),
                place,
            })
        }
        _ => Ok(()),
    }
}

/// The region of the profile, else of the one whose session it uses, else of the environment, else one of
/// the right partition.
fn find_region(
    files: &Files,
    lineage: &Lineage,
    serial: Option<&Serial>,
) -> Result<String, ProfileError> {
    let name = &lineage.chain[0];
    for profile in [name, lineage.session_profile()] {
        if let Some((region, place)) = setting(files, profile, "region")? {
            return region::checked_region(profile, region, place);
        }
    }
    if let Some((region, place)) = region::region_of_environment() {
        return region::checked_region(name, region, place);
    }
    let role = setting(files, name, "role_arn")?;
    let role = role.and_then(|(text, _)| RoleArn::parse(&text).ok());
    Ok(region::default_region(serial, role.as_ref()).to_owned())
}

/// The profile in one line, for the trace. No secret is part of a profile.
fn describe(profile: &Profile) -> String {
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    let roles: Vec<&str> = profile.roles.iter().map(|role| role.arn.as_str()).collect();
    let roles = (!roles.is_empty()).then(|| roles.join(", "));
    format!(
        "profile {}: session of {} in [{}], roles {}, long-term key {}, device {}, region {}, duration {}, \
         MFA age limit {}, mfa_process {}, seed {}, keychain {}",
        profile.name,
        profile.session_profile,
        profile.session_section,
        or_none(roles.as_deref()),
        or_none(profile.key.as_ref().map(KeySource::access_key_id)),
        or_none(profile.mfa_serial.as_ref().map(Serial::as_str)),
        profile.region,
        time::render_duration(profile.duration),
        time::render_duration(profile.mfa_age_limit),
        yes_or_no(profile.codes.mfa_process.is_some()),
        yes_or_no(profile.codes.has_seed),
        profile.codes.keychain.as_str(),
    )
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// A setting of the profile in the config file, else in its section of the credentials file (where
/// tools of old put some), with its place.
fn setting<'a>(
    files: &'a Files,
    profile: &str,
    key: &str,
) -> Result<Option<(Cow<'a, str>, Place)>, ProfileError> {
    for read in [&files.config, &files.credentials] {
        if let Some(value) = read.value(profile, key)? {
            let place = Place::Line(read.file.path.clone(), value.line);
            // Whatever is indented below a setting of ours is not its own; it may be a secret.
            if matches!(&value.text, Cow::Owned(text) if text.contains('\n')) {
                return Err(ProfileError::SeveralLines {
                    key: key.to_owned(),
                    place,
                });
            }
            return Ok(Some((value.text, place)));
        }
    }
    Ok(None)
}

fn find_serial(
    files: &Files,
    chain: &[String],
    key: Option<&KeySource>,
) -> Result<Option<Serial>, ProfileError> {
    let mut found = None;
    for profile in chain {
        if found.is_none() {
            found = setting(files, profile, "mfa_serial")?;
        }
    }
    if let (None, Some(KeySource::Section { section, .. })) = (&found, key) {
        // aws-mfa keeps the device beside the long-term key.
        found = setting(files, section, "aws_mfa_device")?;
    }
    let variable = || {
        Some((
            environment::mfa_serial()?.into(),
            Place::Variable("AWS_MFA_SERIAL"),
        ))
    };
    let Some((text, place)) = found.or_else(variable) else {
        return Ok(None);
    };
    match Serial::parse(&text) {
        Ok(serial) => Ok(Some(serial)),
        Err(source) => Err(ProfileError::Serial {
            profile: chain.first().cloned().unwrap_or_default(),
            place,
            source,
        }),
    }
}

fn text(found: Option<(Cow<'_, str>, Place)>) -> Option<String> {
    found.map(|(text, _)| text.into_owned())
}

fn duration(found: Option<(Cow<'_, str>, Place)>) -> Result<Duration, ProfileError> {
    let Some((text, place)) = found else {
        return Ok(DEFAULT_DURATION);
    };
    SessionDuration::parse(&text)
        .map(SessionDuration::get)
        .map_err(|source| ProfileError::Duration {
            key: "duration_seconds",
            place,
            source,
        })
}

fn age_limit(found: Option<(Cow<'_, str>, Place)>) -> Result<Duration, ProfileError> {
    let Some((text, place)) = found else {
        return Ok(DEFAULT_MFA_AGE_LIMIT);
    };
    match time::parse_duration(&text) {
        Ok(limit) if limit.is_zero() => Err(ProfileError::NoAgeLimit { place }),
        Ok(limit) => Ok(limit),
        Err(error) => Err(ProfileError::Duration {
            key: "daypass_mfa_age_limit",
            place,
            source: error.into(),
        }),
    }
}

/// Where the MFA age limit of a profile is set; nowhere if it is the default.
pub fn place_of_age_limit(files: &Files, profile: &Profile) -> Option<Place> {
    let found = setting(files, &profile.session_profile, "daypass_mfa_age_limit");
    found.ok().flatten().map(|(_, place)| place)
}
