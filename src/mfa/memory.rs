//! What the last turns of a long-term key left behind: how the last one failed, which codes were spent,
//! how long the key has been known, and whether an enrolment was begun. It holds no secret.

use std::{
    fs::File,
    io::{Read, Seek, Write},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    mfa::code::Code,
    serial::Serial,
    time::{self, Timestamp},
};

mod begun;

pub use begun::BegunEnrolment;

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
    /// Whether it came of asking nobody: it does not answer for those who may ask.
    pub nobody_was_asked: bool,
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

/// What the last turns left behind.
#[derive(Default)]
pub struct Memory {
    failure: Option<Failure>,
    spent: Vec<(Timestamp, String)>,
    /// When the key first served here, or when AWS says that it was made.
    key_known_since: Option<Timestamp>,
    /// An enrolment that may not have come to its end.
    begun: Option<BegunEnrolment>,
}

struct Failure {
    at: Timestamp,
    /// The device that the failed turn was about: whoever uses another one is not answered.
    serial: Option<String>,
    told: ToldFailure,
}

impl Memory {
    /// How the last turn failed, if that answers at `now` for a caller who began to wait at `since` and whose
    /// profile names the device `serial`.
    ///
    /// It answers for everybody who was waiting at the time; a lasting one for ten seconds also for
    /// tools that come later; any for a minute for tools that have a good session anyway.
    pub fn failure_for(
        &self,
        caller: Caller,
        serial: Option<&Serial>,
        since: Timestamp,
        now: Timestamp,
    ) -> Option<&ToldFailure> {
        let failure = self.failure.as_ref()?;
        if failure.serial.as_deref() != serial.map(Serial::as_str) {
            return None;
        }
        let age = now - failure.at;
        let younger_than = |limit| age >= TimeDelta::zero() && age < limit;
        // A failure of the future was written before the clock was set back: it answers for nobody.
        let was_waiting = failure.at >= since && age >= TimeDelta::zero();
        let answers = was_waiting
            || match caller {
                Caller::Person => false,
                Caller::Tool => failure.told.lasts && younger_than(REFUSAL_LASTS),
                Caller::ServedTool => younger_than(EARLY_RENEWAL_RESTS),
            };
        answers.then_some(&failure.told)
    }

    /// Remembers how this turn failed at `now`.
    pub fn set_failure(&mut self, serial: Option<&Serial>, told: ToldFailure, now: Timestamp) {
        self.failure = Some(Failure {
            at: now,
            serial: serial.map(|serial| serial.as_str().to_owned()),
            told,
        });
    }

    /// Forgets the last failure: this turn went well.
    pub fn forget_failure(&mut self) {
        self.failure = None;
    }

    /// Remembers that the key was there at this moment: that it served then, or that it was made.
    pub fn add_key_sighting(&mut self, at: Timestamp) {
        let first = self.key_known_since.map_or(at, |known| known.min(at));
        self.key_known_since = Some(first);
    }

    /// How long the key has been known at `now`: it is that old at least. No AWS has to be asked for it, which
    /// few policies allow without MFA.
    pub fn key_age(&self, now: Timestamp) -> Option<TimeDelta> {
        let age = now - self.key_known_since?;
        (age > TimeDelta::zero()).then_some(age)
    }

    /// An enrolment that was begun, and has not come to its end as far as is known.
    pub fn begun_enrolment(&self) -> Option<&BegunEnrolment> {
        self.begun.as_ref()
    }

    /// Remembers an enrolment that begins, or with `None` that it has come to its end.
    pub fn set_begun_enrolment(&mut self, begun: Option<BegunEnrolment>) {
        self.begun = begun;
    }

    /// Remembers that AWS has seen this code at `now`: it is good for nothing any more.
    pub fn add_spent(&mut self, serial: &Serial, code: &Code, now: Timestamp) {
        self.spent.retain(|(at, _)| is_recent(*at, now));
        self.spent.push((now, digest(serial, code)));
    }

