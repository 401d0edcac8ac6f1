//! `daypass status`: every session, and how long it is still good.

use std::io::{self, IsTerminal};

use crate::{
    commands::{ProfileArgs, warn_of_key_in_environment},
    environment,
    failure::{Exit, Failure},
    profile::{Files, ProfileError},
    terminal::{self, Painter},
    time::{self, Timestamp},
};

mod json;
mod rows;
mod table;

use rows::Row;

/// Show the sessions: state, MFA age against its limit, and until when they are good
#[derive(Debug, clap::Args)]
#[command(mut_arg("positional", |argument| argument.help("The profile; all that use MFA, if none is named")))]
#[command(after_long_help = "\
--short and --check are about AWS_PROFILE if it is set and no profile is named.

Examples:
  daypass status
  daypass status work --json
  daypass status work --check || daypass login work
  PS1='$(daypass status --short) \\$ '")]
pub struct StatusArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Print JSON, for programs
    #[arg(long, conflicts_with = "short")]
    json: bool,

    /// Print name and time left of each valid session, for shell prompts
    #[arg(long)]
    short: bool,

    /// Exit with 10 if there is no valid session
    #[arg(long)]
    check: bool,
}

/// Runs the command.
///
/// # Errors
/// When the files cannot be read or the profile is not known.
pub fn run(args: StatusArgs) -> Result<Exit, Failure> {
    let mut named = args.profile.named()?;
    let files = Files::read()?;
    let now = time::now();
    if args.short || args.check {
        named = named.or_else(environment::profile);
    }
    let rows = match &named {
        None => rows::every_row(&files),
        Some(name) => match rows::named_rows(&files, name) {
            // A shell prompt is no place for an error.
            Err(ProfileError::Unknown { .. }) if args.short => Vec::new(),
            rows => rows?,
        },
    };
    // Programs are told of the profile that they have named, people of its source as well.
    let of_named = match &named {
        Some(_) => &rows[rows.len().saturating_sub(1)..],
        None => &rows,
    };
    let answer = if args.json {
        json::render(of_named, now)
    } else if args.short {
        render_short(of_named, now, named.is_some())
    } else {
        // Whatever reads a file or a pipe has no width.
        let room = io::stdout().is_terminal().then(terminal::columns);
        table::render(&rows, now, Painter::stdout(), room)
    };
    let is_valid = of_named.iter().any(|row| row.is_valid(now));
    // Nothing secret waits in memory for somebody who is slow to read.
    drop((files, rows));
    terminal::output(&answer)?;
    if !(args.json || args.short) {
        warn_of_key_in_environment();
    }
    Ok(if args.check && !is_valid {
        Exit::NotValid
    } else {
        Exit::Done
    })
}

/// A word for each profile that can be used, and for how long without another code.
fn render_short(rows: &[Row], now: Timestamp, is_named: bool) -> String {
    let words: Vec<String> = rows
        .iter()
        .filter(|row| is_named || !row.is_below)
        .filter(|row| row.is_valid(now))
        .filter_map(|row| {
            let left = (row.end_of_codes(now)? - now).num_minutes();
            let left = match (left / 60, left % 60) {
                (0, minutes) => format!("{minutes}m"),
                (hours, minutes) => format!("{hours}h{minutes:02}m"),
            };
            Some(format!("{} {left}", row.name))
        })
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!("{}\n", words.join(" "))
    }
}
