//! Which MFA device: the one that something names, that AWS tells, or that is most likely.

use crate::{
    aws::{client::Aws, iam::mfa_devices, sts::Identity},
    commands::setup::{
        SetupArgs,
        dialogue::{Choice, Dialogue, TRIES},
    },
    credentials::LongTermKey,
    failure::word,
    profile::{self, Files},
    serial::Serial,
    setup::{SetupError, survey::Survey},
    terminal::{Progress, Typing, trace, with_causes},
};

/// What somebody without an MFA device has to do.
pub fn no_device(profile: &str) -> String {
    format!(
        "There is no MFA device for the command line yet. This makes one in a minute:\n  \
         daypass enroll {}\n",
        word(profile)
    )
}

/// The MFA device; `None` if the user has none that gives codes.
pub fn choose(
    dialogue: &mut Dialogue,
    files: &Files,
    survey: &Survey,
    args: &SetupArgs,
    key: &LongTermKey,
    identity: &Identity,
) -> Result<Option<Serial>, SetupError> {
    if let Some(serial) = args.serial.as_ref().or(survey.serial.as_ref()) {
        return Ok(Some(serial.clone()));
    }
    dialogue.say(&format!("This key belongs to {identity}."));
    if let Some(error) = &survey.unusable_device {
        dialogue.say(&format!("{error}."));
    }
    let region = match &args.region {
        Some(region) => region.clone(),
        None => profile::region(files, &survey.profile, None)?,
    };
    let aws = Aws::new(key, &survey.profile, &region)?;
    let answer = {
        let _progress = Progress::show("daypass: asking AWS for the MFA devices ...");
        mfa_devices::list(&aws, None)
    };
    let devices = match answer {
        Ok(devices) => devices,
        Err(error) => {
            trace(1, || with_causes(&error));
            return guessed_device(dialogue, identity);
        }
    };
    let (usable, others): (Vec<_>, Vec<_>) = devices
        .iter()
        .map(|device| Serial::parse(&device.serial))
        .partition(Result::is_ok);
    let usable: Vec<Serial> = usable.into_iter().flatten().collect();
    match usable.as_slice() {
        [] => {
            for other in others.into_iter().filter_map(Result::err) {
                dialogue.say(&format!("{other}."));
            }
            dialogue.say(no_device(&survey.profile).trim_end());
            if dialogue.is_open() && !dialogue.agrees("Set up everything else now? [Y/n]")? {
                return Err(SetupError::Cancelled);
            }
            Ok(None)
        }
        [serial] => Ok(Some(serial.clone())),
        several => {
            let mut options: Vec<String> = several.iter().map(Serial::to_string).collect();
            let count = options.len();
            options.extend(
                others
                    .into_iter()
                    .filter_map(Result::err)
                    .map(|error| error.to_string()),
            );
            choose_device(dialogue, several, &options[..count], &options[count..])
        }
    }
}

/// Lets a person choose among devices that give codes; the others are named, so that nobody misses them.
fn choose_device(
    dialogue: &mut Dialogue,
    usable: &[Serial],
    options: &[String],
    others: &[String],
) -> Result<Option<Serial>, SetupError> {
    for other in others {
        dialogue.say(&format!("{other}."));
    }
    let title = "You have several MFA devices. Which one will you take codes from?";
    let flag = format!("--serial {}", options[0]);
    match dialogue.choose(title, options, false, &flag)? {
        Choice::Option(number) => Ok(Some(usable[number].clone())),
        Choice::Other(_) => Ok(None),
    }
}

/// AWS does not tell without MFA, which is common: a virtual device most often bears its user's name.
///
/// `None` if there is none yet, as the person says.
fn guessed_device(
    dialogue: &mut Dialogue,
    identity: &Identity,
) -> Result<Option<Serial>, SetupError> {
    let guess = identity.likely_serial();
    dialogue.say(
        "AWS does not say which MFA devices you have unless you give a code first.\n\
         You see them in the AWS console: your name at the top right, Security\n\
         credentials. Most often the identifier ends in your user's name.\n\
         If you have none yet, type: none",
    );
    let question = match &guess {
        Some(guess) => format!("MFA device [{guess}]:"),
        None => "MFA device:".to_owned(),
    };
    let flag = match &guess {
        Some(guess) => format!("--serial {guess}"),
        None => "--serial ARN".to_owned(),
    };
    for _ in 0..TRIES {
        let what = "AWS does not tell which MFA device this user has";
        let answer = dialogue.ask(&question, Typing::Line, what, &flag)?;
        match (answer.is_empty(), &guess) {
            (true, Some(guess)) => return Ok(Some(guess.clone())),
            _ if answer.eq_ignore_ascii_case("none") => return Ok(None),
            _ => match Serial::parse(&answer) {
                Ok(serial) => return Ok(Some(serial)),
                Err(error) => dialogue.say(&format!("{error}.")),
            },
        }
    }
    Err(SetupError::Cancelled)
}
