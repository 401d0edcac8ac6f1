//! What daypass is handed on as: a crate, a Debian package, and what may be in either.

#[path = "../cli/support/presence.rs"]
mod presence;

mod build_script;
mod components;
mod crate_package;
mod debian;
mod dependencies;
mod notices;
