//! A TOTP seed as a person pastes it: base32, or the address of a QR code.
//!
//! Input: the text.

use daypass::{
    mfa::seed::{Seed, SeedError, Shown},
    time,
};

use super::shown;

/// Longer texts are refused, and the address is longer than the seed.
const LONGEST: usize = 2_048;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Seed::parse(text) {
        Ok(seed) => {
            assert_eq!(format!("{seed:?}"), "Seed(..)");
            kept(&seed);
            if !text.contains(':') {
                is_that_of(text, &seed);
            }
        }
        Err(error) => refused(&error),
    }
}

/// The text for the keychain is the same seed, and so is an address made of it.
fn kept(seed: &Seed) {
    let text = seed.to_secret();
    let text = text.expose();
    let is_base32 = |byte: u8| matches!(byte, b'A'..=b'Z' | b'2'..=b'7');
    assert!(text.len() >= 26 && text.bytes().all(is_base32), "{text}");
    let address = format!("otpauth://totp/ada?secret={text}&algorithm=SHA1&digits=6&period=30");
    for spelling in [text, &text.to_lowercase(), &address] {
        if spelling.len() > LONGEST {
            continue;
        }
        let again = Seed::parse(spelling).expect("a seed that was rendered");
        assert_eq!(again.to_secret().expose(), text);
        for moment in [
            "1969-12-31T23:59:59Z",
            "2026-11-22T09:31:04Z",
            "9999-12-31T23:59:59Z",
        ] {
            let moment = time::parse_timestamp(moment).expect("a moment");
            let code = seed.code_at(moment);
            assert_eq!(code.digits().len(), 6);
            assert!(code.digits().bytes().all(|byte| byte.is_ascii_digit()));
            assert_eq!(again.code_at(moment), code);
        }
    }
}

/// No letter of a seed is passed over, but for bits at its end that make no byte.
fn is_that_of(text: &str, seed: &Seed) {
    let letters: String = text
        .chars()
        .filter(|character| character.is_ascii_alphanumeric())
        .map(|character| character.to_ascii_uppercase())
        .collect();
    let kept = seed.to_secret();
    let kept = kept.expose();
    let common = kept.len() - 1;
    assert_eq!(letters.get(..common), kept.get(..common), "another seed");
    assert!(
        letters.len() - kept.len() < 2,
        "{} letters make {}",
        letters.len(),
        kept.len()
    );
}

fn refused(error: &SeedError) {
    shown::text(error.to_string(), true);
    let repeated = match error {
        SeedError::OtherType(shown) | SeedError::Twice(shown) => shown,
        SeedError::OtherParameter { value, .. } => value,
        _ => return,
    };
    if let Shown::Word(word) = repeated {
        let is_known = Shown::WORDS.contains(&word.to_ascii_lowercase().as_str());
        let is_small = word.len() <= 3 && word.parse::<u16>().is_ok();
        assert!(is_known || is_small, "what may be a seed is shown");
    }
}
