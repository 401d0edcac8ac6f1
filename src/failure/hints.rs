//! What to do about each error. Every command that is named here exists and helps.

use std::{io, path::Path};

use crate::{
    aws::{client::ClientError, error::AwsError},
    cached_session::{FindError, SectionError, StoreError},
    keychain::KeychainError,
    long_term_key::KeyError,
    mfa::{
        source::{CodeError, SourceName},
        turn::TurnError,
    },
    profile::ProfileError,
    serial::{Serial, SerialError},
    session::SessionError,
    setup::SetupError,
    shared_files::{EditError, SharedFileError},
};

const FIRST_STEPS: &str = "daypass setup asks for what it needs and sets a profile up";

pub(super) fn profile_hint(error: &ProfileError) -> Option<String> {
    Some(match error {
        ProfileError::Unknown { near, all, .. } => {
            if !near.is_empty() {
                format!("did you mean {}?", near.join(" or "))
            } else if all.is_empty() {
                FIRST_STEPS.to_owned()
            } else {
                format!("the profiles there are: {}", some(all))
            }
        }
        ProfileError::NoDefault { all } if all.is_empty() => FIRST_STEPS.to_owned(),
        ProfileError::NoDefault { all } => {
            format!(
                "name one, as in: daypass login {}; there are: {}",
                word(&all[0]),
                some(all)
            )
        }
        ProfileError::UnknownSource { .. } => {
            "correct the name, or add a section for it".to_owned()
        }
        ProfileError::SourceLoop(_) => {
            "take one of these source_profile lines out of the config file".to_owned()
        }
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

/// What to do so that the next session can be saved.
pub fn unsaved_hint(error: &StoreError) -> Option<String> {
    match error {
        StoreError::File(error) => file_hint(error),
        StoreError::Keychain(error) => Some(keychain_hint(error)),
        StoreError::HoldsLongTermKey { section, .. } => Some(format!(
            "move the long-term key out of [{section}], then log in again with a new code"
        )),
    }
}

pub(super) fn file_hint(error: &SharedFileError) -> Option<String> {
    Some(match error {
        SharedFileError::Parse {
            path,
            copy: Some(copy),
            ..
        } => format!(
            "writing this file was cut short; this puts back what it held before: cp {} {}",
            path_word(copy),
            path_word(path)
        ),
        SharedFileError::Parse { copy: None, .. } => {
            "mend this line in an editor; daypass changes no file that it cannot read in full"
                .to_owned()
        }
        SharedFileError::DiskFull { .. } => "make room on the disk, then try again".to_owned(),
        SharedFileError::Damaged { path, copy, .. } => {
            format!("cp {} {}", path_word(copy), path_word(path))
        }
        SharedFileError::KeepsChanging { .. } => "try again when they are done".to_owned(),
        SharedFileError::Lock { path, source } if source.kind() == io::ErrorKind::TimedOut => {
            format!(
                "lsof {} shows which program that is; end it, then try again",
                path_word(path)
            )
        }
        SharedFileError::NotRegular { .. } => {
            "AWS tools need a plain file there: let AWS_SHARED_CREDENTIALS_FILE (or AWS_CONFIG_FILE) name one, or \
             make room for it"
                .to_owned()
        }
        SharedFileError::LinkLoop { path } => format!(
            "ls -l {0} shows where it leads; rm {0} removes the link alone",
            path_word(path)
        ),
        SharedFileError::Read { path, source } => access_hint(path, "u+r", source),
        SharedFileError::Write { path, source } => access_hint(path, "u+w", source),
        SharedFileError::Create { path, source }
        | SharedFileError::CreateDirectory { path, source } => {
            access_hint(path.parent().unwrap_or(path), "u+wx", source)
        }
        SharedFileError::Lock { path, .. } => format!(
            "ls -la {} shows whose it is and who may read and write it",
            path_word(path)
        ),
        SharedFileError::Edit {
            source: EditError::Disputed { .. },
            ..
        } => "write this line again in an editor, as: name = value".to_owned(),
        SharedFileError::Edit { .. } => return None,
    })
}

/// What to do where the system does not let us at a file or directory.
fn access_hint(path: &Path, mode: &str, source: &io::Error) -> String {
    let path = path_word(path);
    match source.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "chmod {mode} {path}; or, if it belongs to somebody else: sudo chown \"$USER\" {path}"
        ),
        io::ErrorKind::ReadOnlyFilesystem => format!(
            "{path} is on a file system that is mounted read-only: mount it for writing, or let \
             AWS_SHARED_CREDENTIALS_FILE name another file"
        ),
        _ => format!("ls -la {path} shows whose it is and who may read and write it"),
    }
}

pub(super) fn session_hint(error: &SessionError) -> Option<String> {
    match error {
        SessionError::NobodyToAsk { profile } => Some(format!(
            "in a terminal, run: daypass login {}",
            word(profile)
        )),
        SessionError::Find(FindError::Keychain(error)) => Some(keychain_hint(error)),
        SessionError::Section(SectionError::Unreadable { .. })
        | SessionError::Find(FindError::Unreadable { .. }) => Some("mend this line in an editor".to_owned()),
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
        SessionError::DeviceUnknown { profile, .. } => Some(format!(
            "put mfa_serial = arn:aws:iam::ACCOUNT:mfa/NAME into [profile {profile}] of the config file; the AWS \
             console shows it under IAM, Security credentials"
        )),
        SessionError::NoDevice { .. } => serial_hint(&SerialError::SecurityKey(String::new())),
        SessionError::Code(error) => code_hint(error, None),
        SessionError::Client(
            ClientError::UnreadableBundle { .. } | ClientError::NoCertificates { .. },
        ) => Some("correct AWS_CA_BUNDLE, or unset it to use the system's certificates".to_owned()),
        SessionError::Client(_) => None,
        SessionError::Aws {
            profile,
            serial,
            error,
        } => aws_hint(profile, serial, error),
        SessionError::Turn(TurnError::Busy) => Some(
            "look for it with: pgrep -a daypass (one that was stopped with Ctrl-Z goes on with: fg)"
                .to_owned(),
        ),
        SessionError::Turn(TurnError::Unusable { .. }) => None,
        SessionError::FailedBefore(told) => told.hint.clone(),
    }
}

pub(super) fn setup_hint(error: &SetupError) -> Option<String> {
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
        SetupError::ProgramPath(_) => {
            "install daypass in a directory without such characters, and choose such a profile name"
                .to_owned()
        }
        SetupError::Backup { path, .. } => format!(
            "make room and permission there: ls -la {}",
            path.parent().unwrap_or(path).display()
        ),
        SetupError::Unfinished { source, .. } => {
            let again = "run daypass setup again: it goes on from here".to_owned();
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

/// What to do about a keychain that does not serve.
pub(super) fn keychain_hint(error: &KeychainError) -> String {
    match error {
        KeychainError::NotThere { .. } | KeychainError::TimedOut { .. } => {
            "log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a \
             keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', \
             then type a password for it, Enter and Ctrl-D"
                .to_owned()
        }
        KeychainError::Locked { .. } => {
            "log in to the desktop and try again; without one, run gnome-keyring-daemon --unlock, then type the \
             keychain's password, Enter and Ctrl-D, or keep secrets in pass: daypass setup --keychain pass"
                .to_owned()
        }
        KeychainError::WouldAsk { .. } => {
            "unlock it first, or run in a terminal: daypass login PROFILE".to_owned()
        }
        KeychainError::Interrupted { .. } => "run the command again".to_owned(),
        KeychainError::Ambiguous { account, .. } => format!(
            "open the keychain's own window (Passwords and Keys, KWalletManager) and remove the older entry \
             '{account}'"
        ),
        KeychainError::NotKept { .. } | KeychainError::Failed { .. } => {
            "see whether another program can store a password there".to_owned()
        }
        KeychainError::NotText { account, .. } => {
            format!(
            "another program has written the entry '{account}': remove it in the keychain's own window (Passwords \
             and Keys, KWalletManager), then store it again"
        )
        }
        KeychainError::NoPass(_) => "install pass, or take daypass_keychain out of the profile".to_owned(),
        KeychainError::PassNotInitialised(_) => {
            "make one for your GPG key: pass init KEY (gpg --list-secret-keys shows them)".to_owned()
        }
        KeychainError::PassFailed { verb, entry } => match *verb {
            "show" => format!(
                "try it in a terminal, without showing the secret: pass show {} > /dev/null",
                word(entry)
            ),
            "insert" => "try whether pass keeps anything, in a terminal: pass generate daypass/test; gpg \
                         --list-keys shows whether the keys of the store are there and have not expired"
                .to_owned(),
            verb => format!("try it in a terminal: pass {verb} {}", word(entry)),
        },
    }
}

/// What to do about a source that gave no code, for this profile if it is known.
pub(super) fn code_hint(error: &CodeError, profile: Option<&str>) -> Option<String> {
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

fn aws_hint(profile: &str, serial: &Serial, error: &AwsError) -> Option<String> {
    match error {
        AwsError::InvalidCode { .. } => Some(error.likely_causes(serial)),
        AwsError::UnknownDevice => Some(format!(
            "the AWS console shows the right one under IAM, Security credentials; put it in the place of \
             {serial}: daypass setup {} --serial ARN",
            word(profile)
        )),
        _ => key_and_network_hint(profile, error),
    }
}

pub(super) fn key_and_network_hint(profile: &str, error: &AwsError) -> Option<String> {
    Some(match error {
        AwsError::InvalidCode { .. } | AwsError::UnknownDevice => return None,
        AwsError::Clock { .. } => {
            "set the clock (on Linux: sudo timedatectl set-ntp true), then try again".to_owned()
        }
        AwsError::UnknownKey => format!(
            "look in the AWS console, IAM, Security credentials, for an active access key of this user, and give it \
             to: daypass setup {}",
            word(profile)
        ),
        AwsError::WrongSecret => format!(
            "copy both halves of the access key of profile '{profile}' again: a secret is 40 characters, and AWS \
             shows it only once"
        ),
        AwsError::Expired => "use a long-term key (AKIA...)".to_owned(),
        AwsError::RegionDisabled { .. } => format!(
            "set region = us-east-1 in [profile {profile}], or have the region switched on in the account"
        ),
        AwsError::Denied { .. } => "ask the administrator of the AWS account for this permission".to_owned(),
        AwsError::Throttled => "wait a minute, then try again with a new code".to_owned(),
        AwsError::Refused { .. } => return None,
        AwsError::Unavailable { .. } => {
            "wait a minute, then try again; https://health.aws.amazon.com tells of trouble at AWS".to_owned()
        }
        AwsError::Unreadable { .. } => {
            "a proxy or the sign-in page of a network may have answered instead: open a web page, and check \
             HTTPS_PROXY and AWS_ENDPOINT_URL"
                .to_owned()
        }
        AwsError::TimedOut | AwsError::Unreachable { .. } => {
            "check the network, HTTPS_PROXY and AWS_ENDPOINT_URL, then try again".to_owned()
        }
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

/// A word as it is typed in a shell.
pub fn word(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned())
}

fn path_word(path: &Path) -> String {
    word(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

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
