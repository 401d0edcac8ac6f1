//! The conversation of a set-up: on the terminal if there is one to ask on.

use std::io::{self, IsTerminal};

use zeroize::Zeroizing;

use crate::{
    failure::Failure,
    mfa::code::Code,
    setup::SetupError,
    terminal::{self, Answer, Terminal, Typing},
};

/// How often a person may answer what makes no sense before we stop asking.
pub const TRIES: usize = 5;

/// Somebody to ask, or nobody.
pub struct Dialogue {
    terminal: Option<Terminal>,
}

impl Dialogue {
    /// Opens the terminal, if anybody may be asked.
    pub fn open(may_ask: bool) -> Self {
        Dialogue {
            terminal: may_ask.then(Terminal::open).flatten(),
        }
    }

    /// Whether there is somebody to ask.
    pub fn is_open(&self) -> bool {
        self.terminal.is_some()
    }

    /// Says something on the way to a question; with nobody to ask it is left unsaid.
    pub fn say(&mut self, text: &str) {
        if let Some(terminal) = &mut self.terminal {
            terminal.say(text);
        }
    }

    /// Shows a result: on stdout, and on the terminal too if stdout leads elsewhere and a question about
    /// it is going to be asked.
    pub fn show(&mut self, text: &str) -> Result<(), Failure> {
        terminal::output(text)?;
        if !io::stdout().is_terminal() {
            self.say(text.trim_end());
        }
        Ok(())
    }

    /// Asks for a line. With nobody to ask the error says what is not known, and which flag says it.
    pub fn ask(
        &mut self,
        question: &str,
        typing: Typing,
        what: &str,
        flag: &str,
    ) -> Result<Zeroizing<String>, SetupError> {
        let Some(terminal) = &mut self.terminal else {
            return Err(SetupError::NobodyToAsk {
                what: what.to_owned(),
                flag: flag.to_owned(),
            });
        };
        match terminal
            .ask(question, typing)
            .map_err(SetupError::Terminal)?
        {
            Answer::Line(line) => Ok(Zeroizing::new(line.trim().to_owned())),
            Answer::Cancelled => Err(SetupError::Cancelled),
            Answer::TimedOut => Err(SetupError::TimedOut),
            Answer::Interrupted => Err(SetupError::Interrupted),
        }
    }

    /// Lets a person choose from a list by its number; no answer is the first. Returns the place in the
    /// list, or the answer itself where `free` allows another one.
    pub fn choose(
        &mut self,
        title: &str,
        options: &[String],
        free: bool,
        flag: &str,
    ) -> Result<Choice, SetupError> {
        self.say(title);
        for (number, option) in (1..).zip(options) {
            self.say(&format!("  {number}. {option}"));
        }
        for _ in 0..TRIES {
            let question = if free {
                "Number, or another name [1]:"
            } else {
                "Number [1]:"
            };
            let what = format!("there is a choice: {}", options.join(", "));
            let answer = self.ask(question, Typing::Line, &what, flag)?;
            match answer.parse::<usize>() {
                _ if answer.is_empty() => return Ok(Choice::Option(0)),
                Ok(number) if (1..=options.len()).contains(&number) => {
                    return Ok(Choice::Option(number - 1));
                }
                Err(_) if free => return Ok(Choice::Other(answer.to_string())),
                _ => self.say(&format!("A number from 1 to {}, please.", options.len())),
            }
        }
        Err(SetupError::Cancelled)
    }

    /// Asks for yes or no; no answer is yes.
    pub fn agrees(&mut self, question: &str) -> Result<bool, SetupError> {
        if !self.is_open() {
            return Err(SetupError::NotAgreed);
        }
        for _ in 0..TRIES {
            let answer = self.ask(question, Typing::Line, "", "--yes")?;
            match answer.to_ascii_lowercase().as_str() {
                "" | "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.say("y or n, please."),
            }
        }
        Ok(false)
    }

    /// Asks for a code; `None` if there is nobody to ask, or they want to log in later.
    pub fn code(&mut self) -> Result<Option<Code>, SetupError> {
        if !self.is_open() {
            return Ok(None);
        }
        let question = "MFA code, to log in now (Enter: later):";
        for _ in 0..TRIES {
            let answer = match self.ask(question, Typing::Code, "", "--code") {
                Ok(answer) if answer.is_empty() => return Ok(None),
                // The set-up is done: Ctrl-C here only means that there is no login now.
                Err(_) => return Ok(None),
                Ok(answer) => answer,
            };
            match Code::parse(&answer) {
                Ok(code) => return Ok(Some(code)),
                Err(error) => self.say(&format!("{error}.")),
            }
        }
        Ok(None)
    }
}

/// Asks until the answer can be used, and says each time why it cannot; after some tries it ends with `given_up`.
pub fn ask_until<T>(
    dialogue: &mut Dialogue,
    given_up: SetupError,
    mut ask: impl FnMut(&mut Dialogue) -> Result<Result<T, String>, SetupError>,
) -> Result<T, SetupError> {
    for _ in 0..TRIES {
        match ask(dialogue)? {
            Ok(answer) => return Ok(answer),
            Err(mistake) => dialogue.say(&format!("{mistake}.")),
        }
    }
    Err(given_up)
}

/// What was chosen from a list.
pub enum Choice {
    /// The option with this place in the list, counted from 0.
    Option(usize),
    /// Something else.
    Other(String),
}
