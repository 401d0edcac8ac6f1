//! Every system call of a write fails once, and is the last one once: strace injects the errors
//! and the kills into the real program.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt,
    process::{Command, Output},
    time::Instant,
};

use daypass::shared_files::{Kind, SharedFile};

use crate::support::{DAYPASS, Home, is_there, mode};

/// The calls of the write path, and the errors that each may meet.
const CALLS: [(&str, &[&str]); 18] = [
    (
        "openat",
        &["EACCES", "ENOSPC", "EROFS", "EINTR", "EMFILE", "EIO"],
    ),
    ("read", &["EIO", "EINTR"]),
    ("write", &["ENOSPC", "EIO", "EINTR", "EDQUOT"]),
    ("lseek", &["EIO"]),
    ("statx", &["EIO", "EACCES"]),
    ("readlink", &["EIO"]),
    ("getdents64", &["EIO"]),
    ("flock", &["ENOLCK", "EINTR", "EIO", "EAGAIN"]),
    ("fchmod", &["EPERM", "EIO"]),
    ("fchown", &["EPERM", "EIO"]),
    ("fsync", &["EIO", "ENOSPC", "EINTR"]),
    ("ftruncate", &["EIO", "EINTR"]),
    (
        "renameat",
        &[
            "ENOSPC", "EIO", "EACCES", "EROFS", "EXDEV", "EBUSY", "EINTR",
        ],
    ),
    ("renameat2", &["ENOSPC", "EIO", "EACCES", "EEXIST"]),
    ("newfstatat", &["EIO"]),
    ("unlink", &["EACCES", "EIO"]),
    ("unlinkat", &["EACCES", "EIO"]),
    // The standard library takes an error here for a mistake in the program, and no system gives one.
    ("close", &[]),
];

/// A home with a session that a `logout` takes out of the file again.
struct Bench {
    home: Home,
    old: String,
    new: String,
}

