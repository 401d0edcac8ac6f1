//! Keychains that do not serve.

use super::word;
use crate::keychain::KeychainError;

/// What to do about a keychain that does not serve.
pub(in crate::failure) fn keychain_hint(error: &KeychainError) -> String {
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
