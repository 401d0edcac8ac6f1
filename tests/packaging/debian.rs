//! The Debian package, built by cargo-deb and installed by dpkg below a directory of the test's own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::presence::{is_there, tool};

const DAYPASS: &str = env!("CARGO_BIN_EXE_daypass");

/// A machine with nothing installed, as far as dpkg knows.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        let database = root.path().join("var/lib/dpkg");
        for directory in ["info", "updates", "triggers"] {
            fs::create_dir_all(database.join(directory)).expect("a directory");
        }
        fs::write(database.join("status"), "").expect("a file");
        Machine(root)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Runs dpkg as if the machine were this directory. The C library that the package depends on is outside.
    fn dpkg(&self, arguments: &[&str]) -> Output {
        let output = Command::new("dpkg")
            .arg(format!("--root={}", self.0.path().display()))
            .args(["--force-not-root", "--force-depends", "--log=/dev/null"])
            .args(arguments)
            .env("LC_ALL", "C")
            .output()
            .expect("dpkg starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        output
    }

    /// The files below the directory, but for dpkg's own.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut directories = vec![self.path("usr")];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    directories.push(path);
                } else {
                    let path = path.strip_prefix(self.0.path()).expect("below it");
                    files.push(path.display().to_string());
                }
            }
        }
        files.sort();
        files
    }
}

/// Packs the program that the tests have, not a release: building one takes minutes and packs no otherwise.
fn package(cargo_deb: &Path, directory: &Path) -> PathBuf {
    let release = directory.join("release");
    fs::create_dir(&release).expect("a directory");
    fs::copy(DAYPASS, release.join("daypass")).expect("the program");
    let notices = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/notices"))
        .arg(release.join("NOTICES"))
        .status();
    assert!(notices.expect("the script starts").success());
    let package = directory.join("daypass.deb");
    let output = Command::new(cargo_deb)
        .args(["deb", "--no-build", "--no-strip", "--locked", "--offline"])
        .args(["--fast", "--output"])
        .arg(&package)
        .env("CARGO_TARGET_DIR", directory)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo-deb starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
    package
}

/// A field of a package's description of itself.
fn field(package: &Path, name: &str) -> String {
    let output = Command::new("dpkg-deb")
        .arg("--field")
        .args([package.as_os_str(), name.as_ref()])
        .output()
        .expect("dpkg-deb starts");
    String::from_utf8(output.stdout).expect("text")
}

/// dpkg-shlibdeps looks at the functions that a program wants of the C library, and not at what it wants of the
/// loader: packed relocations, which `build.rs` asks for and no glibc before 2.36 can read.
#[test]
fn the_debian_package_wants_a_c_library_whose_loader_can_start_the_program() {
    let (Some(cargo_deb), true) = (tool("cargo-deb"), is_there("dpkg")) else {
        return;
    };
    let program = fs::read(DAYPASS).expect("the program");
    let wanted = b"GLIBC_ABI_DT_RELR";
    if !program.windows(wanted.len()).any(|bytes| bytes == wanted) {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let package = package(&cargo_deb, directory.path());
    let depends = field(&package, "Depends");
    assert!(depends.contains("libc6 (>= 2.36)"), "{depends}");
}

#[test]
fn the_debian_package_installs_a_program_that_runs_with_its_pages_and_leaves_nothing_behind() {
    let (Some(cargo_deb), true) = (tool("cargo-deb"), is_there("dpkg")) else {
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let package = package(&cargo_deb, directory.path());
    let machine = Machine::new();

    machine.dpkg(&["--install", package.to_str().expect("text")]);

    let run = Command::new(machine.path("usr/bin/daypass"))
        .arg("--version")
        .output()
        .expect("daypass starts");
    let version = format!("daypass {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8_lossy(&run.stdout), version);

    let files = machine.files();
    for file in [
        "usr/share/bash-completion/completions/daypass",
        "usr/share/zsh/vendor-completions/_daypass",
        "usr/share/fish/vendor_completions.d/daypass.fish",
        "usr/share/man/man1/daypass.1.gz",
        "usr/share/man/man1/daypass-credential-process.1.gz",
        "usr/share/doc/daypass/NOTICES",
        "usr/share/doc/daypass/changelog.gz",
        "usr/share/doc/daypass/copyright",
        "usr/share/doc/daypass/README.md",
    ] {
        assert!(files.iter().any(|it| it == file), "no {file} in {files:#?}");
    }
    let pages = files.iter().filter(|file| file.contains("/man1/")).count();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    assert_eq!(pages, fs::read_dir(committed).expect("the pages").count());

    machine.dpkg(&["--purge", "daypass"]);
    assert_eq!(machine.files(), Vec::<String>::new());
}
