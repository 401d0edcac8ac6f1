//! Enrolment: from no MFA device to one that works, or back to none.
//!
//! AWS makes a virtual device in two steps: `CreateVirtualMFADevice` gives a seed and a device that belongs to
//! nobody, `EnableMFADevice` takes two codes and gives it to the user. What stops between the two would leave a
//! device that nobody can use and whose name is taken. Signals therefore wait while there is one, and every
//! failure deletes it; one that a killed run has left is recognised and replaced by the next. Where that run was
//! killed after AWS had enabled the device, the next one takes it up (`begun`).

use crate::{
    aws::client::Aws,
    keychain::{Item, Keychain, Questions},
    mfa::{code::Code, memory::ToldFailure, seed::Seed},
    profile::{Files, Profile},
    serial::Serial,
    session::{self, Obtained, Request, SessionError, Wants},
    signals,
    terminal::Terminal,
};

mod address;
mod attempt;
mod begun;
mod caller;
mod creation;
mod display;
mod error;
mod journal;
mod login;
mod permission;
mod picture;
mod qr;
mod record;
mod subject;

pub use error::EnrolmentError;
pub use picture::{NotAPicture, PictureFile};

use attempt::Attempt;
use journal::Journal;
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
    /// What the first login is made with; `None` for a device that an earlier run has enabled.
    fresh: Option<Fresh>,
}

/// What is left of making a device.
struct Fresh {
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
    let terminal = wish.may_ask.then(Terminal::open).flatten();
    if terminal.is_none() && !wish.store_seed {
        return Err(EnrolmentError::NobodyToAsk);
    }
    if let Some(file) = &wish.qr_file {
        file.check()?;
    }
    let caller = caller::find(files, profile, wish.may_ask, tell)?;
    let aws = caller.iam.connect(profile)?;
    let subject = Subject::find(&aws, wish.user.as_deref())?;
    let mut enrolment = Enrolment {
        has_device: caller.has_device && !is_taken_away(profile, &subject),
        journal: Journal::of(files, profile),
        files,
        profile,
        wish,
        aws,
        subject,
        terminal,
    };
    match enrolment.begun()? {
        Some(begun) => enrolment.take_up(begun),
        None => enrolment.make(),
    }
}

/// All that an enrolment is about.
struct Enrolment<'a> {
    files: &'a Files,
    profile: &'a Profile,
    wish: &'a Wish,
    aws: Aws,
    subject: Subject,
    /// Whether the profile names a device that the user has.
    has_device: bool,
    journal: Journal,
    terminal: Option<Terminal>,
}

impl Enrolment<'_> {
    /// Makes a device, and tells the profile.
    fn make(mut self) -> Result<Enrolled, EnrolmentError> {
        let (subject, wish) = (&self.subject, self.wish);
        subject.check_room()?;
        let serial = subject.serial(&subject.device_name(wish.name.as_deref()))?;
        let place = self.place(wish.store_seed);
        let questions = self.check_places(&serial, &place)?;
        let held = signals::Held::start().map_err(EnrolmentError::Terminal)?;
        let attempt = Attempt {
            aws: &self.aws,
            subject,
            serial: serial.clone(),
            wish,
            keychain: self.profile.keychain(),
            questions,
            terminal: &mut self.terminal,
            held: &held,
            journal: &self.journal,
        };
        let enabled = match attempt.run() {
            Err(error) => match self.begun_but_unlisted(&error) {
                Some(begun) => return self.take_up(begun),
                None => return Err(error.with_policy(subject, &serial)),
            },
            Ok(enabled) => enabled,
        };
        self.record(&enabled.serial, &place, wish.store_seed)?;
        if held.has_arrived() {
            return Err(EnrolmentError::Interrupted.after_enrolment());
        }
        drop(held);
        let [_, last] = enabled.codes;
        Ok(Enrolled {
            devices_before: self.subject.devices.as_ref().map(Vec::len),
            user: self.subject.user,
            place,
            seed_in: wish.store_seed.then_some(self.profile.keychain()),
            serial: enabled.serial,
            fresh: Some(Fresh {
                aws: self.aws,
                terminal: self.terminal,
                seed: wish.store_seed.then_some(enabled.seed),
                last,
            }),
        })
    }

    /// What the profile has of a new device.
    fn place(&self, has_seed: bool) -> Place {
        match &self.profile.mfa_serial {
            _ if !self.subject.is_self => Place::OfOther,
            Some(of) if self.has_device && !has_seed => Place::Backup { of: of.clone() },
            _ => Place::OfProfile,
        }
    }

    /// Tells the profile of its new device.
    fn record(&self, serial: &Serial, place: &Place, has_seed: bool) -> Result<(), EnrolmentError> {
        if *place == Place::OfProfile {
            let record = Record {
                profile: self.profile,
                serial,
                has_seed,
            };
            record.write(self.files)?;
        }
        self.journal.end();
        Ok(())
    }

    /// Makes sure that the profile and the keychain can take what they are to hold, before there is a device. Says
    /// whether the keychain may ask.
    fn check_places(&self, serial: &Serial, place: &Place) -> Result<Questions, EnrolmentError> {
        if *place == Place::OfProfile {
            let record = Record {
                profile: self.profile,
                serial,
                has_seed: self.wish.store_seed,
            };
            record.check(self.files)?;
        }
        let questions = self.questions();
        if self.wish.store_seed {
            let keychain = self.profile.keychain();
            keychain.read(Item::Seed(serial), questions)?;
        }
        Ok(questions)
    }

    fn questions(&self) -> Questions {
        match self.wish.may_ask {
            true => Questions::Allowed,
            false => Questions::Forbidden,
        }
    }
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

impl Enrolled {
    /// Logs in with the new device for the first time, with a further code.
    ///
    /// # Errors
    /// [`EnrolmentError`]: the device is there all the same.
    pub fn log_in(
        &mut self,
        files: &mut Files,
        profile: &Profile,
        may_ask: bool,
        tell: impl Fn(&SessionError) -> ToldFailure,
    ) -> Result<Obtained, EnrolmentError> {
        let Some(fresh) = &mut self.fresh else {
            // AWS has had its codes some time ago: a login as any other.
            let request = Request::new(Wants::Fresh, may_ask);
            return Ok(session::obtain(files, profile, &request, tell)?);
        };
        let codes = match (&fresh.seed, &mut fresh.terminal) {
            (Some(seed), _) => Codes::Made(seed),
            (None, Some(terminal)) => Codes::Typed(terminal),
            (None, None) => return Err(EnrolmentError::NobodyToAsk),
        };
        let login = FirstLogin {
            aws: &fresh.aws,
            profile,
            user: &self.user,
            serial: &self.serial,
            codes,
            last: fresh.last.clone(),
        };
        login.run(files, tell)
    }
}
