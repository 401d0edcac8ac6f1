//! The code: six digits that are good once.

use crate::secret::Secret;

/// Six digits (TOTP, RFC 6238).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(Secret);

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
        let digits: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .collect();
        let digits = Secret::new(digits);
        let six =
            digits.expose().len() == 6 && digits.expose().bytes().all(|byte| byte.is_ascii_digit());
        if six { Ok(Code(digits)) } else { Err(NotACode) }
    }

    /// Shows the digits: for the request to AWS and the memory of spent codes.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_a_code_however_they_are_spaced() {
        for text in ["123456", "123 456", " 123456\n", "123-456"] {
            assert_eq!(Code::parse(text).unwrap().expose(), "123456", "{text:?}");
        }
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", &"1".repeat(100)] {
            assert_eq!(Code::parse(text), Err(NotACode), "{text:?}");
        }
    }

    #[test]
    fn debug_never_shows_a_code() {
        assert_eq!(
            format!("{:?}", Code::parse("123456").unwrap()),
            "Code(Secret(..))"
        );
    }
}
