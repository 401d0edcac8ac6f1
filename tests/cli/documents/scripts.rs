//! What developers run, as far as it can be run within a test: whether it is there, and knows the flags.

use std::{collections::BTreeSet, fs, process::Command};

use super::{NOT_RUN_TO_THE_END, blocks};
use crate::support::{is_there, mode};

/// A line for each command, with a comment.
pub fn known(block: &str) {
    let mut commands = 0;
    for line in block.lines() {
        let (line, _) = line.split_once('#').unwrap_or((line, ""));
        let words: Vec<&str> = line.split_whitespace().collect();
        commands += 1;
        match words[..] {
            ["cargo", "demo"] => assert_demo_is_an_alias(),
            [program, ..] => assert_knows(program, &words[1..]),
            [] => panic!("a line without a command"),
        }
    }
    assert!(commands > 0);
}

/// What the alias runs has tests of its own.
fn assert_demo_is_an_alias() {
    let configuration = blocks::text_of(".cargo/config.toml");
    let alias = "\ndemo = \"run --quiet --package daypass-sandbox --bin demo --\"\n";
    assert!(configuration.contains(alias), "{configuration}");
}

fn assert_knows(program: &str, arguments: &[&str]) {
    let mut known = NOT_RUN_TO_THE_END.iter();
    assert!(
        known.any(|(name, _)| *name == program),
        "{program} is to be run"
    );
    let path = blocks::path_of(program.trim_start_matches("./"));
    assert_eq!(mode(&path) & 0o111, 0o111, "{program} can be executed");
    if !is_there("python3") {
        return;
    }
    let help = Command::new(&path).arg("--help").output().expect(program);
    assert!(help.status.success(), "{program} --help");
    let help = String::from_utf8(help.stdout).expect("text");
    for flag in arguments.iter().filter(|word| word.starts_with("--")) {
        assert!(
            help.contains(flag),
            "{program} does not know {flag}:\n{help}"
        );
    }
}

/// Whatever begins a line is in `src/`, and what is in there begins one.
pub fn layout(block: &str) {
    let named: Vec<&str> = block
        .lines()
        .filter(|line| line.starts_with(|char: char| char.is_ascii_alphabetic()))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| name.ends_with(".rs") || name.ends_with('/'))
        .collect();
    for name in &named {
        let path = blocks::path_of("src").join(name.replace('X', "login"));
        assert!(path.exists(), "there is no {}", path.display());
    }
    let once: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(
        once.len(),
        named.len(),
        "something is there twice: {named:?}"
    );
    for entry in fs::read_dir(blocks::path_of("src")).expect("src") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("ASCII");
        let stem = name.trim_end_matches(".rs");
        let is_named = named
            .iter()
            .any(|named| named.split(['.', '/']).next() == Some(stem));
        assert!(is_named || name == "lib.rs", "the layout has no {name}");
    }
}
