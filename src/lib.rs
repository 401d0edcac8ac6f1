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

pub mod arn;
pub mod audit;
pub mod aws;
pub mod cached_session;
pub mod console;
pub mod credential_server;
pub mod devices;
pub mod doctor;
pub mod long_term_key;
pub mod mfa;
pub mod profile;
pub mod profile_credentials;
pub mod rotation;
pub mod session;
pub mod session_variables;
pub mod setup;

#[cfg(unix)]
pub mod child;
pub mod credentials;
pub mod enrolment;
pub mod environment;
pub mod handover;
pub mod hardening;
pub mod iam_caller;
pub mod keychain;
pub mod patience;
pub mod policy;
pub mod policy_rollout;
pub mod private_files;
pub mod program;
pub mod role_session;
pub mod sarif;
pub mod secret;
pub mod serial;
pub mod shared_files;
pub mod signals;
pub mod standard_input;
pub mod terminal;
pub mod time;
