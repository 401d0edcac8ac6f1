//! What there is on this machine, before anybody is asked.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    environment::{self, KeyVariables},
    profile::{
        self, Files, Overrides, Profile, ProfileError, ReadFile, Selection, long_term_section,
    },
    shared_files::{Document, Kind, SharedFile, SharedFileError, config_path, credentials_path},
    terminal::trace,
    time::{self, Timestamp},
};

/// What there is on this machine.
pub struct Survey {
    /// Both files; one that cannot be read counts as empty here.
    pub files: Files,
    /// The files that cannot be read.
    pub broken: Vec<SharedFileError>,
    /// What the system says of the files and of their directories.
    pub access: Vec<Access>,
    /// The variables of AWS tools, without those that hold secrets.
    pub variables: Vec<(&'static str, String)>,
    /// What the environment has of an access key.
    pub key_variables: KeyVariables,
    /// Every daypass on the search path, in its order; one that is there under two names only once.
    pub programs: Vec<PathBuf>,
    /// This program.
    pub own_program: Option<PathBuf>,
    /// The profiles that are examined.
    pub subjects: Vec<Subject>,
    /// The name that was asked for.
    pub named: Option<String>,
    /// The moment.
    pub now: Timestamp,
}

/// A profile that is examined.
pub struct Subject {
    /// Its name.
    pub name: String,
    /// What it says, if that makes sense.
    pub profile: Result<Profile, ProfileError>,
}

/// What the system says of a file or a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Where it is.
    pub path: PathBuf,
    /// Which of the two files; none for a directory.
    pub kind: Option<Kind>,
    /// The permission bits.
    pub mode: u32,
    /// Whether it belongs to somebody else who is not root.
    pub is_of_another: bool,
}

impl Survey {
    /// Looks at what there is of this profile, or of all that daypass has to do with.
    ///
    /// # Errors
    /// When nobody can say where the files are, or there is no such profile.
    pub fn of(named: Option<String>) -> Result<Self, ProfileError> {
        let mut broken = Vec::new();
        let files = Files {
            config: read(config_path()?, Kind::Config, &mut broken),
            credentials: read(credentials_path()?, Kind::Credentials, &mut broken),
        };
        let subjects = if broken.is_empty() {
            subjects(&files, named.as_deref())?
        } else {
            Vec::new()
        };
        Ok(Survey {
            access: access(&files),
            files,
            broken,
            variables: environment::of_aws_tools(),
            key_variables: environment::key_variables(),
            programs: programs(),
            own_program: env::current_exe().ok(),
            subjects,
            named,
            now: time::now(),
        })
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Subject {
    /// What these files say of the profile.
    pub fn of(files: &Files, name: &str) -> Self {
        let selection = Selection::from_arguments(Some(name.to_owned()));
        Subject {
            name: name.to_owned(),
            profile: profile::resolve(files, &selection, &Overrides::default()),
        }
    }
}

fn read(path: PathBuf, kind: Kind, broken: &mut Vec<SharedFileError>) -> ReadFile {
    let file = SharedFile { path, kind };
    trace(3, || format!("reading {}", file.path.display()));
    let document = file.read().unwrap_or_else(|error| {
        broken.push(error);
        Document::empty(kind)
    });
    ReadFile { file, document }
}

fn subjects(files: &Files, named: Option<&str>) -> Result<Vec<Subject>, ProfileError> {
    let Some(name) = named else {
        let names = files.profile_names().into_iter();
        let served = names.filter(|name| is_served(files, name));
        return Ok(served.map(|name| Subject::of(files, &name)).collect());
    };
    let subject = Subject::of(files, name);
    match subject.profile {
        Err(error @ ProfileError::Unknown { .. }) => Err(error),
        profile => Ok(vec![Subject { profile, ..subject }]),
    }
}

/// Whether daypass has to do with a profile.
pub(super) fn is_served(files: &Files, name: &str) -> bool {
    let says = |key: &str| {
        [&files.config, &files.credentials]
            .iter()
            .any(|read| !matches!(read.value(name, key), Ok(None)))
    };
    let is_of_daypass = |read: &ReadFile| {
        let section = read.document.profile(name);
        let keys = section.map(|section| section.keys()).unwrap_or_default();
        let runs_it = section
            .and_then(|section| section.value("credential_process").ok()?)
            .is_some_and(|line| line.text.contains("daypass"));
        runs_it
            || keys
                .iter()
                .any(|key| key.to_ascii_lowercase().starts_with("daypass"))
    };
    let is_of_another_kind = ["credential_source", "web_identity_token_file"];
    is_of_daypass(&files.config)
        || is_of_daypass(&files.credentials)
        || says("mfa_serial")
        || says("mfa_process")
        || says("source_profile")
        || (says("role_arn") && !is_of_another_kind.iter().any(|key| says(key)))
        || files
            .credentials
            .document
            .profile(&long_term_section(name))
            .is_some()
        || files.holds_our_session(&format!("{name}-mfa"))
}

#[cfg(unix)]
fn access(files: &Files) -> Vec<Access> {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    let mut found: Vec<Access> = Vec::new();
    for read in [&files.config, &files.credentials] {
        let directory = read.file.path.parent().filter(|path| path.is_absolute());
        let places = [
            (Some(read.file.path.as_path()), Some(read.file.kind)),
            (directory, None),
        ];
        for (path, kind) in places {
            let Some(path) = path else { continue };
            let Ok(metadata) = path.metadata() else {
                continue;
            };
            // A device, such as /dev/null, stands for no file.
            if !(metadata.is_file() || metadata.is_dir())
                || found.iter().any(|known| known.path == path)
            {
                continue;
            }
            found.push(Access {
                path: path.to_owned(),
                kind,
                // A directory in which all may write only what is their own, as /tmp is.
                mode: metadata.mode()
                    & if metadata.mode() & 0o1000 == 0 {
                        0o777
                    } else {
                        0o755
                    },
                is_of_another: metadata.uid() != own && metadata.uid() != 0,
            });
        }
    }
    found
}

/// Elsewhere there are no such modes.
#[cfg(not(unix))]
fn access(_files: &Files) -> Vec<Access> {
    Vec::new()
}

fn programs() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let name = format!("daypass{}", env::consts::EXE_SUFFIX);
    let mut found: Vec<PathBuf> = Vec::new();
    let is_known = |found: &[PathBuf], path: &Path| found.iter().any(|known| is_same(known, path));
    for directory in env::split_paths(&path).filter(|directory| directory.is_absolute()) {
        let candidate = directory.join(&name);
        if crate::program::is_executable(&candidate) && !is_known(&found, &candidate) {
            found.push(candidate);
        }
    }
    found
}

/// Whether two paths lead to one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || one
            .canonicalize()
            .is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
