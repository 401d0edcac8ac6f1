//! The keychain: where secrets are kept that should not lie in a file.
//!
//! Nothing on the way of a fresh cached session comes here: connecting alone takes milliseconds, and
//! starts a daemon where none runs.

use std::{error::Error, fmt, io, path::PathBuf, time::Duration};

use crate::{secret::Secret, serial::Serial};

mod pass;
mod system;

/// The name that all entries of ours bear.
const SERVICE: &str = "daypass";

/// How long an answer may take in which nobody has to be asked.
const ANSWER_TAKES: Duration = Duration::from_secs(10);

/// How long an answer may take for somebody who does not need it: it bothers nobody, or it is left alone.
const ANSWER_TAKES_AT_MOST: Duration = Duration::from_millis(1_500);

/// How long a question of the keychain's own may stand: it unlocks with a password.
const QUESTION_STANDS: Duration = Duration::from_secs(120);

/// Which keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keychain {
    /// The operating system's: the Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC),
    /// the keychain of macOS, the Credential Manager of Windows.
    #[default]
    System,
    /// `pass`, the standard Unix password manager, for machines without a desktop.
    Pass,
}

/// Whether a keychain may ask its user for something: the password that unlocks it, for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Questions {
    /// It may, and is waited for while it does.
    Allowed,
    /// It may not, and is waited for as long only as an answer without a question takes.
    Forbidden,
}

/// What is kept.
#[derive(Debug, Clone, Copy)]
pub enum Item<'a> {
    /// The secret of the long-term key with this id.
    AccessKey(&'a str),
    /// The TOTP seed of this device.
    Seed(&'a Serial),
    /// A session: of the long-term key with this id, in what would be this section.
    Session {
        /// `AKIA…`
        access_key_id: &'a str,
        /// The session section.
        section: &'a str,
    },
}

impl Item<'_> {
    /// The name of the entry, by which people find it in their keychain's own window.
    pub fn account(&self) -> String {
        match self {
            Item::AccessKey(id) => (*id).to_owned(),
            Item::Seed(serial) => format!("totp:{serial}"),
            Item::Session {
                access_key_id,
                section,
            } => format!("session:{access_key_id}:{section}"),
        }
    }
}

