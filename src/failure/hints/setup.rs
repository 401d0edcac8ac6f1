//! Set-ups that were not finished.

use super::{
    aws::key_and_network_hint, file_hint, keychain_hint, profile_hint, session::key_hint, word,
};
use crate::{
    aws::{client::ClientError, error::AwsError},
    setup::SetupError,
};

pub(in crate::failure) fn setup_hint(error: &SetupError) -> Option<String> {
    Some(match error {
        SetupError::NobodyToAsk { flag, .. } if flag.starts_with("--") => {
            format!("say it with {flag}; daypass setup --help lists every flag")
        }
        SetupError::NobodyToAsk { flag, .. } => format!("name one: {flag}"),
        SetupError::NotAgreed => "add --yes to apply it".to_owned(),
        SetupError::RoleProfile {
            source_profile: Some(source),
            ..
        } => format!("set that one up: daypass setup {}", word(source)),
        SetupError::RoleProfile { .. } | SetupError::SignsInOtherwise { .. } => {
            "name another profile, which may be a new one: daypass setup NAME".to_owned()
        }
        SetupError::AccessKeyId(_) | SetupError::SecretOnStdin(_) => {
            "daypass setup work --access-key-id AKIA... --secret-stdin < FILE, with the secret in the file"
                .to_owned()
        }
        SetupError::Key { profile, error, .. } => match **error {
            AwsError::UnknownKey => {
                "the AWS console shows under IAM, Security credentials, whether the key is active; keys of \
                 AWS GovCloud and of China need --region"
                    .to_owned()
            }
            _ => return key_and_network_hint(profile, error),
        },
        SetupError::NoKey | SetupError::ChangedMeanwhile(_) | SetupError::NotReadBack => {
            "run daypass setup again".to_owned()
        }
        SetupError::NoRegion => {
            "run daypass setup again, or name it with --region; eu-west-1 is one".to_owned()
        }
        SetupError::ProgramPath(_) => {
            "install daypass in a directory without such characters, and choose such a profile name"
                .to_owned()
        }
        SetupError::Backup { path, .. } => format!(
            "make room and permission there: ls -la {}",
            path.parent().unwrap_or(path).display()
        ),
        SetupError::Unfinished {
            profile, source, ..
        } => {
            let again = format!("daypass setup {} goes on from here", word(profile));
            return Some(match setup_hint(source) {
                Some(hint) => format!("{hint}; then {again}"),
                None => again,
            });
        }
        SetupError::Profile(error) => return profile_hint(error),
        SetupError::File(error) => return file_hint(error),
        SetupError::Keychain(error) => keychain_hint(error),
        SetupError::LongTermKey(error) => return key_hint(error),
        SetupError::Client(
            ClientError::UnreadableBundle { .. } | ClientError::NoCertificates { .. },
        ) => "correct AWS_CA_BUNDLE, or unset it to use the system's certificates".to_owned(),
        SetupError::Cancelled
        | SetupError::TimedOut
        | SetupError::Interrupted
        | SetupError::Terminal(_)
        | SetupError::Name(_)
        | SetupError::Stdin(_)
        | SetupError::Program(_)
        | SetupError::Client(_) => return None,
    })
}
