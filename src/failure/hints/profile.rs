//! Profiles that cannot be used.

use super::{file_hint, serial_hint, word};
use crate::{
    cli::Typed,
    environment,
    profile::{ProfileError, SessionDurationError},
};

/// What to do where no profile was named: the command again, with one of those that there are.
pub(in crate::failure) fn no_default_hint(all: &[String], typed: Typed<'_>) -> String {
    let example = typed.with_profile(&word(&all[0]));
    format!("name one, as in: {example}; there are: {}", some(all))
}

pub(in crate::failure) fn profile_hint(error: &ProfileError) -> Option<String> {
    Some(match error {
        ProfileError::Unknown {
            name, near, all, ..
        } => {
            // Whoever has not typed the name wonders where it comes from.
            let origin = match environment::profile() {
                Some(named) if named == *name => "AWS_PROFILE names it; ",
                _ => "",
            };
            let advice = if !near.is_empty() {
                format!("did you mean {}?", near.join(" or "))
            } else if all.is_empty() {
                format!(
                    "daypass setup {} asks for what it needs and sets it up",
                    word(name)
                )
            } else {
                format!(
                    "the profiles there are: {}; to set up a new one: daypass setup {}",
                    some(all),
                    word(name)
                )
            };
            format!("{origin}{advice}")
        }
        ProfileError::NoDefault { all } if all.is_empty() => {
            "daypass setup asks for what it needs and sets a profile up".to_owned()
        }
        ProfileError::NoDefault { all } => format!("the profiles there are: {}", some(all)),
        ProfileError::UnknownSource { .. } => {
            "correct the name, or add a section for it".to_owned()
        }
        ProfileError::SourceLoop { .. } => {
            "take one of these source_profile lines out of the config file".to_owned()
        }
        ProfileError::CredentialSource { profile, .. } => format!(
            "for a session with MFA, put source_profile = NAME in the place of credential_source, where [profile NAME] has \
             a long-term key; without MFA, AWS tools assume this role by themselves: aws sts get-caller-identity \
             --profile {}",
            word(profile)
        ),
        ProfileError::NoSource { profile, .. } => format!(
            "put source_profile = NAME into [profile {profile}], where NAME is the profile that you log in with"
        ),
        ProfileError::RoleArn { .. } => {
            "the AWS console shows the ARN of a role under IAM, Roles".to_owned()
        }
        ProfileError::RoleSetting { .. } => {
            "correct the line, or take it out of the profile".to_owned()
        }
        ProfileError::SameSection { profile, .. } => format!(
            "take daypass_session_section out of [profile {profile}], or give it another name"
        ),
        ProfileError::NoKeyInSection { section, .. } => format!(
            "put aws_access_key_id and aws_secret_access_key of a long-term key (AKIA...) into [{section}]"
        ),
        ProfileError::NotAKeyId {
            key: "daypass_access_key_id",
            ..
        } => "an id is 20 capital letters and digits, as in AKIA...; write that of the key whose secret is \
             in the keychain"
            .to_owned(),
        ProfileError::NotAKeyId { section, .. } => format!(
            "an id is 20 capital letters and digits, as in AKIA...; if id and secret are swapped, enter \
             them again: aws configure --profile {}",
            word(section)
        ),
        ProfileError::NotAKeyIdInEnvironment => {
            "AWS tools prefer it to any profile: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY, or set it to \
             the id of a key, as in AKIA..."
                .to_owned()
        }
        ProfileError::Duration {
            source: SessionDurationError::OutOfRoleRange(_),
            ..
        } => "write duration_seconds = 3600 for an hour: AWS gives no more to a role that is assumed with a session"
            .to_owned(),
        ProfileError::Duration {
            key: "duration_seconds",
            ..
        } => "write duration_seconds = 28800 for eight hours".to_owned(),
        ProfileError::Duration { .. } | ProfileError::NoAgeLimit { .. } => {
            "write daypass_mfa_age_limit = 8h".to_owned()
        }
        ProfileError::SeveralLines { .. } => {
            "take the spaces away that the line below begins with, or the line".to_owned()
        }
        ProfileError::Word { key, words, .. } => format!("{key} is one of: {words}"),
        ProfileError::Region { .. } => {
            "names of regions are small letters, digits and dashes, as in region = eu-west-1"
                .to_owned()
        }
        ProfileError::Serial { source, .. } => return serial_hint(source),
        ProfileError::Unreadable { .. } => "mend this line in an editor".to_owned(),
        ProfileError::NoHome(_) => {
            "set HOME, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE".to_owned()
        }
        ProfileError::File(error) => return file_hint(error),
    })
}

fn some(names: &[String]) -> String {
    const MOST: usize = 12;
    let shown = names
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MOST {
        format!("{shown} and {} more", names.len() - MOST)
    } else {
        shown
    }
}
