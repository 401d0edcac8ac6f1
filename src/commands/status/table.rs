//! The sessions as a table, for people.

use chrono::TimeDelta;

use super::rows::{Row, Shown};
use crate::{
    credentials::Session,
    profile::{Profile, Role},
    terminal::{self, Painter, Style, with_causes, word},
    time::{self, Timestamp},
};

/// Renders the table, and below it what to do next. Where its rows would be longer than `room` columns, their bars
/// are shorter.
pub(super) fn render(
    rows: &[Row],
    now: Timestamp,
    painter: Painter,
    room: Option<usize>,
) -> String {
    if rows.is_empty() {
        return "no profile uses MFA yet; to set one up: daypass setup\n".to_owned();
    }
    let names: Vec<String> = rows.iter().map(Row::label).collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let width = longest.unwrap_or(0).max("PROFILE".len());
    let details: Vec<Details> = rows.iter().map(|row| row.details(now)).collect();
    let widest = details.iter().map(|of| of.width(LONGEST_BAR)).max();
    // Before the details stand the name and the state.
    let excess = room.map(|room| (width + 12 + widest.unwrap_or(0)).saturating_sub(room));
    let bar = LONGEST_BAR.saturating_sub(excess.unwrap_or(0));
    let header = format!(
        "{:width$}  STATE     {:age$}  GOOD UNTIL",
        "PROFILE",
        "MFA AGE",
        age = age_width(bar)
    );
    let mut text = painter.paint(Style::Dim, header) + "\n";
    for ((row, name), details) in rows.iter().zip(names).zip(details) {
        let state = row.state(now);
        let style = match state {
            "valid" => Style::Green,
            "expiring" => Style::Yellow,
            _ => Style::Red,
        };
        let state = painter.paint(style, format_args!("{state:8}"));
        text += &format!("{name:width$}  {state}  {}\n", details.render(bar));
    }
    let mut notes = old_keys(rows, painter);
    notes.extend(next_step(rows, now, painter));
    if !notes.is_empty() {
        text += &format!("\n{}\n", notes.join("\n"));
    }
    text
}

/// The age from which an access key should be replaced. Source: CIS AWS Foundations Benchmark, "access keys
/// are rotated every 90 days or less".
const OLD_KEY: TimeDelta = TimeDelta::days(90);

fn old_keys(rows: &[Row], painter: Painter) -> Vec<String> {
    let mut told: Vec<&str> = Vec::new();
    let mut notes = Vec::new();
    for row in rows.iter().filter(|row| !row.is_below) {
        let Ok(found) = &row.found else { continue };
        let (Some(age), Some(key)) = (found.key_age, &found.profile.key) else {
            continue;
        };
        if age <= OLD_KEY || told.contains(&key.access_key_id()) {
            continue;
        }
        told.push(key.access_key_id());
        let name = word(&row.name);
        let command = painter.paint(Style::Bold, format!("daypass rotate {name}"));
        let days = age.num_days();
        notes.push(format!(
            "the access key of {} is {days} days old or older: {command}",
            row.name
        ));
    }
    notes
}

fn next_step(rows: &[Row], now: Timestamp, painter: Painter) -> Option<String> {
    // A role needs no login of its own.
    let to_log_in: Vec<&Row> = rows
        .iter()
        .filter(|row| !row.is_below && row.found.is_ok() && row.state(now) != "valid")
        .collect();
    let [row] = to_log_in.as_slice() else {
        let command = painter.paint(Style::Bold, "daypass login PROFILE");
        return (!to_log_in.is_empty()).then(|| format!("to log in: {command}"));
    };
    let name = match row.name.as_str() {
        // Without a name, so that a key of the environment serves as well.
        "default" => String::new(),
        name => format!(" {}", word(name)),
    };
    let what = if row.state(now) == "expiring" {
        "to renew"
    } else {
        "to log in"
    };
    let command = painter.paint(Style::Bold, format!("daypass login{name}"));
    Some(format!("{what}: {command}"))
}

impl Row {
    fn label(&self) -> String {
        let indent = if self.is_below { "  " } else { "" };
        format!("{indent}{}", self.name)
    }

    fn details(&self, now: Timestamp) -> Details {
        let found = match &self.found {
            Ok(found) => found,
            Err(error) => return Details::Text(with_causes(error)),
        };
        match self.shown(now) {
            None => Details::Text(found.reason.clone().unwrap_or_default()),
            Some(Shown::Mfa(session)) => {
                let expiry = session.effective_expiry(found.profile.mfa_age_limit);
                let role = found.profile.role().filter(|_| self.is_below);
                match role {
                    // Its own row shows the session itself.
                    Some(role) if expiry > now => Details::Role {
                        name: format!("role {}, not assumed yet", role.arn.role_name()),
                        end: end(expiry, now),
                    },
                    Some(role) => of_role(role, expiry, now),
                    None => of_session(&found.profile, session, now),
                }
            }
            Some(Shown::Role(session, role)) => {
                of_role(role, session.credentials().expiration, now)
            }
        }
    }
}

/// How many columns the bar of an age has where there is room.
const LONGEST_BAR: usize = 10;

/// The columns behind the state: the age or the role, and the end of the session, or why there is none.
enum Details {
    Text(String),
    Role {
        name: String,
        end: String,
    },
    Session {
        age: TimeDelta,
        limit: TimeDelta,
        end: String,
    },
}

impl Details {
    fn render(&self, bar: usize) -> String {
        let width = age_width(bar);
        match self {
            Details::Text(text) => text.clone(),
            Details::Role { name, end } => format!("{name:width$}  {end}"),
            Details::Session { age, limit, end } => {
                let of = format!(
                    "{} of {}",
                    time::render_span(*age),
                    time::render_span(*limit)
                );
                let drawn = match bar {
                    0 => String::new(),
                    _ => terminal::bar(age.num_seconds(), limit.num_seconds(), bar) + " ",
                };
                let width = width - drawn.chars().count();
                format!("{drawn}{of:width$}  {end}")
            }
        }
    }

    /// How wide it is; reasons and errors are sentences, which no bar makes longer.
    fn width(&self, bar: usize) -> usize {
        match self {
            Details::Text(_) => 0,
            _ => self.render(bar).chars().count(),
        }
    }
}

/// How wide the column of the age is, with a bar of so many columns.
fn age_width(bar: usize) -> usize {
    const AGE: usize = "7 h 59 min of 8 h ".len();
    match bar {
        0 => AGE,
        bar => bar + 1 + AGE,
    }
}

fn of_session(profile: &Profile, session: &Session, now: Timestamp) -> Details {
    let expiry = session.effective_expiry(profile.mfa_age_limit);
    Details::Session {
        age: (now - session.mfa_time).max(TimeDelta::zero()),
        limit: time::delta(profile.mfa_age_limit),
        end: end(expiry, now),
    }
}

fn of_role(role: &Role, expiry: Timestamp, now: Timestamp) -> Details {
    Details::Role {
        name: format!("role {}", role.arn.role_name()),
        end: end(expiry, now),
    }
}

fn end(expiry: Timestamp, now: Timestamp) -> String {
    let until = time::render_local(expiry, now);
    if expiry <= now {
        return format!("ended {until}");
    }
    let left = time::render_span(expiry - now);
    format!("{until} ({left} left)")
}
