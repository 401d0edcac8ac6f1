//! The findings as JSON, for programs.

use serde_json::{Value, json};

use crate::{
    doctor::{Finding, Level},
    terminal,
};

/// The version of the format. It changes when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// Renders an object.
pub(super) fn render(findings: &[Finding]) -> String {
    let worst = findings.iter().map(|finding| finding.level).max();
    // What was not checked is neither right nor wrong.
    let status = worst
        .filter(|level| *level != Level::NotChecked)
        .unwrap_or(Level::Ok);
    let findings: Vec<Value> = findings.iter().map(object).collect();
    let answer = json!({
        "version": VERSION,
        "daypass": env!("CARGO_PKG_VERSION"),
        "status": status.word(),
        "findings": findings,
    });
    terminal::json(&answer)
}

fn object(finding: &Finding) -> Value {
    json!({
        "check": finding.check,
        "profile": finding.profile,
        "status": finding.level.word(),
        "what": finding.what,
        "meaning": finding.meaning,
        "mend": finding.mend,
    })
}
