//! `daypass logout`: forget cached sessions.

use std::borrow::Cow;

use crate::{
    cached_session,
    cli::Typed,
    commands::ProfileArgs,
    failure::{Exit, Failure},
    keychain::{Keychain, KeychainError},
    mfa::turn::Turn,
    profile::{self, Files, Lineage, Selection, SessionStore},
    session, terminal,
};

/// Forget the cached session and those of its roles; the long-term key stays
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
For a role profile this is the session of its source. Only sections that
daypass wrote are touched. AWS keeps a session until it expires: this takes it
from this machine and does not end it.

After login --session-store keychain, a profile that keeps nothing else in a
keychain needs --session-store keychain here too.

Examples:
  daypass logout work
  daypass logout --all")]
pub struct LogoutArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Forget the sessions of all profiles
    #[arg(long, conflicts_with_all = ["positional", "profile"])]
    all: bool,

    /// Where to look; the credentials file, and the keychain if the profile uses one, if not given
    #[arg(long, value_name = "STORE")]
    session_store: Option<SessionStore>,
}

/// Runs the command. What fails is told, and keeps nothing else from being forgotten.
///
/// # Errors
/// When the profile is not known or stdout cannot be written.
pub fn run(args: LogoutArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let files = Files::read()?;
    let mut logout = Logout::new(&files, args.session_store);
    let answer = if args.all {
        logout.forget_all();
        match logout.forgotten.as_slice() {
            [] => logout.found_none(),
            sections => Some(format!("forgotten: {}", sections.join(", "))),
        }
    } else {
        let lineage = Lineage::of(&files, &selection)?;
        logout.forget_one(&selection, &lineage);
        let name = lineage.session_profile();
        logout
            .describe(&lineage)
            .map(|text| format!("{name}: {text}"))
    };
    let failures = logout.failures;
    drop(files);
    if let Some(answer) = answer {
        terminal::output(&(answer + "\n"))?;
    }
    for failure in &failures {
        terminal::remark(&failure.render(Typed::of(&[])));
    }
    Ok(if failures.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// What has been forgotten so far, and what could not be.
struct Logout<'a> {
    files: &'a Files,
    store: Option<SessionStore>,
    /// The long-term keys of earlier logins: a profile may have had another one than now.
    earlier_keys: Vec<String>,
    /// The sections that had a session.
    forgotten: Vec<String>,
    failures: Vec<Failure>,
    /// The entries of keychains that were looked for: keychain and section.
    looked_for: Vec<(Keychain, String)>,
}

impl<'a> Logout<'a> {
    fn new(files: &'a Files, store: Option<SessionStore>) -> Self {
        Logout {
            files,
            store,
            earlier_keys: Turn::keys(&files.credentials.file.path),
            forgotten: Vec::new(),
            failures: Vec::new(),
            looked_for: Vec::new(),
        }
    }

    fn forget_all(&mut self) {
        let sections = self.files.credentials.document.profile_names();
        let sections: Vec<String> = sections.into_iter().map(Cow::into_owned).collect();
        self.forget_in_file(&sections);
        for name in self.files.profile_names() {
            let selection = Selection::from_arguments(Some(name.clone()));
            match Lineage::of(self.files, &selection) {
                Ok(lineage) => {
                    let mut sections = lineage.role_sections(self.files);
                    sections.push(lineage.session_section.clone());
                    self.forget_in_keychain(&selection, &lineage, sections);
                }
                Err(source) => {
                    let chain = [name];
                    if profile::may_use_keychain(self.files, &chain, self.store) {
                        let [profile] = chain;
                        let source = Box::new(source);
                        let failure = Failure::NotLookedFor { profile, source };
                        self.failures.push(failure);
                    }
                }
            }
        }
    }

    /// Forgets the session of a profile, and with it those of the roles that it was used for.
    fn forget_one(&mut self, selection: &Selection, lineage: &Lineage) {
        let source = lineage.session_profile();
        let mut sections = vec![lineage.session_section.clone()];
        let credentials = &self.files.credentials.document;
        sections.extend(cached_session::role_sections(credentials, source));
        self.forget_in_file(&sections);
        for name in self.files.profile_names() {
            let other = Lineage::of(self.files, &Selection::from_arguments(Some(name)));
            // Whatever is wrong with other profiles is no matter here.
            if let Ok(other) = other
                && other.session_profile() == source
            {
                sections.extend(other.role_sections(self.files));
            }
        }
        self.forget_in_keychain(selection, lineage, sections);
    }

    /// What was forgotten of one profile's.
    fn describe(&self, lineage: &Lineage) -> Option<String> {
        let session = &lineage.session_section;
        let roles = self
            .forgotten
            .iter()
            .filter(|name| *name != session)
            .count();
        let of_roles = match roles {
            0 if self.forgotten.is_empty() => return self.found_none(),
            0 => return Some("session forgotten".to_owned()),
            1 => "the session of a role".to_owned(),
            count => format!("the sessions of {count} roles"),
        };
        Some(if self.forgotten.contains(session) {
            format!("session forgotten, and {of_roles} made from it")
        } else {
            format!("{of_roles} forgotten")
        })
    }

    /// Forgets what the credentials file holds, wherever the profile keeps its session now.
    fn forget_in_file(&mut self, sections: &[String]) {
        match cached_session::forget(&self.files.credentials.file, sections) {
            Ok((forgotten, edited)) => {
                session::report(&edited);
                self.forgotten.extend(forgotten);
            }
            Err(error) => self.failures.push(error.into()),
        }
    }

    fn forget_in_keychain(
        &mut self,
        selection: &Selection,
        lineage: &Lineage,
        sections: Vec<String>,
    ) {
        let profile = lineage.session_profile().to_owned();
        let found = match profile::session_keychain(self.files, selection, lineage, self.store) {
            Ok(None) => return,
            Ok(Some(found)) => found,
            Err(source) => {
                let source = Box::new(source);
                let failure = Failure::NotLookedFor { profile, source };
                self.failures.push(failure);
                return;
            }
        };
        let keychain = found.keychain;
        // Several role profiles share the session of one source.
        let mut entries: Vec<(Keychain, String)> = Vec::new();
        for section in sections {
            let entry = (keychain, section);
            if !self.looked_for.contains(&entry) && !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        if entries.is_empty() || self.is_closed(keychain, &profile) {
            return;
        }
        let mut keys = self.earlier_keys.clone();
        match found.access_key_id {
            Ok(Some(key)) if !keys.contains(&key) => keys.push(key),
            Ok(_) => {}
            Err(source) => self.failures.push(Failure::NotLookedFor {
                profile: profile.clone(),
                source: Box::new(source),
            }),
        }
        if keys.is_empty() {
            return;
        }
        for (keychain, section) in entries {
            let is_there = cached_session::forget_in_keychain(keychain, &keys, &section);
            self.looked_for.push((keychain, section.clone()));
            match is_there {
                Ok(true) if !self.forgotten.contains(&section) => self.forgotten.push(section),
                Ok(_) => {}
                Err(source) => {
                    self.failures.push(Failure::NotForgotten {
                        profiles: vec![profile],
                        keychain,
                        source,
                    });
                    return;
                }
            }
        }
    }

    /// Whether the whole keychain has failed before: then it is not asked again, since each answer may
    /// take as long as the first, and the profile is told with the others.
    fn is_closed(&mut self, keychain: Keychain, profile: &str) -> bool {
        for failure in &mut self.failures {
            if let Failure::NotForgotten {
                profiles,
                keychain: closed,
                source,
            } = failure
                && *closed == keychain
                && is_of_all_entries(source)
            {
                profiles.push(profile.to_owned());
                return true;
            }
        }
        false
    }

    /// What is said when nothing was forgotten: no more than is known.
    fn found_none(&self) -> Option<String> {
        let path = self.files.credentials.file.path.display();
        match (self.failures.as_slice(), self.looked_for.as_slice()) {
            ([_, ..], _) => None,
            ([], []) => Some(format!("no session in {path}")),
            ([], _) => Some("there was no session".to_owned()),
        }
    }
}

/// Whether another entry of the keychain would fare no better.
fn is_of_all_entries(error: &KeychainError) -> bool {
    matches!(
        error,
        KeychainError::NotThere { .. }
            | KeychainError::Locked { .. }
            | KeychainError::TimedOut { .. }
            | KeychainError::NoPass(_)
            | KeychainError::PassNotInitialised(_)
    )
}
