//! What `build.rs` asks of the linker, and of what it does not make that depend.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The script as a program.
fn compiled(directory: &Path) -> PathBuf {
    let program = directory.join("build-script");
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "-o"])
        .arg(&program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs"))
        .output()
        .expect("rustc starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    program
}

/// What it asks for in a release on Linux with glibc, if the compiler is given that flag.
fn asked(program: &Path, flag: &str) -> Vec<String> {
    let output = Command::new(program)
        .envs([("TARGET", "this"), ("HOST", "this"), ("PROFILE", "release")])
        .envs([
            ("CARGO_CFG_TARGET_ENV", "gnu"),
            ("CARGO_CFG_TARGET_OS", "linux"),
        ])
        .env("CARGO_MANIFEST_DIR", "/daypass")
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            format!("-Copt-level=3\u{1f}{flag}"),
        )
        .env_remove("RUSTC_LINKER")
        .output()
        .expect("the script starts");
    assert!(output.status.success(), "{output:?}");
    let asked = String::from_utf8(output.stdout).expect("text");
    let asked = asked.lines().filter(|line| line.contains("rustc-link"));
    asked.map(str::to_owned).collect()
}

#[test]
fn what_is_linked_does_not_depend_on_the_name_of_the_directory_that_the_source_is_in() {
    let directory = tempfile::tempdir().expect("a directory");
    let program = compiled(directory.path());
    let plain = asked(&program, "-Ccodegen-units=1");
    assert!(
        plain.iter().any(|line| line.ends_with("hot_path.ld")),
        "{plain:?}"
    );

    let hidden = asked(
        &program,
        "--remap-path-prefix=/home/ada/linker/daypass=/daypass",
    );
    assert_eq!(hidden, plain);
    assert_eq!(asked(&program, "-Clinker=other"), Vec::<String>::new());
}
