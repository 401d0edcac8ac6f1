//! From flags, environment and the two shared files to one frozen [`Profile`].

use std::{borrow::Cow, path::PathBuf, time::Duration};

use crate::{
    environment,
    serial::{Serial, SerialError},
    shared_files::{
        Document, Kind, NoHome, ParseError, SharedFile, SharedFileError, Value, config_path,
        credentials_path,
    },
    terminal::trace,
    time::{self, NotADuration},
};

/// The duration asked of `GetSessionToken` unless configured.
pub const DEFAULT_DURATION: Duration = Duration::from_secs(8 * 3_600);

/// The MFA age limit unless configured: the eight hours of the policies that enforce MFA.
pub const DEFAULT_MFA_AGE_LIMIT: Duration = Duration::from_secs(8 * 3_600);

/// What `GetSessionToken` accepts for an IAM user. Source: the STS API reference, `DurationSeconds`.
const DURATIONS: std::ops::RangeInclusive<u64> = 900..=129_600;

/// Both shared files, as they were when they were read.
pub struct Files {
    /// `~/.aws/config`
    pub config: ReadFile,
    /// `~/.aws/credentials`
    pub credentials: ReadFile,
}

/// A shared file and what it said.
pub struct ReadFile {
    /// Where it is.
    pub file: SharedFile,
    /// What it said.
    pub document: Document,
}

impl ReadFile {
    fn read(path: PathBuf, kind: Kind) -> Result<Self, SharedFileError> {
        let file = SharedFile { path, kind };
        let document = file.read()?;
        trace(3, || {
            format!(
                "read {}, {} bytes",
                file.path.display(),
                document.bytes().len()
            )
        });
        Ok(ReadFile { file, document })
    }

    /// A setting of a profile's section.
    fn value(&self, profile: &str, key: &str) -> Result<Option<Value<'_>>, ProfileError> {
        let Some(section) = self.document.profile(profile) else {
            return Ok(None);
        };
        let value = section.value(key).map_err(|error| self.unreadable(error))?;
        Ok(value.filter(|value| !value.text.is_empty()))
    }

    fn unreadable(&self, source: ParseError) -> ProfileError {
        ProfileError::Unreadable {
            path: self.file.path.clone(),
            source,
        }
    }
}

impl Files {
    /// Reads both files where the SDKs would look for them. A missing file is an empty one.
    ///
    /// # Errors
    /// When a file cannot be read or parsed, or there is no home directory.
    pub fn read() -> Result<Self, ProfileError> {
        Ok(Files {
            config: ReadFile::read(config_path()?, Kind::Config)?,
            credentials: ReadFile::read(credentials_path()?, Kind::Credentials)?,
        })
    }

    /// Reads the credentials file again: somebody else may have written it meanwhile.
    ///
    /// # Errors
    /// When it can no longer be read or parsed.
    pub fn read_credentials_again(&mut self) -> Result<(), SharedFileError> {
        self.credentials.document = self.credentials.file.read()?;
        Ok(())
    }

    /// Whether either file knows a profile of this name.
    fn know(&self, name: &str) -> bool {
        self.config.document.profile(name).is_some()
            || self.credentials.document.profile(name).is_some()
            || self
                .credentials
                .document
                .profile(&long_term_section(name))
                .is_some()
    }

    /// Every profile of both files, in their order; the sections that hold our sessions and their
    /// keys are not profiles of their own.
    pub fn profile_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let found = self.config.document.profile_names().into_iter();
        for name in found.chain(self.credentials.document.profile_names()) {
            let in_config = self.config.document.profile(&name).is_some();
            let name = match name.strip_suffix("-long-term") {
                Some(owner) if !in_config && !owner.is_empty() => owner.to_owned(),
                _ if !in_config && self.holds_our_session(&name) => continue,
                _ => name.into_owned(),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether a section of the credentials file holds a session that daypass wrote.
    pub fn holds_our_session(&self, section: &str) -> bool {
        self.credentials
            .document
            .profile(section)
            .is_some_and(|section| matches!(section.value("daypass_mfa_time"), Ok(Some(_))))
    }
}

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
}

/// What flags say over the files.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--serial`
    pub serial: Option<Serial>,
    /// `--duration`
    pub duration: Option<SessionDuration>,
}

