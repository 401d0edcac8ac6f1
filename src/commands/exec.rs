//! `daypass exec`: a command, or a shell, with the session in its environment.

mod server;

use std::{
    env,
    ffi::OsString,
    io::{self, IsTerminal},
    process::ExitCode,
    time::Duration,
};

use clap::ValueHint;

use crate::{
    commands::{GlobalArgs, ProfileArgs, warn_if_unsaved},
    environment,
    failure::{self, Failure},
    handover::{self, Command, Environment, HandoverError, changed_environment},
    profile::{self, Files, Overrides, Profile, ProfileError, SessionDuration},
    profile_credentials,
    session::{Request, SessionError, Wants},
    session_variables::{CONFLICTING, SessionVariables},
    terminal::{remark_sentences, warn},
    time::{self, Timestamp},
};

/// Run a command with the session in its environment; without a command, a shell
///
/// For programs that know nothing of profiles. The command takes daypass's place: its exit status, its
/// signals and its terminal are its own. AWS_PROFILE and its kin are taken out of its environment, since
/// tools would otherwise use that profile. What it is given ends with the session.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass exec work -- terraform plan
  daypass exec work --min-ttl 2h -- ./nightly.sh
  daypass exec work --server -- ./runs-for-days.sh
  daypass exec work            a shell; 'exit' leaves it

Exit codes: the command's own; 127 if there is no such command, and 126 if it
cannot be executed.")]
pub struct ExecArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// How long the session has to be good for at least, up to 36h; with less left it is renewed first
    #[arg(long, visible_alias = "duration", value_name = "TTL", value_parser = min_ttl)]
    min_ttl: Option<Duration>,

    /// Serve credentials to the command for as long as it runs, and renew them
    ///
    /// The command gets the address of an endpoint on 127.0.0.1 and its token instead of the session; AWS
    /// SDKs ask it again before their credentials end. When a renewal needs a code, it is asked for on the
    /// terminal while the old session is still served. --min-ttl is about the beginning: so much is left
    /// when the command starts.
    #[arg(long)]
    server: bool,

    /// The command and its arguments, after '--'
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

/// What obtaining a session and starting a command may take of its time.
const LEEWAY: Duration = Duration::from_secs(60);

/// Reads `--min-ttl`.
fn min_ttl(text: &str) -> Result<Duration, String> {
    let duration = time::parse_duration(text).map_err(|error| error.to_string())?;
    if duration > SessionDuration::LONGEST {
        return Err("AWS gives sessions of 36h at most".to_owned());
    }
    Ok(duration)
}

/// Runs the command. On Unix it returns only if it fails.
///
/// # Errors
/// Anything that keeps the profile from having credentials, or the command from being started.
pub fn run(args: ExecArgs, global: &GlobalArgs) -> Result<ExitCode, Failure> {
    let selection = args.profile.selection()?;
    let mut files = Files::read()?;
    let is_shell = args.command.is_empty();
    let mut profile = profile::resolve(&files, &selection, &Overrides::default())
        .map_err(|error| unusable(error, is_shell))?;
    let command = if is_shell {
        shell(&profile)?
    } else {
        Command::find(args.command)?
    };
    let at_least = args.min_ttl.unwrap_or_default();
    let usual = profile.duration;
    make_room_for(at_least, &files, &mut profile)?;
    let request = Request {
        at_least,
        ..Request::new(Wants::Best, !global.no_prompt)
    };
    let obtained = profile_credentials::obtain(&mut files, &profile, &request, failure::tell)
        .map_err(|error| not_long_enough(error, at_least, usual))?;
    warn_if_unsaved(obtained.unsaved.as_ref());
    let expiration = obtained.credentials.expiration;
    assert_long_enough(&profile, at_least, expiration)?;
    if is_shell {
        announce_shell(&profile, expiration, args.server);
    }
    let mark = is_shell.then(|| profile.name.clone());
    if args.server {
        return server::run(&command, files, profile, obtained, mark.as_deref(), global);
    }
    let variables = SessionVariables::of(&obtained.credentials, &profile.region);
    let environment = {
        let mut set = variables.pairs();
        set.extend(
            mark.as_deref()
                .map(|mark| (environment::SHELL_PROFILE, mark)),
        );
        changed_environment(&set, &unset(&profile))
    };
    drop((files, obtained, variables));
    hand_over(&command, environment)
}

