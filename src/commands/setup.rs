//! `daypass setup`: from whatever is there to a profile that works.

use crate::{
    aws::sts::Identity,
    cached_session::{self, Lookup},
    commands::{GlobalArgs, ProfileArgs, given_code, serial, warn_of_key_in_environment},
    credentials::Freshness,
    failure::{self, Exit, Failure},
    keychain::Questions,
    mfa::source::GivenCode,
    profile::{self, Files, Overrides, Selection},
    serial::Serial,
    session::{self, Request, Wants},
    setup::{
        Home, Layout, SetupError, Short,
        apply::{Applied, apply},
        diff,
        plan::{Answers, Plan},
        survey::{Program, Survey},
    },
    terminal::{self, Painter, Style},
    time::{self, Timestamp},
};

mod device;
mod dialogue;
mod key;
mod questions;

use dialogue::Dialogue;

/// Set a profile up: guided, from an empty home or from what aws-mfa or aws-vault left
///
/// Finds the access key or asks for it, asks AWS whose it is, moves its secret into the keychain, finds the
/// MFA device, and writes the profile, so that AWS tools ask daypass for credentials. Shows what it will
/// change as a diff and asks before it changes anything; backups bear the date. Run again on a profile that
/// is set up, it finds nothing to do.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Every question has a flag. --yes takes what is found and the defaults, and
asks nothing; without a terminal it is needed. What is then still not known
is an error (exit code 3) that names the flag.

Examples:
  daypass setup
  daypass setup work --dry-run
  aws-vault exec --no-session work -- daypass setup work
  daypass setup work --yes --access-key-id AKIA... --secret-stdin \\
      --serial arn:aws:iam::123456789012:mfa/ada --keychain none < secret")]
pub struct SetupArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// The id of the long-term key (AKIA...): which of those that are found, or with --secret-stdin a new one
    #[arg(long, value_name = "ID")]
    access_key_id: Option<String>,

    /// Read the secret of that key from stdin. There is no flag for the secret itself: others could see it
    #[arg(long, requires = "access_key_id")]
    secret_stdin: bool,

    /// The MFA device
    #[arg(long, value_name = "ARN", value_parser = serial)]
    serial: Option<Serial>,

    /// The region, for a profile that names none
    #[arg(long, value_name = "REGION", value_parser = questions::parse_region)]
    region: Option<String>,

    /// Where the secret of the key is kept; the system's keychain, if there is one, unless given
    #[arg(long, value_name = "KEYCHAIN")]
    keychain: Option<Home>,

    /// How AWS tools get at the session; process unless given
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<Layout>,

    /// Leave mfa_serial in role profiles: AWS tools then ask for a code of their own
    #[arg(long)]
    keep_role_devices: bool,

    /// Log in at the end with this code; '-' reads it from stdin
    #[arg(long, value_name = "CODE", value_parser = given_code, conflicts_with = "no_login")]
    code: Option<GivenCode>,

    /// Do not log in at the end
    #[arg(long)]
    no_login: bool,

    /// Show what would be changed, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Ask nothing and apply it
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps the profile from being set up. What was done by then is said.
pub fn run(args: SetupArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let named = args.profile.clone().named()?;
    let mut dialogue = Dialogue::open(!args.yes && !global.no_prompt);
    let files = Files::read()?;
    let program = Program::find()?;
    let name = questions::profile(&mut dialogue, &files, named)?;
    let survey = Survey::of(&files, &name, &program)?;

    if !survey.is_known && !files.profile_names().is_empty() {
        dialogue.say(&format!(
            "There is no profile '{name}' yet: this makes it.\n"
        ));
    }
    let (key, found, identity) = key::choose(&mut dialogue, &files, &survey, &args)?;
    let serial = device::choose(&mut dialogue, &files, &survey, &args, &key, &identity)?;
    let layout = args
        .layout
        .or_else(|| survey.layout())
        .unwrap_or(Layout::Process);
    let answers = Answers {
        region: questions::region(&mut dialogue, &files, &survey, &args, serial.as_ref())?,
        home: questions::home(&mut dialogue, &files, &survey, &args, found.as_ref())?,
        process: match layout {
            Layout::Process => program.line(&name)?,
            Layout::Classic => String::new(),
        },
        keep_role_devices: args.keep_role_devices,
        key,
        found,
        serial,
        layout,
    };
    let plan = Plan::make(&files, &survey, &answers)?;
    plan.check(&files)?;
    let screen = render(&files, &plan, &answers, &identity)?;
    let Some(screen) = screen else {
        terminal::output(&format!(
            "{name} is set up already: nothing to do.\nIts access key belongs to {identity}.\n"
        ))?;
        if args.dry_run || args.no_login || answers.serial.is_none() || is_logged_in(&name)? {
            return Ok(Exit::Done);
        }
        if let Some(until) = log_in(&mut dialogue, &name, args.code)? {
            let until = time::render_local(until, time::now());
            terminal::output(&format!("You are logged in until {until}.\n"))?;
        }
        return Ok(Exit::Done);
    };
    dialogue.show(&screen)?;
    if args.dry_run {
        terminal::output("Nothing was changed (--dry-run).\n")?;
        return Ok(Exit::Done);
    }
    if !args.yes && !dialogue.agrees("Apply this? [Y/n]")? {
        return Err(SetupError::Cancelled.into());
    }
    tell(&apply(&files, &plan)?)?;
    let login = if args.no_login || answers.serial.is_none() {
        Ok(None)
    } else {
        log_in(&mut dialogue, &name, args.code)
    };
    // Set up it is, whatever comes of the login.
    finish(&name, &answers, login.as_ref().ok().copied().flatten())?;
    login.map(|_| Exit::Done)
}

