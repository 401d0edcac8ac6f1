//! `daypass status`: every session, and how long it is still good.

use serde_json::json;

use crate::{
    cached_session::{self, FindError, Lookup},
    commands::{ProfileArgs, warn_of_key_in_environment},
    credentials::{Freshness, Session},
    environment,
    failure::{Exit, Failure},
    keychain::{Keychain, Questions},
    profile::{self, Files, Overrides, Profile, ProfileError, Selection, SessionStore},
    terminal::{self, Painter, Style, with_causes},
    time::{self, Timestamp},
};

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

/// A profile and its session, as they are now.
struct Row {
    name: String,
    found: Result<Found, ProfileError>,
}

struct Found {
    profile: Profile,
    session: Option<Session>,
    /// Why there is none.
    reason: Option<String>,
}

/// The keychains that did not open, and what was told of them: none is tried again for another profile.
type Closed = Vec<(Keychain, String)>;

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
    let rows = match named {
        Some(name) => match Row::of(&files, &name, Some(&name), &mut Closed::new()) {
            // A shell prompt is no place for an error.
            Row {
                found: Err(ProfileError::Unknown { .. }),
                ..
            } if args.short => Vec::new(),
            Row {
                found: Err(error), ..
            } => return Err(error.into()),
            row => vec![row],
        },
        None => every_row(&files),
    };
    let answer = if args.json {
        render_json(&rows, now)
    } else if args.short {
        render_short(&rows, now)
    } else {
        render_table(&rows, now, Painter::stdout())
    };
    let valid = rows.iter().any(|row| {
        matches!(
            row.freshness(now),
            Some(Freshness::Valid | Freshness::Expiring)
        )
    });
    // Nothing secret waits in memory for somebody who is slow to read.
    drop((files, rows));
    terminal::output(&answer)?;
    if !(args.json || args.short) {
        warn_of_key_in_environment();
    }
    Ok(if args.check && !valid {
        Exit::NotValid
    } else {
        Exit::Done
    })
}

fn every_row(files: &Files) -> Vec<Row> {
    let names = files.profile_names();
    let mut closed = Closed::new();
    let mut rows: Vec<Row> = names
        .iter()
        .filter(|name| uses_mfa(files, name))
        .map(|name| Row::of(files, name, Some(name), &mut closed))
        .collect();
    let is_default = |row: &Row| row.name == "default";
    let has_key = environment::profile().is_none() && environment::long_term_key().is_some();
    if has_key && !rows.iter().any(is_default) {
        // A key of the environment serves commands that name no profile.
        rows.push(Row::of(files, "default", None, &mut closed));
    }
    rows
}

fn find(files: &Files, named: Option<&str>, closed: &mut Closed) -> Result<Found, ProfileError> {
    let selection = Selection::from_arguments(named.map(str::to_owned));
    let profile = profile::resolve(files, &selection, &Overrides::default())?;
    let keychain = profile.keychain();
    let known = closed.iter().find(|(known, _)| *known == keychain);
    if let (SessionStore::Keychain, Some((_, reason))) = (profile.session_store, known) {
        let (session, reason) = (None, Some(reason.clone()));
        return Ok(Found {
            profile,
            session,
            reason,
        });
    }
    let found = cached_session::find(files, &profile, Questions::Forbidden);
    let (session, reason) = match found {
        Ok(Lookup::Hit(session)) => (Some(session), None),
        Ok(Lookup::Miss(reason)) => (None, Some(reason.to_string())),
        Err(FindError::Unreadable { path, source }) => {
            return Err(ProfileError::Unreadable { path, source });
        }
        // The other profiles can be shown all the same.
        Err(error @ FindError::Keychain(_)) => {
            let reason = with_causes(&error);
            closed.push((keychain, reason.clone()));
            (None, Some(reason))
        }
    };
    Ok(Found {
        profile,
        session,
        reason,
    })
}

/// Whether a profile is one that daypass has to do with. Roles are shown by their source.
fn uses_mfa(files: &Files, name: &str) -> bool {
    let has = |key: &str| {
        [&files.config, &files.credentials].into_iter().any(|read| {
            let section = read.document.profile(name);
            section.is_some_and(|section| !matches!(section.value(key), Ok(None)))
        })
    };
    let credentials = &files.credentials.document;
    !has("role_arn")
        && (has("mfa_serial")
            || has("mfa_process")
            || has("daypass_session_section")
            || has("daypass_long_term_section")
            || has("daypass_access_key_id")
            || credentials.profile(&format!("{name}-long-term")).is_some()
            || files.holds_our_session(&format!("{name}-mfa")))
}

impl Row {
    fn of(files: &Files, name: &str, named: Option<&str>, closed: &mut Closed) -> Self {
        Row {
            name: name.to_owned(),
            found: find(files, named, closed),
        }
    }

