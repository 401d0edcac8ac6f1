//! What policies enforce, for people.

use super::check::{Checked, Report, statement_words};
use crate::{
    policy::{
        caller::Caller,
        evaluation::actions::CREATE_DEVICE,
        judgement::{
            Basis, Judgement, Mistake, MistakeKind, Outcome, Possible, StatementReference, Verdict,
            Witness,
        },
        principal::{Policy, PrincipalKind},
    },
    terminal::{Painter, Style, fitted, printable},
    time,
};

/// What is wide enough to be read, and what is still.
const COLUMNS: std::ops::RangeInclusive<usize> = 60..=120;

/// Between the columns.
const GAP: usize = 2;

/// Renders everybody, and what is not known.
pub(super) fn render(report: &Report, columns: usize, painter: Painter) -> String {
    let page = Page {
        width: columns.clamp(*COLUMNS.start(), *COLUMNS.end()),
        painter,
    };
    let everybody: Vec<String> = report
        .checked
        .iter()
        .map(|checked| page.principal(checked, report))
        .collect();
    let mut text = everybody.join("\n");
    if !report.notes.is_empty() {
        text += &format!("\n{}\n", painter.paint(Style::Yellow, "not known"));
        for note in &report.notes {
            text += &page.paragraph(2, &note.to_string());
        }
    }
    if report.checked.len() > 1 {
        text += &format!("\n{}\n", tally(report));
    }
    text
}

/// `3 principals: 1 enforced, 2 not enforced`
fn tally(report: &Report) -> String {
    let verdicts = [
        Verdict::Enforced,
        Verdict::Partly,
        Verdict::NotEnforced,
        Verdict::NothingAllowed,
    ];
    let counts = verdicts.into_iter().filter_map(|verdict| {
        let is_one = |checked: &&Checked| checked.judgement.verdict == verdict;
        let count = report.checked.iter().filter(is_one).count();
        (count > 0).then(|| format!("{count} {}", verdict_words(verdict)))
    });
    let counts: Vec<String> = counts.collect();
    format!("{} in all: {}", report.checked.len(), counts.join(", "))
}

struct Page {
    width: usize,
    painter: Painter,
}

impl Page {
    fn principal(&self, checked: &Checked, report: &Report) -> String {
        let Checked {
            principal,
            judgement,
        } = checked;
        let mut text = self.heading(checked, report);
        let mut fact = |name: &str, what: &str| text += &self.fact(name, what);
        let from: Vec<String> = principal
            .policies
            .iter()
            .map(origin)
            .filter(|origin| *origin != principal.name)
            .collect();
        if !from.is_empty() {
            fact("policies", &from.join(", "));
        }
        if let Some(boundary) = &principal.boundary {
            fact("boundary", &origin(boundary));
        }
        if !principal.unknown_policies.is_empty() {
            fact("not read", &principal.unknown_policies.join(", "));
        }
        match judgement.verdict {
            Verdict::NothingAllowed => fact("allowed", nothing_is_allowed(judgement)),
            _ => fact("age limit", &age_limit(judgement)),
        }
        if judgement.basis == Basis::AsIfAllAllowed {
            fact(
                "judged",
                "as if another policy allowed everything: these allow nothing that could be protected",
            );
        }
        let is_only = principal.policies.len() + usize::from(principal.boundary.is_some()) == 1;
        if !judgement.outcomes.is_empty() {
            text += &format!("\n{}", self.callers(judgement, is_only));
        }
        for mistake in &judgement.mistakes {
            text += &format!("\n{}", self.mistake(mistake, is_only));
        }
        text
    }

