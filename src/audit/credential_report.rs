//! The credential report: a line for each user, and what AWS knows of its password, its MFA and its keys.
//!
//! Source: the IAM user guide, "Getting credential reports". `N/A`, `no_information` and `not_supported` all
//! mean that there is nothing to tell: which of them AWS writes where has changed over the years. Columns that
//! are not read here may be missing, and others may have been added.

use crate::{
    audit::separated::{Place, Records, SeparationError},
    terminal::misplaced,
    time::Timestamp,
};

/// How AWS calls the root user.
pub const ROOT: &str = "<root_account>";

mod columns;

use columns::Columns;

/// The credential report of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CredentialReport {
    /// The root user and all others, in AWS's order.
    pub rows: Vec<Row>,
}

/// What the report says of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name, or [`ROOT`].
    pub user: String,
    /// The ARN.
    pub arn: String,
    /// When the user was made.
    pub created: Option<Timestamp>,
    /// The password for the console. Of the root user's nothing is told.
    pub password: Option<Password>,
    /// Whether there is an MFA device.
    pub mfa_active: bool,
    /// The access keys that there are: active ones, and inactive ones that were not deleted.
    pub keys: Vec<Key>,
}

/// A password for the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password {
    /// When it was last used, if it was since 2014.
    pub last_used: Option<Timestamp>,
    /// When it was set.
    pub last_changed: Option<Timestamp>,
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// 1 or 2: the report does not tell its id.
    pub number: u8,
    /// Whether AWS takes it.
    pub active: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last used, if it was since 2015.
    pub last_used: Option<Timestamp>,
}

impl Row {
    /// Whether this is the root user.
    pub fn is_root(&self) -> bool {
        self.user == ROOT
    }

    /// The keys that AWS takes.
    pub fn active_keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|key| key.active)
    }
}

/// Why something is no credential report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {what}", place.line, place.column)]
pub struct CredentialReportError {
    /// Where.
    pub place: Place,
    /// What is wrong there.
    pub what: Mistake,
}

