//! The one secret type.

use std::fmt;

use zeroize::Zeroizing;

/// Holds text that must never be shown: a secret access key, a session token, a one-time code.
///
/// The memory is overwritten on drop. There is no `Display` and no `Serialize`, and `Debug` prints
/// `Secret(..)`, so a secret can leave only through [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// Shows the text: the only door.
    ///
    /// Only the session cache, the credential output, the request to AWS and the code that is
    /// checked or sent may call this; a test lists the files that do.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first line, without space around it: what a password manager's entry is by custom.
    pub fn first_line(&self) -> Self {
        Secret::new(self.0.trim().lines().next().unwrap_or_default().trim())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_what_counts_of_an_entry() {
        for text in ["secret", "secret\n", " secret\r\nurl: x\n", "\nsecret\n"] {
            assert_eq!(
                Secret::new(text).first_line().expose(),
                "secret",
                "{text:?}"
            );
        }
        assert_eq!(Secret::new("\n").first_line().expose(), "");
    }

    #[test]
    fn debug_never_shows_the_text() {
        let secret = Secret::new("wJalrXUtnFEMI");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret(..))");
        assert_eq!(secret.expose(), "wJalrXUtnFEMI");
    }
}
