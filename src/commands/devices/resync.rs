//! Getting a device back into step.

use std::time::Duration;

use super::{
    ResyncArgs,
    asking::{Asking, By, waiting},
    codes::PairSource,
};
use crate::{
    aws::{error::AwsError, iam::mfa_devices},
    commands::GlobalArgs,
    devices::error::DeviceError,
    failure::{Exit, Failure},
    mfa::{code::Code, turn::Turn},
    profile::{KeySource, Profile},
    serial::Serial,
    terminal,
    time::{self, render_span},
};

/// How long the memory of spent codes is waited for: it is no reason to keep anybody waiting.
const MEMORY_WAITS: Duration = Duration::from_secs(2);

/// Runs the command.
pub(super) fn run(args: ResyncArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection();
    let is_for_another = args.user.user.is_some();
    let text = args.serial.as_str();
    let asking = Asking::open(&selection, args.user.user, global, |profile| {
        if !is_for_another && names(profile, text) {
            // It is out of step, so that it cannot log in.
            By::WhatIsThere
        } else {
            By::Session
        }
    })?;
    let devices = asking.devices().map_err(|error| asking.failed(error))?;
    let device = asking.one(&devices, text)?;
    let serial = device.code_serial().map_err(DeviceError::NoCodes)?;
    let Some(user) = asking.owner.name() else {
        return Err(DeviceError::RootUser.into());
    };
    let mut source = PairSource::choose(&asking.profile, &serial, global)?;
    if !source.is_seed() {
        source.say(&format!(
            "AWS wants two codes of {serial}, one after the other"
        ));
    }
    resync(&asking, user, &serial, &mut source)?;
    let name = serial.device_name();
    drop(asking);
    terminal::output_sentences(&format!("{name}: in step again; AWS takes its next code\n"))?;
    Ok(Exit::Done)
}

/// Whether a text means the device that the profile names.
fn names(profile: &Profile, text: &str) -> bool {
    let serial = profile.mfa_serial.as_ref();
    serial.is_some_and(|serial| serial.as_str() == text || serial.device_name() == text)
}

fn resync(
    asking: &Asking,
    user: &str,
    serial: &Serial,
    source: &mut PairSource,
) -> Result<(), DeviceError> {
    let key = asking.profile.key.as_ref().map(KeySource::access_key_id);
    let path = &asking.files.credentials.file.path;
    let is_spent = |code: &Code, now| {
        key.is_some_and(|key| Turn::glance(path, key).is_spent(serial, code, now))
    };
    let mut tries = 1;
    loop {
        let pair = source.pair(serial, is_spent).map_err(DeviceError::Code)?;
        let answer =
            waiting(|| mfa_devices::resync(&asking.aws, user, serial, [&pair[0], &pair[1]]));
        // Where no answer came AWS may have seen them all the same.
        remember(asking, serial, &pair);
        let Err(error) = answer else {
            return Ok(());
        };
        let left = source.tries() - tries;
        match error {
            AwsError::InvalidCodePair { .. } if left > 0 => {
                tries += 1;
                source.say(&format!(
                    "{error} ({left} more to try). {}",
                    why(&error, serial)
                ));
            }
            AwsError::InvalidCodePair { .. } => {
                return Err(DeviceError::RefusedCodes {
                    serial: serial.clone(),
                    error: Box::new(error),
                    of_seed: source.is_seed(),
                });
            }
            _ if error.may_have_been_done() => {
                return Err(DeviceError::ResyncUnknown {
                    profile: asking.profile.name.clone(),
                    serial: serial.clone(),
                    error: Box::new(error),
                });
            }
            _ => return Err(asking.failed(error)),
        }
    }
}

/// Why AWS may have refused a pair, for a person to go through.
fn why(error: &AwsError, serial: &Serial) -> String {
    let clock = match error {
        AwsError::InvalidCodePair {
            clock_ahead: Some(ahead),
        } if ahead.num_seconds().abs() >= 5 => format!(
            " This machine's clock is {} off AWS's, which is no matter for codes of another machine.",
            render_span(*ahead)
        ),
        _ => String::new(),
    };
    format!(
        "Mistyped, not one right after the other, used already, or of another device than {serial}?{clock}"
    )
}

/// Remembers that these codes were sent, so that no login sends them again.
fn remember(asking: &Asking, serial: &Serial, pair: &[Code; 2]) {
    let Some(key) = &asking.profile.key else {
        return;
    };
    let path = &asking.files.credentials.file.path;
    if let Ok(mut turn) = Turn::take(path, key.access_key_id(), MEMORY_WAITS, || true) {
        turn.remember(|memory| {
            for code in pair {
                memory.add_spent(serial, code, time::now());
            }
        });
    }
}
