//! The columns of the report, wherever they stand, and what their fields mean.

use std::borrow::Cow;

use super::{CredentialReportError, Key, Mistake, Password, Row, START};
use crate::{
    audit::separated::{Field, Place},
    terminal::misplaced,
    time::{self, Timestamp},
};

/// The columns that are read. Source: the IAM user guide, "Getting credential reports".
const COLUMNS: [&str; 14] = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    // Read for its presence only: a file that ends in the middle of its first line lacks it.
    "cert_2_last_rotated",
];

/// Where each of [`COLUMNS`] is.
pub(super) struct Columns {
    at: [usize; COLUMNS.len()],
    count: usize,
}

impl Columns {
    pub(super) fn of(header: &[Field<'_>]) -> Result<Self, CredentialReportError> {
        let mut at = [0; COLUMNS.len()];
        for (index, column) in COLUMNS.into_iter().enumerate() {
            let mut found = header
                .iter()
                .enumerate()
                .filter(|(_, field)| field.text.trim() == column);
            let (first, _) = found.next().ok_or(Mistake::NoColumn(column).at(START))?;
            if let Some((_, twice)) = found.next() {
                return Err(Mistake::ColumnTwice(column.to_owned()).at(twice.place));
            }
            at[index] = first;
        }
        Ok(Columns {
            at,
            count: header.len(),
        })
    }

    pub(super) fn place(&self, fields: &[Field<'_>], column: usize) -> Place {
        fields
            .get(self.at[column])
            .map_or(START, |field| field.place)
    }

    pub(super) fn row(&self, fields: &[Field<'_>]) -> Result<Row, CredentialReportError> {
        if fields.len() != self.count {
            let place = fields.first().map_or(START, |field| field.place);
            return Err(Mistake::Fields {
                found: fields.len(),
                expected: self.count,
            }
            .at(place));
        }
        let cells = Cells {
            columns: self,
            fields,
        };
        let user = cells.name("user")?;
        let has_password = cells.flag("password_enabled")?;
        let password = Password {
            last_used: cells.moment("password_last_used")?,
            last_changed: cells.moment("password_last_changed")?,
        };
        let mut keys = Vec::new();
        for (number, [active, created, last_used]) in [
            (
                1,
                [
                    "access_key_1_active",
                    "access_key_1_last_rotated",
                    "access_key_1_last_used_date",
                ],
            ),
            (
                2,
                [
                    "access_key_2_active",
                    "access_key_2_last_rotated",
                    "access_key_2_last_used_date",
                ],
            ),
        ] {
            let key = Key {
                number,
                active: cells.flag(active)?.unwrap_or(false),
                created: cells.moment(created)?,
                last_used: cells.moment(last_used)?,
            };
            // A key that was deleted leaves nothing behind.
            if key.active || key.created.is_some() {
                keys.push(key);
            }
        }
        Ok(Row {
            arn: cells.name("arn")?,
            created: cells.moment("user_creation_time")?,
            password: has_password.unwrap_or(false).then_some(password),
            mfa_active: cells.flag("mfa_active")?.unwrap_or(false),
            keys,
            user,
        })
    }
}

struct Cells<'a> {
    columns: &'a Columns,
    fields: &'a [Field<'a>],
}

impl Cells<'_> {
    fn cell(&self, column: &'static str) -> (&Cow<'_, str>, Place) {
        let index = COLUMNS
            .iter()
            .position(|known| *known == column)
            .unwrap_or(0);
        let field = &self.fields[self.columns.at[index]];
        (&field.text, field.place)
    }

    fn wrong<T>(
        &self,
        column: &'static str,
        expected: &'static str,
    ) -> Result<T, CredentialReportError> {
        let (text, place) = self.cell(column);
        Err(Mistake::Value {
            column,
            found: misplaced(text),
            expected,
        }
        .at(place))
    }

    fn name(&self, column: &'static str) -> Result<String, CredentialReportError> {
        match self.cell(column).0.trim() {
            "" => self.wrong(column, "a name"),
            name => Ok(name.to_owned()),
        }
    }

    /// True, false, or nothing to tell.
    fn flag(&self, column: &'static str) -> Result<Option<bool>, CredentialReportError> {
        let text = self.cell(column).0.trim();
        if text.eq_ignore_ascii_case("true") {
            Ok(Some(true))
        } else if text.eq_ignore_ascii_case("false") {
            Ok(Some(false))
        } else if is_nothing(text) {
            Ok(None)
        } else {
            self.wrong(column, "true or false")
        }
    }

    fn moment(&self, column: &'static str) -> Result<Option<Timestamp>, CredentialReportError> {
        let text = self.cell(column).0.trim();
        if is_nothing(text) {
            return Ok(None);
        }
        match time::parse_timestamp(text) {
            Some(moment) => Ok(Some(moment)),
            None => self.wrong(column, "a date such as 2026-11-22T09:31:04+00:00"),
        }
    }
}

fn is_nothing(text: &str) -> bool {
    ["N/A", "no_information", "not_supported"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}
