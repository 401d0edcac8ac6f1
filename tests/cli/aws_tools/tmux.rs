//! A person's terminal: a shell in tmux, which shows what is really on the screen.

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::support::Invocation;

/// How long anything may take to show up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A shell in a terminal of 80 columns and 24 lines, on a tmux server of its own.
///
/// The server ends when this is dropped, and the shell and what runs in it with the server.
pub struct Tmux<'a> {
    invocation: &'a Invocation<'a>,
}

impl<'a> Tmux<'a> {
    /// Starts a shell with the environment of this run.
    pub fn start(invocation: &'a Invocation<'a>) -> Self {
        let tmux = Tmux { invocation };
        tmux.command(&[
            "new-session",
            "-d",
            "-x",
            "80",
            "-y",
            "24",
            "env PS1='$ ' /bin/sh",
        ]);
        tmux.expect("the shell's prompt", |screen| screen == "$");
        tmux
    }

    /// Types a text.
    pub fn type_text(&self, text: &str) {
        self.command(&["send-keys", "-l", text]);
    }

    /// Presses a key, `Enter` or `C-c`.
    pub fn press(&self, key: &str) {
        self.command(&["send-keys", key]);
    }

    /// Makes the terminal another size.
    pub fn resize(&self, columns: u16, lines: u16) {
        let (columns, lines) = (columns.to_string(), lines.to_string());
        self.command(&["resize-window", "-x", &columns, "-y", &lines]);
        // tmux tells the programs in the window a quarter of a second later.
        thread::sleep(Duration::from_millis(600));
    }

    /// What is on the screen, without the empty lines at its end.
    pub fn screen(&self) -> String {
        self.command(&["capture-pane", "-p"]).trim_end().to_owned()
    }

    /// The cells of the screen, with the sequences that set their colours.
    pub fn cells(&self) -> String {
        self.command(&["capture-pane", "-p", "-e", "-N"])
    }

    /// The modes of the terminal as the shell has it, in the words of `stty -a`.
    pub fn modes(&self) -> String {
        let terminal = self.command(&["display-message", "-p", "#{pane_tty}"]);
        let output = Command::new("stty")
            .args(["-a", "-F", terminal.trim()])
            .output()
            .expect("stty starts");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout)
            .expect("text")
            .replace('\n', " ")
    }

    /// Waits until the screen is as it should be, and returns it.
    pub fn expect(&self, what: &str, is_right: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_right(&screen) {
                return screen;
            }
            assert!(
                Instant::now() < deadline,
                "{what} never showed up:\n{screen}"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn command(&self, words: &[&str]) -> String {
        let output = self.tmux().args(words).output().expect("tmux starts");
        assert!(output.status.success(), "tmux {words:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    fn tmux(&self) -> Command {
        let mut command = Command::new("tmux");
        let home = self.invocation.home().path("");
        command
            .args(["-L", "daypass-test", "-f", "/dev/null"])
            .env_clear()
            .envs(self.invocation.variables().iter().cloned())
            .env("TMUX_TMPDIR", &home)
            .current_dir(&home);
        command
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        let _ = self.tmux().arg("kill-server").output();
    }
}
