//! An earlier report, and what has changed since.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    audit::{
        checks::{self, Subject},
        formats::json::SCHEMA_VERSION,
        report::{Report, Status},
    },
    terminal::excerpt,
    time::{self, Timestamp},
};

/// What an earlier report had found.
#[derive(Debug)]
pub struct Earlier {
    /// When it was made.
    pub generated_at: Timestamp,
    findings: Vec<EarlierFinding>,
    known: HashSet<Identity>,
}

/// What makes two findings the same: check, account, subject. What is said of it, and how bad it is, may change.
type Identity = (String, Option<String>, String);

#[derive(Debug)]
struct EarlierFinding {
    identity: Identity,
    summary: String,
}

/// Something that an earlier report has and this one has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The id of the check.
    pub check: String,
    /// The account.
    pub account: Option<String>,
    /// With whom or what it was.
    pub subject: String,
    /// What was wrong.
    pub what: String,
    /// Whether it was looked for: what was not looked for may still be there.
    pub was_checked: bool,
}

/// Why something is no earlier report.
#[derive(Debug, thiserror::Error)]
pub enum EarlierError {
    /// It is no JSON.
    #[error("{0}")]
    NotJson(#[source] serde_json::Error),
    /// It was written by a newer daypass.
    #[error("its schema_version is {0}, and this daypass reads up to {SCHEMA_VERSION}")]
    Version(u64),
    /// Something is missing or of another kind.
    #[error("{path}: {what}")]
    Malformed {
        /// The path to it.
        path: String,
        /// What is wrong.
        what: &'static str,
    },
}

impl Earlier {
    /// Reads a report that [`crate::audit::formats::json`] has written.
    ///
    /// # Errors
    /// [`EarlierError`], with the line or the path.
    pub fn parse(bytes: &[u8]) -> Result<Self, EarlierError> {
        let report: Value = serde_json::from_slice(bytes).map_err(EarlierError::NotJson)?;
        let wrong = |path: &str, what| EarlierError::Malformed {
            path: path.to_owned(),
            what,
        };
        let version = report.get("schema_version").and_then(Value::as_u64);
        match version.ok_or_else(|| wrong("schema_version", "it is no number"))? {
            version if version > SCHEMA_VERSION => return Err(EarlierError::Version(version)),
            _ => {}
        }
        let generated_at = report.get("generated_at").and_then(Value::as_str);
        let generated_at = generated_at
            .and_then(time::parse_timestamp)
            .ok_or_else(|| wrong("generated_at", "it is no date"))?;
        let list = report.get("findings").and_then(Value::as_array);
        let list = list.ok_or_else(|| wrong("findings", "it is no list"))?;
        let mut findings = Vec::with_capacity(list.len());
        for (index, finding) in list.iter().enumerate() {
            let text = |name: &str| {
                finding
                    .get(name)
                    .and_then(Value::as_str)
                    .ok_or_else(|| wrong(&format!("findings[{index}].{name}"), "it is no text"))
            };
            let account = finding.get("account").and_then(Value::as_str);
            findings.push(EarlierFinding {
                identity: (
                    text("check")?.to_owned(),
                    account.map(str::to_owned),
                    text("subject")?.to_owned(),
                ),
                summary: excerpt(text("summary")?),
            });
        }
        Ok(Earlier {
            generated_at,
            known: findings
                .iter()
                .map(|finding| finding.identity.clone())
                .collect(),
            findings,
        })
    }

    /// Whether it has that finding.
    pub fn has(&self, check: &str, account: Option<&str>, subject: &Subject) -> bool {
        let identity = (
            check.to_owned(),
            account.map(str::to_owned),
            subject.to_string(),
        );
        self.known.contains(&identity)
    }

    /// What it has and the report has not.
    pub(super) fn fixed_in(&self, report: &Report) -> Vec<Fixed> {
        let now: HashSet<Identity> = report
            .findings()
            .map(|(account, result, judged)| {
                (
                    result.check.id.to_owned(),
                    account.id.clone(),
                    judged.finding.subject.to_string(),
                )
            })
            .collect();
        let checked: HashSet<(&str, Option<&str>)> = report
            .accounts
            .iter()
            .flat_map(|account| {
                let results = account.audited.iter().flat_map(|audited| &audited.results);
                let whole = results.filter(|result| {
                    result.status() != Status::NotChecked && result.unchecked.is_empty()
                });
                whole.map(|result| (result.check.id, account.id.as_deref()))
            })
            .collect();
        let gone = self.findings.iter();
        gone.filter(|finding| !now.contains(&finding.identity))
            .map(|finding| {
                let (check, account, subject) = &finding.identity;
                Fixed {
                    // A check that no longer exists was not asked.
                    was_checked: checks::by_id(check)
                        .is_some_and(|check| checked.contains(&(check.id, account.as_deref()))),
                    check: excerpt(check),
                    account: account.as_deref().map(excerpt),
                    subject: excerpt(subject),
                    what: finding.summary.clone(),
                }
            })
            .collect()
    }
}
