//! Editors that are killed at random moments while they write in place, on a file that is mounted
//! by itself.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::Ordering,
    thread,
    time::Instant,
};

use daypass::shared_files::{Kind, SharedFile};

use crate::{
    anvil::{self, Anvil, Seen},
    crash::{SHORT, directory_in_memory, kill_editors, leftovers},
    random::{Random, seed},
    support::{mode, set_mode},
    witness::Watch,
};

/// Makes this test program run inside a namespace of mounts, in this directory.
const INSIDE: &str = "DAYPASS_TEST_INSIDE_NAMESPACE";

/// Writes a line past the test runner.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Runs a test again in a namespace where `single/credentials` in its home is a mount of its own.
/// Returns the home in the second run and nothing in the first.
fn with_a_mounted_file(test: &str, content: &str) -> Option<PathBuf> {
    if let Some(directory) = std::env::var_os(INSIDE) {
        return Some(directory.into());
    }
    let directory = directory_in_memory();
    for name in ["real", "single"] {
        fs::create_dir(directory.path().join(name)).unwrap();
        let path = directory.path().join(name).join("credentials");
        fs::write(&path, content).unwrap();
        set_mode(&path, 0o600);
    }
    let script = "mount --bind real/credentials single/credentials || exit 77; exec \"$@\"";
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, directory.path())
        .env("TMPDIR", directory.path())
        .current_dir(directory.path())
        .output();
    let output = match output {
        Ok(output) if output.status.code() != Some(77) && output.status.code() != Some(1) => output,
        output => {
            assert!(std::env::var_os("CI").is_none(), "{output:?}");
            tell("SKIPPED: this system does not allow mounts in a namespace");
            return None;
        }
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    for line in said.lines().filter(|line| line.starts_with("crash")) {
        tell(line);
    }
    None
}

/// Looks at a file while nobody writes it, without the blank lines that a kill may have left.
fn look_under_the_lock(anvil: &Anvil, path: &Path) -> Result<Seen, String> {
    let file = fs::File::open(path).unwrap();
    file.lock().unwrap();
    assert_eq!(mode(path) & 0o077, 0);
    let text = fs::read_to_string(path).unwrap();
    anvil.examine(text.trim_end_matches('\n'))
}

#[test]
fn a_file_that_is_written_in_place_is_whole_after_every_kill() {
    let _alone = crate::alone();
    const KILLS: usize = 200;
    // It fits into one page of memory: the system then finishes a write that it has begun.
    let text = anvil::text(2, &[], &[], 1);
    let test = "crash_in_place::a_file_that_is_written_in_place_is_whole_after_every_kill";
    let Some(home) = with_a_mounted_file(test, &text) else {
        return;
    };
    let (seed, begin) = (seed(), Instant::now());
    let path = home.join("single/credentials");
    let anvil = Anvil::new(&text);
    let watch = Watch::default();
    let edits: u64 = thread::scope(|scope| {
        let _over = watch.over();
        scope.spawn(|| watch.parse(&path));
        let editors: Vec<_> = (0..2)
            .map(|slot| {
                let (anvil, path) = (&anvil, &path);
                let look =
                    || look_under_the_lock(anvil, path).unwrap_or_else(|error| panic!("{error}"));
                let random = Random::new(seed + slot as u64);
                scope.spawn(move || kill_editors(look, path, slot, (KILLS / 2, SHORT), random))
            })
            .collect();
        editors
            .into_iter()
            .map(|editor| editor.join().unwrap())
            .sum()
    });
    let left = finish_in_place(&home, &path);
    eprintln!(
        "crash in place: seed {seed}: {KILLS} kills, {edits} edits, {} reads, {left} copies left and \
         removed, {:.1} s",
        watch.reads.load(Ordering::Relaxed),
        begin.elapsed().as_secs_f64()
    );
}

#[test]
fn a_long_file_that_is_written_in_place_is_whole_after_every_kill_or_its_copy_is() {
    let _alone = crate::alone();
    const KILLS: usize = 150;
    let text = anvil::text(1, &[], &[], 200);
    let test = "crash_in_place::a_long_file_that_is_written_in_place_is_whole_after_every_kill_or_its_copy_is";
    let Some(home) = with_a_mounted_file(test, &text) else {
        return;
    };
    let (seed, begin) = (seed(), Instant::now());
    let path = home.join("single/credentials");
    let anvil = Anvil::new(&text);
    let restored = std::cell::Cell::new(0);
    let look = || match look_under_the_lock(&anvil, &path) {
        Ok(seen) => seen,
        Err(error) => {
            restored.set(restored.get() + 1);
            let copies = leftovers(path.parent().unwrap());
            let whole = copies.iter().find_map(|copy| {
                let seen = look_under_the_lock(&anvil, copy).ok()?;
                Some((copy, seen))
            });
            let (copy, seen) = whole.unwrap_or_else(|| panic!("{error}\nand no copy of it"));
            assert!(
                Command::new("cp")
                    .arg(copy)
                    .arg(&path)
                    .status()
                    .unwrap()
                    .success()
            );
            seen
        }
    };
    let edits = kill_editors(look, &path, 0, (KILLS, 5 * SHORT), Random::new(seed));
    let left = finish_in_place(&home, &path);
    eprintln!(
        "crash in place, long: seed {seed}: {KILLS} kills, {edits} edits, {} put back from the copy, \
         {left} copies left and removed, {:.1} s",
        restored.get(),
        begin.elapsed().as_secs_f64()
    );
}

/// Edits once more, after which nothing is left; returns how much there was.
fn finish_in_place(home: &Path, path: &Path) -> usize {
    let left = leftovers(path.parent().unwrap()).len();
    let file = SharedFile {
        path: path.to_owned(),
        kind: Kind::Credentials,
    };
    let edited = file
        .edit(|document| document.set("end", &[("k", "v")]))
        .unwrap();
    assert_eq!(edited.warnings, []);
    assert_eq!(leftovers(path.parent().unwrap()), Vec::<PathBuf>::new());
    assert_eq!(leftovers(home), Vec::<PathBuf>::new());
    left
}
