//! What is there before anything is changed.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    environment,
    keychain::Keychain,
    profile::{Files, KeySource, long_term_section, places_of_keys},
    serial::{Serial, SerialError},
    setup::{Layout, SetupError, Short},
    shared_files::{Document, Kind, SharedFileError},
};

/// What there is of one profile.
#[derive(Debug)]
pub struct Survey {
    /// Its name.
    pub profile: String,
    /// Whether either file knows it.
    pub is_known: bool,
    /// Every place with a long-term key for it, in the order in which they count.
    pub places: Vec<KeySource>,
    /// The keychain that it names.
    pub keychain: Option<Keychain>,
    /// The device that something names.
    pub serial: Option<Serial>,
    /// The device that something names and that cannot be used.
    pub unusable_device: Option<SerialError>,
    /// Its region, if it says one.
    pub region: Option<String>,
    /// Its `credential_process`.
    pub process: Process,
    /// Whether its session is kept in its own section.
    pub is_classic: bool,
    /// Role profiles that take their credentials from it and name an MFA device of their own.
    pub roles_with_device: Vec<String>,
}

/// What a profile has for a `credential_process`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Process {
    /// None.
    None,
    /// This very program, for this very profile.
    Own,
    /// Another program, or daypass in another place.
    Other(String),
}

impl Survey {
    /// Looks at what there is of a profile.
    ///
    /// # Errors
    /// When a file cannot be read, or the profile cannot be set up as it is.
    pub fn of(files: &Files, profile: &str, program: &Program) -> Result<Self, SetupError> {
        for kind in [Kind::Config, Kind::Credentials] {
            Document::empty(kind)
                .set(profile, &[("region", "eu-west-1")])
                .map_err(SetupError::Name)?;
        }
        refuse_other_ways_in(files, profile)?;
        let places = places_of_keys(files, profile)?;
        let roles_with_device = roles_with_device(files, profile)?;
        let (serial, unusable_device) = match named_device(files, profile, &places)? {
            None => (None, None),
            Some(text) => match Serial::parse(&text) {
                Ok(serial) => (Some(serial), None),
                Err(error) => (None, Some(error)),
            },
        };
        let process = match setting(files, profile, "credential_process")? {
            None => Process::None,
            Some(line) if program.is_run_by(&line, profile) => Process::Own,
            Some(line) => Process::Other(line),
        };
        let session_section = setting(files, profile, "daypass_session_section")?;
        let keychain = setting(files, profile, "daypass_keychain")?;
        Ok(Survey {
            profile: profile.to_owned(),
            is_known: files.know(profile),
            places,
            keychain: keychain.and_then(|name| Keychain::parse(&name)),
            serial,
            unusable_device,
            region: setting(files, profile, "region")?,
            process,
            is_classic: session_section.as_deref() == Some(profile),
            roles_with_device,
        })
    }

    /// The layout that the profile has from an earlier set-up.
    pub fn layout(&self) -> Option<Layout> {
        match &self.process {
            Process::Own => Some(Layout::Process),
            Process::None if self.is_classic => Some(Layout::Classic),
            Process::Other(_) | Process::None => None,
        }
    }

    /// Whether aws-vault seems to keep the key: the profile expects one, and no file has it.
    pub fn is_of_aws_vault(&self) -> bool {
        let runs_it = matches!(&self.process, Process::Other(line) if line.contains("aws-vault"));
        runs_it || (self.places.is_empty() && self.serial.is_some())
    }
}

/// Profiles that a person may want to set up: those with a key or a device of their own, and those that
/// others take their credentials from.
///
/// # Errors
/// When a file cannot be read.
pub fn candidates(files: &Files) -> Result<Vec<String>, SetupError> {
    let names = files.profile_names();
    let mut sources = Vec::new();
    for name in &names {
        sources.extend(setting(files, name, "source_profile")?);
    }
    let mut found = Vec::new();
    for name in names {
        if refuse_other_ways_in(files, &name).is_err() {
            continue;
        }
        let has_key = places_of_keys(files, &name)?
            .iter()
            .any(|place| !matches!(place, KeySource::Environment { .. }));
        let process = setting(files, &name, "credential_process")?.unwrap_or_default();
        if has_key
            || sources.contains(&name)
            || setting(files, &name, "mfa_serial")?.is_some()
            || process.contains("aws-vault")
            || process.contains("daypass")
        {
            found.push(name);
        }
    }
    Ok(found)
}

