//! Doing what was planned, so that the key is never lost: it is written and read back at its new place,
//! tried there, and only then taken away from the old one.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    aws::{client::Aws, sts, sts::Identity},
    credentials::LongTermKey,
    keychain::{Item, Questions},
    long_term_key,
    profile::{self, Files, Overrides, ReadFile, Selection},
    setup::{
        SetupError,
        plan::{Change, Plan},
        survey::is_as_surveyed,
    },
    shared_files::{Document, SharedFile, SharedFileError, Warning},
    terminal::{Progress, trace},
    time,
};

/// What a backup has in the place of a secret that no longer lies in a file.
const MOVED: &str = "MOVED-TO-THE-KEYCHAIN";

/// What was done.
#[derive(Debug, Default)]
pub struct Applied {
    /// The backups that were made.
    pub backups: Vec<PathBuf>,
    /// Whether the secret was left out of them.
    pub hides_secret: bool,
    /// What the owner of the files should know.
    pub warnings: Vec<Warning>,
}

/// Whose key this is.
///
/// # Errors
/// [`SetupError::Key`] when AWS refuses it or does not answer; `place` says where it came from.
pub fn identify(
    key: &LongTermKey,
    profile: &str,
    region: &str,
    place: &str,
) -> Result<Identity, SetupError> {
    let aws = Aws::new(key, profile, region)?;
    let _progress = Progress::show("daypass: asking AWS whose key this is ...");
    trace(1, || {
        format!("sts:GetCallerIdentity with {}", key.access_key_id)
    });
    sts::get_caller_identity(&aws).map_err(|error| SetupError::Key {
        access_key_id: key.access_key_id.clone(),
        place: place.to_owned(),
        profile: profile.to_owned(),
        error: Box::new(error),
    })
}

/// Carries the plan out.
///
/// # Errors
/// [`SetupError::Unfinished`] once the keychain has been written: the text says what is done. Both files
/// are then as they were, unless it says something else.
pub fn apply(files: &Files, plan: &Plan) -> Result<Applied, SetupError> {
    if let Some(path) = is_as_surveyed(files)? {
        return Err(SetupError::ChangedMeanwhile(path));
    }
    let mut applied = Applied::default();
    for read in [&files.config, &files.credentials] {
        let is_changed = plan.after(files, read.file.kind)?.bytes() != read.document.bytes();
        if is_changed && !read.document.bytes().is_empty() {
            let hidden = plan.hides_secret.then_some(&plan.key);
            let (path, is_hidden) = back_up(read, hidden)?;
            applied.backups.push(path);
            applied.hides_secret |= is_hidden;
        }
    }
    let item = Item::AccessKey(&plan.key.access_key_id);
    if let Some(keychain) = plan.store {
        // Reads back what it has written.
        keychain.write(item, &plan.key.secret_access_key, Questions::Allowed)?;
        trace(1, || format!("{keychain} has the key"));
    }
    let stored = match plan.store {
        Some(keychain) => format!("the secret is in {keychain}, and "),
        None => String::new(),
    };
    add(files, plan, &mut applied).map_err(|half_way| {
        let files = if half_way.is_undone {
            "both files are as they were"
        } else {
            "the files hold a part of the changes; nothing was removed, and the backups are beside them"
        };
        SetupError::Unfinished {
            done: stored + files,
            profile: plan.profile.clone(),
            source: half_way.source,
        }
    })?;
    remove(files, plan, &mut applied).map_err(|error| SetupError::Unfinished {
        done: "the new set-up works, and the old copy of the key is still where it was".to_owned(),
        profile: plan.profile.clone(),
        source: Box::new(error),
    })?;
    Ok(applied)
}

/// The additions were not all made, or do not work.
struct HalfWay {
    /// Whether both files are as they were.
    is_undone: bool,
    source: Box<SetupError>,
}

