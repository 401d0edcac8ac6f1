//! What lets a client in.

use std::fmt::Write;

use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// 32 random bytes in hexadecimal.
pub(super) struct Token(Secret);

impl Token {
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        // Room for everything: a text that grows would leave copies of itself behind.
        let mut text = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Token(Secret::new(text)))
    }

    pub(super) fn text(&self) -> &Secret {
        &self.0
    }

    /// Whether this is what a client has sent. It takes the same time wherever the first wrong
    /// character is, so that nobody can find the token out one by one.
    pub(super) fn is(&self, sent: &[u8]) -> bool {
        self.0.expose().as_bytes().ct_eq(sent).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let token = Token::random().unwrap();
        let text = token.text().expose().to_owned();
        assert_eq!(text.len(), 64);
        assert!(token.is(text.as_bytes()));
        assert!(!token.is(b""));
        assert!(!token.is(&text.as_bytes()[..63]));
        assert!(!token.is(format!("{text}0").as_bytes()));
        assert!(!token.is(Token::random().unwrap().text().expose().as_bytes()));
    }
}
