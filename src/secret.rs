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
    fn debug_never_shows_the_text() {
        let secret = Secret::new("wJalrXUtnFEMI");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret(..))");
        assert_eq!(secret.expose(), "wJalrXUtnFEMI");
    }
}
