//! What is not to be counted, with a reason and a date: lines that people write.
//!
//! ```text
//! # CHECK    SUBJECT                      UNTIL       REASON
//! old-key    user/deploy                  2027-01-31  replaced by a role in January
//! sms-device 123456789012:user/reception  never       no smartphone at the desk
//! ```
//!
//! A `*` in the subject stands for any characters, and `*` as the check for any check. The date is the last day on
//! which the line counts; what it took out counts again afterwards.

use chrono::{NaiveDate, NaiveTime};

use crate::{
    audit::checks::{self, Subject},
    terminal::misplaced,
    time::Timestamp,
};

/// The lines of an ignore file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignores {
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

/// What is not to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line in the file, from 1.
    pub line: usize,
    /// The id of the check; none for all of them.
    pub check: Option<&'static str>,
    /// The account, if it is about one.
    pub account: Option<String>,
    /// The subject, in which `*` stands for any characters.
    pub subject: String,
    /// The last day on which it counts; none for ever.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// What is wrong with an ignore file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct IgnoreError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: LineError,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is not UTF-8.
    #[error("it is not UTF-8")]
    NotText,
    /// No such check.
    #[error("there is no check '{check}'{}", near.map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    NoSuchCheck {
        /// What stands there.
        check: String,
        /// The nearest one.
        near: Option<&'static str>,
    },
    /// No subject.
    #[error("it names nobody: after the check comes a subject such as user/ada")]
    NoSubject,
    /// No date.
    #[error("'{0}' is neither a date such as 2027-01-31 nor 'never'")]
    NoDate(String),
    /// No reason.
    #[error("it gives no reason: it is written after the date")]
    NoReason,
}

impl Ignores {
    /// Reads an ignore file.
    ///
    /// # Errors
    /// [`IgnoreError`], with the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, IgnoreError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut entries = Vec::new();
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line_number = index + 1;
            let at = |what| IgnoreError {
                line: line_number,
                what,
            };
            let text = std::str::from_utf8(line).map_err(|_| at(LineError::NotText))?;
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            entries.push(entry(line_number, text).map_err(at)?);
        }
        Ok(Ignores { entries })
    }

    /// The entries about a finding that count on a day, and those that have expired.
    pub fn about(
        &self,
        check: &str,
        account: Option<&str>,
        subject: &Subject,
        now: Timestamp,
    ) -> (Option<&Entry>, Vec<&Entry>) {
        let subject = subject.to_string();
        let (mut counts, mut expired) = (None, Vec::new());
        for entry in &self.entries {
            if !entry.is_about(check, account, &subject) {
                continue;
            }
            if entry.has_expired(now) {
                expired.push(entry);
            } else {
                counts = counts.or(Some(entry));
            }
        }
        (counts, expired)
    }
}

impl Entry {
    fn is_about(&self, check: &str, account: Option<&str>, subject: &str) -> bool {
        self.check.is_none_or(|own| own == check)
            && self
                .account
                .as_deref()
                .is_none_or(|own| Some(own) == account)
            && matches(self.subject.as_bytes(), subject.as_bytes())
    }

    /// Whether its last day is over, in UTC.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| {
            let end = until.succ_opt().unwrap_or(until).and_time(NaiveTime::MIN);
            end.and_utc() <= now
        })
    }
}

fn entry(line: usize, text: &str) -> Result<Entry, LineError> {
    let mut rest = text;
    let mut next = || {
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        rest = after.trim_start();
        word
    };
    let (check, subject, until) = (next(), next(), next());
    let reason = rest;
    let check = match (check, checks::by_id(check)) {
        (_, Some(known)) => Some(known.id),
        ("*", None) => None,
        (check, None) => {
            return Err(LineError::NoSuchCheck {
                check: misplaced(check),
                near: near(check),
            });
        }
    };
    let (account, subject) = match subject.split_once(':') {
        Some((account, subject)) if is_account(account) => (Some(account.to_owned()), subject),
        _ => (None, subject),
    };
    if subject.is_empty() {
        return Err(LineError::NoSubject);
    }
    let until = match until {
        "never" => None,
        date => match NaiveDate::parse_from_str(date, "%Y-%m-%d") {
            Ok(date) => Some(date),
            Err(_) => return Err(LineError::NoDate(misplaced(date))),
        },
    };
    if reason.is_empty() {
        return Err(LineError::NoReason);
    }
    Ok(Entry {
        line,
        check,
        account,
        subject: subject.to_owned(),
        until,
        reason: reason.to_owned(),
    })
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn near(check: &str) -> Option<&'static str> {
    // What is not a word of this kind has no near one, and a long one would take long.
    if check.len() > 64 {
        return None;
    }
    checks::ALL
        .into_iter()
        .map(|known| (strsim::jaro_winkler(known.id, check), known.id))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, id)| id)
}

