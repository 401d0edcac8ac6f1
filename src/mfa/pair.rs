//! Two consecutive codes, which AWS wants to enable a device or to bring it back into step.

use std::{thread, time::Duration};

use crate::{
    mfa::{
        code::{Code, NotACode, STEP_SECONDS},
        seed::Seed,
        source::CodeError,
    },
    terminal::{Answer, Progress, Terminal, Typing},
    time::{self, Timestamp},
};

/// How often a person may mistype before we stop asking.
const MISTYPED: usize = 5;

/// What a person typed where a code was asked for.
enum Typed {
    Code(Code),
    /// A letter that stands for something else in this question.
    Letter(char),
}

/// A question for codes on the terminal.
pub struct Asker<'a> {
    /// Who is asked.
    pub terminal: &'a mut Terminal,
    /// The device, as people know it.
    pub device: &'a str,
    /// What the first question begins with: why it is asked again.
    pub notice: &'a str,
    /// Letters that the first question offers, and what they are for: `s`, `the seed as text`.
    pub letters: &'a [(char, &'a str)],
}

/// What came of a question for two codes.
pub enum Asked {
    /// The codes, in their order.
    Pair([Code; 2]),
    /// One of the letters was typed.
    Letter(char),
}

impl Asker<'_> {
    /// Asks for a code and for the one that follows it, with a countdown to when the app shows that.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn pair(&mut self) -> Result<Asked, CodeError> {
        let offers: Vec<String> = self
            .letters
            .iter()
            .map(|(letter, what)| format!("{letter}: {what}"))
            .collect();
        let offers = match offers.is_empty() {
            true => String::new(),
            false => format!(" ({})", offers.join(", ")),
        };
        let device = self.device;
        // Under a QR code that fills a window of 80 columns, this has to stay on one line.
        let question = |_, has_notice| match has_notice && !offers.is_empty() {
            true => format!("first code{offers}"),
            false => format!("first code of {device}{offers}"),
        };
        let first = match self.ask(self.notice, question, None)? {
            Typed::Letter(letter) => return Ok(Asked::Letter(letter)),
            Typed::Code(code) => code,
        };
        let second = self.next(&first, "the next code")?;
        Ok(Asked::Pair([first, second]))
    }

    /// Asks for the code that follows `before`, with a countdown to it.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn next(&mut self, before: &Code, what: &str) -> Result<Code, CodeError> {
        self.letters = &[];
        let begun = step(time::now());
        let question = |now: Timestamp, _| match step(now) == begun {
            true => format!("{what}, which comes in {} s", seconds_left(now)),
            false => what.to_owned(),
        };
        match self.ask("", question, Some(before))? {
            Typed::Code(code) => Ok(code),
            Typed::Letter(_) => Err(CodeError::Mistyped(NotACode)),
        }
    }

    /// Asks `question`, which is told the time and whether a notice stands before it.
    fn ask(
        &mut self,
        notice: &str,
        question: impl Fn(Timestamp, bool) -> String,
        before: Option<&Code>,
    ) -> Result<Typed, CodeError> {
        let mut notice = notice.to_owned();
        for _ in 0..MISTYPED {
            let whole = || {
                let question = question(time::now(), !notice.is_empty());
                format!("daypass: {notice}{question}:")
            };
            let answer = self.terminal.ask_anew(whole, Typing::Code);
            let line = match answer.map_err(CodeError::Terminal)? {
                Answer::Cancelled => return Err(CodeError::Cancelled),
                Answer::TimedOut => return Err(CodeError::TimedOut),
                Answer::Interrupted => return Err(CodeError::Interrupted),
                Answer::Line(line) => line,
            };
            let typed = line.trim();
            let mut letters = self.letters.iter().map(|(letter, _)| *letter);
            if let Some(letter) =
                letters.find(|letter| typed.eq_ignore_ascii_case(&letter.to_string()))
            {
                return Ok(Typed::Letter(letter));
            }
            notice = match Code::parse(&line) {
                Ok(code) if before == Some(&code) => "not the same one again; ".to_owned(),
                Ok(code) => return Ok(Typed::Code(code)),
                Err(error) => format!("{error}; "),
            };
        }
        Err(CodeError::Mistyped(NotACode))
    }
}

/// Makes a code and waits for the next one, with a countdown where a terminal shows it. The first is not
/// `last`, which AWS has seen. `stop` ends the wait.
///
/// # Errors
/// [`CodeError::Interrupted`] if it was stopped.
pub fn make(
    seed: &Seed,
    last: Option<&Code>,
    stop: impl Fn() -> bool,
) -> Result<[Code; 2], CodeError> {
    let first = make_next(seed, last, &stop)?;
    let second = make_next(seed, Some(&first), &stop)?;
    Ok([first, second])
}

/// Makes the code of this moment, or if that is `last` waits for the one after it.
///
/// # Errors
/// [`CodeError::Interrupted`] if `stop` ended the wait.
pub fn make_next(
    seed: &Seed,
    last: Option<&Code>,
    stop: impl Fn() -> bool,
) -> Result<Code, CodeError> {
    let now = time::now();
    let code = seed.code_at(now);
    if last != Some(&code) {
        return Ok(code);
    }
    let later = wait_past(step(now), stop)?;
    Ok(seed.code_at(later))
}

fn wait_past(current: i64, stop: impl Fn() -> bool) -> Result<Timestamp, CodeError> {
    loop {
        let now = time::now();
        if stop() {
            return Err(CodeError::Interrupted);
        }
        if step(now) != current {
            return Ok(now);
        }
        let left = seconds_left(now);
        let _progress = Progress::show(&format!("daypass: the next code comes in {left} s"));
        thread::sleep(Duration::from_millis(200));
    }
}

fn step(moment: Timestamp) -> i64 {
    moment.timestamp().div_euclid(STEP_SECONDS)
}

fn seconds_left(moment: Timestamp) -> i64 {
    STEP_SECONDS - moment.timestamp().rem_euclid(STEP_SECONDS)
}
