//! The answers to all checks, of one account or of many.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::NaiveDate;

use crate::{
    audit::{
        account::Account,
        checks::{self, Check, Context, Finding, Severity},
        compare::{Earlier, Fixed},
        credential_report::Row,
        ignore::Ignores,
        permission,
    },
    policy::judgement::{Basis, Verdict},
    time::Timestamp,
};

/// A report.
#[derive(Debug)]
pub struct Report {
    /// When the questions were asked.
    pub now: Timestamp,
    /// The accounts, in the order in which they were named.
    pub accounts: Vec<AccountReport>,
    /// What to ask for so that everything can be checked, what the ignore file says that has no effect any more, and
    /// which accounts were left out; for people.
    pub notes: Vec<String>,
    /// Since when it is compared, if it is.
    pub compared_with: Option<Timestamp>,
    /// What an earlier report has and this one has not.
    pub fixed: Vec<Fixed>,
}

/// What there is to say of an account.
#[derive(Debug)]
pub struct AccountReport {
    /// Its twelve digits, if they are known.
    pub id: Option<String>,
    /// The answers, or why there are none.
    pub audited: Result<Audited, String>,
}

/// The answers to all checks of an account.
#[derive(Debug)]
pub struct Audited {
    /// How much there is of what.
    pub counts: Counts,
    /// A result for each check, in their order.
    pub results: Vec<CheckResult>,
    /// What each group enforces, by name.
    pub enforcement: Vec<GroupEnforcement>,
    /// The actions that whoever asked is to be allowed, so that everything can be checked.
    pub to_allow: BTreeSet<&'static str>,
}

/// How much there is of what, if that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Users without the root user.
    pub users: Option<usize>,
    /// Groups.
    pub groups: Option<usize>,
    /// Users with a console password.
    pub passwords: Option<usize>,
    /// Active access keys of users.
    pub active_keys: Option<usize>,
    /// Users with an MFA device.
    pub with_mfa: Option<usize>,
}

impl Counts {
    /// How much there is in both; what is known of one alone is that.
    pub fn and(self, other: Counts) -> Counts {
        let sum = |one: Option<usize>, other: Option<usize>| match (one, other) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        Counts {
            users: sum(self.users, other.users),
            groups: sum(self.groups, other.groups),
            passwords: sum(self.passwords, other.passwords),
            active_keys: sum(self.active_keys, other.active_keys),
            with_mfa: sum(self.with_mfa, other.with_mfa),
        }
    }
}

/// What a group enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupEnforcement {
    /// The name.
    pub group: String,
    /// Whether it does.
    pub verdict: Verdict,
    /// Whether it only denies, so that it holds for whatever else its members are allowed.
    pub only_denies: bool,
    /// The age past which a session with MFA can do nothing.
    pub age_limit: Option<Duration>,
    /// How many members it has.
    pub members: usize,
}

/// What came of a check.
#[derive(Debug)]
pub struct CheckResult {
    /// The check.
    pub check: &'static Check,
    /// What it found, worst first.
    pub findings: Vec<Judged>,
    /// What it could not look at, and why.
    pub unchecked: Vec<String>,
}

/// A finding, and what is to be made of it.
#[derive(Debug)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// Why it does not count, if it does not.
    pub ignored: Option<Ignored>,
    /// Whether an earlier report has it.
    pub change: Option<Change>,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// As the ignore file says.
    pub reason: String,
    /// The last day on which it does not.
    pub until: Option<NaiveDate>,
}

/// Whether an earlier report has a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It has not.
    New,
    /// It has.
    Unchanged,
}

/// What came of a check, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything was looked at and nothing found.
    Passed,
    /// Something was found.
    Found,
    /// Nothing was found, and not everything could be looked at.
    NotChecked,
}

impl Status {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Found => "found",
            Status::NotChecked => "not-checked",
        }
    }
}

impl CheckResult {
    /// The findings that count.
    pub fn counted(&self) -> impl Iterator<Item = &Judged> {
        self.findings
            .iter()
            .filter(|judged| judged.ignored.is_none())
    }

    /// In a word. What is ignored is still found.
    pub fn status(&self) -> Status {
        if !self.findings.is_empty() {
            Status::Found
        } else if self.unchecked.is_empty() {
            Status::Passed
        } else {
            Status::NotChecked
        }
    }

    /// How bad the worst is that counts.
    pub fn worst(&self) -> Option<Severity> {
        self.counted().map(|judged| judged.finding.severity).max()
    }
}

impl Audited {
    /// Asks every check.
    pub fn of(account: &Account, now: Timestamp, max_age: Duration) -> Self {
        let context = Context {
            account,
            now,
            max_age,
        };
        let results = checks::ALL.into_iter().map(|check| {
            let answer = (check.ask)(&context);
            let mut findings: Vec<Judged> = answer
                .findings
                .into_iter()
                .map(|finding| Judged {
                    finding,
                    ignored: None,
                    change: None,
                })
                .collect();
            findings.sort_by(|one, other| {
                let worst_first = other.finding.severity.cmp(&one.finding.severity);
                worst_first.then_with(|| one.finding.subject.cmp(&other.finding.subject))
            });
            CheckResult {
                check,
                findings,
                unchecked: answer.unchecked,
            }
        });
        Audited {
            counts: counts(account),
            results: results.collect(),
            enforcement: enforcement(account),
            to_allow: permission::to_allow(&account.denied),
        }
    }
}

