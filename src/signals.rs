//! The signals that this process was started with ignored.
//!
//! `nohup` has SIGHUP ignored, a shell without job control SIGINT and SIGQUIT for what it runs in the
//! background. It is for the one who starts a program to say so, and the program's to leave it alone.

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
