//! The code sources, in their order.

use std::{
    io::{self, BufRead, Read},
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{
    mfa::{
        code::{Code, NotACode},
        process::{self, ProcessError},
        turn::Turn,
    },
    profile::Profile,
    serial::Serial,
    terminal::{Answer, Progress, Terminal},
    time,
};

/// The length of a time step of a code (RFC 6238, as AWS uses it).
const STEP_SECONDS: i64 = 30;

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

/// Where the code will come from.
pub enum CodeSource {
    /// The command line or stdin.
    Given(GivenCode),
    /// `mfa_process`.
    Process(String),
    /// The terminal.
    Terminal(Terminal),
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
    /// A signal came, the caller ended, or the terminal was taken away.
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
}

impl CodeSource {
    /// Chooses the first source there is: a given code, `mfa_process`, the terminal.
    pub fn choose(given: Option<GivenCode>, profile: &Profile, may_ask: bool) -> Option<Self> {
        if let Some(given) = given {
            return Some(CodeSource::Given(given));
        }
        if let Some(command) = &profile.mfa_process {
            return Some(CodeSource::Process(command.clone()));
        }
        if may_ask {
            return Terminal::open().map(CodeSource::Terminal);
        }
        None
    }

    /// What the source is called.
    pub fn name(&self) -> &'static str {
        match self {
            CodeSource::Given(GivenCode::Digits(_)) => "--code",
            CodeSource::Given(GivenCode::StandardInput) => "stdin",
            CodeSource::Process(_) => "mfa_process",
            CodeSource::Terminal(_) => "the terminal",
        }
    }

    /// Whether the code was given for this one run: nobody else's failure answers for it.
    pub fn is_given(&self) -> bool {
        matches!(self, CodeSource::Given(_))
    }

    /// Whether a code can be had without a question to anybody.
    pub fn bothers_nobody(&self) -> bool {
        !matches!(self, CodeSource::Terminal(_))
    }

    /// Whether the source can be asked again after AWS has refused its code.
    pub fn can_try_again(&self) -> bool {
        matches!(self, CodeSource::Terminal(_))
    }

    /// Tells the person at the source something; a source without a person hears nothing.
    pub fn say(&mut self, text: &str) {
        if let CodeSource::Terminal(terminal) = self {
            terminal.say(&format!("daypass: {text}"));
        }
    }

    /// Gets a code that AWS has not seen yet.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn code(
        &mut self,
        profile: &Profile,
        serial: &Serial,
        turn: &Turn,
    ) -> Result<Code, CodeError> {
        match self {
            CodeSource::Given(given) => {
                let code = match given {
                    GivenCode::Digits(code) => code.clone(),
                    GivenCode::StandardInput => read_standard_input()?,
                };
                if turn.is_spent(serial, &code) {
                    return Err(CodeError::Spent);
                }
                Ok(code)
            }
            CodeSource::Process(command) => {
                let code = process::run(command)?;
                if !turn.is_spent(serial, &code) {
                    return Ok(code);
                }
                wait_for_next_step();
                let code = process::run(command)?;
                if turn.is_spent(serial, &code) {
                    return Err(CodeError::Spent);
                }
                Ok(code)
            }
            CodeSource::Terminal(terminal) => ask(terminal, profile, serial, turn),
        }
    }
}

fn ask(
    terminal: &mut Terminal,
    profile: &Profile,
    serial: &Serial,
    turn: &Turn,
) -> Result<Code, CodeError> {
    let question = format!(
        "daypass: MFA code for {} (device {}):",
        profile.session_profile,
        serial.device_name()
    );
    for _ in 0..MISTYPED {
        match terminal.ask(&question).map_err(CodeError::Terminal)? {
            Answer::Cancelled => return Err(CodeError::Cancelled),
            Answer::TimedOut => return Err(CodeError::TimedOut),
            Answer::Interrupted => return Err(CodeError::Interrupted),
            Answer::Line(line) => match Code::parse(line.expose()) {
                Ok(code) if turn.is_spent(serial, &code) => terminal.say(
                    "daypass: this code has been used already: wait for the next one, at most 30 s",
                ),
                Ok(code) => return Ok(code),
                Err(error) => terminal.say(&format!("daypass: {error}")),
            },
        }
    }
    Err(CodeError::Mistyped(NotACode))
}

fn read_standard_input() -> Result<Code, CodeError> {
    const LONGEST_LINE: u64 = 128;
    let mut line = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(LONGEST_LINE)
        .read_line(&mut line)
        .map_err(CodeError::StandardInputUnreadable)?;
    Code::parse(&line).map_err(CodeError::StandardInput)
}

/// Waits until the device shows another code, with a countdown where a terminal shows it.
fn wait_for_next_step() {
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