fn counts(account: &Account) -> Counts {
    let gaps = &account.gaps;
    let known: Vec<&Row> = account
        .users
        .iter()
        .filter_map(|user| user.credentials.as_ref().ok())
        .collect();
    let has_report = gaps.credential_report.is_none();
    let of_report =
        |count: fn(&Row) -> usize| has_report.then(|| known.iter().map(|row| count(row)).sum());
    Counts {
        users: (has_report || gaps.details.is_none()).then_some(account.users.len()),
        groups: gaps.details.is_none().then_some(account.groups.len()),
        passwords: of_report(|row| usize::from(row.password.is_some())),
        active_keys: of_report(|row| row.active_keys().count()),
        with_mfa: of_report(|row| usize::from(row.mfa_active)),
    }
}

fn enforcement(account: &Account) -> Vec<GroupEnforcement> {
    let groups = account.groups.iter();
    groups
        .map(|group| {
            let judgement = &group.policies.judgement;
            GroupEnforcement {
                group: group.name.clone(),
                verdict: judgement.verdict,
                only_denies: judgement.basis == Basis::AsIfAllAllowed,
                age_limit: judgement.age_limit,
                members: group.members.len(),
            }
        })
        .collect()
}

impl Report {
    /// A report of these accounts.
    pub fn of(accounts: Vec<AccountReport>, now: Timestamp) -> Self {
        Report {
            now,
            notes: permission::notes(&accounts),
            accounts,
            compared_with: None,
            fixed: Vec::new(),
        }
    }

    /// Every finding with its account and check, in their order.
    pub fn findings(&self) -> impl Iterator<Item = (&AccountReport, &CheckResult, &Judged)> {
        self.accounts.iter().flat_map(|account| {
            let results = account.audited.iter().flat_map(|audited| &audited.results);
            results.flat_map(move |result| {
                let findings = result.findings.iter();
                findings.map(move |judged| (account, result, judged))
            })
        })
    }

    /// How many findings count, by severity.
    pub fn tally(&self) -> BTreeMap<Severity, usize> {
        let mut tally = BTreeMap::new();
        for (_, _, judged) in self.findings() {
            if judged.ignored.is_none() {
                *tally.entry(judged.finding.severity).or_default() += 1;
            }
        }
        tally
    }

    /// How bad the worst finding is that counts.
    pub fn worst(&self) -> Option<Severity> {
        self.tally().into_keys().max()
    }

    /// Takes out what is to be ignored, and notes what of the file has expired or is about nothing.
    pub fn ignore(&mut self, ignores: &Ignores, file: &str) {
        let now = self.now;
        let mut used = vec![0_usize; ignores.entries.len()];
        let mut expired = vec![0_usize; ignores.entries.len()];
        // At most one entry is on a line.
        let index_of = |line: usize| {
            let lines = ignores.entries.partition_point(|entry| entry.line < line);
            lines.min(ignores.entries.len() - 1)
        };
        for account in &mut self.accounts {
            let id = account.id.clone();
            let results = account
                .audited
                .iter_mut()
                .flat_map(|audited| &mut audited.results);
            for result in results {
                for judged in &mut result.findings {
                    let subject = &judged.finding.subject;
                    let (counts, gone) =
                        ignores.about(result.check.id, id.as_deref(), subject, now);
                    for entry in gone {
                        expired[index_of(entry.line)] += 1;
                    }
                    let Some(entry) = counts else { continue };
                    used[index_of(entry.line)] += 1;
                    judged.ignored = Some(Ignored {
                        reason: entry.reason.clone(),
                        until: entry.until,
                    });
                }
            }
        }
        for (index, entry) in ignores.entries.iter().enumerate() {
            let line = entry.line;
            if let (true, Some(until)) = (entry.has_expired(now), entry.until) {
                let what = match expired[index] {
                    0 => "it is about nothing any more".to_owned(),
                    1 => "the finding counts again".to_owned(),
                    count => format!("{count} findings count again"),
                };
                self.notes.push(format!(
                    "{file}, line {line} has expired on {until}: {what}"
                ));
            } else if used[index] == 0 {
                self.notes.push(format!(
                    "{file}, line {line} is about nothing that was found"
                ));
            }
        }
    }

    /// Says of every finding whether an earlier report has it, and what that one has besides.
    pub fn compare(&mut self, earlier: &Earlier) {
        let compared = earlier.compared_with(self);
        self.compared_with = Some(earlier.generated_at);
        self.fixed = compared.fixed;
        let audited = self.accounts.iter_mut();
        let audited = audited.flat_map(|account| account.audited.iter_mut());
        let results = audited.flat_map(|audited| &mut audited.results);
        let findings = results.flat_map(|result| &mut result.findings);
        for (judged, change) in findings.zip(compared.changes) {
            judged.change = Some(change);
        }
    }
}