    /// Whether AWS has seen this code of this device a moment before `now`.
    pub fn is_spent(&self, serial: &Serial, code: &Code, now: Timestamp) -> bool {
        let digest = digest(serial, code);
        let spent = &self.spent;
        spent
            .iter()
            .any(|(at, known)| is_recent(*at, now) && *known == digest)
    }

    /// Reads the memory of a file.
    pub(super) fn read(mut file: &File) -> Self {
        let mut bytes = Vec::new();
        let read = file
            .rewind()
            .and_then(|()| file.take(LARGEST_MEMORY).read_to_end(&mut bytes));
        match read {
            Ok(_) => Memory::parse(&bytes),
            Err(_) => Memory::default(),
        }
    }

    /// Writes the memory into its file. A memory that cannot be written costs a question too many,
    /// never a session.
    pub(super) fn write(&self, file: &mut File) {
        let text = self.render();
        let _ = file
            .rewind()
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.write_all(text.as_bytes()));
    }

    /// Parses a memory. One that makes no sense is no memory: another program may have written it.
    pub fn parse(json: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(json).unwrap_or_default();
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
                    nobody_was_asked: value["nobody_was_asked"].as_bool().unwrap_or(false),
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
            key_known_since: value["key_known_since"]
                .as_str()
                .and_then(time::parse_timestamp),
            begun: BegunEnrolment::parse(&value["enrolment"]),
        }
    }

    /// Renders the memory as it is written to its file.
    pub fn render(&self) -> String {
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
                "nobody_was_asked": failure.told.nobody_was_asked,
            })
        });
        let spent: Vec<Value> = self
            .spent
            .iter()
            .map(|(at, digest)| json!({ "at": at.to_rfc3339(), "digest": digest }))
            .collect();
        let known = self.key_known_since.map(|known| known.to_rfc3339());
        let mut memory = json!({ "failure": failure, "spent": spent, "key_known_since": known });
        if let Some(begun) = &self.begun {
            memory["enrolment"] = begun.render();
        }
        memory.to_string()
    }
}

