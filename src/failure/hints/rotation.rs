//! Long-term keys that were not replaced, or not all the way.

use super::{
    aws::key_and_network_hint,
    file_hint, keychain_hint, profile_hint,
    session::{client_hint, key_hint, turn_hint},
    word,
};
use crate::{
    aws::error::AwsError,
    rotation::{RotationError, policy_statement},
};

pub(in crate::failure) fn rotation_hint(error: &RotationError) -> Option<String> {
    Some(match error {
        RotationError::InEnvironment { .. } => {
            "name a profile: daypass rotate PROFILE; daypass setup makes one of this key".to_owned()
        }
        RotationError::NotListed { profile, .. } => format!(
            "it may have been deleted, or the session is another user's; this forgets that, and rotate then asks \
             with the key itself: daypass logout {}",
            word(profile)
        ),
        RotationError::TwoKeys { other, profile, .. } => format!(
            "say that this one is to be deleted: daypass rotate {} --replace-key {other}",
            word(profile)
        ),
        RotationError::NoSuchKey { .. } | RotationError::OwnKey { .. } => {
            "leave --replace-key out to see the keys that there are".to_owned()
        }
        RotationError::ChangedMeanwhile { profile } | RotationError::AnswerLost { profile, .. } => {
            format!(
                "once more, it finds out how things stand: daypass rotate {}",
                word(profile)
            )
        }
        RotationError::Aws {
            profile,
            user_arn,
            with_mfa,
            error,
        } => return refusal_hint(profile, user_arn, *with_mfa, error),
        RotationError::NotStored {
            access_key_id,
            profile,
            undo,
            source,
        } => {
            let store = rotation_hint(source);
            match undo {
                None => return store,
                Some(_) => {
                    let delete = format!(
                        "delete it: aws iam delete-access-key --access-key-id {access_key_id} --profile {}",
                        word(profile)
                    );
                    store.map_or(delete.clone(), |store| format!("{delete}; {store}"))
                }
            }
        }
        RotationError::NewKeyFails { profile, error, .. } => match **error {
            // Nobody but rotate has had its secret, so that nobody can copy it again.
            AwsError::UnknownKey | AwsError::WrongSecret | AwsError::Expired => {
                format!("in a minute, try again: daypass rotate {}", word(profile))
            }
            _ => return key_and_network_hint(profile, error),
        },
        RotationError::Unfinished {
            profile,
            user_arn,
            with_mfa,
            source,
            ..
        } => {
            let again = format!("then daypass rotate {} goes on from here", word(profile));
            let first = match &**source {
                // Sessions end with their keys at AWS's stand-ins, if not at AWS.
                RotationError::Request(error)
                    if matches!(**error, AwsError::UnknownKey | AwsError::Expired) =>
                {
                    return Some(format!(
                        "it goes on from here, with a new login if AWS has ended the session: daypass rotate {}",
                        word(profile)
                    ));
                }
                RotationError::Request(error) => refusal_hint(profile, user_arn, *with_mfa, error),
                other => rotation_hint(other),
            };
            match first {
                Some(first) => format!("{first}; {again}"),
                None => format!("daypass rotate {} goes on from here", word(profile)),
            }
        }
        RotationError::OtherUser { .. }
        | RotationError::Interrupted
        | RotationError::NotReadBack
        | RotationError::Request(_) => {
            return None;
        }
        RotationError::Turn(error) => return turn_hint(error),
        RotationError::Client(error) => return client_hint(error),
        RotationError::Profile(error) => return profile_hint(error),
        RotationError::File(error) => return file_hint(error),
        RotationError::Keychain(error) => keychain_hint(error),
        RotationError::NoKey(error) | RotationError::LongTermKey(error) => return key_hint(error),
    })
}

fn refusal_hint(profile: &str, user_arn: &str, with_mfa: bool, error: &AwsError) -> Option<String> {
    match error {
        AwsError::Denied { message, .. } => {
            // What is denied expressly is allowed by no other statement.
            let exception = match message.contains("explicit deny") {
                true => ", and to except these actions from the statement that denies them",
                false => "",
            };
            let ask = format!(
                "ask the administrator of the AWS account for a policy with this statement: {}{exception}",
                policy_statement(user_arn)
            );
            if with_mfa {
                return Some(ask);
            }
            let profile = word(profile);
            Some(format!(
                "this was asked without MFA; with a device it is asked with MFA (daypass enroll {profile}, or daypass \
                 setup {profile} --serial ARN); else {ask}"
            ))
        }
        AwsError::Throttled => Some("wait a minute".to_owned()),
        error => key_and_network_hint(profile, error),
    }
}
