//! `daypass policy`: policies that enforce MFA, written and proved.

use std::time::Duration;

use crate::{
    commands::GlobalArgs,
    failure::{Exit, Failure},
    profile::SessionDuration,
};

mod apply;
mod check;
mod files;
mod findings;
mod json;
mod show;
mod table;

/// Write a policy that enforces MFA, see what a policy enforces, or attach one to a group
///
/// show and check work on files alone: they need no profile, no key and no network.
#[derive(Debug, clap::Args)]
#[command(disable_help_subcommand = true)]
#[command(after_long_help = "\
Examples:
  daypass policy show --max-age 8h > mfa.json
  daypass policy check mfa.json
  terraform show -json plan | daypass policy check -
  daypass policy apply work --group developers")]
pub struct PolicyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Show(show::ShowArgs),
    Check(check::CheckArgs),
    Apply(apply::ApplyArgs),
}

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or understood, or a policy is not attached.
pub fn run(args: PolicyArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Show(args) => show::run(args),
        Action::Check(args) => check::run(args),
        Action::Apply(args) => apply::run(args, global),
    }
}

/// An MFA age limit: as long as a session can be.
fn max_age(text: &str) -> Result<Duration, String> {
    SessionDuration::parse(text)
        .map(SessionDuration::get)
        .map_err(|error| error.to_string())
}