/// A moment of the future is as far off as one of the past: the clock was set back.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    (now - at).abs() < SPENT_LASTS
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
            nobody_was_asked: !lasts,
        }
    }

    fn now() -> Timestamp {
        time::parse_timestamp("2026-11-22T12:00:00Z").unwrap()
    }

    fn after(serial: Option<&Serial>, told: ToldFailure) -> Memory {
        let mut memory = Memory::default();
        memory.set_failure(serial, told, now());
        memory
    }

    fn serial(name: &str) -> Serial {
        Serial::parse(&format!("arn:aws:iam::123456789012:mfa/{name}")).unwrap()
    }

    #[test]
    fn a_key_is_as_old_as_its_first_sighting_at_least() {
        let mut memory = Memory::default();
        assert_eq!(memory.key_age(now()), None);
        memory.add_key_sighting(now() - TimeDelta::days(40));
        memory.add_key_sighting(now());
        let again = Memory::parse(memory.render().as_bytes());
        assert_eq!(again.key_age(now()), Some(TimeDelta::days(40)));
        // The clock was set back.
        assert_eq!(again.key_age(now() - TimeDelta::days(41)), None);
    }

    #[test]
    fn a_failure_answers_for_all_who_waited() {
        let since = now() - TimeDelta::seconds(1);
        let memory = after(None, told(false));
        for caller in [Caller::Person, Caller::Tool, Caller::ServedTool] {
            assert_eq!(
                memory.failure_for(caller, None, since, now()),
                Some(&told(false))
            );
        }
    }

    #[test]
    fn a_lasting_failure_answers_for_tools_that_come_later() {
        let memory = after(None, told(true));
        let answer = |caller| {
            memory.failure_for(
                caller,
                None,
                now() + TimeDelta::seconds(1),
                now() + TimeDelta::seconds(1),
            )
        };
        assert_eq!(answer(Caller::Tool), Some(&told(true)));
        assert_eq!(answer(Caller::Person), None);
    }

    #[test]
    fn a_passing_failure_answers_later_only_for_tools_with_a_good_session() {
        let memory = after(None, told(false));
        let answer = |caller| {
            memory.failure_for(
                caller,
                None,
                now() + TimeDelta::seconds(1),
                now() + TimeDelta::seconds(1),
            )
        };
        assert_eq!(answer(Caller::Tool), None);
        assert_eq!(answer(Caller::ServedTool), Some(&told(false)));
    }

    #[test]
    fn a_failure_that_is_old_answers_for_nobody_who_comes_later() {
        for (lasts, caller, seconds) in [
            (true, Caller::Tool, 10),
            (false, Caller::ServedTool, 60),
            (true, Caller::ServedTool, 60),
        ] {
            let memory = after(None, told(lasts));
            let answers_after = |seconds| {
                let later = now() + TimeDelta::seconds(seconds);
                memory.failure_for(caller, None, later, later).is_some()
            };
            assert!(answers_after(seconds - 1), "{caller:?}");
            assert!(!answers_after(seconds), "{caller:?}");
        }
    }

    #[test]
    fn a_failure_answers_for_its_own_device_only() {
        let memory = after(Some(&serial("ada")), told(true));
        let answers = |serial: Option<&Serial>| {
            memory
                .failure_for(Caller::Tool, serial, now(), now())
                .is_some()
        };
        assert!(answers(Some(&serial("ada"))));
        assert!(!answers(Some(&serial("new-phone"))));
        assert!(!answers(None));
    }

    #[test]
    fn a_failure_of_the_future_answers_for_nobody() {
        let mut memory = after(None, told(true));
        let failure = memory.failure.as_mut().unwrap();
        failure.at += TimeDelta::hours(1);
        for caller in [Caller::Person, Caller::Tool, Caller::ServedTool] {
            assert_eq!(
                memory.failure_for(
                    caller,
                    None,
                    now() + TimeDelta::seconds(1),
                    now() + TimeDelta::seconds(1)
                ),
                None
            );
        }
    }

    #[test]
    fn every_spent_code_is_known_again_for_its_device_only() {
        let code = |digits| Code::parse(digits).unwrap();
        let mut memory = Memory::default();
        memory.add_spent(&serial("ada"), &code("111111"), now());
        memory.add_spent(&serial("ada"), &code("222222"), now());
        assert!(memory.is_spent(&serial("ada"), &code("111111"), now()));
        assert!(memory.is_spent(&serial("ada"), &code("222222"), now()));
        assert!(!memory.is_spent(&serial("ada"), &code("333333"), now()));
        assert!(!memory.is_spent(&serial("bob"), &code("111111"), now()));
    }

    #[test]
    fn what_is_written_is_read_again_and_holds_no_code() {
        let mut memory = after(Some(&serial("ada")), told(true));
        memory.add_spent(&serial("ada"), &Code::parse("123456").unwrap(), now());
        let mut file = tempfile::tempfile().unwrap();
        memory.write(&mut file);
        let again = Memory::read(&file);
        assert_eq!(again.render(), memory.render());
        assert!(!memory.render().contains("\"123456\""));
    }

    #[test]
    fn an_enrolment_that_was_begun_is_known_until_it_ends() {
        let begun = BegunEnrolment {
            user: "ada".into(),
            serial: serial("ada"),
            has_seed: true,
        };
        let mut memory = Memory::default();
        memory.set_begun_enrolment(Some(begun.clone()));
        let mut again = Memory::parse(memory.render().as_bytes());
        assert_eq!(again.begun_enrolment(), Some(&begun));
        again.set_begun_enrolment(None);
        assert_eq!(again.render(), Memory::default().render());
    }

    #[test]
    fn rubbish_is_no_memory() {
        for rubbish in [
            "",
            "{",
            "[]",
            "{\"failure\":{\"at\":5}}",
            "\u{0}",
            "{\"spent\":7}",
            "{\"enrolment\":{\"user\":\"ada\",\"serial\":\"phone\"}}",
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(rubbish.as_bytes()).unwrap();
            let memory = Memory::read(&file);
            assert_eq!(memory.render(), Memory::default().render(), "{rubbish}");
        }
    }
}
