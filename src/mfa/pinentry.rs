//! Pinentry: the little window (or screen) in which GnuPG asks, for programs without a terminal.

use std::{env, fs::File, io::IsTerminal, path::Path, time::Duration};

use pinentry::{Error, PassphraseInput};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::{patience::Work, terminal::Answer};

/// The programs to try, in this order; `pinentry` is what the system or the user has chosen.
const PROGRAMS: [&str; 3] = ["pinentry", "pinentry-mac", "pinentry-curses"];

/// How long a question stands, in seconds; as long as one on the terminal.
const PATIENCE_SECONDS: u16 = 300;

/// How long pinentry may take to give up by itself.
const PATIENCE: Duration = Duration::from_secs(PATIENCE_SECONDS as u64 + 10);

/// Names longer than this are cut: a request of pinentry's protocol has 1,000 bytes at most.
const LONGEST_NAME: usize = 100;

/// Why pinentry could not ask.
#[derive(Debug, thiserror::Error)]
pub enum PinentryError {
    /// It cannot be started.
    #[error("it cannot be started")]
    NotStarted,
    /// It found neither a window nor a terminal to ask in, or failed otherwise.
    #[error("{0}")]
    Failed(Error),
}

/// A pinentry that can probably ask.
pub struct Pinentry {
    program: &'static str,
    /// The terminal it may use if it has no window: the user's own, which `GPG_TTY` names.
    terminal: Option<String>,
    /// What went wrong with the last answer.
    notice: Option<String>,
}

impl Pinentry {
    /// Finds one, if there is one and somewhere for it to ask: a display, or the terminal that `GPG_TTY`
    /// names.
    pub fn find() -> Option<Self> {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let terminal = env::var("GPG_TTY").ok().filter(|path| is_terminal(path));
        let has_window = set("DISPLAY") || set("WAYLAND_DISPLAY") || !cfg!(target_os = "linux");
        if !has_window && terminal.is_none() {
            return None;
        }
        let program = PROGRAMS
            .into_iter()
            .find(|program| PassphraseInput::with_binary(program).is_some())?;
        Some(Pinentry {
            program,
            terminal,
            notice: None,
        })
    }

    /// Has the next question begin with what went wrong.
    pub(super) fn say(&mut self, text: &str) {
        self.notice = Some(text.chars().take(2 * LONGEST_NAME).collect());
    }

    /// Asks for a code.
    ///
    /// # Errors
    /// [`PinentryError`] when nobody could be asked.
    pub(super) fn ask(&mut self, profile: &str, device: &str) -> Result<Answer, PinentryError> {
        let cut = |name: &str| name.chars().take(LONGEST_NAME).collect::<String>();
        let description = format!(
            "daypass needs the six-digit MFA code\nfor the AWS profile {}, device {}.",
            cut(profile),
            cut(device)
        );
        let (program, terminal) = (self.program, self.terminal.clone());
        let notice = self.notice.take();
        let work = Work::start(move |begun| {
            let mut input = PassphraseInput::with_binary(program)?;
            input
                .with_title("daypass")
                .with_description(&description)
                .with_prompt("MFA code:")
                .with_timeout(PATIENCE_SECONDS);
            if let Some(notice) = &notice {
                input.with_error(notice);
            }
            #[cfg(unix)]
            if let Some(terminal) = &terminal {
                let options = pinentry::unix::Options::builder().tty_name(terminal);
                input.with_unix_options(options.build());
            }
            begun.tell();
            Some(input.interact())
        });
        match work.wait(PATIENCE, PATIENCE, || ()) {
            None => Ok(Answer::TimedOut),
            Some(None) => Err(PinentryError::NotStarted),
            Some(Some(Ok(typed))) => Ok(Answer::Line(Zeroizing::new(
                typed.expose_secret().to_owned(),
            ))),
            Some(Some(Err(Error::Cancelled))) => Ok(Answer::Cancelled),
            Some(Some(Err(Error::Timeout))) => Ok(Answer::TimedOut),
            Some(Some(Err(error))) => Err(PinentryError::Failed(error)),
        }
    }
}

fn is_terminal(path: &str) -> bool {
    !path.is_empty() && File::open(Path::new(path)).is_ok_and(|file| file.is_terminal())
}
