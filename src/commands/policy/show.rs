//! `daypass policy show`: print a policy that enforces MFA.

use std::time::Duration;

use super::max_age;
use crate::{
    failure::{Exit, Failure},
    policy::{
        rendering::Wanted,
        templates::{self, Kind},
    },
    terminal,
};

/// Print a policy that enforces MFA and its age
///
/// Attached to a group, it denies its members everything without MFA, and with MFA that is older than
/// --max-age, whatever else they are allowed. What it cannot prevent is said on stderr, or in comments.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass policy show > mfa.json
  daypass policy show --kind self-service --max-age 12h
  daypass policy show --format terraform > mfa.tf
  daypass policy show | daypass policy check -")]
pub struct ShowArgs {
    /// How long MFA counts, 15m to 36h
    #[arg(long, value_name = "DURATION", default_value = "8h", value_parser = max_age)]
    max_age: Duration,

    /// What is left to those who have no MFA device yet
    #[arg(long, default_value = "strict")]
    kind: Kind,

    /// What to write
    #[arg(long, default_value = "json")]
    format: ShowFormat,

    /// Which part of AWS it is for
    #[arg(long, default_value = "aws")]
    partition: Partition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ShowFormat {
    /// The policy document, as IAM takes it.
    Json,
    /// A module of Terraform's, with the policy on a group.
    Terraform,
    /// A template of CloudFormation's, with the policy on a group.
    Cloudformation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Partition {
    /// The commercial regions.
    Aws,
    /// China.
    AwsCn,
    /// GovCloud (US).
    AwsUsGov,
}

impl Partition {
    fn name(self) -> &'static str {
        match self {
            Partition::Aws => "aws",
            Partition::AwsCn => "aws-cn",
            Partition::AwsUsGov => "aws-us-gov",
        }
    }
}

pub(super) fn run(args: ShowArgs) -> Result<Exit, Failure> {
    let wanted = Wanted {
        kind: args.kind,
        max_age: args.max_age,
        partition: args.partition.name(),
    };
    let text = match args.format {
        ShowFormat::Json => wanted.json(),
        ShowFormat::Terraform => wanted.terraform(),
        ShowFormat::Cloudformation => wanted.cloudformation(),
    };
    terminal::output(&text)?;
    if args.format == ShowFormat::Json {
        // JSON has no comments.
        for open in templates::left_open(args.kind) {
            terminal::remark(&format!("daypass: note: {open}\n"));
        }
    }
    Ok(Exit::Done)
}
