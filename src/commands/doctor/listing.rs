//! The findings for people: what is wrong with its meaning and its remedy, what is right in a line.

use std::fmt::Write;

use crate::{
    doctor::{Finding, Level},
    terminal::{Painter, Style, hanging, printable},
};

/// Where the texts begin: behind the state.
const INDENT: usize = 8;

/// Renders the findings, those of each profile under its name, and how many are wrong.
pub(super) fn render(findings: &[Finding], painter: Painter, width: usize) -> String {
    let mut text = String::new();
    let mut profile: Option<&str> = None;
    for (at, finding) in findings.iter().enumerate() {
        let its = finding.profile.as_deref();
        if at > 0 && its != profile {
            text.push('\n');
        }
        if let Some(name) = its.filter(|_| its != profile) {
            let _ = writeln!(
                text,
                "{}",
                painter.paint(Style::Bold, format!("profile {}", printable(name)))
            );
        }
        profile = its;
        text += &one(finding, painter, width);
    }
    text.push('\n');
    text += &total(findings, painter);
    text
}

fn one(finding: &Finding, painter: Painter, width: usize) -> String {
    let (style, word) = match finding.level {
        Level::Ok => (Style::Green, "ok"),
        Level::NotChecked => (Style::Dim, "--"),
        Level::Warn => (Style::Yellow, "warn"),
        Level::Fail => (Style::Red, "FAIL"),
    };
    let state = painter.paint(style, format!("{word:<4}"));
    let not_checked = if finding.level == Level::NotChecked {
        "not checked: "
    } else {
        ""
    };
    let what = format!("{not_checked}{}", printable(&finding.what));
    let mut text = format!("  {state}  {}\n", hanging(&what, INDENT, INDENT, width));
    let indent = " ".repeat(INDENT);
    if let Some(meaning) = &finding.meaning {
        let meaning = hanging(&printable(meaning), INDENT, INDENT, width);
        let _ = writeln!(text, "{indent}{}", paint_lines(&meaning, painter));
    }
    if let Some(mend) = &finding.mend {
        let label = "hint: ";
        let mend = hanging(
            &printable(mend),
            INDENT + label.len(),
            INDENT + label.len(),
            width,
        );
        let _ = writeln!(text, "{indent}{}{mend}", painter.paint(Style::Bold, label));
    }
    text
}

/// Paints each line for itself, without what it is indented by.
fn paint_lines(text: &str, painter: Painter) -> String {
    let lines = text.lines().map(|line| {
        let bare = line.trim_start();
        let indent = &line[..line.len() - bare.len()];
        format!("{indent}{}", painter.paint(Style::Dim, bare))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn total(findings: &[Finding], painter: Painter) -> String {
    let count = |level| {
        findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    };
    let (failures, warnings) = (count(Level::Fail), count(Level::Warn));
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let mut parts = Vec::new();
    if failures > 0 {
        parts.push(painter.paint(Style::Red, counted(failures, "failure")));
    }
    if warnings > 0 {
        parts.push(painter.paint(Style::Yellow, counted(warnings, "warning")));
    }
    if parts.is_empty() {
        parts.push(painter.paint(Style::Green, "nothing is wrong"));
    }
    let not_checked = count(Level::NotChecked);
    if not_checked > 0 {
        parts.push(format!("{not_checked} not checked"));
    }
    format!("{}\n", parts.join(", "))
}
