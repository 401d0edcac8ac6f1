//! A private home, the sandbox as AWS, and runs of the real program in it.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use daypass_sandbox::{Device, Sandbox, User};

mod desktop;
mod faketime;
mod presence;
mod pty;
mod sarif;
mod screen;
mod stand_in_pass;
mod waiting;
mod watch;

pub use desktop::{Desktop, keychain_profile};
pub use faketime::tidy_up as tidy_up_after_faketime;
use presence::skip_unless;
pub use presence::{is_there, node_modules, nushell, path_of, python_environment};
pub use pty::Pty;
pub use sarif::complaints_about_sarif;
pub use stand_in_pass::PassStandIn;
#[allow(unused_imports)] // not every test program waits for more than its desktop
pub use waiting::wait_until;
use watch::Watch;
pub use watch::find_marker;

/// Where the program is.
pub const DAYPASS: &str = env!("CARGO_BIN_EXE_daypass");

/// A home with one profile, `work`, whose user and device the sandbox knows.
pub struct Home {
    pub sandbox: Sandbox,
    pub user: User,
    pub device: Device,
    watch: Watch,
    directory: tempfile::TempDir,
}

impl Home {
    /// The home of a developer after the first day's steps: a long-term key, a profile, no session.
    pub fn new() -> Self {
        let sandbox = Sandbox::start();
        let user = sandbox.add_user("ada");
        let device = sandbox.add_virtual_device(&user, "ada");
        sandbox.set_mfa_age_limit(&user, Some(Duration::from_secs(8 * 3_600)));
        let home = Home {
            sandbox,
            user,
            device,
            watch: Watch::default(),
            directory: tempfile::tempdir().expect("a temporary directory"),
        };
        fs::create_dir(home.path(".aws")).expect("~/.aws");
        fs::create_dir(home.path("tmp")).expect("the directory for temporary files");
        home.write_credentials(&home.long_term_section("work-long-term"));
        home.write_config(&home.profile_section("work"));
        home
    }

    /// A path in the home.
    pub fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// A section with the user's long-term key.
    pub fn long_term_section(&self, name: &str) -> String {
        format!(
            "[{name}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            self.user.access_key_id, self.user.secret_access_key
        )
    }

    /// A profile with the user's device and this program as its credential process.
    pub fn profile_section(&self, name: &str) -> String {
        format!(
            "[profile {name}]\nregion = eu-west-1\nmfa_serial = {}\ncredential_process = {DAYPASS} credential-process {name}\n",
            self.device.serial
        )
    }

    /// A profile that keeps its session in its own section, as aws-mfa does, without a credential process.
    pub fn classic_profile_section(&self, name: &str) -> String {
        format!(
            "[profile {name}]\nmfa_serial = {}\ndaypass_session_section = {name}\n",
            self.device.serial
        )
    }

    pub fn write_config(&self, text: &str) {
        fs::write(self.path(".aws/config"), text).expect("config");
        self.note_inputs();
    }

    pub fn config(&self) -> String {
        fs::read_to_string(self.path(".aws/config")).expect("config")
    }

    pub fn write_credentials(&self, text: &str) {
        let path = self.path(".aws/credentials");
        fs::write(&path, text).expect("credentials");
        set_mode(&path, 0o600);
        self.note_inputs();
    }

    pub fn credentials(&self) -> String {
        fs::read_to_string(self.path(".aws/credentials")).expect("credentials")
    }

    /// The values of a key in a section of the credentials file, for checks.
    pub fn credential(&self, section: &str, key: &str) -> Option<String> {
        let text = self.credentials();
        let body = text.split(&format!("[{section}]\n")).nth(1)?;
        let body = body.split("\n[").next()?;
        body.lines()
            .filter_map(|line| line.split_once('='))
            .find(|(name, _)| name.trim() == key)
            .map(|(_, value)| value.trim().to_owned())
    }

    /// A code that AWS will accept, once.
    pub fn code(&self) -> String {
        self.sandbox.fresh_code(&self.device)
    }

