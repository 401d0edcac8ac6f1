//! A terminal of its own for a run.

use std::{
    io::{Read, Write},
    os::fd::AsFd,
    process::{Child, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use pty_process::blocking::{Command, open};

use super::{Home, Invocation, screen::Screen};

/// How long anything on the terminal may take to show up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a run shows on its terminal, and a keyboard to answer it.
pub struct Pty<'a> {
    home: &'a Home,
    hands_out_credentials: bool,
    is_given_secrets_openly: bool,
    keyboard: pty_process::blocking::Pty,
    screen: Receiver<Vec<u8>>,
    seen: String,
    /// Everything from the start.
    transcript: Vec<u8>,
    child: Child,
}

/// What a run on a terminal left behind.
#[derive(Debug)]
pub struct PtyRun {
    pub exit: i32,
    /// Everything the terminal was sent.
    pub screen: String,
    /// What was captured of stdout, as AWS tools do it.
    pub stdout: String,
    /// What was captured of stderr.
    pub stderr: String,
}

/// What of a run the terminal gets, and what is captured as AWS tools do it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Streams {
    OnTerminal,
    Captured,
}

impl<'a> Pty<'a> {
    /// Starts a run in the foreground of a new terminal of 80 columns, all its streams on it.
    pub fn start(invocation: &Invocation<'a>) -> Self {
        Self::start_with(invocation, Streams::OnTerminal)
    }

    /// Starts a run as AWS tools do: the terminal is there, stdout and stderr are captured.
    pub fn start_captured(invocation: &Invocation<'a>) -> Self {
        Self::start_with(invocation, Streams::Captured)
    }

    fn start_with(invocation: &Invocation<'a>, streams: Streams) -> Self {
        invocation.home().note_inputs();
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(24, Screen::COLUMNS))
            .expect("a size");
        let words = invocation.words();
        let mut command = Command::new(&words[0])
            .args(&words[1..])
            .env_clear()
            .envs(invocation.variables().iter().cloned())
            .current_dir(invocation.home().path(""));
        if streams == Streams::Captured {
            command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        }
        let child = command.spawn(pts).expect("the program starts");
        let (sender, screen) = mpsc::channel();
        let reader = pty.as_fd().try_clone_to_owned().expect("a second handle");
        thread::spawn(move || {
            let mut reader = std::fs::File::from(reader);
            let mut buffer = [0; 4096];
            // Reading fails once the last program on the terminal has gone.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Pty {
            home: invocation.home(),
            hands_out_credentials: invocation.hands_out_credentials(),
            is_given_secrets_openly: false,
            keyboard: pty,
            screen,
            seen: String::new(),
            transcript: Vec::new(),
            child,
        }
    }

    fn show(&mut self, bytes: &[u8]) {
        self.transcript.extend_from_slice(bytes);
        self.seen += &String::from_utf8_lossy(bytes);
    }

    /// Says that a secret will be pasted where one is shown while it is typed. It must be erased then.
    pub fn expect_a_secret_in_the_wrong_place(&mut self) {
        self.is_given_secrets_openly = true;
    }

    /// Everything that the terminal was sent up to now, as far as it was waited for.
    pub fn shown_so_far(&self) -> String {
        String::from_utf8_lossy(&self.transcript).into_owned()
    }

    /// The program's process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the terminal shows a text, after everything that was waited for before. Where the text has
    /// a blank, a line of an error may end.
    pub fn expect(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        let mut from = 0;
        loop {
            if let Some(end) = end_of_text(&self.seen[from..], text) {
                self.seen.drain(..from + end);
                return;
            }
            from = 0;
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.show(&bytes),
                Err(_) => panic!(
                    "'{text}' never showed up; the terminal shows: {:?}",
                    self.seen
                ),
            }
        }
    }

    /// Waits until this text shows up; whether it did before the program ended.
    pub fn comes_to(&mut self, text: &str) -> bool {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.show(&bytes),
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => panic!("'{text}' never showed up"),
            }
        }
    }

    /// Nothing like this has shown up after everything that was waited for.
    pub fn assert_silent(&mut self, text: &str) {
        while let Ok(bytes) = self.screen.try_recv() {
            self.show(&bytes);
        }
        assert!(!self.seen.contains(text), "{:?}", self.seen);
    }

    /// Types keys.
    pub fn send(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
    }

    /// Whether the terminal would echo what is typed now, as a shell expects to find it.
    pub fn echoes(&self) -> bool {
        rustix::termios::tcgetattr(self.keyboard.as_fd())
            .expect("the terminal's modes")
            .local_modes
            .contains(rustix::termios::LocalModes::ECHO | rustix::termios::LocalModes::ICANON)
    }

    /// Sends the program a signal, by its name.
    pub fn signal(&self, name: &str) {
        let status = std::process::Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }

    /// Waits until the program has ended; the terminal stays open.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("the program can be waited for")
            {
                return status;
            }
            if Instant::now() > deadline {
                let _ = self.child.kill();
                panic!(
                    "the program never ends; the terminal shows: {:?}",
                    self.seen
                );
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the run.
    pub fn finish(mut self) -> PtyRun {
        // Both are short enough for the pipes to hold them until the program has ended.
        let status = self.wait();
        let mut stdout = String::new();
        let mut stderr = String::new();
        if let Some(mut stream) = self.child.stdout.take() {
            stream.read_to_string(&mut stdout).expect("stdout");
        }
        if let Some(mut stream) = self.child.stderr.take() {
            stream.read_to_string(&mut stderr).expect("stderr");
        }
        while let Ok(bytes) = self.screen.recv_timeout(Duration::from_millis(200)) {
            self.show(&bytes);
        }
        self.assert_no_secret(&stdout, &stderr);
        PtyRun {
            exit: status.code().unwrap_or(-1),
            screen: self.seen,
            stdout,
            stderr,
        }
    }

    /// Checks everything that a run has shown. A code that is typed is echoed by the question, and
    /// erased with it: it must be gone from what is on the screen in the end, and from all that has
    /// scrolled off it.
    fn assert_no_secret(&self, stdout: &str, stderr: &str) {
        self.home.assert_no_secret("stderr", stderr);
        let transcript = String::from_utf8_lossy(&self.transcript);
        let on_screen = Screen::after(&transcript);
        if self.hands_out_credentials {
            self.home.assert_credentials_of_a_session_only(stdout);
            self.home.assert_credentials_of_a_session_only(&on_screen);
        } else {
            self.home.assert_no_secret("stdout", stdout);
            if !self.is_given_secrets_openly {
                self.home.assert_no_marker("the terminal", &transcript);
            }
            self.home.assert_no_secret("the screen", &on_screen);
        }
        self.home.assert_no_secret_in_files();
    }
}

/// Where a text ends that is in what was shown, whole or with line ends in the place of blanks.
fn end_of_text(shown: &str, text: &str) -> Option<usize> {
    if let Some(at) = shown.find(text) {
        return Some(at + text.len());
    }
    let mut words = text.split(' ');
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    shown.match_indices(first).find_map(|(at, _)| {
        rest.iter().try_fold(at + first.len(), |end, word| {
            let left = &shown[end..];
            let bare = left.trim_start_matches([' ', '\r', '\n']);
            let is_next = bare.len() < left.len() && bare.starts_with(word);
            is_next.then(|| shown.len() - bare.len() + word.len())
        })
    })
}
