//! The fuzz targets' checks on a stable compiler: every case that was ever found, the seeds, and some
//! hundreds of inputs made from the seeds, the dictionaries and chance. `tests/fuzz` runs them for as
//! long as you like.

#[path = "../../fuzz/src/lib.rs"]
mod checks;
mod dictionary;
mod inputs;

use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

use proptest::test_runner::{Config, TestError, TestRunner};

use checks::{TARGETS, Target};

/// How many inputs each target is given: all of them take a few seconds.
const INPUTS: u32 = 1_500;

#[test]
fn every_case_that_was_found_stays_mended() {
    let regressions = root().join("tests/regressions");
    replay(|target| files(&regressions.join(target.name)));
}

#[test]
fn every_seed_passes() {
    replay(|target| {
        let seeds = files(&seeds(target.name));
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        seeds
    });
}

#[test]
fn no_directory_of_cases_is_passed_over() {
    for directory in [
        "tests/regressions",
        "fuzz/seeds",
        "fuzz/dictionaries",
        "fuzz/targets",
    ] {
        for entry in fs::read_dir(root().join(directory)).expect("a directory") {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name");
            let is_known = TARGETS.iter().any(|target| target.name == name);
            assert!(is_known, "{} belongs to no target", path.display());
        }
    }
}

/// One test for each target, so that they run side by side.
macro_rules! inputs_pass {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                inputs_pass(stringify!($name));
            }
        )*
    };
}

/// `INPUTS` inputs pass the check of each target.
mod inputs_made_by_chance {
    use super::inputs_pass;

    inputs_pass!(authorization_details cached_session credential_report document memory mfa_process otpauth policy policy_source profile words);
}

fn inputs_pass(name: &str) {
    let dictionary = root()
        .join("fuzz/dictionaries")
        .join(format!("{name}.dict"));
    let tokens = dictionary::parse(&fs::read_to_string(dictionary).expect("a dictionary"));
    let seeds = files(&seeds(name));
    let seeds = seeds
        .iter()
        .map(|file| fs::read(file).expect("a seed"))
        .collect();
    let mut runner = TestRunner::new(Config {
        cases: INPUTS,
        // What is found is kept where everybody's cases are, by whoever mends it.
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&inputs::like(seeds, tokens), |input| {
        checks::check(name, &input);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, input)) => {
            let file = root()
                .join("target/fuzzing/findings")
                .join(format!("{name}-chance"));
            fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
            fs::write(&file, &input).expect("a file for what was found");
            panic!(
                "{name}: {reason}\n  input: {}\n  keep it: mv {} tests/regressions/{name}/WHAT_IT_SHOWS",
                input.escape_ascii(),
                file.display(),
            );
        }
        Err(TestError::Abort(reason)) => panic!("{name}: {reason}"),
    }
}

/// Runs every target's cases, and tells all that fail.
fn replay(cases: impl Fn(&Target) -> Vec<PathBuf>) {
    let mut failed = Vec::new();
    for target in &TARGETS {
        for file in cases(target) {
            let input = fs::read(&file).expect("a case");
            if catch_unwind(|| (target.check)(&input)).is_err() {
                failed.push(file);
            }
        }
    }
    assert!(failed.is_empty(), "these fail, see above: {failed:#?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn seeds(name: &str) -> PathBuf {
    root().join("fuzz/seeds").join(name)
}

/// The files of a directory, which may be missing: git keeps no empty ones.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}