impl Bench {
    fn new() -> Bench {
        let home = Home::new();
        home.log_in();
        // The session is in the middle: a file that is cut too early loses what comes after it.
        let others = "\n# a comment\n[other]\nregion = eu-west-1\nx = y\n";
        home.write_credentials(&(home.credentials() + others));
        let old = home.credentials();
        let run = home.daypass(["logout", "work"]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
        let new = home.credentials();
        assert!(new.ends_with(others) && new.len() < old.len());
        home.write_credentials(&old);
        fs::remove_dir_all(home.path(".aws/daypass")).expect("the turns");
        Bench { home, old, new }
    }

    /// Runs `logout` under strace with these injections.
    fn logout(&self, injections: &[String]) -> Output {
        let traced: Vec<&str> = CALLS.iter().map(|(call, _)| *call).collect();
        let mut command = Command::new("strace");
        command.args(["-f", "-y", "-o"]).arg(self.home.path("log"));
        // Not every architecture has each of them.
        command.arg(format!("--trace=?{}", traced.join(",?")));
        for injection in injections {
            command.arg(format!("--inject={injection}"));
        }
        command
            .args([DAYPASS, "logout", "work"])
            .env_clear()
            .envs(self.home.environment())
            .env("TMPDIR", self.home.path("tmp"))
            .output()
            .expect("strace starts")
    }

    /// Which calls of a run touch the files: their names, and the how-manieth of that name each is.
    fn touching_calls(&self, injections: &[String]) -> Vec<(&'static str, usize)> {
        let output = self.logout(injections);
        assert!(output.status.success(), "{output:?}");
        let place = self.home.path(".aws").display().to_string();
        let log = fs::read_to_string(self.home.path("log")).expect("the log");
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut found = Vec::new();
        for line in log.lines() {
            let name = line.split_whitespace().nth(1).unwrap_or_default();
            let name = name.split('(').next().unwrap_or_default();
            let Some((call, _)) = CALLS.iter().find(|(call, _)| *call == name) else {
                continue;
            };
            let count = counts.entry(call).or_default();
            *count += 1;
            if line.contains(&place) {
                found.push((*call, *count));
            }
        }
        self.restore();
        found
    }

    fn restore(&self) {
        self.home.write_credentials(&self.old);
    }

    /// Runs `logout` with a fault and checks what it left behind. Returns what it had warned of.
    fn suffer(&self, injections: &[String]) -> String {
        let output = self.logout(injections);
        let now = self.home.credentials();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let about = format!("{injections:?}: {:?}\n{stderr}\n{now}", output.status);
        assert_eq!(
            mode(&self.home.path(".aws/credentials")) & 0o077,
            0,
            "{about}"
        );
        assert!(!stderr.contains("panicked"), "{about}");
        self.home.assert_no_secret("stderr", &stderr);
        // strace itself ends by the signal that its child has died of.
        if output.status.signal().is_some() {
            let is_whole = now == self.old || now.trim_end() == self.new.trim_end();
            assert!(is_whole, "{about}");
        } else if output.status.success() {
            assert_eq!(now, self.new, "{about}");
        } else {
            assert_eq!(output.status.code(), Some(1), "{about}");
            assert!(stderr.contains("daypass: error: "), "{about}");
            assert!(stderr.contains("\n  hint: "), "{about}");
            if stderr.contains("it may be damaged") {
                self.mend(&stderr);
            }
            assert_eq!(self.home.credentials(), self.old, "{about}");
        }
        self.recover(&about);
        stderr
    }

    /// Does what the hint says.
    fn mend(&self, stderr: &str) {
        let (_, hint) = stderr.split_once("\n  hint: ").expect("a hint");
        let status = Command::new("sh").args(["-c", hint.trim()]).status();
        assert!(status.expect("sh").success(), "{hint}");
    }

    /// The next edit removes what was left behind, and a run without faults does its work at once.
    fn recover(&self, about: &str) {
        let file = SharedFile {
            path: self.home.path(".aws/credentials"),
            kind: Kind::Credentials,
        };
        let edited = file.edit(|document| document.set("end", &[("k", "v")]));
        assert_eq!(edited.expect("an edit").warnings, [], "after {about}");
        self.assert_tidy(about);
        self.restore();
        let run = self.home.daypass(["logout", "work"]).run();
        assert_eq!(run.exit, 0, "{}after {about}", run.report());
        assert_eq!(run.stderr, "", "after {about}");
        assert_eq!(self.home.credentials(), self.new, "after {about}");
        self.restore();
        self.assert_tidy(about);
    }

    fn assert_tidy(&self, about: &str) {
        let entries = fs::read_dir(self.home.path(".aws")).expect("~/.aws");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["config", "credentials"], "after {about}");
    }
}

/// Lets every call of a run fail in each way, and be its last one.
fn enumerate(bench: &Bench, always: &[String], leave_out: &str) -> (usize, usize) {
    let calls = bench.touching_calls(always);
    let names: Vec<&str> = calls.iter().map(|(call, _)| *call).collect();
    for call in ["openat", "write", "fsync", "flock", "renameat"] {
        assert!(names.contains(&call), "{call} is not among {names:?}");
    }
    let mut runs = 0;
    for (call, number) in &calls {
        if *call == leave_out {
            continue;
        }
        let (_, errors) = CALLS
            .iter()
            .find(|(name, _)| name == call)
            .expect("one of them");
        let errors = errors
            .iter()
            .map(|error| format!("{call}:error={error}:when={number}"));
        let kill = format!("{call}:signal=SIGKILL:when={number}");
        for injection in errors.chain([kill]) {
            bench.suffer(&[always, &[injection]].concat());
            runs += 1;
        }
    }
    (calls.len(), runs)
}

#[test]
fn whatever_call_fails_or_is_the_last_the_file_is_the_old_or_the_new() {
    let _alone = crate::alone();
    if !is_there("strace") {
        return;
    }
    let begin = Instant::now();
    let bench = Bench::new();
    let (calls, runs) = enumerate(&bench, &[], "");
    eprintln!(
        "faults: {calls} calls, {runs} runs with a fault, {:.1} s",
        begin.elapsed().as_secs_f64()
    );
}

