//! Waiting for what others do, and for many runs at once.

use std::{
    process::{Child, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::Invocation;

/// How long anything may take to be as it should.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until something is so, and fails if it never is.
pub fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

impl Invocation<'_> {
    /// Makes so many of this run at once, and waits for all of them.
    #[allow(dead_code)] // not every test program has crowds
    pub fn crowd(&self, count: usize) -> Vec<Output> {
        let start = |_| {
            self.command()
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts")
        };
        let children: Vec<Child> = (0..count).map(start).collect();
        let ended = children.into_iter().map(|child| self.home.end_of(child));
        ended.collect()
    }
}
