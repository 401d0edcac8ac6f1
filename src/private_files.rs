//! Shared files of its own for a program, when those of the user would lead its SDK astray.
//!
//! SDKs look for credentials in the shared files before they ask a container's endpoint. A program that is
//! given the endpoint uses the profile `default`; if that gives credentials, the program would silently use
//! those, perhaps of another account.

use std::{fs, io, path::PathBuf};

use tempfile::TempDir;

use crate::{
    profile::{Files, Place, Profile},
    shared_files::{Document, Kind, Section},
};

/// The settings by which a profile gives credentials, or changes those that it is given.
const GIVE_CREDENTIALS: [&str; 12] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "aws_account_id",
    "credential_process",
    "credential_source",
    "login_session",
    "role_arn",
    "source_profile",
    "web_identity_token_file",
    "sso_session",
];

/// The settings that make no sense without those.
const OF_CREDENTIALS: [&str; 6] = [
    "duration_seconds",
    "expiration",
    "external_id",
    "mfa_process",
    "mfa_serial",
    "role_session_name",
];

/// Shared files for one program, which are removed with this.
pub struct PrivateFiles(TempDir);

/// Where the profile `default` gives credentials of its own.
pub fn default_that_gives_credentials(files: &Files) -> Option<Place> {
    [&files.credentials, &files.config]
        .into_iter()
        .find_map(|read| {
            let section = read.document.profile("default")?;
            let keys = section.keys();
            let values = keys
                .iter()
                .filter(|key| gives_credentials(key))
                .filter_map(|key| section.value(key).ok().flatten());
            let line = values
                .filter(|value| !value.text.is_empty())
                .map(|value| value.line)
                .min()?;
            Some(Place::Line(read.file.path.clone(), line))
        })
}

impl PrivateFiles {
    /// Makes a credentials file that is empty, and a config file whose profile `default` is this profile
    /// but for all that gives credentials.
    ///
    /// # Errors
    /// When the files cannot be written to the temporary directory.
    pub fn make(files: &Files, profile: &Profile) -> io::Result<Self> {
        let directory = private_directory()?;
        let made = PrivateFiles(directory);
        fs::write(made.credentials(), "")?;
        fs::write(
            made.config(),
            render_config(&files.config.document, &profile.name),
        )?;
        Ok(made)
    }

    /// The config file.
    pub fn config(&self) -> PathBuf {
        self.0.path().join("config")
    }

    /// The credentials file.
    pub fn credentials(&self) -> PathBuf {
        self.0.path().join("credentials")
    }
}

fn private_directory() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("daypass-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

/// The config file for a program that is given the credentials of `profile`.
fn render_config(config: &Document, profile: &str) -> Vec<u8> {
    let mut text = b"[default]\n".to_vec();
    let Some(section) = config.profile(profile) else {
        return text;
    };
    copy(&mut text, section);
    let services = section.value("services").ok().flatten();
    if let Some(name) = services
        && let Some(services) = config.services(&name.text)
    {
        text.extend_from_slice(format!("\n[services {}]\n", name.text).as_bytes());
        copy(&mut text, services);
    }
    match Document::parse(Kind::Config, text) {
        Ok(document) => document.bytes().to_vec(),
        // Lines that were read before are read again; if not, none is better than a file that breaks tools.
        Err(_) => Vec::new(),
    }
}

fn copy(text: &mut Vec<u8>, section: Section<'_>) {
    for key in section.keys() {
        let name = key.to_ascii_lowercase();
        if !gives_credentials(&name)
            && !OF_CREDENTIALS.contains(&name.as_str())
            && !name.starts_with("daypass_")
        {
            text.extend(section.lines(&key));
        }
    }
}

fn gives_credentials(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("sso_") || GIVE_CREDENTIALS.contains(&key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_config_has_everything_but_what_gives_credentials() {
        let config = "\
[default]
credential_process = other
[profile work]
region = eu-west-1
# a comment
mfa_serial = arn:aws:iam::123456789012:mfa/ada
credential_process = daypass credential-process work
daypass_mfa_age_limit = 4h
Retry_Mode = adaptive
s3 =
  max_concurrent_requests = 20
  addressing_style = path
sso_session = corp
services = mine

[services mine]
sts =
  endpoint_url = http://127.0.0.1:1
[services other]
s3 =
  endpoint_url = http://127.0.0.1:2
";
        let document = Document::parse(Kind::Config, config.into()).unwrap();
        let text = String::from_utf8(render_config(&document, "work")).unwrap();
        assert_eq!(
            text,
            "\
[default]
region = eu-west-1
Retry_Mode = adaptive
s3 =
  max_concurrent_requests = 20
  addressing_style = path
services = mine

[services mine]
sts =
  endpoint_url = http://127.0.0.1:1
"
        );
    }

    #[test]
    fn a_profile_without_a_section_has_an_empty_default() {
        let document = Document::empty(Kind::Config);
        assert_eq!(render_config(&document, "work"), b"[default]\n");
    }
}
