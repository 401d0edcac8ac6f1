//! What to change: decided from what there is and what was answered, and from nothing else.

use crate::{
    credentials::LongTermKey,
    keychain::Keychain,
    long_term_key,
    profile::{self, Files, KeySource, Overrides, ReadFile, Selection, long_term_section},
    serial::Serial,
    setup::{
        Home, Layout, SetupError, Short,
        survey::{
            Process, Survey, describe_place, is_in_keychain_for_others, others_with_section,
            setting,
        },
    },
    shared_files::{Document, EditError, Kind, SharedFileError},
};

/// Everything that AWS tools would take for credentials in a profile's own section, and what aws-mfa
/// leaves beside them.
const CREDENTIALS: [&str; 9] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "expiration",
    "assumed_role",
    "assumed_role_arn",
    "daypass_mfa_time",
    "daypass_mfa_serial",
];

/// Where a session that daypass wrote names the key that it was made with.
const SESSION_OF: &str = "daypass_source_access_key_id";

/// What was answered, or found.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The key, which AWS knows.
    pub key: LongTermKey,
    /// Where it was found; `None` if it was typed.
    pub found: Option<KeySource>,
    /// Where it is to be kept.
    pub home: Home,
    /// The device.
    pub serial: Option<Serial>,
    /// How AWS tools get at the session.
    pub layout: Layout,
    /// The region, where the profile has none.
    pub region: Option<String>,
    /// The line for `credential_process`.
    pub process: String,
    /// Whether role profiles keep the device that they name.
    pub keep_role_devices: bool,
}

