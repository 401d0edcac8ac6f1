//! `daypass enroll`: a virtual MFA device from the command line.

use crate::{
    commands::{GlobalArgs, ProfileArgs},
    enrolment::{self, Enrolled, EnrolmentError, PictureFile, Place, Wish},
    failure::{self, Exit, Failure, word},
    profile::{self, Files, Overrides, Profile, Selection},
    terminal::{self, Painter, Style},
    time,
};

/// Enrol an MFA device: make it at AWS, scan its QR code, prove it with two codes
///
/// Makes a virtual MFA device for the user of the profile's key, shows its QR code, asks for two codes in a row
/// and enables it. The profile then names the device, and a third code is the first login.
/// If anything goes wrong on the way, or you press Ctrl-C, the device is deleted again.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass enroll work
  daypass enroll work --name ada-tablet      a second device, as a backup
  daypass enroll work --qr-file device.png
  daypass enroll work --store-seed           codes are made on this machine
  daypass enroll admin --user grace          for somebody else

Without a terminal only --store-seed works, which needs nobody to type codes.")]
pub struct EnrollArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// What the device is called; as the user, if not given, since many policies allow no other name
    #[arg(long, value_name = "NAME", value_parser = device_name)]
    name: Option<String>,

    /// Keep the seed in the keychain and make the codes of it here. Mind what that gives up: the access key
    /// and the device are then on the same machine, so whoever can use it has both factors
    #[arg(long)]
    store_seed: bool,

    /// Write the QR code into a new file as well: .svg or .png. It is as secret as the device itself
    #[arg(long, value_name = "FILE", value_parser = picture_file)]
    qr_file: Option<PictureFile>,

    /// Show the seed as text instead of the QR code
    #[arg(long)]
    show_seed: bool,

    /// The user who gets the device, for administrators; the profile stays as it is
    #[arg(long, value_name = "NAME", value_parser = device_name, conflicts_with = "store_seed")]
    user: Option<String>,

    /// Replace a device that is left of an earlier attempt without asking
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no new device, or the first login with it fails.
pub fn run(args: EnrollArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.clone().selection()?;
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let wish = Wish {
        name: args.name,
        user: args.user,
        store_seed: args.store_seed,
        show_seed: args.show_seed,
        qr_file: args.qr_file,
        yes: args.yes,
        may_ask: !global.no_prompt,
    };
    let enrolled = enrolment::enrol(&mut files, &profile, &wish, failure::tell);
    let mut enrolled = enrolled.map_err(|error| failed(&profile, error))?;
    drop(files);
    terminal::output_sentences(&report(&profile, &enrolled, &wish))?;
    if enrolled.place == Place::OfProfile {
        log_in(&selection, &mut enrolled, wish.may_ask)?;
    }
    if let Some(advice) = advice(&profile, &enrolled) {
        terminal::output_sentences(&advice)?;
    }
    Ok(Exit::Done)
}

/// The first login, for which the profile is read anew.
fn log_in(selection: &Selection, enrolled: &mut Enrolled, may_ask: bool) -> Result<(), Failure> {
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, selection, &Overrides::default())?;
    let obtained = enrolled.log_in(&mut files, &profile, may_ask, failure::tell);
    let obtained = obtained.map_err(|error| failed(&profile, error.after_enrolment()))?;
    if let Some(error) = obtained.unsaved {
        return Err(Failure::Unsaved(error));
    }
    let (expiry, now) = (
        obtained.session.effective_expiry(profile.mfa_age_limit),
        time::now(),
    );
    drop((files, obtained.session));
    terminal::output_sentences(&format!(
        "{}: {} until {} ({} left)\n",
        profile.name,
        Painter::stdout().paint(Style::Green, "logged in"),
        time::render_local(expiry, now),
        time::render_span(expiry - now),
    ))?;
    Ok(())
}

fn failed(profile: &Profile, error: EnrolmentError) -> Failure {
    Failure::Enrolment {
        profile: profile.name.clone(),
        error: Box::new(error),
    }
}

/// What there is now.
fn report(profile: &Profile, enrolled: &Enrolled, wish: &Wish) -> String {
    let (name, serial) = (&profile.name, &enrolled.serial);
    let done = Painter::stdout().paint(Style::Green, "enrolled");
    let mut text = match &enrolled.place {
        Place::OfProfile => format!("{name}: {done} {serial}\n"),
        Place::Backup { of } => format!(
            "{name}: {done} {serial} as a further device; the profile keeps {of}\n\
             to use the new one instead: daypass setup {} --serial {serial}\n",
            word(&profile.session_profile)
        ),
        Place::OfOther => format!(
            "{}: {done} {serial}; on their machine: daypass setup --serial {serial}\n",
            enrolled.user
        ),
    };
    if let Some(keychain) = enrolled.seed_in {
        text += &format!("{name}: its seed is in {keychain}; daypass now makes the codes itself\n");
    }
    if let Some(file) = &wish.qr_file {
        text += &format!(
            "{} can make your codes: print it for the safe, or delete it once it is scanned\n",
            file.path.display()
        );
    }
    text
}

/// Whoever has one device loses access with it.
fn advice(profile: &Profile, enrolled: &Enrolled) -> Option<String> {
    let is_only_one = enrolled.devices_before.unwrap_or_default() == 0;
    (enrolled.place == Place::OfProfile && is_only_one).then(|| {
        let name = word(&profile.name);
        format!(
            "A second device saves you when this one is lost; AWS allows eight: daypass enroll {name} --name {}-2\n",
            word(&enrolled.user)
        )
    })
}

/// Reads `--name` and `--user`. Source: the IAM API reference, `VirtualMFADeviceName` and `UserName`.
fn device_name(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err("a name has up to 64 letters, digits and characters of _+=,.@-".to_owned())
    }
}

/// Reads `--qr-file`.
fn picture_file(text: &str) -> Result<PictureFile, String> {
    PictureFile::parse(text).map_err(|error| error.to_string())
}
