//! `daypass policy check`: what policies enforce.

use std::{path::PathBuf, time::Duration};

use super::{files, findings, json, max_age, table};
use crate::{
    failure::{Exit, Failure},
    policy::{
        judgement::{Intent, Judgement, StatementReference, Verdict, judge},
        principal::Principal,
        sources::{self, Note},
    },
    terminal::{self, Painter},
};

/// Say what policies enforce: who can do what without MFA
///
/// Tells for each user, group and role whether MFA is enforced, from what age on it counts no more, and what
/// is left to a long-term key, to sessions without MFA and to those with it, with an action, a resource and the
/// statement that allows it. Known mistakes are explained, with the way to mend them. A condition on anything
/// else than MFA is never guessed: what depends on it is possible "only if" it holds.
///
/// Reads policy documents, what aws iam get-policy-version and its like print, CloudFormation templates,
/// Terraform's files and directories, and what terraform show -json prints. Files with nothing but policies are taken as
/// the policies of one user together.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Exit codes:
   0  MFA is enforced for everybody, with --max-age within that age
   1  a file cannot be read or understood
   2  wrong usage
  10  for somebody it is not enforced, or only partly, or not within --max-age

Examples:
  daypass policy check mfa.json --max-age 8h
  daypass policy check mfa.json s3.json     both belong to one user
  daypass policy check infrastructure/      its *.tf files
  terraform show -json plan | daypass policy check - --format sarif")]
pub struct CheckArgs {
    /// Files with policies, directories with Terraform's; - is stdin
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::AnyPath)]
    files: Vec<PathBuf>,

    /// What to print
    #[arg(long, default_value = "table")]
    format: CheckFormat,

    /// The age of MFA that is to be enforced; a longer one, or none, is a mistake
    #[arg(long, value_name = "DURATION", value_parser = max_age)]
    max_age: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For code hosts and scanners: SARIF 2.1.0.
    Sarif,
}

/// A principal and what its policies enforce.
pub(super) struct Checked {
    pub(super) principal: Principal,
    pub(super) judgement: Judgement,
}

/// All that there is to tell.
pub(super) struct Report {
    pub(super) intent: Intent,
    pub(super) checked: Vec<Checked>,
    pub(super) notes: Vec<Note>,
}

impl Checked {
    /// Whether MFA is enforced, and its age if one is intended.
    pub(super) fn is_good(&self, intent: &Intent) -> bool {
        match (self.judgement.verdict, intent.max_age) {
            (Verdict::NothingAllowed, _) | (Verdict::Enforced, None) => true,
            (Verdict::Enforced, Some(most)) => {
                self.judgement.age_limit.is_some_and(|limit| limit <= most)
            }
            (Verdict::Partly | Verdict::NotEnforced, _) => false,
        }
    }
}

impl Report {
    /// Whether that is so for everybody.
    pub(super) fn is_good(&self) -> bool {
        self.checked
            .iter()
            .all(|checked| checked.is_good(&self.intent))
    }
}

pub(super) fn run(args: CheckArgs) -> Result<Exit, Failure> {
    let files = files::read(&args.files)?;
    let reading = sources::read(&files).map_err(crate::policy::error::PolicyError::from)?;
    let intent = Intent {
        max_age: args.max_age,
    };
    let checked = reading.principals.into_iter().map(|principal| Checked {
        judgement: judge(&principal, &intent),
        principal,
    });
    let report = Report {
        intent,
        checked: checked.collect(),
        notes: reading.notes,
    };
    let text = match args.format {
        CheckFormat::Table => table::render(&report, terminal::columns(), Painter::stdout()),
        CheckFormat::Json => json::render(&report),
        CheckFormat::Sarif => findings::render(&report),
    };
    terminal::output(&text)?;
    Ok(if report.is_good() {
        Exit::Done
    } else {
        Exit::NotValid
    })
}

/// `statement 2 'AllowS3'`, counted as people count.
pub(super) fn statement_words(statement: &StatementReference) -> String {
    let number = statement.index + 1;
    let sid = match statement.sid.as_deref() {
        None | Some("") => String::new(),
        Some(sid) => format!(" '{sid}'"),
    };
    format!("statement {number}{sid}")
}

/// The verdict as programs read it.
pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Enforced => "enforced",
        Verdict::Partly => "partly",
        Verdict::NotEnforced => "not-enforced",
        Verdict::NothingAllowed => "nothing-allowed",
    }
}