/// Where a key is, as people say it.
pub fn describe_place(files: &Files, place: &KeySource, keychain: Keychain) -> String {
    match place {
        KeySource::Keychain { .. } => keychain.to_string(),
        KeySource::Environment { .. } => "the environment".to_owned(),
        KeySource::Section { kind, section, .. } => {
            let file = match kind {
                Kind::Config => &files.config.file,
                Kind::Credentials => &files.credentials.file,
            };
            format!("[{section}] of {}", Short(&file.path))
        }
    }
}

/// A setting of a profile, in either file.
pub(super) fn setting(
    files: &Files,
    profile: &str,
    key: &str,
) -> Result<Option<String>, SetupError> {
    for read in [&files.config, &files.credentials] {
        if let Some(value) = read.value(profile, key)? {
            return Ok(Some(value.text.into_owned()));
        }
    }
    Ok(None)
}

/// Other profiles whose key is in this section.
pub(super) fn others_with_section(
    files: &Files,
    profile: &str,
    section: &str,
) -> Result<Vec<String>, SetupError> {
    let mut others = Vec::new();
    for name in files.profile_names() {
        if name == profile {
            continue;
        }
        let named = setting(files, &name, "daypass_long_term_section")?;
        if named.unwrap_or_else(|| long_term_section(&name)) == section {
            others.push(name);
        }
    }
    Ok(others)
}

