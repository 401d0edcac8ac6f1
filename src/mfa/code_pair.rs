//! Two consecutive codes of a device, by which AWS finds out where its clock is.

use chrono::TimeDelta;

use crate::{
    keychain::Keychain,
    mfa::seed::Seed,
    mfa::{
        code::{Code, NotACode, STEP_SECONDS},
        source::{CodeError, MISTYPED, wait_for_next_step},
    },
    serial::Serial,
    terminal::{Answer, Terminal, Typing},
    time::{self, Timestamp},
};

/// How often a person may be asked for another pair.
const TRIES: usize = 3;

/// How many steps a seed is waited for whose codes AWS has seen already.
const LONGEST_WAIT: usize = 3;

/// Where the two codes come from.
pub enum PairSource {
    /// The seed, which is in this keychain.
    Seed(Seed, Keychain),
    /// A person at the terminal.
    Person(Terminal),
}

impl PairSource {
    /// How often the source may be asked in all. A seed would give no better codes the second time.
    pub fn tries(&self) -> usize {
        match self {
            PairSource::Seed(..) => 1,
            PairSource::Person(_) => TRIES,
        }
    }

    /// Whether the codes are made here.
    pub fn is_seed(&self) -> bool {
        matches!(self, PairSource::Seed(..))
    }

    /// Tells the person at the source something; a source without a person hears nothing.
    pub fn say(&mut self, text: &str) {
        if let PairSource::Person(terminal) = self {
            terminal.say(&format!("daypass: {text}"));
        }
    }

    /// Gets two consecutive codes, neither of which AWS has seen as far as `is_spent` knows.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn pair(
        &mut self,
        serial: &Serial,
        is_spent: impl Fn(&Code, Timestamp) -> bool,
    ) -> Result<[Code; 2], CodeError> {
        match self {
            PairSource::Seed(seed, _) => made(seed, is_spent),
            PairSource::Person(terminal) => typed(terminal, serial.device_name()),
        }
    }
}

/// The codes of the step before and of this one.
fn made(seed: &Seed, is_spent: impl Fn(&Code, Timestamp) -> bool) -> Result<[Code; 2], CodeError> {
    for _ in 0..=LONGEST_WAIT {
        let now = time::now();
        let before = now - TimeDelta::seconds(STEP_SECONDS);
        let pair = [seed.code_at(before), seed.code_at(now)];
        if !pair.iter().any(|code| is_spent(code, now)) {
            return Ok(pair);
        }
        wait_for_next_step();
    }
    Err(CodeError::Spent)
}

fn typed(terminal: &mut Terminal, device: &str) -> Result<[Code; 2], CodeError> {
    let question = || format!("daypass: the code that {device} shows (1 of 2):");
    let first = one(terminal, question, |_| true)?;
    let step = |moment: Timestamp| moment.timestamp().div_euclid(STEP_SECONDS);
    let typed_in = step(time::now());
    let question = || {
        let now = time::now();
        let left = STEP_SECONDS - now.timestamp().rem_euclid(STEP_SECONDS);
        if step(now) == typed_in {
            format!("daypass: the next code of {device}, in {left} s (2 of 2):")
        } else {
            format!("daypass: the next code of {device} (2 of 2):")
        }
    };
    let second = one(terminal, question, |code| *code != first)?;
    Ok([first, second])
}

/// Asks for a code until one is typed.
fn one(
    terminal: &mut Terminal,
    question: impl Fn() -> String,
    is_another: impl Fn(&Code) -> bool,
) -> Result<Code, CodeError> {
    for _ in 0..MISTYPED {
        let answer = terminal.ask_anew(&question, Typing::Code);
        let line = match answer.map_err(CodeError::Terminal)? {
            Answer::Cancelled => return Err(CodeError::Cancelled),
            Answer::TimedOut => return Err(CodeError::TimedOut),
            Answer::Interrupted => return Err(CodeError::Interrupted),
            Answer::Line(line) => line,
        };
        match Code::parse(&line) {
            Ok(code) if is_another(&code) => return Ok(code),
            Ok(_) => terminal.say(
                "daypass: this is the same code again: wait until the device shows another one",
            ),
            Err(error) => terminal.say(&format!("daypass: {error}")),
        }
    }
    Err(CodeError::Mistyped(NotACode))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn a_seed_gives_the_codes_of_two_steps_that_follow_each_other() {
        let seed = Seed::parse(SEED).unwrap();
        let mut source = PairSource::Seed(Seed::parse(SEED).unwrap(), Keychain::Pass);
        let serial = Serial::parse("GAHT12345678").unwrap();
        // A step may end in between.
        let is_pair = (0..2).any(|_| {
            let [first, second] = source.pair(&serial, |_, _| false).unwrap();
            let now = time::now();
            second == seed.code_at(now)
                && first == seed.code_at(now - TimeDelta::seconds(STEP_SECONDS))
        });
        assert!(is_pair);
    }
}
