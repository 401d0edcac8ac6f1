//! The sandbox as a client sees it, one behaviour per test.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, which to clippy does not include what they share"
)]

mod client;
#[path = "../../../cli/support/presence.rs"]
mod presence;

mod boto3;
mod control;
mod devices;
mod enrolment;
mod faults;
mod federated_users;
mod federation;
mod groups;
mod keys;
mod lists;
mod partitions;
mod policies;
mod reports;
mod roles;
mod rules;
mod session_tags;
mod sessions;
mod signatures;
mod time;
