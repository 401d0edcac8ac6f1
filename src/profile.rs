//! From flags, environment and the two shared files to one frozen [`Profile`].

use std::{borrow::Cow, time::Duration};

use crate::{
    environment,
    keychain::Keychain,
    mfa::source::{CodeSettings, SourceName},
    serial::Serial,
    terminal::{excerpt, trace},
    time,
};

mod duration;
mod error;
mod files;
mod keeping;
mod key;
mod words;

pub use duration::{SessionDuration, SessionDurationError};
pub use error::{Place, ProfileError};
pub use files::{Files, ReadFile, long_term_section};
pub use keeping::{SessionKeychain, may_use_keychain, session_keychain};
pub use key::{KeySource, looks_like_a_secret, places_of_keys};
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
    fn environment_key(&self) -> Option<KeySource> {
        if self.named {
            return None;
        }
        environment::long_term_key().map(|key| KeySource::Environment {
            access_key_id: key.access_key_id,
        })
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
    /// The role that AWS tools assume with the session.
    pub role_arn: Option<String>,
    /// The region for STS.
    pub region: String,
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
    /// The keychain that holds what this profile does not keep in a file.
    pub fn keychain(&self) -> Keychain {
        self.codes.keychain
    }
}

/// Whose session a profile uses, and where that is kept: all that `logout` needs to know.
#[derive(Debug, Clone)]
pub struct Lineage {
    /// The profile, its `source_profile`, the source of that, and so on.
    chain: Vec<String>,
    /// Where in the chain the profile is whose session is used.
    session_at: usize,
    /// The role of the first profile of the chain.
    role_arn: Option<String>,
    /// The section of the credentials file that holds the cached session.
    pub session_section: String,
}

impl Lineage {
    /// Follows the profile that a command is about to the one whose session it uses: itself, or for a
    /// role the first of its sources that is none, as AWS tools do.
    ///
    /// # Errors
    /// When the profile or one of its sources does not exist.
    pub fn of(files: &Files, selection: &Selection) -> Result<Self, ProfileError> {
        let name = selection.name.as_str();
        if !files.know(name) && selection.environment_key().is_none() {
            return Err(unknown(files, selection));
        }
        let chain = source_chain(files, name)?;
        let mut roles = Vec::new();
        for profile in &chain {
            roles.push(text(setting(files, profile, "role_arn")?));
        }
        let last = chain.len() - 1;
        let session_at = roles.iter().position(Option::is_none).unwrap_or(last);
        let section = setting(files, &chain[session_at], "daypass_session_section")?;
        Ok(Lineage {
            session_section: text(section).unwrap_or_else(|| format!("{}-mfa", chain[session_at])),
            role_arn: roles.swap_remove(0),
            session_at,
            chain,
        })
    }

    /// The profile whose session is used.
    pub fn session_profile(&self) -> &str {
        &self.chain[self.session_at]
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
        None => selection.environment_key(),
    };
    let mfa_serial = match &overrides.serial {
        Some(serial) => Some(serial.clone()),
        None => find_serial(files, &lineage.chain, key.as_ref())?,
    };
    let region = setting(files, &selection.name, "region")?.or(own("region")?);
    let region = region.or_else(region_of_environment);
    let profile = Profile {
        name: selection.name.clone(),
        session_profile: session_profile.to_owned(),
        region: match region {
            Some((name, place)) => checked_region(&selection.name, name, place)?,
            None => default_region(mfa_serial.as_ref()).to_owned(),
        },
        mfa_serial,
        duration: match overrides.duration {
            Some(duration) => duration.get(),
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
        role_arn: lineage.role_arn,
        session_section: lineage.session_section,
    };
    trace(2, || describe(&profile));
    Ok(profile)
}

/// The profile in one line, for the trace. No secret is part of a profile.
fn describe(profile: &Profile) -> String {
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    format!(
        "profile {}: session of {} in [{}], long-term key {}, device {}, region {}, duration {}, \
         MFA age limit {}, mfa_process {}, seed {}, keychain {}",
        profile.name,
        profile.session_profile,
        profile.session_section,
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
                source_profile: excerpt(&source),
                place,
            });
        }
        let seen = chain.contains(&source);
        chain.push(source.clone());
        if seen {
            return Err(ProfileError::SourceLoop(chain));
        }
        current = source;
    }
    Ok(chain)
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

/// The name of a region, which becomes a part of the name of a host: whatever else stood there would be
/// asked for all over the network.
fn checked_region(profile: &str, name: Cow<'_, str>, place: Place) -> Result<String, ProfileError> {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.len() < 32 && name.bytes().all(is_allowed) {
        return Ok(name.into_owned());
    }
    Err(ProfileError::Region {
        profile: profile.to_owned(),
        place,
    })
}

fn region_of_environment<'a>() -> Option<(Cow<'a, str>, Place)> {
    let place = Place::Variable("AWS_REGION or AWS_DEFAULT_REGION");
    Some((environment::region()?.into(), place))
}

/// The region to ask AWS in for this profile, whether it is there yet or not.
///
/// # Errors
/// When the setting cannot be read, or is no region.
pub fn region(
    files: &Files,
    profile: &str,
    serial: Option<&Serial>,
) -> Result<String, ProfileError> {
    match setting(files, profile, "region")?.or_else(region_of_environment) {
        Some((name, place)) => checked_region(profile, name, place),
        None => Ok(default_region(serial).to_owned()),
    }
}

/// A region of the device's own partition, for profiles without one.
fn default_region(serial: Option<&Serial>) -> &'static str {
    match serial.map(Serial::as_str) {
        Some(serial) if serial.starts_with("arn:aws-cn:") => "cn-north-1",
        Some(serial) if serial.starts_with("arn:aws-us-gov:") => "us-gov-west-1",
        _ => "us-east-1",
    }
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
