//! A report as Markdown, for issues and wikis. Names are written as code, so that none of them is taken for markup, and
//! nobody is called by it.

use crate::{
    audit::{
        formats::{Section, count, sections, tally, unchecked, whose, with_status},
        report::{Change, Report, Status},
    },
    terminal::printable,
    time::render_timestamp,
};

/// Renders the report.
pub fn render(report: &Report) -> String {
    let mut text = format!(
        "# MFA audit of {}\n\n**{}** on {}.\n",
        whose(report),
        tally(report),
        render_timestamp(report.now)
    );
    let has_many = report.accounts.len() > 1;
    for section in sections(report) {
        text += &of_section(&section, has_many);
    }
    let failed = report.accounts.iter().filter_map(|account| {
        let why = account.audited.as_ref().err()?;
        let id = account.id.as_deref().unwrap_or("an account");
        Some(format!("- {}: {}\n", code(id), prose(why)))
    });
    text += &listed("Accounts that could not be audited", failed.collect());
    let fixed = report.fixed.iter().map(|fixed| {
        let whether = if fixed.was_checked {
            ""
        } else {
            " (not checked this time)"
        };
        format!(
            "- {} {}: {}{whether}\n",
            code(&fixed.check),
            code(&fixed.subject),
            prose(&fixed.what)
        )
    });
    text += &listed("Gone since the earlier report", fixed.collect());
    let gaps = unchecked(report).map(|(account, result)| {
        let whose = match &account.id {
            Some(id) if has_many => format!("{}, ", code(id)),
            _ => String::new(),
        };
        let why = prose(&result.unchecked.join("; "));
        format!("- {whose}{}: {why}\n", code(result.check.id))
    });
    text += &listed("Not checked", gaps.collect());
    let notes = report
        .notes
        .iter()
        .map(|note| format!("- {}\n", prose(note)));
    text += &listed("Notes", notes.collect());
    let ignored = report.findings().filter_map(|(_, result, judged)| {
        let ignored = judged.ignored.as_ref()?;
        let until = ignored.until.map(|until| format!(" (until {until})"));
        Some(format!(
            "- {} {}: {}{}\n",
            code(result.check.id),
            code(&judged.finding.subject.to_string()),
            prose(&ignored.reason),
            until.unwrap_or_default()
        ))
    });
    text += &listed("Ignored", ignored.collect());
    let passed = with_status(report, Status::Passed);
    let passed = passed.into_iter().map(|id| format!("- {}\n", code(id)));
    text + &listed("Passed", passed.collect())
}

fn of_section(section: &Section<'_>, has_many: bool) -> String {
    let check = section.check;
    let references: Vec<String> = check.references.iter().map(ToString::to_string).collect();
    let mut text = format!(
        "\n## {}: {}\n\n`{}`, {}{}\n\n",
        section.worst,
        check.title,
        check.id,
        count(section.findings.len(), "finding"),
        if references.is_empty() {
            String::new()
        } else {
            format!("; {}", references.join(", "))
        }
    );
    let (account_head, account_rule) = if has_many {
        ("account | ", "---|")
    } else {
        ("", "")
    };
    text += &format!("| {account_head}who or what | severity | what | to mend it |\n");
    text += &format!("|{account_rule}---|---|---|---|\n");
    for (account, judged) in &section.findings {
        let finding = &judged.finding;
        let id = match (has_many, account.id.as_deref()) {
            (true, id) => format!("{} | ", code(id.unwrap_or("?"))),
            (false, _) => String::new(),
        };
        let new = match judged.change {
            Some(Change::New) => " (new)",
            _ => "",
        };
        text += &format!(
            "| {id}{} | {}{new} | {} | {} |\n",
            code(&finding.subject.to_string()),
            finding.severity,
            prose(&finding.what),
            code(&finding.fix)
        );
    }
    text
}

fn listed(title: &str, lines: Vec<String>) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("\n## {title}\n\n{}", lines.concat())
}

/// Sentences in which nothing is markup, a link or a mention: what is no plain word is written as code. A backslash is
/// not enough: code hosts look for `@ada`, `#12`, commits and addresses in what is left when the markup is gone.
fn prose(text: &str) -> String {
    let text = printable(text);
    // A statement of a policy is to be copied as a whole.
    if let (Some(first), Some(last)) = (text.find('{'), text.rfind('}'))
        && first < last
    {
        let (before, after) = (&text[..first], &text[last + 1..]);
        let parts = [prose(before), code(&text[first..=last]), prose(after)];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        return parts.collect::<Vec<_>>().join(" ");
    }
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    words.join(" ")
}

fn word(text: &str) -> String {
    let core = text.trim_start_matches(['(', '\'', '"']);
    let before = &text[..text.len() - core.len()];
    let inner = core.trim_end_matches([')', '\'', '"', ',', ';', '.', ':']);
    let after = &core[inner.len()..];
    if inner.is_empty() || is_plain(inner) {
        text.to_owned()
    } else {
        format!("{before}{}{after}", code(inner))
    }
}

/// Whether these are letters or digits, and neither `GH-12` nor what may be the beginning of a commit.
fn is_plain(word: &str) -> bool {
    let is_of_a_word =
        |character: char| character.is_alphanumeric() || matches!(character, '-' | '\'');
    let is_numbered = word.contains('-') && word.contains(|letter: char| letter.is_numeric());
    let may_be_a_commit = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.starts_with(char::is_alphanumeric)
        && word.chars().all(is_of_a_word)
        && !is_numbered
        && !may_be_a_commit
}

/// Text as code, also within a table.
fn code(text: &str) -> String {
    let text = printable(text).replace('|', "\\|");
    // A run of more backticks than there are in the text.
    let longest = text.split(|character| character != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_code_host_would_make_a_link_or_a_mention_is_code() {
        for (text, expected) in [
            (
                "has a password (set 412 days ago) and no MFA device; it's well-known.",
                "has a password (set 412 days ago) and no MFA device; it's well-known.",
            ),
            ("asked '@ada', for", "asked '`@ada`', for"),
            ("(#12)", "(`#12`)"),
            (
                "https://example.com/a_b www.example.com",
                "`https://example.com/a_b` `www.example.com`",
            ),
            (
                "GH-12 org/repo#1 a@b.example",
                "`GH-12` `org/repo#1` `a@b.example`",
            ),
            ("deadbeef 1234567 facade", "`deadbeef` `1234567` facade"),
            ("can do s3:* on *", "can do `s3:*` on `*`"),
            (
                "<b> [x](y) ~~a~~ **b** - + 1.",
                "`<b>` `[x](y`) `~~a~~` `**b**` `-` `+` 1.",
            ),
            (
                "ask for: {\"a\": \"b c\"} @x",
                "ask for: `{\"a\": \"b c\"}` `@x`",
            ),
            (":smile: &amp; a|b a`b", "`:smile`: `&amp`; `a\\|b` ``a`b``"),
        ] {
            assert_eq!(prose(text), expected);
        }
    }
}
