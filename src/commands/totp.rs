//! `daypass totp`: keep the TOTP seed of the MFA device in the keychain.

use std::io::{self, IsTerminal};

use zeroize::Zeroizing;

use crate::{
    commands::{GlobalArgs, ProfileArgs, confirm},
    failure::{Exit, Failure},
    keychain::{Item, Questions},
    mfa::{
        code::STEP_SECONDS,
        seed::Seed,
        source::{CodeError, read_seed},
        turn::Turn,
    },
    profile::{self, Files, KeySource, Overrides, Profile},
    secret::Secret,
    serial::Serial,
    session::{self, SessionError},
    shared_files::{Document, EditError, SharedFileError},
    standard_input,
    terminal::{self, Answer, Painter, Style, Terminal, Typing, warn, with_causes},
    time,
};

/// Have the codes of your MFA device made on this machine
///
/// The TOTP seed of a virtual MFA device is the text behind its QR code, from which an authenticator app
/// makes all its codes. This keeps it in the keychain; logins and renewals then ask nobody. Mind what that gives up: the long-term key and the device are then on the
/// same machine, so whoever can use your unlocked session there has both factors.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass totp add work
  daypass totp code work
  daypass totp remove work")]
pub struct TotpArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Add(AddArgs),
    Code(CodeArgs),
    Remove(RemoveArgs),
}

/// Store the seed: asks for it, or reads it from stdin
///
/// The seed is what the AWS console shows under "Show secret key" when a virtual MFA device is set up, or
/// the otpauth:// address of its QR code. It is stored under the device of the profile, mfa_serial.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass totp add work
  zbarimg --quiet --raw qr-code.png | daypass totp add work")]
pub struct AddArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Replace a seed that is stored already without asking
    #[arg(short, long)]
    yes: bool,
}

/// Print the code and how long it is good
///
/// To sign in to the AWS console, for one. daypass itself needs nobody to run this.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass totp code work")]
pub struct CodeArgs {
    #[command(flatten)]
    profile: ProfileArgs,
}

/// Remove the seed from the keychain
///
/// The MFA device at AWS stays as it is, and so does the seed wherever else it is kept. If it is nowhere
/// else, nobody can make codes any more.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass totp remove work")]
pub struct RemoveArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
///
/// # Errors
/// When the profile names no device, the keychain does not serve, or the seed is none.
pub fn run(args: TotpArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Add(args) => add(args, global),
        Action::Code(args) => code(args, global),
        Action::Remove(args) => remove(args, global),
    }
}

/// A profile and the device that its seed belongs to.
struct Device {
    files: Files,
    profile: Profile,
    serial: Serial,
    /// Whether its keychain may ask.
    questions: Questions,
}

impl Device {
    fn of(args: ProfileArgs, global: &GlobalArgs) -> Result<Self, Failure> {
        let selection = args.selection()?;
        let files = Files::read()?;
        let profile = profile::resolve(&files, &selection, &Overrides::default())?;
        match profile.mfa_serial.clone() {
            Some(serial) => Ok(Device {
                files,
                profile,
                serial,
                questions: global.questions(),
            }),
            None => Err(Failure::NoSerial {
                profile: profile.name,
            }),
        }
    }

    fn item(&self) -> Item<'_> {
        Item::Seed(&self.serial)
    }

    /// Whether AWS has seen this code already, as far as this machine knows.
    fn is_spent(&self, seed: &Seed) -> bool {
        let key = self.profile.key.as_ref().map(KeySource::access_key_id);
        let path = &self.files.credentials.file.path;
        let now = time::now();
        let code = seed.code_at(now);
        key.is_some_and(|key| Turn::glance(path, key).is_spent(&self.serial, &code, now))
    }

    /// Says in the config file whether the keychain holds the seed.
    fn mark(&self, has_seed: bool) -> Result<(), SharedFileError> {
        let edited = self
            .files
            .config
            .file
            .edit(|document| self.mark_in(document, has_seed))?;
        session::report(&edited);
        Ok(())
    }

    fn mark_in(&self, document: &mut Document, has_seed: bool) -> Result<(), EditError> {
        let profile = self.profile.session_profile.as_str();
        if has_seed {
            return document.set(profile, &[("daypass_totp", "keychain")]);
        }
        document.remove(profile, &["daypass_totp"])?;
        Ok(())
    }

    /// Finds out whether the config file can be changed so, before the keychain is.
    fn check_mark(&self, has_seed: bool) -> Result<(), SharedFileError> {
        if self.is_marked() == has_seed {
            return Ok(());
        }
        let file = &self.files.config.file;
        self.mark_in(&mut file.read()?, has_seed)
            .map_err(|source| SharedFileError::Edit {
                path: file.path.clone(),
                source,
            })?;
        file.check_writable()
    }

    fn is_marked(&self) -> bool {
        let section = self
            .files
            .config
            .document
            .profile(&self.profile.session_profile);
        let value = section.map(|section| section.value("daypass_totp"));
        matches!(value, Some(Ok(Some(value))) if value.text == "keychain")
    }

    /// Stores the seed and says so in the config file; if that fails, the keychain is as it was.
    fn keep(&self, seed: &Seed, older: Option<&Secret>) -> Result<(), Failure> {
        let keychain = self.profile.keychain();
        keychain.write(self.item(), &seed.to_secret(), self.questions)?;
        let Err(error) = self.mark(true) else {
            return Ok(());
        };
        let restored = match older {
            Some(older) => keychain.write(self.item(), older, self.questions),
            None => keychain.remove(self.item()).map(|_| ()),
        };
        if let Err(error) = restored {
            warn(format_args!(
                "the new seed of {} stays in {keychain}: {}",
                self.serial,
                with_causes(&error)
            ));
        }
        Err(error.into())
    }
}

