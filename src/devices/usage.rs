//! What uses a device here: lines of the two shared files, cached sessions, seeds in a keychain.

use crate::{
    environment,
    keychain::Keychain,
    profile::{self, Files, Lineage, Overrides, Place, Selection},
    serial::Serial,
    time::{self, Timestamp},
};

/// A line that names the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedIn {
    /// The profile that it stands for.
    pub profile: String,
    /// The setting.
    pub key: &'static str,
    /// Where it stands.
    pub place: Place,
}

/// A cached session that was made with the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeWith {
    /// The profile whose session it is.
    pub profile: String,
    /// Until when AWS takes it.
    pub expiration: Timestamp,
}

/// A profile that says that a keychain has the seed of the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedOf {
    /// The profile.
    pub profile: String,
    /// Which keychain.
    pub keychain: Keychain,
}

/// What uses a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// The lines that name it.
    pub named_in: Vec<NamedIn>,
    /// The sessions that AWS still takes, as far as the credentials file knows them.
    pub sessions: Vec<MadeWith>,
    /// The seeds.
    pub seeds: Vec<SeedOf>,
}

/// The keys by which a device is named: the SDKs' and aws-mfa's.
const KEYS: [&str; 2] = ["mfa_serial", "aws_mfa_device"];

impl Usage {
    /// Finds what uses the device with this serial at `now`.
    ///
    /// No keychain is opened. What cannot be read uses nothing: it is no matter of this device's.
    pub fn find(files: &Files, serial: &str, now: Timestamp) -> Self {
        let mut usage = Usage {
            named_in: named_in(files, serial),
            ..Usage::default()
        };
        for name in files.profile_names() {
            let selection = Selection::from_arguments(Some(name.clone()));
            let Ok(lineage) = Lineage::of(files, &selection) else {
                continue;
            };
            if lineage.session_profile() != name {
                // It is its source that has the session and the seed.
                continue;
            }
            if let Some(expiration) = session_end(files, &lineage.session_section, serial)
                && expiration > now
            {
                usage.sessions.push(MadeWith {
                    profile: name.clone(),
                    expiration,
                });
            }
            if let Ok(profile) = profile::resolve(files, &selection, &Overrides::default())
                && profile.codes.has_seed
                && profile.mfa_serial.as_ref().map(Serial::as_str) == Some(serial)
            {
                usage.seeds.push(SeedOf {
                    profile: name,
                    keychain: profile.codes.keychain,
                });
            }
        }
        usage
    }

    /// The profiles that use it in any way, each once.
    pub fn profiles(&self) -> Vec<&str> {
        let named = self.named_in.iter().map(|line| line.profile.as_str());
        let cached = self.sessions.iter().map(|made| made.profile.as_str());
        let mut profiles: Vec<&str> = Vec::new();
        for profile in named.chain(cached) {
            if !profile.is_empty() && !profiles.contains(&profile) {
                profiles.push(profile);
            }
        }
        profiles
    }

    /// The keychains that have its seed, each once.
    pub fn keychains(&self) -> Vec<Keychain> {
        let mut keychains: Vec<Keychain> = Vec::new();
        for seed in &self.seeds {
            if !keychains.contains(&seed.keychain) {
                keychains.push(seed.keychain);
            }
        }
        keychains
    }
}

fn named_in(files: &Files, serial: &str) -> Vec<NamedIn> {
    let mut found = Vec::new();
    for read in [&files.config, &files.credentials] {
        for section in read.document.profile_names() {
            for key in KEYS {
                if let Ok(Some(value)) = read.value(&section, key)
                    && value.text == serial
                {
                    found.push(NamedIn {
                        profile: owner_of(files, &section),
                        key,
                        place: Place::Line(read.file.path.clone(), value.line),
                    });
                }
            }
        }
    }
    if environment::mfa_serial().as_deref() == Some(serial) {
        found.push(NamedIn {
            profile: String::new(),
            key: "AWS_MFA_SERIAL",
            place: Place::Variable("AWS_MFA_SERIAL"),
        });
    }
    found
}

