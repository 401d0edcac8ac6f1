//! Who may look into a secret, and what hostile input can make the program print.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::Home;

#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod system_calls;
mod trace;

/// A way to a secret's text, and the files that may take it.
struct Door {
    /// What a file says that takes it; white space does not count.
    text: &'static str,
    files: &'static [(&'static str, &'static str)],
}

const DOORS: &[Door] = &[
    Door {
        text: ".expose()",
        files: &[
            ("src/aws/client.rs", "signs requests"),
            ("src/aws/federation.rs", "the sign-in to the console"),
            ("src/cached_session.rs", "the session cache"),
            (
                "src/cached_session/in_keychain.rs",
                "the same in a keychain",
            ),
            ("src/commands/console.rs", "prints the sign-in address"),
            ("src/commands/credential_process.rs", "hands out"),
            (
                "src/commands/exec/server.rs",
                "hands out the endpoint's token",
            ),
            ("src/console/doorway.rs", "sends the browser there"),
            ("src/credential_server/endpoint.rs", "serves"),
            (
                "src/credential_server/token.rs",
                "compares the endpoint's token",
            ),
            (
                "src/enrolment/address.rs",
                "the address in the QR code, and the seed in groups",
            ),
            ("src/enrolment/display.rs", "shows them to whoever enrols"),
            ("src/enrolment/qr.rs", "draws the QR code"),
            ("src/keychain/pass.rs", "the keychain pass"),
            ("src/keychain/system.rs", "the system's keychain"),
            ("src/long_term_key.rs", "gives the key a place in a file"),
            ("src/mfa/seed.rs", "makes codes of it"),
            ("src/secret.rs", "the door itself"),
            ("src/session_variables.rs", "hands out"),
        ],
    },
    Door {
        text: ".digits()",
        files: &[
            (
                "src/aws/iam/mfa_devices.rs",
                "the request that spends two codes",
            ),
            ("src/aws/sts.rs", "the request that spends the code"),
            ("src/commands/totp.rs", "shows the code to its owner"),
            ("src/mfa/code.rs", "the door itself"),
            ("src/mfa/memory.rs", "the digest of a spent code"),
            ("src/mfa/seed.rs", "its tests"),
        ],
    },
    // It wipes what it holds, and shows it to everybody.
    Door {
        text: "zeroize::",
        files: &[
            ("src/commands/setup/dialogue.rs", "what was typed"),
            ("src/commands/totp.rs", "a seed that was typed"),
            (
                "src/doctor/process_run.rs",
                "what a credential_process printed",
            ),
            ("src/keychain/pass.rs", "what pass takes and gives"),
            ("src/keychain/pass/child.rs", "what pass prints"),
            ("src/keychain/pass/unwatched.rs", "what pass prints"),
            ("src/keychain/system.rs", "what the keychain gave"),
            ("src/long_term_key.rs", "a secret that is checked"),
            ("src/mfa/code.rs", "inside of a code"),
            ("src/mfa/pinentry/assuan.rs", "what was typed"),
            ("src/mfa/process.rs", "what a command printed"),
            ("src/mfa/seed.rs", "a seed as text"),
            ("src/secret.rs", "inside of a secret"),
            ("src/setup/apply.rs", "the text of a backup"),
            ("src/shared_files/document.rs", "the bytes of a file"),
            ("src/standard_input.rs", "what is piped in"),
            ("src/terminal/prompt.rs", "what was typed"),
        ],
    },
    // The whole file, secrets and all.
    Door {
        text: "document.bytes()",
        files: &[
            (
                "src/cached_session/in_keychain.rs",
                "the text for the keychain",
            ),
            ("src/commands/setup.rs", "for the diff, which masks secrets"),
            ("src/private_files.rs", "settings that give no credentials"),
            ("src/profile/files.rs", "its length, for the trace"),
            ("src/setup/apply.rs", "backups, and what is put back"),
            ("src/setup/plan.rs", "the file as it will be"),
            ("src/setup/survey.rs", "whether the file has changed"),
            ("src/shared_files/replace.rs", "writes it"),
            ("src/shared_files/section.rs", "reads a value in it"),
        ],
    },
];

#[test]
fn only_the_listed_files_look_into_a_secret() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources: Vec<(String, String)> = rust_files(&root.join("src"))
        .into_iter()
        // Tests of what a file may do are not the program.
        .filter(|file| !file.to_string_lossy().ends_with("_tests.rs"))
        .map(|file| {
            let mut text = fs::read_to_string(&file).expect("a source file");
            text.retain(|character| !character.is_whitespace());
            let name = file.strip_prefix(root).expect("below the root");
            (name.display().to_string(), text)
        })
        .collect();
    sources.sort();
    for door in DOORS {
        let found: Vec<&str> = sources
            .iter()
            .filter(|(_, text)| text.contains(door.text))
            .map(|(name, _)| name.as_str())
            .collect();
        let listed: Vec<&str> = door.files.iter().map(|(file, _)| *file).collect();
        assert_eq!(found, listed, "{}", door.text);
    }
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
