//! `daypass logout`: forget cached sessions.

use crate::{
    cached_session,
    commands::ProfileArgs,
    failure::{Exit, Failure},
    profile::{Files, Lineage},
    session, terminal,
};

/// Forget the cached session; the long-term key stays
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Only sections that daypass wrote are touched. AWS keeps a session until it
expires: this takes it from this machine and does not end it.

Examples:
  daypass logout work
  daypass logout --all")]
pub struct LogoutArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Forget the sessions of all profiles
    #[arg(long, conflicts_with_all = ["positional", "profile"])]
    all: bool,
}

/// Runs the command.
///
/// # Errors
/// When the profile is not known or the credentials file cannot be written.
pub fn run(args: LogoutArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let files = Files::read()?;
    let file = files.credentials.file.clone();
    if args.all {
        let sections: Vec<String> = files
            .credentials
            .document
            .profile_names()
            .into_iter()
            .map(|name| name.into_owned())
            .collect();
        drop(files);
        let (forgotten, edited) = cached_session::forget(&file, &sections)?;
        session::report(&edited);
        terminal::output(&match forgotten.as_slice() {
            [] => "there was no session\n".to_owned(),
            sections => format!("forgotten: {}\n", sections.join(", ")),
        })?;
        return Ok(Exit::Done);
    }
    let lineage = Lineage::of(&files, &selection)?;
    drop(files);
    let name = lineage.session_profile().to_owned();
    let (forgotten, edited) = cached_session::forget(&file, &[lineage.session_section])?;
    session::report(&edited);
    terminal::output(&if forgotten.is_empty() {
        format!("{name}: there was no session\n")
    } else {
        format!("{name}: session forgotten\n")
    })?;
    Ok(Exit::Done)
}
