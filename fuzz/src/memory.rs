//! `~/.aws/daypass/KEY.json`, which another program may have written: what the last turns left behind.
//!
//! Input: the file.

use daypass::{
    failure::Failure,
    mfa::{
        code::Code,
        memory::{Caller, Memory},
    },
    serial::Serial,
    session::SessionError,
    time,
};

use super::shown;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let mut memory = Memory::parse(bytes);
    let text = memory.render();
    let again = Memory::parse(text.as_bytes());
    assert_eq!(again.render(), text, "what is written is read otherwise");

    let serial = Serial::parse("GAHT12345678").expect("a serial");
    let code = Code::parse("123456").expect("a code");
    // A fixed moment, so that an input passes or fails on every day alike: seconds after those of the seed.
    let now = time::parse_timestamp("2026-11-22T09:31:10Z").expect("a moment");
    let moments = [
        "0001-01-01T00:00:00Z",
        "2026-11-22T12:00:00Z",
        "9999-12-31T23:59:59Z",
    ];
    let mut is_answered = false;
    for since in moments {
        let since = time::parse_timestamp(since).expect("a moment");
        for caller in [Caller::Person, Caller::Tool, Caller::ServedTool] {
            for serial in [None, Some(&serial)] {
                let Some(told) = memory.failure_for(caller, serial, since, now) else {
                    continue;
                };
                is_answered = true;
                let error = SessionError::FailedBefore(told.clone());
                shown::failure(&Failure::Session(error), true);
            }
        }
    }
    let json: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let failed_at = &json["failure"]["at"];
    let failed_at = failed_at.as_str().and_then(time::parse_timestamp);
    let is_of_past = failed_at.is_some_and(|moment| moment <= now);
    assert!(
        is_of_past || !is_answered,
        "a failure of the future answers"
    );

    memory.add_spent(&serial, &code, now);
    assert!(
        memory.is_spent(&serial, &code, now),
        "a code that was spent is good"
    );
    memory.add_key_sighting(now);
    assert!(memory.key_age(now).is_none_or(|age| age.num_seconds() >= 0));
    memory.forget_failure();
    let after = memory.render();
    assert!(!after.contains("\"message\""), "a failure is not forgotten");
    // The digest of a code is kept, and never the code.
    let grown = after.len().saturating_sub(text.len());
    assert!(grown < 240, "a code takes {grown} bytes");
    assert!(
        Memory::parse(after.as_bytes()).is_spent(&serial, &code, now),
        "forgotten on disk"
    );
}
