//! A home in which a person could try the page: daypass on `PATH`, the AWS CLI, stand-ins.

use std::{fs, path::Path};

use super::STAND_INS;
use crate::{
    documents::homes,
    support::{Home, Invocation, Run, python_environment, set_mode},
};

pub const ADA: &str = "arn:aws:iam::123456789012:user/ada";
pub const PROMPT: &str = "daypass: MFA code for work (device ada):";

/// A home with a profile `work`, and a `PATH` on which daypass is found by its name.
pub struct Place {
    pub home: Home,
    path: String,
}

impl Place {
    /// A home without a session.
    pub fn new() -> Self {
        Place::of(Home::new())
    }

    /// This home.
    pub fn of(home: Home) -> Self {
        let path = homes::path_with_daypass(&home);
        Place { home, path }
    }

    /// A home with a session.
    pub fn logged_in() -> Self {
        let place = Place::new();
        place.home.log_in();
        place
    }

    /// The same with the AWS CLI and Python. `None` where they are not there.
    pub fn with_aws(mut self) -> Option<Self> {
        let python = python_environment()?;
        self.path = self
            .path
            .replacen(':', &format!(":{}:", python.display()), 1);
        Some(self)
    }

    /// Puts a stand-in for a program that cannot be had on `PATH`.
    pub fn stand_in(&self, name: &str, script: &str) {
        assert!(
            STAND_INS.iter().any(|(known, _)| *known == name),
            "why is there a stand-in for {name}?"
        );
        let path = self.home.path(".local/bin").join(name);
        fs::write(&path, format!("#!/bin/sh\nset -eu\n{script}")).expect("a stand-in");
        set_mode(&path, 0o700);
    }

    /// Writes a file in the home, and the directories above it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.home.path(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// What a stand-in has left behind.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.home.path(path)).expect(path)
    }

    /// A run of a program that is found on this `PATH`.
    pub fn program<'a>(
        &'a self,
        program: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation<'a> {
        self.home
            .program(program, arguments)
            .env("PATH", &self.path)
            .env("SHELL", "/bin/bash")
            .env("AWS_PAGER", "")
            .env("AWS_MAX_ATTEMPTS", "1")
    }

    /// A run of lines by a shell, without a terminal.
    pub fn shell<'a>(&'a self, shell: &str, script: &'a str) -> Invocation<'a> {
        self.program(shell, ["-c", script])
    }

    /// The key of the session that is cached now.
    pub fn session_key(&self) -> String {
        self.home
            .credential("work-mfa", "aws_access_key_id")
            .expect("a session")
    }

    /// Asserts that a run printed who Ada is, and that AWS was asked with the session: it answers her
    /// long-term key as well.
    pub fn assert_ada(&self, run: &Run) {
        assert!(output(run).contains(ADA), "{}", run.report());
        let log = self.home.sandbox.log();
        let asked = log
            .iter()
            .rev()
            .find(|call| call.action == "GetCallerIdentity");
        assert_eq!(asked.expect("a call").access_key_id, self.session_key());
    }
}

/// The stdout of a run that went well.
pub fn output(run: &Run) -> &str {
    assert_eq!(run.exit, 0, "{}", run.report());
    run.stdout.trim_end()
}
