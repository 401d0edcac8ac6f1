//! Sessions that could not be had: long-term keys, devices and codes.

use super::{
    aws::{aws_hint, role_hint},
    file_hint, keychain_hint, word,
};
use crate::{
    aws::client::ClientError,
    cached_session::{FindError, SectionError},
    long_term_key::KeyError,
    mfa::{
        source::{CodeError, SourceName},
        turn::TurnError,
    },
    serial::SerialError,
    session::SessionError,
};

pub(in crate::failure) fn session_hint(error: &SessionError) -> Option<String> {
    match error {
        SessionError::NobodyToAsk { profile } => Some(format!(
            "in a terminal, run: daypass login {}",
            word(profile)
        )),
        SessionError::Find(FindError::Keychain(error)) => Some(keychain_hint(error)),
        SessionError::Section(SectionError::Unreadable { .. })
        | SessionError::Find(FindError::Unreadable { .. }) => {
            Some("mend this line in an editor".to_owned())
        }
        SessionError::Section(
            SectionError::Shadowed {
                profile, section, ..
            }
            | SectionError::HoldsLongTermKey {
                profile, section, ..
            },
        ) => {
            let other = match format!("{profile}-mfa") {
                name if name == *section => format!("{profile}-session"),
                name => name,
            };
            Some(format!(
                "keep the session in a section of its own: daypass_session_section = {other} in \
                 [profile {profile}]"
            ))
        }
        SessionError::Section(SectionError::Name { profile, .. }) => Some(format!(
            "take daypass_session_section out of [profile {profile}]: the session is then kept in \
             [{profile}-mfa]"
        )),
        SessionError::File(error) => file_hint(error),
        SessionError::Key(error) => key_hint(error),
        SessionError::DeviceUnknown { profile, .. } => Some(device_of_console_hint(profile)),
        SessionError::NoDevice { profile, others } => Some(no_device_hint(profile, others)),
        SessionError::Code(error) => code_hint(error, None),
        SessionError::Client(error) => client_hint(error),
        SessionError::Aws {
            profile,
            serial,
            error,
        } => aws_hint(profile, serial, error),
        SessionError::Role {
            profile,
            source_profile,
            session_profile,
            error,
            ..
        } => role_hint(profile, source_profile, session_profile, error),
        SessionError::RoleTooLong { .. } => Some(
            "ask for an hour or less; daypass exec --server keeps a longer run going".to_owned(),
        ),
        SessionError::Turn(error) => turn_hint(error),
        SessionError::FailedBefore(told) => told.hint.clone(),
    }
}

/// What to do where AWS cannot be talked to at all.
pub(super) fn client_hint(error: &ClientError) -> Option<String> {
    let is_bundle = matches!(
        error,
        ClientError::UnreadableBundle { .. } | ClientError::NoCertificates { .. }
    );
    is_bundle
        .then(|| "correct AWS_CA_BUNDLE, or unset it to use the system's certificates".to_owned())
}

pub(super) fn key_hint(error: &KeyError) -> Option<String> {
    Some(match error {
        KeyError::None { profile, .. } => format!(
            "daypass setup {} takes the access key (AKIA...) of an IAM user",
            word(profile)
        ),
        KeyError::NoSecret { section, .. } => {
            format!("add aws_secret_access_key to [{section}]: it goes with this access key id")
        }
        KeyError::Keychain { source, .. } => keychain_hint(source),
        KeyError::NotInKeychain { profile, .. } => {
            format!("store it again: daypass setup {}", word(profile))
        }
        KeyError::Environment => "set it, or name a profile".to_owned(),
        KeyError::Unreadable { .. } => "mend this line in an editor".to_owned(),
    })
}

/// What to do about a source that gave no code, for this profile if it is known.
pub(in crate::failure) fn code_hint(error: &CodeError, profile: Option<&str>) -> Option<String> {
    let profile_word = profile.map_or_else(|| "PROFILE".to_owned(), word);
    Some(match error {
        CodeError::Spent => "wait for the next code, at most 30 s".to_owned(),
        CodeError::StandardInput(_) => {
            format!("echo 123456 | daypass login {profile_word} --code -")
        }
        CodeError::Process(_) => {
            format!(
                "run the mfa_process line by itself to see what it does, or give a code: daypass login \
                 {profile_word} --code CODE"
            )
        }
        CodeError::Interrupted => "daypass login asks again".to_owned(),
        // Whatever the profile insists on.
        CodeError::Pinentry { profile, .. } => format!(
            "in a terminal, run: daypass login {} --code-source terminal",
            word(profile)
        ),
        CodeError::NotSetUp(SourceName::Seed) => {
            format!("keep the seed in the keychain: daypass totp add {profile_word}")
        }
        CodeError::NotSetUp(SourceName::Pinentry) => {
            "install pinentry, and without a desktop export GPG_TTY=$(tty); or take daypass_code_source out \
             of the profile"
                .to_owned()
        }
        CodeError::NotSetUp(_) => {
            "set mfa_process in the profile, or take daypass_code_source out of it".to_owned()
        }
        CodeError::Keychain { source, .. } => keychain_hint(source),
        CodeError::NoSeed { .. } | CodeError::BadSeed { .. } => {
            format!("give it again: daypass totp add {profile_word}")
        }
        CodeError::Cancelled
        | CodeError::TimedOut
        | CodeError::Mistyped(_)
        | CodeError::StandardInputUnreadable(_)
        | CodeError::Terminal(_) => return None,
    })
}

/// What to do where nothing says which device the profile has.
pub(in crate::failure) fn device_of_console_hint(profile: &str) -> String {
    let profile = word(profile);
    format!(
        "the AWS console shows it under IAM, Security credentials: daypass setup {profile} --serial ARN; if there \
         is none yet: daypass enroll {profile}"
    )
}

/// What to do about a user without a device that gives codes.
fn no_device_hint(profile: &str, others: &[SerialError]) -> String {
    let make_one = format!(
        "make one with an authenticator app: daypass enroll {}",
        word(profile)
    );
    match others {
        [] => make_one,
        _ => format!("{make_one}; or sign in with the browser: aws login (AWS CLI 2.32 or later)"),
    }
}

/// What to do about a serial that cannot be used; for the command line and the files alike.
pub fn serial_hint(error: &SerialError) -> Option<String> {
    Some(match error {
        SerialError::SecurityKey(_) | SerialError::Sms(_) => {
            "add an authenticator app as a second MFA device (AWS console, IAM, Security credentials, Assign \
             MFA device) and put its ARN into mfa_serial; with a security key alone, sign in with the browser: \
             aws login (AWS CLI 2.32 or later)"
                .to_owned()
        }
        SerialError::Malformed(_) => {
            "the AWS console shows it under IAM, Security credentials, as the identifier of the device".to_owned()
        }
    })
}

pub(super) fn turn_hint(error: &TurnError) -> Option<String> {
    match error {
        TurnError::Busy => Some(
            "look for it with: pgrep -a daypass (one that was stopped with Ctrl-Z goes on with: fg)"
                .to_owned(),
        ),
        TurnError::Unusable { .. } => None,
    }
}
