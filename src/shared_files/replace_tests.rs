//! Files on disk: their modes, owners and links, and others who write them too.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use super::*;

/// A directory of its own with the credentials file in `.aws`.
pub(super) struct Home {
    pub(super) directory: TempDir,
    pub(super) file: SharedFile,
}

impl Home {
    pub(super) fn new() -> Home {
        let directory = TempDir::new().unwrap();
        let file = SharedFile {
            path: directory.path().join(".aws/credentials"),
            kind: Kind::Credentials,
        };
        Home { directory, file }
    }

    pub(super) fn with(content: &str) -> Home {
        let home = Home::new();
        fs::create_dir(home.aws()).unwrap();
        fs::write(&home.file.path, content).unwrap();
        chmod(&home.file.path, 0o600);
        home
    }

    pub(super) fn aws(&self) -> PathBuf {
        self.directory.path().join(".aws")
    }

    pub(super) fn content(&self) -> String {
        fs::read_to_string(&self.file.path).unwrap()
    }

    /// The names in `.aws`, to show that nothing else is left there.
    pub(super) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.aws()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub(super) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

pub(super) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

pub(super) fn set(file: &SharedFile, profile: &str) -> Result<Edited, SharedFileError> {
    file.edit(|document| document.set(profile, &[("k", "v")]))
}

fn refuse(file: &SharedFile) -> SharedFileError {
    file.edit(|document| document.set("a", &[("k", "\n")]))
        .unwrap_err()
}

#[test]
fn a_file_that_is_not_there_reads_as_empty() {
    let home = Home::new();
    assert!(home.file.read().unwrap().bytes().is_empty());
    assert!(!home.aws().exists());
}

#[test]
fn the_null_device_reads_as_empty_but_is_not_written() {
    let file = SharedFile {
        path: "/dev/null".into(),
        kind: Kind::Config,
    };
    assert!(file.read().unwrap().bytes().is_empty());
    let error = set(&file, "a").unwrap_err();
    assert!(
        matches!(error, SharedFileError::NotRegular { .. }),
        "{error:?}"
    );
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let home = Home::new();
    fs::create_dir_all(&home.file.path).unwrap();
    let pipe = SharedFile {
        path: home.aws().join("pipe"),
        kind: Kind::Config,
    };
    let path = &pipe.path;
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    for file in [&home.file, &pipe] {
        for error in [file.read().map(|_| ()), set(file, "a").map(|_| ())] {
            let error = error.unwrap_err();
            assert!(
                matches!(error, SharedFileError::NotRegular { .. }),
                "{error:?}"
            );
        }
    }
}

#[test]
fn an_error_names_the_file_and_the_line() {
    let home = Home::with("[a]\nsecret\n");
    let expected = format!("{}, line 2: there is no \"=\"", home.file.path.display());
    assert_eq!(home.file.read().unwrap_err().to_string(), expected);
    assert_eq!(set(&home.file, "a").unwrap_err().to_string(), expected);
    assert_eq!(home.content(), "[a]\nsecret\n");
}

#[test]
fn a_new_file_and_its_directory_are_private() {
    let home = Home::new();
    let edited = set(&home.file, "a").unwrap();
    assert_eq!(
        edited,
        Edited {
            is_changed: true,
            warnings: Vec::new()
        }
    );
    assert_eq!(home.content(), "[a]\nk = v\n");
    assert_eq!(mode(&home.aws()), 0o700);
    assert_eq!(mode(&home.file.path), 0o600);
    assert_eq!(home.names(), ["credentials"]);
}

#[test]
fn an_edit_that_writes_nothing_leaves_nothing_behind() {
    let home = Home::new();
    assert!(matches!(refuse(&home.file), SharedFileError::Edit { .. }));
    assert!(!home.aws().exists());

    let nothing = home.file.edit(|_| Ok(())).unwrap();
    assert_eq!(nothing, Edited::default());
    assert!(!home.aws().exists());

    fs::create_dir(home.aws()).unwrap();
    refuse(&home.file);
    assert!(home.names().is_empty());
}

#[test]
fn an_edit_that_changes_no_byte_does_not_touch_the_file() {
    let home = Home::with("[a]\nk = v\n");
    let before = fs::metadata(&home.file.path).unwrap();
    assert!(!set(&home.file, "a").unwrap().is_changed);
    refuse(&home.file);
    let after = fs::metadata(&home.file.path).unwrap();
    assert_eq!(
        (before.ino(), before.mtime_nsec()),
        (after.ino(), after.mtime_nsec())
    );
}

#[test]
fn a_mode_that_is_too_wide_is_tightened_with_a_warning() {
    for (before, after) in [
        (0o644, 0o600),
        (0o660, 0o600),
        (0o700, 0o600),
        (0o600, 0o600),
        (0o400, 0o400),
    ] {
        let home = Home::with("[a]\n");
        chmod(&home.file.path, before);
        let edited = set(&home.file, "a").unwrap();
        assert_eq!(mode(&home.file.path), after);
        let warnings: Vec<Warning> = (before != after)
            .then(|| Warning::ModeTightened {
                path: home.file.path.clone(),
                mode: before,
            })
            .into_iter()
            .collect();
        assert_eq!(edited.warnings, warnings);
    }
}

#[test]
fn the_config_file_keeps_its_mode() {
    let mut home = Home::with("[profile a]\n");
    home.file.kind = Kind::Config;
    chmod(&home.file.path, 0o644);
    assert!(set(&home.file, "a").unwrap().warnings.is_empty());
    assert_eq!(mode(&home.file.path), 0o644);
}

#[test]
fn the_owner_is_kept() {
    let home = Home::with("[a]\n");
    // Only the superuser can give a file away; for others this shows that nothing gets lost.
    let _ = std::os::unix::fs::chown(&home.file.path, Some(12345), Some(12345));
    let owner = |metadata: fs::Metadata| (metadata.uid(), metadata.gid());
    let before = owner(fs::metadata(&home.file.path).unwrap());
    set(&home.file, "a").unwrap();
    assert_eq!(owner(fs::metadata(&home.file.path).unwrap()), before);
}

#[test]
fn a_symbolic_link_stays_and_its_target_is_replaced() {
    let home = Home::new();
    let dotfiles = home.directory.path().join("dotfiles");
    fs::create_dir(home.aws()).unwrap();
    fs::create_dir(&dotfiles).unwrap();
    symlink("../dotfiles/link", &home.file.path).unwrap();
    symlink("credentials", dotfiles.join("link")).unwrap();

    // The chain leads nowhere at first.
    for profile in ["a", "b"] {
        set(&home.file, profile).unwrap();
        assert!(home.file.path.is_symlink() && dotfiles.join("link").is_symlink());
        assert!(dotfiles.join("credentials").metadata().unwrap().is_file());
    }
    assert_eq!(home.content(), "[a]\nk = v\n\n[b]\nk = v\n");
    assert_eq!(home.names(), ["credentials"]);
}

#[test]
fn links_that_lead_in_a_circle_are_refused() {
    let home = Home::new();
    fs::create_dir(home.aws()).unwrap();
    symlink("other", &home.file.path).unwrap();
    symlink("credentials", home.aws().join("other")).unwrap();
    let error = set(&home.file, "a").unwrap_err();
    assert!(
        matches!(error, SharedFileError::LinkLoop { .. }),
        "{error:?}"
    );
    assert!(home.file.read().is_err());
}

#[test]
fn an_edit_is_done_again_on_what_another_program_wrote() {
    let in_place = |path: &Path| fs::write(path, "[b]\nk = 1\n").unwrap();
    let renamed = |path: &Path| {
        let new = path.with_file_name("new");
        fs::write(&new, "[b]\nk = 1\n").unwrap();
        fs::rename(new, path).unwrap();
    };
    let removed_and_made = |path: &Path| {
        fs::remove_file(path).unwrap();
        in_place(path);
    };
    for other in [&in_place as &dyn Fn(&Path), &renamed, &removed_and_made] {
        let home = Home::with("[a]\nk = 1\n");
        let mut calls = 0;
        let edit = home.file.edit(|document| {
            calls += 1;
            if calls == 1 {
                other(&home.file.path);
            }
            document.set("a", &[("k", "v")])
        });
        assert!(edit.unwrap().is_changed);
        assert_eq!(calls, 2);
        assert_eq!(home.content(), "[b]\nk = 1\n\n[a]\nk = v\n");
        assert_eq!(home.names(), ["credentials"]);
    }
}

#[test]
fn a_file_that_another_program_removes_is_made_again() {
    let home = Home::with("[a]\nk = 1\n");
    let mut calls = 0;
    let edit = home.file.edit(|document| {
        calls += 1;
        if calls == 1 {
            fs::remove_file(&home.file.path).unwrap();
        }
        document.set("b", &[("k", "v")])
    });
    assert!(edit.unwrap().is_changed);
    assert_eq!(home.content(), "[b]\nk = v\n");
    assert_eq!(mode(&home.file.path), 0o600);
    assert_eq!(home.names(), ["credentials"]);
}

#[test]
fn a_second_name_keeps_the_old_content_and_that_is_said_once() {
    let home = Home::with("[a]\n");
    let second = home.aws().join("second");
    fs::hard_link(&home.file.path, &second).unwrap();
    let edited = set(&home.file, "a").unwrap();
    let expected = Warning::LinkBroken {
        path: home.file.path.clone(),
    };
    assert_eq!(edited.warnings, [expected]);
    assert_eq!(fs::read_to_string(&second).unwrap(), "[a]\n");
    assert_eq!(set(&home.file, "b").unwrap().warnings, []);
}

#[test]
fn a_file_that_never_holds_still_is_given_up() {
    let home = Home::with("");
    let mut calls = 0;
    let edit = home.file.edit(|document| {
        calls += 1;
        fs::write(&home.file.path, format!("[b]\nk = {calls}\n")).unwrap();
        document.set("a", &[("k", "v")])
    });
    let error = edit.unwrap_err();
    assert!(
        matches!(error, SharedFileError::KeepsChanging { .. }),
        "{error:?}"
    );
    assert_eq!(home.content(), format!("[b]\nk = {calls}\n"));
}

#[test]
fn edits_at_the_same_time_all_arrive() {
    let home = Home::new();
    std::thread::scope(|scope| {
        for number in 0..32 {
            let file = &home.file;
            scope.spawn(move || {
                // Half of them fail first, so that the file comes and goes.
                if number % 2 == 0 {
                    refuse(file);
                }
                set(file, &format!("p{number}")).unwrap();
            });
        }
    });
    let document = home.file.read().unwrap();
    assert_eq!(document.profile_names().len(), 32);
    assert_eq!(home.names(), ["credentials"]);
}

#[test]
fn an_edit_waits_for_the_lock() {
    let home = Home::with("[a]\n");
    let is_released = AtomicBool::new(false);
    let lock = File::open(&home.file.path).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let edit = home.file.edit(|document| {
                assert!(is_released.load(Ordering::SeqCst));
                document.set("a", &[("k", "v")])
            });
            assert!(edit.unwrap().is_changed);
        });
        std::thread::sleep(Duration::from_millis(50));
        is_released.store(true, Ordering::SeqCst);
        drop(lock);
    });
}

