//! `install.sh` where something is installed already, or something of an earlier run is left.

use std::{fs, path::Path};

use super::{EmptyHome, SHELLS};
use crate::support::{DAYPASS, is_there, mode};

const MANIFEST: &str = ".local/share/daypass/manifest";

/// Installs, and makes of it an older version: with a page and a directory that there are no more, and a program
/// that says so.
fn older(shell: &[&str]) -> EmptyHome {
    let home = EmptyHome::new();
    let (exit, _, stderr) = home.install(shell, &["--binary", DAYPASS]);
    assert_eq!(exit, 0, "{shell:?}: {stderr}");
    fs::write(home.path(".local/bin/daypass"), "the older").expect("a file");
    fs::create_dir(home.path(".local/share/daypass/old things")).expect("a directory");
    for file in [
        "share/man/man1/daypass-gone.1",
        "share/daypass/old things/a page",
    ] {
        fs::write(home.path(".local").join(file), "gone").expect("a file");
        let listed = fs::read_to_string(home.path(MANIFEST)).expect("the manifest");
        let listed = format!("{listed}file {file}\n");
        fs::write(home.path(MANIFEST), listed).expect("a file");
    }
    let listed = fs::read_to_string(home.path(MANIFEST)).expect("the manifest");
    let listed = format!("{listed}dir share/daypass/old things\n");
    fs::write(home.path(MANIFEST), listed).expect("a file");
    home
}

#[test]
fn an_older_version_is_replaced_and_what_only_it_had_is_taken_away() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let fresh = EmptyHome::new();
        fresh.install(shell, &["--binary", DAYPASS]);
        let home = older(shell);
        let theirs = home.path(".local/share/man/man1/another.1");
        fs::write(&theirs, "not ours").expect("a file");

        let (exit, stdout, stderr) = home.install(shell, &["--dry-run", "--binary", DAYPASS]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(stdout.contains("would remove "), "{shell:?}: {stdout}");
        let page = home.path(".local/share/man/man1/daypass-gone.1");
        assert!(page.exists(), "{shell:?}");

        let (exit, _, stderr) = home.install(shell, &["--binary", DAYPASS]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(!page.exists(), "{shell:?}");
        fs::remove_file(theirs).expect("nobody else removes it");
        let names = |home: &EmptyHome| -> Vec<_> {
            let tree = home.tree();
            let below = |path: &Path| path.strip_prefix(home.0.path()).expect("below").to_owned();
            tree.into_iter()
                .map(|(path, it)| (below(&path), it))
                .collect()
        };
        assert!(names(&home) == names(&fresh), "{shell:?}");
        assert_eq!(mode(&home.path(".local/bin/daypass")), 0o755);

        let (exit, _, stderr) = home.install(shell, &["--uninstall"]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(home.tree().is_empty(), "{shell:?}");
    }
}

#[test]
fn a_dry_run_of_taking_it_away_takes_nothing_away() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = older(shell);
        let before = home.tree();
        let (exit, stdout, stderr) = home.install(shell, &["--uninstall", "--dry-run"]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(stdout.contains("would remove "), "{shell:?}: {stdout}");
        assert!(home.tree() == before, "{shell:?}");
    }
}

#[test]
fn what_a_killed_run_has_left_goes_with_the_next() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = EmptyHome::new();
        let pages = home.path(".local/share/man/man1");
        fs::create_dir_all(&pages).expect("a directory");
        // No process has that number: it is above what Linux gives.
        let left = pages.join(".daypass.1.install-99999999");
        fs::write(&left, "half a page").expect("a file");
        // This one is running.
        let used = pages.join(format!(".daypass.1.install-{}", std::process::id()));
        fs::write(&used, "a page").expect("a file");

        let (exit, _, stderr) = home.install(shell, &["--binary", DAYPASS]);
        assert_eq!(exit, 0, "{shell:?}: {stderr}");
        assert!(!left.exists(), "{shell:?}");
        assert!(used.exists(), "{shell:?}");
    }
}

#[test]
fn a_program_that_does_not_run_here_is_not_put_in_the_place_of_one_that_does() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = EmptyHome::new();
        home.install(shell, &["--binary", DAYPASS]);
        let before = home.tree();
        let elsewhere = tempfile::NamedTempFile::new().expect("a file");
        fs::write(
            &elsewhere,
            "#!/bin/sh\necho 'GLIBC_9.9 not found' >&2\nexit 1\n",
        )
        .expect("a file");

        let binary = elsewhere.path().to_str().expect("text");
        let (exit, _, stderr) = home.install(shell, &["--binary", binary]);
        assert_eq!(exit, 1, "{shell:?}");
        assert!(
            stderr.contains("does not run here: GLIBC_9.9 not found"),
            "{shell:?}: {stderr}"
        );
        assert!(home.tree() == before, "{shell:?}");
    }
}

/// An archive has the program beside the script, and nothing to build.
#[test]
fn what_is_unpacked_from_an_archive_is_installed_without_a_build() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let archive = tempfile::Builder::new()
        .prefix("an archive ")
        .tempdir()
        .expect("a directory");
    for directory in ["completions", "man"] {
        fs::create_dir(archive.path().join(directory)).expect("a directory");
        for entry in fs::read_dir(root.join(directory)).expect("a directory") {
            let entry = entry.expect("an entry");
            let copy = archive.path().join(directory).join(entry.file_name());
            fs::copy(entry.path(), copy).expect("a copy");
        }
    }
    fs::copy(root.join("install.sh"), archive.path().join("install.sh")).expect("a copy");
    fs::copy(DAYPASS, archive.path().join("daypass")).expect("a copy");

    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = EmptyHome::new();
        let output = home
            .command(shell, &archive.path().join("install.sh"), &[])
            .output()
            .expect("the shell starts");
        assert!(output.status.success(), "{shell:?}: {output:?}");
        assert!(home.path(".local/bin/daypass").is_file(), "{shell:?}");
    }
}
