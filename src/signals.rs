//! Signals: those that this process was started with ignored, and those that have to wait.
//!
//! `nohup` has SIGHUP ignored, a shell without job control SIGINT and SIGQUIT for what it runs in the
//! background. It is for the one who starts a program to say so, and the program's to leave it alone.

#[cfg(unix)]
use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

#[cfg(unix)]
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
    flag,
};

#[cfg(unix)]
use crate::terminal::{leave_signals, take_signals_back};

/// Signals that would end this process are noted instead, until this is dropped: something has to be put
/// back first. A question ends by them all the same.
pub struct Held {
    #[cfg(unix)]
    noted: &'static Noted,
}

#[cfg(unix)]
struct Noted {
    arrived: Arc<AtomicBool>,
    /// While nothing is held, they do what they always do.
    nothing_is_held: Arc<AtomicBool>,
}

/// Registered once: a signal that was unregistered would be ignored from then on.
#[cfg(unix)]
static NOTED: OnceLock<Noted> = OnceLock::new();

#[cfg(unix)]
impl Held {
    /// Begins to note them.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn start() -> io::Result<Self> {
        let noted = match NOTED.get() {
            Some(noted) => noted,
            None => {
                let noted = Noted::register()?;
                NOTED.get_or_init(|| noted)
            }
        };
        noted.arrived.store(false, Ordering::Relaxed);
        noted.nothing_is_held.store(false, Ordering::Relaxed);
        leave_signals();
        Ok(Held { noted })
    }

    /// Whether one has arrived.
    pub fn has_arrived(&self) -> bool {
        self.noted.arrived.load(Ordering::Relaxed)
    }
}

/// Whether a signal has been noted that waits: a question that begins after it has to end by it all the same.
#[cfg(unix)]
pub fn one_waits() -> bool {
    NOTED.get().is_some_and(|noted| {
        !noted.nothing_is_held.load(Ordering::Relaxed) && noted.arrived.load(Ordering::Relaxed)
    })
}

#[cfg(unix)]
impl Noted {
    fn register() -> io::Result<Self> {
        let noted = Noted {
            arrived: Arc::default(),
            nothing_is_held: Arc::default(),
        };
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            if is_ignored(signal) {
                continue;
            }
            flag::register_conditional_default(signal, Arc::clone(&noted.nothing_is_held))?;
            flag::register(signal, Arc::clone(&noted.arrived))?;
        }
        Ok(noted)
    }
}

#[cfg(unix)]
impl Drop for Held {
    fn drop(&mut self) {
        self.noted.nothing_is_held.store(true, Ordering::Relaxed);
        take_signals_back();
    }
}

#[cfg(not(unix))]
impl Held {
    /// Does nothing: only Unix has such signals.
    ///
    /// # Errors
    /// None.
    pub fn start() -> std::io::Result<Self> {
        Ok(Held {})
    }

    /// Whether one has arrived.
    pub fn has_arrived(&self) -> bool {
        false
    }
}

/// Whether a signal was ignored when this process was started, or has been since.
///
/// Only Linux tells without `unsafe`; elsewhere no signal counts as ignored.
#[cfg(unix)]
pub fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    is_ignored_in(&status, signal)
}

/// Reads the line `SigIgn:`, a number in base 16 whose lowest bit is signal 1.
/// Source: proc_pid_status(5).
#[cfg(unix)]
fn is_ignored_in(status: &str, signal: i32) -> bool {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default();
    u32::try_from(signal - 1)
        .ok()
        .and_then(|bit| mask.checked_shr(bit))
        .is_some_and(|rest| rest & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_bit_is_signal_one() {
        let status = "Name:\tdaypass\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        let ignored: Vec<i32> = (0..=65)
            .filter(|signal| is_ignored_in(status, *signal))
            .collect();
        assert_eq!(ignored, [1, 13]);
        assert!(!is_ignored_in("", 1));
    }
}
