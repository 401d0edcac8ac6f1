//! daypass: one MFA code in the morning, and every AWS tool works until you go home.
//!
//! The tree is the explanation: arguments ([`cli`], [`commands`]) → [`profile`] → cached session
//! ([`cached_session`]) → code ([`mfa`]) → STS ([`aws`]) → cache → output. [`session`] is that flow on
//! one screen, [`role_session`] the same once more around it for a role, [`failure`] the one table from errors to exit
//! codes and hints. Imports point down.

#![forbid(unsafe_code)]

pub mod cli;
pub mod commands;
pub mod failure;

// What single commands do.
pub mod audit;
pub mod console;
pub mod credential_server;
pub mod devices;
pub mod doctor;
pub mod enrolment;
pub mod handover;
pub mod iam_caller;
pub mod policy_rollout;
pub mod private_files;
pub mod rotation;
pub mod setup;

// The flow.
pub mod aws;
pub mod cached_session;
pub mod long_term_key;
pub mod mfa;
pub mod profile;
pub mod profile_credentials;
pub mod role_session;
pub mod session;

// The ground.
pub mod arn;
#[cfg(unix)]
pub mod child;
pub mod credentials;
pub mod environment;
pub mod hardening;
pub mod keychain;
pub mod patience;
pub mod policy;
pub mod program;
pub mod sarif;
pub mod secret;
pub mod serial;
pub mod session_variables;
pub mod shared_files;
pub mod signals;
pub mod standard_input;
pub mod terminal;
pub mod time;