#[test]
fn whatever_call_of_a_write_in_place_fails_or_is_the_last_the_file_is_whole() {
    let _alone = crate::alone();
    if !is_there("strace") {
        return;
    }
    let begin = Instant::now();
    let bench = Bench::new();
    // As on a file that is mounted by itself.
    let always = ["renameat:error=EBUSY".to_owned()];
    let (calls, runs) = enumerate(&bench, &always, "renameat");
    eprintln!(
        "faults in place: {calls} calls, {runs} runs with a fault, {:.1} s",
        begin.elapsed().as_secs_f64()
    );
}

#[test]
fn a_write_in_place_that_cannot_be_undone_says_how_to_mend_the_file() {
    if !is_there("strace") {
        return;
    }
    let bench = Bench::new();
    let always = ["renameat:error=EBUSY".to_owned()];
    let calls = bench.touching_calls(&always);
    let last = calls
        .iter()
        .rfind(|(call, _)| *call == "fsync")
        .expect("a sync")
        .1;
    let stderr = bench.suffer(&[&always[..], &[format!("fsync:error=EIO:when={last}+")]].concat());
    let stderr = stderr.replace(&bench.home.path("").display().to_string(), "~/");
    let pattern = "~/.aws/.credentials.daypass-copy-";
    assert!(
        stderr.starts_with("daypass: error: cannot write ~/.aws/credentials; it may be damaged, but its old content is in ~/.aws/.credentials.daypass-copy-")
            && stderr.contains(&format!("\n  hint: cp {pattern}"))
            && stderr.ends_with(" ~/.aws/credentials\n"),
        "{stderr}"
    );
}

#[test]
fn a_file_system_without_locks_is_written_with_a_warning() {
    if !is_there("strace") {
        return;
    }
    let bench = Bench::new();
    let output = bench.logout(&["flock:error=ENOLCK".to_owned()]);
    assert!(output.status.success(), "{output:?}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("is on a file system without locks"),
        "{stderr}"
    );
    assert_eq!(bench.home.credentials(), bench.new);
}

/// Faults that keep a session from being saved, wherever in the write they fall.
const UNSAVEABLE: [&[&str]; 5] = [
    &["fsync:error=EIO"],
    &["renameat:error=ENOSPC"],
    &["renameat:error=EBUSY", "renameat2:error=EROFS"],
    &["flock:error=EIO"],
    &["getdents64:error=EIO", "renameat:error=EIO"],
];

/// Runs the program in a fresh home whose `mfa_process` gives a code, with faults.
fn with_code_and_faults(arguments: &[&str], faults: &[&str]) -> (Home, Output, String) {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "mfa_process = cat code\n"));
    fs::write(home.path("code"), home.code()).expect("the code");
    home.note_inputs();
    let before = home.credentials();
    let injections = faults.iter().map(|fault| format!("--inject={fault}"));
    let output = Command::new("strace")
        .args(["-f", "-o", "/dev/null"])
        .args(injections)
        .arg(DAYPASS)
        .args(arguments)
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path(""))
        .output()
        .expect("strace starts");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        home.sandbox.calls("GetSessionToken"),
        1,
        "{faults:?}: {stderr}"
    );
    assert_eq!(home.credentials(), before, "{faults:?}");
    home.assert_no_secret("stderr", &stderr);
    (home, output, stderr)
}

#[test]
fn a_session_that_cannot_be_saved_is_handed_out_and_is_no_login() {
    if !is_there("strace") {
        return;
    }
    for faults in UNSAVEABLE {
        let (_home, output, stderr) = with_code_and_faults(&["credential-process", "work"], faults);
        assert_eq!(output.status.code(), Some(0), "{faults:?}: {stderr}");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(json["SessionToken"].is_string(), "{faults:?}");
        let warning =
            "daypass: warning: the session could not be saved and serves this once only: ";
        assert!(stderr.starts_with(warning), "{faults:?}: {stderr}");

        let (_home, output, stderr) = with_code_and_faults(&["login", "work"], faults);
        assert_eq!(output.status.code(), Some(1), "{faults:?}: {stderr}");
        let error = "daypass: error: AWS gave a session, but it could not be saved\n  caused by: ";
        assert!(
            stderr.starts_with(error) && stderr.contains("  hint: "),
            "{faults:?}: {stderr}"
        );
    }
}