    fn heading(&self, checked: &Checked, report: &Report) -> String {
        let verdict = checked.judgement.verdict;
        let style = match verdict {
            Verdict::Enforced if !checked.is_good(&report.intent) => Style::Yellow,
            Verdict::Enforced => Style::Green,
            Verdict::Partly => Style::Yellow,
            Verdict::NotEnforced => Style::Red,
            Verdict::NothingAllowed => Style::Dim,
        };
        let principal = &checked.principal;
        let name = printable(&principal.name);
        let name = match principal.kind {
            // They have no name but that of their files.
            PrincipalKind::Policies => name,
            kind => format!("{kind} {name}"),
        };
        let words = match report.intent.max_age {
            Some(age) if verdict == Verdict::Enforced && !checked.is_good(&report.intent) => {
                format!(
                    "enforced, but not within {}:",
                    time::render_to_the_second(age)
                )
            }
            _ => format!("{}:", verdict_words(verdict)),
        };
        let mut lines = fitted(&format!("{words} {name}"), self.width).into_iter();
        let first = lines.next().unwrap_or_default();
        let painted = self.painter.paint(style, &words);
        let mut text = match first.strip_prefix(&words) {
            Some(rest) => format!("{painted}{}\n", self.painter.paint(Style::Bold, rest)),
            None => format!("{first}\n"),
        };
        for line in lines {
            text += &format!("{}\n", self.painter.paint(Style::Bold, line));
        }
        text
    }

    /// A word and what there is to say of it, indented below itself.
    fn fact(&self, name: &str, what: &str) -> String {
        const INDENT: usize = 13;
        let mut text = String::new();
        for (at, line) in fitted(&printable(what), self.width - INDENT)
            .into_iter()
            .enumerate()
        {
            let label = if at == 0 { name } else { "" };
            let label = self.painter.paint(Style::Dim, format!("  {label:9}"));
            text += &format!("{label}  {line}\n");
        }
        text
    }

    fn paragraph(&self, indent: usize, words: &str) -> String {
        fitted(&printable(words), self.width - indent)
            .iter()
            .map(|line| format!("{:indent$}{line}\n", ""))
            .collect()
    }

    fn callers(&self, judgement: &Judgement, is_only: bool) -> String {
        let groups = alike(&judgement.outcomes);
        let names = groups.iter().flat_map(|(callers, _)| callers);
        let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
        let width = longest.max("CALLER".len());
        let left = 2 + width + GAP;
        let header = format!("  {:width$}  CAN DO", "CALLER");
        let mut text = self.painter.paint(Style::Dim, header) + "\n";
        for (callers, outcome) in groups {
            let can_do = self.can_do(outcome, self.width.saturating_sub(left), is_only);
            for at in 0..callers.len().max(can_do.len()) {
                let caller = callers.get(at).map_or("", String::as_str);
                let line = can_do.get(at).map_or("", String::as_str);
                text += format!("  {caller:width$}  {line}").trim_end();
                text.push('\n');
            }
        }
        text
    }

    /// What a caller can do, in lines of this width.
    fn can_do(&self, outcome: &Outcome, width: usize, is_only: bool) -> Vec<String> {
        let has_mfa = outcome.caller.mfa_present() == Some(true);
        let (style, words) = match (outcome.possible, has_mfa) {
            (Possible::Nothing, _) => (Style::Green, "nothing"),
            (Possible::Enrolment, _) if !can_enrol(outcome) => {
                (Style::Green, "ask for a session with MFA, nothing else")
            }
            (Possible::Enrolment, _) => (Style::Green, "enrol a device, nothing else"),
            (Possible::Perhaps, false) => (Style::Yellow, "perhaps more than enrol a device"),
            (Possible::Something, false) => (Style::Red, "more than enrol a device"),
            (Possible::Perhaps, true) => (Style::Bold, "perhaps what is allowed"),
            (Possible::Something, true) => (Style::Bold, "what is allowed"),
        };
        let mut lines: Vec<String> = fitted(words, width)
            .into_iter()
            .map(|line| self.painter.paint(style, line))
            .collect();
        for witness in shown(outcome) {
            lines.extend(self.witness(witness, width, is_only));
        }
        lines
    }

    fn witness(&self, witness: &Witness, width: usize, is_only: bool) -> Vec<String> {
        let indented = |indent: usize, words: &str, style: Option<Style>| {
            fitted(&printable(words), width.saturating_sub(indent))
                .into_iter()
                .map(|line| {
                    let line = style.map_or(line.clone(), |style| self.painter.paint(style, &line));
                    format!("{:indent$}{line}", "")
                })
                .collect::<Vec<_>>()
        };
        let mut lines = indented(
            2,
            &format!("{} on {}", witness.action, witness.resource),
            None,
        );
        if !witness.only_if.is_empty() {
            let words = format!("only if {}", witness.only_if.join(" and "));
            lines.extend(indented(4, &words, Some(Style::Yellow)));
        }
        // That somebody can enrol is as it should be, and nobody looks for the statement.
        if let Some(statement) = &witness.allowed_by
            && !witness.is_enrolment
        {
            let words = format!("by {}", named(statement, is_only));
            lines.extend(indented(4, &words, Some(Style::Dim)));
        }
        lines
    }