/// The profile that a section with a long-term key belongs to; any other section is its own profile.
fn owner_of(files: &Files, section: &str) -> String {
    let names = files.config.document.profile_names();
    let says_so = |name: &str| {
        let named = files.config.value(name, "daypass_long_term_section");
        matches!(named, Ok(Some(value)) if value.text == section)
    };
    let by_setting = names.iter().find(|name| says_so(name));
    match (by_setting, section.strip_suffix("-long-term")) {
        (Some(name), _) => name.to_string(),
        (None, Some(owner)) if !owner.is_empty() => owner.to_owned(),
        _ => section.to_owned(),
    }
}

/// When the session in a section ends, if it is one that daypass made with this device.
fn session_end(files: &Files, section: &str, serial: &str) -> Option<Timestamp> {
    let value = |key| files.credentials.value(section, key).ok().flatten();
    let is_of_device = value("daypass_mfa_serial")?.text == serial;
    let expiration = time::parse_timestamp(&value("expiration")?.text)?;
    is_of_device.then_some(expiration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        profile::ReadFile,
        shared_files::{Document, Kind, SharedFile},
    };

    const ADA: &str = "arn:aws:iam::123456789012:mfa/ada";

    fn files(config: &str, credentials: &str) -> Files {
        let read = |kind, path: &str, text: &str| ReadFile {
            file: SharedFile {
                path: path.into(),
                kind,
            },
            document: Document::parse(kind, text.into()).unwrap(),
        };
        Files {
            config: read(Kind::Config, "/config", config),
            credentials: read(Kind::Credentials, "/credentials", credentials),
        }
    }

    fn find(config: &str, credentials: &str) -> Usage {
        let now = time::parse_timestamp("2026-11-22T12:00:00Z").unwrap();
        Usage::find(&files(config, credentials), ADA, now)
    }

    #[test]
    fn every_line_of_both_files_that_names_the_device_is_found() {
        let usage = find(
            &format!(
                "[profile work]\nmfa_serial = {ADA}\n[profile other]\nmfa_serial = GAHT12345678\n\
                 [profile prod]\nrole_arn = arn:aws:iam::210987654321:role/Admin\nsource_profile = work\n\
                 mfa_serial = {ADA}\n[profile odd]\ndaypass_long_term_section = keys\n"
            ),
            &format!("[play-long-term]\naws_mfa_device = {ADA}\n[keys]\naws_mfa_device = {ADA}\n"),
        );
        let lines: Vec<_> = usage
            .named_in
            .iter()
            .map(|line| format!("{} {} {}", line.profile, line.key, line.place))
            .collect();
        assert_eq!(
            lines,
            [
                "work mfa_serial /config, line 2",
                "prod mfa_serial /config, line 8",
                "play aws_mfa_device /credentials, line 2",
                "odd aws_mfa_device /credentials, line 4",
            ]
        );
        assert_eq!(usage.profiles(), ["work", "prod", "play", "odd"]);
    }

    #[test]
    fn a_session_counts_until_it_ends() {
        let key = "[work-long-term]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
        let session = |serial: &str, expiration: &str| {
            format!("{key}[work-mfa]\ndaypass_mfa_serial = {serial}\nexpiration = {expiration}\n")
        };
        let usage = find("[profile work]\n", &session(ADA, "2026-11-22T12:00:01Z"));
        assert_eq!(usage.profiles(), ["work"]);
        assert_eq!(usage.named_in, []);
        let usage = find("[profile work]\n", &session(ADA, "2026-11-22T12:00:00Z"));
        assert_eq!(usage, Usage::default());
        let usage = find(
            "[profile work]\n",
            &session("GAHT12345678", "2026-11-22T13:00:00Z"),
        );
        assert_eq!(usage, Usage::default());
    }

    #[test]
    fn a_seed_is_that_of_the_device_which_the_profile_names() {
        let key = "[work]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
        let config = format!(
            "[profile work]\nmfa_serial = {ADA}\ndaypass_totp = keychain\ndaypass_keychain = pass\n"
        );
        assert_eq!(find(&config, key).keychains(), [Keychain::Pass]);
        let other = config.replace(ADA, "GAHT12345678");
        assert_eq!(find(&other, key), Usage::default());
    }
}
