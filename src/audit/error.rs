//! Why there is no audit.

use std::{io, path::PathBuf};

use crate::{
    audit::{
        accounts::AccountsError, authorization_details::DetailsError, compare::EarlierError,
        credential_report::CredentialReportError, ignore::IgnoreError,
    },
    aws::{client::ClientError, error::AwsError},
};

/// Why there is no audit.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A file that was named cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no credential report.
    #[error("{} is no credential report", path.display())]
    CredentialReport {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: CredentialReportError,
    },
    /// A file is not what the AWS CLI prints of users, groups and policies.
    #[error("{} is not what aws iam get-account-authorization-details prints", path.display())]
    Details {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DetailsError,
    },
    /// A file does not say what is to be ignored.
    #[error("{} does not say what to ignore", path.display())]
    Ignore {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: IgnoreError,
    },
    /// A file is no earlier report.
    #[error("{} is no report of daypass audit --format json", path.display())]
    Earlier {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: EarlierError,
    },
    /// A file does not name accounts.
    #[error("{} does not name accounts", path.display())]
    Accounts {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: AccountsError,
    },
    /// The files are of different accounts.
    #[error("the files are of different accounts, {one} and {other}")]
    TwoAccounts {
        /// The account of the credential report.
        one: String,
        /// The account of the authorization details.
        other: String,
    },
    /// The accounts of the organization cannot be listed.
    #[error("the accounts of the organization cannot be listed")]
    Organization {
        /// The profile that asked.
        profile: String,
        /// Why.
        source: AwsError,
    },
    /// AWS told nothing of the account.
    #[error("AWS tells nothing of the account")]
    Nothing {
        /// The profile that asked.
        profile: String,
        /// Why.
        source: AwsError,
    },
    /// AWS cannot be talked to at all.
    #[error(transparent)]
    Client(#[from] ClientError),
}
