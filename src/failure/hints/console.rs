//! A browser that does not get into the console.

use super::{
    aws::key_and_network_hint,
    session::{client_hint, key_hint},
    word,
};
use crate::{
    aws::error::AwsError,
    console::{AddressError, error::ConsoleError},
};

pub(in crate::failure) fn console_hint(error: &ConsoleError) -> Option<String> {
    match error {
        ConsoleError::Address(error) => address_hint(error),
        ConsoleError::Key(error) => key_hint(error),
        ConsoleError::Client(error) => client_hint(error),
        ConsoleError::Federation {
            profile,
            error: AwsError::Denied { .. },
        } => Some(format!(
            "a profile with a role is the better way: [profile NAME] with role_arn and source_profile = {profile}, \
             then daypass console NAME; without one, ask the administrator for the permission \
             sts:GetFederationToken, which has to hold without MFA"
        )),
        ConsoleError::Federation {
            error: AwsError::Throttled,
            ..
        }
        | ConsoleError::SignIn {
            error: AwsError::Throttled,
            ..
        } => Some("wait a minute, then try again".to_owned()),
        ConsoleError::Federation { profile, error } => key_and_network_hint(profile, error),
        ConsoleError::SignIn {
            profile,
            error: AwsError::Refused { .. },
        } => Some(format!(
            "they may have been revoked, or be of another partition than the address; this forgets what is \
             cached: daypass logout {}",
            word(profile)
        )),
        ConsoleError::SignIn { profile, error } => key_and_network_hint(profile, error),
        ConsoleError::NotFetched { profile } => Some(format!(
            "open the address yourself: daypass console {} --print",
            word(profile)
        )),
        ConsoleError::Doorway(_) => None,
    }
}

fn address_hint(error: &AddressError) -> Option<String> {
    match error {
        AddressError::UnknownPartition(_) => None,
        AddressError::NotAnAddress { place } | AddressError::NotSecure { place } => Some(format!(
            "{} https://signin.aws.amazon.com/federation is AWS's own; http is for this machine only",
            if place.starts_with("--") {
                "leave it out:"
            } else {
                "unset it:"
            }
        )),
    }
}
