//! The credential report: made in the background, good for four hours.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>. The guide
//! lists a column `additional_credentials_info` too; reports of accounts whose users have no more
//! than two keys do not have it.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Delay,
    clock::delta,
    keys::{Status, StoredKey},
    model::{State, StoredUser, account_of, partition_of},
};

/// How long a report is good for, and no new one is made.
const LIFE: TimeDelta = TimeDelta::hours(4);

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,\
password_last_changed,password_next_rotation,mfa_active,access_key_1_active,\
access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

/// The report of an account.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// When it was begun.
    pub(crate) started: DateTime<Utc>,
    /// What is left until it is done.
    pub(crate) left: Delay,
    /// The text and when it was made, once it is done.
    pub(crate) done: Option<(String, DateTime<Utc>)>,
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportState {
    NotPresent,
    InProgress,
    Complete,
    Expired,
}

impl State {
    /// How far the account's report is; to ask is what lets the calls pass that it takes.
    pub(crate) fn report_progress(&mut self, account: &str, partition: &str) -> ReportState {
        let now = self.clock.now();
        let Some(report) = self.reports.get_mut(&key(account, partition)) else {
            return ReportState::NotPresent;
        };
        if let Some((_, generated)) = report.done {
            return if now - generated > LIFE {
                ReportState::Expired
            } else {
                ReportState::Complete
            };
        }
        let is_done = match &mut report.left {
            Delay::Calls(0) => true,
            Delay::Calls(left) => {
                *left -= 1;
                false
            }
            Delay::Time(time) => now - report.started >= delta(*time),
        };
        if !is_done {
            return ReportState::InProgress;
        }
        let text = self.report_text(account, partition);
        if let Some(report) = self.reports.get_mut(&key(account, partition)) {
            report.done = Some((text, now));
        }
        ReportState::Complete
    }

    /// Begins a report.
    pub(crate) fn start_report(&mut self, account: &str, partition: &str) {
        let report = Report {
            started: self.clock.now(),
            left: self.report_delay.unwrap_or(Delay::Calls(1)),
            done: None,
        };
        self.reports.insert(key(account, partition), report);
    }

    /// The finished report of an account.
    pub(crate) fn report(
        &self,
        account: &str,
        partition: &str,
    ) -> Option<&(String, DateTime<Utc>)> {
        self.reports.get(&key(account, partition))?.done.as_ref()
    }

    fn report_text(&self, account: &str, partition: &str) -> String {
        let mut text = HEADER.to_owned();
        let users = self
            .users
            .iter()
            .filter(|user| user.account == account && partition_of(&user.arn) == partition);
        let (root, others): (Vec<_>, Vec<_>) = users.partition(|user| user.is_root());
        if root.is_empty() {
            let _ = write!(
                text,
                "\n<root_account>,arn:{partition}:iam::{account}:root,2015-03-01T09:00:00+00:00,\
                 not_supported,no_information,not_supported,not_supported,false,\
                 false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
            );
        }
        for user in root.into_iter().chain(others) {
            text.push('\n');
            self.report_line(&mut text, user);
        }
        text
    }

    fn report_line(&self, text: &mut String, user: &StoredUser) {
        let name = if user.is_root() {
            "<root_account>"
        } else {
            &user.name
        };
        let _ = write!(text, "{name},{},{}", user.arn, stamp(user.created));
        let used = |used: Option<DateTime<Utc>>| used.map_or("no_information".to_owned(), stamp);
        let password = match &user.password {
            password if user.is_root() => format!(
                "not_supported,{},not_supported,not_supported",
                used(password.as_ref().and_then(|password| password.last_used))
            ),
            Some(password) => format!(
                "true,{},{},N/A",
                used(password.last_used),
                stamp(password.changed)
            ),
            None => "false,N/A,N/A,N/A".to_owned(),
        };
        let has_mfa = self.devices_of(&user.arn).next().is_some();
        let _ = write!(text, ",{password},{has_mfa}");
        let mut keys = self.keys_of(&user.arn);
        for key in [keys.next(), keys.next()] {
            let _ = write!(text, ",{}", key.map_or(ABSENT_KEY.to_owned(), key_columns));
        }
        text.push_str(",false,N/A,false,N/A");
    }
}

const ABSENT_KEY: &str = "false,N/A,N/A,N/A,N/A";

fn key_columns(key: &StoredKey) -> String {
    let last_use = match &key.last_use {
        Some(last) => format!("{},{},{}", stamp(last.time), last.region, last.service),
        None => "N/A,N/A,N/A".to_owned(),
    };
    let is_active = key.status == Status::Active;
    format!("{is_active},{},{last_use}", stamp(key.created))
}

/// A moment as the report has it.
fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn key(account: &str, partition: &str) -> String {
    format!("{partition}:{account}")
}

/// The account and the partition of a caller.
pub(crate) fn account_and_partition(arn: &str) -> (String, String) {
    (account_of(arn).to_owned(), partition_of(arn).to_owned())
}
