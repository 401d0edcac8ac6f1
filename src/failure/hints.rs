//! What to do about each error. Every command that is named here exists and helps.

use crate::{doctor::Hints, terminal::path_word};

mod audit;
mod aws;
mod console;
mod devices;
mod enrolment;
mod file;
mod handover;
mod keychain;
mod policy;
mod policy_rollout;
mod profile;
mod rotation;
mod session;
mod setup;

pub(super) use audit::audit_hint;
pub(super) use console::console_hint;
pub(super) use devices::device_hint;
pub(super) use enrolment::enrolment_hint;
pub(super) use file::file_hint;
pub use file::unsaved_hint;
pub(super) use handover::handover_hint;
pub(super) use keychain::keychain_hint;
pub(super) use policy::policy_hint;
pub(super) use policy_rollout::{About, rollout_hint};
pub(super) use profile::{no_default_hint, profile_hint};
pub(super) use rotation::rotation_hint;
pub use session::serial_hint;
pub(super) use session::{code_hint, device_of_console_hint, session_hint};
pub(super) use setup::setup_hint;

pub use crate::terminal::word;

/// The hints of what `doctor` finds.
pub const HINTS_OF_FINDINGS: Hints = Hints {
    profile: profile_hint,
    file: file_hint,
    keychain: keychain_hint,
    aws: aws::key_and_network_hint,
};

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::shared_files::SharedFileError;

    #[test]
    fn a_path_in_a_command_is_quoted_for_the_shell() {
        let error = SharedFileError::Damaged {
            path: "/home/ada lovelace/.aws/credentials".into(),
            copy: "/tmp/copy".into(),
            source: io::ErrorKind::Other.into(),
        };
        assert_eq!(
            file_hint(&error).as_deref(),
            Some("cp /tmp/copy '/home/ada lovelace/.aws/credentials'")
        );
    }

    #[test]
    fn a_lock_that_is_not_let_go_names_the_command_that_finds_its_holder() {
        let error = SharedFileError::Lock {
            path: "/home/ada/.aws/credentials".into(),
            source: io::ErrorKind::TimedOut.into(),
        };
        assert_eq!(
            file_hint(&error).as_deref(),
            Some(
                "lsof /home/ada/.aws/credentials shows which program that is; end it, then try again"
            )
        );
    }
}