/// A duration that `GetSessionToken` accepts: 15 minutes to 36 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionDuration(Duration);

/// A duration that `GetSessionToken` refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionDurationError {
    /// It is not a duration at all.
    #[error(transparent)]
    NotADuration(#[from] NotADuration),
    /// It is too short or too long.
    #[error("AWS gives sessions of 15m to 36h (900 to 129600 seconds), not of {}", time::render_duration(*.0))]
    OutOfRange(Duration),
}

impl SessionDuration {
    /// Parses and checks a duration.
    ///
    /// # Errors
    /// When it is none, or outside 900 to 129,600 seconds.
    pub fn parse(text: &str) -> Result<Self, SessionDurationError> {
        let duration = time::parse_duration(text)?;
        if DURATIONS.contains(&duration.as_secs()) {
            Ok(SessionDuration(duration))
        } else {
            Err(SessionDurationError::OutOfRange(duration))
        }
    }
}

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
}

/// Everything that is known about a profile before anything is done with it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name the command was given.
    pub name: String,
    /// The profile whose session it uses: itself, or for a role the source at the end of the chain.
    pub session_profile: String,
    /// The role that AWS tools assume with the session.
    pub role_arn: Option<String>,
    /// The region for STS.
    pub region: Option<String>,
    /// The device, if anything names one.
    pub mfa_serial: Option<Serial>,
    /// The duration to ask of `GetSessionToken`.
    pub duration: Duration,
    /// The age past which the company's policy denies everything.
    pub mfa_age_limit: Duration,
    /// A command that prints a code.
    pub mfa_process: Option<String>,
    /// The section of the credentials file that holds the cached session.
    pub session_section: String,
    /// Where the long-term key is, if there is one.
    pub key: Option<KeySource>,
}

/// Where a setting was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of a file.
    Line(PathBuf, usize),
    /// An environment variable.
    Variable(&'static str),
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Line(path, line) => write!(formatter, "{}, line {line}", path.display()),
            Place::Variable(name) => write!(formatter, "the environment variable {name}"),
        }
    }
}

