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
    thread,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    mfa::code::Code,
    serial::Serial,
    time::{self, Timestamp},
};

/// How long to wait for the turn: longer than a question stands, so that whoever has the turn for
/// longer is stuck (stopped with Ctrl-Z, for one).
const PATIENCE: Duration = Duration::from_secs(360);

/// How often to look whether the turn is free.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long a refusal answers for those who have no terminal of their own.
const REFUSAL_LASTS: TimeDelta = TimeDelta::seconds(10);

/// How long a failure of any kind answers for those who hold a session that is still good: they were
/// only going to renew it early.
const EARLY_RENEWAL_RESTS: TimeDelta = TimeDelta::seconds(60);

/// How long a spent code could still be sent again: AWS accepts one for a few steps of 30 s at most.
const SPENT_LASTS: TimeDelta = TimeDelta::seconds(180);

/// The memory is a few hundred bytes; more is not ours.
const LARGEST_MEMORY: u64 = 64 * 1024;

/// How a turn failed, told once and passed on to all who waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFailure {
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

/// Who would take a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A person at a terminal of their own.
    Person,
    /// A tool, on whatever terminal there is.
    Tool,
    /// A tool that can be served with a session that is still good.
    ServedTool,
}

/// The turn. It ends when this is dropped.
pub struct Turn {
    /// Without a file, nobody is kept waiting and nothing is remembered.
    file: Option<File>,
    memory: Memory,
}

#[derive(Default)]
struct Memory {
    failure: Option<Failure>,
    spent: Vec<(Timestamp, String)>,
}

struct Failure {
    at: Timestamp,
    /// The device that the failed turn was about: whoever uses another one is not answered.
    serial: Option<String>,
    told: ToldFailure,
}

/// Why nobody can take a turn.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// Somebody has it and does not let go.
    #[error("another daypass has been busy with this access key for {} minutes", PATIENCE.as_secs() / 60)]
    Busy,
    /// The file of the turn cannot be made or locked.
    #[error("cannot lock {}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Turn {
    /// Takes the turn for a long-term key, and waits for it if somebody else has it.
    ///
    /// `waiting` is called once before a wait begins; it says whether to wait at all.
    ///
    /// # Errors
    /// When the file cannot be made or locked, or nobody lets go of it within six minutes.
    pub fn take(
        credentials: &Path,
        access_key_id: &str,
        mut waiting: impl FnMut() -> bool,
    ) -> Result<Self, TurnError> {
        let (path, file) = open(credentials, access_key_id)?;
        let deadline = Instant::now() + PATIENCE;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() > deadline => {
                    return Err(TurnError::Busy);
                }
                Err(TryLockError::WouldBlock) => {
                    if !told && !waiting() {
                        return Err(TurnError::Busy);
                    }
                    told = true;
                    thread::sleep(LOOK_AGAIN);
                }
                Err(TryLockError::Error(source)) => {
                    return Err(TurnError::Unusable { path, source });
                }
            }
        }
        let memory = Memory::read(&file);
        Ok(Turn {
            file: Some(file),
            memory,
        })
    }

    /// A turn that keeps nobody out, for when no file can be made for it.
    pub fn unlocked() -> Self {
        Turn {
            file: None,
            memory: Memory::default(),
        }
    }

    /// What the last turn left behind, without taking one.
    pub fn glance(credentials: &Path, access_key_id: &str) -> Self {
        let memory = File::open(path(credentials, access_key_id)).map(|file| Memory::read(&file));
        Turn {
            file: None,
            memory: memory.unwrap_or_default(),
        }
    }

    /// How the last turn failed, if that answers for a caller who began to wait at `since` and whose
    /// profile names the device `serial`.
    ///
    /// It answers for everybody who was waiting at the time; a lasting one for ten seconds also for
    /// tools that come later; any for a minute for tools that have a good session anyway.
    pub fn failure_for(
        &self,
        caller: Caller,
        serial: Option<&Serial>,
        since: Timestamp,
    ) -> Option<&ToldFailure> {
        let failure = self.memory.failure.as_ref()?;
        if failure.serial.as_deref() != serial.map(Serial::as_str) {
            return None;
        }
        let age = time::now() - failure.at;
        let younger_than = |limit| age >= TimeDelta::zero() && age < limit;
        let answers = failure.at >= since
            || match caller {
                Caller::Person => false,
                Caller::Tool => failure.told.lasts && younger_than(REFUSAL_LASTS),
                Caller::ServedTool => younger_than(EARLY_RENEWAL_RESTS),
            };
        answers.then_some(&failure.told)
    }

    /// Remembers how this turn failed.
    pub fn remember_failure(&mut self, serial: Option<&Serial>, told: ToldFailure) {
        self.memory.failure = Some(Failure {
            at: time::now(),
            serial: serial.map(|serial| serial.as_str().to_owned()),
            told,
        });
        self.save();
    }

    /// Forgets the last failure: this turn went well.
    pub fn forget_failure(&mut self) {
        self.memory.failure = None;
        self.save();
    }

    /// Remembers that AWS has seen this code: it is good for nothing any more.
    pub fn remember_spent(&mut self, serial: &Serial, code: &Code) {
        let now = time::now();
        self.memory.spent.retain(|(at, _)| now - at < SPENT_LASTS);
        self.memory.spent.push((now, digest(serial, code)));
        self.save();
    }

    /// Whether AWS has seen this code of this device a moment ago.
    pub fn is_spent(&self, serial: &Serial, code: &Code) -> bool {
        let (now, digest) = (time::now(), digest(serial, code));
        let spent = &self.memory.spent;
        spent
            .iter()
            .any(|(at, known)| now - at < SPENT_LASTS && *known == digest)
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
            Some(Failure {
                at: moment(value)?,
                serial: text(&value["serial"]),
                told: ToldFailure {
                    exit_code: u8::try_from(value["exit_code"].as_u64()?).ok()?,
                    message: text(&value["message"])?,
                    causes: value["causes"]
                        .as_array()?
                        .iter()
                        .filter_map(text)
                        .collect(),
                    hint: text(&value["hint"]),
                    lasts: value["lasts"].as_bool()?,
                },
            })
        };
        let spent = |value: &Value| Some((moment(value)?, text(&value["digest"])?));
        Memory {
            failure: failure(&value["failure"]),
            spent: value["spent"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(spent)
                .collect(),
        }
    }

    fn render(&self) -> String {
        let failure = self.failure.as_ref().map(|failure| {
            json!({
                // With its fractions: who was waiting at the time is decided by less than a second.
                "at": failure.at.to_rfc3339(),
                "serial": failure.serial,
                "exit_code": failure.told.exit_code,
                "message": failure.told.message,
                "causes": failure.told.causes,
                "hint": failure.told.hint,
                "lasts": failure.told.lasts,
            })
        });
        let spent: Vec<Value> = self
            .spent
            .iter()
            .map(|(at, digest)| json!({ "at": at.to_rfc3339(), "digest": digest }))
            .collect();
        json!({ "failure": failure, "spent": spent }).to_string()
    }
}

