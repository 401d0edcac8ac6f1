//! The single words that settings, arguments and files hold.
//!
//! Input: a word.

use std::time::Duration;

use daypass::{
    mfa::code::Code,
    profile::{SessionDuration, SessionDurationError},
    serial::Serial,
    terminal, time,
};

use super::shown;

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let Ok(word) = std::str::from_utf8(bytes) else {
        return;
    };
    code(word);
    serial(word);
    duration(word);
    moment(word);
    shown::text(terminal::printable(word), true);
    let excerpt = terminal::excerpt(word);
    assert!(excerpt.chars().count() <= 300, "a long excerpt");
    shown::text(excerpt, true);
}

fn code(word: &str) {
    if let Ok(code) = Code::parse(word) {
        let digits = code.digits();
        assert!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(Code::parse(digits).as_ref(), Ok(&code));
        assert!(!format!("{code:?}").contains(digits), "a code is shown");
    }
}

fn serial(word: &str) {
    match Serial::parse(word) {
        Ok(serial) => {
            assert_eq!(serial.as_str(), word);
            assert!(
                (9..=256).contains(&word.len()),
                "AWS takes no serial of {}",
                word.len()
            );
            assert!(!serial.device_name().contains('/'));
            assert!(word.ends_with(serial.device_name()));
            if let Some(account) = serial.account_id() {
                assert!(account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
        Err(error) => shown::text(error.to_string(), true),
    }
}

fn duration(word: &str) {
    match time::parse_duration(word) {
        Ok(duration) => {
            assert_eq!(duration.subsec_nanos(), 0, "a part of a second");
            let seconds = duration.as_secs().to_string();
            assert_eq!(time::parse_duration(&seconds), Ok(duration));
            let shown = time::render_duration(duration);
            shown::text(&shown, true);
            if duration < Duration::from_secs(10_000 * 86_400) {
                assert_eq!(
                    time::parse_duration(&shown),
                    Ok(duration),
                    "shown as {shown}"
                );
            }
        }
        Err(error) => shown::text(error.to_string(), true),
    }
    match SessionDuration::parse(word) {
        Ok(duration) => assert!((900..=129_600).contains(&duration.get().as_secs())),
        Err(error) => {
            let is_duration = time::parse_duration(word).is_ok();
            let is_out_of_range = matches!(error, SessionDurationError::OutOfRange(_));
            assert_eq!(is_out_of_range, is_duration);
            shown::text(error.to_string(), true);
        }
    }
}

fn moment(word: &str) {
    let Some(moment) = time::parse_timestamp(word) else {
        return;
    };
    let text = time::render_timestamp(moment);
    let again = time::parse_timestamp(&text).expect("a moment that was rendered");
    assert!(again <= moment, "{text} is after {word}");
    assert_eq!(again.timestamp(), moment.timestamp());
    assert_eq!(time::render_timestamp(again), text);
    // A fixed moment, so that a word passes or fails on every day alike.
    let noon = time::parse_timestamp("2026-11-22T12:00:00Z").expect("a moment");
    for other in [again, noon] {
        shown::text(time::render_in(&shown::zone(), moment, other), true);
        shown::text(time::render_span(moment - other), true);
    }
}
