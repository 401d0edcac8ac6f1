//! `daypass audit`: who and what in an account is not protected by MFA.

use std::{path::PathBuf, time::Duration};

use clap::ValueHint;

use crate::{
    audit::{
        account::Account,
        accounts,
        checks::Severity,
        compare::Earlier,
        error::AuditError,
        formats::{csv, json, markdown, sarif, table},
        ignore::Ignores,
        offline,
        report::{AccountReport, Audited, Report},
    },
    commands::{GlobalArgs, ProfileArgs},
    failure::{Exit, Failure},
    policy::judgement::Intent,
    terminal::{self, Painter, warn},
    time,
};

mod asking;
mod many;

use many::Accounts;

/// Find who and what in an account is not protected by MFA
///
/// Asks AWS for the credential report, the users, groups and policies, and the MFA devices, or reads files of them,
/// and says what is not protected and how to mend it. Policies are judged by what they mean: whether an access key
/// or a sign-in without MFA can do anything, and what. What cannot be read is told, and the rest is checked all the
/// same; AWS's policy SecurityAudit allows all that is asked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
With --credential-report or --authorization-details nothing is asked of AWS:
  while aws iam generate-credential-report --output text | grep -v COMPLETE
  do sleep 2; done
  aws iam get-credential-report --query Content --output text | base64 -d \\
      > report.csv
  aws iam get-account-authorization-details > details.json

A line of the --ignore file is CHECK SUBJECT DATE REASON. It counts up to and
including the date; 'never' stands for no date, * for any characters:
  old-key user/deploy/key/1 2027-01-31 replaced by a role in January

Exit codes: 10 if anything is found at or above --fail-on; else 1 if one of many
accounts could not be audited; else 0.

Examples:
  daypass audit admin
  daypass audit admin --format json > audit.json
  daypass audit admin --compare audit.json --fail-on medium
  daypass audit admin --role-name Auditor --accounts accounts.txt
  daypass audit admin --role-name Auditor --organization
  daypass audit --credential-report report.csv \\
      --authorization-details details.json --format sarif")]
pub struct AuditArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,

    /// From which severity on findings make the exit code 10
    #[arg(long, value_name = "LEVEL", default_value = "high")]
    fail_on: FailOn,

    /// Read the credential report from this file, and ask AWS nothing
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Files")]
    credential_report: Option<PathBuf>,

    /// Read users, groups and policies from this file, and ask AWS nothing; more than once for several pages
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Files")]
    authorization_details: Vec<PathBuf>,

    /// What not to count, with reasons and dates
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Files")]
    ignore: Option<PathBuf>,

    /// Say what is new and what is fixed since this report, which --format json wrote
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Files")]
    compare: Option<PathBuf>,

    /// Audit many accounts: assume the role of this name in each of them, with the session of the profile
    #[arg(long, value_name = "NAME", requires = "which_accounts", conflicts_with_all = ["credential_report", "authorization_details"], value_parser = role_name, help_heading = "Many accounts")]
    role_name: Option<String>,

    /// The accounts: one a line, twelve digits
    #[arg(long, value_name = "FILE", group = "which_accounts", requires = "role_name", value_hint = ValueHint::FilePath, help_heading = "Many accounts")]
    accounts: Option<PathBuf>,

    /// The accounts: all active ones of the organization, which its management account may list
    #[arg(
        long,
        group = "which_accounts",
        requires = "role_name",
        help_heading = "Many accounts"
    )]
    organization: bool,

    /// The MFA age limit that policies should enforce; the profile's own, then 8h, if not given
    #[arg(long, value_name = "DURATION", value_parser = time::parse_duration)]
    max_age: Option<Duration>,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs, and for --compare
    Json,
    /// For spreadsheets
    Csv,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For issues and wikis
    Markdown,
}

/// From which severity on findings count for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Never
    None,
    /// From low on
    Low,
    /// From medium on
    Medium,
    /// From high on
    High,
    /// Critical only
    Critical,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            FailOn::None => None,
            FailOn::Low => Some(Severity::Low),
            FailOn::Medium => Some(Severity::Medium),
            FailOn::High => Some(Severity::High),
            FailOn::Critical => Some(Severity::Critical),
        }
    }
}