/// What is kept of a spent code: enough to know it again, for this device only.
fn digest(serial: &Serial, code: &Code) -> String {
    let mut hash = Sha256::new();
    hash.update(serial.as_str());
    hash.update([0]);
    hash.update(code.digits());
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
    directory(credentials).join(format!("{name}.json"))
}

/// Beside the credentials file; where that cannot be, in the temporary directory, for all processes
/// of this user alike.
fn directory(credentials: &Path) -> PathBuf {
    let beside = credentials.with_file_name("daypass");
    // /dev/null for one: it says that there is no credentials file, and nothing belongs beside it.
    let is_special = fs::metadata(credentials).is_ok_and(|metadata| !metadata.is_file());
    let can_be_made = [Some(beside.as_path()), beside.parent()]
        .into_iter()
        .flatten()
        .find(|path| path.exists())
        .is_none_or(is_writable);
    if !is_special && can_be_made {
        return beside;
    }
    #[cfg(unix)]
    let name = format!("daypass-{}", rustix::process::getuid().as_raw());
    #[cfg(not(unix))]
    let name = "daypass";
    std::env::temp_dir().join(name)
}

#[cfg(unix)]
fn is_writable(directory: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(directory, Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(directory: &Path) -> bool {
    fs::metadata(directory).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// Opens the file of the turn, and makes it if it is not there.
fn open(credentials: &Path, access_key_id: &str) -> Result<(PathBuf, File), TurnError> {
    let path = path(credentials, access_key_id);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // In a directory that others can write to, the name may be a link of theirs to a file of ours.
        let no_follow = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options
            .mode(0o600)
            .custom_flags(no_follow.bits().cast_signed());
    }
    let opened = path
        .parent()
        .map_or(Ok(()), make_private_directory)
        .and_then(|()| options.open(&path))
        .and_then(|file| {
            if is_ours(&file)? {
                Ok(file)
            } else {
                Err(io::ErrorKind::PermissionDenied.into())
            }
        });
    match opened {
        Ok(file) => Ok((path, file)),
        Err(source) => Err(TurnError::Unusable { path, source }),
    }
}

fn is_ours(file: &File) -> io::Result<bool> {
    let metadata = file.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Ok(false);
        }
    }
    Ok(metadata.is_file())
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

    fn told(lasts: bool) -> ToldFailure {
        ToldFailure {
            exit_code: 4,
            message: "AWS refused the code".into(),
            causes: vec!["reused".into()],
            hint: Some("wait".into()),
            lasts,
        }
    }

    fn turn(directory: &tempfile::TempDir) -> Turn {
        Turn::take(&directory.path().join("credentials"), "AKIAEXAMPLE", || {
            true
        })
        .unwrap()
    }

    fn serial(name: &str) -> Serial {
        Serial::parse(&format!("arn:aws:iam::123456789012:mfa/{name}")).unwrap()
    }

    #[test]
    fn a_failure_answers_for_all_who_waited() {
        let directory = tempfile::tempdir().unwrap();
        let since = time::now();
        turn(&directory).remember_failure(None, told(false));
        for caller in [Caller::Person, Caller::Tool, Caller::ServedTool] {
            let turn = turn(&directory);
            assert_eq!(turn.failure_for(caller, None, since), Some(&told(false)));
        }
    }

    #[test]
    fn a_lasting_failure_answers_for_tools_that_come_later() {
        let directory = tempfile::tempdir().unwrap();
        turn(&directory).remember_failure(None, told(true));
        let later = time::now();
        let answer = |caller| turn(&directory).failure_for(caller, None, later).cloned();
        assert_eq!(answer(Caller::Tool), Some(told(true)));
        assert_eq!(answer(Caller::Person), None);
    }

    #[test]
    fn a_passing_failure_answers_later_only_for_tools_with_a_good_session() {
        let directory = tempfile::tempdir().unwrap();
        turn(&directory).remember_failure(None, told(false));
        let later = time::now();
        let answer = |caller| turn(&directory).failure_for(caller, None, later).cloned();
        assert_eq!(answer(Caller::Tool), None);
        assert_eq!(answer(Caller::ServedTool), Some(told(false)));
    }

    #[test]
    fn a_failure_answers_for_its_own_device_only() {
        let directory = tempfile::tempdir().unwrap();
        turn(&directory).remember_failure(Some(&serial("ada")), told(true));
        let now = time::now();
        let answers = |serial: Option<&Serial>| {
            turn(&directory)
                .failure_for(Caller::Tool, serial, now)
                .is_some()
        };
        assert!(answers(Some(&serial("ada"))));
        assert!(!answers(Some(&serial("new-phone"))));
        assert!(!answers(None));
    }

    #[test]
    fn a_caller_who_does_not_want_to_wait_is_told_that_it_is_busy() {
        let directory = tempfile::tempdir().unwrap();
        let _first = turn(&directory);
        let path = directory.path().join("credentials");
        let second = Turn::take(&path, "AKIAEXAMPLE", || false);
        assert!(matches!(second, Err(TurnError::Busy)));
    }

    #[test]
    fn every_spent_code_is_known_again_for_its_device_only() {
        let directory = tempfile::tempdir().unwrap();
        let code = |digits| Code::parse(digits).unwrap();
        turn(&directory).remember_spent(&serial("ada"), &code("111111"));
        turn(&directory).remember_spent(&serial("ada"), &code("222222"));
        assert!(turn(&directory).is_spent(&serial("ada"), &code("111111")));
        assert!(turn(&directory).is_spent(&serial("ada"), &code("222222")));
        assert!(!turn(&directory).is_spent(&serial("ada"), &code("333333")));
        assert!(!turn(&directory).is_spent(&serial("bob"), &code("111111")));
    }

    #[test]
    fn the_memory_never_holds_a_code_and_survives_rubbish() {
        let directory = tempfile::tempdir().unwrap();
        turn(&directory).remember_spent(&serial("ada"), &Code::parse("123456").unwrap());
        let path = directory.path().join("daypass/AKIAEXAMPLE.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("\"123456\""), "{text}");
        for rubbish in ["", "{", "[]", "{\"failure\":{\"at\":5}}", "\u{0}"] {
            fs::write(&path, rubbish).unwrap();
            let turn = turn(&directory);
            assert_eq!(
                turn.failure_for(Caller::ServedTool, None, time::now()),
                None
            );
        }
    }

    #[test]
    fn an_id_cannot_lead_out_of_the_directory() {
        let directory = tempfile::tempdir().unwrap();
        let path = path(&directory.path().join("credentials"), "../../x");
        assert_eq!(path, directory.path().join("daypass/______x.json"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_file_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let precious = directory.path().join("precious");
        fs::write(&precious, "mine").unwrap();
        fs::create_dir(directory.path().join("daypass")).unwrap();
        let link = directory.path().join("daypass/AKIAEXAMPLE.json");
        std::os::unix::fs::symlink(&precious, link).unwrap();
        let path = directory.path().join("credentials");
        assert!(Turn::take(&path, "AKIAEXAMPLE", || true).is_err());
        assert_eq!(fs::read_to_string(&precious).unwrap(), "mine");
    }

    #[test]
    fn nothing_is_made_beside_a_credentials_file_that_is_none() {
        let path = path(Path::new("/dev/null"), "AKIAEXAMPLE");
        assert!(path.starts_with(std::env::temp_dir()), "{path:?}");
    }
}
