//! `daypass doctor`: what is wrong with a set-up, and the command that mends it.

use crate::{
    commands::ProfileArgs,
    doctor::{Inquiry, Level, Scope, Survey, examine},
    failure::{self, Exit, Failure},
    terminal::{self, Painter},
};

mod json;
mod listing;

/// Look for what is wrong with this set-up, and say what mends it
///
/// It looks at both files and their modes, at the environment, at the programs on PATH, at keychain, long-term key and
/// MFA device, at AWS's clock and policies, and runs each credential_process as AWS tools do. It changes nothing, asks
/// for no code, and unlocks no keychain.
#[derive(Debug, clap::Args)]
#[command(mut_arg("positional", |argument| argument.help("The profile; all that use MFA, if none is named")))]
#[command(after_long_help = "\
Each check ends as ok, warn (it works, and is not as it should be), fail, or as
not checked, where nobody could be asked. The exit code is 1 if any has failed.

--json prints an object with version (1; it changes when a field changes its
meaning or goes away), daypass (the version of this program), status (the worst
of all: ok, warn or fail) and findings, an array. Each finding has check,
profile (or null), status (ok, warn, fail or not-checked), what, meaning and
mend (each a text or null).

Examples:
  daypass doctor
  daypass doctor work --offline
  daypass doctor --json | jq '.findings[] | select(.status == \"fail\")'")]
pub struct DoctorArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,

    /// Ask nobody on the network
    #[arg(long)]
    offline: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no such profile, nobody can say where the files are, or stdout cannot be written.
pub fn run(args: DoctorArgs) -> Result<Exit, Failure> {
    let survey = Survey::of(args.profile.named()?)?;
    let scope = if args.offline {
        Scope::Offline
    } else {
        Scope::All
    };
    let inquiry = Inquiry::of(&survey, scope);
    let findings = examine(&survey, &inquiry, &failure::HINTS_OF_FINDINGS);
    // Nothing secret waits in memory for somebody who is slow to read.
    drop((survey, inquiry));
    let answer = if args.json {
        json::render(&findings)
    } else {
        listing::render(&findings, Painter::stdout(), terminal::stdout_width())
    };
    terminal::output(&answer)?;
    let has_failed = findings.iter().any(|finding| finding.level == Level::Fail);
    Ok(if has_failed { Exit::Failed } else { Exit::Done })
}