/// Runs a test again with file systems of its own, which `mount` sets up for the directory in
/// `$HOME`. Returns that directory in the second run and nothing in the first.
#[cfg(target_os = "linux")]
pub(super) fn with_mounts(module: &str, test: &str, home: &Home, mount: &str) -> Option<PathBuf> {
    const INNER: &str = "DAYPASS_TEST_INSIDE_NAMESPACE";
    if let Some(directory) = std::env::var_os(INNER) {
        return Some(directory.into());
    }
    let exe = std::env::current_exe().unwrap();
    let module = module.split_once("::").unwrap().1;
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c"])
        .arg(format!(
            "{{ {mount}; }} || exit 77; exec \"$0\" --exact \"$1\" --nocapture"
        ))
        .arg(exe)
        .arg(format!("{module}::{test}"))
        .env(INNER, home.directory.path())
        .env("HOME", home.directory.path())
        .env("TMPDIR", home.directory.path())
        .output();
    match output {
        Ok(output) if output.status.success() => {
            assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
        }
        output => {
            let is_inside = output
                .as_ref()
                .is_ok_and(|output| output.status.code() == Some(101));
            let may_skip = !is_inside && std::env::var_os("CI").is_none();
            assert!(may_skip, "{output:#?}");
            eprintln!("skipped: this system does not allow mounts in a namespace");
        }
    }
    None
}

