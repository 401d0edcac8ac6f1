//! `daypass devices`: the MFA devices of a user, and what uses them.

use crate::{
    commands::{GlobalArgs, ProfileArgs},
    devices,
    failure::{Exit, Failure},
    profile::Selection,
};

mod asking;
mod codes;
mod json;
mod list;
mod remove;
mod resync;
mod table;

/// List the MFA devices of your user, resync or remove one
///
/// The list says of which type each device is, since when it is enabled, whether it gives codes for the command
/// line (security keys and passkeys do not), and which profiles of your two files use it. "seed" means that a
/// keychain of yours makes its codes.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_long_help = "\
A profile that is called resync or remove is listed with --profile.

Examples:
  daypass devices work
  daypass devices work --json
  daypass devices --user grace --profile admin
  daypass devices resync ada -p work
  daypass devices remove old-phone -p work")]
pub struct DevicesArgs {
    #[command(flatten)]
    list: ListArgs,

    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    #[command(flatten)]
    user: UserArgs,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Whose devices.
#[derive(Debug, clap::Args)]
struct UserArgs {
    /// The IAM user whose devices they are, for administrators; the profile's own if not given
    #[arg(long, value_name = "NAME", value_parser = devices::parse_user_name)]
    user: Option<String>,
}

/// The profile, where the argument is something else.
#[derive(Debug, clap::Args)]
struct ProfileOption {
    /// The profile that asks; AWS_PROFILE, then 'default', if none is named
    #[arg(short, long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new(), value_hint = clap::ValueHint::Other)]
    profile: Option<String>,
}

impl ProfileOption {
    fn selection(self) -> Selection {
        Selection::from_arguments(self.profile)
    }
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Resync(ResyncArgs),
    Remove(RemoveArgs),
}

/// Get a device whose codes AWS refuses back into step
///
/// A hardware token's clock drifts, and a virtual device may have been enabled with codes that came late. AWS finds
/// out where a device is from two consecutive codes: they are asked for, or made of the seed in the keychain.
/// This asks with the cached session or the access key itself, since a device that is out of step
/// cannot log in.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass devices resync ada
  daypass devices resync GAHT12345678 --profile work")]
struct ResyncArgs {
    /// The serial of the device, or its name
    #[arg(value_parser = devices::parse_serial_or_name)]
    serial: String,

    #[command(flatten)]
    profile: ProfileOption,

    #[command(flatten)]
    user: UserArgs,
}

/// Take a device from its user; a virtual one is deleted
///
/// It does not remove the last device, the last that gives codes for the command line, or one that a profile
/// uses, unless --force says so. Where a removal broke off, the same command finishes it.
/// Sessions that were made with the device stay good until they end.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass devices remove old-phone
  daypass devices remove GAHT12345678 --user grace --profile admin")]
struct RemoveArgs {
    /// The serial of the device, or its name
    #[arg(value_parser = devices::parse_serial_or_name)]
    serial: String,

    #[command(flatten)]
    profile: ProfileOption,

    #[command(flatten)]
    user: UserArgs,

    /// Remove it even if it is the last one, or a profile uses it
    #[arg(long)]
    force: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
///
/// # Errors
/// When AWS does not answer or refuses, there is no such device, or it is not to be removed.
pub fn run(args: DevicesArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    match args.action {
        None => list::run(args.list, global),
        Some(Action::Resync(args)) => resync::run(args, global),
        Some(Action::Remove(args)) => remove::run(args, global),
    }
}