/// Everything on one screen: what was found, and what will change. `None` if nothing will.
fn render(
    files: &Files,
    plan: &Plan,
    answers: &Answers,
    identity: &Identity,
) -> Result<Option<String>, Failure> {
    let paint = Painter::stdout();
    let mut changes = String::new();
    let mut changed = Vec::new();
    for read in [&files.config, &files.credentials] {
        let after = plan.after(files, read.file.kind)?;
        let shown = diff::render(read.document.bytes(), after.bytes(), paint);
        if !shown.is_empty() {
            let path = Short(&read.file.path).to_string();
            changes += &format!("\n{}\n{shown}", paint.paint(Style::Bold, &path));
            if !read.document.bytes().is_empty() {
                changed.push(path);
            }
        }
    }
    if changes.is_empty() && plan.store.is_none() && plan.forget.is_none() {
        return Ok(None);
    }
    let device = match &answers.serial {
        Some(serial) => serial.as_str(),
        None => "none yet",
    };
    let id = &answers.key.access_key_id;
    let mut text = format!(
        "\nProfile     {}\nAccess key  {id} of {identity}\nIts secret  in {}\nMFA device  {device}\n",
        plan.profile, plan.kept_in
    );
    text += "\nWhat will change (+ comes, - goes; secrets are shown as ****):\n";
    if let Some(keychain) = plan.store {
        text += &format!("\n{}\n", paint.paint(Style::Bold, keychain));
        text += &format!(
            "{}\n",
            paint.paint(Style::Green, format_args!("+the secret of {id}"))
        );
    }
    if let Some(keychain) = plan.forget {
        text += &format!("\n{}\n", paint.paint(Style::Bold, keychain));
        text += &format!(
            "{}\n",
            paint.paint(Style::Red, format_args!("-the secret of {id}"))
        );
    }
    text += &changes;
    text.push('\n');
    for note in &plan.notes {
        text += &wrapped(&format!("Note: {note}."));
    }
    if !changed.is_empty() {
        text += &wrapped(&format!(
            "Backups come first: {}.backup-DATE",
            changed.join(".backup-DATE, ")
        ));
    }
    Ok(Some(text))
}