/// The age limit where neither the command line nor a profile says one.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(8 * 3_600);

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or is of another kind, there is nobody to ask AWS as, or AWS tells nothing.
pub fn run(args: AuditArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    // Whatever is wrong with these is to be known before AWS makes a report for minutes.
    let ignores = args.ignore.as_deref().map(ignores).transpose()?;
    let earlier = args.compare.as_deref().map(earlier).transpose()?;
    let is_offline = args.credential_report.is_some() || !args.authorization_details.is_empty();
    let mut report = if is_offline {
        let inputs = offline::read(
            args.credential_report.as_deref(),
            &args.authorization_details,
        )?;
        audited(vec![Ok(inputs)], args.max_age.unwrap_or(DEFAULT_MAX_AGE))
    } else {
        let selection = args.profile.selection()?;
        let accounts = match args.accounts.as_deref() {
            Some(path) => Some(Accounts::Listed(accounts(path)?)),
            None => args.organization.then_some(Accounts::OfOrganization),
        };
        let many = args.role_name.as_deref().zip(accounts);
        let asked = asking::ask(&selection, args.max_age, many, global)?;
        let mut report = audited(asked.inputs, asked.max_age);
        report.notes.extend(asked.notes);
        report
    };
    if let (Some(ignores), Some(path)) = (&ignores, &args.ignore) {
        report.ignore(ignores, &path.display().to_string());
    }
    if let Some(earlier) = &earlier {
        report.compare(earlier);
    }
    let text = match args.format {
        Format::Table => table::render(&report, terminal::columns(), Painter::stdout()),
        Format::Json => json::render(&report),
        Format::Csv => csv::render(&report),
        Format::Sarif => sarif::render(&report),
        Format::Markdown => markdown::render(&report),
    };
    terminal::output(&text)?;
    if matches!(args.format, Format::Csv | Format::Sarif | Format::Markdown) {
        report.notes.iter().for_each(warn);
    }
    let is_bad = |limit: Severity| report.worst().is_some_and(|worst| worst >= limit);
    let has_failed = report
        .accounts
        .iter()
        .any(|account| account.audited.is_err());
    Ok(if args.fail_on.severity().is_some_and(is_bad) {
        Exit::FINDINGS
    } else if has_failed {
        // What nobody has looked at is not in order.
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// What was read of an account, or whose it would have been and why it was not.
type OfAccount = Result<crate::audit::account::Inputs, (Option<String>, String)>;

fn audited(inputs: Vec<OfAccount>, max_age: Duration) -> Report {
    let now = time::now();
    let intent = Intent {
        max_age: Some(max_age),
    };
    let accounts = inputs.into_iter().map(|inputs| match inputs {
        Ok(inputs) => {
            let account = Account::of(inputs, &intent);
            AccountReport {
                audited: Ok(Audited::of(&account, now, max_age)),
                id: account.id,
            }
        }
        Err((id, why)) => AccountReport {
            id,
            audited: Err(why),
        },
    });
    Report::of(accounts.collect(), now)
}

/// Reads `--role-name`. Source: the IAM API reference, `RoleName`; a path may stand before it.
fn role_name(text: &str) -> Result<String, String> {
    let arn = format!("arn:aws:iam::123456789012:role/{text}");
    match crate::arn::RoleArn::parse(&arn) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("it is the name of a role, as in arn:aws:iam::ACCOUNT:role/NAME".to_owned()),
    }
}

fn accounts(path: &std::path::Path) -> Result<Vec<String>, AuditError> {
    let bytes = offline::read_file(path)?;
    accounts::parse(&bytes).map_err(|source| AuditError::Accounts {
        path: path.to_owned(),
        source,
    })
}

fn ignores(path: &std::path::Path) -> Result<Ignores, AuditError> {
    let bytes = offline::read_file(path)?;
    Ignores::parse(&bytes).map_err(|source| AuditError::Ignore {
        path: path.to_owned(),
        source,
    })
}

fn earlier(path: &std::path::Path) -> Result<Earlier, AuditError> {
    let bytes = offline::read_file(path)?;
    Earlier::parse(&bytes).map_err(|source| AuditError::Earlier {
        path: path.to_owned(),
        source,
    })
}