/// Makes the additions and tries the result; undoes them if that fails, and says whether it could.
fn add(files: &Files, plan: &Plan, applied: &mut Applied) -> Result<(), HalfWay> {
    let mut written = Vec::new();
    let mut outcome = Ok(());
    // The credentials first: what they gain is used by nobody until the config says so.
    for read in [&files.credentials, &files.config] {
        let was_there = read.file.path.exists();
        match make(&read.file, &plan.additions, applied) {
            Ok(Some(bytes)) => written.push((read, bytes, was_there)),
            Ok(None) => {}
            Err(error) => {
                outcome = Err(error.into());
                break;
            }
        }
    }
    outcome = outcome.and_then(|()| try_new_place(plan));
    outcome.map_err(|error| {
        let mut is_undone = true;
        for (read, bytes, was_there) in written.iter().rev() {
            is_undone &= undo(read, bytes).unwrap_or(false);
            if is_undone && !was_there {
                // An empty file says the same as none, so that it does not matter if it stays.
                let _ = fs::remove_file(&read.file.path);
            }
        }
        HalfWay {
            is_undone,
            source: Box::new(error),
        }
    })
}

/// Reads the key from where the profile now has it, and asks AWS about that very key.
fn try_new_place(plan: &Plan) -> Result<(), SetupError> {
    let files = Files::read()?;
    let selection = Selection::from_arguments(Some(plan.profile.clone()));
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let key = long_term_key::read(&files, &profile, Questions::Allowed)?;
    if key.access_key_id != plan.key.access_key_id
        || key.secret_access_key != plan.key.secret_access_key
    {
        return Err(SetupError::NotReadBack);
    }
    identify(&key, &plan.profile, &profile.region, "at its new place").map(drop)
}

/// Takes away what is no longer needed.
fn remove(files: &Files, plan: &Plan, applied: &mut Applied) -> Result<(), SetupError> {
    for read in [&files.config, &files.credentials] {
        make(&read.file, &plan.removals, applied)?;
    }
    if let Some(keychain) = plan.forget {
        keychain.remove(Item::AccessKey(&plan.key.access_key_id))?;
    }
    Ok(())
}

/// Makes the changes that are for this file; returns what the file says afterwards if that is new.
fn make(
    file: &SharedFile,
    changes: &[Change],
    applied: &mut Applied,
) -> Result<Option<Zeroizing<Vec<u8>>>, SharedFileError> {
    let changes: Vec<_> = (changes.iter())
        .filter(|change| change.kind() == file.kind)
        .collect();
    if changes.is_empty() {
        return Ok(None);
    }
    let mut written = Zeroizing::default();
    let edited = file.edit(|document| {
        for change in &changes {
            change.make(document)?;
        }
        written = Zeroizing::new(document.bytes().to_vec());
        Ok(())
    })?;
    applied.warnings.extend(edited.warnings);
    Ok(edited.is_changed.then_some(written))
}

/// Puts back what a file said, byte for byte, unless somebody else has changed it since; says whether
/// that was done.
fn undo(read: &ReadFile, written: &[u8]) -> Result<bool, SharedFileError> {
    let mut is_undone = false;
    read.file.edit(|document| {
        is_undone = document.bytes() == written;
        if is_undone {
            let before = read.document.bytes().to_vec();
            *document = Document::parse(document.kind(), before)
                .unwrap_or_else(|_| Document::empty(read.file.kind));
        }
        Ok(())
    })?;
    Ok(is_undone)
}

/// Copies a file to one beside it that bears the date; says whether a secret was left out.
fn back_up(read: &ReadFile, hidden: Option<&LongTermKey>) -> Result<(PathBuf, bool), SetupError> {
    let bytes = read.document.bytes();
    let content = match hidden {
        Some(key) => long_term_key::blank_out(bytes, key, MOVED),
        None => Zeroizing::new(bytes.to_vec()),
    };
    let date = time::render_for_file_name(time::now());
    let mut name = format!("{}.backup-{date}", file_name(&read.file.path));
    let mut number = 1;
    // A second one in the same second must not overwrite the first.
    loop {
        let path = read.file.path.with_file_name(&name);
        match write_new(&path, &content) {
            Ok(()) => return Ok((path, *content != bytes)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1_000 => {
                number += 1;
                name = format!("{}.backup-{date}-{number}", file_name(&read.file.path));
            }
            Err(source) => return Err(SetupError::Backup { path, source }),
        }
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half of a backup is worse than none.
        let _ = fs::remove_file(path);
    }
    written
}
