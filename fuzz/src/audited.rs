//! What is read of an account, asked every question and written in every format.

use std::{collections::BTreeSet, time::Duration};

use daypass::{
    audit::{
        account::{Account, Inputs, Known, Unknown},
        authorization_details::AuthorizationDetails,
        compare::Earlier,
        credential_report::CredentialReport,
        formats::{csv, json, markdown, sarif, table},
        report::{AccountReport, Audited, Report},
    },
    policy::judgement::Intent,
    terminal::{ColorChoice, Painter, acts_on_a_terminal, configure},
    time,
};

/// Audits it. Whatever names there are, nothing in a report acts on a terminal but the ends of its lines, and it is read
/// again as one to compare with, of which nothing is new and nothing fixed.
pub fn check(report: Known<CredentialReport>, details: Known<AuthorizationDetails>) {
    let max_age = Duration::from_secs(28_800);
    let intent = Intent {
        max_age: Some(max_age),
    };
    let account = Account::of(
        Inputs {
            account_id: None,
            credential_report: report,
            details,
            summary: missing(),
            virtual_devices: missing(),
            devices: missing(),
            denied: BTreeSet::new(),
        },
        &intent,
    );
    let now = time::parse_timestamp("2026-11-22T12:00:00Z").expect("a moment");
    let audited = Audited::of(&account, now, max_age);
    let mut report = Report::of(
        vec![AccountReport {
            id: account.id,
            audited: Ok(audited),
        }],
        now,
    );
    let earlier = json::render(&report);
    let earlier = Earlier::parse(earlier.as_bytes()).expect("what was written is read");
    report.compare(&earlier);
    assert_eq!(report.fixed, []);
    configure(ColorChoice::Never, 0);
    let is_clean =
        |character: char| matches!(character, '\n' | '\r') || !acts_on_a_terminal(character);
    for text in [
        table::render(&report, 80, Painter::stdout()),
        csv::render(&report),
        json::render(&report),
        sarif::render(&report),
        markdown::render(&report),
    ] {
        assert!(text.chars().all(is_clean), "{text:?}");
    }
}

/// What was not read.
pub fn missing<T>() -> Known<T> {
    Err(Unknown::because("it was not read"))
}
