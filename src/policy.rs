//! IAM policies and MFA: what a principal's policies leave to whom, with witnesses. Pure: no files, no network.
//!
//! [`document`] is the text, [`principal`] whose policies they are together, [`caller`] who asks, [`judgement`]
//! the answer. [`templates`] are the policies that daypass itself writes, [`rendering`] is how they
//! are written down.

pub mod caller;
pub mod condition;
pub mod document;
pub mod error;
pub mod evaluation;
pub mod judgement;
pub mod pattern;
pub mod principal;
pub mod rendering;
pub mod sources;
pub mod templates;
