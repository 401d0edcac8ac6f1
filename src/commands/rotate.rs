//! `daypass rotate`: replace the long-term key without ever being without a working one.

use std::time::Duration;

use crate::{
    aws::iam::access_keys::ListedKey,
    commands::{
        GlobalArgs, ProfileArgs, confirm, given_code, somebody_to_ask, warn_of_key_in_environment,
    },
    failure::{self, Exit, Failure},
    iam_caller::IamCaller,
    mfa::source::GivenCode,
    profile::{self, Files, Overrides, Profile},
    rotation::{
        RotationError,
        plan::Next,
        run::{OldKey, Rotated},
        survey::{self, LastUse, Place, Rotation},
    },
    session::{Request, Wants},
    terminal::{self, Painter, Style, warn},
    time::{self, Timestamp},
};

/// How long the session has to be good for at least: as long as a rotation may take, and longer.
const TAKES_AT_MOST: Duration = Duration::from_secs(300);

/// Replace the long-term key by a new one
///
/// Makes a new access key, stores it, waits until AWS takes it, puts it in the place of the old one, deactivates
/// that, tries the new one again and deletes the old one. At every moment a working key is stored: after a run
/// that was killed, the next one goes on where it ended. Where the profile has an MFA device it logs in first,
/// since companies deny all this without MFA. Sessions stay as they are.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Other profiles and sections of the two files that have the same key get the
new one too. Other machines that have it do not: give them one of their own
first, or use --keep-old.

AWS allows two keys per user. Where there are two, rotate shows both and asks
whether to delete the one that is not the profile's; with --yes it has to be
named.

Examples:
  daypass rotate work
  daypass rotate work --yes --code 123456
  daypass rotate work --keep-old
  daypass rotate work --yes --replace-key AKIA...")]
pub struct RotateArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// The six digits for the login, if it takes one; '-' reads them from stdin
    #[arg(long, value_name = "CODE", value_parser = given_code)]
    code: Option<GivenCode>,

    /// Leave the old key at AWS, deactivated, instead of deleting it
    #[arg(long)]
    keep_old: bool,

    /// Delete this key to make room for the new one, where the user has two
    #[arg(long, value_name = "ID")]
    replace_key: Option<String>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps the key from being replaced. A working one is stored all the same.
pub fn run(args: RotateArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.clone().selection()?;
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    if !args.yes {
        // No code is spent for what cannot be agreed to.
        let question = format!("replace the access key of profile '{}'?", profile.name);
        somebody_to_ask(&question, global)?;
    }
    survey::adopt_sessions(&mut files, &profile)?;
    let request = Request {
        given: args.code.clone(),
        at_least: TAKES_AT_MOST,
        ..Request::new(Wants::Best, !global.no_prompt)
    };
    let caller = IamCaller::of(&mut files, &profile, &request, failure::tell)?;
    // Not while another one is at it.
    let mut turn = match survey::take_turn(&mut files, &profile)? {
        Place::InTurn(turn) => turn,
        Place::DoneByAnother(new) => return done_by_another(&profile, &new),
    };
    let rotation = Rotation::survey(&files, &profile, caller)?;
    if let Some(created) = rotation.created() {
        // Whatever comes of the rotation: `status` asks nobody for it.
        turn.remember(|memory| memory.add_key_sighting(created));
    }
    terminal::output_sentences(&describe(&rotation, &files))?;
    let question = question(&rotation, &files, &profile, &args)?;
    let turn = if args.yes {
        turn
    } else {
        // Tools need not wait for an answer.
        drop(turn);
        confirm(&question, args.yes, global)?;
        match survey::take_turn(&mut files, &profile)? {
            Place::InTurn(turn) => turn,
            Place::DoneByAnother(new) => return done_by_another(&profile, &new),
        }
    };
    let rotated = rotation.carry_out(&mut files, args.keep_old, turn)?;
    drop((files, request));
    tell(&rotated, &profile)?;
    warn_of_key_in_environment();
    Ok(Exit::Done)
}

fn done_by_another(profile: &Profile, new: &str) -> Result<Exit, Failure> {
    terminal::output_sentences(&format!(
        "{}: another daypass has just replaced the key: it is {new} now\n",
        profile.name
    ))?;
    Ok(Exit::Done)
}

