//! The real program: the one of this checkout, built now.

use std::{
    env,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    child::{self, Interrupt, Stderr},
    say,
    trouble::Trouble,
};

/// The program that the command line names.
pub fn given(file: &Path) -> Result<PathBuf, Trouble> {
    file.canonicalize()
        .map_err(Trouble::io(format!("cannot find {}", file.display())))
}

/// Builds the program with the cargo that runs the demo, into the target directory of that cargo.
pub fn build(interrupt: &Interrupt) -> Result<PathBuf, Trouble> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let mut command = Command::new(cargo);
    command
        .args(["build", "--package", "daypass", "--bin", "daypass"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(manifest);
    // What `cargo run` tells the demo about itself would make build scripts believe that they
    // have moved, and everything above them be built again, now and the next time.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    if io::stderr().is_terminal() {
        say::remark("Building daypass. The first time this takes a few minutes.\n");
    } else {
        say::remark("building daypass (the first time this takes a few minutes)\n");
        command.arg("--quiet");
    }
    let finished = child::run(command, Stderr::Inherited, interrupt)?;
    if finished.exit != Some(0) {
        // A Ctrl-C reaches cargo before it reaches the demo's own check.
        interrupt.check()?;
        return Err(Trouble::NotBuilt);
    }
    finished
        .output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "daypass")
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
        .ok_or(Trouble::NotBuilt)
}