fn add(args: AddArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let device = Device::of(args.profile, global)?;
    let keychain = device.profile.keychain();
    device.check_mark(true)?;
    let older = keychain.read(device.item(), device.questions)?;
    if older.is_some() {
        let question = format!(
            "{keychain} has a seed for {} already. Replace it?",
            device.serial
        );
        confirm(&question, args.yes, global)?;
    }
    let seed = Seed::parse(&ask_for_seed(&device.serial, global)?).map_err(Failure::Seed)?;
    device.keep(&seed, older.as_ref())?;
    drop(older);
    terminal::output(&format!(
        "{}: the seed of {} is in {keychain}; daypass now makes the codes itself\n\
         The code now is {}: compare it with your authenticator app\n\
         To take the seed out again: daypass totp remove {}\n",
        device.profile.name,
        device.serial,
        describe(&seed, device.is_spent(&seed)),
        device.profile.name,
    ))?;
    Ok(Exit::Done)
}

fn code(args: CodeArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let device = Device::of(args.profile, global)?;
    let seed = match read_seed(device.profile.keychain(), &device.serial, device.questions) {
        Ok(seed) => seed,
        Err(error) => {
            let profile = device.profile.name;
            return Err(Failure::NoCode { profile, error });
        }
    };
    let text = describe(&seed, device.is_spent(&seed));
    terminal::output(&format!("{text}\n"))?;
    Ok(Exit::Done)
}

fn remove(args: RemoveArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let device = Device::of(args.profile, global)?;
    let keychain = device.profile.keychain();
    device.check_mark(false)?;
    if keychain.read(device.item(), device.questions)?.is_some() {
        let question = format!(
            "Remove the seed of {} from {keychain}? If it is nowhere else, nobody can make codes any more.",
            device.serial
        );
        confirm(&question, args.yes, global)?;
    }
    let is_removed = keychain.remove(device.item())?;
    device.mark(false)?;
    let name = &device.profile.name;
    terminal::output(&if is_removed {
        format!("{name}: seed removed; codes are asked for from now on\n")
    } else {
        format!("{name}: there was no seed in {keychain}\n")
    })?;
    Ok(Exit::Done)
}

/// The code of this moment and its remaining seconds: `123456 (17 s left)`.
fn describe(seed: &Seed, is_spent: bool) -> String {
    let now = time::now();
    let left = STEP_SECONDS - now.timestamp().rem_euclid(STEP_SECONDS);
    let paint = Painter::stdout();
    let digits = seed.code_at(now);
    let code = paint.paint(Style::Bold, digits.digits());
    if is_spent {
        format!("{code} ({left} s left, used already: AWS wants the next one)")
    } else {
        format!("{code} ({left} s left)")
    }
}

/// Reads the seed from stdin if something is piped in, else asks for it on the terminal.
fn ask_for_seed(serial: &Serial, global: &GlobalArgs) -> Result<Zeroizing<String>, Failure> {
    const LONGEST: usize = 4_096;
    if !io::stdin().is_terminal() {
        return standard_input::read_all(LONGEST).map_err(Failure::SeedUnreadable);
    }
    let terminal = if global.no_prompt {
        None
    } else {
        Terminal::open()
    };
    let mut terminal = terminal.ok_or(Failure::NoSeedGiven)?;
    terminal.say(&format!(
        "daypass: the seed of {serial} is the text behind its QR code (base32 or otpauth://...)"
    ));
    let answer = terminal
        .ask("daypass: seed (not shown):", Typing::Secret)
        .map_err(CodeError::Terminal);
    match answer.map_err(SessionError::Code)? {
        Answer::Line(line) => Ok(line),
        Answer::Cancelled | Answer::TimedOut | Answer::Interrupted => Err(Failure::Cancelled),
    }
}
