//! The `otpauth://` address of a device: what its QR code says.

use crate::secret::Secret;

/// The issuer, as authenticator apps show it above the code.
const ISSUER: &str = "AWS";

/// Writes the address of a device's seed.
///
/// The label is `AWS:ada@acme`, the account by its alias or its number. The algorithm (SHA-1), the digits (six)
/// and the period (30 s) are those that apps take for granted; naming them would make the QR code larger.
/// Source: the Key Uri Format of Google Authenticator.
pub fn address(seed: &Secret, user: &str, account: &str) -> Secret {
    let label = format!("{ISSUER}:{}@{}", escaped(user), escaped(account));
    let seed = seed.expose();
    Secret::new(format!(
        "otpauth://totp/{label}?secret={seed}&issuer={ISSUER}"
    ))
}

/// The seed in groups of four, as people copy it.
pub fn grouped(seed: &Secret) -> Secret {
    let letters: Vec<char> = seed.expose().chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    let lines: Vec<String> = groups.chunks(8).map(|line| line.join(" ")).collect();
    Secret::new(lines.join("\n"))
}

/// Percent-encoded, but for what may stand in a path as it is. Names of users have letters, digits and
/// `+=,.@_-`.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'='
            | b','
            | b'@' => {
                escaped.push(char::from(byte));
            }
            _ => escaped += &format!("%{byte:02X}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mfa::seed::Seed;

    const SEED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    #[test]
    fn the_address_names_issuer_user_and_account() {
        let address = address(&Secret::new(SEED), "ada", "acme");
        assert_eq!(
            address.expose(),
            format!("otpauth://totp/AWS:ada@acme?secret={SEED}&issuer=AWS")
        );
        let seed = Seed::from_secret(&address).unwrap();
        assert_eq!(seed.to_secret().expose(), SEED);
    }

    #[test]
    fn a_name_cannot_end_the_label() {
        let address = address(&Secret::new(SEED), "a+b?c#d/e&f:g%", "x y");
        assert!(
            address
                .expose()
                .starts_with("otpauth://totp/AWS:a%2Bb%3Fc%23d%2Fe%26f%3Ag%25@x%20y?secret=")
        );
        assert!(Seed::from_secret(&address).is_ok());
    }

    #[test]
    fn the_seed_is_shown_in_groups_that_fit_the_screen() {
        let text = grouped(&Secret::new(SEED));
        let lines: Vec<&str> = text.expose().lines().collect();
        assert_eq!(lines, ["ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567"; 2]);
        assert!(Seed::from_secret(&text).is_ok());
    }
}
