//! The code sources, in their order.

use std::{io, thread, time::Duration};

use crate::{
    keychain::{Item, Keychain, KeychainError, Questions},
    mfa::{
        code::{Code, NotACode, STEP_SECONDS},
        memory::Memory,
        pinentry::{Pinentry, PinentryError},
        process::{self, ProcessError},
        seed::{Seed, SeedError},
    },
    serial::Serial,
    standard_input,
    terminal::{Answer, Progress, Terminal, Typing, warn, with_causes},
    time,
};

/// How often a person may mistype before we stop asking. Only codes that AWS has seen count as tries.
const MISTYPED: usize = 5;

/// A code on the command line.
#[derive(Debug, Clone)]
pub enum GivenCode {
    /// `--code 123456`
    Digits(Code),
    /// `--code -`
    StandardInput,
}

/// A source that a profile or a flag can insist on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SourceName {
    /// The command of the setting mfa_process
    MfaProcess,
    /// The TOTP seed in the keychain
    Seed,
    /// A question on the terminal
    Terminal,
    /// A question of pinentry's
    Pinentry,
}

impl std::fmt::Display for SourceName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            SourceName::MfaProcess => "mfa-process",
            SourceName::Seed => "seed",
            SourceName::Terminal => "terminal",
            SourceName::Pinentry => "pinentry",
        })
    }
}

/// What a profile says of where its codes come from.
#[derive(Debug, Clone, Default)]
pub struct CodeSettings {
    /// A command that prints a code.
    pub mfa_process: Option<String>,
    /// Whether the keychain holds the TOTP seed of the device.
    pub has_seed: bool,
    /// Which keychain.
    pub keychain: Keychain,
    /// The one source that codes may come from; else the first that there is.
    pub only: Option<SourceName>,
}

impl CodeSettings {
    fn allow(&self, name: SourceName) -> bool {
        self.only.is_none_or(|only| only == name)
    }

    /// Somebody who can be asked here and now: on the terminal, else through pinentry.
    fn person(&self) -> Option<Person> {
        let terminal = || {
            let allowed = self.allow(SourceName::Terminal);
            allowed.then(Terminal::open).flatten().map(Person::Terminal)
        };
        let pinentry = || {
            let allowed = self.allow(SourceName::Pinentry);
            allowed.then(Pinentry::find).flatten().map(Person::Pinentry)
        };
        terminal().or_else(pinentry)
    }
}

/// Where the code will come from.
pub enum CodeSource {
    /// The command line or stdin.
    Given(Code),
    /// `mfa_process`.
    Process(String),
    /// The TOTP seed in the keychain, or if that fails somebody who can be asked.
    Seed(Keychain, Option<Box<CodeSettings>>),
    /// The terminal or pinentry.
    Person(Person),
}

/// Somebody who can be asked.
pub enum Person {
    /// On the terminal.
    Terminal(Terminal),
    /// Through pinentry.
    Pinentry(Pinentry),
}

