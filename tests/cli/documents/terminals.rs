//! Blocks that show a terminal: every command in them is run, in the home that the comment above the block names, and
//! prints what the page says.
//!
//! Digits count as digits: times, ages and ids differ from run to run. `DAYPASS_REGENERATE=1` writes what is printed
//! into the pages.

use std::fs;

use super::{blocks, homes};
use crate::support::{DAYPASS, Home, python_environment};

/// The language of these blocks.
pub const LANGUAGE: &str = "console";

/// The pages that have them, but for that of policies, which has a test of its own.
pub const PAGES: [&str; 5] = [
    "docs/administration.md",
    "docs/concepts.md",
    "docs/everyday.md",
    "docs/migration.md",
    "docs/troubleshooting.md",
];

/// The code on the pages, which stands for whatever is good at the moment.
const SOME_CODE: &str = "--code 123456";

/// Runs the commands of a block in one shell, and gives the block as it should be.
fn run(home: &Home, block: &[&str], aws: &str) -> Vec<String> {
    let path = format!("{aws}:{}", homes::path_with_daypass(home));
    // A command may go over several lines: `$ ` begins it, `> ` goes on.
    let mut commands: Vec<String> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(command.to_owned());
        } else if let (Some(more), Some(last)) = (line.strip_prefix("> "), commands.last_mut()) {
            last.push('\n');
            last.push_str(more);
        }
    }
    let mut script = String::from("exec 2>&1\n");
    for command in &commands {
        // A code of the page is any code; AWS wants this minute's.
        let command = match command.contains(SOME_CODE) {
            true => command.replace(SOME_CODE, &format!("--code {}", home.code())),
            false => command.clone(),
        };
        script.push_str("printf '\\036'\n");
        script.push_str(&command);
        script.push('\n');
    }
    let run = home
        .program("bash", ["-c", &script])
        .env("PATH", &path)
        .env("AWS_PAGER", "")
        .env("COLUMNS", "80")
        .run();
    let mut lines = Vec::new();
    let outputs: Vec<&str> = run.stdout.split('\u{1e}').skip(1).collect();
    assert_eq!(outputs.len(), commands.len(), "{}", run.report());
    for (command, output) in commands.iter().zip(outputs) {
        let mut prompt = "$ ";
        for line in command.lines() {
            lines.push(format!("{prompt}{line}"));
            prompt = "> ";
        }
        let output = output
            .replace(&home.path("").display().to_string(), "/home/ada/")
            .replace(DAYPASS, "/home/ada/.local/bin/daypass");
        lines.extend(output.lines().map(|line| line.trim_end().to_owned()));
    }
    lines
}

/// What two runs have in common: all but digits, ids and the width of columns, and whether eight hours from now is
/// still today.
fn bare(line: &str) -> String {
    let digits: String = line
        .chars()
        .map(|char| if char.is_ascii_digit() { '9' } else { char })
        .collect();
    let words = digits.split_whitespace().filter(|word| *word != "tomorrow");
    let words = words.map(|word| {
        let id = word.find("AKIA").or_else(|| word.find("ASIA"));
        match id {
            Some(at) => word[..at].to_owned() + "ID",
            None => {
                let mut word = word.to_owned();
                while word.contains("99") {
                    word = word.replace("99", "9");
                }
                word
            }
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_command_on_the_pages_prints_what_the_pages_say() {
    let Some(aws) = python_environment() else {
        return;
    };
    for page in PAGES {
        check(page, &aws.display().to_string());
    }
}

fn check(page: &str, aws: &str) {
    let text = blocks::text_of(page);
    let lines: Vec<&str> = text.lines().collect();
    let mut rendered: Vec<String> = Vec::new();
    let mut last = 0;
    let mut current: Option<Home> = None;
    let mut wrong = String::new();
    let blocks = blocks::of(page);
    for block in blocks.iter().filter(|block| block.language == LANGUAGE) {
        if let Some(name) = &block.home {
            current = Some(homes::home(name));
        }
        let home = current.as_ref().expect("a home for the first block");
        let shown = &lines[block.lines.clone()];
        let printed = run(home, shown, aws);
        let same = shown
            .iter()
            .map(|line| bare(line))
            .eq(printed.iter().map(|line| bare(line)));
        rendered.extend(
            lines[last..block.lines.start]
                .iter()
                .map(|&line| line.to_owned()),
        );
        if same {
            rendered.extend(shown.iter().map(|&line| line.to_owned()));
        } else {
            wrong.push_str(&format!(
                "\n{page}:{}:\n{}\n--- it is\n{}\n",
                block.lines.start,
                shown.join("\n"),
                printed.join("\n")
            ));
            rendered.extend(printed);
        }
        last = block.lines.end;
    }
    if std::env::var_os("DAYPASS_REGENERATE").is_some() {
        rendered.extend(lines[last..].iter().map(|&line| line.to_owned()));
        fs::write(blocks::path_of(page), rendered.join("\n") + "\n").expect("the page");
    } else {
        assert!(wrong.is_empty(), "{wrong}");
    }
}
