//! `daypass completions`: the script that teaches a shell what to complete.

use crate::{
    failure::{Exit, Failure},
    terminal,
};

/// A shell with completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
    Elvish,
}

/// Print the completions for a shell: commands, options, and the names of your profiles
///
/// The script reads the names of the profiles from the two files itself, whenever the Tab key is pressed. install.sh
/// puts it where bash, zsh and fish look for it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  source <(daypass completions bash)            # in ~/.bashrc
  daypass completions zsh > ~/.zfunc/_daypass   # with ~/.zfunc in fpath
  daypass completions fish > ~/.config/fish/completions/daypass.fish
  daypass completions powershell >> $PROFILE
  eval (daypass completions elvish | slurp)     # in ~/.config/elvish/rc.elv")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Runs the command.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    terminal::trace(1, || format!("the completions for {:?}", args.shell));
    // Rendered from the tree of commands by the tests, which compare them too.
    terminal::output(match args.shell {
        Shell::Bash => include_str!("../../completions/daypass.bash"),
        Shell::Zsh => include_str!("../../completions/_daypass"),
        Shell::Fish => include_str!("../../completions/daypass.fish"),
        Shell::Powershell => include_str!("../../completions/daypass.ps1"),
        Shell::Elvish => include_str!("../../completions/daypass.elv"),
    })?;
    Ok(Exit::Done)
}
