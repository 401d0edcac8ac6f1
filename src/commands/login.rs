//! `daypass login`: make sure that the session is fresh.

use crate::{
    commands::{GlobalArgs, ProfileArgs, given_code, serial, warn_of_key_in_environment},
    failure::{self, Exit, Failure},
    mfa::source::{GivenCode, SourceName},
    profile::{self, Files, Overrides, SessionDuration, SessionStore},
    serial::Serial,
    session::{self, Request, Wants},
    terminal::{self, Painter, Style, warn},
    time,
};

/// Log in: get a session with an MFA code, unless there is a fresh one
///
/// Takes the code from --code, from the profile's mfa_process, from a TOTP seed in the keychain, from the
/// terminal, or through pinentry, in this order.
/// A fresh session is left alone; in the last 20 minutes before its end it is renewed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass login work
  daypass login work --code 123456
  ykman oath accounts code -s aws | daypass login work --code -
  daypass login work --force --duration 12h")]
pub struct LoginArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// The six digits; '-' reads them from stdin
    #[arg(long, value_name = "CODE", value_parser = given_code)]
    code: Option<GivenCode>,

    /// How long the session lasts, from 15m to 36h; duration_seconds of the profile, then 8h, if not given
    #[arg(long, value_name = "DURATION", value_parser = SessionDuration::parse)]
    duration: Option<SessionDuration>,

    /// The MFA device to use instead of the profile's: its ARN, or the serial number of a hardware device
    #[arg(long, value_name = "ARN", value_parser = serial)]
    serial: Option<Serial>,

    /// Where the code must come from; unless given: mfa_process, seed, terminal, pinentry, in this order
    #[arg(long, value_name = "SOURCE", conflicts_with = "code")]
    code_source: Option<SourceName>,

    /// Where the session is kept; daypass_session_store of the profile, then 'file', if not given
    #[arg(long, value_name = "STORE")]
    session_store: Option<SessionStore>,

    /// Renew the session even if it is fresh
    #[arg(long)]
    force: bool,
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps the profile from having a fresh session.
pub fn run(args: LoginArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let mut files = Files::read()?;
    let named_serial = args.serial.clone();
    let overrides = Overrides {
        serial: args.serial,
        duration: args.duration,
        code_source: args.code_source,
        session_store: args.session_store,
    };
    let profile = profile::resolve(&files, &selection, &overrides)?;
    let request = Request {
        given: args.code,
        force: args.force,
        ..Request::new(Wants::Fresh, !global.no_prompt)
    };
    let with_duration = overrides.duration.is_some();
    let obtained = session::obtain(&mut files, &profile, &request, failure::tell)?;

    if let Some(error) = obtained.unsaved {
        return Err(Failure::Unsaved(error));
    }
    let expiry = obtained.session.effective_expiry(profile.mfa_age_limit);
    let now = time::now();
    let paint = Painter::stdout();
    let what = if obtained.renewed {
        paint.paint(Style::Green, "logged in")
    } else {
        paint.paint(Style::Green, "already logged in")
    };
    // Somebody who asked for twelve hours wonders why it says eight.
    let limited = if expiry < obtained.session.credentials.expiration {
        ", the MFA age limit"
    } else {
        ""
    };
    let whose = if profile.name == profile.session_profile {
        profile.name.clone()
    } else {
        format!("{} (session of {})", profile.name, profile.session_profile)
    };
    let answer = format!(
        "{whose}: {what} until {} ({} left{limited})\n",
        time::render_local(expiry, now),
        time::render_span(expiry - now),
    );
    let mut warnings = Vec::new();
    warnings.extend(files.unused_session(&profile));
    if with_duration && !obtained.renewed {
        let text = "the session is fresh, so it keeps its duration; --force renews it";
        warnings.push(text.to_owned());
    }
    warnings.extend(named_serial.and_then(|used| other_device(&files, &profile.name, &used)));
    // Nothing secret waits in memory for somebody who is slow to read.
    drop((files, obtained, request));
    terminal::output(&answer)?;
    warnings.iter().for_each(warn);
    warn_of_key_in_environment();
    Ok(Exit::Done)
}

/// What to say of a session for another device than the profile's: it counts as absent the next time.
fn other_device(files: &Files, name: &str, used: &Serial) -> Option<String> {
    let selection = profile::Selection::from_arguments(Some(name.to_owned()));
    let profile = profile::resolve(files, &selection, &Overrides::default()).ok()?;
    let named = profile.mfa_serial.filter(|named| named != used)?;
    Some(format!(
        "profile '{name}' names the device {named}: commands without --serial take no notice of this session; to \
         change the profile: daypass setup {} --serial {used}",
        failure::word(&profile.session_profile)
    ))
}
