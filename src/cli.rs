//! The command line: the tree of commands and the dispatch, nothing else.

use std::{ffi::OsString, process::ExitCode};

use clap::{
    CommandFactory, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};

use crate::{
    commands::{
        GlobalArgs, audit, completions, console, credential_process, devices, doctor, enroll, env,
        exec, login, logout, policy, rotate, setup, status, totp,
    },
    failure::Failure,
    handover, hardening, terminal,
};

mod typed;

pub use typed::Typed;

/// One MFA code in the morning, and every AWS tool works until you go home.
///
/// daypass gets an AWS session with your MFA code once a day, keeps it in ~/.aws/credentials, and
/// hands it to the AWS CLI and every SDK until your company's MFA age limit (8 hours unless
/// configured).
#[derive(Debug, Parser)]
#[command(
    name = "daypass",
    version,
    max_term_width = 80,
    after_help = "\
The first day:
  daypass setup work           asks for your access key and your MFA device
  aws s3 ls --profile work     or any other AWS tool
daypass --help says what comes after that.",
    after_long_help = "\
The first day ('work' is a name of your choosing):
  daypass setup work           asks for your access key and your MFA device
  daypass enroll work          makes an MFA device, if you have none yet
  aws s3 ls --profile work     or any other AWS tool

Every other day:
  daypass login work           asks for a code
  daypass status               shows until when it is good

When something is wrong:
  daypass doctor               says what, and the command that mends it

What setup writes, for those who prefer an editor or want to take it back:
  ~/.aws/credentials
       [work-long-term]        unless the secret is in a keychain
       aws_access_key_id      = AKIA...
       aws_secret_access_key  = ...
  ~/.aws/config
       [profile work]
       region                 = eu-west-1
       mfa_serial             = arn:aws:iam::123456789012:mfa/ada
       credential_process     = /full/path/to/daypass credential-process work

Settings of [profile work], all optional:
  duration_seconds           what to ask AWS for, 900 to 129600 (28800)
  daypass_mfa_age_limit      MFA age from which the policy denies all (8h)
  mfa_process                a command that prints a code
  daypass_totp               'keychain': the TOTP seed is there (see totp add)
  daypass_code_source        the only source: mfa-process, seed, terminal or
                             pinentry
  daypass_access_key_id      the access key whose secret is in the keychain
  daypass_keychain           which keychain: system or pass (system)
  daypass_session_store      where the session is kept: file or keychain (file)
  daypass_session_section    the section with the session (work-mfa)
  daypass_long_term_section  the section with the access key (work-long-term)

A profile for a role, assumed with the session of work and without a code:
  [profile prod]
  role_arn                   the role: arn:aws:iam::210987654321:role/Admin
  source_profile             work, or another profile with a role

Settings of a profile for a role, all optional:
  region                     for AWS tools, and where the role is assumed
  mfa_serial                 the device, if not that of work
  duration_seconds           900 to 43200 (3600); cut to an hour, as AWS does
                             for roles that are assumed with a session
  external_id                what the role's owner has told you to send
  role_session_name          what logs show (the name of the MFA device)
  session_tags               KEY=VALUE,KEY=VALUE
  transitive_session_tags    KEY,KEY: the tags for the next role in a chain too
  source_identity            who you are, for a whole chain of roles
  sts_regional_endpoints     regional or legacy (regional)
  endpoint_url, services     where AWS is asked, as for other AWS tools
  daypass_session_section    the section with the session of the role (prod-mfa)
What else begins with daypass_ belongs in [profile work].

Exit codes:
   0  done
   1  failed
   2  wrong usage
   3  a code is needed and nobody can be asked
   4  AWS refused
   5  network
  10  no valid session (status --check), MFA is not enforced (policy check), or
      findings (audit)
exec passes on the status of its command; 127 if there is none of that name,
126 if it cannot be executed."
)]
pub struct CommandLine {
    #[command(flatten)]
    global: GlobalArgs,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Setup(Box<setup::SetupArgs>),
    Login(login::LoginArgs),
    Status(status::StatusArgs),
    Exec(exec::ExecArgs),
    Env(env::EnvArgs),
    Console(console::ConsoleArgs),
    Logout(logout::LogoutArgs),
    CredentialProcess(credential_process::CredentialProcessArgs),
    Enroll(enroll::EnrollArgs),
    Devices(devices::DevicesArgs),
    Rotate(rotate::RotateArgs),
    Totp(totp::TotpArgs),
    Policy(policy::PolicyArgs),
    Audit(Box<audit::AuditArgs>),
    Doctor(doctor::DoctorArgs),
    Completions(completions::CompletionsArgs),
}

