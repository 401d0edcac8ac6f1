//! Whether the keychain opens, and holds what the profile keeps there.

use super::{
    Finding, Hints, Subject,
    inquiry::{Inquiry, Kept},
    word,
};
use crate::{keychain::KeychainError, terminal::with_causes};

const CHECK: &str = "keychain";

pub(super) fn check(subject: &Subject, inquiry: &Inquiry, hints: &Hints) -> Vec<Finding> {
    let kept = inquiry
        .keychains
        .get(&subject.name)
        .map_or(&[][..], Vec::as_slice);
    kept.iter()
        .map(|kept| judge(&subject.name, kept, hints))
        .collect()
}

fn judge(profile: &str, kept: &Kept, hints: &Hints) -> Finding {
    let Kept {
        what,
        keychain,
        found,
    } = kept;
    match found {
        Some(Ok(true)) => Finding::ok(CHECK, format!("{keychain} holds {what}")),
        Some(Ok(false)) => {
            let mend = match *what {
                "the TOTP seed" => format!("daypass totp add {}", word(profile)),
                _ => format!("daypass setup {}", word(profile)),
            };
            Finding::fail(CHECK, format!("{keychain} does not hold {what}"))
                .meaning("the profile says that it is there")
                .mend(mend)
        }
        Some(Err(error @ KeychainError::WouldAsk { .. })) => Finding::warn(
            CHECK,
            with_causes(error),
        )
        .meaning(
            "it asks for its password at the next login; a tool that nobody sits at cannot answer",
        )
        .mend(format!(
            "daypass login {}, which lets it ask",
            word(profile)
        )),
        Some(Err(error)) => Finding::fail(CHECK, with_causes(error))
            .meaning(format!("{what} is kept there: nobody can log in"))
            .mend((hints.keychain)(error)),
        None => Finding::not_checked(
            CHECK,
            format!("whether it holds {what}: {keychain} does not open, see above"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        doctor::{Level, tests::hints},
        keychain::Keychain,
    };

    #[test]
    fn a_keychain_is_judged_by_what_it_gives() {
        let keychain = Keychain::System;
        for (found, level) in [
            (Some(Ok(true)), Level::Ok),
            (Some(Ok(false)), Level::Fail),
            (Some(Err(KeychainError::WouldAsk { keychain })), Level::Warn),
            (Some(Err(KeychainError::Locked { keychain })), Level::Fail),
            (None, Level::NotChecked),
        ] {
            let kept = Kept {
                what: "the TOTP seed",
                keychain,
                found,
            };
            let finding = judge("work", &kept, &hints());
            assert_eq!(finding.level, level, "{finding:?}");
            assert!(finding.level < Level::Warn || finding.mend.is_some());
        }
    }
}
