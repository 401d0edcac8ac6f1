//! Runs of `install.sh` that are cut short: what was there before is there afterwards, and nothing else.

use std::{
    fs,
    os::unix::{
        fs::PermissionsExt,
        process::{CommandExt, ExitStatusExt},
    },
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use super::{EmptyHome, SHELLS};
use crate::support::{DAYPASS, is_there};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/install.sh");

/// Puts a program of the test's own in front of those of the system.
fn stand_in(home: &EmptyHome, name: &str, script: &str) -> String {
    let directory = home.0.path().with_extension("programs");
    fs::create_dir_all(&directory).expect("a directory");
    let program = directory.join(name);
    fs::write(&program, script).expect("a file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    format!(
        "{}:{}",
        directory.display(),
        std::env::var("PATH").expect("PATH")
    )
}

/// Installs with that `PATH`, in a process group of its own, which is what Ctrl-C goes to. Waits for `begun`, if
/// there is one, and sends it.
fn interrupted(
    home: &EmptyHome,
    shell: &[&str],
    arguments: &[&str],
    path: &str,
    begun: Option<&Path>,
) -> Output {
    let child = home
        .command(shell, Path::new(SCRIPT), arguments)
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", home.0.path().with_extension("target"))
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the shell starts");
    if let Some(begun) = begun {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !begun.exists() {
            assert!(Instant::now() < deadline, "it has not begun");
            std::thread::sleep(Duration::from_millis(5));
        }
        let group = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process_group(group, rustix::process::Signal::INT).expect("a signal");
    }
    child.wait_with_output().expect("it ends")
}

fn remove(path: PathBuf) {
    if path.exists() {
        fs::remove_dir_all(path).expect("it goes");
    }
}

#[test]
fn ctrl_c_during_the_build_installs_nothing() {
    for shell in SHELLS.into_iter().filter(|shell| is_there(shell[0])) {
        let home = EmptyHome::new();
        let begun = home.0.path().with_extension("begun");
        let path = stand_in(
            &home,
            "cargo",
            &format!(
                "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'cargo 9.9.9'; exit; fi\n\
                 : >'{}'\nexec sleep 60\n",
                begun.display()
            ),
        );
        let output = interrupted(&home, shell, &[], &path, Some(&begun));
        fs::remove_file(begun).expect("it goes");
        remove(home.0.path().with_extension("programs"));

        assert!(!output.status.success(), "{shell:?}: {output:?}");
        assert_eq!(output.status.signal(), Some(2), "{shell:?}: {output:?}");
        assert!(
            home.tree().is_empty(),
            "{shell:?}: {:?}",
            home.tree().keys()
        );
    }
}

/// A `cp` that sends Ctrl-C to the whole group while it copies the file with that name.
fn cp_interrupted_at(name: &str) -> String {
    format!(
        "#!/bin/sh\ncase $1 in */{name}) kill -INT 0; sleep 1 ;; esac\n\
         PATH=/usr/bin:/bin exec cp \"$@\"\n"
    )
}

/// busybox has a cp of its own, which nothing stands in for.
const SHELLS_WITH_THE_CP_ON_PATH: [&[&str]; 2] = [&["dash"], &["bash"]];

#[test]
fn ctrl_c_while_files_are_copied_leaves_an_empty_home_empty() {
    for shell in SHELLS_WITH_THE_CP_ON_PATH {
        for name in ["daypass", "daypass.fish", "daypass.1"] {
            let home = EmptyHome::new();
            let path = stand_in(&home, "cp", &cp_interrupted_at(name));
            let output = interrupted(&home, shell, &["--binary", DAYPASS], &path, None);
            remove(home.0.path().with_extension("programs"));

            assert_eq!(output.status.code(), Some(130), "{shell:?}: {output:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("nothing was changed"), "{shell:?}: {said}");
            assert!(
                home.tree().is_empty(),
                "{shell:?}, {name}: {:?}",
                home.tree().keys()
            );
        }
    }
}

#[test]
fn ctrl_c_while_files_are_copied_leaves_the_older_version_whole() {
    for shell in SHELLS_WITH_THE_CP_ON_PATH {
        let home = EmptyHome::new();
        let (exit, _, stderr) = home.install(shell, &["--binary", DAYPASS]);
        assert_eq!(exit, 0, "{stderr}");
        fs::write(home.path(".local/share/man/man1/daypass.1"), "the older").expect("a file");
        let before = home.tree();

        let path = stand_in(&home, "cp", &cp_interrupted_at("daypass-login.1"));
        let output = interrupted(&home, shell, &["--binary", DAYPASS], &path, None);
        remove(home.0.path().with_extension("programs"));

        assert_eq!(output.status.code(), Some(130), "{shell:?}: {output:?}");
        assert!(home.tree() == before, "{shell:?}: {:?}", home.tree().keys());
    }
}
