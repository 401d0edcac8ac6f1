//! The list of a user's devices.

use super::{
    ListArgs,
    asking::{Asking, By},
    json, table,
};
use crate::{
    commands::GlobalArgs,
    devices::{MfaDevice, usage::Usage},
    failure::{Exit, Failure, word},
    serial::Serial,
    terminal::{self, Painter, warn},
    time,
};

/// A device and what uses it.
pub(super) struct Row {
    pub(super) device: MfaDevice,
    pub(super) usage: Usage,
}

/// Runs the command.
pub(super) fn run(args: ListArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let asking = Asking::open(&selection, args.user.user, global, |_| By::Session)?;
    let devices = asking.devices().map_err(|error| asking.failed(error))?;
    let now = time::now();
    let rows: Vec<Row> = devices
        .into_iter()
        .map(|device| Row {
            usage: Usage::find(&asking.files, device.serial(), now),
            device,
        })
        .collect();
    let profile = &asking.profile;
    let answer = if args.json {
        json::render(&rows, &asking.owner)
    } else {
        table::render(&rows, &asking.owner, &profile.name, Painter::stdout())
    };
    let serial = profile.mfa_serial.as_ref().map(Serial::as_str);
    let is_there = |serial: &str| rows.iter().any(|row| row.device.serial() == serial);
    let missing = serial.filter(|serial| asking.owner.other().is_none() && !is_there(serial));
    let missing = missing.map(|serial| not_a_device(serial, &rows, &profile.session_profile));
    // Nothing secret waits in memory for somebody who is slow to read.
    drop((asking, rows));
    terminal::output(&answer)?;
    if let Some(text) = missing {
        warn(text);
    }
    Ok(Exit::Done)
}

/// What to do about a profile whose device the user does not have.
fn not_a_device(serial: &str, rows: &[Row], profile: &str) -> String {
    let mut others = rows.iter().filter(|row| row.device.gives_codes());
    let command = match others.next() {
        Some(row) => format!(
            "daypass setup {} --serial {}",
            word(profile),
            word(row.device.serial())
        ),
        None => format!("daypass enroll {}", word(profile)),
    };
    format!("the profile '{profile}' names {serial}, which is none of these: {command}")
}