/// Why a keychain does not serve.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    /// There is none.
    #[error("{keychain} is not running, or cannot be reached from here")]
    NotThere {
        /// Which.
        keychain: Keychain,
        /// What was found instead.
        source: Box<dyn Error + Send + Sync>,
    },
    /// It is locked.
    #[error("{keychain} is locked, and it was not unlocked")]
    Locked {
        /// Which.
        keychain: Keychain,
    },
    /// It is locked, or may be, and was not to ask.
    #[error("{keychain} does not open without a question, and it may not ask now")]
    WouldAsk {
        /// Which.
        keychain: Keychain,
    },
    /// A signal came while it was being waited for.
    #[error("interrupted while {keychain} was being asked")]
    Interrupted {
        /// Which.
        keychain: Keychain,
    },
    /// It does not answer.
    #[error("{keychain} did not answer within {} s", after.as_secs_f32())]
    TimedOut {
        /// Which.
        keychain: Keychain,
        /// How long it was waited for.
        after: Duration,
    },
    /// Two entries bear the same name, with different secrets.
    #[error(
        "{keychain} has more than one entry '{account}' of the service daypass, and they differ"
    )]
    Ambiguous {
        /// Which.
        keychain: Keychain,
        /// The entry.
        account: String,
    },
    /// What was written is not what is read.
    #[error("{keychain} did not keep the entry '{account}'")]
    NotKept {
        /// Which.
        keychain: Keychain,
        /// The entry.
        account: String,
    },
    /// The entry is not text.
    #[error("the entry '{account}' of {keychain} is not text")]
    NotText {
        /// Which.
        keychain: Keychain,
        /// The entry.
        account: String,
    },
    /// Something else is wrong with it.
    #[error("{keychain} failed")]
    Failed {
        /// Which.
        keychain: Keychain,
        /// What it said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// `pass` is not installed, or cannot be run.
    #[error("the program pass cannot be run")]
    NoPass(#[source] io::Error),
    /// `pass` has no store yet.
    #[error("pass has no password store in {}", .0.display())]
    PassNotInitialised(PathBuf),
    /// `pass` failed. What it said went to stderr.
    #[error("pass {verb} failed for the entry '{entry}'")]
    PassFailed {
        /// What it was to do.
        verb: &'static str,
        /// With which entry.
        entry: String,
    },
}

impl Keychain {
    /// Parses the setting `daypass_keychain`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "system" => Some(Keychain::System),
            "pass" => Some(Keychain::Pass),
            _ => None,
        }
    }

    /// The setting's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Keychain::System => "system",
            Keychain::Pass => "pass",
        }
    }

    /// Reads an entry; `None` if there is none. Of a key or a seed that somebody else has stored, the
    /// first line counts.
    ///
    /// # Errors
    /// When the keychain cannot be opened, would have to ask and may not, or has the entry twice. An entry
    /// that cannot be read is never taken for one that is not there.
    pub fn read(
        self,
        item: Item<'_>,
        questions: Questions,
    ) -> Result<Option<Secret>, KeychainError> {
        let found = self.read_whole(item, questions)?;
        Ok(match item {
            Item::AccessKey(_) | Item::Seed(_) => found.map(|secret| secret.first_line()),
            Item::Session { .. } => found,
        })
    }

    fn read_whole(
        self,
        item: Item<'_>,
        questions: Questions,
    ) -> Result<Option<Secret>, KeychainError> {
        match self {
            Keychain::System => system::read(item.account(), questions),
            Keychain::Pass => pass::read(&item.account(), questions),
        }
    }

    /// Writes an entry, over an older one if need be, and reads it back.
    ///
    /// # Errors
    /// When the keychain cannot be opened, would have to ask and may not, or does not give back what it was
    /// given.
    pub fn write(
        self,
        item: Item<'_>,
        secret: &Secret,
        questions: Questions,
    ) -> Result<(), KeychainError> {
        match self {
            Keychain::System => system::write(item.account(), secret, questions)?,
            Keychain::Pass => pass::write(&item.account(), secret, questions)?,
        }
        match self.read_whole(item, questions)? {
            Some(kept) if kept == *secret => Ok(()),
            _ => Err(KeychainError::NotKept {
                keychain: self,
                account: item.account(),
            }),
        }
    }

    /// Removes an entry; tells whether there was one.
    ///
    /// # Errors
    /// When the keychain cannot be opened.
    pub fn remove(self, item: Item<'_>) -> Result<bool, KeychainError> {
        match self {
            Keychain::System => system::remove(item.account()),
            Keychain::Pass => pass::remove(&item.account()),
        }
    }
}

impl fmt::Display for Keychain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Keychain::Pass => "pass",
            Keychain::System if cfg!(target_os = "macos") => "the macOS keychain",
            Keychain::System if cfg!(windows) => "the Windows Credential Manager",
            Keychain::System => "the keychain (Secret Service)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_name_of_its_own() {
        let serial = Serial::parse("arn:aws:iam::123456789012:mfa/ada").unwrap();
        assert_eq!(Item::AccessKey("AKIAEXAMPLE").account(), "AKIAEXAMPLE");
        assert_eq!(
            Item::Seed(&serial).account(),
            "totp:arn:aws:iam::123456789012:mfa/ada"
        );
        let session = Item::Session {
            access_key_id: "AKIAEXAMPLE",
            section: "work-mfa",
        };
        assert_eq!(session.account(), "session:AKIAEXAMPLE:work-mfa");
    }

    #[test]
    fn the_setting_is_read_as_it_is_written() {
        for keychain in [Keychain::System, Keychain::Pass] {
            assert_eq!(Keychain::parse(keychain.as_str()), Some(keychain));
        }
        assert_eq!(Keychain::parse("Pass"), None);
    }
}