/// One change of one section.
#[derive(Debug)]
pub enum Change {
    /// Settings of a profile.
    Set(Kind, String, Vec<(&'static str, String)>),
    /// The key, into a section of the credentials file.
    SetKey(String, LongTermKey),
    /// Settings that go.
    Remove(Kind, String, Vec<&'static str>),
}

impl Change {
    /// The file that is changed.
    pub fn kind(&self) -> Kind {
        match self {
            Change::Set(kind, ..) | Change::Remove(kind, ..) => *kind,
            Change::SetKey(..) => Kind::Credentials,
        }
    }

    /// Makes the change.
    ///
    /// # Errors
    /// When a value cannot be written so that every reader gets it back.
    pub fn make(&self, document: &mut Document) -> Result<(), EditError> {
        match self {
            Change::Set(_, section, values) => {
                let values: Vec<_> = values.iter().map(|(key, to)| (*key, to.as_str())).collect();
                document.set(section, &values)
            }
            Change::SetKey(section, key) => long_term_key::write(document, section, key),
            Change::Remove(_, section, keys) => {
                document.remove(section, keys)?;
                Ok(())
            }
        }
    }
}

/// What will be done, in this order.
#[derive(Debug)]
pub struct Plan {
    /// The profile.
    pub profile: String,
    /// The key.
    pub key: LongTermKey,
    /// The keychain that the secret goes into.
    pub store: Option<Keychain>,
    /// What makes the new set-up work.
    pub additions: Vec<Change>,
    /// What goes once that does.
    pub removals: Vec<Change>,
    /// The keychain that the secret is taken out of at the end.
    pub forget: Option<Keychain>,
    /// Where the secret is afterwards, as people say it.
    pub kept_in: String,
    /// Whether the secret no longer stands in plain text afterwards, so that no backup may hold it.
    pub hides_secret: bool,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

impl Plan {
    /// Decides what to change.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn make(files: &Files, survey: &Survey, answers: &Answers) -> Result<Self, SetupError> {
        let kept_in = survey.keychain.unwrap_or_default();
        let found_in = match answers.found {
            Some(KeySource::Keychain { .. }) => Some(kept_in),
            _ => None,
        };
        let store = answers.home.keychain().filter(|to| found_in != Some(*to));
        let mut plan = Plan {
            profile: survey.profile.clone(),
            key: answers.key.clone(),
            store,
            additions: Vec::new(),
            removals: Vec::new(),
            forget: None,
            kept_in: String::new(),
            hides_secret: answers.home != Home::File,
            notes: Vec::new(),
        };
        let target = plan.place_key(files, survey, answers)?;
        plan.kept_in = match (&target, answers.home.keychain()) {
            (None, Some(keychain)) => keychain.to_string(),
            (target, _) => {
                let path = Short(&files.credentials.file.path);
                let section = target.as_deref().unwrap_or_default();
                format!("[{section}] of {path}, as plain text")
            }
        };
        plan.write_profile(files, survey, answers)?;
        plan.clear_places(files, survey, answers, target.as_deref())?;
        plan.clear_own_section(files, survey, answers);
        if let (Some(from), true) = (found_in, found_in != answers.home.keychain())
            && !is_in_keychain_for_others(files, &survey.profile, &answers.key.access_key_id)?
        {
            plan.forget = Some(from);
        }
        if !answers.keep_role_devices {
            for role in &survey.roles_with_device {
                plan.remove(Kind::Config, role, &["mfa_serial"]);
            }
            if !survey.roles_with_device.is_empty() {
                plan.notes.push(format!(
                    "{}: mfa_serial goes, since AWS tools would ask for a code of their own with it, \
                     though the session of '{}' has MFA already (--keep-role-devices leaves it)",
                    survey.roles_with_device.join(", "),
                    survey.profile
                ));
            }
        }
        Ok(plan)
    }

    /// The section of the credentials file for the key, if it is to be in that file.
    fn place_key(
        &mut self,
        files: &Files,
        survey: &Survey,
        answers: &Answers,
    ) -> Result<Option<String>, SetupError> {
        if answers.home != Home::File {
            return Ok(None);
        }
        let named = setting(files, &survey.profile, "daypass_long_term_section")?;
        let target = named.unwrap_or_else(|| long_term_section(&survey.profile));
        let is_there = matches!(
            &answers.found,
            Some(KeySource::Section { kind: Kind::Credentials, section, .. }) if *section == target
        );
        if !is_there {
            self.additions
                .push(Change::SetKey(target.clone(), answers.key.clone()));
        }
        Ok(Some(target))
    }

    /// The settings of the profile in the config file.
    fn write_profile(
        &mut self,
        files: &Files,
        survey: &Survey,
        answers: &Answers,
    ) -> Result<(), SetupError> {
        let (mut set, mut gone) = (Vec::new(), Vec::new());
        if let (None, Some(region)) = (&survey.region, &answers.region) {
            set.push(("region", region.clone()));
        }
        match &answers.serial {
            Some(serial) => set.push(("mfa_serial", serial.to_string())),
            // A device that gives no codes would be an error at every login.
            None if survey.unusable_device.is_some() => gone.push("mfa_serial"),
            None => {}
        }
        match answers.home.keychain() {
            Some(keychain) => {
                set.push(("daypass_access_key_id", answers.key.access_key_id.clone()));
                match keychain {
                    Keychain::System => gone.push("daypass_keychain"),
                    Keychain::Pass => set.push(("daypass_keychain", "pass".to_owned())),
                }
                gone.push("daypass_long_term_section");
            }
            None => {
                gone.push("daypass_access_key_id");
                // A seed in the keychain needs it still.
                if setting(files, &survey.profile, "daypass_totp")?.is_none() {
                    gone.push("daypass_keychain");
                }
            }
        }
        match answers.layout {
            Layout::Process => {
                if survey.process != Process::Own {
                    set.push(("credential_process", answers.process.clone()));
                }
                if survey.is_classic {
                    gone.push("daypass_session_section");
                }
            }
            Layout::Classic => {
                set.push(("daypass_session_section", survey.profile.clone()));
                gone.push("credential_process");
            }
        }
        if let Process::Other(line) = &survey.process {
            let program = line.split_whitespace().next().unwrap_or_default();
            self.notes.push(format!(
                "credential_process ran {program} until now; AWS tools ask daypass from now on"
            ));
        }
        let profile = survey.profile.clone();
        self.additions
            .push(Change::Set(Kind::Config, profile.clone(), set));
        self.additions
            .push(Change::Remove(Kind::Config, profile, gone));
        Ok(())
    }

    /// Removes the key from wherever else the profile has it.
    fn clear_places(
        &mut self,
        files: &Files,
        survey: &Survey,
        answers: &Answers,
        target: Option<&str>,
    ) -> Result<(), SetupError> {
        for place in &survey.places {
            let is_other = place.access_key_id() != answers.key.access_key_id;
            let KeySource::Section { kind, section, .. } = place else {
                if let (KeySource::Keychain { access_key_id }, true) = (place, is_other) {
                    self.notes.push(format!(
                        "the secret of the key until now, {access_key_id}, stays in the keychain"
                    ));
                }
                continue;
            };
            let is_target = *kind == Kind::Credentials && Some(section.as_str()) == target;
            if is_other {
                let id = place.access_key_id();
                let place = describe_place(files, place, Keychain::System);
                self.notes.push(format!(
                    "{place} holds another key, {id}: afterwards only the backup has it"
                ));
            }
            if is_target {
                continue;
            }
            let others = others_with_section(files, &survey.profile, section)?;
            if !others.is_empty() {
                self.hides_secret &= is_other;
                self.notes.push(format!(
                    "[{section}] serves {} too, so the key stays there as well",
                    others.join(", ")
                ));
                continue;
            }
            let mut keys = long_term_key::KEYS.to_vec();
            if let (Kind::Credentials, Some(serial)) = (kind, &answers.serial)
                && let Some(beside) = files.credentials.value(section, "aws_mfa_device")?
                && beside.text == serial.as_str()
            {
                keys.push("aws_mfa_device");
            }
            self.remove(*kind, section, &keys);
        }
        Ok(())
    }

    /// Takes out of the profile's own sections what AWS tools would prefer to the process.
    fn clear_own_section(&mut self, files: &Files, survey: &Survey, answers: &Answers) {
        if answers.layout != Layout::Process {
            return;
        }
        let profile = survey.profile.as_str();
        for read in [&files.credentials, &files.config] {
            let has = |key| {
                let section = read.document.profile(profile);
                section.is_some_and(|section| !matches!(section.value(key), Ok(None)))
            };
            if !CREDENTIALS[..4].iter().any(|key| has(key)) {
                continue;
            }
            if has("aws_session_token") || has("aws_security_token") {
                self.notes.push(format!(
                    "the old session in [{profile}] goes: AWS tools would use it for ever, expired or not"
                ));
            }
            let mut keys = CREDENTIALS.to_vec();
            keys.push(SESSION_OF);
            self.remove(read.file.kind, profile, &keys);
        }
    }

    fn remove(&mut self, kind: Kind, section: &str, keys: &[&'static str]) {
        self.removals
            .push(Change::Remove(kind, section.to_owned(), keys.to_vec()));
    }

    /// Makes sure that the profile can be used as it will be.
    ///
    /// # Errors
    /// When a setting of it would be an error at every login.
    pub fn check(&self, files: &Files) -> Result<(), SetupError> {
        let after = |read: &ReadFile| -> Result<ReadFile, SetupError> {
            Ok(ReadFile {
                file: read.file.clone(),
                document: self.after(files, read.file.kind)?,
            })
        };
        let after = Files {
            config: after(&files.config)?,
            credentials: after(&files.credentials)?,
        };
        let selection = Selection::from_arguments(Some(self.profile.clone()));
        profile::resolve(&after, &selection, &Overrides::default())?;
        Ok(())
    }

    /// One of the two files as it will be.
    ///
    /// # Errors
    /// When the changes cannot be written.
    pub fn after(&self, files: &Files, kind: Kind) -> Result<Document, SetupError> {
        let read = match kind {
            Kind::Config => &files.config,
            Kind::Credentials => &files.credentials,
        };
        let path = || read.file.path.clone();
        let mut document =
            Document::parse(kind, read.document.bytes().to_vec()).map_err(|error| {
                SharedFileError::Parse {
                    path: path(),
                    error,
                    copy: None,
                }
            })?;
        for change in self.additions.iter().chain(&self.removals) {
            if change.kind() == kind {
                change
                    .make(&mut document)
                    .map_err(|source| SharedFileError::Edit {
                        path: path(),
                        source,
                    })?;
            }
        }
        Ok(document)
    }
}
