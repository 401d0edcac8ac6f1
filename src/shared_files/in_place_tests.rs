//! Writing in place, and what a write that was broken off leaves behind.

use std::fs::{self, File};
#[cfg(target_os = "linux")]
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::copies::Copy;
use super::replace_tests::{Home, chmod, set};
#[cfg(target_os = "linux")]
use super::replace_tests::{inside, mode, with_mounts};
use super::{SharedFileError, Warning};

/// Leaves a copy behind as a process does that is killed while it writes `new` over `old`.
fn left_copy(target: &Path, old: &str, new: &str) -> PathBuf {
    let metadata = fs::metadata(target).unwrap();
    let copy = Copy::save(target, &metadata, old.as_bytes(), new.as_bytes());
    copy.unwrap().keep()
}

#[test]
fn temporary_files_that_a_killed_process_left_are_removed_and_nothing_else() {
    let home = Home::with("[a]\n");
    let others = [
        ".config.daypass-copy-xyz",
        ".config.daypass-tmp-xyz",
        "credentials.bak",
    ];
    for name in others.iter().chain(&[".credentials.daypass-tmp-xyz"]) {
        File::create(home.aws().join(name)).unwrap();
    }
    assert_eq!(set(&home.file, "a").unwrap().warnings, []);
    let mut left = others.to_vec();
    left.insert(2, "credentials");
    assert_eq!(home.names(), left);
}

#[test]
fn a_copy_of_a_write_that_was_complete_or_had_not_begun_is_removed() {
    let (old, new) = ("[a]\nk = a long value\n", "[a]\nk = b\n");
    // As it was before, as it is after, and as it is before the blank lines are cut off.
    let padded = format!("{new}\n\n\n\n");
    for present in [old, new, &padded] {
        let home = Home::with(present);
        let copy = left_copy(&home.file.path, old, new);
        assert!(copy.exists() && copy.starts_with(home.aws()));
        assert_eq!(set(&home.file, "c").unwrap().warnings, []);
        assert_eq!(home.names(), ["credentials"]);
    }
}

#[test]
fn a_copy_that_may_be_needed_is_kept_and_named_each_time() {
    let home = Home::with("[a]\nk = b\n[somebody]\n");
    let copy = left_copy(&home.file.path, "[a]\nk = old\n", "[a]\nk = new\n");
    for profile in ["b", "c"] {
        let expected = Warning::CopyLeft {
            path: home.file.path.clone(),
            copy: copy.clone(),
        };
        assert_eq!(set(&home.file, profile).unwrap().warnings, [expected]);
        assert_eq!(fs::read_to_string(&copy).unwrap(), "[a]\nk = old\n");
    }
}

#[test]
fn a_damaged_file_is_never_written_and_the_error_names_the_copy() {
    let home = Home::with("[a]\nk = b\n[somebo");
    let copy = left_copy(&home.file.path, "[a]\nk = b\n", "[a]\nk = c\n");
    for error in [
        home.file.read().map(|_| ()),
        set(&home.file, "a").map(|_| ()),
    ] {
        match error.unwrap_err() {
            SharedFileError::Parse { copy: named, .. } => assert_eq!(named.as_ref(), Some(&copy)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(home.content(), "[a]\nk = b\n[somebo");
    assert!(copy.exists());
}

#[test]
fn a_reader_waits_for_a_write_in_place_to_be_done() {
    let home = Home::with("[a]\nk = b\n[somebo");
    let lock = File::open(&home.file.path).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let document = home.file.read().unwrap();
            assert_eq!(document.profile_names(), ["a", "somebody"]);
        });
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::write(&home.file.path, "[a]\nk = b\n[somebody]\n").unwrap();
        drop(lock);
    });
}

#[test]
fn copies_of_somebody_else_are_not_touched() {
    use std::os::unix::fs::chown;
    let home = Home::with("[a]\n");
    let copy = left_copy(&home.file.path, "[a]\n", "[a]\nk = new\n");
    if chown(&copy, Some(12345), Some(12345)).is_err() {
        eprintln!("skipped: only the superuser can give a file away");
        return;
    }
    assert_eq!(set(&home.file, "b").unwrap().warnings, []);
    assert!(copy.exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_is_mounted_by_itself_is_written_in_place() {
    let home = Home::with("[a]\nk = a value that is longer than the new one\n");
    chmod(&home.file.path, 0o644);
    let Some(directory) = with_mounts(
        module_path!(),
        "a_file_that_is_mounted_by_itself_is_written_in_place",
        &home,
        "mount --bind ~/.aws/credentials ~/.aws/credentials",
    ) else {
        let text = home.content();
        assert!(text.starts_with("[a]\nk = "), "{text}");
        assert_eq!(home.names(), ["credentials"]);
        return;
    };
    let file = inside(&directory);
    let before = fs::metadata(&file.path).unwrap().ino();
    let edited = set(&file, "a").unwrap();
    assert!(edited.is_changed);
    assert!(matches!(
        edited.warnings[..],
        [Warning::ModeTightened { mode: 0o644, .. }]
    ));
    assert_eq!(fs::metadata(&file.path).unwrap().ino(), before);
    assert_eq!(fs::read_to_string(&file.path).unwrap(), "[a]\nk = v\n");
    assert_eq!(mode(&file.path), 0o600);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_in_a_directory_that_cannot_be_written_is_written_in_place() {
    let home = Home::with("[a]\n");
    let Some(directory) = with_mounts(
        module_path!(),
        "a_file_in_a_directory_that_cannot_be_written_is_written_in_place",
        &home,
        "mount --bind ~/.aws ~/.aws && mount --bind ~/.aws/credentials ~/.aws/credentials \
         && mount -o remount,bind,ro ~/.aws",
    ) else {
        return;
    };
    let file = inside(&directory);
    assert!(File::create(directory.join(".aws/new")).is_err());
    let needless = left_copy(&file.path, "[a]\n", "[a]\nk = old\n");
    let needed = left_copy(&file.path, "[b]\n", "[b]\nk = old\n");
    // Another file of the same name has its copies in the same directory.
    let other = directory.join("credentials");
    fs::write(&other, "[a]\n").unwrap();
    let of_other = left_copy(&other, "[a]\n", "[a]\nk = old\n");

    let edited = set(&file, "a").unwrap();
    let path = file.path.clone();
    assert!(edited.is_changed);
    let expected = Warning::CopyLeft {
        path,
        copy: needed.clone(),
    };
    assert_eq!(edited.warnings, [expected]);
    assert_eq!(fs::read_to_string(&file.path).unwrap(), "[a]\nk = v\n");
    assert!(needed.parent() == Some(directory.as_path()) && needed.exists());
    assert!(!needless.exists() && of_other.exists());
}
