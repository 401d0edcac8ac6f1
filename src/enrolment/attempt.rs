//! An attempt: a device that is made, proved and enabled, or deleted again.

use std::io;

use crate::{
    aws::{
        client::Aws,
        error::AwsError,
        iam::mfa_devices::{self, CreatedDevice},
    },
    enrolment::{
        Wish, address,
        display::{Display, View},
        error::EnrolmentError,
        journal::Journal,
        picture,
        qr::Modules,
        subject::Subject,
    },
    keychain::{Item, Keychain, Questions},
    mfa::{
        code::Code,
        memory::BegunEnrolment,
        pair::{self, Asked, Asker},
        seed::Seed,
        source::CodeError,
    },
    serial::Serial,
    signals,
    terminal::{Answer, Progress, Terminal, Typing, remark, trace, warn, with_causes},
};

/// How many pairs of codes AWS may refuse before we stop asking.
const PAIRS: usize = 3;

/// What an attempt needs.
pub(super) struct Attempt<'a> {
    pub(super) aws: &'a Aws,
    pub(super) subject: &'a Subject,
    /// The device: as it is to be, and once it is made as AWS calls it.
    pub(super) serial: Serial,
    pub(super) wish: &'a Wish,
    pub(super) keychain: Keychain,
    pub(super) questions: Questions,
    pub(super) terminal: &'a mut Option<Terminal>,
    pub(super) held: &'a signals::Held,
    pub(super) journal: &'a Journal,
}

/// A device that was enabled.
pub(super) struct Enabled {
    pub(super) serial: Serial,
    /// The codes that AWS has taken.
    pub(super) codes: [Code; 2],
    pub(super) seed: Seed,
}

/// What there is so far of a device that is not enabled yet.
#[derive(Default)]
struct Traces {
    /// The seed is, or may be, in the keychain.
    seed: bool,
    /// The picture is there.
    picture: bool,
    /// AWS may have enabled the device although it did not say so.
    may_be_enabled: bool,
}

