//! Whose turn it is to ask for a code.
//!
//! Thirty AWS tools that start at once with an expired session must cause one question. For each
//! long-term key there is one small file beside the credentials file, in `daypass/`; whoever holds
//! the operating system's lock on it has the turn, and the lock dies with its holder. The file
//! itself remembers how the last turn ended and which code was spent. It holds no secret.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    mfa::code::Code,
    serial::Serial,
    time::{self, Timestamp},
};

/// How long a refusal answers for those who have no terminal of their own.
const REFUSAL_LASTS: TimeDelta = TimeDelta::seconds(10);

/// How long a spent code could still be sent again: AWS accepts one for a few steps of 30 s at most.
const SPENT_LASTS: TimeDelta = TimeDelta::seconds(180);

/// The memory is a few hundred bytes; more is not ours.
const LARGEST_MEMORY: u64 = 64 * 1024;

/// How a turn failed, told once and passed on to all who waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The exit code.
    pub exit_code: u8,
    /// What happened.
    pub message: String,
    /// What caused it.
    pub causes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
    /// Whether it answers for those who come within ten seconds as well: a cancel or a refusal does,
    /// a network failure does not.
    pub lasts: bool,
}

/// The turn. It ends when this is dropped.
pub struct Turn {
    /// Without a file, nobody is kept waiting and nothing is remembered.
    file: Option<File>,
    memory: Memory,
}

#[derive(Default)]
struct Memory {
    failure: Option<(Timestamp, Account)>,
    spent: Option<(Timestamp, String)>,
}

/// Why nobody can take a turn.
#[derive(Debug, thiserror::Error)]
#[error("cannot lock {}", path.display())]
pub struct TurnError {
    /// The file of the turn.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl Turn {
    /// Takes the turn for a long-term key, and waits for it if somebody else has it.
    ///
    /// `waiting` is called once before a wait begins.
    ///
    /// # Errors
    /// When the file cannot be made or locked.
    pub fn take(
        credentials: &Path,
        access_key_id: &str,
        waiting: impl FnOnce(),
    ) -> Result<Self, TurnError> {
        let path = path(credentials, access_key_id);
        let failed = |source| TurnError {
            path: path.clone(),
            source,
        };
        let file = open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let memory = Memory::read(&file);
        Ok(Turn {
            file: Some(file),
            memory,
        })
    }

    /// A turn that keeps nobody out, for a directory in which no file can be made.
    pub fn unlocked() -> Self {
        Turn {
            file: None,
            memory: Memory::default(),
        }
    }

    /// How the last turn failed, if that answers for a caller who began to wait at `since`.
    ///
    /// It answers for everybody who was waiting at the time; a lasting one for ten seconds also for
    /// those who came later, unless they have a terminal of their own.
    pub fn failure_for(&self, since: Timestamp, has_own_terminal: bool) -> Option<&Account> {
        let (at, account) = self.memory.failure.as_ref()?;
        let was_waiting = *at >= since;
        let age = time::now() - at;
        let recent = age >= TimeDelta::zero() && age < REFUSAL_LASTS;
        (was_waiting || (account.lasts && recent && !has_own_terminal)).then_some(account)
    }

    /// Remembers how this turn failed.
    pub fn remember_failure(&mut self, account: Account) {
        self.memory.failure = Some((time::now(), account));
        self.save();
    }

    /// Forgets the last failure: this turn went well.
    pub fn forget_failure(&mut self) {
        self.memory.failure = None;
        self.save();
    }

    /// Remembers that AWS has seen this code: it is good for nothing any more.
    pub fn remember_spent(&mut self, serial: &Serial, code: &Code) {
        self.memory.spent = Some((time::now(), digest(serial, code)));
        self.save();
    }

    /// Whether AWS has seen this code of this device a moment ago.
    pub fn is_spent(&self, serial: &Serial, code: &Code) -> bool {
        self.memory.spent.as_ref().is_some_and(|(at, spent)| {
            time::now() - at < SPENT_LASTS && *spent == digest(serial, code)
        })
    }

    /// A memory that cannot be written costs a question too many, never a session.
    fn save(&mut self) {
        let Some(file) = &mut self.file else { return };
        let text = self.memory.render();
        let _ = file
            .rewind()
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.write_all(text.as_bytes()));
    }
}

impl Memory {
    /// A memory that makes no sense is no memory.
    fn read(mut file: &File) -> Self {
        let mut text = String::new();
        let read = file
            .rewind()
            .and_then(|()| file.take(LARGEST_MEMORY).read_to_string(&mut text));
        match read {
            Ok(_) => serde_json::from_str(&text).map_or_else(|_| Memory::default(), Memory::parse),
            Err(_) => Memory::default(),
        }
    }

