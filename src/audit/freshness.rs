//! What AWS tells now, over what a credential report told when it was made.
//!
//! AWS makes a report every four hours at most. Users and their devices can be asked for at any time: whoever has enrolled
//! a device since is protected, whoever has lost the last one is not, and whoever is gone is nobody's concern.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::audit::{
    account::{DevicesOfUsers, Known},
    authorization_details::{AuthorizationDetails, UserDetail},
    credential_report::{CredentialReport, Row},
};

/// How far apart the dates of one user may be in two answers: they are rounded.
const ROUNDED: TimeDelta = TimeDelta::minutes(1);

/// Takes users out of the report that are gone, and has it know of the devices of the others. What is not known leaves
/// it as it is.
pub(super) fn renew(
    report: &mut CredentialReport,
    details: &Known<AuthorizationDetails>,
    devices: &Known<DevicesOfUsers>,
) {
    if let Ok(details) = details
        && !details.is_truncated
    {
        let users = details.users.iter();
        let users: HashMap<&str, &UserDetail> =
            users.map(|user| (user.name.as_str(), user)).collect();
        report.rows.retain(|row| {
            row.is_root()
                || users
                    .get(row.user.as_str())
                    .is_some_and(|user| is_same(row, user))
        });
    }
    if let Ok(devices) = devices {
        for row in &mut report.rows {
            if let Some(Ok(devices)) = devices.get(&row.user) {
                row.mfa_active = !devices.is_empty();
            }
        }
    }
}

/// A name is free again when its user is deleted.
fn is_same(row: &Row, user: &UserDetail) -> bool {
    match (row.created, user.created) {
        (Some(one), Some(other)) => (one - other).abs() <= ROUNDED,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::account::Unknown, devices::MfaDevice, time::parse_timestamp};

    const NOON: &str = "2026-11-22T12:00:00Z";

    fn row(user: &str, mfa_active: bool) -> Row {
        Row {
            user: user.to_owned(),
            arn: String::new(),
            created: parse_timestamp(NOON),
            password: None,
            mfa_active,
            keys: Vec::new(),
        }
    }

    fn detail(name: &str, created: &str) -> UserDetail {
        UserDetail {
            name: name.to_owned(),
            arn: String::new(),
            created: parse_timestamp(created),
            boundary: None,
            policies: crate::audit::authorization_details::PolicySet::default(),
            groups: Vec::new(),
        }
    }

    fn renewed(
        rows: &[(&str, bool)],
        details: &Known<AuthorizationDetails>,
        devices: &Known<DevicesOfUsers>,
    ) -> Vec<(String, bool)> {
        let rows = rows.iter().map(|(user, mfa)| row(user, *mfa));
        let mut report = CredentialReport {
            rows: rows.collect(),
        };
        renew(&mut report, details, devices);
        let rows = report.rows.into_iter();
        rows.map(|row| (row.user, row.mfa_active)).collect()
    }

    fn unknown<T>() -> Known<T> {
        Err(Unknown::because("denied"))
    }

    #[test]
    fn whoever_is_gone_or_was_made_anew_has_no_line_any_more() {
        let details = |is_truncated| {
            Ok(AuthorizationDetails {
                users: vec![
                    detail("ada", "2026-11-22T12:00:01Z"),
                    detail("anew", "2026-11-22T13:00:00Z"),
                ],
                is_truncated,
                ..AuthorizationDetails::default()
            })
        };
        let rows = [
            ("<root_account>", false),
            ("ada", false),
            ("anew", false),
            ("gone", false),
        ];
        let left = |details| renewed(&rows, &details, &unknown()).len();
        assert_eq!(
            renewed(&rows, &details(false), &unknown()),
            [
                ("<root_account>".to_owned(), false),
                ("ada".to_owned(), false)
            ]
        );
        // Who is missing there may be on the next page.
        assert_eq!(left(details(true)), rows.len());
        assert_eq!(left(unknown()), rows.len());
    }

    #[test]
    fn devices_that_came_or_went_since_are_known() {
        let phone = MfaDevice::new("arn:aws:iam::123456789012:mfa/phone", None);
        let devices = DevicesOfUsers::from([
            ("enrolled".to_owned(), Ok(vec![phone])),
            ("lost".to_owned(), Ok(Vec::new())),
            ("unknown".to_owned(), Err(Unknown::because("denied"))),
        ]);
        let rows = [
            ("enrolled", false),
            ("lost", true),
            ("unknown", true),
            ("unasked", false),
        ];
        let told = renewed(&rows, &unknown(), &Ok(devices));
        let told: Vec<bool> = told.into_iter().map(|(_, mfa)| mfa).collect();
        assert_eq!(told, [true, false, true, false]);
    }
}
