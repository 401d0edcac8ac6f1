//! A report as SARIF 2.1.0.

use std::collections::HashMap;

use serde_json::Map;

use crate::{
    audit::{
        checks::{self, Check, Severity, Subject},
        formats::{json, unchecked},
        report::{AccountReport, CheckResult, Judged, Report},
    },
    sarif::{self, Finding, Level, Notification, Rule, Thing},
};

/// Renders the findings that count.
pub fn render(report: &Report) -> String {
    let rules: Vec<Rule> = checks::ALL.into_iter().map(rule).collect();
    let mut findings: Vec<Finding> = report
        .findings()
        .filter(|(_, _, judged)| judged.ignored.is_none())
        .map(|(account, result, judged)| finding(account, result, judged))
        .collect();
    tell_apart(&mut findings);
    sarif::render("audit", &rules, &findings, &gaps(report))
}

/// Two statements of a policy that bear no name can have the same mistake: the second is numbered.
fn tell_apart(findings: &mut [Finding]) {
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for finding in findings {
        let same = (finding.rule.clone(), finding.identity.clone());
        let count = known.entry(same).or_default();
        *count += 1;
        if *count > 1 {
            finding.identity += &format!("\0{count}");
        }
    }
}

fn rule(check: &'static Check) -> Rule {
    Rule {
        id: check.id.to_owned(),
        title: check.title.to_owned(),
        description: check.question.to_owned(),
        help: check.remediation.to_owned(),
        level: level(check.severity),
        // In the middle of what CVSS calls by the same words.
        security_severity: Some(match check.severity {
            Severity::Critical => 9.5,
            Severity::High => 8.0,
            Severity::Medium => 5.5,
            Severity::Low => 2.0,
        }),
        tags: std::iter::once("security".to_owned())
            .chain(check.references.iter().map(ToString::to_string))
            .collect(),
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low => Level::Note,
    }
}

fn finding(account: &AccountReport, result: &CheckResult, judged: &Judged) -> Finding {
    let finding = &judged.finding;
    let account = account.id.as_deref();
    let subject = finding.subject.to_string();
    let whole = match account {
        Some(id) if !matches!(finding.subject, Subject::Device(_)) => format!("{id}/{subject}"),
        _ => subject.clone(),
    };
    let mut properties = Map::new();
    for (name, value) in &finding.facts {
        properties.insert((*name).to_owned(), value.clone());
    }
    properties.insert("severity".to_owned(), finding.severity.word().into());
    properties.insert("account".to_owned(), account.into());
    properties.insert("remediation".to_owned(), finding.fix.clone().into());
    if let Some(change) = judged.change {
        properties.insert("change".to_owned(), json::change(change).into());
    }
    Finding {
        rule: result.check.id.to_owned(),
        level: level(finding.severity),
        message: format!("{subject}: {}. To mend it: {}", finding.what, finding.fix),
        file: None,
        thing: Some(Thing {
            name: whole,
            kind: finding.subject.kind().to_owned(),
        }),
        identity: identity(account, &subject, &finding.part(result.check)),
        properties,
    }
}

/// What stays the same in the next run.
fn identity(account: Option<&str>, subject: &str, part: &[String]) -> String {
    let mut identity = format!("{}\0{subject}", account.unwrap_or_default());
    for part in part {
        identity += &format!("\0{part}");
    }
    identity
}

/// What could not be looked at: without it, no finding would read like nothing wrong.
fn gaps(report: &Report) -> Vec<Notification> {
    let mut gaps = Vec::new();
    for account in &report.accounts {
        if let Err(why) = &account.audited {
            let id = account.id.as_deref().unwrap_or("an account");
            gaps.push(Notification {
                rule: None,
                level: Level::Error,
                text: format!("{id} could not be audited: {why}"),
            });
        }
    }
    for (account, result) in unchecked(report) {
        let whose = account.id.as_deref().map(|id| format!("account {id}: "));
        gaps.push(Notification {
            rule: Some(result.check.id.to_owned()),
            level: Level::Warning,
            text: format!(
                "{}not everything was checked: {}",
                whose.unwrap_or_default(),
                result.unchecked.join("; ")
            ),
        });
    }
    gaps
}
