//! The sandbox as a client sees it, one behaviour per test.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, which to clippy does not include what they share"
)]

mod client;

mod control;
mod devices;
mod faults;
mod federated_users;
mod federation;
mod lists;
mod roles;
mod rules;
mod sessions;
mod signatures;
mod time;