    fn session(&self) -> Option<(&Profile, &Session)> {
        let found = self.found.as_ref().ok()?;
        Some((&found.profile, found.session.as_ref()?))
    }

    fn freshness(&self, now: Timestamp) -> Option<Freshness> {
        let (profile, session) = self.session()?;
        Some(session.freshness(profile.mfa_age_limit, now))
    }

    fn state(&self, now: Timestamp) -> &'static str {
        match self.freshness(now) {
            Some(Freshness::Valid) => "valid",
            Some(Freshness::Expiring) => "expiring",
            Some(Freshness::Expired) => "expired",
            None => "none",
        }
    }
}

fn render_json(rows: &[Row], now: Timestamp) -> String {
    let objects: Vec<_> = rows
        .iter()
        .map(|row| {
            let profile = row.found.as_ref().ok().map(|found| &found.profile);
            let session = row.session().map(|(_, session)| session);
            let expiry = row
                .session()
                .map(|(profile, session)| session.effective_expiry(profile.mfa_age_limit));
            let serial = session
                .map(|session| &session.mfa_serial)
                .or(profile.and_then(|profile| profile.mfa_serial.as_ref()));
            json!({
                "profile": row.name,
                "section": profile.map(|profile| &profile.session_section),
                "state": row.state(now),
                "expires_at": expiry.map(time::render_timestamp),
                "mfa_time": session.map(|session| time::render_timestamp(session.mfa_time)),
                "mfa_age_limit_seconds": profile.map(|profile| profile.mfa_age_limit.as_secs()),
                "seconds_left": expiry.map_or(0, |expiry| (expiry - now).num_seconds().max(0)),
                "mfa_serial": serial.map(|serial| serial.as_str()),
                "account_id": serial.and_then(|serial| serial.account_id()),
                "role_arn": profile.and_then(|profile| profile.role()).map(|role| role.arn.as_str()),
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(objects))
}

fn render_short(rows: &[Row], now: Timestamp) -> String {
    let words: Vec<String> = rows
        .iter()
        .filter(|row| matches!(row.state(now), "valid" | "expiring"))
        .filter_map(|row| {
            let (profile, session) = row.session()?;
            let left = (session.effective_expiry(profile.mfa_age_limit) - now).num_minutes();
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

fn render_table(rows: &[Row], now: Timestamp, painter: Painter) -> String {
    if rows.is_empty() {
        return "no profile uses MFA yet; daypass --help shows the first steps\n".to_owned();
    }
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0)
        .max("PROFILE".len());
    let header = format!(
        "{:width$}  STATE     MFA AGE                        GOOD UNTIL",
        "PROFILE"
    );
    let mut text = painter.paint(Style::Dim, header) + "\n";
    let (mut to_log_in, mut expiring) = (Vec::new(), false);
    for row in rows {
        let state = row.state(now);
        let style = match state {
            "valid" => Style::Green,
            "expiring" => Style::Yellow,
            _ => Style::Red,
        };
        if state != "valid" && row.found.is_ok() {
            to_log_in.push(row.name.as_str());
            expiring |= state == "expiring";
        }
        let state = painter.paint(style, format_args!("{state:8}"));
        text += &format!("{:width$}  {state}  {}\n", row.name, row.details(now));
    }
    let hint = match to_log_in.as_slice() {
        [] => return text,
        [name] => {
            let name = match *name {
                // Without a name, so that a key of the environment serves as well.
                "default" => String::new(),
                name => format!(" {}", shlex::try_quote(name).unwrap_or_default()),
            };
            let what = if expiring { "to renew" } else { "to log in" };
            format!(
                "{what}: {}",
                painter.paint(Style::Bold, format!("daypass login{name}"))
            )
        }
        _ => format!(
            "to log in: {}",
            painter.paint(Style::Bold, "daypass login PROFILE")
        ),
    };
    format!("{text}\n{hint}\n")
}

impl Row {
    /// The columns behind the state: the age and the end of the session, or why there is none.
    fn details(&self, now: Timestamp) -> String {
        let (profile, session) = match (&self.found, self.session()) {
            (_, Some(found)) => found,
            (Ok(found), None) => return found.reason.clone().unwrap_or_default(),
            (Err(error), None) => return with_causes(error),
        };
        let limit = time::delta(profile.mfa_age_limit);
        let expiry = session.effective_expiry(profile.mfa_age_limit);
        let age = (now - session.mfa_time).max(chrono::TimeDelta::zero());
        let bar = terminal::bar(age.num_seconds(), limit.num_seconds(), 10);
        let of = format!("{} of {}", time::render_span(age), time::render_span(limit));
        let until = time::render_local(expiry, now);
        if expiry <= now {
            return format!("{bar} {of:18}  ended {until}");
        }
        let left = time::render_span(expiry - now);
        format!("{bar} {of:18}  {until} ({left} left)")
    }
}
