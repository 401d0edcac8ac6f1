//! What is left in the memory of a run that no longer needs a secret.

use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
    process::{Child, Command, Stdio},
};

use daypass_sandbox::planted;
use rustix::fs::{OFlags, fcntl_setfl};

use crate::support::{Home, Pty, may_look_into_daypass, wait_until, wrong_codes};

/// The writable memory of a process: stack, heap, and whatever else it has mapped.
struct Memory {
    parts: Vec<(String, Vec<u8>)>,
}

impl Memory {
    fn of(id: u32) -> Memory {
        let maps = fs::read_to_string(format!("/proc/{id}/maps")).expect("its maps");
        let mut memory = fs::File::open(format!("/proc/{id}/mem")).expect("its memory");
        let mut parts = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let range = words.next().expect("a range");
            if !words.next().expect("rights").starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').expect("a range");
            let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).expect("hex"));
            let mut bytes = vec![0; usize::try_from(end - start).expect("it fits")];
            memory.seek(SeekFrom::Start(start)).expect("the place");
            if memory.read_exact(&mut bytes).is_ok() {
                parts.push((line.to_owned(), bytes));
            }
        }
        Memory { parts }
    }

    /// Where the text stands, with what is around it. A code stands by itself: the memory is full
    /// of certificates, whose dates are rows of digits.
    fn places(&self, text: &str) -> Vec<String> {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let is_code = text.bytes().all(|byte| byte.is_ascii_digit());
        let mut places = Vec::new();
        for (name, bytes) in &self.parts {
            for (at, window) in bytes.windows(text.len()).enumerate() {
                if window != text.as_bytes() {
                    continue;
                }
                let end = at + text.len();
                let in_a_row = is_digit(at.checked_sub(1).map(|before| &bytes[before]))
                    || is_digit(bytes.get(end));
                if !(is_code && in_a_row) {
                    let around = &bytes[at.saturating_sub(40)..bytes.len().min(end + 20)];
                    places.push(format!("{name}: {}", around.escape_ascii()));
                }
            }
        }
        places
    }

    fn assert_holds(&self, text: &str) {
        assert!(!self.places(text).is_empty(), "the search is blind");
    }

    /// The session's token stands in what is being printed and nowhere else.
    fn assert_holds_one_token(&self) {
        let places = self.places(&format!("IQoJb3JpZ2luX2Vj{}", planted::SESSION_TOKEN));
        assert_eq!(places.len(), 1, "{}", places.join("\n"));
    }

    fn assert_lacks(&self, forgotten: &[(&str, &str)]) {
        let mut found = String::new();
        for (what, text) in forgotten {
            for place in self.places(text) {
                found += &format!("{what}: {place}\n");
            }
        }
        assert!(found.is_empty(), "not forgotten:\n{found}");
    }
}

/// A run whose stdout is a pipe that is full: it stays there until it is killed.
struct Blocked {
    child: Child,
    _pipe: std::io::PipeReader,
}

impl Blocked {
    fn start(mut command: Command) -> Blocked {
        let (pipe, mut writer) = std::io::pipe().expect("a pipe");
        fcntl_setfl(&writer, OFlags::NONBLOCK).expect("it need not wait");
        while writer.write(&[b' '; 4096]).is_ok() {}
        fcntl_setfl(&writer, OFlags::empty()).expect("it waits");
        let child = command
            .stdout(writer)
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let blocked = Blocked { child, _pipe: pipe };
        wait_until("it waits for its stdout", || {
            let call = fs::read_to_string(format!("/proc/{}/syscall", blocked.id()));
            let call = call.unwrap_or_default();
            // write(1, ...) on x86-64 and on ARM.
            ["1 0x1 ", "64 0x1 "]
                .iter()
                .any(|write| call.starts_with(write))
        });
        blocked
    }

    fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_cached_session_is_printed_when_the_long_term_secret_is_forgotten() {
    if !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    home.log_in();
    let run = Blocked::start(home.daypass(["credential-process", "work"]).command());
    let memory = Memory::of(run.id());
    memory.assert_holds_one_token();
    memory.assert_lacks(&[("the long-term secret", planted::LONG_TERM_SECRET)]);
}

#[test]
fn a_renewed_session_is_printed_when_code_and_long_term_secret_are_forgotten() {
    if !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    let code = home.code();
    let script = format!("printf '%s' {} | tr -d -\n", separated(&code));
    fs::write(home.path("code"), script).expect("a script");
    home.write_config(&(home.profile_section("work") + "mfa_process = sh code\n"));
    let run = Blocked::start(home.daypass(["credential-process", "work"]).command());
    let memory = Memory::of(run.id());
    memory.assert_holds_one_token();
    memory.assert_lacks(&[
        ("the long-term secret", planted::LONG_TERM_SECRET),
        ("the code", &code),
    ]);
}

#[test]
fn a_refused_code_is_forgotten_before_the_next_is_asked_for() {
    if !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["login", "work"]));
    let wrong = wrong_codes(&home).remove(0);
    terminal.expect("MFA code for work");
    terminal.send(&format!("{wrong}\r"));
    terminal.expect("more to try");
    terminal.expect("MFA code for work");
    let memory = Memory::of(terminal.id());
    memory.assert_holds(planted::LONG_TERM_SECRET);
    memory.assert_lacks(&[("the refused code", &wrong)]);
    terminal.send("\x03");
    terminal.finish();
}

/// The digits with dashes between them: a script in this form does not hold the code itself.
fn separated(code: &str) -> String {
    code.split("").collect::<Vec<_>>().join("-")
}

#[test]
fn commands_that_hand_nothing_out_keep_nothing_while_they_print() {
    if !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    let code = home.code();
    fs::write(home.path("typed"), format!("{code}\n")).expect("the code");
    for arguments in [
        &["login", "work", "--code", "-"][..],
        &["login", "work"],
        &["status"],
        &["status", "--json"],
        &["logout", "work"],
    ] {
        let mut command = home.daypass(arguments.iter().copied()).command();
        command.stdin(fs::File::open(home.path("typed")).expect("the code"));
        let run = Blocked::start(command);
        let memory = Memory::of(run.id());
        memory.assert_holds(&format!("TMPDIR={}", home.path("tmp").display()));
        memory.assert_lacks(&[
            ("the long-term secret", planted::LONG_TERM_SECRET),
            ("the session's secret", planted::SESSION_SECRET),
            ("the session's token", planted::SESSION_TOKEN),
            ("the code", &code),
        ]);
    }
}
