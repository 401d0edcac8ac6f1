//! A report as text, for people and for programs. All of it is pure.

use std::collections::BTreeMap;

use crate::audit::{
    checks::{Check, Severity},
    report::{AccountReport, CheckResult, Counts, Judged, Report, Status},
};

pub mod csv;
pub mod json;
pub mod markdown;
pub mod sarif;
pub mod table;

/// A check and what it found in all accounts.
struct Section<'a> {
    check: &'static Check,
    /// What counts, worst first.
    findings: Vec<(&'a AccountReport, &'a Judged)>,
    worst: Severity,
}

/// The checks that found something that counts, worst first.
fn sections(report: &Report) -> Vec<Section<'_>> {
    let mut sections: BTreeMap<&str, Section<'_>> = BTreeMap::new();
    for (account, result, judged) in report.findings() {
        if judged.ignored.is_some() {
            continue;
        }
        let check = result.check;
        let section = sections.entry(check.id).or_insert_with(|| Section {
            check,
            findings: Vec::new(),
            worst: judged.finding.severity,
        });
        section.findings.push((account, judged));
        section.worst = section.worst.max(judged.finding.severity);
    }
    // As they are documented where they are as bad.
    let mut sections: Vec<Section<'_>> = crate::audit::checks::ALL
        .into_iter()
        .filter_map(|check| sections.remove(check.id))
        .collect();
    sections.sort_by_key(|section| std::cmp::Reverse(section.worst));
    for section in &mut sections {
        let severity = |found: &(&AccountReport, &Judged)| found.1.finding.severity;
        section
            .findings
            .sort_by_key(|found| std::cmp::Reverse(severity(found)));
    }
    sections
}

/// What could not be looked at, with the account and the check.
fn unchecked(report: &Report) -> impl Iterator<Item = (&AccountReport, &CheckResult)> {
    report.accounts.iter().flat_map(|account| {
        let results = account.audited.iter().flat_map(|audited| &audited.results);
        let with_gaps = results.filter(|result| !result.unchecked.is_empty());
        with_gaps.map(move |result| (account, result))
    })
}

/// `2 critical, 3 high`, or `nothing found`.
fn tally(report: &Report) -> String {
    let tally = report.tally();
    let parts: Vec<String> = Severity::WORST_FIRST
        .into_iter()
        .filter_map(|severity| Some(format!("{} {severity}", tally.get(&severity)?)))
        .collect();
    if parts.is_empty() {
        "nothing found".to_owned()
    } else {
        parts.join(", ")
    }
}

/// `3 users (1 with MFA), 2 console passwords`, as far as that is known; of all accounts together.
fn totals(report: &Report) -> String {
    let audited = report
        .accounts
        .iter()
        .filter_map(|account| account.audited.as_ref().ok());
    let totals = audited.fold(Counts::default(), |sum, audited| sum.and(audited.counts));
    let with_mfa = totals.with_mfa.map(|count| format!(" ({count} with MFA)"));
    let users = totals
        .users
        .map(|users| count(users, "user") + &with_mfa.unwrap_or_default());
    let others = [
        (totals.passwords, "console password"),
        (totals.active_keys, "active access key"),
        (totals.groups, "group"),
    ];
    let others = others
        .into_iter()
        .filter_map(|(number, what)| Some(count(number?, what)));
    users
        .into_iter()
        .chain(others)
        .collect::<Vec<_>>()
        .join(", ")
}

/// How many checks there are that came to nothing but that, in every account.
fn with_status(report: &Report, status: Status) -> Vec<&'static str> {
    let audited: Vec<_> = report
        .accounts
        .iter()
        .filter_map(|account| account.audited.as_ref().ok())
        .collect();
    let is_so = |check: &&&'static Check| {
        let mut results = audited
            .iter()
            .flat_map(|audited| &audited.results)
            .filter(|result| result.check.id == check.id);
        !audited.is_empty()
            && match status {
                Status::Passed => results.all(|result| result.status() == status),
                _ => results.any(|result| result.status() == status),
            }
    };
    let checks = crate::audit::checks::ALL;
    checks.iter().filter(is_so).map(|check| check.id).collect()
}

/// `account 123456789012`, `3 accounts`.
fn whose(report: &Report) -> String {
    match report.accounts.as_slice() {
        [AccountReport { id: Some(id), .. }] => format!("account {id}"),
        [_] => "the account".to_owned(),
        accounts => format!("{} accounts", accounts.len()),
    }
}

/// `1 user`, `2 users`.
fn count(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
