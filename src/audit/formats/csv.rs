//! A report as comma-separated values: a line for each finding, for each check that could not look at everything and
//! for each finding of an earlier report that is gone. Source: RFC 4180.
//!
//! What a spreadsheet would take for a formula gets a `'` before it: IAM takes `=`, `+` and `@` in names, and anything in
//! the text of a policy. Where spreadsheets separate by `;`, a formula may begin behind one as well, whatever is quoted.

use crate::{
    audit::{
        formats::{json, unchecked},
        report::Report,
    },
    terminal::printable,
};

const HEADER: [&str; 12] = [
    "account",
    "check",
    "severity",
    "status",
    "subject_kind",
    "subject",
    "summary",
    "remediation",
    "references",
    "change",
    "ignored_until",
    "ignored_because",
];

/// Renders the report.
pub fn render(report: &Report) -> String {
    let mut text = line(&HEADER);
    for (account, result, judged) in report.findings() {
        let finding = &judged.finding;
        let references: Vec<String> = result
            .check
            .references
            .iter()
            .map(ToString::to_string)
            .collect();
        let ignored = judged.ignored.as_ref();
        let until = ignored.map(|ignored| match ignored.until {
            Some(until) => until.to_string(),
            None => "never".to_owned(),
        });
        text += &line(&[
            account.id.as_deref().unwrap_or_default(),
            result.check.id,
            finding.severity.word(),
            if ignored.is_some() { "ignored" } else { "open" },
            finding.subject.kind(),
            &finding.subject.to_string(),
            &finding.what,
            &finding.fix,
            &references.join("; "),
            judged.change.map(json::change).unwrap_or_default(),
            &until.unwrap_or_default(),
            ignored
                .map(|ignored| ignored.reason.as_str())
                .unwrap_or_default(),
        ]);
    }
    let without_subject = |account: Option<&str>, check: &str, status: &str, what: &str| {
        let mut fields = [""; HEADER.len()];
        fields[0] = account.unwrap_or_default();
        fields[1] = check;
        fields[3] = status;
        fields[6] = what;
        line(&fields)
    };
    for (account, result) in unchecked(report) {
        for why in &result.unchecked {
            let (id, check) = (account.id.as_deref(), result.check.id);
            text += &without_subject(id, check, json::not_checked(), why);
        }
    }
    for account in &report.accounts {
        if let Err(why) = &account.audited {
            text += &without_subject(account.id.as_deref(), "", json::not_checked(), why);
        }
    }
    for fixed in &report.fixed {
        let status = if fixed.was_checked {
            "fixed"
        } else {
            json::not_checked()
        };
        let mut fields = [""; HEADER.len()];
        fields[0] = fixed.account.as_deref().unwrap_or_default();
        fields[1] = &fixed.check;
        fields[3] = status;
        fields[5] = &fixed.subject;
        fields[6] = &fixed.what;
        text += &line(&fields);
    }
    text
}

fn line(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\r\n"
}

fn quoted(field: &str) -> String {
    let clean = without_formulas(&printable(field));
    if clean.contains([',', '"', '\'']) {
        format!("\"{}\"", clean.replace('"', "\"\""))
    } else {
        clean
    }
}

fn without_formulas(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut begins = true;
    for character in text.chars() {
        let is_sign = matches!(
            character,
            // The wide ones are taken for the others where Japanese is written.
            '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        );
        if begins && is_sign {
            clean.push('\'');
        }
        clean.push(character);
        begins = character == ';' || (begins && matches!(character, ' ' | '"'));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula_whatever_a_spreadsheet_separates_by() {
        for (field, expected) in [
            ("user/ada", "user/ada"),
            ("a - b = c; d", "a - b = c; d"),
            ("=1+1", "\"'=1+1\""),
            ("\t@sum", "\"'@sum\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("arn:x; =1", "\"arn:x; '=1\""),
            ("arn:x;\"-1", "\"arn:x;\"\"'-1\""),
            ("\" +1", "\"\"\" '+1\""),
        ] {
            assert_eq!(quoted(field), expected, "{field}");
        }
    }
}