/// What is wrong with a credential report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// It is empty.
    #[error("there is nothing")]
    Empty,
    /// It is the answer of the AWS CLI, with the report as base64 in it.
    #[error("this is JSON: the report is in its Content, in base64")]
    Json,
    /// Not UTF-8.
    #[error("a byte that is no UTF-8")]
    NotText,
    /// The commas and quotes.
    #[error(transparent)]
    Separation(SeparationError),
    /// A column of AWS's is not there.
    #[error("the first line has no column {0}")]
    NoColumn(&'static str),
    /// A column is there twice.
    #[error("column {0} is there twice")]
    ColumnTwice(String),
    /// A line has more or fewer fields than the first.
    #[error("the line has {found} fields, and the first line {expected}")]
    Fields {
        /// How many it has.
        found: usize,
        /// How many the first line has.
        expected: usize,
    },
    /// A field has another kind of value.
    #[error("{column} is '{found}', and should be {expected}")]
    Value {
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A user is there twice.
    #[error("user '{0}' is there twice")]
    UserTwice(String),
}

impl CredentialReport {
    /// Reads the report.
    ///
    /// # Errors
    /// [`CredentialReportError`], with line and column.
    pub fn parse(bytes: &[u8]) -> Result<Self, CredentialReportError> {
        let text = text(bytes)?;
        let mut records = Records::of(text);
        if text.trim_start().starts_with(['{', '[']) {
            return Err(Mistake::Json.at(START));
        }
        let header = match records.next() {
            Some(record) => record.map_err(separation)?,
            None => return Err(Mistake::Empty.at(START)),
        };
        let columns = Columns::of(&header)?;
        let mut rows = Vec::new();
        let mut users = std::collections::HashSet::new();
        for record in records {
            let fields = record.map_err(separation)?;
            let row = columns.row(&fields)?;
            if !users.insert(row.user.clone()) {
                return Err(Mistake::UserTwice(misplaced(&row.user)).at(columns.place(&fields, 0)));
            }
            rows.push(row);
        }
        Ok(CredentialReport { rows })
    }
}

const START: Place = Place { line: 1, column: 1 };

impl Mistake {
    fn at(self, place: Place) -> CredentialReportError {
        CredentialReportError { place, what: self }
    }
}

fn separation((place, error): (Place, SeparationError)) -> CredentialReportError {
    Mistake::Separation(error).at(place)
}

fn text(bytes: &[u8]) -> Result<&str, CredentialReportError> {
    // What Windows writes first.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let last = before
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let column = String::from_utf8_lossy(last).chars().count() + 1;
        Mistake::NotText.at(Place { line, column })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;

    /// The columns as AWS writes them.
    const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,\
        password_last_changed,password_next_rotation,mfa_active,access_key_1_active,\
        access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
        access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
        access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
        cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
    const ROOT_ROW: &str = "<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00+00:00,\
        not_supported,no_information,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,\
        false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
    const ADA: &str = "ada,arn:aws:iam::123456789012:user/ada,2024-03-01T10:00:00+00:00,true,\
        2026-11-20T08:00:00+00:00,2026-01-01T00:00:00+00:00,N/A,true,true,2026-10-01T00:00:00+00:00,\
        2026-11-21T00:00:00+00:00,eu-west-1,s3,false,2025-01-01T00:00:00+00:00,N/A,N/A,N/A,\
        false,N/A,false,N/A";

    fn report(lines: &[&str]) -> String {
        lines.join("\n")
    }

    #[test]
    fn a_report_of_aws_is_read_with_its_quirks() {
        let report = CredentialReport::parse(report(&[HEADER, ROOT_ROW, ADA]).as_bytes()).unwrap();
        let [root, ada] = report.rows.as_slice() else {
            panic!("{report:?}");
        };
        assert!(root.is_root() && root.keys.is_empty() && !root.mfa_active);
        assert_eq!(root.password, None);
        assert!(ada.mfa_active);
        assert_eq!(
            ada.password.as_ref().unwrap().last_used,
            time::parse_timestamp("2026-11-20T08:00:00Z")
        );
        let active: Vec<u8> = ada.active_keys().map(|key| key.number).collect();
        assert_eq!((ada.keys.len(), active), (2, vec![1]));
        assert_eq!(ada.keys[1].last_used, None);
    }

    #[test]
    fn columns_may_be_added_and_come_in_another_order() {
        let text = format!("x,{HEADER}\n\"a, b\",{ADA}\r\n");
        assert_eq!(
            CredentialReport::parse(text.as_bytes()).unwrap().rows[0].user,
            "ada"
        );
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_column() {
        for (text, expected) in [
            (String::new(), "line 1, column 1: there is nothing"),
            (
                "user,arn\n".to_owned(),
                "line 1, column 1: the first line has no column user_creation_time",
            ),
            (
                "{\"Content\": \"dXNlcg==\"}".to_owned(),
                "line 1, column 1: this is JSON: the report is in its Content, in base64",
            ),
            (
                format!("{HEADER}\nada,b"),
                "line 2, column 1: the line has 2 fields, and the first line 22",
            ),
            (
                format!("{HEADER}\n{}", ADA.replacen("true", "yes", 1)),
                "line 2, column 66: password_enabled is 'yes', and should be true or false",
            ),
            (
                format!("{HEADER}\n{ADA}\n{}", ADA.replacen("2024-03", "2024-13", 1)),
                "line 3, column 40: user_creation_time is '2024-13-01T10:00:00+00:00', \
                 and should be a date such as 2026-11-22T09:31:04+00:00",
            ),
            (
                format!("{HEADER}\n{ADA}\n{ADA}"),
                "line 3, column 1: user 'ada' is there twice",
            ),
            (
                format!("{HEADER},mfa_active\n{ADA},true"),
                "line 1, column COLUMN: column mfa_active is there twice",
            ),
        ] {
            let error = CredentialReport::parse(text.as_bytes()).unwrap_err();
            let column = (HEADER.len() + 2).to_string();
            assert_eq!(error.to_string(), expected.replace("COLUMN", &column));
        }
        let error = CredentialReport::parse(b"user\nad\xffa").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 3: a byte that is no UTF-8"
        );
    }

    #[test]
    fn whatever_byte_is_lost_or_changed_is_read_or_told_with_its_line() {
        let whole = report(&[HEADER, ROOT_ROW, ADA]);
        let lines = whole.lines().count();
        let judge = |bytes: &[u8]| {
            if let Err(error) = CredentialReport::parse(bytes) {
                assert!((1..=lines + 1).contains(&error.place.line), "{error}");
                assert!(error.place.column >= 1);
            }
        };
        for at in 0..whole.len() {
            judge(&whole.as_bytes()[..at]);
            for byte in [b'"', b',', b'\n', b'\r', 0, 0xff, b'x'] {
                let mut bytes = whole.clone().into_bytes();
                bytes[at] = byte;
                judge(&bytes);
                bytes.remove(at);
                judge(&bytes);
            }
        }
        // A report that is cut within a line is not taken for a smaller one.
        for at in HEADER.len() + 2..HEADER.len() + 1 + ROOT_ROW.len() - 3 {
            assert!(
                CredentialReport::parse(&whole.as_bytes()[..at]).is_err(),
                "{at}"
            );
        }
    }
}
