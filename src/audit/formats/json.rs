//! A report as JSON. Its schema is in `docs/audit.md`; what is added to it leaves the version as it is, what is
//! changed or taken away does not.

use serde_json::{Map, Value, json};

use crate::{
    audit::{
        checks::Severity,
        report::{AccountReport, Audited, Change, CheckResult, Judged, Report, Status},
    },
    policy::judgement::Verdict,
    terminal,
    time::render_timestamp,
};

/// The version of the schema.
pub const SCHEMA_VERSION: u64 = 1;

/// Renders the report.
pub fn render(report: &Report) -> String {
    let findings: Vec<Value> = report
        .findings()
        .map(|(account, result, judged)| finding(account, result, judged))
        .collect();
    let fixed: Vec<Value> = report
        .fixed
        .iter()
        .map(|fixed| {
            json!({
                "check": fixed.check,
                "account": fixed.account,
                "subject": fixed.subject,
                "summary": fixed.what,
                "was_checked": fixed.was_checked,
            })
        })
        .collect();
    let document = json!({
        "schema_version": SCHEMA_VERSION,
        "daypass_version": env!("CARGO_PKG_VERSION"),
        "generated_at": render_timestamp(report.now),
        "compared_with": report.compared_with.map(render_timestamp),
        "summary": summary(report),
        "accounts": report.accounts.iter().map(account).collect::<Vec<_>>(),
        "findings": findings,
        "fixed": fixed,
        "notes": report.notes,
    });
    terminal::json(&document)
}

fn summary(report: &Report) -> Value {
    let tally = report.tally();
    let mut summary: Map<String, Value> = Severity::WORST_FIRST
        .into_iter()
        .map(|severity| {
            let count = tally.get(&severity).copied().unwrap_or(0);
            (severity.word().to_owned(), count.into())
        })
        .collect();
    let ignored = report
        .findings()
        .filter(|(_, _, judged)| judged.ignored.is_some());
    summary.insert("ignored".to_owned(), ignored.count().into());
    summary.insert(
        "worst".to_owned(),
        report.worst().map(Severity::word).into(),
    );
    let failed = report
        .accounts
        .iter()
        .filter(|account| account.audited.is_err());
    summary.insert("accounts_failed".to_owned(), failed.count().into());
    summary.into()
}

fn account(account: &AccountReport) -> Value {
    let audited = match &account.audited {
        Ok(audited) => audited,
        Err(error) => return json!({ "account": account.id, "error": error }),
    };
    json!({
        "account": account.id,
        "error": null,
        "counts": counts(audited),
        "checks": audited.results.iter().map(check).collect::<Vec<_>>(),
        "groups": groups(audited),
        "to_allow": audited.to_allow,
    })
}

fn counts(audited: &Audited) -> Value {
    let counts = &audited.counts;
    json!({
        "users": counts.users,
        "groups": counts.groups,
        "console_passwords": counts.passwords,
        "active_access_keys": counts.active_keys,
        "users_with_mfa": counts.with_mfa,
    })
}

fn check(result: &CheckResult) -> Value {
    let check = result.check;
    let references: Vec<Value> = check
        .references
        .iter()
        .map(|reference| json!({ "benchmark": reference.benchmark, "id": reference.id }))
        .collect();
    json!({
        "id": check.id,
        "title": check.title,
        "question": check.question,
        "severity": check.severity.word(),
        "references": references,
        "remediation": check.remediation,
        "status": result.status().word(),
        "findings": result.findings.len(),
        "not_checked": result.unchecked,
    })
}

fn groups(audited: &Audited) -> Vec<Value> {
    let groups = audited.enforcement.iter();
    groups
        .map(|group| {
            json!({
                "group": group.group,
                "verdict": verdict(group.verdict),
                "only_denies": group.only_denies,
                "age_limit_seconds": group.age_limit.map(|limit| limit.as_secs()),
                "members": group.members,
            })
        })
        .collect()
}

/// The word for a verdict.
fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Enforced => "enforced",
        Verdict::Partly => "partly",
        Verdict::NotEnforced => "not-enforced",
        Verdict::NothingAllowed => "nothing-allowed",
    }
}

fn finding(account: &AccountReport, result: &CheckResult, judged: &Judged) -> Value {
    let finding = &judged.finding;
    let details: Map<String, Value> = finding
        .facts
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let ignored = judged.ignored.as_ref().map(|ignored| {
        json!({
            "reason": ignored.reason,
            "until": ignored.until.map(|until| until.to_string()),
        })
    });
    json!({
        "check": result.check.id,
        "severity": finding.severity.word(),
        "account": account.id,
        "subject": finding.subject.to_string(),
        "subject_kind": finding.subject.kind(),
        "summary": finding.what,
        "details": details,
        "remediation": finding.fix,
        "ignored": ignored,
        "change": judged.change.map(change),
    })
}

/// The word for a change.
pub(super) fn change(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Unchanged => "unchanged",
    }
}

/// The word for what came of a check; it is here for who writes other formats.
pub(super) fn not_checked() -> &'static str {
    Status::NotChecked.word()
}
