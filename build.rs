//! Linker settings that spare the program work at every start. ARCHITECTURE.md has what each is worth.

use std::{env, process::Command};

/// The first glibc whose loader knows packed relative relocations.
const PACKED_RELOCATIONS: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // What is found out here is about this machine, and says nothing about another.
    if variable("TARGET") != variable("HOST") || variable("CARGO_CFG_TARGET_ENV") != "gnu" {
        return;
    }
    if variable("CARGO_CFG_TARGET_OS") != "linux" || is_linked_otherwise() {
        return;
    }
    if has_static_unwinder() {
        // Whatever unwinds the stack is then found here, before libgcc_s.so.1 is looked at, and that
        // library is neither looked for nor loaded nor relocated at each start.
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
    if glibc().is_some_and(|version| version >= PACKED_RELOCATIONS) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    if variable("PROFILE") == "release" {
        let order = format!("{}/hot_path.ld", variable("CARGO_MANIFEST_DIR"));
        println!("cargo::rerun-if-changed={order}");
        println!("cargo::rustc-link-arg-bins=-T{order}");
    }
}

/// Whether whoever builds links in a way of their own: not all linkers take what is asked for here, and the
/// sanitizers bring a runtime that unwinds the stack with libgcc_s.so.1.
fn is_linked_otherwise() -> bool {
    let says = |flag: &str| {
        ["linker", "fuse-ld", "sanitizer"]
            .iter()
            .any(|word| flag.contains(word))
    };
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    let mut flags = flags.split('\u{1f}');
    // Where somebody keeps the source, in a directory called linker for one, must not matter to what is built.
    flags.any(|flag| !flag.starts_with("--remap-path-prefix=") && says(flag))
        || env::var_os("RUSTC_LINKER").is_some()
}

/// A variable that Cargo sets for build scripts.
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// Whether the C compiler that links the program has libgcc_eh.a. It names the file's path if it has one,
/// and otherwise repeats the name.
fn has_static_unwinder() -> bool {
    said_by("cc", "-print-file-name=libgcc_eh.a").is_some_and(|path| path.contains('/'))
}

/// The version of this system's C library, if it is glibc.
fn glibc() -> Option<(u32, u32)> {
    let text = said_by("getconf", "GNU_LIBC_VERSION")?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    // Distributions may add to the number.
    let minor = minor.split(|char: char| !char.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// What a program prints when it is given one argument, if it succeeds.
fn said_by(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}
