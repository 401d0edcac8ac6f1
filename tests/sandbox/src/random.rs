//! Identifiers, keys and tokens in the shape in which AWS gives them out.
//!
//! A sandbox guards nothing: the generator is a fast one, not a cryptographic one, and every secret
//! carries a marker by which it is known wherever it shows up.

use crate::planted;

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const BASE62: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn text(alphabet: &[u8], length: usize) -> String {
    (0..length)
        .map(|_| char::from(alphabet[fastrand::usize(..alphabet.len())]))
        .collect()
}

/// An identifier with AWS's four-letter prefix: `AKIA…`, `ASIA…`, `AIDA…`, `AROA…`.
pub(crate) fn identifier(prefix: &str) -> String {
    format!("{prefix}{}", text(BASE32, 16))
}

/// The secret of a long-term key.
pub(crate) fn long_term_secret() -> String {
    secret_access_key(planted::LONG_TERM_SECRET)
}

/// The secret of a session.
pub(crate) fn session_secret() -> String {
    secret_access_key(planted::SESSION_SECRET)
}

/// A secret access key: 40 characters, always with `/` and `+` among them, which is where
/// careless quoting shows. Its marker is at both ends, where careless masking shows.
fn secret_access_key(marker: &str) -> String {
    let rest = 40 - 2 * marker.len() - 2;
    format!(
        "{marker}/{}+{}{marker}",
        text(BASE64, rest / 2),
        text(BASE64, rest - rest / 2)
    )
}

/// A session token: 356 characters with `/`, `+` and `=` in it, and its marker throughout.
pub(crate) fn session_token() -> String {
    const MARKER: &str = planted::SESSION_TOKEN;
    format!(
        "IQoJb3JpZ2luX2Vj{MARKER}{}/{MARKER}{}+{}{MARKER}==",
        text(BASE64, 100 - MARKER.len()),
        text(BASE64, 136 - MARKER.len()),
        text(BASE64, 100 - MARKER.len())
    )
}

/// A token that signs a browser in: 512 characters of base64 for URLs, with `-` and `_` in it, and
/// its marker throughout.
pub(crate) fn signin_token() -> String {
    const MARKER: &str = planted::SIGNIN_TOKEN;
    format!(
        "{MARKER}{}-{MARKER}{}_{}{MARKER}",
        text(BASE62, 200 - 2 * MARKER.len()),
        text(BASE62, 200),
        text(BASE62, 110 - MARKER.len())
    )
}

/// The seed of a TOTP device: 64 characters of base32, which are 40 bytes, its marker at both ends.
pub(crate) fn seed() -> String {
    const MARKER: &str = planted::SEED;
    format!("{MARKER}{}{MARKER}", text(BASE32, 64 - 2 * MARKER.len()))
}

/// A request id (a UUID).
pub(crate) fn request_id() -> String {
    let digits = format!("{:032x}", fastrand::u128(..));
    format!(
        "{}-{}-4{}-a{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[13..16],
        &digits[17..20],
        &digits[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_the_shape_of_aws_s_and_their_marker_at_both_ends() {
        for (secret, marker, length) in [
            (long_term_secret(), planted::LONG_TERM_SECRET, 40),
            (session_secret(), planted::SESSION_SECRET, 40),
            (seed(), planted::SEED, 64),
        ] {
            assert_eq!(secret.len(), length);
            assert!(secret.starts_with(marker) && secret.ends_with(marker));
        }
        assert_eq!(signin_token().len(), 512);
        assert_eq!(signin_token().matches(planted::SIGNIN_TOKEN).count(), 3);
        assert_eq!(session_token().len(), 356);
        assert_eq!(session_token().matches(planted::SESSION_TOKEN).count(), 3);
        assert!(seed().bytes().all(|byte| BASE32.contains(&byte)));
    }
}