impl Attempt<'_> {
    /// Makes the device and enables it.
    ///
    /// Whatever happens on the way, a device that is not enabled is deleted again.
    pub(super) fn run(mut self) -> Result<Enabled, EnrolmentError> {
        let device = self.create()?;
        self.serial.clone_from(&device.serial);
        let mut traces = Traces::default();
        let enabled = Seed::from_secret(&device.seed)
            .map_err(EnrolmentError::Seed)
            .and_then(|seed| {
                let codes = self.enable(&device, &seed, &mut traces)?;
                Ok((codes, seed))
            });
        match enabled {
            Ok((codes, seed)) => Ok(Enabled {
                serial: self.serial,
                codes,
                seed,
            }),
            Err(error) => Err(self.undo(&traces, error)),
        }
    }

    fn enable(
        &mut self,
        device: &CreatedDevice,
        seed: &Seed,
        traces: &mut Traces,
    ) -> Result<[Code; 2], EnrolmentError> {
        self.check_signals()?;
        if self.wish.store_seed {
            traces.seed = true;
            let item = Item::Seed(&self.serial);
            let text = seed.to_secret();
            self.keychain.write(item, &text, self.questions)?;
        }
        let address = address::address(&device.seed, &self.subject.user, &self.subject.account);
        let modules = Modules::of(&address).map_err(EnrolmentError::TooLong)?;
        drop(address);
        if let Some(file) = &self.wish.qr_file {
            file.write(&modules)
                .map_err(|source| EnrolmentError::Picture {
                    path: file.path.clone(),
                    source,
                })?;
            traces.picture = true;
        }
        if self.wish.store_seed {
            self.show_once(device, &modules)?;
            return self.enable_with(traces, |attempt, _| {
                let stop = || attempt.held.has_arrived();
                Ok(pair::make(seed, None, stop)?)
            });
        }
        let label = self.label();
        let view = match self.wish.show_seed {
            true => View::Text,
            false => View::Code,
        };
        let terminal = self.terminal.as_ref().ok_or(EnrolmentError::NobodyToAsk)?;
        let mut display = Display::open(terminal, &modules, &device.seed, label, view)
            .map_err(EnrolmentError::Terminal)?;
        self.enable_with(traces, |attempt, notice| attempt.ask(&mut display, notice))
    }

    /// Sends pairs of codes until AWS takes one.
    fn enable_with(
        &mut self,
        traces: &mut Traces,
        mut codes: impl FnMut(&mut Self, &str) -> Result<[Code; 2], EnrolmentError>,
    ) -> Result<[Code; 2], EnrolmentError> {
        let user = &self.subject.user;
        let mut notice = String::new();
        for left in (0..PAIRS).rev() {
            self.check_signals()?;
            let [first, second] = codes(self, &notice)?;
            self.check_signals()?;
            let begun = BegunEnrolment {
                user: user.clone(),
                serial: self.serial.clone(),
                has_seed: traces.seed,
            };
            self.journal.begin(begun, [&first, &second]);
            let answer = mfa_devices::enable(self.aws, user, &self.serial, [&first, &second]);
            match answer {
                Ok(()) => return Ok([first, second]),
                Err(AwsError::InvalidCodePair { .. }) if left > 0 => {
                    notice = "AWS refused them; ".to_owned();
                }
                Err(error) => {
                    traces.may_be_enabled = error.may_have_been_done();
                    let is_unclear = traces.may_be_enabled
                        || matches!(error, AwsError::EntityAlreadyExists { .. });
                    if is_unclear && self.is_enabled() {
                        return Ok([first, second]);
                    }
                    return Err(error.into());
                }
            }
        }
        Err(AwsError::InvalidCodePair { clock_ahead: None }.into())
    }

    /// Whether AWS has enabled the device, where its answer was lost. A list may lag behind, or be denied; but
    /// AWS deletes no device that is enabled.
    fn is_enabled(&self) -> bool {
        match mfa_devices::list(self.aws, Some(&self.subject.user)) {
            Ok(devices) => {
                let mut serials = devices.iter().map(|device| device.serial.as_str());
                if serials.any(|serial| serial == self.serial.as_str()) {
                    return true;
                }
            }
            Err(error) => trace(1, || with_causes(&error)),
        }
        let deleted = mfa_devices::delete_virtual(self.aws, self.serial.as_str());
        matches!(deleted, Err(AwsError::DeleteConflict { .. }))
    }

    /// Asks for two codes under the QR code.
    fn ask(
        &mut self,
        display: &mut Display<'_>,
        notice: &str,
    ) -> Result<[Code; 2], EnrolmentError> {
        let terminal = self.terminal.as_mut().ok_or(EnrolmentError::NobodyToAsk)?;
        loop {
            display.draw(terminal).map_err(EnrolmentError::Terminal)?;
            let letters = display.letters();
            let mut asker = Asker {
                terminal,
                device: "the new device",
                notice,
                letters,
            };
            match asker.pair()? {
                Asked::Pair(codes) => return Ok(codes),
                Asked::Letter(letter) => display.take(letter),
            }
        }
    }

    /// Shows the QR code of a seed that is kept in the keychain, for a telephone that is to have it as well.
    fn show_once(
        &mut self,
        device: &CreatedDevice,
        modules: &Modules,
    ) -> Result<(), EnrolmentError> {
        let label = self.label();
        let Some(terminal) = self.terminal else {
            return Ok(());
        };
        let view = match self.wish.show_seed {
            true => View::Text,
            false => View::Code,
        };
        let mut display = Display::open(terminal, modules, &device.seed, label, view)
            .map_err(EnrolmentError::Terminal)?;
        loop {
            display.draw(terminal).map_err(EnrolmentError::Terminal)?;
            let offers: Vec<String> = display
                .letters()
                .iter()
                .map(|(letter, what)| format!("{letter}: {what}"))
                .collect();
            let question = format!(
                "daypass: Return when a telephone has it, or none is to ({}):",
                offers.join(", ")
            );
            let line = match terminal.ask(&question, Typing::Code) {
                Ok(Answer::Line(line)) => line,
                other => return Err(ended(other)),
            };
            match line.trim().to_ascii_lowercase().as_str() {
                "" => return Ok(()),
                text => display.take(text.chars().next().unwrap_or_default()),
            }
        }
    }

    fn label(&self) -> String {
        format!("AWS, {}@{}", self.subject.user, self.subject.account)
    }

    pub(super) fn check_signals(&self) -> Result<(), EnrolmentError> {
        match self.held.has_arrived() {
            true => Err(EnrolmentError::Interrupted),
            false => Ok(()),
        }
    }

    /// Deletes the device, its seed and its picture: nothing is left of what failed.
    fn undo(&self, traces: &Traces, error: EnrolmentError) -> EnrolmentError {
        let serial = &self.serial;
        let deleted = {
            let _progress = Progress::show("daypass: deleting the device again ...");
            mfa_devices::delete_virtual(self.aws, serial.as_str())
        };
        let left = match deleted {
            Ok(()) | Err(AwsError::NoSuchEntity { .. }) => None,
            Err(left) => Some(left),
        };
        // What is known of a device that may be in use is worth more than a tidy keychain.
        let may_be_in_use = left.is_some() && traces.may_be_enabled;
        if !may_be_in_use {
            self.journal.end();
        }
        if traces.seed
            && !may_be_in_use
            && let Err(error) = self.keychain.remove(Item::Seed(serial))
        {
            warn(format_args!(
                "the seed of {serial} may still be in {}: {}",
                self.keychain,
                with_causes(&error)
            ));
        }
        if let Some(file) = self.wish.qr_file.as_ref().filter(|_| traces.picture)
            && let Err(error) = picture::remove(&file.path)
        {
            warn(format_args!(
                "{} is still there: {error}",
                file.path.display()
            ));
        }
        match left {
            None => {
                remark(&format!(
                    "daypass: the device {} was deleted again\n",
                    serial.device_name()
                ));
                error
            }
            Some(left) => EnrolmentError::LeftBehind {
                serial: serial.clone(),
                source: Box::new(error),
                error: left,
            },
        }
    }
}

/// What became of a question that got no answer.
pub(super) fn ended(answer: io::Result<Answer>) -> EnrolmentError {
    match answer {
        Ok(Answer::TimedOut) => CodeError::TimedOut.into(),
        Ok(Answer::Interrupted) => EnrolmentError::Interrupted,
        Ok(Answer::Cancelled | Answer::Line(_)) => CodeError::Cancelled.into(),
        Err(error) => EnrolmentError::Terminal(error),
    }
}