/// What is there: the key, its age, and where it is.
fn describe(rotation: &Rotation, files: &Files) -> String {
    let current = rotation.current();
    let created = rotation.created();
    let mut text = format!(
        "Access key  {current} of {}{}\nIts secret  in {}\n",
        rotation.identity,
        created.map_or(String::new(), |created| format!(", {}", made(created))),
        rotation.kept_in(files)
    );
    let others = rotation.others_with(files, current);
    if !others.is_empty() {
        text += &format!("Also in     {}\n", others.join(", "));
    }
    if let Next::MakeRoom { other, is_younger } = &rotation.next {
        text += &format!(
            "\nThere are two access keys of {}, and AWS allows no third:\n",
            rotation.identity
        );
        let mut is_unused = false;
        for key in &rotation.listed {
            let last = rotation.last_use(&key.access_key_id);
            let is_other = key.access_key_id == other.access_key_id;
            is_unused |= is_other && last == LastUse::Never;
            let whose = if is_other { "" } else { "  (this profile's)" };
            text += &format!("  {}{whose}\n", row(key, last));
        }
        if *is_younger && is_unused {
            text += &format!(
                "Nobody has used {}, which is younger than the profile's: a rotation whose answer was lost leaves \
                 such a key behind, and then nobody has its secret.\n",
                other.access_key_id
            );
        }
        let users = rotation.others_with(files, &other.access_key_id);
        if !users.is_empty() {
            text += &format!(
                "{} is the key of {}.\n",
                other.access_key_id,
                users.join(", ")
            );
        }
        text.push('\n');
    }
    text
}

fn row(key: &ListedKey, last: LastUse) -> String {
    let made = key
        .created
        .map_or("made at an unknown time".to_owned(), made);
    let state = if key.is_active { "active" } else { "inactive" };
    let used = match last {
        LastUse::At(moment) => format!("last used {}", ago(moment)),
        LastUse::Never => "never used".to_owned(),
        LastUse::Unknown => "last use unknown".to_owned(),
    };
    format!("{}  {made}, {state}, {used}", key.access_key_id)
}

fn made(created: Timestamp) -> String {
    format!("made {}", ago(created))
}

/// `2026-01-02, 324 days ago`.
fn ago(moment: Timestamp) -> String {
    let days = (time::now() - moment).num_days();
    let date = moment.format("%Y-%m-%d");
    match days {
        ..1 => format!("{date}, less than a day ago"),
        1 => format!("{date}, 1 day ago"),
        days => format!("{date}, {days} days ago"),
    }
}

/// What is to be agreed to.
fn question(
    rotation: &Rotation,
    files: &Files,
    profile: &Profile,
    args: &RotateArgs,
) -> Result<String, Failure> {
    let (current, name) = (rotation.current(), &profile.name);
    let end = if args.keep_old {
        "deactivated"
    } else {
        "deleted"
    };
    let user = || rotation.identity.to_string();
    let begin =
        format!("replace {current} by a new access key? Once that works, the old one is {end}");
    let other = match &rotation.next {
        Next::Begin => None,
        Next::MakeRoom { other, .. } => Some(other.access_key_id.as_str()),
        Next::NotListed => {
            return Err(RotationError::NotListed {
                access_key_id: current.to_owned(),
                profile: name.clone(),
                user: user(),
            }
            .into());
        }
        Next::PutInPlace { new } => {
            return Ok(format!(
                "an earlier run has stored the new access key {new}: put it in the place of {current}, \
                 which is then {end}?"
            ));
        }
        Next::Retire { old } | Next::Forget { old } => {
            return Ok(format!(
                "an earlier run has put {current} in the place of {old}, which is now to be {end}: go on?"
            ));
        }
    };
    match (other, &args.replace_key) {
        (_, Some(given)) if given == current => Err(RotationError::OwnKey {
            access_key_id: given.clone(),
            profile: name.clone(),
        }
        .into()),
        (other, Some(given)) if other != Some(given) => Err(RotationError::NoSuchKey {
            given: terminal::misplaced(given),
            user: user(),
            profile: name.clone(),
        }
        .into()),
        (Some(other), None) if args.yes => Err(RotationError::TwoKeys {
            user: user(),
            other: other.to_owned(),
            profile: name.clone(),
        }
        .into()),
        (Some(other), _) => {
            let users = rotation.others_with(files, other);
            let loss = if users.is_empty() {
                String::new()
            } else {
                format!(", which {} will miss", users.join(", "))
            };
            Ok(format!("delete {other} for good{loss}, and {begin}"))
        }
        (None, _) => Ok(begin),
    }
}

fn tell(rotated: &Rotated, profile: &Profile) -> Result<(), Failure> {
    let name = &profile.name;
    let paint = Painter::stdout();
    let done = paint.paint(Style::Green, "has a new access key");
    let (old, end) = (
        &rotated.old,
        match rotated.old_key {
            OldKey::Deleted => "is deleted",
            OldKey::Inactive => "is inactive",
        },
    );
    let mut text = format!("{name} {done}, {}; {old} {end}\n", rotated.new);
    if !rotated.others.is_empty() {
        text += &format!("Also in {}\n", rotated.others.join(", "));
    }
    if rotated.old_key == OldKey::Inactive {
        text += &format!(
            "Once nothing needs it any more: aws iam delete-access-key --access-key-id {old} --profile {}\n",
            failure::word(name)
        );
    }
    terminal::output_sentences(&text)?;
    for warning in &rotated.warnings {
        warn(warning);
    }
    if rotated.session_ended {
        warn(format_args!(
            "AWS has ended the session with the old key: daypass login {}",
            failure::word(name)
        ));
    }
    Ok(())
}
