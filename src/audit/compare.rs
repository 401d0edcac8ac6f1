//! An earlier report, and what has changed since.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    audit::{
        checks::{self, Check, part_of},
        formats::json::SCHEMA_VERSION,
        report::{Change, Report, Status},
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
}

/// What makes two findings the same. What is said of it, and how bad it is, may change.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity {
    check: String,
    account: Option<String>,
    subject: String,
    /// Which of several of one subject: [`Finding::part`](crate::audit::checks::Finding::part).
    part: Vec<String>,
}

/// The fact that says in which statement of a policy a mistake is.
const STATEMENT: &str = "statement";

#[derive(Debug)]
struct EarlierFinding {
    identity: Identity,
    statement: Option<u64>,
    summary: String,
}

/// What has changed since an earlier report.
#[derive(Debug)]
pub(super) struct Compared {
    /// Of each finding of the report, in their order.
    pub(super) changes: Vec<Change>,
    /// What there is no more.
    pub(super) fixed: Vec<Fixed>,
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
            let fact = |name: &str| finding.get("details").and_then(|facts| facts.get(name));
            let check = text("check")?;
            let told_apart_by = checks::by_id(check).map_or(&[][..], Check::told_apart_by);
            findings.push(EarlierFinding {
                identity: Identity {
                    check: check.to_owned(),
                    account: account.map(str::to_owned),
                    subject: text("subject")?.to_owned(),
                    part: told_apart_by
                        .iter()
                        .map(|name| part_of(fact(name)))
                        .collect(),
                },
                statement: fact(STATEMENT).and_then(Value::as_u64),
                summary: excerpt(text("summary")?),
            });
        }
        Ok(Earlier {
            generated_at,
            findings,
        })
    }

    /// What has changed since.
    pub(super) fn compared_with(&self, report: &Report) -> Compared {
        let now: Vec<(Identity, Option<u64>)> = report
            .findings()
            .map(|(account, result, judged)| {
                let finding = &judged.finding;
                let mut facts = finding.facts.iter();
                let statement = facts.find(|(name, _)| *name == STATEMENT);
                let identity = Identity {
                    check: result.check.id.to_owned(),
                    account: account.id.clone(),
                    subject: finding.subject.to_string(),
                    part: finding.part(result.check),
                };
                (identity, statement.and_then(|(_, value)| value.as_u64()))
            })
            .collect();
        let (is_known, is_left) = self.paired(&now);
        let gone = self.findings.iter().zip(is_left);
        let gone = gone.filter_map(|(finding, is_left)| is_left.then_some(finding));
        let change = |is_known| match is_known {
            true => Change::Unchanged,
            false => Change::New,
        };
        Compared {
            changes: is_known.into_iter().map(change).collect(),
            fixed: fixed(gone, report),
        }
    }

    /// Of which findings of now there is one here, and which of those here are left over. Of several that nothing tells
    /// apart, those of one statement are the same, and then as many as there are of both.
    fn paired(&self, now: &[(Identity, Option<u64>)]) -> (Vec<bool>, Vec<bool>) {
        let mut left: HashMap<&Identity, Vec<usize>> = HashMap::new();
        for (index, finding) in self.findings.iter().enumerate() {
            left.entry(&finding.identity).or_default().push(index);
        }
        let mut is_known = vec![false; now.len()];
        let mut is_left = vec![true; self.findings.len()];
        for with_statement in [true, false] {
            for (index, (identity, statement)) in now.iter().enumerate() {
                let Some(candidates) = left.get_mut(identity).filter(|_| !is_known[index]) else {
                    continue;
                };
                let at = candidates.iter().position(|candidate| {
                    !with_statement || self.findings[*candidate].statement == *statement
                });
                if let Some(at) = at {
                    is_left[candidates.remove(at)] = false;
                    is_known[index] = true;
                }
            }
        }
        (is_known, is_left)
    }
}

/// What is gone, and whether it was looked for.
fn fixed<'a>(gone: impl Iterator<Item = &'a EarlierFinding>, report: &Report) -> Vec<Fixed> {
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
    gone.map(|finding| {
        let Identity {
            check,
            account,
            subject,
            ..
        } = &finding.identity;
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
