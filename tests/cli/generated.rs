//! Completions and man pages: rendered from the tree of commands, committed, compared here.
//!
//! `DAYPASS_REGENERATE=1 cargo test --test cli generated` writes them anew.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub mod completions;
mod man;

#[test]
fn completions_fit_the_commands() {
    let rendered = completions::render(&daypass::cli::command());
    compare("completions", &rendered);
}

#[test]
fn man_pages_fit_the_commands() {
    let rendered = man::render(&daypass::cli::command());
    assert!(rendered.len() > 4, "{:?}", rendered.keys());
    compare("man", &rendered);
}

#[test]
fn every_help_page_fits_a_terminal_of_80_columns() {
    let mut command = daypass::cli::command();
    command.build();
    assert_eq!(too_wide(&mut command), Vec::<String>::new());
}

/// It stands between double quotes in the scripts for zsh and fish, where clap escapes neither the quotes nor,
/// for fish, a command: it would be run whenever the script is read.
#[test]
fn nothing_that_is_said_of_a_value_would_be_run_by_a_shell() {
    let mut command = daypass::cli::command();
    command.build();
    assert_eq!(would_be_run(&command), Vec::<String>::new());
}

fn would_be_run(command: &clap::Command) -> Vec<String> {
    command
        .get_arguments()
        .flat_map(clap::Arg::get_possible_values)
        .filter_map(|value| value.get_help().map(ToString::to_string))
        .filter(|help| help.contains(['"', '$']))
        .chain(command.get_subcommands().flat_map(would_be_run))
        .collect()
}

fn too_wide(command: &mut clap::Command) -> Vec<String> {
    let help = command.render_long_help().to_string();
    let mut lines: Vec<String> = help
        .lines()
        .filter(|line| line.chars().count() > 80)
        .map(|line| format!("{}: {line}", command.get_name()))
        .collect();
    for subcommand in command.get_subcommands_mut() {
        lines.extend(too_wide(subcommand));
    }
    lines
}

/// The directory holds these files, with these contents, and no others.
fn compare(directory: &str, rendered: &BTreeMap<String, Vec<u8>>) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    if std::env::var_os("DAYPASS_REGENERATE").is_some() {
        fs::create_dir_all(&directory).expect("the directory");
        for file in files(&directory) {
            fs::remove_file(file).expect("the old file goes");
        }
        for (name, bytes) in rendered {
            fs::write(directory.join(name), bytes).expect("the new file");
        }
    }
    let committed: BTreeMap<String, Vec<u8>> = files(&directory)
        .into_iter()
        .map(|file| {
            let name = file.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), fs::read(&file).expect("the file"))
        })
        .collect();
    let names = |of: &BTreeMap<String, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&committed),
        names(rendered),
        "in {}",
        directory.display()
    );
    for (name, bytes) in rendered {
        assert!(
            committed[name] == *bytes,
            "{} does not fit the commands any more: \
             DAYPASS_REGENERATE=1 cargo test --test cli generated",
            directory.join(name).display()
        );
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").path())
        .collect()
}
