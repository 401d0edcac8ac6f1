//! Both shared files, read once for a command.

use std::path::PathBuf;

use crate::{
    profile::{Profile, error::ProfileError},
    shared_files::{
        Document, Kind, ParseError, SharedFile, SharedFileError, Value, config_path,
        credentials_path,
    },
    terminal::trace,
};

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

/// The settings that make a section of the credentials file a profile, whatever else is in it.
const OF_PROFILES: [&str; 6] = [
    "daypass_access_key_id",
    "daypass_long_term_section",
    "daypass_session_section",
    "mfa_serial",
    "role_arn",
    "source_profile",
];

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

    /// A setting of a profile's section; one without a value counts as none.
    ///
    /// # Errors
    /// When the value is not text.
    pub fn value(&self, profile: &str, key: &str) -> Result<Option<Value<'_>>, ProfileError> {
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

    /// Reads both files again. A config file that can no longer be read is taken as it was.
    ///
    /// # Errors
    /// When the credentials file can no longer be read or parsed.
    pub fn read_again(&mut self) -> Result<(), SharedFileError> {
        if let Ok(document) = self.config.file.read() {
            self.config.document = document;
        }
        self.read_credentials_again()
    }

    /// Whether either file knows a profile of this name. A session section is none.
    pub fn know(&self, name: &str) -> bool {
        let credentials = &self.credentials.document;
        self.config.document.profile(name).is_some()
            || credentials.profile(&long_term_section(name)).is_some()
            || (credentials.profile(name).is_some() && !self.is_only_our_session(name))
    }

    /// Every profile of both files, in their order; the sections that hold our sessions and the
    /// long-term keys are not profiles of their own.
    pub fn profile_names(&self) -> Vec<String> {
        let in_config = self.config.document.profile_names();
        let named_for_keys: Vec<_> = in_config
            .iter()
            .filter_map(|name| {
                let section = self.config.document.profile(name)?;
                section.value("daypass_long_term_section").ok().flatten()
            })
            .map(|value| value.text)
            .collect();
        let mut names: Vec<String> = Vec::new();
        let in_credentials = self.credentials.document.profile_names();
        for name in in_config.iter().chain(&in_credentials) {
            let is_of_config = self.config.document.profile(name).is_some();
            let holds_a_key = self.credentials.document.profile(name).is_some();
            if !is_of_config && !holds_a_key {
                // The name is not UTF-8: nobody can ask for it.
                continue;
            }
            let name = match name.strip_suffix("-long-term") {
                // `aws configure` makes a profile of it in the config file as well.
                Some(owner)
                    if holds_a_key && !owner.is_empty() && !named_for_keys.contains(name) =>
                {
                    owner
                }
                _ if !is_of_config && self.is_only_our_session(name) => continue,
                _ if !is_of_config && named_for_keys.contains(name) => continue,
                _ => name,
            };
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Why AWS tools would not use the profile's session, if they would not: they prefer keys under the
    /// profile's own name in the credentials file to its `credential_process`.
    pub fn unused_session(&self, profile: &Profile) -> Option<String> {
        let name = profile.session_profile.as_str();
        let process = self
            .config
            .document
            .profile(name)?
            .value("credential_process");
        let keys = self
            .credentials
            .document
            .profile(name)?
            .value("aws_access_key_id");
        match (process, keys) {
            (Ok(Some(_)), Ok(Some(keys))) if !keys.text.is_empty() => Some(format!(
                "AWS tools will not use this session: they prefer the keys that they find in [{name}] of {} \
                 (line {}) and never ask daypass; rename that section to [{name}-long-term]",
                self.credentials.file.path.display(),
                keys.line
            )),
            _ => None,
        }
    }

    /// Whether a section of the credentials file holds a session that daypass wrote.
    pub fn holds_our_session(&self, section: &str) -> bool {
        self.credentials
            .document
            .profile(section)
            .is_some_and(|section| matches!(section.value("daypass_mfa_time"), Ok(Some(_))))
    }

    /// The same, and nothing that makes a profile of it: one that is in the credentials file alone may
    /// keep its session in its own section.
    fn is_only_our_session(&self, section: &str) -> bool {
        let has = |key: &str| !matches!(self.credentials.value(section, key), Ok(None));
        self.holds_our_session(section) && !OF_PROFILES.iter().any(|key| has(key))
    }
}

/// The section that holds a profile's long-term key unless it says otherwise.
pub fn long_term_section(profile: &str) -> String {
    format!("{profile}-long-term")
}