/// Why there is no such profile, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Neither file knows the name.
    #[error("there is no profile '{name}' in {} or {}", .config.display(), .credentials.display())]
    Unknown {
        /// The name asked for.
        name: String,
        /// Names that are much like it.
        near: Vec<String>,
        /// All names there are.
        all: Vec<String>,
        /// The config file.
        config: PathBuf,
        /// The credentials file.
        credentials: PathBuf,
    },
    /// No profile was named and there is no `default`.
    #[error("no profile was named, AWS_PROFILE is not set, and there is no profile 'default'")]
    NoDefault {
        /// All names there are.
        all: Vec<String>,
    },
    /// `source_profile` leads nowhere.
    #[error(
        "profile '{profile}' names the source_profile '{source_profile}', which does not exist ({place})"
    )]
    UnknownSource {
        /// The profile that names it.
        profile: String,
        /// What it names.
        source_profile: String,
        /// Where.
        place: Place,
    },
    /// `source_profile` leads back.
    #[error("source_profile goes round in a circle: {}", .0.join(" -> "))]
    SourceLoop(Vec<String>),
    /// The profile names a section for its long-term key that does not hold one.
    #[error("daypass_long_term_section names [{section}], but {} has no long-term key there ({place})", .credentials.display())]
    NoKeyInSection {
        /// The section that was named.
        section: String,
        /// The credentials file.
        credentials: PathBuf,
        /// Where it was named.
        place: Place,
    },
    /// A duration that AWS refuses.
    #[error("{key} cannot be used ({place})")]
    Duration {
        /// The setting.
        key: &'static str,
        /// Where it is.
        place: Place,
        /// What is wrong with it.
        source: SessionDurationError,
    },
    /// An MFA age limit of nothing.
    #[error("daypass_mfa_age_limit must be more than nothing ({place})")]
    NoAgeLimit {
        /// Where it is.
        place: Place,
    },
    /// A serial that cannot be used.
    #[error("the MFA device of profile '{profile}' cannot be used ({place})")]
    Serial {
        /// The profile.
        profile: String,
        /// Where the serial is.
        place: Place,
        /// What is wrong with it.
        source: SerialError,
    },
    /// A value that is not text.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line and what is wrong there.
        source: ParseError,
    },
    /// There is no home directory.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] SharedFileError),
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
    let name = selection.name.as_str();
    let environment_key = if selection.named {
        None
    } else {
        environment::long_term_key()
    };
    if !files.know(name) && environment_key.is_none() {
        return Err(unknown(files, selection));
    }

    let chain = source_chain(files, name)?;
    let role_arn = setting(files, name, "role_arn")?.map(|(text, _)| text.into_owned());
    let session_profile = match (&role_arn, chain.last()) {
        (Some(_), Some(source)) => source.clone(),
        _ => name.to_owned(),
    };
    let own = |key| setting(files, &session_profile, key);

    let key = match find_key(files, &chain)? {
        Some(found) => Some(found),
        None => environment_key.map(|key| KeySource::Environment {
            access_key_id: key.access_key_id,
        }),
    };
    let mfa_serial = match &overrides.serial {
        Some(serial) => Some(serial.clone()),
        None => find_serial(files, &chain, key.as_ref())?,
    };
    let duration = match (overrides.duration, own("duration_seconds")?) {
        (Some(duration), _) => duration.0,
        (None, Some((text, place))) => {
            SessionDuration::parse(&text)
                .map_err(|source| ProfileError::Duration {
                    key: "duration_seconds",
                    place,
                    source,
                })?
                .0
        }
        (None, None) => DEFAULT_DURATION,
    };

    let profile = Profile {
        name: name.to_owned(),
        role_arn,
        region: setting(files, name, "region")?
            .or(own("region")?)
            .map(|(text, _)| text.into_owned())
            .or_else(environment::region),
        mfa_serial,
        duration,
        mfa_age_limit: age_limit(own("daypass_mfa_age_limit")?)?,
        mfa_process: own("mfa_process")?.map(|(text, _)| text.into_owned()),
        session_section: own("daypass_session_section")?.map_or_else(
            || format!("{session_profile}-mfa"),
            |(text, _)| text.into_owned(),
        ),
        key,
        session_profile,
    };
    trace(2, || describe(&profile));
    Ok(profile)
}

/// The profile in one line, for the trace. No secret is part of a profile.
fn describe(profile: &Profile) -> String {
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    format!(
        "profile {}: session of {} in [{}], long-term key {}, device {}, region {}, duration {}, \
         MFA age limit {}, mfa_process {}",
        profile.name,
        profile.session_profile,
        profile.session_section,
        or_none(profile.key.as_ref().map(KeySource::access_key_id)),
        or_none(profile.mfa_serial.as_ref().map(Serial::as_str)),
        or_none(profile.region.as_deref()),
        time::render_duration(profile.duration),
        time::render_duration(profile.mfa_age_limit),
        if profile.mfa_process.is_some() {
            "yes"
        } else {
            "no"
        },
    )
}

fn long_term_section(profile: &str) -> String {
    format!("{profile}-long-term")
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
                source_profile: source,
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

fn find_key(files: &Files, chain: &[String]) -> Result<Option<KeySource>, ProfileError> {
    for profile in chain {
        if let Some((access_key_id, _)) = setting(files, profile, "daypass_access_key_id")? {
            let access_key_id = access_key_id.into_owned();
            return Ok(Some(KeySource::Keychain { access_key_id }));
        }
        if let Some((section, place)) = setting(files, profile, "daypass_long_term_section")? {
            return match key_in(&files.credentials, &section)? {
                None => Err(ProfileError::NoKeyInSection {
                    section: section.into_owned(),
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
            if let Some(found) = key_in(read, &section)? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// The long-term key of a section: an id that is no session's, without a session token.
fn key_in(read: &ReadFile, section: &str) -> Result<Option<KeySource>, ProfileError> {
    let Some(access_key_id) = read.value(section, "aws_access_key_id")? else {
        return Ok(None);
    };
    if access_key_id.text.starts_with("ASIA") || read.value(section, "aws_session_token")?.is_some()
    {
        return Ok(None);
    }
    Ok(Some(KeySource::Section {
        kind: read.file.kind,
        section: section.to_owned(),
        access_key_id: access_key_id.text.into_owned(),
    }))
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
