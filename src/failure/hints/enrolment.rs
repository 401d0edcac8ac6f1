//! Devices that were not enrolled.

use super::{
    aws::key_and_network_hint, code_hint, file_hint, keychain_hint, profile_hint, session_hint,
    word,
};
use crate::{
    aws::error::AwsError,
    enrolment::EnrolmentError,
    failure::hints::session::{client_hint, key_hint},
    mfa::source::CodeError,
};

pub(in crate::failure) fn enrolment_hint(profile: &str, error: &EnrolmentError) -> Option<String> {
    Some(match error {
        EnrolmentError::NobodyToAsk => "run it in a terminal, or have the codes made here with --store-seed, which keeps \
             both factors on this machine"
            .to_owned(),
        EnrolmentError::NotAgreed { .. } => "add --yes to replace it".to_owned(),
        EnrolmentError::NoUser { .. } => {
            "the root user enrols in the AWS console, under Security credentials; other users with their own \
             access key"
                .to_owned()
        }
        EnrolmentError::NoSuchUser { .. } => "aws iam list-users lists them".to_owned(),
        EnrolmentError::TooMany { .. } => {
            format!("remove one first: daypass devices {}", word(profile))
        }
        EnrolmentError::Assigned { .. } => {
            format!(
                "give the new one another name with --name; to replace the old one remove it first: daypass devices {}",
                word(profile)
            )
        }
        EnrolmentError::Denied { error, user, .. } => return Some(denied_hint(error, user)),
        EnrolmentError::Aws(AwsError::InvalidCodePair { .. }) => {
            "type two codes of the new device, one after the other, each as soon as it shows; and set this \
             machine's clock and the telephone's"
                .to_owned()
        }
        EnrolmentError::Aws(AwsError::LimitExceeded { .. }) => {
            format!("a user may have eight devices: daypass devices {}", word(profile))
        }
        EnrolmentError::Aws(error) => return key_and_network_hint(profile, error),
        EnrolmentError::Picture { .. } => {
            "name a new file in a directory that is there: --qr-file device.png".to_owned()
        }
        // Policies that enforce MFA let nobody delete a device without it.
        EnrolmentError::LeftBehind {
            serial,
            error: AwsError::Denied { .. },
            ..
        }
        | EnrolmentError::NotReplaced { serial, .. } => format!(
            "ask the administrator to delete it: aws iam delete-virtual-mfa-device --serial-number {serial}; then \
             once more: daypass enroll {}",
            word(profile)
        ),
        EnrolmentError::LeftBehind { .. } => {
            "run daypass enroll again: it finds the device and replaces it".to_owned()
        }
        EnrolmentError::PerhapsMade { .. } => format!(
            "once more, it asks before it replaces what is left: daypass enroll {}",
            word(profile)
        ),
        EnrolmentError::NotRecorded {
            serial,
            profile: of,
            has_seed,
            ..
        } => {
            let seed = if *has_seed { " and daypass_totp = keychain" } else { "" };
            format!(
                "mend that, then daypass enroll {} takes this device up; or write mfa_serial = {serial}{seed} into \
                 the section of profile '{of}' yourself",
                word(profile)
            )
        }
        EnrolmentError::NotLoggedIn { .. } => {
            format!("log in with it: daypass login {}", word(profile))
        }
        EnrolmentError::Code(CodeError::Interrupted) => {
            format!("once more: daypass enroll {}", word(profile))
        }
        EnrolmentError::Code(error) => return code_hint(error, None),
        EnrolmentError::Session(error) => return session_hint(error),
        EnrolmentError::Key(error) => return key_hint(error),
        EnrolmentError::Client(error) => return client_hint(error),
        EnrolmentError::Keychain(error) => keychain_hint(error),
        EnrolmentError::File(error) => return file_hint(error),
        EnrolmentError::Profile(error) => return profile_hint(error),
        EnrolmentError::Seed(_)
        | EnrolmentError::TooLong(_)
        | EnrolmentError::Terminal(_)
        | EnrolmentError::Interrupted => return None,
    })
}

/// A permission that nobody has given can be given; one that is denied has to be left out of the denial.
fn denied_hint(error: &AwsError, user: &str) -> String {
    let is_explicit = matches!(
        error,
        AwsError::Denied { message, .. } if message.contains("explicit deny")
    );
    if is_explicit {
        format!(
            "a policy of the account forbids it, as those do that enforce MFA: ask the administrator to make the \
             device (daypass enroll --user {}), or to leave these actions out of its Deny (as its NotAction), and to \
             allow them",
            word(user)
        )
    } else {
        "ask the administrator of the AWS account for this policy".to_owned()
    }
}
