//! `daypass logout`: forget cached sessions.

use crate::{
    cached_session,
    commands::ProfileArgs,
    failure::{Exit, Failure},
    profile::{self, Files, Lineage, Overrides, Profile, Selection, SessionStore},
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

    /// Where the session is kept; daypass_session_store of the profile, then 'file', if not given
    #[arg(long, value_name = "STORE")]
    session_store: Option<SessionStore>,
}

/// Runs the command.
///
/// # Errors
/// When the profile is not known or the credentials file cannot be written.
pub fn run(args: LogoutArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let files = Files::read()?;
    let file = files.credentials.file.clone();
    let overrides = Overrides {
        session_store: args.session_store,
        ..Overrides::default()
    };
    if args.all {
        let sections: Vec<String> = files
            .credentials
            .document
            .profile_names()
            .into_iter()
            .map(|name| name.into_owned())
            .collect();
        let (mut forgotten, edited) = cached_session::forget(&file, &sections)?;
        session::report(&edited);
        for name in files.profile_names() {
            let selection = Selection::from_arguments(Some(name));
            // A profile that cannot be resolved has no session in a keychain.
            if let Ok(profile) = profile::resolve(&files, &selection, &overrides)
                && profile.role_arn.is_none()
                && forget_in_keychain(&profile)?
            {
                forgotten.push(profile.session_section);
            }
        }
        drop(files);
        terminal::output(&match forgotten.as_slice() {
            [] => "there was no session\n".to_owned(),
            sections => format!("forgotten: {}\n", sections.join(", ")),
        })?;
        return Ok(Exit::Done);
    }
    let lineage = Lineage::of(&files, &selection)?;
    let name = lineage.session_profile().to_owned();
    let (forgotten, edited) = cached_session::forget(&file, &[lineage.session_section])?;
    session::report(&edited);
    let in_keychain = match profile::resolve(&files, &selection, &overrides) {
        Ok(profile) => forget_in_keychain(&profile)?,
        Err(_) => false,
    };
    drop(files);
    terminal::output(&if forgotten.is_empty() && !in_keychain {
        format!("{name}: there was no session\n")
    } else {
        format!("{name}: session forgotten\n")
    })?;
    Ok(Exit::Done)
}

/// Forgets the session that a profile keeps in the keychain, if it keeps it there.
fn forget_in_keychain(profile: &Profile) -> Result<bool, Failure> {
    if profile.session_store == SessionStore::File {
        return Ok(false);
    }
    Ok(cached_session::forget_in_keychain(profile)?)
}
