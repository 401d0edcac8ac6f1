//! Where policies come from: files of JSON, of CloudFormation, of Terraform, and Terraform's plans.
//!
//! All but bare policies end in the same `account::Account`, the users, groups and roles of one IAM account with
//! what is attached to whom, and that tells the principals. What a file leaves open (a variable without a
//! value, a module, a policy of AWS's own) is never guessed: it becomes a [`Note`] and, where it decides what
//! a policy says, one of the principal's [`unknown_policies`](Principal::unknown_policies).

use std::fmt;

use crate::policy::{
    document::DocumentError,
    principal::{Location, Principal, PrincipalKind},
};
use account::Account;
use form::Form;

mod account;
mod cloudformation;
mod form;
mod json;
mod partial;
mod terraform;
mod terraform_plan;
mod value;
mod yaml;

/// The most bytes of one file that are read.
pub const LONGEST_SOURCE: usize = 16 << 20;

/// A file with policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name as it was given; `stdin` for `-`.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Those who have policies, in the order of the files.
    pub principals: Vec<Principal>,
    /// What could not be resolved, and what became of it.
    pub notes: Vec<Note>,
}

/// Something in a file whose value is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// What is not known, and what follows from it, in a sentence.
    pub what: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Why a file's policies cannot be told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct SourceError {
    /// The file, as it was named.
    pub file: String,
    /// Where in the file.
    pub place: Option<Place>,
    /// What is wrong there.
    pub fault: Fault,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In its text.
    Line {
        /// The line, from 1.
        line: u32,
        /// The character of the line, from 1, where it is known.
        column: Option<u32>,
    },
    /// In what it says, such as `Resources.Devs.Properties.Policies[0].PolicyDocument`.
    Path(String),
}

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is longer than [`LONGEST_SOURCE`].
    #[error("longer than {} MiB", LONGEST_SOURCE >> 20)]
    TooLong,
    /// It is no text.
    #[error("no UTF-8 text")]
    NotText,
    /// It is nested more deeply than anybody writes.
    #[error("nested more than {0} levels deep")]
    TooDeep(usize),
    /// What it says grows past every measure, such as aliases of aliases.
    #[error("it unfolds to more than {0} values")]
    TooMuch(usize),
    /// It breaks the rules of its language.
    #[error("{language}: {what}")]
    Syntax {
        /// `JSON`, `YAML` or `Terraform`.
        language: &'static str,
        /// What the reader says.
        what: String,
    },
    /// Something in it has another form than it should.
    #[error("{0}")]
    Form(String),
    /// A policy in it is none.
    #[error("{policy}: {error}")]
    Document {
        /// What people call the policy.
        policy: String,
        /// What is wrong with it.
        error: DocumentError,
    },
    /// It is in no form that is known.
    #[error(
        "neither a policy document, nor what `aws iam get-*-policy` prints, a CloudFormation template, \
         Terraform's files or `terraform show -json`"
    )]
    UnknownForm,
    /// It tells of a whole account, which the audit reads.
    #[error(
        "this describes a whole account: run `daypass audit --authorization-details {0}` instead"
    )]
    WholeAccount(String),
    /// A policy language is known, but it has no policies of users, groups or roles.
    #[error("no policies of users, groups or roles in it")]
    NoPolicies,
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match &self.place {
            Some(Place::Line { line, column }) => {
                write!(f, ":{line}")?;
                if let Some(column) = column {
                    write!(f, ":{column}")?;
                }
            }
            Some(Place::Path(path)) => write!(f, ": {path}")?,
            None => {}
        }
        write!(f, ": {}", self.fault)
    }
}

impl SourceError {
    fn of(file: &str, fault: Fault) -> Self {
        Self {
            file: file.to_owned(),
            place: None,
            fault,
        }
    }

    /// Something wrong with the policy that begins here.
    fn at(at: &Location, policy: &str, error: DocumentError) -> Self {
        Self {
            file: at.file.clone(),
            place: at.line.map(|line| Place::Line { line, column: None }),
            fault: Fault::Document {
                policy: policy.to_owned(),
                error,
            },
        }
    }
}

impl Source {
    /// Takes what a file holds.
    ///
    /// # Errors
    /// [`Fault::TooLong`], [`Fault::NotText`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, SourceError> {
        if bytes.len() > LONGEST_SOURCE {
            return Err(SourceError::of(name, Fault::TooLong));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                name: name.to_owned(),
                text,
            }),
            Err(_) => Err(SourceError::of(name, Fault::NotText)),
        }
    }
}

/// Reads the policies of files: what principals they describe.
///
/// All files with nothing but a policy are one principal's together, and so are several files of Terraform
/// one module; every other file stands for itself. A directory is its files whose name ends in `.tf`.
///
/// # Errors
/// [`SourceError`], for the first file with something wrong.
pub fn read(files: &[Source]) -> Result<Reading, SourceError> {
    let mut reading = Reading::default();
    let mut policies = Vec::new();
    let mut terraform = Vec::new();
    for file in files {
        if file.text.len() > LONGEST_SOURCE {
            return Err(SourceError::of(&file.name, Fault::TooLong));
        }
        let mut account = Account::default();
        match form::recognise(file)? {
            Form::Policy(json) => {
                policies.push((file, json::policy(file, &json)?));
                continue;
            }
            Form::Terraform => {
                terraform.push(file);
                continue;
            }
            Form::CloudFormation(root) => cloudformation::read(&file.name, &root, &mut account)?,
            Form::TerraformShown(json) => terraform_plan::read(&file.name, &json, &mut account)?,
        }
        reading.add(account, &file.name)?;
    }
    if let [first, ..] = terraform.as_slice() {
        let mut account = Account::default();
        terraform::read(&terraform, &mut account)?;
        reading.add(account, &first.name)?;
    }
    if !policies.is_empty() {
        let names: Vec<&str> = policies
            .iter()
            .map(|(file, _)| file.name.as_str())
            .collect();
        reading.principals.push(Principal {
            kind: PrincipalKind::Policies,
            name: names.join(", "),
            policies: policies.into_iter().map(|(_, policy)| policy).collect(),
            boundary: None,
            unknown_policies: Vec::new(),
        });
    }
    reading.notes.sort();
    reading.notes.dedup();
    Ok(reading)
}

impl Reading {
    fn add(&mut self, account: Account, file: &str) -> Result<(), SourceError> {
        let described = account.into_principals();
        let (principals, notes) = described.map_err(|fault| SourceError::of(file, fault))?;
        if principals.is_empty() {
            return Err(SourceError::of(file, Fault::NoPolicies));
        }
        self.principals.extend(principals);
        self.notes.extend(notes);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
