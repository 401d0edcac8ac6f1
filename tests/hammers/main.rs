//! The shared files under hammers: writers that are killed, crowded, denied and lied to, while
//! readers watch. Nothing may ever be lost or torn.
//!
//! `cargo test --test hammers -- --nocapture` shows the figures.

// Everything here is part of a test, also what is not marked as one.
#![allow(clippy::unwrap_used)]

use std::sync::{Mutex, MutexGuard, PoisonError};

#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../cli/support/mod.rs"]
mod support;

mod anvil;
mod crash;
#[cfg(target_os = "linux")]
mod crash_in_place;
mod crew;
mod crowd;
#[cfg(target_os = "linux")]
mod faults;
#[cfg(target_os = "linux")]
mod hard_cases;
#[cfg(target_os = "linux")]
mod ordinary_user;
mod random;
mod witness;

/// Keeps the tests that take the whole machine from slowing each other down.
fn alone() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}
