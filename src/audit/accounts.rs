//! Which accounts are to be audited: a file that people write, one account a line.
//!
//! ```text
//! # production
//! 123456789012
//! 210987654321  shop, since 2019
//! ```

use std::collections::HashSet;

use crate::terminal::misplaced;

/// What is wrong with a list of accounts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// A line does not begin with twelve digits.
    #[error("line {line}: '{found}' is no account: it is twelve digits")]
    NoAccount {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// It is not UTF-8.
    #[error("it is not UTF-8")]
    NotText,
    /// There are none.
    #[error("it names no account")]
    None,
}

/// Reads the accounts, each once, in their order. What follows the digits of one is for people.
///
/// # Errors
/// [`AccountsError`], with the line.
pub fn parse(bytes: &[u8]) -> Result<Vec<String>, AccountsError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| AccountsError::NotText)?;
    let mut accounts = Vec::new();
    let mut known = HashSet::new();
    for (index, line) in text.lines().enumerate() {
        let Some(word) = line
            .split([' ', '\t', ',', '#'])
            .find(|word| !word.is_empty())
        else {
            continue;
        };
        if line.trim_start().starts_with('#') {
            continue;
        }
        if word.len() != 12 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AccountsError::NoAccount {
                line: index + 1,
                found: misplaced(word),
            });
        }
        if known.insert(word) {
            accounts.push(word.to_owned());
        }
    }
    if accounts.is_empty() {
        return Err(AccountsError::None);
    }
    Ok(accounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_account_and_what_people_say_of_it() {
        let text = b"# all\n\n 123456789012\n210987654321,shop\n123456789012 again\n";
        assert_eq!(parse(text).unwrap(), ["123456789012", "210987654321"]);
    }

    #[test]
    fn what_is_no_account_is_told_with_its_line() {
        let error = parse(b"123456789012\n12345678901 short\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: '12345678901' is no account: it is twelve digits"
        );
        assert_eq!(parse(b"# none\n"), Err(AccountsError::None));
        assert_eq!(parse(b"\xff"), Err(AccountsError::NotText));
    }
}
