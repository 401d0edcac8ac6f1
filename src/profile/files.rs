//! Both shared files, read once for a command.

use std::path::PathBuf;

use crate::{
    profile::error::ProfileError,
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
    pub(super) fn value(
        &self,
        profile: &str,
        key: &str,
    ) -> Result<Option<Value<'_>>, ProfileError> {
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

    /// Whether either file knows a profile of this name. A session section is none.
    pub(super) fn know(&self, name: &str) -> bool {
        let credentials = &self.credentials.document;
        self.config.document.profile(name).is_some()
            || credentials.profile(&long_term_section(name)).is_some()
            || (credentials.profile(name).is_some() && !self.holds_our_session(name))
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

/// The section that holds a profile's long-term key unless it says otherwise.
pub(super) fn long_term_section(profile: &str) -> String {
    format!("{profile}-long-term")
}
