//! The members of a group, and what a policy would do to each, as a table for people.

use crate::{
    devices::MfaDevice,
    policy::templates::Kind,
    policy_rollout::{
        members::{ActiveKey, Afterwards, Member, Reason},
        survey::Preflight,
    },
    rotation::survey::LastUse,
    terminal::{Painter, Style, shortened},
    time::Timestamp,
};

/// What is shown of a longer name; below the table it is whole.
const LONGEST_NAME: usize = 20;

/// Renders the table, those who would be locked out first, then the reasons, then what was looked at.
pub(super) fn render(
    preflight: &Preflight,
    kind: Kind,
    now: Timestamp,
    painter: Painter,
) -> String {
    let mut rows: Vec<(&Member, Afterwards)> = preflight
        .members
        .iter()
        .map(|member| (member, member.afterwards(kind)))
        .collect();
    rows.sort_by_key(|(_, afterwards)| rank(afterwards));
    if rows.is_empty() {
        return "The group has no members.\n\n".to_owned();
    }
    let names: Vec<String> = rows
        .iter()
        .map(|(member, _)| shortened(&member.name, LONGEST_NAME))
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let width = longest.unwrap_or(0).max("MEMBER".len());
    let header = format!(
        "{:width$}  {:21}  {:8}  {:10}  AFTERWARDS",
        "MEMBER", "DEVICES", "PASSWORD", "ACCESS KEY"
    );
    let mut text = painter.paint(Style::Dim, header) + "\n";
    for ((member, afterwards), name) in rows.iter().zip(names) {
        let (style, word) = word(afterwards);
        text += &format!(
            "{name:width$}  {:21}  {:8}  {:10}  {}\n",
            devices(member),
            match member.has_password {
                Some(true) => "yes",
                Some(false) => "no",
                None => "not told",
            },
            keys(member),
            painter.paint(style, word)
        );
    }
    text.push('\n');
    for (member, afterwards) in &rows {
        if let Some(why) = why(afterwards, now) {
            text += &format!("{}: {why}\n", member.name);
        }
        if !member.trusted_by.is_empty() {
            text += &format!(
                "{}: trusted by name, without MFA, by {}: whoever assumes that with the access key alone is denied \
                 from then on, and is not with an MFA session\n",
                member.name,
                member.trusted_by.join(", ")
            );
        }
    }
    if !text.ends_with("\n\n") {
        text.push('\n');
    }
    text + &looked_at(preflight) + "\n"
}

/// Worst first.
fn rank(afterwards: &Afterwards) -> u8 {
    match afterwards {
        Afterwards::LockedOut(_) => 0,
        Afterwards::PerhapsAMachine(_) => 1,
        Afterwards::HasToEnrol => 2,
        Afterwards::ConsoleOnly => 3,
        Afterwards::WorksOn => 4,
        Afterwards::CannotSignIn => 5,
    }
}

fn word(afterwards: &Afterwards) -> (Style, &'static str) {
    match afterwards {
        Afterwards::LockedOut(_) => (Style::Red, "locked out"),
        Afterwards::PerhapsAMachine(_) => (Style::Yellow, "with codes"),
        Afterwards::HasToEnrol => (Style::Yellow, "enrols first"),
        Afterwards::ConsoleOnly => (Style::Green, "console"),
        Afterwards::WorksOn => (Style::Green, "with codes"),
        Afterwards::CannotSignIn => (Style::Dim, "cannot sign in"),
    }
}

fn why(afterwards: &Afterwards, now: Timestamp) -> Option<String> {
    let used = |key: &ActiveKey| used(key, now);
    Some(match afterwards {
        Afterwards::LockedOut(Reason::NoDevice) => {
            "locked out: there is no MFA device, and without one nobody can enrol one".to_owned()
        }
        Afterwards::LockedOut(Reason::Machine(key)) => format!(
            "locked out: a machine, by the look of it: no password, and {}",
            used(key)
        ),
        Afterwards::LockedOut(Reason::NoCodes(key)) => format!(
            "locked out of the command line: {}, and no device gives codes for it",
            used(key)
        ),
        Afterwards::LockedOut(Reason::NotTold(action)) => {
            format!("counts as locked out, since AWS denied {action}")
        }
        Afterwards::PerhapsAMachine(key) => format!(
            "perhaps a machine, which has no codes: no password, and {}",
            used(key)
        ),
        _ => return None,
    })
}

fn used(key: &ActiveKey, now: Timestamp) -> String {
    let id = &key.access_key_id;
    match key.last_use {
        LastUse::At(moment) => {
            let days = (now - moment).num_days();
            let ago = match days {
                ..1 => "less than a day ago".to_owned(),
                1 => "1 day ago".to_owned(),
                days => format!("{days} days ago"),
            };
            format!("{id} was used {ago}")
        }
        LastUse::Never => format!("{id} was never used"),
        LastUse::Unknown => format!("AWS does not tell when {id} was used"),
    }
}

fn devices(member: &Member) -> String {
    let Some(devices) = &member.devices else {
        return "not told".to_owned();
    };
    let mut types: Vec<&str> = Vec::new();
    for name in devices
        .iter()
        .map(MfaDevice::device_type)
        .map(|kind| kind.name())
    {
        if !types.contains(&name) {
            types.push(name);
        }
    }
    match types.as_slice() {
        [] => "none".to_owned(),
        types => types.join(", "),
    }
}

fn keys(member: &Member) -> &'static str {
    match member.keys.as_deref() {
        None => "not told",
        Some([]) => "none",
        Some(keys) if keys.iter().all(|key| key.last_use == LastUse::Never) => "never used",
        Some(_) => "in use",
    }
}

/// What the table was made of, and what nobody has looked at.
fn looked_at(preflight: &Preflight) -> String {
    let members = counted(preflight.members.len(), "member", "members");
    let mut text =
        format!("Looked at: devices, passwords, access keys and their last use of {members}");
    if let Some(roles) = preflight.roles {
        text += &format!(
            ";\n  the trust policies of {}, of which {} the whole account without MFA",
            counted(roles, "role", "roles"),
            counted(preflight.open_roles, "trusts", "trust"),
        );
    }
    text += "\n";
    if !preflight.denied.is_empty() {
        let denied: Vec<&str> = preflight.denied.iter().copied().collect();
        text += &format!("Not told, since AWS denied it: {}\n", denied.join(", "));
    }
    text + "Not looked at: who has assumed a role with an access key, which CloudTrail knows\n"
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
