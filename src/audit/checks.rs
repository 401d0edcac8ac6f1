//! What is asked of an account. A check is a small file: what it asks, how bad a yes is, which benchmarks ask it
//! too, and the question itself, which is pure.

use std::{collections::BTreeMap, fmt, time::Duration};

use chrono::TimeDelta;

use crate::{
    audit::account::{Account, Unknown, User},
    terminal::word,
    time::Timestamp,
};

mod age_limit;
mod broken_enforcement;
mod console_without_mfa;
mod fido_only_with_keys;
mod group_without_mfa;
mod key_without_mfa;
mod locked_out;
mod old_key;
mod policies;
mod root_access_keys;
mod root_hardware_mfa;
mod root_mfa;
mod single_device;
mod sms_device;
mod unassigned_device;
mod unused_key;
mod unused_password;
mod users;

/// All checks, in the order in which they are documented.
pub const ALL: [&Check; 16] = [
    &root_mfa::CHECK,
    &root_access_keys::CHECK,
    &root_hardware_mfa::CHECK,
    &console_without_mfa::CHECK,
    &key_without_mfa::CHECK,
    &group_without_mfa::CHECK,
    &broken_enforcement::CHECK,
    &age_limit::CHECK,
    &locked_out::CHECK,
    &fido_only_with_keys::CHECK,
    &sms_device::CHECK,
    &single_device::CHECK,
    &unassigned_device::CHECK,
    &old_key::CHECK,
    &unused_key::CHECK,
    &unused_password::CHECK,
];

/// The check of that id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    ALL.into_iter().find(|check| check.id == id)
}

/// The age from which a key is old, and a key or a password unused. Source: CIS AWS Foundations Benchmark, "access
/// keys are rotated every 90 days or less"; of what is unused, older versions of it say 90 days, newer ones 45.
const TOO_LONG: TimeDelta = TimeDelta::days(90);

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// To be mended some day.
    Medium,
    /// Somebody can do without MFA what takes MFA.
    High,
    /// The whole account is open to one stolen password or key.
    Critical,
}

impl Severity {
    /// All of them, the worst first.
    pub const WORST_FIRST: [Severity; 4] = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Severity::WORST_FIRST
            .into_iter()
            .find(|severity| severity.word() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A check.
#[derive(Debug)]
pub struct Check {
    /// What it is called.
    pub id: &'static str,
    /// What is wrong where it finds something.
    pub title: &'static str,
    /// How bad that is, as a rule.
    pub severity: Severity,
    /// What it asks.
    pub question: &'static str,
    /// Who asks it too.
    pub references: &'static [Reference],
    /// How to mend it in general; each finding has its own command.
    pub remediation: &'static str,
    /// The question itself.
    pub(super) ask: fn(&Context<'_>) -> Answer,
}

impl Check {
    /// The facts that tell two findings about one subject apart: which mistake of a policy it is, which device of a user.
    /// Not the number of a statement: it changes with each that is put before it.
    pub fn told_apart_by(&self) -> &'static [&'static str] {
        match self.id {
            "broken-enforcement" => &["mistake", "sid"],
            "sms-device" => &["serial"],
            _ => &[],
        }
    }
}

/// A rule of a benchmark or of another tool that asks the same or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Whose.
    pub benchmark: &'static str,
    /// What they call it.
    pub id: &'static str,
}

const fn cis(id: &'static str) -> Reference {
    Reference {
        benchmark: "CIS",
        id,
    }
}

const fn trivy(id: &'static str) -> Reference {
    Reference {
        benchmark: "Trivy",
        id,
    }
}

const fn conformity(id: &'static str) -> Reference {
    Reference {
        benchmark: "Conformity",
        id,
    }
}

const fn lacework(id: &'static str) -> Reference {
    Reference {
        benchmark: "Lacework",
        id,
    }
}

const fn scout2(id: &'static str) -> Reference {
    Reference {
        benchmark: "Scout2",
        id,
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.benchmark, self.id)
    }
}

/// What a check is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The account.
    pub account: &'a Account,
    /// When.
    pub now: Timestamp,
    /// The age limit that policies are to enforce.
    pub max_age: Duration,
}

