//! Credentials, and the rule that says until when a session is good.

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    secret::Secret,
    serial::Serial,
    time::{self, Timestamp},
};

/// How long before the effective expiry daypass renews if it can.
///
/// Wider than botocore's 15 minutes: with less than that left, botocore runs the credential process
/// again on every access to the credentials.
pub const REFRESH_WINDOW: TimeDelta = TimeDelta::minutes(20);

/// An IAM user's access key.
#[derive(Debug, Clone)]
pub struct LongTermKey {
    /// `AKIA…`
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: Secret,
}

/// Credentials that end, as STS hands them out.
#[derive(Debug, Clone)]
pub struct TemporaryCredentials {
    /// `ASIA…`
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: Secret,
    /// The token that goes with every request.
    pub session_token: Secret,
    /// The moment from which AWS refuses them, on AWS's clock.
    pub expiration: Timestamp,
}

/// What `GetSessionToken` gave, and what it was made from.
#[derive(Debug, Clone)]
pub struct Session {
    /// The credentials; their expiration says nothing of the company's policy.
    pub credentials: TemporaryCredentials,
    /// The moment, on AWS's clock, at which the code was accepted.
    pub mfa_time: Timestamp,
    /// The device that gave the code.
    pub mfa_serial: Serial,
    /// The long-term key that asked for the session.
    pub source_access_key_id: String,
}

/// What `AssumeRole` gave. It carries no MFA age, so that its own expiration is all there is to it.
#[derive(Debug, Clone)]
pub struct RoleSession(Session);

impl RoleSession {
    /// Credentials of a role, and the MFA session that they go back to.
    pub fn new(session: Session) -> Self {
        RoleSession(session)
    }

    /// The credentials.
    pub fn credentials(&self) -> &TemporaryCredentials {
        &self.0.credentials
    }

    /// The credentials alone.
    pub fn into_credentials(self) -> TemporaryCredentials {
        self.0.credentials
    }

    /// The credentials, with what they go back to.
    pub(crate) fn into_session(self) -> Session {
        self.0
    }

    /// How good the session is at `now`.
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        Freshness::of(self.0.credentials.expiration, now)
    }

    /// For the cache, which keeps both kinds of session alike.
    pub(crate) fn as_session(&self) -> &Session {
        &self.0
    }
}

/// How good a session is at a given moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// More than the refresh window is left.
    Valid,
    /// In the refresh window: still good, and to be renewed.
    Expiring,
    /// Past the effective expiry.
    Expired,
}

impl Freshness {
    /// How good credentials are at `now` that end at `expiry`.
    pub fn of(expiry: Timestamp, now: Timestamp) -> Self {
        let left = expiry - now;
        // Whole seconds are handed out: with less than one left, the Expiration would not be in the future.
        if left < TimeDelta::seconds(1) {
            Freshness::Expired
        } else if left <= REFRESH_WINDOW {
            Freshness::Expiring
        } else {
            Freshness::Valid
        }
    }
}

/// Whether the text can be the id of an access key: of a long-term one, or of a session.
///
/// An id is shown in messages, names of files and traces, where a secret must never be, and the lines of
/// the two are easily swapped or run together. So whatever an id is read from, it is asked here first.
/// Source: the IAM API reference, `AccessKeyId`: 16 to 128 characters of `[\w]+`. How short one may be is
/// left to AWS: those of AWS's stand-ins have a few characters.
pub fn is_access_key_id(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.bytes().all(is_word) && !looks_like_a_secret(text)
}

/// Whether the text is a secret, or has one in it, and is no id. Ids are capital letters and digits;
/// secrets are 40 characters of base64.
pub fn looks_like_a_secret(text: &str) -> bool {
    let is_of_ids = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.len() >= 32 && !text.bytes().all(is_of_ids)
}

impl Session {
    /// The earlier of the expiry and of MFA time + MFA age limit.
    ///
    /// Past the age limit the session is still valid for STS but the company's policy denies
    /// everything, so this is the only expiry that is ever reported.
    pub fn effective_expiry(&self, mfa_age_limit: Duration) -> Timestamp {
        let limit = self
            .mfa_time
            .checked_add_signed(time::delta(mfa_age_limit))
            .unwrap_or(self.credentials.expiration);
        self.credentials.expiration.min(limit)
    }