/// Whether another profile's key has this id, in the keychain.
pub(super) fn is_in_keychain_for_others(
    files: &Files,
    profile: &str,
    access_key_id: &str,
) -> Result<bool, SetupError> {
    for name in files.profile_names() {
        let id = setting(files, &name, "daypass_access_key_id")?;
        if name != profile && id.as_deref() == Some(access_key_id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// AWS tools prefer these to a `credential_process`.
fn refuse_other_ways_in(files: &Files, profile: &str) -> Result<(), SetupError> {
    if setting(files, profile, "role_arn")?.is_some() {
        return Err(SetupError::RoleProfile {
            profile: profile.to_owned(),
            source_profile: setting(files, profile, "source_profile")?
                .filter(|source| source != profile),
        });
    }
    for key in ["sso_session", "sso_start_url", "web_identity_token_file"] {
        if setting(files, profile, key)?.is_some() {
            return Err(SetupError::SignsInOtherwise {
                profile: profile.to_owned(),
                setting: key,
            });
        }
    }
    Ok(())
}

/// The device that the profile names; the one that stands beside its key, as aws-mfa keeps it; the one
/// that all its role profiles name, as aws-vault's users have it; or the environment's.
fn named_device(
    files: &Files,
    profile: &str,
    places: &[KeySource],
) -> Result<Option<String>, SetupError> {
    if let Some(serial) = setting(files, profile, "mfa_serial")? {
        return Ok(Some(serial));
    }
    let mut sections = vec![long_term_section(profile)];
    sections.extend(places.iter().filter_map(|place| match place {
        KeySource::Section { section, .. } => Some(section.clone()),
        _ => None,
    }));
    for section in sections {
        if let Some(value) = files.credentials.value(&section, "aws_mfa_device")? {
            return Ok(Some(value.text.into_owned()));
        }
    }
    let mut of_roles = Vec::new();
    for role in roles_with_device(files, profile)? {
        of_roles.extend(setting(files, &role, "mfa_serial")?);
    }
    of_roles.dedup();
    if let [serial] = of_roles.as_slice() {
        return Ok(Some(serial.clone()));
    }
    Ok(environment::mfa_serial())
}

fn roles_with_device(files: &Files, profile: &str) -> Result<Vec<String>, SetupError> {
    let mut roles = Vec::new();
    for name in files.config.document.profile_names() {
        let value = |key| files.config.value(&name, key);
        if name != profile
            && value("role_arn")?.is_some()
            && value("mfa_serial")?.is_some()
            && value("source_profile")?.is_some_and(|source| source.text == profile)
        {
            roles.push(name.into_owned());
        }
    }
    Ok(roles)
}

/// This program, as `credential_process` names it.
#[derive(Debug, Clone)]
pub struct Program(PathBuf);

impl Program {
    /// Finds this program: under the name by which the shell finds it if there is one, since the path
    /// behind that may have a version in it and be gone after an update.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn find() -> Result<Self, SetupError> {
        let own = env::current_exe().map_err(SetupError::Program)?;
        let same = |path: &Path| path.canonicalize().ok() == own.canonicalize().ok();
        let directories = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&directories)
            .filter(|directory| directory.is_absolute())
            .map(|directory| directory.join("daypass"))
            .find(|path| same(path));
        Ok(Program(on_path.unwrap_or(own)))
    }

    /// The line for `credential_process`.
    ///
    /// Double quotes are all that every SDK understands: botocore splits the line itself, the others give
    /// it to a shell, or to `cmd.exe`.
    ///
    /// # Errors
    /// When the path or the profile's name has characters that even quotes do not make safe.
    pub fn line(&self, profile: &str) -> Result<String, SetupError> {
        let words = (self.0.to_str().and_then(quoted), quoted(profile));
        match words {
            (Some(program), Some(profile)) => Ok(format!("{program} credential-process {profile}")),
            _ => Err(SetupError::ProgramPath(self.0.clone())),
        }
    }

    /// Whether this line runs this program for this profile.
    fn is_run_by(&self, line: &str, profile: &str) -> bool {
        let Some(words) = shlex::split(line) else {
            return false;
        };
        let [program, command, arguments @ ..] = words.as_slice() else {
            return false;
        };
        let same = Path::new(program) == self.0
            || (Path::new(program).canonicalize().ok())
                .is_some_and(|path| Some(path) == self.0.canonicalize().ok());
        same && Path::new(program).is_absolute()
            && command == "credential-process"
            && arguments.iter().any(|argument| argument == profile)
    }
}

fn quoted(word: &str) -> Option<String> {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"/._+@%=:,-".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_bare) {
        return Some(word.to_owned());
    }
    let is_safe = !word
        .chars()
        .any(|character| character.is_control() || "\"$`\\!%".contains(character));
    is_safe.then(|| format!("\"{word}\""))
}

/// What one of the two files says now, for a second look.
///
/// # Errors
/// When one cannot be read.
pub(super) fn is_as_surveyed(files: &Files) -> Result<Option<PathBuf>, SharedFileError> {
    for read in [&files.config, &files.credentials] {
        if read.file.read()?.bytes() != read.document.bytes() {
            return Ok(Some(read.file.path.clone()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_quoted_only_where_it_must_be() {
        let line = |path: &str, profile: &str| Program(path.into()).line(profile).ok();
        assert_eq!(
            line("/usr/bin/daypass", "work").as_deref(),
            Some("/usr/bin/daypass credential-process work")
        );
        assert_eq!(
            line("/home/Ada L/daypass", "my work").as_deref(),
            Some("\"/home/Ada L/daypass\" credential-process \"my work\"")
        );
        assert_eq!(line("/home/$USER/daypass", "work"), None);
        assert_eq!(line("/home/a\"b/daypass", "work"), None);
    }

    #[test]
    fn a_line_is_ours_if_it_runs_this_program_for_this_profile() {
        let program = Program("/opt/a b/daypass".into());
        for (line, is_ours) in [
            ("\"/opt/a b/daypass\" credential-process work", true),
            ("'/opt/a b/daypass' credential-process --profile work", true),
            ("\"/opt/a b/daypass\" credential-process other", false),
            ("\"/opt/a b/daypass\" login work", false),
            ("daypass credential-process work", false),
            ("aws-vault exec work --json", false),
            ("\"unclosed", false),
        ] {
            assert_eq!(program.is_run_by(line, "work"), is_ours, "{line}");
        }
    }
}
