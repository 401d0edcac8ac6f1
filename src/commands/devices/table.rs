//! The devices as a table, for people.

use super::list::Row;
use crate::{
    devices::{DeviceType, owner::Owner},
    failure::word,
    terminal::{Painter, Style, filled, shortened},
    time,
};

/// A terminal of the usual width.
const COLUMNS: usize = 80;

/// What is shown of a longer name; the serial below it has the whole.
const LONGEST_NAME: usize = 24;

/// Renders the table, and below it what is missing.
pub(super) fn render(rows: &[Row], owner: &Owner, profile: &str, painter: Painter) -> String {
    let enroll = |more: &str| enroll(owner, profile, more, painter);
    if rows.is_empty() {
        let enroll = enroll("");
        return format!("{owner} has no MFA device\nto set one up: {enroll}\n");
    }
    let names: Vec<String> = rows
        .iter()
        .map(|row| shortened(row.device.name(), LONGEST_NAME))
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let width = longest.unwrap_or(0).max("NAME".len());
    let header = format!(
        "{:width$}  TYPE          SINCE       CODES      PROFILES",
        "NAME"
    );
    let mut text = format!("MFA devices of {owner}\n\n");
    text += &(painter.paint(Style::Dim, &header) + "\n");
    let indent = header.len() - "PROFILES".len();
    for (row, name) in rows.iter().zip(names) {
        let device = &row.device;
        let since = device.enabled_at.map(time::render_date);
        let mut profiles = in_lines(&row.usage.profiles(), COLUMNS - indent).into_iter();
        text += &format!(
            "{name:width$}  {:12}  {:10}  {}  {}\n",
            device.device_type().name(),
            since.unwrap_or_default(),
            codes(row, painter),
            profiles.next().unwrap_or_default(),
        );
        for more in profiles {
            text += &format!("{:indent$}{more}\n", "");
        }
        if name != device.serial() {
            text += &format!("  {}\n", painter.paint(Style::Dim, device.serial()));
        }
    }
    if let Some(step) = next_step(rows, &enroll(" --name NAME")) {
        text += &format!("\n{step}\n");
    }
    text
}

/// The column that says whether the device gives codes, and whether they are made here.
fn codes(row: &Row, painter: Painter) -> String {
    let (style, word) = match (row.device.gives_codes(), row.usage.seeds.as_slice()) {
        (false, _) => (Style::Yellow, "no"),
        (true, []) => (Style::Green, "yes"),
        (true, _) => (Style::Green, "yes, seed"),
    };
    painter.paint(style, format_args!("{word:9}"))
}

fn next_step(rows: &[Row], enroll: &str) -> Option<String> {
    let device_types = || rows.iter().map(|row| row.device.device_type());
    if !rows.iter().any(|row| row.device.gives_codes()) {
        let word = if device_types().all(|device_type| device_type == DeviceType::SecurityKey) {
            "a security key signs in with a browser only"
        } else {
            "none of these gives codes for the command line"
        };
        return Some(format!("{word}; to add a device that does:\n{enroll}"));
    }
    (rows.len() == 1).then(|| {
        format!("whoever loses the only device is locked out; to add a second one:\n{enroll}")
    })
}

/// The command that adds a device.
fn enroll(owner: &Owner, profile: &str, more: &str, painter: Painter) -> String {
    let profile = match profile {
        "default" => String::new(),
        name => format!(" {}", word(name)),
    };
    let user = owner.other().map(|name| format!(" --user {}", word(name)));
    let user = user.unwrap_or_default();
    painter.paint(Style::Bold, format!("daypass enroll{profile}{user}{more}"))
}

/// The profiles with commas between them, in lines of this width; none is broken.
fn in_lines(profiles: &[&str], width: usize) -> Vec<String> {
    let Some((last, others)) = profiles.split_last() else {
        return vec!["-".to_owned()];
    };
    let others = others.iter().map(|profile| format!("{profile},"));
    filled(others.chain([(*last).to_owned()]), width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::sts::Identity,
        devices::{
            MfaDevice,
            usage::{NamedIn, SeedOf, Usage},
        },
        keychain::Keychain,
        profile::Place,
    };

    fn row(serial: &str, profiles: &[&str]) -> Row {
        let named_in = profiles
            .iter()
            .map(|profile| NamedIn {
                profile: (*profile).to_owned(),
                key: "mfa_serial",
                place: Place::Line("/config".into(), 1),
            })
            .collect();
        Row {
            device: MfaDevice::new(serial, time::parse_timestamp("2026-11-22T12:00:00Z")),
            usage: Usage {
                named_in,
                ..Usage::default()
            },
        }
    }

    fn rendered(rows: &[Row]) -> String {
        let identity = Identity {
            account_id: "123456789012".into(),
            arn: "arn:aws:iam::123456789012:user/ada".into(),
        };
        render(rows, &Owner::new(identity, None), "work", Painter::never())
    }

    #[test]
    fn many_profiles_and_long_names_stay_within_80_columns_but_for_the_serial() {
        let profiles: Vec<String> = (0..20).map(|number| format!("profile-{number}")).collect();
        let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
        let long = format!("arn:aws:iam::123456789012:mfa/{}", "long".repeat(20));
        let mut rows = [row(&long, &profiles), row("GAHT12345678", &[])];
        rows[0].usage.seeds.push(SeedOf {
            profile: "work".into(),
            keychain: Keychain::Pass,
        });
        let text = rendered(&rows);
        for line in text.lines().filter(|line| !line.contains(&long)) {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert!(text.contains("longlonglonglonglongl...  virtual"), "{text}");
        assert!(text.contains("profile-19\n"), "{text}");
        assert!(text.contains("yes, seed"), "{text}");
        // The number of a hardware device is its name.
        assert_eq!(text.matches("GAHT12345678").count(), 1, "{text}");
    }

    #[test]
    fn what_is_missing_is_said() {
        let ada = || row("arn:aws:iam::123456789012:mfa/ada", &["work"]);
        let key = || row("arn:aws:iam::123456789012:u2f/user/ada/key-A", &[]);
        let step = |rows: &[Row]| {
            let text = rendered(rows);
            text.split_once("\n\n")
                .and_then(|(_, table)| table.split_once("\n\n"))
                .map(|(_, step)| step.lines().next().unwrap().to_owned())
        };
        assert_eq!(step(&[ada(), key()]), None);
        assert!(step(&[ada()]).unwrap().contains("to add a second one"));
        assert!(step(&[key()]).unwrap().contains("with a browser only"));
        assert!(rendered(&[]).contains("has no MFA device\nto set one up: daypass enroll work"));
    }
}
