//! One file per subcommand: its arguments and its run. Here is what several of them share: options, the question before
//! something is changed, warnings.

pub mod audit;
pub mod completions;
pub mod console;
pub mod credential_process;
pub mod devices;
pub mod doctor;
pub mod enroll;
pub mod env;
pub mod exec;
pub mod login;
pub mod logout;
pub mod policy;
pub mod rotate;
pub mod setup;
pub mod status;
pub mod totp;

use clap::{ValueHint, builder::NonEmptyStringValueParser};

use crate::{
    cached_session::StoreError,
    environment,
    failure::{self, Failure},
    keychain::Questions,
    mfa::{code::Code, source::GivenCode},
    profile::Selection,
    serial::Serial,
    terminal::{Answer, ColorChoice, Terminal, Typing, warn, with_causes},
};

/// Options of every command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Say what is done on stderr; more with -vv and -vvv. Secrets are never shown
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,

    /// Never ask for anything: fail with exit code 3 instead
    #[arg(long, global = true)]
    pub no_prompt: bool,
}

impl GlobalArgs {
    /// Whether a keychain may ask to be unlocked.
    fn questions(&self) -> Questions {
        if self.no_prompt {
            Questions::Forbidden
        } else {
            Questions::Allowed
        }
    }
}

/// The profile, as an argument or as an option.
#[derive(Debug, Clone, clap::Args)]
pub struct ProfileArgs {
    /// The profile; AWS_PROFILE, then 'default', if none is named
    #[arg(value_name = "PROFILE", value_parser = NonEmptyStringValueParser::new(), value_hint = ValueHint::Other)]
    positional: Option<String>,

    /// The profile, as other AWS tools spell it
    #[arg(short, long = "profile", value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), value_hint = ValueHint::Other)]
    profile: Option<String>,
}

impl ProfileArgs {
    /// The profile that the command line names, if it names one.
    ///
    /// # Errors
    /// When it names two different ones.
    pub fn named(self) -> Result<Option<String>, Failure> {
        match (self.positional, self.profile) {
            (Some(positional), Some(flag)) if positional != flag => {
                Err(Failure::TwoProfiles { positional, flag })
            }
            (positional, flag) => Ok(positional.or(flag)),
        }
    }

    /// The profile that the command is about.
    ///
    /// # Errors
    /// When two different ones are named.
    pub fn selection(self) -> Result<Selection, Failure> {
        Ok(Selection::from_arguments(self.named()?))
    }
}

/// Asks before something is moved, replaced or removed, unless `--yes` has said so already.
///
/// # Errors
/// When the answer is no, or nobody can be asked.
pub fn confirm(question: &str, yes: bool, global: &GlobalArgs) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let mut terminal = somebody_to_ask(question, global)?;
    match terminal.ask(&format!("daypass: {question} [y/N]"), Typing::Line) {
        Ok(Answer::Line(line)) if matches!(line.trim(), "y" | "Y" | "yes" | "Yes" | "YES") => {
            Ok(())
        }
        _ => Err(Failure::Cancelled),
    }
}

/// The terminal on which a question can be asked.
///
/// # Errors
/// When nobody can be asked.
fn somebody_to_ask(question: &str, global: &GlobalArgs) -> Result<Terminal, Failure> {
    let terminal = if global.no_prompt {
        None
    } else {
        Terminal::open()
    };
    terminal.ok_or_else(|| Failure::NeedsYes {
        question: question.to_owned(),
    })
}

/// Warns of a long-term key in the environment: AWS tools take it before any profile, so that what daypass
/// says of a session would not hold for them. A key that aws-vault lends goes with its shell.
fn warn_of_key_in_environment() {
    if environment::long_term_key().is_some() && environment::aws_vault_profile().is_none() {
        warn(
            "AWS_ACCESS_KEY_ID is set, and AWS tools prefer it to any profile: \
             unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
        );
    }
}

/// Says why a session that is handed out could not be kept: the next tool has to ask for a code again.
fn warn_if_unsaved(unsaved: Option<&StoreError>) {
    if let Some(error) = unsaved {
        let hint = failure::unsaved_hint(error).map(|hint| format!("; hint: {hint}"));
        warn(format_args!(
            "the session could not be saved and serves this once only: {}{}",
            with_causes(error),
            hint.unwrap_or_default()
        ));
    }
}

/// Reads `--code`: six digits, or `-` for stdin.
fn given_code(text: &str) -> Result<GivenCode, String> {
    if text == "-" {
        return Ok(GivenCode::StandardInput);
    }
    Code::parse(text)
        .map(GivenCode::Digits)
        .map_err(|error| error.to_string())
}

/// Reads `--serial`.
fn serial(text: &str) -> Result<Serial, String> {
    Serial::parse(text).map_err(|error| match failure::serial_hint(&error) {
        Some(hint) => format!("{error}\n  tip: {hint}"),
        None => error.to_string(),
    })
}
