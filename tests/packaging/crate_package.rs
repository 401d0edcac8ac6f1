//! `cargo package`: everything that the program is built of and installed with, and nothing else.

use std::process::Command;

#[test]
fn the_crate_has_all_that_is_compiled_in_and_installed_and_none_of_the_tests() {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--locked", "--allow-dirty"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{said}");
    let listed = String::from_utf8(output.stdout).expect("text");
    let files: Vec<&str> = listed.lines().collect();

    for needed in [
        "Cargo.lock",
        "build.rs",
        "hot_path.ld",
        "LICENSE",
        "README.md",
        "install.sh",
        "src/main.rs",
        "completions/_daypass",
        "man/daypass.1",
    ] {
        assert!(files.contains(&needed), "no {needed} in {listed}");
    }
    for needless in [
        "tests/",
        "fuzz/",
        "target/",
        "benches/",
        "packaging/release",
        ".ci/",
        ".github/",
    ] {
        let found = files.iter().find(|file| file.starts_with(needless));
        assert_eq!(found, None);
    }
}
