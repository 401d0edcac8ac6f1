//! What the tests need of the machine. What is not there is skipped visibly, and in CI a failure.

use std::path::PathBuf;

/// Whether a program that a test needs is there. In CI a missing one is a failure.
#[allow(dead_code)] // not every test program asks
pub fn is_there(program: &str) -> bool {
    skip_unless(path_of(program).is_some(), program)
}

/// Where a program is, if it is there.
#[allow(dead_code)] // not every test program asks
pub fn path_of(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}

/// The directory of programs of the tests' Python environment, if it was set up.
#[allow(dead_code)] // not every test program asks
pub fn python_environment() -> Option<PathBuf> {
    let path = std::env::var_os("DAYPASS_TEST_VENV").map(PathBuf::from);
    skip_unless(path.is_some(), "the Python environment (run ./tests/run)");
    path.map(|path| path.join("bin"))
}

/// A tool of cargo's that `./tests/run` installs, or that the developer has.
#[allow(dead_code)] // not every test program asks
pub fn tool(name: &str) -> Option<PathBuf> {
    let installed = std::env::var_os("DAYPASS_TEST_TOOLS")
        .map(|tools| PathBuf::from(tools).join("bin").join(name))
        .filter(|path| path.is_file());
    let found = installed.or_else(|| path_of(name));
    skip_unless(found.is_some(), &format!("{name} (run ./tests/run)"));
    found
}

/// The packages of the tests' Node.js environment, for `NODE_PATH`, if it was set up and there is a `node`
/// to use them.
#[allow(dead_code)] // not every test program asks
pub fn node_modules() -> Option<PathBuf> {
    let packages = node_environment();
    let found = packages.is_some() && path_of("node").is_some();
    skip_unless(found, "the Node.js environment (run ./tests/run)");
    packages.filter(|_| found)
}

/// Nushell, from the tests' Node.js environment, or from `PATH` where that has none for the machine.
#[allow(dead_code)] // not every test program asks
pub fn nushell() -> Option<PathBuf> {
    let packages = node_environment().map(|packages| packages.join("@nushell"));
    let shell = packages
        .and_then(|packages| std::fs::read_dir(packages).ok())
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("a package").path().join("bin/nu"))
        .find(|path| path.is_file())
        .or_else(|| path_of("nu"));
    skip_unless(shell.is_some(), "nushell (run ./tests/run)");
    shell
}

fn node_environment() -> Option<PathBuf> {
    std::env::var_os("DAYPASS_TEST_NODE").map(|path| PathBuf::from(path).join("node_modules"))
}

pub(super) fn skip_unless(found: bool, what: &str) -> bool {
    assert!(
        found || std::env::var("CI").as_deref() != Ok("true"),
        "CI must have {what}"
    );
    if !found {
        // Written past the test runner, which keeps what a passing test prints to itself.
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("SKIPPED: {what} is not there\n").as_bytes(),
        );
    }
    found
}
