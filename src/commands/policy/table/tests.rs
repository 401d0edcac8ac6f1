//! How the table looks, whatever it has to show.

use std::{sync::Arc, time::Duration};

use super::*;
use crate::policy::{
    document::Document,
    judgement::{Intent, MistakeKind, StatementReference},
    principal::{Location, Principal},
    sources::Note,
};

fn witness(action: &str, resource: &str, only_if: &[&str]) -> Witness {
    Witness {
        action: action.into(),
        resource: resource.into(),
        allowed_by: Some(statement("AllowS3")),
        only_if: only_if.iter().map(|text| (*text).to_owned()).collect(),
        is_enrolment: action == "iam:CreateVirtualMFADevice",
    }
}

fn statement(sid: &str) -> StatementReference {
    StatementReference {
        policy: "inline policy 'storage' of group 'developers'".into(),
        index: 1,
        sid: Some(sid.into()),
    }
}

fn outcome(caller: Caller, possible: Possible, witnesses: &[Witness]) -> Outcome {
    Outcome {
        caller,
        possible,
        witnesses: witnesses.to_vec(),
    }
}

fn with_mfa(seconds: u64) -> Caller {
    Caller::WithMfa {
        age: Duration::from_secs(seconds),
    }
}

/// Somebody with everything that there is to show.
fn busy(name: &str, sid: &str) -> Report {
    let document = r#"{"Version": "2012-10-17", "Statement": []}"#;
    let policy = |file: &str| Policy {
        name: format!("inline policy '{name}'"),
        location: Some(Location {
            file: file.into(),
            line: Some(12),
        }),
        document: Arc::new(Document::parse(document).unwrap()),
    };
    let secret = witness(
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:production/database-AbCdEf",
        &[
            "aws:SourceIp is in 192.0.2.0/24",
            "aws:RequestedRegion is eu-west-1",
        ],
    );
    let left = [witness("s3:*", "*", &[]), secret];
    let enrolment = witness("iam:CreateVirtualMFADevice", "*", &[]);
    let key = [left[0].clone(), left[1].clone(), enrolment.clone()];
    let judgement = Judgement {
        verdict: Verdict::Partly,
        basis: Basis::AsIfAllAllowed,
        age_limit: Some(Duration::from_secs(28_800)),
        outcomes: vec![
            outcome(Caller::LongTermKey, Possible::Something, &key),
            outcome(Caller::SessionWithoutMfa, Possible::Enrolment, std::slice::from_ref(&enrolment)),
            outcome(Caller::ConsoleWithoutMfa, Possible::Enrolment, &[enrolment]),
            outcome(with_mfa(0), Possible::Something, &left[..1]),
            outcome(with_mfa(28_799), Possible::Something, &left[..1]),
            outcome(with_mfa(28_801), Possible::Nothing, &[]),
        ],
        mistakes: vec![Mistake {
            kind: MistakeKind::DenyWithBoolFalse,
            statement: Some(statement(sid)),
            what: "a long-term key has no aws:MultiFactorAuthPresent at all, so that this Deny does not \
                   stop it."
                .into(),
            fix: "write BoolIfExists".into(),
        }],
    };
    let principal = Principal {
        kind: PrincipalKind::Group,
        name: name.into(),
        policies: vec![policy("main.tf"), policy("groups/developers.tf")],
        boundary: Some(policy("boundary.json")),
        unknown_policies: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".into()],
    };
    Report {
        intent: Intent::default(),
        checked: vec![Checked {
            principal,
            judgement,
        }],
        notes: vec![Note {
            file: "main.tf".into(),
            line: Some(3),
            what: "var.accounts has no value, so that the statement with it is left out".into(),
        }],
    }
}

fn rendered(report: &Report, columns: usize) -> String {
    render(report, columns, Painter::never())
}

