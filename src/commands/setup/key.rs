//! Which long-term key: one that is there, or one that is typed.

use crate::{
    aws::{error::AwsError, sts::Identity},
    commands::setup::{
        SetupArgs,
        dialogue::{Choice, Dialogue, TRIES, ask_until},
    },
    credentials::LongTermKey,
    failure::word,
    keychain::{KeychainError, Questions},
    long_term_key::{self, KeyError},
    profile::{self, Files, KeySource},
    secret::Secret,
    setup::{
        SetupError, Short,
        apply::identify,
        check_access_key_id, check_secret,
        survey::{Survey, describe_place},
    },
    standard_input,
    terminal::{Typing, warn, with_causes},
};

/// The long-term key, where it was found, and whose it is.
pub fn choose(
    dialogue: &mut Dialogue,
    files: &Files,
    survey: &Survey,
    args: &SetupArgs,
) -> Result<(LongTermKey, Option<KeySource>, Identity), SetupError> {
    let region = match &args.region {
        Some(region) => region.clone(),
        None => {
            let serial = args.serial.as_ref().or(survey.serial.as_ref());
            profile::region(files, &survey.profile, serial)?
        }
    };
    let who = |key: &LongTermKey, place: &str| identify(key, &survey.profile, &region, place);
    if let (Some(id), true) = (&args.access_key_id, args.secret_stdin) {
        check_access_key_id(id).map_err(SetupError::AccessKeyId)?;
        let key = LongTermKey {
            access_key_id: id.clone(),
            secret_access_key: secret_of_stdin()?,
        };
        let identity = who(&key, "its secret from stdin")?;
        return Ok((key, None, identity));
    }
    let found = match found_key(dialogue, files, survey, args)? {
        Some((key, source)) => {
            let place = describe_place(files, &source, survey.keychain.unwrap_or_default());
            match who(&key, &place) {
                Ok(identity) => return Ok((key, Some(source), identity)),
                Err(error) if dialogue.is_open() && is_wrong(&error) => Some(error),
                Err(error) => return Err(error),
            }
        }
        None => None,
    };
    match found {
        Some(error) => dialogue.say(&format!("{error}. Another key is needed.")),
        None => say_that_there_is_none(dialogue, files, survey),
    }
    for _ in 0..TRIES {
        let key = typed_key(dialogue, survey)?;
        match who(&key, "as it was typed") {
            Ok(identity) => return Ok((key, None, identity)),
            Err(error) if is_wrong(&error) => dialogue.say(&format!("{error}. Once more:")),
            Err(error) => return Err(error),
        }
    }
    Err(SetupError::NoKey)
}

/// Whether AWS has refused the key, so that another one may do.
fn is_wrong(error: &SetupError) -> bool {
    let SetupError::Key { error, .. } = error else {
        return false;
    };
    matches!(**error, AwsError::UnknownKey | AwsError::WrongSecret)
}

