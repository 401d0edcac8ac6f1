//! The code sources, in their order.

use std::{
    io::{self, BufRead, Read},
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{
    mfa::{
        code::{Code, NotACode, STEP_SECONDS},
        memory::Memory,
        process::{self, ProcessError},
    },
    serial::Serial,
    terminal::{Answer, Progress, Terminal, Typing},
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

/// Where the code will come from.
pub enum CodeSource {
    /// The command line or stdin.
    Given(Code),
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
}

impl CodeSource {
    /// Chooses the first source there is: a given code, `mfa_process`, the terminal.
    ///
    /// A code on stdin is read here, before anybody can be kept waiting for it.
    ///
    /// # Errors
    /// When stdin holds no code.
    pub fn choose(
        given: Option<&GivenCode>,
        mfa_process: Option<&str>,
        may_ask: bool,
    ) -> Result<Option<Self>, CodeError> {
        Ok(match (given, mfa_process) {
            (Some(GivenCode::Digits(code)), _) => Some(CodeSource::Given(code.clone())),
            (Some(GivenCode::StandardInput), _) => Some(CodeSource::Given(read_standard_input()?)),
            (None, Some(command)) => Some(CodeSource::Process(command.to_owned())),
            (None, None) if may_ask => Terminal::open().map(CodeSource::Terminal),
            (None, None) => None,
        })
    }

    /// What the source is called.
    pub fn name(&self) -> &'static str {
        match self {
            CodeSource::Given(_) => "--code",
            CodeSource::Process(_) => "mfa_process",
            CodeSource::Terminal(_) => "the terminal",
        }
    }

    /// Whether the code was given for this one run: its failure is nobody else's, nor theirs its.
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
            if memory.is_spent(serial, &code) {
                Err(CodeError::Spent)
            } else {
                Ok(code)
            }
        };
        match self {
            CodeSource::Given(code) => unspent(code.clone()),
            CodeSource::Process(command) => match unspent(process::run(command)?) {
                Err(CodeError::Spent) => {
                    wait_for_next_step();
                    unspent(process::run(command)?)
                }
                fresh => fresh,
            },
            CodeSource::Terminal(terminal) => {
                let device = serial.device_name();
                let question = format!("daypass: MFA code for {profile} (device {device}):");
                ask(terminal, &question, unspent)
            }
        }
    }
}

fn ask(
    terminal: &mut Terminal,
    question: &str,
    unspent: impl Fn(Code) -> Result<Code, CodeError>,
) -> Result<Code, CodeError> {
    let mut mistake = CodeError::Mistyped(NotACode);
    for _ in 0..MISTYPED {
        let line = match terminal
            .ask(question, Typing::Code)
            .map_err(CodeError::Terminal)?
        {
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
        terminal.say(&match &mistake {
            CodeError::Spent => {
                "daypass: this code has been used already: wait for the next one, at most 30 s"
                    .to_owned()
            }
            _ => format!("daypass: {NotACode}"),
        });
    }
    Err(mistake)
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