/// What a check found, and what it could not look at.
#[derive(Debug, Default)]
pub struct Answer {
    /// What it found.
    pub findings: Vec<Finding>,
    /// What it could not look at, and why; for people.
    pub unchecked: Vec<String>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// With whom or what.
    pub subject: Subject,
    /// What is wrong, in a sentence without a full stop. Names in it are as they were read.
    pub what: String,
    /// The same for programs: a few words and their values.
    pub facts: Vec<(&'static str, serde_json::Value)>,
    /// The command that mends it.
    pub fix: String,
}

impl Finding {
    /// What tells it apart from others of its check about the same subject.
    pub fn part(&self, check: &Check) -> Vec<String> {
        let fact = |name: &&str| {
            let mut facts = self.facts.iter();
            let fact = facts.find(|(known, _)| known == name);
            part_of(fact.map(|(_, value)| value))
        };
        check.told_apart_by().iter().map(fact).collect()
    }
}

/// The text of a fact that tells findings apart; one that is missing or is no text is as good as an empty one.
pub(super) fn part_of(fact: Option<&serde_json::Value>) -> String {
    fact.and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// With whom or what something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The root user.
    Root,
    /// A user, by name.
    User(String),
    /// A key of a user, by the user's name and 1 or 2.
    Key(String, u8),
    /// A group, by name.
    Group(String),
    /// A policy, by what people call it.
    Policy(String),
    /// A device, by its serial.
    Device(String),
}

impl Subject {
    /// What kind of thing it is, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Root => "root",
            Subject::User(_) => "user",
            Subject::Key(..) => "key",
            Subject::Group(_) => "group",
            Subject::Policy(_) => "policy",
            Subject::Device(_) => "device",
        }
    }
}

/// As ignore files and reports name it: `user/ada`, `user/ada/key/1`, `group/devs`, `root`.
impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Root => formatter.write_str("root"),
            Subject::User(name) => write!(formatter, "user/{name}"),
            Subject::Key(name, number) => write!(formatter, "user/{name}/key/{number}"),
            Subject::Group(name) => write!(formatter, "group/{name}"),
            Subject::Policy(name) => write!(formatter, "policy/{name}"),
            Subject::Device(serial) => write!(formatter, "device/{serial}"),
        }
    }
}

impl Answer {
    fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Says that a part of the account could not be looked at.
    fn unknown(&mut self, why: &Unknown) {
        self.unchecked.push(why.0.to_string());
    }

    /// Says of which users something is unknown: once for all where all of it is missing.
    fn unknown_of(&mut self, whole: Option<&Unknown>, users: &[(&User, &Unknown)]) {
        if let Some(why) = whole {
            self.unknown(why);
            return;
        }
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (user, why) in users {
            by_reason.entry(&why.0).or_default().push(&user.name);
        }
        for (why, names) in by_reason {
            self.unchecked
                .push(format!("{}: {why}", named("user", &names)));
        }
    }
}

/// `user 'ada'`, `users 'ada' and 'bob'`, `12 users ('ada', 'bob', 'cyd', …)`.
fn named(what: &str, names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let quoted: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("'{name}'"))
        .collect();
    match (quoted.as_slice(), names.len()) {
        ([one], 1) => format!("{what} {one}"),
        ([first @ .., last], count) if count <= SHOWN => {
            format!("{what}s {} and {last}", first.join(", "))
        }
        (_, count) => format!("{count} {what}s ({}, …)", quoted.join(", ")),
    }
}

/// A name as the value of an option of a command, with what stands between them: behind a space, what begins with a dash
/// would be taken for another option.
fn value(name: &str) -> String {
    let between = if name.starts_with('-') { '=' } else { ' ' };
    format!("{between}{}", word(name))
}

/// `1 day`, `412 days`.
fn days(span: TimeDelta) -> String {
    match span.num_days() {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// `never used`, or `last used 412 days ago`.
fn last_used(moment: Option<Timestamp>, now: Timestamp) -> String {
    match moment {
        Some(moment) if moment >= now - TimeDelta::days(1) => "last used today".to_owned(),
        Some(moment) => format!("last used {} ago", days(now - moment)),
        None => "never used".to_owned(),
    }
}

/// A moment as a fact for programs.
fn fact(moment: Option<Timestamp>) -> serde_json::Value {
    moment.map(crate::time::render_timestamp).into()
}

#[cfg(test)]
mod tests;
