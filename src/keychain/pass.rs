//! `pass`, the standard Unix password manager: entries below `daypass/`, encrypted with the user's own
//! GPG key, which gpg-agent asks for on the terminal or through pinentry.

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use zeroize::Zeroizing;

use crate::{
    keychain::{Keychain, KeychainError, QUESTION_STANDS, SERVICE},
    patience::{TookTooLong, Work},
    secret::Secret,
};

pub(super) fn read(account: &str) -> Result<Option<Secret>, KeychainError> {
    let entry = entry(account);
    if !file_of(&store()?, &entry).exists() {
        return Ok(None);
    }
    let output = run("show", &[], &entry, None)?;
    let text = std::str::from_utf8(&output).map_err(|_| KeychainError::NotText {
        keychain: Keychain::Pass,
        account: entry,
    })?;
    // pass ends what it stores with a line feed; a session has several lines.
    Ok(Some(Secret::new(text.strip_suffix('\n').unwrap_or(text))))
}

pub(super) fn write(account: &str, secret: &Secret) -> Result<(), KeychainError> {
    store()?;
    let text = Zeroizing::new(format!("{}\n", secret.expose()));
    run(
        "insert",
        &["--multiline", "--force"],
        &entry(account),
        Some(text),
    )?;
    Ok(())
}

pub(super) fn remove(account: &str) -> Result<bool, KeychainError> {
    let entry = entry(account);
    if !file_of(&store()?, &entry).exists() {
        return Ok(false);
    }
    run("rm", &["--force"], &entry, None)?;
    Ok(true)
}

/// The name of an entry. It becomes a path, which must not lead anywhere.
fn entry(account: &str) -> String {
    let safe = |character: char| {
        if character.is_ascii_alphanumeric() || ":_+=,.@-".contains(character) {
            character
        } else {
            '_'
        }
    };
    let name: String = account.chars().map(safe).collect();
    format!("{SERVICE}/{}", name.trim_start_matches('.'))
}

fn file_of(store: &Path, entry: &str) -> PathBuf {
    store.join(format!("{entry}.gpg"))
}

/// The directory of the store, once it is sure that it is one.
fn store() -> Result<PathBuf, KeychainError> {
    let named = env::var_os("PASSWORD_STORE_DIR")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from);
    let store = named
        .or_else(|| env::home_dir().map(|home| home.join(".password-store")))
        .unwrap_or_default();
    if store.join(".gpg-id").exists() || store.join(SERVICE).join(".gpg-id").exists() {
        return Ok(store);
    }
    Err(KeychainError::PassNotInitialised(store))
}

/// Runs `pass VERB FLAGS ENTRY`. Its stderr is ours, so that people see what GPG has to say.
fn run(
    verb: &'static str,
    flags: &'static [&'static str],
    entry: &str,
    input: Option<Zeroizing<String>>,
) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
    let name = entry.to_owned();
    let work = Work::start(move |begun| {
        let mut command = Command::new("pass");
        command.arg(verb).args(flags).arg(&name);
        command.stdin(if input.is_some() {
            Stdio::piped()
        } else {
            // A passphrase is asked for on the terminal that GPG finds here, if nothing else names one.
            Stdio::inherit()
        });
        // pass says on stdout what it has removed or asks for; only what it shows is wanted.
        command.stdout(Stdio::piped());
        let mut child = command.spawn()?;
        begun.tell();
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), input) {
            pipe.write_all(text.as_bytes())?;
        }
        child.wait_with_output()
    });
    let output = work
        .wait(QUESTION_STANDS, QUESTION_STANDS, || ())
        .map_err(|TookTooLong(after)| KeychainError::TimedOut {
            keychain: Keychain::Pass,
            after,
        })?
        .map_err(KeychainError::NoPass)?;
    let text = Zeroizing::new(output.stdout);
    if output.status.success() {
        return Ok(text);
    }
    Err(KeychainError::PassFailed {
        verb,
        entry: entry.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_entry_leads_nowhere_else() {
        assert_eq!(entry("AKIAEXAMPLE"), "daypass/AKIAEXAMPLE");
        assert_eq!(
            entry("totp:arn:aws:iam::123456789012:mfa/ada"),
            "daypass/totp:arn:aws:iam::123456789012:mfa_ada"
        );
        assert_eq!(entry("../../etc/x y"), "daypass/_.._etc_x_y");
    }
}
