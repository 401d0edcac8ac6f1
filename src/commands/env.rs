//! `daypass env`: the session as commands of a shell.

use std::env;

use crate::{
    commands::{GlobalArgs, ProfileArgs, warn_if_unsaved},
    failure::{self, Exit, Failure},
    profile::{self, Files, Overrides},
    profile_credentials,
    session::{Request, Wants},
    session_variables::{self, Format, SessionVariables},
    terminal,
};

/// Print the session as environment variables, for a shell or a program that reads nothing else
///
/// Most tools need none of this: they get the session through the profile's credential_process, and a new
/// one when it ends. What is set by this ends with the session. AWS_PROFILE and its kin are unset, where
/// the format can say so, since tools would otherwise use that profile, and AWS_ACCOUNT_ID, since it may be
/// another account's.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  eval \"$(daypass env work)\"
  eval \"$(daypass env --unset)\"
  daypass env work --format fish | source
  daypass env work --format powershell | Out-String | Invoke-Expression
  daypass env work --format nushell | from nuon | load-env
  hide-env --ignore-errors ...(daypass env --unset --format nushell | from nuon)
  docker run --env-file <(daypass env work --format dotenv) \\
    amazon/aws-cli sts get-caller-identity

nushell's load-env and dotenv files unset nothing: what tools would prefer to
the session has to go first. In nushell:
  hide-env --ignore-errors AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ACCOUNT_ID
  hide-env --ignore-errors AWS_SECURITY_TOKEN AWS_SESSION_EXPIRATION")]
pub struct EnvArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Whose syntax; that of the shell in SHELL, if not given
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Unset the variables again; needs no profile
    #[arg(long)]
    unset: bool,
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps the profile from having a session; stdout is then empty.
pub fn run(args: EnvArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let format = args.format.unwrap_or_else(|| {
        Format::of_shell(&env::var_os("SHELL").unwrap_or_default().to_string_lossy())
    });
    if args.unset {
        let text = session_variables::render_unset(format).map_err(Failure::Variables)?;
        terminal::output(&text)?;
        return Ok(Exit::Done);
    }
    let selection = args.profile.selection()?;
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let request = Request::new(Wants::Good, !global.no_prompt);
    let obtained = profile_credentials::obtain(&mut files, &profile, &request, failure::tell)?;
    warn_if_unsaved(obtained.unsaved.as_ref());
    let variables = SessionVariables::of(&obtained.credentials, &profile.region);
    let text = variables.render(format).map_err(Failure::Variables)?;
    // Nothing else that is secret waits in memory for a caller that is slow to read.
    drop((files, obtained, variables));
    terminal::output(&text)?;
    Ok(Exit::Done)
}