    fn mistake(&self, mistake: &Mistake, is_only: bool) -> String {
        let indent = 11;
        let (label, style) = match mistake.kind {
            // It may be meant so, as in the strict policy that daypass writes.
            MistakeKind::EnrolmentLockedOut => ("note", Style::Yellow),
            _ => ("mistake", Style::Red),
        };
        let mut what = mistake.what.clone();
        if let Some(statement) = &mistake.statement {
            what = format!("{}: {what}", named(statement, is_only));
        }
        let mut text = String::new();
        for (label, style, words) in [(label, style, &what), ("fix", Style::Green, &mistake.fix)] {
            for (at, line) in fitted(&printable(words), self.width - indent)
                .into_iter()
                .enumerate()
            {
                let label = if at == 0 { label } else { "" };
                let label = self.painter.paint(style, format!("  {label:7}"));
                text += &format!("{label}  {line}\n");
            }
        }
        text
    }
}

/// Those whose outcome is the same, in one row.
fn alike(outcomes: &[Outcome]) -> Vec<(Vec<String>, &Outcome)> {
    let mut groups: Vec<(Vec<String>, &Outcome)> = Vec::new();
    for outcome in outcomes {
        let name = caller_words(outcome.caller);
        let is_alike = |first: &Outcome| {
            first.caller.mfa_age().is_some() == outcome.caller.mfa_age().is_some()
                && first.possible == outcome.possible
                && first.witnesses == outcome.witnesses
        };
        match groups.iter_mut().find(|(_, first)| is_alike(first)) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], outcome)),
        }
    }
    groups
}

fn caller_words(caller: Caller) -> String {
    match caller {
        Caller::WithMfa { age } if age.is_zero() => "session with fresh MFA".to_owned(),
        // As short as it can be: the other column is the one that is read.
        Caller::WithMfa { age } => format!("session, MFA {} old", time::render_to_the_second(age)),
        other => other.to_string(),
    }
}

/// The witnesses that say more than the word before them.
fn shown(outcome: &Outcome) -> impl Iterator<Item = &Witness> {
    let is_enrolment = outcome.possible == Possible::Enrolment;
    let telling = move |witness: &&Witness| match is_enrolment {
        true => witness.action == CREATE_DEVICE,
        false => !witness.is_enrolment,
    };
    outcome.witnesses.iter().filter(telling)
}

/// Whether more is possible than what AWS lets everybody ask STS for.
fn can_enrol(outcome: &Outcome) -> bool {
    let in_sts = |witness: &Witness| witness.action.starts_with("sts:");
    !outcome.witnesses.iter().all(in_sts)
}

/// The statement; of which policy it is has to be said only where there are several.
fn named(statement: &StatementReference, is_only: bool) -> String {
    match is_only {
        true => statement_words(statement),
        false => format!("{} of {}", statement_words(statement), statement.policy),
    }
}

fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Enforced => "enforced",
        Verdict::Partly => "partly enforced",
        Verdict::NotEnforced => "not enforced",
        Verdict::NothingAllowed => "nothing allowed",
    }
}

/// `inline policy 'mfa' (main.tf:12)`
fn origin(policy: &Policy) -> String {
    let name = &policy.name;
    match &policy.location {
        Some(location) if location.file != *name => match location.line {
            Some(line) => format!("{name} ({}:{line})", location.file),
            None => format!("{name} ({})", location.file),
        },
        _ => name.clone(),
    }
}

/// Which nothing it is: what enrolment takes may be allowed.
fn nothing_is_allowed(judgement: &Judgement) -> &'static str {
    let enrolment = |outcome: &Outcome| outcome.possible == Possible::Enrolment;
    match judgement.outcomes.iter().any(enrolment) {
        true => "nothing but what it takes to enrol a device, with MFA or without",
        false => "nothing is allowed, with MFA or without",
    }
}

fn age_limit(judgement: &Judgement) -> String {
    match judgement.age_limit {
        Some(limit) => time::render_to_the_second(limit),
        None => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests;