/// Whether the pattern, in which `*` stands for any characters, is about the whole text.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut in_text) = (0, 0);
    // Where to go on if the last star has to stand for one character more.
    let mut again: Option<(usize, usize)> = None;
    while in_text < text.len() {
        if pattern.get(at) == Some(&b'*') {
            at += 1;
            again = Some((at, in_text));
        } else if pattern.get(at) == Some(&text[in_text]) {
            at += 1;
            in_text += 1;
        } else if let Some((after_star, from)) = again {
            at = after_star;
            in_text = from + 1;
            again = Some((after_star, in_text));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_timestamp;

    const FILE: &str = "\
# reviewed in November

old-key  user/deploy/key/*  2026-12-31   replaced by a role
*        123456789012:user/test-*  never  nobody
";

    fn reason(check: &str, account: Option<&str>, subject: &Subject, now: &str) -> Option<String> {
        let ignores = Ignores::parse(FILE.as_bytes()).unwrap();
        let now = parse_timestamp(now).unwrap();
        let (counts, _) = ignores.about(check, account, subject, now);
        counts.map(|entry| entry.reason.clone())
    }

    #[test]
    fn an_entry_counts_to_the_end_of_its_day_and_is_told_of_afterwards() {
        let key = Subject::Key("deploy".into(), 1);
        let on = |now| reason("old-key", None, &key, now);
        assert_eq!(
            on("2026-12-31T23:59:59Z").as_deref(),
            Some("replaced by a role")
        );
        assert_eq!(on("2027-01-01T00:00:00Z"), None);
        let ignores = Ignores::parse(FILE.as_bytes()).unwrap();
        let later = parse_timestamp("2027-01-01T00:00:00Z").unwrap();
        let (_, expired) = ignores.about("old-key", None, &key, later);
        assert_eq!(expired[0].line, 3);
        let day_before = "2026-12-31T00:00:00Z";
        assert_eq!(reason("unused-key", None, &key, day_before), None);
        assert_eq!(
            reason("old-key", None, &Subject::User("deploy".into()), day_before),
            None
        );
    }

    #[test]
    fn an_entry_of_an_account_is_about_no_other() {
        let now = "2026-12-31T00:00:00Z";
        let user = Subject::User("test-1".into());
        assert!(reason("sms-device", Some("123456789012"), &user, now).is_some());
        assert!(reason("sms-device", Some("210987654321"), &user, now).is_none());
        assert!(reason("sms-device", None, &user, now).is_none());
    }

    #[test]
    fn a_star_stands_for_any_characters_however_many_there_are() {
        for (pattern, text, expected) in [
            ("user/*", "user/ada", true),
            ("*", "", true),
            ("user/a*a", "user/ada", true),
            ("user/a*a", "user/adab", false),
            ("*a*b*", "xxaxxbxx", true),
            ("user/ada", "user/adam", false),
            ("user/ada*", "user/ada", true),
            ("*ab", "aab", true),
        ] {
            assert_eq!(
                matches(pattern.as_bytes(), text.as_bytes()),
                expected,
                "{pattern} {text}"
            );
        }
        let stars = "*a".repeat(2_000);
        assert!(!matches(stars.as_bytes(), "a".repeat(1_900).as_bytes()));
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        for (line, expected) in [
            (
                "old-keys user/a never x",
                "line 2: there is no check 'old-keys'; did you mean old-key?",
            ),
            ("zzz user/a never x", "line 2: there is no check 'zzz'"),
            (
                "old-key",
                "line 2: it names nobody: after the check comes a subject such as user/ada",
            ),
            (
                "old-key user/a",
                "line 2: '' is neither a date such as 2027-01-31 nor 'never'",
            ),
            (
                "old-key user/a 2027-02-30 x",
                "line 2: '2027-02-30' is neither a date such as 2027-01-31 nor 'never'",
            ),
            (
                "old-key user/a never  ",
                "line 2: it gives no reason: it is written after the date",
            ),
        ] {
            let error = Ignores::parse(format!("#\n{line}\n").as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(
            Ignores::parse(b"\n\n\xff").unwrap_err().to_string(),
            "line 3: it is not UTF-8"
        );
    }
}
