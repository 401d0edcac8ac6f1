//! The code: six digits that are good once.

use std::fmt;

use zeroize::Zeroizing;

/// The length of a time step of a code, in seconds (RFC 6238, as AWS uses it).
pub const STEP_SECONDS: i64 = 30;

/// Six digits (TOTP, RFC 6238). Overwritten on drop and never shown, though it is spent at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<String>);

/// A text that is no code. It does not repeat the text: a mistyped code may be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code is six digits")]
pub struct NotACode;

impl Code {
    /// Parses six digits; spaces and a dash, as some apps show them, are left out.
    ///
    /// # Errors
    /// [`NotACode`] for anything else.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        if text.len() > 32 {
            return Err(NotACode);
        }
        let digits: Zeroizing<String> = Zeroizing::new(
            text.chars()
                .filter(|character| !character.is_whitespace() && *character != '-')
                .collect(),
        );
        let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if six { Ok(Code(digits)) } else { Err(NotACode) }
    }

    /// Takes digits that were made and not typed.
    pub(super) fn from_digits(digits: String) -> Self {
        Code(Zeroizing::new(digits))
    }

    /// The digits: for the request to AWS and the digest of spent codes.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Code(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_a_code_however_they_are_spaced() {
        for text in ["123456", "123 456", " 123456\n", "123-456"] {
            assert_eq!(Code::parse(text).unwrap().digits(), "123456", "{text:?}");
        }
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", &"1".repeat(100)] {
            assert_eq!(Code::parse(text), Err(NotACode), "{text:?}");
        }
    }

    #[test]
    fn debug_never_shows_a_code() {
        assert_eq!(format!("{:?}", Code::parse("123456").unwrap()), "Code(..)");
    }
}
