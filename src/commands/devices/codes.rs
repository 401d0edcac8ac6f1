//! Where the two codes come from by which AWS finds out where a device's clock is.

use chrono::TimeDelta;

use crate::{
    commands::GlobalArgs,
    devices::error::DeviceError,
    mfa::{
        code::{Code, NotACode, STEP_SECONDS},
        pair::{Asked, Asker},
        seed::Seed,
        source::{CodeError, read_seed, wait_for_next_step},
    },
    profile::Profile,
    serial::Serial,
    terminal::Terminal,
    time::{self, Timestamp},
};

/// How often a person may be asked for another pair.
const TRIES: usize = 3;

/// How many steps a seed is waited for whose codes AWS has seen already.
const LONGEST_WAIT: usize = 3;

/// Where the two codes come from.
pub(super) enum PairSource {
    /// The seed in the keychain.
    Seed(Seed),
    /// A person at the terminal.
    Person(Terminal),
}

impl PairSource {
    /// Chooses the seed, where the profile says that a keychain has that of this device, else a person.
    ///
    /// # Errors
    /// When there is neither.
    pub(super) fn choose(
        profile: &Profile,
        serial: &Serial,
        global: &GlobalArgs,
    ) -> Result<Self, DeviceError> {
        if profile.codes.has_seed && profile.mfa_serial.as_ref() == Some(serial) {
            let seed = read_seed(profile.keychain(), serial, global.questions());
            return seed.map(PairSource::Seed).map_err(DeviceError::Code);
        }
        let terminal = if global.no_prompt {
            None
        } else {
            Terminal::open()
        };
        let terminal = terminal.ok_or_else(|| DeviceError::NobodyToAsk {
            serial: serial.clone(),
        })?;
        Ok(PairSource::Person(terminal))
    }

    /// How often the source may be asked in all. A seed would give no better codes the second time.
    pub(super) fn tries(&self) -> usize {
        match self {
            PairSource::Seed(_) => 1,
            PairSource::Person(_) => TRIES,
        }
    }

    /// Whether the codes are made here.
    pub(super) fn is_seed(&self) -> bool {
        matches!(self, PairSource::Seed(_))
    }

    /// Tells the person at the source something; a source without a person hears nothing.
    pub(super) fn say(&mut self, text: &str) {
        if let PairSource::Person(terminal) = self {
            terminal.say(&format!("daypass: {text}"));
        }
    }

    /// Gets two consecutive codes; those that are made here are none that AWS has seen, as far as `is_spent` knows.
    ///
    /// # Errors
    /// [`CodeError`].
    pub(super) fn pair(
        &mut self,
        serial: &Serial,
        is_spent: impl Fn(&Code, Timestamp) -> bool,
    ) -> Result<[Code; 2], CodeError> {
        let terminal = match self {
            PairSource::Seed(seed) => return made(seed, is_spent),
            PairSource::Person(terminal) => terminal,
        };
        let mut asker = Asker {
            terminal,
            device: serial.device_name(),
            notice: "",
            letters: &[],
        };
        match asker.pair()? {
            Asked::Pair(pair) => Ok(pair),
            // None is offered.
            Asked::Letter(_) => Err(CodeError::Mistyped(NotACode)),
        }
    }
}

/// The codes of the step before and of this one: nobody has to wait for these.
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

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn a_seed_gives_the_codes_of_two_steps_that_follow_each_other() {
        let seed = Seed::parse(SEED).unwrap();
        // A step may end in between.
        let is_pair = (0..2).any(|_| {
            let [first, second] = made(&seed, |_, _| false).unwrap();
            let now = time::now();
            second == seed.code_at(now)
                && first == seed.code_at(now - TimeDelta::seconds(STEP_SECONDS))
        });
        assert!(is_pair);
    }
}
