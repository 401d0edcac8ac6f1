//! The tree of dependencies keeps to `deny.toml`.

use std::process::Command;

use crate::presence::tool;

#[test]
fn licences_duplicates_and_sources_are_those_that_the_project_allows() {
    let Some(deny) = tool("cargo-deny") else {
        return;
    };
    let output = Command::new(deny)
        .args(["--offline", "--locked", "check", "--hide-inclusion-graph"])
        .args(["licenses", "bans", "sources"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo-deny starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
