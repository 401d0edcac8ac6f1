//! A TOTP seed: what a virtual MFA device makes its codes from.

use std::{borrow::Cow, fmt};

use totp_rs::{Algorithm, Builder, Totp};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    mfa::code::{Code, STEP_SECONDS},
    secret::Secret,
    time::Timestamp,
};

/// Longer texts are no seed: a URI with a seed of AWS's takes some 200 characters.
const LONGEST: usize = 2_048;

/// The bits that a seed must have (RFC 4226, R6). AWS's have 320.
const FEWEST_BITS: usize = 128;

/// A seed for codes as AWS takes them: SHA-1, six digits, 30 seconds.
///
/// Overwritten on drop; it leaves this type as a code, or as base32 text for the keychain.
pub struct Seed(Totp);

/// Why a text is no seed that AWS could have given. It never repeats the seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// Nothing was given.
    #[error("no seed was given")]
    Empty,
    /// The text is no base32.
    #[error("this is not a TOTP seed: a seed has the letters A to Z and the digits 2 to 7 only")]
    NotBase32,
    /// The seed is too short to be AWS's.
    #[error("this seed is too short: AWS's has 64 characters, and at least 26 are needed")]
    TooShort,
    /// The text is far too long.
    #[error("this is too long to be a TOTP seed")]
    TooLong,
    /// The URI cannot be read.
    #[error("this otpauth:// address cannot be read")]
    NotAUri,
    /// The URI is of another kind: HOTP counts, and AWS takes no such codes.
    #[error("this otpauth:// address is of type {0}; AWS's is of type totp")]
    OtherType(Shown),
    /// The URI has no seed.
    #[error("this otpauth:// address has no secret")]
    NoSecret,
    /// The URI says something twice, so that nobody knows what is meant.
    #[error("this otpauth:// address names {0} twice")]
    Twice(Shown),
    /// A parameter of the URI is not what AWS's devices use.
    #[error(
        "this otpauth:// address has {value} for {name}, but AWS takes codes with {name}={expected} only"
    )]
    OtherParameter {
        /// The parameter.
        name: &'static str,
        /// What it says.
        value: Shown,
        /// What AWS's devices use.
        expected: &'static str,
    },
}

/// A part of an address as an error repeats it: a seed that was pasted into the wrong place must not
/// come back, not even its beginning, so that only words are shown that are known to be none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A known word, or a number of up to three digits.
    Word(String),
    /// Anything else.
    SomethingElse,
}

impl Shown {
    /// What an error may repeat, besides small numbers. No seed is as short as the longest of these.
    pub const WORDS: [&str; 16] = [
        "hotp",
        "steam",
        "secret",
        "algorithm",
        "digits",
        "period",
        "issuer",
        "image",
        "counter",
        "sha224",
        "sha256",
        "sha384",
        "sha512",
        "sha-256",
        "sha-512",
        "md5",
    ];

    fn of(text: &str) -> Self {
        let is_number = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = Shown::WORDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(text));
        if is_word || (is_number && !text.is_empty()) {
            Shown::Word(text.to_owned())
        } else {
            Shown::SomethingElse
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Word(word) => formatter.write_str(word),
            Shown::SomethingElse => formatter.write_str("something else"),
        }
    }
}

impl Seed {
    /// Parses a seed: base32 as AWS shows it (spaces, dashes, lower case and padding do no harm), or
    /// the `otpauth://totp/` address that is in the QR code.
    ///
    /// # Errors
    /// [`SeedError`] for anything that AWS could not have given: another algorithm than SHA-1, other than
    /// six digits, another step than 30 seconds. Source: the Key Uri Format of Google Authenticator.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SeedError::Empty);
        }
        if text.len() > LONGEST {
            return Err(SeedError::TooLong);
        }
        let is_uri = text
            .get(.."otpauth:".len())
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("otpauth:"));
        if is_uri {
            parse_uri(text)
        } else {
            parse_base32(text)
        }
    }

    /// The code of the time step that holds this moment.
    pub fn code_at(&self, moment: Timestamp) -> Code {
        let seconds = u64::try_from(moment.timestamp()).unwrap_or_default();
        Code::from_digits(self.0.generate(seconds).to_string())
    }

    /// Reads a seed of the keychain back.
    ///
    /// # Errors
    /// [`SeedError`] if somebody else has put something else there.
    pub fn from_secret(secret: &Secret) -> Result<Self, SeedError> {
        Seed::parse(secret.expose())
    }

    /// The seed as text for the keychain: base32, without padding.
    pub fn to_secret(&self) -> Secret {
        let text = Zeroizing::new(self.0.secret().to_base32());
        Secret::new(text.as_str())
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seed(..)")
    }
}

fn parse_base32(text: &str) -> Result<Seed, SeedError> {
    let mut letters = Zeroizing::new(String::with_capacity(text.len()));
    letters.extend(
        text.trim_end_matches('=')
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .map(|character| character.to_ascii_uppercase()),
    );
    if letters.is_empty() {
        return Err(SeedError::Empty);
    }
    let bytes =
        totp_rs::Secret::try_from_base32(letters.as_str()).map_err(|_| SeedError::NotBase32)?;
    if bytes.as_bytes().len() * 8 < FEWEST_BITS {
        return Err(SeedError::TooShort);
    }
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP_SECONDS.unsigned_abs())
        .with_secret(bytes)
        .build()
        .map_err(|_| SeedError::TooShort)?;
    Ok(Seed(totp))
}

