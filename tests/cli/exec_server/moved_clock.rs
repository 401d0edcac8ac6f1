//! A clock that a test moves while programs run: theirs and the sandbox's together.

use std::{fs, process::Command, time::Duration};

use crate::support::{Home, Invocation, is_there, tidy_up_after_faketime};

/// The clock of a run and of everything that it starts.
pub struct MovedClock<'a> {
    home: &'a Home,
    preloaded: String,
    passed: Duration,
}

impl<'a> MovedClock<'a> {
    /// A clock that shows the true time yet. `None` where clocks cannot be moved.
    pub fn start(home: &'a Home) -> Option<Self> {
        if !is_there("faketime") {
            return None;
        }
        tidy_up_after_faketime();
        // The wrapper takes the time that is given to it for good; the library reads it from a file.
        let output = Command::new("faketime")
            .args(["-f", "+0s", "sh", "-c", "echo $LD_PRELOAD"])
            .output()
            .expect("faketime starts");
        let library = String::from_utf8(output.stdout).expect("a path");
        let clock = MovedClock {
            home,
            preloaded: library.trim().replace("libfaketime.so", "libfaketimeMT.so"),
            passed: Duration::ZERO,
        };
        clock.write();
        Some(clock)
    }

    /// The same run by this clock.
    pub fn rules<'b>(&self, run: Invocation<'b>) -> Invocation<'b> {
        run.env("LD_PRELOAD", &self.preloaded)
            .env("FAKETIME_TIMESTAMP_FILE", &self.path())
            .env("FAKETIME_NO_CACHE", "1")
            // Time-outs are measured with the monotonic clock: moved, they would never end.
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1")
            .env("NO_FAKE_STAT", "1")
    }

    /// Lets time pass, here and at the sandbox.
    pub fn advance(&mut self, duration: Duration) {
        self.passed += duration;
        self.write();
        self.home.sandbox.advance(duration);
    }

    fn write(&self) {
        // Written beside it and renamed, since it is read all the time.
        let new = self.path() + ".new";
        fs::write(&new, format!("+{}s\n", self.passed.as_secs())).expect("a file");
        fs::rename(new, self.path()).expect("a file");
    }

    fn path(&self) -> String {
        self.home.path("clock").display().to_string()
    }
}