    fn parse(value: Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let moment = |value: &Value| value["at"].as_str().and_then(time::parse_timestamp);
        let failure = |value: &Value| {
            let account = Account {
                exit_code: u8::try_from(value["exit_code"].as_u64()?).ok()?,
                message: text(&value["message"])?,
                causes: value["causes"]
                    .as_array()?
                    .iter()
                    .filter_map(text)
                    .collect(),
                hint: text(&value["hint"]),
                lasts: value["lasts"].as_bool()?,
            };
            Some((moment(value)?, account))
        };
        let spent = |value: &Value| Some((moment(value)?, text(&value["digest"])?));
        Memory {
            failure: failure(&value["failure"]),
            spent: spent(&value["spent"]),
        }
    }

    fn render(&self) -> String {
        let failure = self.failure.as_ref().map(|(at, account)| {
            json!({
                // With its fractions: who was waiting at the time is decided by less than a second.
                "at": at.to_rfc3339(),
                "exit_code": account.exit_code,
                "message": account.message,
                "causes": account.causes,
                "hint": account.hint,
                "lasts": account.lasts,
            })
        });
        let spent = self
            .spent
            .as_ref()
            .map(|(at, digest)| json!({ "at": at.to_rfc3339(), "digest": digest }));
        json!({ "failure": failure, "spent": spent }).to_string()
    }
}

/// What is kept of a spent code: enough to know it again, for this device only.
fn digest(serial: &Serial, code: &Code) -> String {
    let mut hash = Sha256::new();
    hash.update(serial.as_str());
    hash.update([0]);
    hash.update(code.expose());
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn path(credentials: &Path, access_key_id: &str) -> PathBuf {
    // The id comes from a file of the user's: it must not lead out of the directory.
    let name: String = access_key_id
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .take(128)
        .collect();
    credentials
        .with_file_name("daypass")
        .join(format!("{name}.json"))
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(directory) = path.parent() {
                make_private_directory(directory)?;
            }
            options.open(path)
        }
        other => other,
    }
}

/// Makes the directory and the missing ones above it, for this user alone.
fn make_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(lasts: bool) -> Account {
        Account {
            exit_code: 4,
            message: "AWS refused the code".into(),
            causes: vec!["reused".into()],
            hint: Some("wait".into()),
            lasts,
        }
    }

    fn turn(directory: &tempfile::TempDir) -> Turn {
        Turn::take(&directory.path().join("credentials"), "AKIAEXAMPLE", || {}).unwrap()
    }

    #[test]
    fn a_failure_answers_for_those_who_waited_even_with_a_terminal_of_their_own() {
        let directory = tempfile::tempdir().unwrap();
        let since = time::now();
        turn(&directory).remember_failure(account(false));
        assert_eq!(
            turn(&directory).failure_for(since, true),
            Some(&account(false))
        );
    }

    #[test]
    fn a_lasting_failure_answers_for_later_callers_without_a_terminal() {
        let directory = tempfile::tempdir().unwrap();
        turn(&directory).remember_failure(account(true));
        let later = time::now();
        assert_eq!(
            turn(&directory).failure_for(later, false),
            Some(&account(true))
        );
        assert_eq!(turn(&directory).failure_for(later, true), None);
        turn(&directory).remember_failure(account(false));
        let later = time::now();
        assert_eq!(turn(&directory).failure_for(later, false), None);
    }

    #[test]
    fn a_spent_code_is_known_again_for_its_device_only() {
        let directory = tempfile::tempdir().unwrap();
        let ada = Serial::parse("arn:aws:iam::123456789012:mfa/ada").unwrap();
        let bob = Serial::parse("arn:aws:iam::123456789012:mfa/bob").unwrap();
        let (spent, other) = (
            Code::parse("123456").unwrap(),
            Code::parse("654321").unwrap(),
        );
        turn(&directory).remember_spent(&ada, &spent);
        assert!(turn(&directory).is_spent(&ada, &spent));
        assert!(!turn(&directory).is_spent(&ada, &other));
        assert!(!turn(&directory).is_spent(&bob, &spent));
    }

    #[test]
    fn the_memory_never_holds_a_code_and_survives_rubbish() {
        let directory = tempfile::tempdir().unwrap();
        let ada = Serial::parse("arn:aws:iam::123456789012:mfa/ada").unwrap();
        turn(&directory).remember_spent(&ada, &Code::parse("123456").unwrap());
        let path = directory.path().join("daypass/AKIAEXAMPLE.json");
        assert!(!fs::read_to_string(&path).unwrap().contains("123456\""));
        for rubbish in ["", "{", "[]", "{\"failure\":{\"at\":5}}", "\u{0}"] {
            fs::write(&path, rubbish).unwrap();
            assert_eq!(turn(&directory).failure_for(time::now(), false), None);
        }
    }

    #[test]
    fn an_id_cannot_lead_out_of_the_directory() {
        let path = path(Path::new("/home/ada/.aws/credentials"), "../../x");
        assert_eq!(path, Path::new("/home/ada/.aws/daypass/______x.json"));
    }
}