/// The key that is there: the one that is named, the only one, or the one that is chosen.
fn found_key(
    dialogue: &mut Dialogue,
    files: &Files,
    survey: &Survey,
    args: &SetupArgs,
) -> Result<Option<(LongTermKey, KeySource)>, SetupError> {
    let keychain = survey.keychain.unwrap_or_default();
    let mut found: Vec<(LongTermKey, KeySource)> = Vec::new();
    for source in &survey.places {
        // What is set up already is not questioned by whatever else is around.
        let is_settled = survey.layout().is_some() && !found.is_empty();
        if is_settled && matches!(source, KeySource::Environment { .. }) {
            continue;
        }
        match long_term_key::read_from(files, source, keychain, &survey.profile, Questions::Allowed)
        {
            Ok(key) => {
                let is_known = |(known, _): &(LongTermKey, KeySource)| {
                    known.access_key_id == key.access_key_id
                };
                if !found.iter().any(is_known) {
                    found.push((key, source.clone()));
                }
            }
            // That is what a set-up mends.
            Err(error) if is_lost(&error) => warn(with_causes(&error)),
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(id) = &args.access_key_id {
        check_access_key_id(id).map_err(SetupError::AccessKeyId)?;
        let named = |(key, _): &(LongTermKey, KeySource)| key.access_key_id == *id;
        return match found.into_iter().find(named) {
            None if !dialogue.is_open() => Err(SetupError::NobodyToAsk {
                what: format!("the secret of {id} is not known"),
                flag: format!("--access-key-id {id} --secret-stdin"),
            }),
            found => Ok(found),
        };
    }
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let options: Vec<String> = found
        .iter()
        .map(|(key, source)| {
            let place = describe_place(files, source, keychain);
            format!("{} in {place}", key.access_key_id)
        })
        .collect();
    let title = format!("There are several access keys for '{}':", survey.profile);
    let flag = format!("--access-key-id {}", found[0].0.access_key_id);
    match dialogue.choose(&title, &options, false, &flag)? {
        Choice::Option(number) => Ok(Some(found.swap_remove(number))),
        Choice::Other(_) => Ok(None),
    }
}

/// Whether the secret is not where it should be, rather than out of reach for the moment.
fn is_lost(error: &KeyError) -> bool {
    match error {
        KeyError::NotInKeychain { .. } | KeyError::NoSecret { .. } => true,
        KeyError::Keychain { source, .. } => matches!(
            source,
            KeychainError::NotThere { .. }
                | KeychainError::TimedOut { .. }
                | KeychainError::NoPass(_)
                | KeychainError::PassNotInitialised(_)
        ),
        _ => false,
    }
}

fn say_that_there_is_none(dialogue: &mut Dialogue, files: &Files, survey: &Survey) {
    let path = Short(&files.credentials.file.path).to_string();
    let name = &survey.profile;
    dialogue.say(&format!(
        "There is no access key for '{name}' in {path} yet.\n\
         To get one, open the AWS console: your name at the top right, Security\n\
         credentials, Create access key.",
    ));
    if survey.is_of_aws_vault() {
        let name = word(name);
        dialogue.say(&format!(
            "If aws-vault keeps it, press Ctrl-C and run:\n  \
             aws-vault exec --no-session {name} -- daypass setup {name}"
        ));
    }
}

/// Asks for both halves of a key.
fn typed_key(dialogue: &mut Dialogue, survey: &Survey) -> Result<LongTermKey, SetupError> {
    let what = format!("there is no access key for '{}'", survey.profile);
    let flag = "--access-key-id AKIA... --secret-stdin";
    let access_key_id = ask_until(dialogue, SetupError::NoKey, |dialogue| {
        // Erased until it is sure that it was not the secret that was pasted here.
        let answer = dialogue.ask("Access key id (AKIA...):", Typing::Code, &what, flag)?;
        Ok(match check_access_key_id(&answer) {
            Ok(()) => {
                dialogue.say(&format!("Access key id: {}", answer.as_str()));
                Ok(answer.to_string())
            }
            Err(mistake) => Err(mistake.to_string()),
        })
    })?;
    let secret_access_key = ask_until(dialogue, SetupError::NoKey, |dialogue| {
        let question = "Secret access key (it stays unseen):";
        let answer = dialogue.ask(question, Typing::Secret, &what, flag)?;
        Ok(match check_secret(&answer) {
            Ok(()) => Ok(Secret::new(answer.as_str())),
            Err(mistake) => Err(mistake.to_string()),
        })
    })?;
    Ok(LongTermKey {
        access_key_id,
        secret_access_key,
    })
}

fn secret_of_stdin() -> Result<Secret, SetupError> {
    const LONGEST_LINE: usize = 1_024;
    // Only this line: the code may be in the next one.
    let line = standard_input::read_line(LONGEST_LINE).map_err(SetupError::Stdin)?;
    let secret = line.trim();
    check_secret(secret).map_err(SetupError::SecretOnStdin)?;
    Ok(Secret::new(secret))
}
