//! `install.sh`, under every shell that may run it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{DAYPASS, is_there, mode};

mod interrupted;
mod renewed;

const SHELLS: [&[&str]; 3] = [&["dash"], &["bash"], &["busybox", "sh"]];

/// An empty home whose name no script may stumble over.
struct EmptyHome(tempfile::TempDir);

impl EmptyHome {
    fn new() -> Self {
        EmptyHome(
            tempfile::Builder::new()
                .prefix("a home ")
                .tempdir()
                .expect("a home"),
        )
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// A run of the script, with nothing in its environment that could lead it elsewhere.
    fn command(&self, shell: &[&str], script: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(shell[0]);
        command
            .args(&shell[1..])
            .arg(script)
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var("PATH").expect("PATH"))
            .env("HOME", self.0.path());
        command
    }

    fn install(&self, shell: &[&str], arguments: &[&str]) -> (i32, String, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh");
        let output = self
            .command(shell, &script, arguments)
            .output()
            .expect("the shell starts");
        (
            output.status.code().unwrap_or(-1),
            String::from_utf8(output.stdout).expect("text"),
            String::from_utf8(output.stderr).expect("text"),
        )
    }

    /// Every file below the home with its contents.
    fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut tree = BTreeMap::new();
        let mut directories = vec![self.0.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    tree.insert(path.clone(), Vec::new());
                    directories.push(path);
                } else {
                    tree.insert(path.clone(), fs::read(&path).expect("a file"));
                }
            }
        }
        tree
    }
}

#[test]
fn it_installs_the_program_its_completions_and_man_pages_and_takes_them_away_again() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = EmptyHome::new();
        let (exit, _, stderr) = home.install(shell, &["--binary", DAYPASS]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        for file in [
            "share/bash-completion/completions/daypass",
            "share/zsh/site-functions/_daypass",
            "share/fish/vendor_completions.d/daypass.fish",
            "share/man/man1/daypass.1",
            "share/man/man1/daypass-login.1",
        ] {
            assert!(
                home.path(".local").join(file).is_file(),
                "{shell:?}: {file}"
            );
        }
        let program = home.path(".local/bin/daypass");
        assert_eq!(mode(&program), 0o755);
        let version = Command::new(&program)
            .arg("--version")
            .output()
            .expect("it runs");
        assert_eq!(
            String::from_utf8_lossy(&version.stdout),
            format!("daypass {}\n", env!("CARGO_PKG_VERSION"))
        );

        let first = home.tree();
        let (exit, _, stderr) = home.install(shell, &["--binary", DAYPASS]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(
            home.tree() == first,
            "{shell:?}: a second run changes nothing"
        );

        let (exit, _, stderr) = home.install(shell, &["--uninstall"]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(
            home.tree().is_empty(),
            "{shell:?}: {:?}",
            home.tree().keys()
        );
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = EmptyHome::new();
        let (exit, stdout, stderr) = home.install(shell, &["--binary", DAYPASS, "--dry-run"]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(stdout.contains("bin/daypass"), "{shell:?}: {stdout}");
        assert!(home.tree().is_empty(), "{shell:?}");
    }
}

#[test]
fn another_prefix_is_used_as_it_is() {
    let home = EmptyHome::new();
    let prefix = home.path("my tools");
    let prefix = prefix.to_str().expect("a text");
    let (exit, _, stderr) = home.install(&["sh"], &["--prefix", prefix, "--binary", DAYPASS]);
    assert_eq!(exit, 0, "{stderr}");
    assert!(home.path("my tools/bin/daypass").is_file());
    assert!(!home.path(".local").exists());
}

#[test]
fn the_lines_for_rc_files_do_what_they_say_however_the_prefix_is_called() {
    for name in ["my tools", "a $HOME of \"mine\"", "it's `here`"] {
        let home = EmptyHome::new();
        let prefix = home.path(name);
        let prefix = prefix.to_str().expect("a text");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh");
        let output = home
            .command(&["sh"], &script, &["--prefix", prefix, "--binary", DAYPASS])
            .env("SHELL", "/bin/bash")
            .output()
            .expect("the shell starts");
        let said = String::from_utf8(output.stdout).expect("text");
        let line = said
            .lines()
            .find(|line| line.contains("export PATH="))
            .unwrap_or_else(|| panic!("{said}"));

        let found = Command::new("bash")
            .args(["-c", &format!("{line}; command -v daypass")])
            .output()
            .expect("bash starts");
        assert_eq!(
            String::from_utf8_lossy(&found.stdout),
            format!("{prefix}/bin/daypass\n")
        );
    }
}

#[test]
fn mistakes_are_named_and_nothing_is_installed() {
    let home = EmptyHome::new();
    for (arguments, expected, message) in [
        (vec!["--colour"], 2, "--colour"),
        (vec!["--prefix"], 2, "--prefix needs a value"),
        (vec!["--binary", "/no/such/file"], 1, "/no/such/file"),
        (vec!["--uninstall"], 1, "hint: "),
    ] {
        let (exit, _, stderr) = home.install(&["sh"], &arguments);
        assert_eq!(exit, expected, "{stderr}");
        assert!(stderr.starts_with("install.sh: error: "), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
    }
    assert!(home.tree().is_empty());
}

#[test]
fn the_scripts_are_clean() {
    if !is_there("shellcheck") {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("shellcheck")
        .args(["install.sh", "tests/run", "tests/fuzz", ".ci/run"])
        .args([
            "packaging/components",
            "packaging/notices",
            "packaging/release",
        ])
        .current_dir(root)
        .output()
        .expect("shellcheck runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
