//! The operating system's keychain, through the crate `keyring`.

use std::{env, time::Duration};

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::{
    keychain::{ANSWER_TAKES, Keychain, KeychainError, QUESTION_STANDS, SERVICE},
    patience::{TookTooLong, Work},
    secret::Secret,
    terminal::Progress,
};

/// How long the keychain may take to be there at all. Without a desktop there may be a bus whose
/// keychain never starts, which D-Bus itself would wait two minutes for.
const STARTS_WITHOUT_DESKTOP: Duration = Duration::from_millis(1_500);

pub(super) fn read(account: String) -> Result<Option<Secret>, KeychainError> {
    let found = with_entry(&account, |entry| match entry.get_password() {
        Ok(text) => Ok(Some(secret(text))),
        Err(Error::NoEntry) => Ok(None),
        Err(Error::Ambiguous(entries)) => the_one_secret(entries).map(Some),
        Err(error) => Err(error),
    });
    found.map_err(|failed| failed.of(account))
}

pub(super) fn write(account: String, secret: &Secret) -> Result<(), KeychainError> {
    let secret = secret.clone();
    let written = with_entry(&account, move |entry| {
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
    let removed = with_entry(&account, |entry| match entry.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(Error::Ambiguous(entries)) => {
            for entry in &entries {
                entry.delete_credential()?;
            }
            Ok(true)
        }
        Err(error) => Err(error),
    });
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

enum Failed {
    NotThere(&'static Error),
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
    act: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, Failed> {
    let account = account.to_owned();
    let work = Work::start(move |begun| {
        if let Err(error) = Entry::store_status() {
            return Err(Failed::NotThere(error));
        }
        begun.tell();
        Entry::new(SERVICE, &account)
            .and_then(act)
            .map_err(Failed::Keyring)
    });
    let (start, end) = if has_desktop() {
        (ANSWER_TAKES, QUESTION_STANDS)
    } else {
        (STARTS_WITHOUT_DESKTOP, ANSWER_TAKES)
    };
    let mut progress = None;
    let answer = work.wait(start, end, || {
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
