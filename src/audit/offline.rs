//! An account as files tell of it. Nothing is asked of AWS.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use crate::{
    arn::Arn,
    audit::{
        account::{Inputs, Known, Unknown},
        authorization_details::{AuthorizationDetails, DetailsError},
        credential_report::CredentialReport,
        encoding::Utf8,
        error::AuditError,
    },
};

/// The longest file that is read as a whole, in bytes. A report of 5,000 users has two million.
const LONGEST: u64 = 128 << 20;

/// Reads what there is.
///
/// # Errors
/// When a file cannot be read or is of another kind, or the files are of different accounts.
pub fn read(credential_report: Option<&Path>, details: &[PathBuf]) -> Result<Inputs, AuditError> {
    let credential_report = match credential_report {
        Some(path) => Ok(read_credential_report(path)?),
        None => Err(Unknown::because("there is no --credential-report")),
    };
    let details = match details {
        [] => Err(Unknown::because("there is no --authorization-details")),
        paths => Ok(read_details(paths)?),
    };
    one_account(&credential_report, &details)?;
    let not_in_files = || Unknown::because("no file tells of MFA devices: run it without files");
    Ok(Inputs {
        account_id: None,
        credential_report,
        details,
        summary: Err(not_in_files()),
        virtual_devices: Err(not_in_files()),
        devices: Err(not_in_files()),
        denied: BTreeSet::new(),
    })
}

fn read_credential_report(path: &Path) -> Result<CredentialReport, AuditError> {
    let bytes = read_file(path)?;
    CredentialReport::parse(&bytes).map_err(|source| AuditError::CredentialReport {
        path: path.to_owned(),
        source,
    })
}

fn read_details(paths: &[PathBuf]) -> Result<AuthorizationDetails, AuditError> {
    let mut whole: Option<AuthorizationDetails> = None;
    for path in paths {
        let file = File::open(path).map_err(|source| unreadable(path, source))?;
        let page = AuthorizationDetails::read(BufReader::with_capacity(1 << 16, Utf8::of(file)));
        let page = page.map_err(|source| match source {
            DetailsError::Unreadable(source) => unreadable(path, source),
            source => AuditError::Details {
                path: path.clone(),
                source,
            },
        })?;
        match &mut whole {
            Some(whole) => whole.append(page),
            None => whole = Some(page),
        }
    }
    Ok(whole.unwrap_or_default())
}

/// Reads a file that the command line names, as UTF-8 if Windows has written it otherwise.
///
/// # Errors
/// [`AuditError::Unreadable`], also for one that is longer than 128 MiB.
pub fn read_file(path: &Path) -> Result<Vec<u8>, AuditError> {
    let read = || {
        let mut bytes = Vec::new();
        let text = Utf8::of(File::open(path)?);
        text.take(LONGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST {
            let what = format!("it is longer than {} MiB", LONGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
        }
        Ok(bytes)
    };
    read().map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: std::io::Error) -> AuditError {
    AuditError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn one_account(
    report: &Known<CredentialReport>,
    details: &Known<AuthorizationDetails>,
) -> Result<(), AuditError> {
    let (Ok(report), Ok(details)) = (report, details) else {
        return Ok(());
    };
    let account = |arn: &String| Arn::parse(arn).map(|arn| arn.account_id.to_owned());
    let one = report.rows.iter().find_map(|row| account(&row.arn));
    let users = details.users.iter().map(|user| &user.arn);
    let mut arns = users.chain(details.groups.iter().map(|group| &group.arn));
    let other = arns.find_map(account);
    match (one, other) {
        (Some(one), Some(other)) if one != other => Err(AuditError::TwoAccounts { one, other }),
        _ => Ok(()),
    }
}
