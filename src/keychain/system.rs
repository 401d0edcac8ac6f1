//! The operating system's keychain, through the crate `keyring`.

use std::{env, time::Duration};

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::{
    keychain::{
        ANSWER_TAKES, ANSWER_TAKES_AT_MOST, Keychain, KeychainError, QUESTION_STANDS, Questions,
        SERVICE,
    },
    patience::{TookTooLong, Work},
    secret::Secret,
    terminal::Progress,
};

/// How long the keychain may take to be there at all. Without a desktop there may be a bus whose
/// keychain never starts, which D-Bus itself would wait two minutes for.
const STARTS_WITHOUT_DESKTOP: Duration = Duration::from_millis(1_500);

pub(super) fn read(account: String, questions: Questions) -> Result<Option<Secret>, KeychainError> {
    let found = with_entry(&account, Act::Read, questions, |entry| {
        match entry.get_password() {
            Ok(text) => Ok(Some(secret(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(Error::Ambiguous(entries)) => the_one_secret(entries).map(Some),
            Err(error) => Err(error),
        }
    });
    found.map_err(|failed| failed.of(account))
}

pub(super) fn write(
    account: String,
    secret: &Secret,
    questions: Questions,
) -> Result<(), KeychainError> {
    let secret = secret.clone();
    let written = with_entry(&account, Act::Write, questions, move |entry| {
        match entry.set_password(secret.expose()) {
            // Two programs made it at the same moment: one entry is enough.
            Err(Error::Ambiguous(entries)) => {
                for extra in &entries[1..] {
                    extra.delete_credential()?;
                }
                entry.set_password(secret.expose())
            }
            other => other,
        }
    });
    written.map_err(|failed| failed.of(account))
}

pub(super) fn remove(account: String) -> Result<bool, KeychainError> {
    let removed = with_entry(
        &account,
        Act::Write,
        Questions::Allowed,
        |entry| match entry.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(Error::Ambiguous(entries)) => {
                for entry in &entries {
                    entry.delete_credential()?;
                }
                Ok(true)
            }
            Err(error) => Err(error),
        },
    );
    removed.map_err(|failed| failed.of(account))
}

fn secret(text: String) -> Secret {
    Secret::new(Zeroizing::new(text).as_str())
}

/// The secret that all these entries hold, if it is the same.
fn the_one_secret(entries: Vec<keyring_core::Entry>) -> Result<Secret, Error> {
    let mut one: Option<Secret> = None;
    for entry in &entries {
        let this = secret(entry.get_password()?);
        match &one {
            Some(other) if *other != this => return Err(Error::Ambiguous(entries)),
            _ => one = Some(this),
        }
    }
    one.ok_or(Error::NoEntry)
}

/// What is done with an entry: another lock may be in the way of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Read,
    Write,
}

enum Failed {
    NotThere(&'static Error),
    WouldAsk,
    TimedOut(Duration),
    Keyring(Error),
}

impl Failed {
    fn of(self, account: String) -> KeychainError {
        let keychain = Keychain::System;
        match self {
            Failed::NotThere(error) => KeychainError::NotThere {
                keychain,
                source: words_of(error).into(),
            },
            Failed::WouldAsk => KeychainError::WouldAsk { keychain },
            Failed::TimedOut(after) => KeychainError::TimedOut { keychain, after },
            Failed::Keyring(Error::NoStorageAccess(_)) => KeychainError::Locked { keychain },
            Failed::Keyring(Error::Ambiguous(_)) => KeychainError::Ambiguous { keychain, account },
            Failed::Keyring(Error::BadEncoding(_)) => KeychainError::NotText { keychain, account },
            Failed::Keyring(error) => KeychainError::Failed {
                keychain,
                source: words_of(&error).into(),
            },
        }
    }
}

/// Opens the keychain and does something with an entry, on a thread of its own: a keychain without a
/// desktop may hang for minutes, and one with a desktop may be asking for its password.
fn with_entry<T: Send + 'static>(
    account: &str,
    kind: Act,
    questions: Questions,
    act: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, Failed> {
    let account = account.to_owned();
    let work = Work::start(move |begun| {
        if let Err(error) = Entry::store_status() {
            return Err(Failed::NotThere(error));
        }
        begun.tell();
        if questions == Questions::Forbidden && is_locked(&account, kind) {
            return Err(Failed::WouldAsk);
        }
        Entry::new(SERVICE, &account)
            .and_then(act)
            .map_err(Failed::Keyring)
    });
    let (start, end) = match questions {
        Questions::Forbidden => (ANSWER_TAKES_AT_MOST, ANSWER_TAKES_AT_MOST),
        Questions::Allowed if has_desktop() => (ANSWER_TAKES, QUESTION_STANDS),
        Questions::Allowed => (STARTS_WITHOUT_DESKTOP, ANSWER_TAKES),
    };
    let mut progress = None;
    let answer = work.wait(start, end, || {
        if questions == Questions::Forbidden {
            return;
        }
        progress = Some(Progress::show(
            "daypass: waiting for the keychain: it may be asking for its password in a window ...",
        ));
    });
    drop(progress);
    match answer {
        Ok(answer) => answer,
        Err(TookTooLong(after)) => Err(Failed::TimedOut(after)),
    }
}

/// Whether the keychain would have to be unlocked for this, as far as it tells without asking anybody.
/// The crate `keyring` has no such question: it unlocks whatever it finds.
#[cfg(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
))]
fn is_locked(account: &str, kind: Act) -> bool {
    use secret_service::{EncryptionType, blocking::SecretService};
    let ask = || {
        let service = SecretService::connect(EncryptionType::Plain)?;
        let attributes = [("service", SERVICE), ("username", account)];
        let found = service.search_items(attributes.into_iter().collect())?;
        let is_new = found.locked.is_empty() && found.unlocked.is_empty();
        let in_the_way = kind == Act::Write && is_new;
        Ok::<_, secret_service::Error>(
            !found.locked.is_empty()
                || (in_the_way && service.get_default_collection()?.is_locked()?),
        )
    };
    // What else is wrong with it is told by what is tried next.
    ask().unwrap_or(false)
}

/// Elsewhere it does not tell; it is not waited for if it asks.
#[cfg(not(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
)))]
fn is_locked(_account: &str, _kind: Act) -> bool {
    false
}

/// What the keychain said, once: each layer of the libraries between us repeats it.
fn words_of(error: &Error) -> String {
    match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

/// Whether somebody could see a window in which the keychain asks.
fn has_desktop() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
