//! Enrolment: from no MFA device to one that works, or back to none.
//!
//! AWS makes a virtual device in two steps: `CreateVirtualMFADevice` gives a seed and a device that belongs to
//! nobody, `EnableMFADevice` takes two codes and gives it to the user. What stops between the two would leave a
//! device that nobody can use and whose name is taken. Signals therefore wait while there is one, and every
//! failure deletes it; one that a killed run has left is recognised and replaced by the next.

use crate::{
    aws::client::Aws,
    keychain::{Item, Keychain, Questions},
    mfa::{code::Code, memory::ToldFailure, seed::Seed},
    profile::{Files, Profile},
    serial::Serial,
    session::{Obtained, SessionError},
    signals,
    terminal::Terminal,
};

mod address;
mod attempt;
mod caller;
mod display;
mod error;
mod login;
mod permission;
mod picture;
mod qr;
mod record;
mod subject;

pub use error::EnrolmentError;
pub use picture::{NotAPicture, PictureFile};

use attempt::Attempt;
use login::{Codes, FirstLogin};
use record::Record;
use subject::Subject;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What the device is to be called.
    pub name: Option<String>,
    /// Whose it is to be, if not the key's own user's.
    pub user: Option<String>,
    /// Whether the seed goes into the keychain, and the codes are made of it.
    pub store_seed: bool,
    /// Whether the seed is shown as text.
    pub show_seed: bool,
    /// Where the QR code goes as a picture.
    pub qr_file: Option<PictureFile>,
    /// Whether a device that is left of an earlier attempt is replaced without a question.
    pub yes: bool,
    /// Whether anybody may be asked.
    pub may_ask: bool,
}

/// What the profile has of the new device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It is the profile's device now.
    OfProfile,
    /// The profile keeps the one that it has.
    Backup {
        /// That one.
        of: Serial,
    },
    /// It is another user's.
    OfOther,
}

/// A new device that works.
pub struct Enrolled {
    /// Its serial.
    pub serial: Serial,
    /// Its user.
    pub user: String,
    /// What the profile has of it.
    pub place: Place,
    /// How many devices the user had before, if AWS told.
    pub devices_before: Option<usize>,
    /// The keychain that has its seed.
    pub seed_in: Option<Keychain>,
    aws: Aws,
    terminal: Option<Terminal>,
    seed: Option<Seed>,
    last: Code,
}

/// Enrols a device.
///
/// # Errors
/// [`EnrolmentError`]; there is then no new device, unless the error says otherwise.
pub fn enrol(
    files: &mut Files,
    profile: &Profile,
    wish: &Wish,
    tell: impl Fn(&SessionError) -> ToldFailure,
) -> Result<Enrolled, EnrolmentError> {
    let mut terminal = wish.may_ask.then(Terminal::open).flatten();
    if terminal.is_none() && !wish.store_seed {
        return Err(EnrolmentError::NobodyToAsk);
    }
    if let Some(file) = &wish.qr_file {
        file.check()?;
    }
    let caller = caller::find(files, profile, wish.may_ask, tell)?;
    let aws = caller.iam.connect(profile)?;
    let subject = Subject::find(&aws, wish.user.as_deref())?;
    subject.check_room()?;
    let serial = subject.serial(&subject.device_name(wish.name.as_deref()))?;
    let has_device = caller.has_device && !is_taken_away(profile, &subject);
    let place = match &profile.mfa_serial {
        _ if !subject.is_self => Place::OfOther,
        Some(of) if has_device && !wish.store_seed => Place::Backup { of: of.clone() },
        _ => Place::OfProfile,
    };
    let record = (place == Place::OfProfile).then_some(Record {
        profile,
        serial: &serial,
        has_seed: wish.store_seed,
    });
    let questions = check_places(files, profile, wish, &serial, record.as_ref())?;
    let held = signals::Held::start().map_err(EnrolmentError::Terminal)?;
    let attempt = Attempt {
        aws: &aws,
        subject: &subject,
        serial: &serial,
        wish,
        keychain: profile.keychain(),
        questions,
        terminal: &mut terminal,
        held: &held,
    };
    let (codes, seed) = attempt
        .run()
        .map_err(|error| error.with_policy(&subject, &serial))?;
    if let Some(record) = record {
        login::remember_spent(files, profile, &serial, &codes);
        record.write(files)?;
    }
    if held.has_arrived() {
        return Err(EnrolmentError::Interrupted.after_enrolment());
    }
    drop(held);
    let [_, last] = codes;
    Ok(Enrolled {
        devices_before: subject.devices.as_ref().map(Vec::len),
        user: subject.user,
        place,
        seed_in: wish.store_seed.then_some(profile.keychain()),
        seed: wish.store_seed.then_some(seed),
        serial,
        aws,
        terminal,
        last,
    })
}

/// Whether AWS says that the device of the profile is no longer the user's: a session outlives the device that it
/// was made with.
fn is_taken_away(profile: &Profile, subject: &Subject) -> bool {
    let (Some(serial), true, true) = (
        &profile.mfa_serial,
        subject.is_self,
        subject.devices.is_some(),
    ) else {
        return false;
    };
    let is_gone = !subject.has(serial);
    if is_gone {
        caller::warn_of_gone(profile, serial);
    }
    is_gone
}

/// Makes sure that the profile and the keychain can take what they are to hold, before there is a device. Says
/// whether the keychain may ask.
fn check_places(
    files: &Files,
    profile: &Profile,
    wish: &Wish,
    serial: &Serial,
    record: Option<&Record<'_>>,
) -> Result<Questions, EnrolmentError> {
    if let Some(record) = record {
        record.check(files)?;
    }
    let questions = if wish.may_ask {
        Questions::Allowed
    } else {
        Questions::Forbidden
    };
    if wish.store_seed {
        profile.keychain().read(Item::Seed(serial), questions)?;
    }
    Ok(questions)
}

impl Enrolled {
    /// Logs in with the new device for the first time, with a further code.
    ///
    /// # Errors
    /// [`EnrolmentError`]: the device is there all the same.
    pub fn log_in(
        &mut self,
        files: &mut Files,
        profile: &Profile,
        tell: impl Fn(&SessionError) -> ToldFailure,
    ) -> Result<Obtained, EnrolmentError> {
        let codes = match (&self.seed, &mut self.terminal) {
            (Some(seed), _) => Codes::Made(seed),
            (None, Some(terminal)) => Codes::Typed(terminal),
            (None, None) => return Err(EnrolmentError::NobodyToAsk),
        };
        let login = FirstLogin {
            aws: &self.aws,
            profile,
            user: &self.user,
            serial: &self.serial,
            codes,
            last: self.last.clone(),
        };
        login.run(files, tell)
    }
}