#[cfg(target_os = "linux")]
pub(super) fn inside(directory: &Path) -> SharedFile {
    SharedFile {
        path: directory.join(".aws/credentials"),
        kind: Kind::Credentials,
    }
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_full_disk_the_old_content_stays() {
    let home = Home::with("");
    let Some(directory) = with_mounts(
        module_path!(),
        "on_a_full_disk_the_old_content_stays",
        &home,
        "mount -t tmpfs -o size=64k none ~/.aws && mkdir ~/single && echo '[a]' > ~/.aws/credentials \
         && touch ~/single/credentials && mount --bind ~/.aws/credentials ~/single/credentials",
    ) else {
        return;
    };
    let mut file = inside(&directory);
    let filling = "x".repeat(3000);
    for number in 0.. {
        if fs::write(directory.join(format!(".aws/{number}")), &filling).is_err() {
            break;
        }
    }
    let names = || fs::read_dir(directory.join(".aws")).unwrap().count();
    let before = names();
    for path in [".aws/credentials", "single/credentials"] {
        // The second is on the same full file system and can only be written in place.
        file.path = directory.join(path);
        let edit = file.edit(|document| document.set("a", &[("k", &"v".repeat(8000))]));
        let error = edit.unwrap_err();
        assert!(
            matches!(error, SharedFileError::DiskFull { .. }),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .ends_with("the disk is full; nothing was changed")
        );
        assert_eq!(fs::read_to_string(&file.path).unwrap(), "[a]\n");
    }
    assert_eq!(names(), before);
    assert_eq!(fs::read_dir(directory.join("single")).unwrap().count(), 1);
}