#[test]
fn the_table_fits_terminals_of_80_and_of_120_columns() {
    insta::assert_snapshot!(rendered(&busy("developers", "DenyOld"), 80), @"
    partly enforced: group developers
      policies   inline policy 'developers' (main.tf:12), inline policy 'developers'
                 (groups/developers.tf:12)
      boundary   inline policy 'developers' (boundary.json:12)
      not read   arn:aws:iam::aws:policy/ReadOnlyAccess
      age limit  8 h
      judged     as if another policy allowed everything: these allow nothing that
                 could be protected

      CALLER                            CAN DO
      long-term key                     more than enrol a device
                                          s3:* on *
                                            by statement 2 'AllowS3' of inline
                                            policy 'storage' of group 'developers'
                                          secretsmanager:GetSecretValue on
                                          arn:aws:secretsmanager:eu-west-1:123456789
                                          012:secret:production/database-AbCdEf
                                            only if aws:SourceIp is in 192.0.2.0/24
                                            and aws:RequestedRegion is eu-west-1
                                            by statement 2 'AllowS3' of inline
                                            policy 'storage' of group 'developers'
      session without MFA               enrol a device, nothing else
      console sign-in without MFA         iam:CreateVirtualMFADevice on *
      session with fresh MFA            what is allowed
      session, MFA 7 h 59 min 59 s old    s3:* on *
                                            by statement 2 'AllowS3' of inline
                                            policy 'storage' of group 'developers'
      session, MFA 8 h 1 s old          nothing

      mistake  statement 2 'DenyOld' of inline policy 'storage' of group
               'developers': a long-term key has no aws:MultiFactorAuthPresent at
               all, so that this Deny does not stop it.
      fix      write BoolIfExists

    not known
      main.tf:3: var.accounts has no value, so that the statement with it is left
      out
    ");
    insta::assert_snapshot!(rendered(&busy("developers", "DenyOld"), 120), @"
    partly enforced: group developers
      policies   inline policy 'developers' (main.tf:12), inline policy 'developers' (groups/developers.tf:12)
      boundary   inline policy 'developers' (boundary.json:12)
      not read   arn:aws:iam::aws:policy/ReadOnlyAccess
      age limit  8 h
      judged     as if another policy allowed everything: these allow nothing that could be protected

      CALLER                            CAN DO
      long-term key                     more than enrol a device
                                          s3:* on *
                                            by statement 2 'AllowS3' of inline policy 'storage' of group 'developers'
                                          secretsmanager:GetSecretValue on
                                          arn:aws:secretsmanager:eu-west-1:123456789012:secret:production/database-AbCdEf
                                            only if aws:SourceIp is in 192.0.2.0/24 and aws:RequestedRegion is eu-west-1
                                            by statement 2 'AllowS3' of inline policy 'storage' of group 'developers'
      session without MFA               enrol a device, nothing else
      console sign-in without MFA         iam:CreateVirtualMFADevice on *
      session with fresh MFA            what is allowed
      session, MFA 7 h 59 min 59 s old    s3:* on *
                                            by statement 2 'AllowS3' of inline policy 'storage' of group 'developers'
      session, MFA 8 h 1 s old          nothing

      mistake  statement 2 'DenyOld' of inline policy 'storage' of group 'developers': a long-term key has no
               aws:MultiFactorAuthPresent at all, so that this Deny does not stop it.
      fix      write BoolIfExists

    not known
      main.tf:3: var.accounts has no value, so that the statement with it is left out
    ");
}

#[test]
fn no_line_is_wider_than_the_terminal_whatever_things_are_called() {
    let long = "long".repeat(60);
    for columns in [0, 60, 80, 93, 120, 400] {
        for line in rendered(&busy(&long, &long), columns).lines() {
            assert!(
                line.chars().count() <= columns.clamp(60, 120),
                "{columns}: {line}"
            );
        }
    }
}

#[test]
fn no_name_can_play_tricks_with_the_terminal() {
    let mut report = busy("a\x1b[2Jb\u{202e}", "c\x07d");
    report.notes[0].file = "\x1b]0;title\x07".into();
    let principal = &mut report.checked[0].principal;
    principal.unknown_policies.push("\x1b[31m".into());
    let outcome = &mut report.checked[0].judgement.outcomes[0];
    outcome.witnesses[0].resource = "\x1b[5m".into();
    outcome.witnesses[0].only_if.push("\r\n\x1b".into());
    let text = rendered(&report, 80);
    let harmless = |character: char| !character.is_control() || character == '\n';
    assert!(text.chars().all(harmless), "{text:?}");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn several_are_counted_at_the_end() {
    let mut report = busy("developers", "x");
    let mut other = busy("operators", "x").checked.remove(0);
    other.judgement.verdict = Verdict::NotEnforced;
    report.checked.push(other);
    let text = rendered(&report, 80);
    assert!(
        text.ends_with("\n2 in all: 1 partly enforced, 1 not enforced\n"),
        "{text}"
    );
}
