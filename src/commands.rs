//! One file per subcommand: its arguments and its run.

pub mod credential_process;
pub mod login;
pub mod logout;
pub mod setup;
pub mod status;

use clap::{ValueHint, builder::NonEmptyStringValueParser};

use crate::{
    failure::{self, Failure},
    mfa::{code::Code, source::GivenCode},
    profile::Selection,
    serial::Serial,
    terminal::ColorChoice,
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