/// One command without the rest of the tree.
///
/// `credential-process` runs before every AWS command of every user, and shells run `status --short` for
/// each prompt. Building the whole tree costs more than all the rest of their work on a cached session.
#[derive(Debug, Parser)]
#[command(disable_help_flag = true)]
struct Alone<A: clap::Args> {
    #[command(flatten)]
    global: GlobalArgs,

    #[command(flatten)]
    args: A,
}

impl<A: clap::Args> Alone<A> {
    fn parse(arguments: &[OsString], command: fn(A) -> Command) -> Option<CommandLine> {
        let Alone { global, args } = Self::try_parse_from(arguments).ok()?;
        Some(CommandLine {
            global,
            command: command(args),
        })
    }
}

/// The tree of commands, for completions and man pages.
pub fn command() -> clap::Command {
    CommandLine::command()
}

/// Parses the command line, runs the command, tells its failure.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    hardening::protect_memory();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match parse(&arguments).and_then(run) {
        Ok(exit) => exit,
        Err(failure) => {
            terminal::remark(&failure.render(Typed::of(&arguments)));
            failure.exit().into()
        }
    }
}

fn parse(arguments: &[OsString]) -> Result<CommandLine, Failure> {
    if let Some(line) = parse_alone(arguments) {
        return Ok(line);
    }
    CommandLine::try_parse_from(arguments).map_err(|error| {
        let meant = with_separator(arguments, &error);
        meant.map_or(Failure::CommandLine(error), Failure::from)
    })
}

/// Parses the line of a command that has to start fast. Whatever this does not understand, help and mistakes
/// for two, is the whole tree's to answer.
fn parse_alone(arguments: &[OsString]) -> Option<CommandLine> {
    let arguments = arguments.get(1..)?;
    match arguments.first()?.to_str()? {
        "credential-process" => Alone::parse(arguments, Command::CredentialProcess),
        "status" => Alone::parse(arguments, Command::Status),
        "env" => Alone::parse(arguments, Command::Env),
        _ => None,
    }
}

/// What to say of a command that `exec` is given without a `--` before it.
fn with_separator(arguments: &[OsString], error: &clap::Error) -> Option<handover::HandoverError> {
    let is_a_slip = error.get(ContextKind::SuggestedArg).is_some();
    if error.kind() != ErrorKind::UnknownArgument || is_a_slip {
        return None;
    }
    let word = error.get(ContextKind::InvalidArg)?.to_string();
    let separated = |at: usize| {
        let mut line = arguments.to_vec();
        line.insert(at, "--".into());
        let meant = CommandLine::try_parse_from(&line).ok()?;
        matches!(meant.command, Command::Exec(_)).then_some(line)
    };
    let at = (2..arguments.len())
        // Of several such words, the earlier ones were understood.
        .rev()
        .filter(|at| arguments[*at].to_string_lossy().starts_with(&word))
        .find(|at| separated(*at).is_some())?;
    // In `exec aws s3` the first word is no profile.
    let is_command = |at: usize| handover::is_command(&arguments[at]);
    let before = Some(at - 1).filter(|before| is_command(*before) && !is_command(at));
    // No command is called like an option, so that is an option which `exec` does not have.
    let is_option = arguments[at].to_string_lossy().starts_with('-');
    let line = match before.and_then(separated) {
        None if is_option => return None,
        None => separated(at)?,
        Some(line) => line,
    };
    Some(handover::HandoverError::no_separator(&line))
}

fn run(command_line: CommandLine) -> Result<ExitCode, Failure> {
    let CommandLine { global, command } = command_line;
    terminal::configure(global.color, global.verbose);
    let exit = match command {
        Command::Setup(args) => setup::run(*args, &global),
        Command::Login(args) => login::run(args, &global),
        Command::Status(args) => status::run(args),
        Command::CredentialProcess(args) => credential_process::run(args, &global),
        // The status is that of whatever it runs.
        Command::Exec(args) => return exec::run(args, &global),
        Command::Env(args) => env::run(args, &global),
        Command::Console(args) => console::run(args, &global),
        Command::Logout(args) => logout::run(args),
        Command::Totp(args) => totp::run(args, &global),
        Command::Devices(args) => devices::run(args, &global),
        Command::Enroll(args) => enroll::run(args, &global),
        Command::Rotate(args) => rotate::run(args, &global),
        Command::Policy(args) => policy::run(args, &global),
        Command::Doctor(args) => doctor::run(args),
        Command::Completions(args) => completions::run(&args),
        Command::Audit(args) => audit::run(*args, &global),
    };
    exit.map(ExitCode::from)
}
