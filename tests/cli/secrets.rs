//! Who may look into a secret, and what hostile input can make the program print.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::Home;

/// The files that may call `expose()`, and what for.
const MAY_EXPOSE: [(&str, &str); 8] = [
    ("src/secret.rs", "the door itself"),
    ("src/aws/client.rs", "signs requests"),
    ("src/cached_session.rs", "the session cache"),
    (
        "src/cached_session/in_keychain.rs",
        "the same in a keychain",
    ),
    ("src/keychain/pass.rs", "the keychain pass"),
    ("src/keychain/system.rs", "the system's keychain"),
    ("src/long_term_key.rs", "gives the key a place in a file"),
    ("src/mfa/seed.rs", "reads a seed of the keychain back"),
];

/// The command that exists to hand secrets out.
const HANDS_OUT: &str = "src/commands/credential_process.rs";

#[test]
fn only_the_listed_files_look_into_a_secret() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<String> = rust_files(&root.join("src"))
        .into_iter()
        .filter(|file| {
            fs::read_to_string(file)
                .expect("a source file")
                .contains("expose()")
        })
        .map(|file| {
            file.strip_prefix(root)
                .expect("below the root")
                .display()
                .to_string()
        })
        .collect();
    found.sort();
    let mut listed: Vec<&str> = MAY_EXPOSE.iter().map(|(file, _)| *file).collect();
    listed.push(HANDS_OUT);
    listed.sort_unstable();
    assert_eq!(found, listed);
}

#[test]
fn control_characters_of_a_file_never_reach_the_terminal() {
    let home = Home::new();
    home.write_config(
        "[profile work]\nmfa_serial = \u{1b}]0;owned\u{7}\nduration_seconds = \u{1b}[31m\n",
    );
    for arguments in [
        vec!["login", "work"],
        vec!["status"],
        vec!["login", "\u{1b}[2Jwork"],
    ] {
        let run = home.daypass(arguments).run();
        let shown = run.stdout.clone() + &run.stderr;
        assert!(
            !shown.contains('\u{1b}') && !shown.contains('\u{7}'),
            "{shown:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_leaves_no_core_dump() {
    let home = Home::new();
    // The command outlives its start: it waits for its mfa_process, which looks at its parent.
    let script = "grep -i 'core file size' /proc/$PPID/limits > limits; echo 123456\n";
    fs::write(home.path("look"), script).expect("a script");
    home.write_config(&(home.profile_section("work") + "mfa_process = sh look\n"));
    home.daypass(["login", "work"]).run();
    let limits = fs::read_to_string(home.path("limits")).expect("the limits");
    assert_eq!(limits.split_whitespace().nth(4), Some("0"), "{limits}");
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