    /// How good the session is at `now`.
    pub fn freshness(&self, mfa_age_limit: Duration, now: Timestamp) -> Freshness {
        Freshness::of(self.effective_expiry(mfa_age_limit), now)
    }

    /// Whether more than half of the session's life is over at `now`.
    pub fn is_past_middle(&self, mfa_age_limit: Duration, now: Timestamp) -> bool {
        let life = self.effective_expiry(mfa_age_limit) - self.mfa_time;
        now > self.mfa_time + life / 2
    }

    /// The account, when the device's serial tells it.
    pub fn account_id(&self) -> Option<&str> {
        self.mfa_serial.account_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600;

    fn session(mfa_time: &str, duration: u64) -> Session {
        let mfa_time = time::parse_timestamp(mfa_time).unwrap();
        Session {
            credentials: TemporaryCredentials {
                access_key_id: "ASIAEXAMPLE".into(),
                secret_access_key: Secret::new("secret"),
                session_token: Secret::new("token"),
                expiration: mfa_time + time::delta(Duration::from_secs(duration)),
            },
            mfa_time,
            mfa_serial: Serial::parse("arn:aws:iam::123456789012:mfa/ada").unwrap(),
            source_access_key_id: "AKIAEXAMPLE".into(),
        }
    }

    fn freshness_after(session: &Session, seconds: i64) -> Freshness {
        session.freshness(
            Duration::from_secs(8 * HOUR),
            session.mfa_time + TimeDelta::seconds(seconds),
        )
    }

    #[test]
    fn an_id_is_a_word_and_not_as_long_as_a_secret_with_small_letters() {
        for (text, is_id) in [
            ("AKIAIOSFODNN7EXAMPLE", true),
            ("ASIAEXAMPLE", true),
            ("test", true),
            ("a_long_name_of_a_stand_in", true),
            (&"A7".repeat(64), true),
            ("", false),
            ("AKIAIOSFODNN7EXAMPLE ", false),
            ("AKIAIOSFODNN7EXAMPLE\nsecret", false),
            ("AKIAIOSFODNN7ÉXAMPLE", false),
            ("short/secret", false),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", false),
            ("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab", false),
            (
                "AKIAIOSFODNN7EXAMPLEwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
                false,
            ),
        ] {
            assert_eq!(is_access_key_id(text), is_id, "{text}");
        }
    }

    #[test]
    fn a_session_longer_than_the_age_limit_ends_at_the_age_limit() {
        let session = session("2026-11-22T09:00:00Z", 12 * HOUR);
        let expiry = session.effective_expiry(Duration::from_secs(8 * HOUR));
        assert_eq!(time::render_timestamp(expiry), "2026-11-22T17:00:00Z");
    }

    #[test]
    fn a_session_shorter_than_the_age_limit_ends_at_its_expiry() {
        let session = session("2026-11-22T09:00:00Z", HOUR);
        let expiry = session.effective_expiry(Duration::from_secs(8 * HOUR));
        assert_eq!(time::render_timestamp(expiry), "2026-11-22T10:00:00Z");
    }

    #[test]
    fn an_endless_age_limit_changes_nothing() {
        let session = session("2026-11-22T09:00:00Z", HOUR);
        assert_eq!(
            session.effective_expiry(Duration::MAX),
            session.credentials.expiration
        );
    }

    #[test]
    fn the_refresh_window_is_the_last_twenty_minutes() {
        let session = session("2026-11-22T09:00:00Z", 12 * HOUR);
        assert_eq!(freshness_after(&session, 0), Freshness::Valid);
        assert_eq!(freshness_after(&session, 27_599), Freshness::Valid);
        assert_eq!(freshness_after(&session, 27_600), Freshness::Expiring);
        assert_eq!(freshness_after(&session, 28_799), Freshness::Expiring);
        assert_eq!(freshness_after(&session, 28_800), Freshness::Expired);
    }
}
