//! Completions and man pages: rendered from the tree of commands, committed, compared here.
//!
//! `DAYPASS_REGENERATE=1 cargo test --test cli generated` writes them anew.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub mod completions;

#[test]
fn completions_fit_the_commands() {
    let rendered = completions::render(&daypass::cli::command());
    compare("completions", &rendered);
}

#[test]
fn man_pages_fit_the_commands() {
    let mut rendered = BTreeMap::new();
    let mut command = daypass::cli::command().disable_help_subcommand(true);
    command.build();
    render_man_pages(&command, &mut rendered);
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

fn render_man_pages(command: &clap::Command, rendered: &mut BTreeMap<String, Vec<u8>>) {
    for subcommand in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        render_man_pages(subcommand, rendered);
    }
    let notes = command.get_after_long_help().map(ToString::to_string);
    let man = clap_mangen::Man::new(
        command
            .clone()
            .after_long_help(clap::builder::Resettable::Reset),
    )
    .manual("daypass")
    .source("daypass");
    let mut bytes = Vec::new();
    man.render(&mut bytes).expect("a man page");
    if let Some(notes) = notes {
        // The generator would fill these lines like a paragraph; they are examples and tables.
        bytes.extend_from_slice(b".SH NOTES\n.nf\n");
        for line in notes.lines() {
            bytes.extend_from_slice(b"\\&");
            bytes.extend_from_slice(line.replace('\\', "\\e").replace('-', "\\-").as_bytes());
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(b".fi\n");
    }
    rendered.insert(man.get_filename(), bytes);
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
