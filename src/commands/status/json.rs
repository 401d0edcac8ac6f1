//! The sessions as JSON, for programs.

use serde_json::json;

use super::rows::{Row, Shown};
use crate::{
    terminal,
    time::{self, Timestamp},
};

/// Renders an array with an object for each row.
pub(super) fn render(rows: &[Row], now: Timestamp) -> String {
    let objects: Vec<_> = rows.iter().map(|row| object(row, now)).collect();
    terminal::json(&serde_json::Value::Array(objects))
}

fn object(row: &Row, now: Timestamp) -> serde_json::Value {
    let profile = row.found.as_ref().ok().map(|found| &found.profile);
    let role = profile.and_then(|profile| profile.role());
    let shown = row.shown(now);
    let expiry = row.expiry(now);
    let (section, session) = match &shown {
        Some(Shown::Role(_, role)) => (Some(&role.section), None),
        Some(Shown::Mfa(session)) => (
            profile.map(|profile| &profile.session_section),
            Some(*session),
        ),
        None => (profile.map(|profile| &profile.session_section), None),
    };
    let serial = session
        .map(|session| &session.mfa_serial)
        .or(profile.and_then(|profile| profile.mfa_serial.as_ref()));
    let account_id = match role {
        Some(role) => Some(role.arn.account_id()),
        None => serial.and_then(|serial| serial.account_id()),
    };
    json!({
        "profile": row.name,
        "section": section,
        "state": row.state(now),
        "expires_at": expiry.map(time::render_timestamp),
        // The session of a role carries no MFA age.
        "mfa_time": session.map(|session| time::render_timestamp(session.mfa_time)),
        "mfa_age_limit_seconds": profile.map(|profile| profile.mfa_age_limit.as_secs()),
        "seconds_left": expiry.map_or(0, |expiry| (expiry - now).num_seconds().max(0)),
        "mfa_serial": serial.map(|serial| serial.as_str()),
        "account_id": account_id,
        "role_arn": role.map(|role| role.arn.as_str()),
    })
}