/// Why a source gave no code.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The person said no.
    #[error("cancelled: no MFA code was given")]
    Cancelled,
    /// The person was not there.
    #[error("no MFA code was typed within five minutes")]
    TimedOut,
    /// A signal came, or the terminal was taken away.
    #[error("interrupted: no MFA code was given")]
    Interrupted,
    /// Something else was typed, again and again.
    #[error("no MFA code was typed")]
    Mistyped(#[source] NotACode),
    /// Stdin held something else.
    #[error("stdin does not begin with an MFA code")]
    StandardInput(#[source] NotACode),
    /// Stdin cannot be read.
    #[error("cannot read the MFA code from stdin")]
    StandardInputUnreadable(#[source] io::Error),
    /// AWS has seen this code before.
    #[error("this MFA code has been used already, and a code is good once")]
    Spent,
    /// `mfa_process` failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The terminal went away.
    #[error("cannot ask on the terminal")]
    Terminal(#[source] io::Error),
    /// Pinentry could not ask.
    #[error("pinentry could not ask for the MFA code of profile '{profile}'")]
    Pinentry {
        /// The profile.
        profile: String,
        /// Why.
        source: PinentryError,
    },
    /// The source that was insisted on is not set up.
    #[error("the only code source allowed is '{0}', which is not set up")]
    NotSetUp(SourceName),
    /// The keychain with the seed cannot be opened.
    #[error("cannot read the TOTP seed of {serial}")]
    Keychain {
        /// Whose seed.
        serial: Serial,
        /// Why.
        source: KeychainError,
    },
    /// The keychain holds no seed for this device.
    #[error("{keychain} holds no TOTP seed for {serial}")]
    NoSeed {
        /// Whose seed.
        serial: Serial,
        /// Where it should be.
        keychain: Keychain,
    },
    /// What the keychain holds is no seed.
    #[error("what {keychain} holds as the TOTP seed of {serial} is none")]
    BadSeed {
        /// Whose seed.
        serial: Serial,
        /// Where it is.
        keychain: Keychain,
        /// What is wrong with it.
        source: SeedError,
    },
}

impl CodeSource {
    /// Chooses the first source there is: a given code, `mfa_process`, the seed, the terminal, pinentry.
    ///
    /// A code on stdin is read here, before anybody can be kept waiting for it. The keychain is not
    /// opened yet.
    ///
    /// # Errors
    /// When stdin holds no code, or the one source that is allowed is not set up.
    pub fn choose(
        given: Option<&GivenCode>,
        settings: &CodeSettings,
        may_ask: bool,
    ) -> Result<Option<Self>, CodeError> {
        match given {
            Some(GivenCode::Digits(code)) => return Ok(Some(CodeSource::Given(code.clone()))),
            Some(GivenCode::StandardInput) => {
                return Ok(Some(CodeSource::Given(read_standard_input()?)));
            }
            None => {}
        }
        if let Some(command) = &settings.mfa_process
            && settings.allow(SourceName::MfaProcess)
        {
            return Ok(Some(CodeSource::Process(command.clone())));
        }
        if settings.has_seed && settings.allow(SourceName::Seed) {
            let otherwise = may_ask.then(|| Box::new(settings.clone()));
            return Ok(Some(CodeSource::Seed(settings.keychain, otherwise)));
        }
        match settings.only {
            Some(name @ (SourceName::MfaProcess | SourceName::Seed)) => {
                Err(CodeError::NotSetUp(name))
            }
            _ if may_ask => Ok(settings.person().map(CodeSource::Person)),
            _ => Ok(None),
        }
    }

    /// What the source is called.
    pub fn name(&self) -> &'static str {
        match self {
            CodeSource::Given(_) => "--code",
            CodeSource::Process(_) => "mfa_process",
            CodeSource::Seed(..) => "the seed in the keychain",
            CodeSource::Person(Person::Terminal(_)) => "the terminal",
            CodeSource::Person(Person::Pinentry(_)) => "pinentry",
        }
    }

    /// Whether the code was given for this one run: its failure is nobody else's, nor theirs its.
    pub fn is_given(&self) -> bool {
        matches!(self, CodeSource::Given(_))
    }

    /// Whether a code can be had without a question to anybody.
    pub fn bothers_nobody(&self) -> bool {
        !matches!(self, CodeSource::Person(_))
    }

    /// The same source, which now asks nobody if it fails.
    pub fn without_asking(self) -> Self {
        match self {
            CodeSource::Seed(keychain, _) => CodeSource::Seed(keychain, None),
            other => other,
        }
    }

    /// How often the source may be asked in all, when AWS refuses its codes.
    ///
    /// A seed gets a second chance: its first code may have been used where daypass could not see it,
    /// to sign in to the console for one.
    pub fn tries(&self) -> usize {
        match self {
            CodeSource::Given(_) | CodeSource::Process(_) => 1,
            CodeSource::Seed(..) => 2,
            CodeSource::Person(_) => 3,
        }
    }

    /// Tells the person at the source something; a source without a person hears nothing.
    pub fn say(&mut self, text: &str) {
        if let CodeSource::Person(person) = self {
            person.say(text);
        }
    }

    /// Gets a code that AWS has not seen yet; a person is told that it is for `profile`.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn code(
        &mut self,
        profile: &str,
        serial: &Serial,
        memory: &Memory,
    ) -> Result<Code, CodeError> {
        let unspent = |code: Code| {
            if memory.is_spent(serial, &code, time::now()) {
                Err(CodeError::Spent)
            } else {
                Ok(code)
            }
        };
        match self {
            CodeSource::Given(code) => unspent(code.clone()),
            CodeSource::Process(command) => twice(|| unspent(process::run(command)?)),
            CodeSource::Seed(keychain, otherwise) => {
                // Where nobody may be asked for a code, nobody may be for a password.
                let questions = match otherwise {
                    Some(_) => Questions::Allowed,
                    None => Questions::Forbidden,
                };
                let error = match read_seed(*keychain, serial, questions) {
                    Ok(seed) => return twice(|| unspent(seed.code_at(time::now()))),
                    Err(error) => error,
                };
                let was_interrupted = matches!(
                    &error,
                    CodeError::Keychain {
                        source: KeychainError::Interrupted { .. },
                        ..
                    }
                );
                if was_interrupted {
                    return Err(error);
                }
                let Some(person) = otherwise.take().and_then(|settings| settings.person()) else {
                    return Err(error);
                };
                warn(with_causes(&error));
                *self = CodeSource::Person(person);
                self.code(profile, serial, memory)
            }
            CodeSource::Person(person) => person.code(profile, serial, unspent),
        }
    }
}

impl Person {
    fn code(
        &mut self,
        profile: &str,
        serial: &Serial,
        unspent: impl Fn(Code) -> Result<Code, CodeError>,
    ) -> Result<Code, CodeError> {
        let mut mistake = CodeError::Mistyped(NotACode);
        for _ in 0..MISTYPED {
            let line = match self.ask(profile, serial.device_name())? {
                Answer::Cancelled => return Err(CodeError::Cancelled),
                Answer::TimedOut => return Err(CodeError::TimedOut),
                Answer::Interrupted => return Err(CodeError::Interrupted),
                Answer::Line(line) => line,
            };
            mistake = match Code::parse(&line).map(&unspent) {
                Ok(Ok(code)) => return Ok(code),
                Ok(Err(spent)) => spent,
                Err(error) => CodeError::Mistyped(error),
            };
            self.say(&match &mistake {
                CodeError::Spent => {
                    "this code has been used already: wait for the next one, at most 30 s"
                        .to_owned()
                }
                _ => NotACode.to_string(),
            });
        }
        Err(mistake)
    }

    fn ask(&mut self, profile: &str, device: &str) -> Result<Answer, CodeError> {
        match self {
            Person::Terminal(terminal) => {
                let question = format!("daypass: MFA code for {profile} (device {device}):");
                terminal
                    .ask(&question, Typing::Code)
                    .map_err(CodeError::Terminal)
            }
            Person::Pinentry(pinentry) => {
                let answer = pinentry.ask(profile, device);
                answer.map_err(|source| CodeError::Pinentry {
                    profile: profile.to_owned(),
                    source,
                })
            }
        }
    }

    fn say(&mut self, text: &str) {
        match self {
            Person::Terminal(terminal) => terminal.say(&format!("daypass: {text}")),
            Person::Pinentry(pinentry) => pinentry.say(text),
        }
    }
}

/// Gets a code, and if that has been used already the one of the next time step.
fn twice(code: impl Fn() -> Result<Code, CodeError>) -> Result<Code, CodeError> {
    match code() {
        Err(CodeError::Spent) => {
            wait_for_next_step();
            code()
        }
        other => other,
    }
}

/// Reads the seed of a device from the keychain.
///
/// # Errors
/// When the keychain does not serve, would have to ask and may not, or does not hold a seed of this device.
pub fn read_seed(
    keychain: Keychain,
    serial: &Serial,
    questions: Questions,
) -> Result<Seed, CodeError> {
    let text = keychain
        .read(Item::Seed(serial), questions)
        .map_err(|source| CodeError::Keychain {
            serial: serial.clone(),
            source,
        })?;
    let text = text.ok_or_else(|| CodeError::NoSeed {
        serial: serial.clone(),
        keychain,
    })?;
    Seed::from_secret(&text).map_err(|source| CodeError::BadSeed {
        serial: serial.clone(),
        keychain,
        source,
    })
}

/// Reads the first line of stdin.
fn read_standard_input() -> Result<Code, CodeError> {
    const LONGEST_LINE: usize = 128;
    let line = standard_input::read_line(LONGEST_LINE).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => CodeError::StandardInput(NotACode),
        _ => CodeError::StandardInputUnreadable(error),
    })?;
    Code::parse(&line).map_err(CodeError::StandardInput)
}

/// Waits until the device shows another code, with a countdown where a terminal shows it.
pub fn wait_for_next_step() {
    let step = |moment: time::Timestamp| moment.timestamp().div_euclid(STEP_SECONDS);
    let current = step(time::now());
    loop {
        let now = time::now();
        if step(now) != current {
            return;
        }
        let left = STEP_SECONDS - now.timestamp().rem_euclid(STEP_SECONDS);
        let _progress = Progress::show(&format!(
            "daypass: this code has been used; the next one comes in {left} s"
        ));
        thread::sleep(Duration::from_millis(500));
    }
}
