//! The shared files as other programs read them: what daypass reads and writes is compared with
//! botocore, which is the AWS CLI's and boto3's reader, and with the AWS SDK for Rust, whose
//! published cases every SDK follows.
//!
//! The rule: where the two agree, daypass agrees. Where they do not, the table in ARCHITECTURE.md
//! says which of them it follows.

mod botocore;
mod edited;
mod files;
mod generated;

mod ours;
mod published;
mod reading;
mod sdk;

#[path = "../cli/support/presence.rs"]
mod presence;