fn tell(applied: &Applied) -> Result<(), Failure> {
    for warning in &applied.warnings {
        terminal::warn(warning);
    }
    let mut text = String::new();
    for backup in &applied.backups {
        text += &format!("Backup: {}\n", Short(backup));
    }
    if applied.hides_secret {
        text += "The secret of the key was left out of the backup: it is in the keychain now.\n";
    }
    terminal::output(&text)?;
    Ok(())
}

/// Whether the profile has a session that need not be renewed yet.
fn is_logged_in(name: &str) -> Result<bool, Failure> {
    let files = Files::read()?;
    let selection = Selection::from_arguments(Some(name.to_owned()));
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let found = cached_session::find(&files, &profile, Questions::Forbidden);
    Ok(match found {
        Ok(Lookup::Hit(session)) => {
            session.freshness(profile.mfa_age_limit, time::now()) == Freshness::Valid
        }
        _ => false,
    })
}

/// Logs in, if a code can be had; returns until when.
fn log_in(
    dialogue: &mut Dialogue,
    name: &str,
    given: Option<GivenCode>,
) -> Result<Option<Timestamp>, Failure> {
    let mut files = Files::read()?;
    let selection = Selection::from_arguments(Some(name.to_owned()));
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let has_own_source = profile.codes.mfa_process.is_some() || profile.codes.has_seed;
    let is_given = given.is_some();
    let mut request = Request {
        given,
        ..Request::new(Wants::Fresh, false)
    };
    loop {
        if !is_given && !has_own_source {
            let Some(code) = dialogue.code()? else {
                return Ok(None);
            };
            request.given = Some(GivenCode::Digits(code));
        }
        match session::obtain(&mut files, &profile, &request, failure::tell) {
            Ok(obtained) => {
                return match obtained.unsaved {
                    Some(error) => Err(Failure::Unsaved(error)),
                    None => Ok(Some(
                        obtained.session.effective_expiry(profile.mfa_age_limit),
                    )),
                };
            }
            Err(error) if !is_given && error.is_refused_code() && dialogue.is_open() => {
                dialogue.say(&format!("{error}. Wait for the next one."));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Says what to do next.
fn finish(name: &str, answers: &Answers, until: Option<Timestamp>) -> Result<(), Failure> {
    let paint = Painter::stdout();
    let done = format!("{name} is set up");
    let mut text = format!("\n{}", paint.paint(Style::Green, done));
    if let Some(until) = until {
        let until = time::render_local(until, time::now());
        text += &format!(", and you are logged in until {until}");
    }
    if answers.serial.is_none() {
        text += &format!(" but for one thing.\n{}", device::no_device(name));
    } else {
        let first = match until {
            Some(_) => ".",
            None => ", and you are not logged in yet.",
        };
        text += &format!("{first} What you need from now on:\n{}", next_steps(name));
    }
    terminal::output(&text)?;
    warn_of_key_in_environment();
    Ok(())
}

fn next_steps(name: &str) -> String {
    let (argument, option) = match name {
        "default" => (String::new(), String::new()),
        name => {
            let name = failure::word(name);
            (format!(" {name}"), format!(" --profile {name}"))
        }
    };
    let steps = [
        (
            format!("daypass login{argument}"),
            "once a day, with a code",
        ),
        (format!("aws s3 ls{option}"), "or any other AWS tool"),
        (format!("daypass status{argument}"), "shows until when"),
    ];
    let width = steps.iter().map(|(step, _)| step.len()).max().unwrap_or(0);
    let lines = steps.map(|(step, what)| format!("  {step:width$}  {what}\n"));
    lines.concat()
}

/// A sentence in lines of a terminal's usual width, the second and further ones indented.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 79;
    terminal::hanging(text, 0, 2, WIDTH) + "\n"
}
