//! The AWS CLI, boto3 and the SDK for JavaScript in a home whose profile `work` gets its credentials from daypass.

use std::{
    fs,
    io::Read,
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{DAYPASS, Home, Invocation, node_modules, python_environment, set_mode};

/// How long any run may take. The AWS CLI needs a second of processor time, and tests share it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A home with the programs of the tests' Python environment.
pub struct Client {
    pub home: Home,
    programs: PathBuf,
}

impl Client {
    /// A home after the first day's steps. `None` where the programs are not there.
    pub fn new() -> Option<Self> {
        let programs = python_environment()?;
        let client = Client {
            home: Home::new(),
            programs,
        };
        let counted = client.counted();
        let script = format!(
            "#!/bin/sh\necho $$ >>'{}'\nexec '{DAYPASS}' \"$@\"\n",
            client.log().display()
        );
        fs::write(&counted, script).expect("the script is written");
        set_mode(&counted, 0o700);
        client.set_device(&client.home.device.serial);
        Some(client)
    }

    /// Writes the profile `work` with this device, in which each run of daypass by a tool is counted.
    pub fn set_device(&self, serial: &str) {
        self.home.write_config(&format!(
            "[profile work]\nregion = eu-west-1\nmfa_serial = {serial}\n\
             credential_process = {} credential-process work\n",
            self.counted().display()
        ));
    }

    /// How often a tool has run daypass.
    pub fn runs(&self) -> usize {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        log.lines().count()
    }

    fn counted(&self) -> PathBuf {
        self.home.path("counted-daypass")
    }

    fn log(&self) -> PathBuf {
        self.home.path("daypass-runs")
    }

    /// A run of the AWS CLI.
    pub fn aws<'a>(&'a self, words: &'a str) -> Invocation<'a> {
        self.prepared(&self.program("aws"), words.split(' '))
    }

    /// A run of moto's server.
    pub fn moto_server<'a>(&'a self, words: &'a str) -> Invocation<'a> {
        self.prepared(&self.program("moto_server"), words.split(' '))
    }

    /// A run of a Python script.
    pub fn python<'a>(&'a self, script: &'a str) -> Invocation<'a> {
        self.prepared(&self.program("python"), [script])
    }

    /// A run of a JavaScript file with the profile `work`. `None` where Node.js is not there.
    pub fn node<'a>(&'a self, script: &'a str) -> Option<Invocation<'a>> {
        let modules = node_modules()?;
        let run = self
            .prepared("node", [script])
            .env("NODE_PATH", &modules.display().to_string())
            .env("AWS_PROFILE", "work")
            // Which Node.js the SDK's next versions will want is not what is tested.
            .env("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true");
        Some(run)
    }

    /// A run of a shell script, in which `aws` is the AWS CLI.
    pub fn shell<'a>(&'a self, script: &'a str) -> Invocation<'a> {
        self.prepared("/bin/sh", ["-c", script])
    }

    fn program(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    fn prepared<'a>(
        &'a self,
        program: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Invocation<'a> {
        let path = std::env::var("PATH").unwrap_or_default();
        self.home
            .program(program, arguments)
            .env("PATH", &format!("{}:{path}", self.programs.display()))
            .env("AWS_PAGER", "")
            // What fails, fails at once.
            .env("AWS_MAX_ATTEMPTS", "1")
    }

    /// Runs it to its end, without a terminal. Nothing of it remains, whatever happens.
    pub fn run(&self, invocation: &Invocation<'_>) -> Ended {
        let child = invocation
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let ended = Group(child).wait();
        for text in [&ended.stdout, &ended.stderr] {
            self.home.assert_no_secret("what an AWS tool printed", text);
        }
        self.home.assert_no_secret_in_files();
        ended
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code, or 128 and the signal.
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The JSON on the stdout of a run that went well and had nothing to remark.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!((self.exit, self.stderr.as_str()), (0, ""), "{self:?}");
        serde_json::from_str(&self.stdout).expect("JSON")
    }
}

/// A program that leads a process group of its own, which is killed when this is dropped.
pub struct Group(pub Child);

impl Group {
    fn wait(mut self) -> Ended {
        let stdout = self.0.stdout.take().map(read_along);
        let stderr = self.0.stderr.take().map(read_along);
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.0.try_wait().expect("the status") {
                break status;
            }
            assert!(Instant::now() < deadline, "no end within {PATIENCE:?}");
            thread::sleep(Duration::from_millis(10));
        };
        // What it has left behind in its group would keep the streams open.
        drop(self);
        let text = |reader: Option<thread::JoinHandle<String>>| {
            reader.map_or_else(String::new, |reader| reader.join().expect("text"))
        };
        Ended {
            exit: status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap_or_default()),
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        // setsid, by which it was started, has made its process id the group's.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn read_along(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("text");
        text
    })
}