    /// Makes the code come from a command that damages the credentials file meanwhile, so that the
    /// session cannot be saved. (No mode of a file or directory keeps root from writing it.)
    pub fn break_credentials_with_mfa_process(&self) {
        let script = format!("echo broken >> .aws/credentials\necho {}\n", self.code());
        fs::write(self.path("code"), script).expect("a script");
        self.write_config(&(self.profile_section("work") + "mfa_process = sh code\n"));
    }

    /// Logs in, for tests that are about what comes after.
    pub fn log_in(&self) {
        let code = self.code();
        let run = self.daypass(["login", "work", "--code", &code]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }

    /// The environment of a run, and nothing else of the developer's own.
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut variables = vec![
            ("PATH".to_owned(), path),
            (
                "HOME".to_owned(),
                self.directory.path().display().to_string(),
            ),
            ("TMPDIR".to_owned(), self.path("tmp").display().to_string()),
            ("TZ".to_owned(), "UTC".to_owned()),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("TERM".to_owned(), "xterm-256color".to_owned()),
        ];
        let sandbox = self.sandbox.environment().into_iter();
        // The profile has a region of its own.
        variables.extend(
            sandbox
                .filter(|(name, _)| !name.contains("REGION"))
                .map(|(name, value)| (name.to_owned(), value)),
        );
        variables
    }

    /// A run of the program, without a terminal unless it is started in a [`Pty`].
    pub fn daypass<'b>(&self, arguments: impl IntoIterator<Item = &'b str>) -> Invocation<'_> {
        self.program(DAYPASS, arguments)
    }

    /// A run of any program in this home.
    pub fn program<'b>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = &'b str>,
    ) -> Invocation<'_> {
        Invocation {
            home: self,
            program: program.to_owned(),
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            variables: self.environment(),
            later: None,
            hands_on_session: false,
        }
    }
}

/// A run that is about to be made.
pub struct Invocation<'a> {
    home: &'a Home,
    program: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    later: Option<i64>,
    hands_on_session: bool,
}

impl<'a> Invocation<'a> {
    /// Sets a variable of the run's environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a variable out of the run's environment.
    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self
    }

    /// Lets stdout hold what is made of the session: it is what this run is for.
    pub fn handing_on_the_session(mut self) -> Self {
        self.hands_on_session = true;
        self
    }

    /// Shows the program another time than it is, and leaves the sandbox's clock to the test.
    pub fn at(mut self, seconds_from_now: i64) -> Self {
        self.later = Some(seconds_from_now);
        self
    }

    /// The program, its arguments and its environment, without a controlling terminal.
    pub fn command(&self) -> Command {
        self.home.note_inputs();
        // setsid takes the test runner's own terminal away, so that nothing is asked there.
        let mut command = Command::new("setsid");
        command.args(self.words());
        command
            .env_clear()
            .envs(self.variables.iter().cloned())
            .current_dir(self.home.directory.path())
            .stdin(Stdio::null());
        command
    }

    /// The words of the command line.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(seconds) = self.later {
            faketime::tidy_up();
            // Time-outs are measured with the monotonic clock: moved, they would never end.
            words.extend(["faketime", "--exclude-monotonic", "-f"].map(str::to_owned));
            words.push(format!("{seconds:+}s"));
        }
        words.push(self.program.clone());
        words.extend(self.arguments.iter().cloned());
        words
    }

    /// The variables of the run.
    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// The home of the run.
    pub fn home(&self) -> &'a Home {
        self.home
    }

    /// Runs it to its end.
    pub fn run(self) -> Run {
        let output = self.command().output().expect("the program starts");
        self.finish(output)
    }

    /// Runs it to its end with this on stdin.
    pub fn run_with_stdin(self, text: &str) -> Run {
        use std::io::Write;
        let mut child = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        if let Some(mut stdin) = child.stdin.take() {
            // A program that does not read its stdin has closed it: no matter.
            let _ = stdin.write_all(text.as_bytes());
        }
        let output = child.wait_with_output().expect("the program ends");
        self.finish(output)
    }

    /// Checks what went to stdout: credentials only from the command that exists for it, and
    /// those of a session only.
    fn assert_no_secret_on_stdout(&self, stdout: &str) {
        if matches!(self.program.as_str(), "secret-tool" | "pass") {
            return; // They show what a test wants to see of a keychain.
        }
        if self.sets_variables() {
            self.home.assert_variables_of_a_session_only(stdout);
        } else if self.prints_a_sign_in_address() {
            self.home.assert_sign_in_address_only(stdout);
        } else if self.hands_out_credentials() {
            self.home.assert_credentials_of_a_session_only(stdout);
        } else {
            self.home.assert_no_secret("stdout", stdout);
        }
    }

    fn sets_variables(&self) -> bool {
        self.hands_on_session || self.arguments.iter().any(|argument| argument == "env")
    }

    fn prints_a_sign_in_address(&self) -> bool {
        self.arguments.iter().any(|argument| argument == "console")
    }

    fn hands_out_credentials(&self) -> bool {
        let mut words = self.arguments.iter();
        words.any(|argument| argument == "credential-process")
    }

    fn finish(self, output: Output) -> Run {
        let run = Run {
            exit: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("stdout is text"),
            stderr: String::from_utf8(output.stderr).expect("stderr is text"),
            home: self.home.directory.path().to_owned(),
        };
        self.home.assert_no_secret("stderr", &run.stderr);
        self.assert_no_secret_on_stdout(&run.stdout);
        self.home.assert_no_secret_in_files();
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        run
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Run {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
    home: PathBuf,
}

impl Run {
    /// Exit code, stdout and stderr together, with the home's path shortened.
    pub fn report(&self) -> String {
        let mut text = format!("exit {}\n", self.exit);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                let _ = write!(text, "--- {name}\n{stream}");
            }
        }
        text.replace(&self.home.display().to_string(), "~")
            .replace(DAYPASS, "/bin/daypass")
    }

    /// The JSON on stdout.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.report()))
    }
}

