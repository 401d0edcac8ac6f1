//! The other questions: which profile, which region, where the secret is kept.

use crate::{
    commands::setup::{
        SetupArgs,
        dialogue::{Choice, Dialogue, ask_until},
    },
    environment,
    failure::word,
    keychain::{Item, Keychain, KeychainError, Questions},
    profile::{self, Files, KeySource, long_term_section},
    serial::Serial,
    setup::{
        Home, SetupError, Short,
        survey::{Survey, candidates},
    },
    terminal::{Typing, trace, warn, with_causes},
};

/// Which profile is set up: the one that is named, or the one that is chosen.
pub fn profile(
    dialogue: &mut Dialogue,
    files: &Files,
    named: Option<String>,
) -> Result<String, SetupError> {
    let of_environment = || environment::profile().or_else(environment::aws_vault_profile);
    if let Some(name) = named.or_else(of_environment) {
        return Ok(name);
    }
    dialogue.say(
        "This asks a few questions, shows what it will change, and asks again before it\n\
         changes anything. Ctrl-C leaves everything as it is.\n",
    );
    let candidates = candidates(files)?;
    match candidates.as_slice() {
        [] | [_] => {
            let default = candidates.first().map_or("default", String::as_str);
            if !dialogue.is_open() {
                return Ok(default.to_owned());
            }
            let question = format!("Profile name [{default}]:");
            let answer = dialogue.ask(&question, Typing::Line, "", "")?;
            Ok(match answer.as_str() {
                "" => default.to_owned(),
                name => name.to_owned(),
            })
        }
        names => {
            let flag = format!("daypass setup {}", word(&names[0]));
            match dialogue.choose("Which profile?", names, true, &flag)? {
                Choice::Option(number) => Ok(names[number].clone()),
                Choice::Other(name) => Ok(name),
            }
        }
    }
}

/// The region for a profile that is new: nearly all AWS tools insist on one. A profile that has done without
/// is left alone.
pub fn region(
    dialogue: &mut Dialogue,
    files: &Files,
    survey: &Survey,
    args: &SetupArgs,
    serial: Option<&Serial>,
) -> Result<Option<String>, SetupError> {
    if survey.is_known || survey.region.is_some() || args.region.is_some() {
        return Ok(args.region.clone());
    }
    let default = profile::region(files, &survey.profile, serial)?;
    if !dialogue.is_open() {
        return Ok(Some(default));
    }
    let question = format!("AWS region to work in [{default}]:");
    ask_until(dialogue, SetupError::NoRegion, |dialogue| {
        let answer = dialogue.ask(&question, Typing::Line, "", "--region")?;
        Ok(match answer.as_str() {
            "" => Ok(Some(default.clone())),
            region => parse_region(region).map(Some),
        })
    })
}

/// Reads `--region`, or the answer to the question: nothing that cannot be the name of a region.
///
/// # Errors
/// The text does not repeat what was given: it may be a secret.
pub fn parse_region(text: &str) -> Result<String, String> {
    match profile::can_be_a_region(text) {
        true => Ok(text.to_owned()),
        false => Err("a region looks like eu-west-1".to_owned()),
    }
}

/// Where the secret is to be kept.
pub fn home(
    dialogue: &mut Dialogue,
    files: &Files,
    survey: &Survey,
    args: &SetupArgs,
    found: Option<&KeySource>,
) -> Result<Home, SetupError> {
    if let Some(home) = args.keychain {
        return Ok(home);
    }
    // An earlier set-up is left alone.
    match found {
        Some(KeySource::Keychain { .. }) => {
            return Ok(Home::of(survey.keychain.unwrap_or_default()));
        }
        Some(KeySource::Section { section, .. })
            if survey.layout().is_some() && *section != survey.profile =>
        {
            return Ok(Home::File);
        }
        _ => {}
    }
    let (default, problem) = match survey.keychain {
        Some(Keychain::Pass) if pass_is_ready() => (Home::Pass, None),
        _ => match probe_system_keychain() {
            Ok(()) => (Home::System, None),
            Err(error) => (Home::File, Some(error)),
        },
    };
    let mut homes = vec![default];
    if default != Home::Pass && pass_is_ready() {
        homes.push(Home::Pass);
    }
    if default != Home::File {
        homes.push(Home::File);
    }
    if homes.len() == 1 || !dialogue.is_open() {
        if let Some(error) = problem {
            trace(1, || with_causes(&error));
            warn(format_args!(
                "{error}; the secret will lie in a file, as plain text (--keychain pass keeps it in pass)"
            ));
        }
        return Ok(default);
    }
    let path = Short(&files.credentials.file.path).to_string();
    let options: Vec<String> = homes
        .iter()
        .map(|home| match home.keychain() {
            Some(keychain) => format!("in {keychain}"),
            None => format!(
                "as plain text, in [{}] of {path}",
                long_term_section(&survey.profile)
            ),
        })
        .collect();
    let title = "Where is the secret access key to be kept?";
    match dialogue.choose(title, &options, false, "--keychain system|pass|none")? {
        Choice::Option(number) => Ok(homes[number]),
        Choice::Other(_) => Ok(default),
    }
}

/// Whether `pass` is installed and has a store.
fn pass_is_ready() -> bool {
    // An entry that is not there is looked for without running pass.
    let is_initialised = !matches!(
        Keychain::Pass.read(Item::AccessKey("no-such-key"), Questions::Allowed),
        Err(KeychainError::NoPass(_) | KeychainError::PassNotInitialised(_))
    );
    let directories = std::env::var_os("PATH").unwrap_or_default();
    is_initialised
        && std::env::split_paths(&directories).any(|directory| directory.join("pass").is_file())
}

/// Asks the system's keychain for something that is not there, to see whether it answers.
fn probe_system_keychain() -> Result<(), KeychainError> {
    Keychain::System
        .read(Item::AccessKey("no such key"), Questions::Allowed)
        .map(drop)
}