/// What to say of a profile that cannot be used: `exec ls` means a command.
fn unusable(error: ProfileError, is_shell: bool) -> Failure {
    match error {
        ProfileError::Unknown { name, near, .. }
            if is_shell && near.is_empty() && handover::is_command(name.as_ref()) =>
        {
            HandoverError::NoProfile { name }.into()
        }
        error => error.into(),
    }
}

/// What a command may not find: what AWS tools prefer to the session, and the mark of a shell around this
/// one with another profile's, which would lie.
fn unset(profile: &Profile) -> Vec<&'static str> {
    let mut names = CONFLICTING.to_vec();
    if environment::shell_profile().is_some_and(|marked| marked != profile.name) {
        names.push(environment::SHELL_PROFILE);
    }
    names
}

#[cfg(unix)]
fn hand_over(command: &Command, environment: Environment) -> Result<ExitCode, Failure> {
    Err(command.replace_this_process(&environment).into())
}

#[cfg(not(unix))]
fn hand_over(command: &Command, environment: Environment) -> Result<ExitCode, Failure> {
    Ok(command.run(&environment)?.into())
}

/// The interactive shell of whoever sits at the terminal.
fn shell(profile: &Profile) -> Result<Command, Failure> {
    if !io::stdin().is_terminal() {
        return Err(HandoverError::NoTerminal {
            profile: profile.name.clone(),
        }
        .into());
    }
    let (variable, otherwise) = if cfg!(windows) {
        ("COMSPEC", "cmd.exe")
    } else {
        ("SHELL", "/bin/sh")
    };
    let named = env::var_os(variable).filter(|shell| !shell.is_empty());
    Ok(Command::find(vec![
        named.unwrap_or_else(|| otherwise.into()),
    ])?)
}

/// Says what the next prompt is about.
fn announce_shell(profile: &Profile, expiration: Timestamp, is_served: bool) {
    let name = &profile.name;
    if let Some(outer) = environment::shell_profile() {
        warn(format_args!(
            "this is already a shell with the session of {outer}; the shell for {name} is inside of it, and \
             'exit' leads back"
        ));
    }
    let now = time::now();
    let until = time::render_local(expiration, now);
    let left = time::render_span(expiration - now);
    let what = if is_served {
        format!("a shell that is served with the session of {name} for as long as it runs")
    } else {
        format!("a shell with the session of {name}, good until {until} ({left} left)")
    };
    remark_sentences(&format!("daypass: {what}; 'exit' leaves it\n"));
}

/// Lets the next session be long enough, if any can be.
fn make_room_for(
    at_least: Duration,
    files: &Files,
    profile: &mut Profile,
) -> Result<(), HandoverError> {
    if at_least > profile.mfa_age_limit {
        return Err(HandoverError::LongerThanAgeLimit {
            profile: profile.name.clone(),
            wanted: at_least,
            limit: profile.mfa_age_limit,
            place: profile::place_of_age_limit(files, profile),
        });
    }
    if at_least > profile.duration {
        profile.duration = (at_least + LEEWAY).min(SessionDuration::LONGEST);
    }
    Ok(())
}

/// What to say when nobody can be asked for a session that lasts longer: `login` would leave the one
/// there is alone.
fn not_long_enough(error: SessionError, at_least: Duration, usual: Duration) -> Failure {
    match error {
        SessionError::NobodyToAsk { profile } if !at_least.is_zero() => {
            HandoverError::NobodyToAsk {
                profile,
                wanted: at_least,
                is_longer_than_usual: at_least > usual,
            }
            .into()
        }
        error => error.into(),
    }
}

/// AWS cuts the sessions of the root user to an hour, whatever was asked for.
fn assert_long_enough(
    profile: &Profile,
    at_least: Duration,
    expiration: Timestamp,
) -> Result<(), HandoverError> {
    let given = (expiration - time::now()).to_std().unwrap_or_default();
    if given + LEEWAY >= at_least {
        return Ok(());
    }
    Err(HandoverError::ShorterThanWanted {
        profile: profile.name.clone(),
        wanted: at_least,
        given,
    })
}