/// The address is taken apart here and not by the TOTP crate, whose errors cannot say which parameter
/// is wrong, and which takes what AWS would refuse.
fn parse_uri(text: &str) -> Result<Seed, SeedError> {
    let uri = Url::parse(text).map_err(|_| SeedError::NotAUri)?;
    match uri.host_str() {
        Some(kind) if kind.eq_ignore_ascii_case("totp") => {}
        Some(kind) => return Err(SeedError::OtherType(Shown::of(kind))),
        None => return Err(SeedError::NotAUri),
    }
    let mut secret: Option<Zeroizing<String>> = None;
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in uri.query_pairs() {
        let name = name.to_ascii_lowercase();
        if seen.contains(&name) {
            return Err(SeedError::Twice(Shown::of(&name)));
        }
        match name.as_str() {
            "secret" => secret = Some(Zeroizing::new(value.into_owned())),
            "algorithm" => expect("algorithm", value, "SHA1", &["SHA1", "SHA-1", "HMACSHA1"])?,
            "digits" => expect("digits", value, "6", &["6"])?,
            "period" => expect("period", value, "30", &["30"])?,
            // The issuer and whatever else apps add says nothing about the codes.
            _ => {}
        }
        seen.push(name);
    }
    match secret {
        Some(secret) if !secret.trim().is_empty() => parse_base32(&secret),
        _ => Err(SeedError::NoSecret),
    }
}

fn expect(
    name: &'static str,
    value: Cow<'_, str>,
    expected: &'static str,
    accepted: &[&str],
) -> Result<(), SeedError> {
    if accepted
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&value))
    {
        return Ok(());
    }
    Err(SeedError::OtherParameter {
        name,
        value: Shown::of(&value),
        expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;

    /// The seed of RFC 6238's test vectors, "12345678901234567890".
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn code(text: &str, moment: i64) -> String {
        let moment = Timestamp::from_timestamp(moment, 0).unwrap();
        Seed::parse(text)
            .unwrap()
            .code_at(moment)
            .digits()
            .to_owned()
    }

    fn error(text: &str) -> SeedError {
        Seed::parse(text).unwrap_err()
    }

    #[test]
    fn codes_are_those_of_the_test_vectors() {
        // RFC 6238, appendix B, SHA-1: the last six of the eight digits.
        for (moment, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(RFC, moment), digits, "{moment}");
        }
    }

    #[test]
    fn a_seed_is_read_however_it_is_spelt() {
        for text in [
            "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
            " gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq\n",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====",
            "otpauth://totp/Amazon%20Web%20Services:ada@123456789012?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Amazon%20Web%20Services",
            "OTPAUTH://TOTP/ada?Secret=gezdgnbvgy3tqojqgezdgnbvgy3tqojq&ALGORITHM=sha1&digits=6&period=30&image=x",
            "otpauth://totp/?secret=GEZD+GNBV+GY3T+QOJQ+GEZD+GNBV+GY3T+QOJQ%3D%3D",
        ] {
            assert_eq!(code(text, 59), "287082", "{text}");
        }
    }

    #[test]
    fn what_aws_did_not_give_is_refused_with_the_reason() {
        assert_eq!(error(" \n"), SeedError::Empty);
        assert_eq!(error("===="), SeedError::Empty);
        assert_eq!(error("hunter2!"), SeedError::NotBase32);
        assert_eq!(error("GEZDGNBVGY3TQOJ1"), SeedError::NotBase32);
        assert_eq!(error("GEZDGNBVGY3TQOJQ"), SeedError::TooShort);
        assert_eq!(error(&"A".repeat(5_000)), SeedError::TooLong);
        assert_eq!(error("otpauth://"), SeedError::NotAUri);
        assert_eq!(error("otpauth:totp"), SeedError::NotAUri);
        assert_eq!(error("otpauth://totp/ada"), SeedError::NoSecret);
        assert_eq!(error("otpauth://totp/ada?secret="), SeedError::NoSecret);
        assert_eq!(
            error(&format!("otpauth://hotp/ada?secret={RFC}&counter=1")),
            SeedError::OtherType(Shown::Word("hotp".into()))
        );
        assert_eq!(
            error(&format!("otpauth://totp/ada?secret={RFC}&secret={RFC}")),
            SeedError::Twice(Shown::Word("secret".into()))
        );
        for (parameter, name) in [
            ("algorithm=SHA256", "algorithm"),
            ("digits=8", "digits"),
            ("period=60", "period"),
        ] {
            let error = error(&format!("otpauth://totp/ada?secret={RFC}&{parameter}"));
            assert!(
                matches!(&error, SeedError::OtherParameter { name: found, .. } if *found == name),
                "{error}"
            );
        }
    }

    #[test]
    fn nothing_shows_the_seed() {
        let seed = Seed::parse(RFC).unwrap();
        assert_eq!(format!("{seed:?}"), "Seed(..)");
        for text in [
            format!("otpauth://totp/ada?digits={RFC}"),
            format!("otpauth://{RFC}"),
            format!("otpauth://totp/ada?algorithm={RFC}"),
            format!("otpauth://totp/ada?period={}", &RFC[..5]),
            format!("otpauth://totp/ada?{RFC}&{RFC}"),
            format!("{RFC}!"),
            format!("otpauth://totp/ada?secret={RFC}%20!"),
        ] {
            let error = error(&text);
            let shown = format!("{error} {error:?}").to_uppercase();
            assert!(!shown.contains(&RFC[..4]), "{error}");
        }
    }

    #[test]
    fn the_text_for_the_keychain_is_the_seed_again() {
        let text = Seed::parse(RFC).unwrap().to_secret();
        let again = Seed::from_secret(&text).unwrap();
        let now = time::now();
        assert_eq!(again.code_at(now), Seed::parse(RFC).unwrap().code_at(now));
    }
}
