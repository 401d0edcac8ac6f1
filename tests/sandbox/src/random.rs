//! Identifiers, keys and tokens in the shape in which AWS gives them out.
//!
//! A sandbox guards nothing: the generator is a fast one, not a cryptographic one.

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn text(alphabet: &[u8], length: usize) -> String {
    (0..length)
        .map(|_| char::from(alphabet[fastrand::usize(..alphabet.len())]))
        .collect()
}

/// An identifier with AWS's four-letter prefix: `AKIA…`, `ASIA…`, `AIDA…`, `AROA…`.
pub(crate) fn identifier(prefix: &str) -> String {
    format!("{prefix}{}", text(BASE32, 16))
}

/// A secret access key: 40 characters, always with `/` and `+` among them, which is where
/// careless quoting shows.
pub(crate) fn secret_access_key() -> String {
    format!(
        "{}/{}+{}",
        text(BASE64, 12),
        text(BASE64, 12),
        text(BASE64, 14)
    )
}

/// A session token: 356 characters with `/`, `+` and `=` in it.
pub(crate) fn session_token() -> String {
    format!(
        "IQoJb3JpZ2luX2Vj{}/{}+{}==",
        text(BASE64, 100),
        text(BASE64, 136),
        text(BASE64, 100)
    )
}

/// The seed of a TOTP device: 64 characters of base32, which are 40 bytes.
pub(crate) fn seed() -> String {
    text(BASE32, 64)
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
