//! Talking to AWS: one function per API action, and the set-up of the client in one place.

pub mod client;
pub mod error;
pub mod federation;
pub mod iam;
pub mod organizations;
mod pace;
pub mod sts;
mod sts_endpoint;
