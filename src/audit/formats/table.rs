//! A report for people.

use crate::{
    audit::{
        checks::Severity,
        formats::{Section, count, sections, tally, totals, unchecked, whose, with_status},
        report::{Change, Report, Status},
    },
    terminal::{Painter, Style, hanging, printable},
    time::render_timestamp,
};

/// The narrowest column of sentences that can be read.
const NARROWEST: usize = 30;

/// Renders the report for a terminal of so many columns. Commands are not broken: they are to be copied.
pub fn render(report: &Report, width: usize, painter: Painter) -> String {
    let mut text = summary(report, width, painter);
    let has_many = report.accounts.len() > 1;
    for section in sections(report) {
        text += &of_section(&section, has_many, width, painter);
    }
    text += &accounts_that_failed(report, width, painter);
    text += &gone(report, width, painter);
    text += &not_checked(report, has_many, width, painter);
    text += &ignored(report, width, painter);
    for note in &report.notes {
        text += &format!("\n{}", wrapped(note, 0, width));
    }
    if !report.notes.is_empty() {
        text.push('\n');
    }
    text
}

fn summary(report: &Report, width: usize, painter: Painter) -> String {
    let style = match report.worst() {
        Some(Severity::Critical | Severity::High) => Style::Red,
        Some(_) => Style::Yellow,
        None => Style::Green,
    };
    let passed = with_status(report, Status::Passed).len();
    let gaps = with_status(report, Status::NotChecked).len();
    let mut line = format!(
        "{}: {}; {} passed",
        whose(report),
        painter.paint(style, tally(report)),
        count(passed, "check")
    );
    if gaps > 0 {
        line += &format!(", {gaps} not checked");
    }
    if let Some(since) = report.compared_with {
        let new = report.findings().filter(|(_, _, judged)| {
            judged.change == Some(Change::New) && judged.ignored.is_none()
        });
        let fixed = report.fixed.iter().filter(|fixed| fixed.was_checked);
        let (new, fixed) = (new.count(), fixed.count());
        let since = render_timestamp(since);
        line += &format!("\nsince {since}: {new} new, {fixed} fixed");
    }
    let totals = totals(report);
    format!(
        "{line}\n{}\n",
        painter.paint(Style::Dim, wrapped(&totals, 0, width))
    )
}

fn of_section(section: &Section<'_>, has_many: bool, width: usize, painter: Painter) -> String {
    let check = section.check;
    let style = match section.worst {
        Severity::Critical | Severity::High => Style::Red,
        Severity::Medium => Style::Yellow,
        Severity::Low => Style::Dim,
    };
    let word = section.worst.word().to_uppercase();
    let title = format!("{} ({})", check.title, section.findings.len());
    let mut text = format!(
        "\n{}  {}\n",
        painter.paint(style, format!("{word:8}")),
        painter.paint(Style::Bold, title)
    );
    let references: Vec<String> = check.references.iter().map(ToString::to_string).collect();
    let about = if references.is_empty() {
        check.id.to_owned()
    } else {
        format!("{}: {}", check.id, references.join(", "))
    };
    let about = wrapped(&about, 10, width);
    text += &format!("          {}\n", painter.paint(Style::Dim, about));
    for (account, judged) in &section.findings {
        let finding = &judged.finding;
        let mut subject = printable(&finding.subject.to_string());
        if has_many {
            subject = format!("{} {subject}", account.id.as_deref().unwrap_or("?"));
        }
        if finding.severity != section.worst {
            subject += &format!(" [{}]", finding.severity);
        }
        if judged.change == Some(Change::New) {
            subject += " [new]";
        }
        text += &entry(&subject, &finding.what, width);
        let fix = printable(&finding.fix);
        text += &format!("    {} {fix}\n", painter.paint(Style::Green, "fix:"));
    }
    text
}

fn accounts_that_failed(report: &Report, width: usize, painter: Painter) -> String {
    let failed = report.accounts.iter().filter_map(|account| {
        let why = account.audited.as_ref().err()?;
        Some(entry(account.id.as_deref().unwrap_or("?"), why, width))
    });
    titled(
        "accounts that could not be audited",
        failed.collect(),
        Style::Red,
        painter,
    )
}

fn gone(report: &Report, width: usize, painter: Painter) -> String {
    let gone = |was_checked: bool| -> Vec<String> {
        let fixed = report.fixed.iter();
        fixed
            .filter(|fixed| fixed.was_checked == was_checked)
            .map(|fixed| {
                entry(
                    &fixed.subject,
                    &format!("{}: {}", fixed.check, fixed.what),
                    width,
                )
            })
            .collect()
    };
    let not_looked_for = "gone from the report, but not checked this time";
    titled("fixed", gone(true), Style::Green, painter)
        + &titled(not_looked_for, gone(false), Style::Yellow, painter)
}

fn not_checked(report: &Report, has_many: bool, width: usize, painter: Painter) -> String {
    // What is missing is often missing for several checks.
    let mut by_reason: Vec<(String, Vec<&str>)> = Vec::new();
    for (account, result) in unchecked(report) {
        for why in &result.unchecked {
            let why = match &account.id {
                Some(id) if has_many => format!("{id}: {why}"),
                _ => why.clone(),
            };
            match by_reason.iter_mut().find(|(known, _)| *known == why) {
                Some((_, checks)) => checks.push(result.check.id),
                None => by_reason.push((why, vec![result.check.id])),
            }
        }
    }
    let lines = by_reason.into_iter().map(|(why, checks)| {
        let why = format!("  {}\n", wrapped(&why, 2, width));
        let checks = wrapped(&checks.join(", "), 4, width);
        format!("{why}    {}\n", painter.paint(Style::Dim, checks))
    });
    titled("not checked", lines.collect(), Style::Yellow, painter)
}

fn ignored(report: &Report, width: usize, painter: Painter) -> String {
    let ignored = report.findings().filter_map(|(_, result, judged)| {
        let ignored = judged.ignored.as_ref()?;
        let until = match ignored.until {
            Some(until) => format!("until {until}"),
            None => "for ever".to_owned(),
        };
        let subject = format!("{} {}", result.check.id, judged.finding.subject);
        Some(entry(
            &printable(&subject),
            &format!("{until}: {}", ignored.reason),
            width,
        ))
    });
    titled("ignored", ignored.collect(), Style::Dim, painter)
}

fn titled(title: &str, lines: Vec<String>, style: Style, painter: Painter) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let title = format!("{title} ({})", lines.len());
    format!("\n{}\n{}", painter.paint(style, title), lines.concat())
}

/// Somebody, and what is wrong beside it; below it if there is no room.
fn entry(subject: &str, what: &str, width: usize) -> String {
    const COLUMN: usize = 26;
    let length = subject.chars().count();
    if length <= COLUMN && width > COLUMN + NARROWEST {
        let indent = COLUMN + 4;
        return format!("  {subject:COLUMN$}  {}\n", wrapped(what, indent, width));
    }
    format!("  {subject}\n    {}\n", wrapped(what, 4, width))
}

/// A sentence in lines of so many columns; all but the first begin with spaces.
fn wrapped(text: &str, indent: usize, width: usize) -> String {
    hanging(
        &printable(text),
        indent,
        indent,
        width.max(indent + NARROWEST),
    )
}
