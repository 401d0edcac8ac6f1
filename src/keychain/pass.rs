//! `pass`, the standard Unix password manager: entries below `daypass/`, encrypted with the user's own
//! GPG key, which gpg-agent asks for on the terminal or through pinentry.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{
    keychain::{Keychain, KeychainError, QUESTION_STANDS, Questions, SERVICE},
    program,
    secret::Secret,
};

#[cfg(unix)]
mod child;
#[cfg(not(unix))]
#[path = "pass/unwatched.rs"]
mod child;

use child::Ended;

/// The variable in which `pass` finds further options for GPG.
const GPG_OPTIONS: &str = "PASSWORD_STORE_GPG_OPTS";

/// How long GPG may take for a key that it need not ask about: one on a card takes seconds.
const GPG_TAKES: Duration = Duration::from_secs(3);

pub(super) fn read(account: &str, questions: Questions) -> Result<Option<Secret>, KeychainError> {
    let entry = entry(account);
    if !file_of(&store()?, &entry).exists() {
        return Ok(None);
    }
    let output = run("show", &[], &entry, None, questions)?;
    let text = std::str::from_utf8(&output).map_err(|_| KeychainError::NotText {
        keychain: Keychain::Pass,
        account: entry,
    })?;
    // pass ends what it stores with a line feed; a session has several lines.
    Ok(Some(Secret::new(text.strip_suffix('\n').unwrap_or(text))))
}

pub(super) fn write(
    account: &str,
    secret: &Secret,
    questions: Questions,
) -> Result<(), KeychainError> {
    store()?;
    let text = Zeroizing::new(format!("{}\n", secret.expose()));
    run(
        "insert",
        &["--multiline", "--force"],
        &entry(account),
        Some(text),
        questions,
    )?;
    Ok(())
}

pub(super) fn remove(account: &str) -> Result<bool, KeychainError> {
    let entry = entry(account);
    if !file_of(&store()?, &entry).exists() {
        return Ok(false);
    }
    run("rm", &["--force"], &entry, None, Questions::Allowed)?;
    Ok(true)
}

/// The name of an entry. It becomes a path, which must not lead anywhere.
fn entry(account: &str) -> String {
    let mut name = format!("{SERVICE}/");
    for (at, byte) in account.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b":_+=,@-".contains(&byte);
        if is_plain || (byte == b'.' && at > 0) {
            name.push(char::from(byte));
        } else {
            // Two accounts never share an entry.
            name += &format!("%{byte:02X}");
        }
    }
    name
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

/// Runs `pass VERB FLAGS ENTRY`. If it may ask, its stderr is ours, so that people see what GPG has to
/// say; if not, GPG is told so, and that it could not is no news.
fn run(
    verb: &'static str,
    flags: &'static [&'static str],
    entry: &str,
    input: Option<Zeroizing<String>>,
    questions: Questions,
) -> Result<Zeroizing<Vec<u8>>, KeychainError> {
    let keychain = Keychain::Pass;
    let program = program::find("pass").ok_or_else(|| {
        let error = "there is none in an absolute directory of PATH";
        KeychainError::NoPass(io::Error::new(io::ErrorKind::NotFound, error))
    })?;
    let mut command = Command::new(program);
    command.arg(verb).args(flags).arg(entry);
    command.stdin(match (&input, questions) {
        (Some(_), _) => Stdio::piped(),
        // A passphrase is asked for on the terminal that GPG finds here, if nothing else names one.
        (None, Questions::Allowed) => Stdio::inherit(),
        (None, Questions::Forbidden) => Stdio::null(),
    });
    // pass says on stdout what it has removed or asks for; only what it shows is wanted.
    command.stdout(Stdio::piped());
    let patience = match questions {
        Questions::Allowed => QUESTION_STANDS,
        Questions::Forbidden => {
            command.env(GPG_OPTIONS, without_pinentry(env::var_os(GPG_OPTIONS)));
            command.stderr(Stdio::null());
            GPG_TAKES
        }
    };
    match child::run(command, input, patience).map_err(KeychainError::NoPass)? {
        Ended::Itself(status, text) if status.success() => Ok(text),
        Ended::Interrupted => Err(KeychainError::Interrupted { keychain }),
        _ if questions == Questions::Forbidden => Err(KeychainError::WouldAsk { keychain }),
        Ended::Late => Err(KeychainError::TimedOut {
            keychain,
            after: patience,
        }),
        Ended::Itself(..) => Err(KeychainError::PassFailed {
            verb,
            entry: entry.to_owned(),
        }),
    }
}

/// The user's own options for GPG, and that pinentry is not to ask.
fn without_pinentry(options: Option<OsString>) -> OsString {
    let mut options = options.unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    options.push("--pinentry-mode=error");
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_entry_leads_nowhere_else() {
        assert_eq!(entry("AKIAEXAMPLE"), "daypass/AKIAEXAMPLE");
        assert_eq!(
            entry("totp:arn:aws:iam::123456789012:mfa/ada"),
            "daypass/totp:arn:aws:iam::123456789012:mfa%2Fada"
        );
        assert_eq!(entry("../../etc/x y"), "daypass/%2E.%2F..%2Fetc%2Fx%20y");
    }

    #[test]
    fn no_two_accounts_share_an_entry() {
        let accounts = [
            "mfa/team/ada",
            "mfa/team_ada",
            "mfa_team_ada",
            "mfa%2Fteam_ada",
            "é",
            "%C3%A9",
            ".a",
            "a",
        ];
        let mut entries: Vec<String> = accounts.iter().map(|account| entry(account)).collect();
        entries.sort();
        entries.dedup();
        assert_eq!(entries.len(), accounts.len(), "{entries:?}");
    }

    #[test]
    fn the_options_of_gpg_are_added_to() {
        let with = |options: &str| without_pinentry(Some(options.into()));
        assert_eq!(without_pinentry(None), "--pinentry-mode=error");
        assert_eq!(with("--no-tty"), "--no-tty --pinentry-mode=error");
    }
}