/// Three codes that the sandbox will not accept now or in the next steps.
pub fn wrong_codes(home: &Home) -> Vec<String> {
    let current = home.sandbox.code(&home.device);
    let next = home.sandbox.fresh_code(&home.device);
    // From a number that nothing else has in it, as memory has rows of noughts.
    let codes: Vec<String> = (702_913..)
        .map(|number| format!("{number:06}"))
        .filter(|code| *code != current && *code != next)
        .take(3)
        .collect();
    codes.iter().for_each(|code| home.note_code(code));
    codes
}

pub fn wrong_code(home: &Home) -> String {
    wrong_codes(home).remove(0)
}

/// Whether the kernel shows us what is in a daypass that runs: it protects itself from its own user,
/// under strace too, and from everybody but root.
#[cfg(target_os = "linux")]
pub fn may_look_into_daypass() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    skip_unless(is_root, "the right to look into a process (root has it)")
}

pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode is set");
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path)
        .expect("the file is there")
        .permissions()
        .mode()
        & 0o7777
}

/// Compares a report with an inline snapshot, with what differs from run to run left out.
macro_rules! assert_report {
    ($report:expr, @$expected:literal) => {
        insta::with_settings!({filters => vec![
            (r"AKIA[A-Z2-7]{16}", "[KEY]"),
            (r"ASIA[A-Z2-7]{16}", "[SESSION KEY]"),
            (r"backup-20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d", "backup-[TIME]"),
            (r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "[TIME]"),
            (r"\b20\d\d-\d\d-\d\d, ", "[DATE], "),
            (r"(tomorrow |yesterday )?\b\d\d:\d\d\b", "[HH:MM]"),
            (r"127\.0\.0\.1:\d+", "[ADDRESS]"),
            (r"\[ADDRESS\]/[0-9a-f]{48}\b", "[ADDRESS]/[RANDOM]"),
            (r"SigninToken=[\w-]+", "SigninToken=[TOKEN]"),
            (r"\d+ bytes", "[N] bytes"),
            (r"\b\d s of", "[N] s of"),
            (r"clock is \d+ s off", "clock is [N] s off"),
        ]}, {
            insta::assert_snapshot!($report, @$expected);
        });
    };
}
pub(crate) use assert_report;
