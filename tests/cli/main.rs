//! The program from outside: the real binary, a private home, the sandbox as AWS.
//!
//! A file per subcommand, and one per promise that several of them share.

mod support;

mod aws_tools;
mod credential_process;
mod demo;
mod generated;
mod install;
mod login;
mod login_codes;
mod login_refusals;
mod logout;
mod one_question;
mod profiles;
mod secrets;
mod session_section;
mod setup;
mod status;
