//! The program from outside: the real binary, a private home, the sandbox as AWS.
//!
//! A file per subcommand, and one per promise that several of them share.

mod support;

mod audit;
mod aws_tools;
mod code_sources;
mod completions;
mod console;
mod credential_process;
mod demo;
mod devices;
mod doctor;
mod documents;
mod enroll;
mod env;
mod exec;
mod exec_server;
mod generated;
mod install;
mod instructions;
mod integrations;
mod keychain;
mod keychain_questions;
mod login;
mod login_codes;
mod login_refusals;
mod logout;
mod logout_keychain;
mod one_question;
mod pass;
mod pinentry;
mod policy;
mod policy_apply;
mod profiles;
mod roles;
mod rotate;
mod sarif;
mod secrets;
mod session_section;
mod session_store;
mod setup;
mod status;
mod totp;
