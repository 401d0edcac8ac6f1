//! `docs/policies.md`: every command on it prints what stands there.
//!
//! `DAYPASS_REGENERATE=1 cargo test --test cli policy::page` writes the answers anew.

use std::{fs, path::PathBuf};

use crate::support::Home;

/// A part of the page.
enum Part {
    /// What is for people alone.
    Text(String),
    /// A file of that name.
    File { name: String, content: String },
    /// What is typed at a prompt, and the answers.
    Console(String),
}

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/policies.md")
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = page.split_inclusive('\n');
    let mut text = String::new();
    while let Some(line) = lines.next() {
        text += line;
        let Some(language) = line.trim_end().strip_prefix("```") else {
            continue;
        };
        let name = text.lines().rev().nth(2).and_then(|line| {
            let name = line.strip_prefix('`')?.strip_suffix("`:")?;
            Some(name.to_owned())
        });
        parts.push(Part::Text(std::mem::take(&mut text)));
        let content: String = lines
            .by_ref()
            .take_while(|line| {
                let is_end = line.starts_with("```");
                if is_end {
                    text += line;
                }
                !is_end
            })
            .collect();
        parts.push(match (language, name) {
            ("console", _) => Part::Console(content),
            (_, Some(name)) => Part::File { name, content },
            _ => Part::Text(content),
        });
    }
    parts.push(Part::Text(text));
    parts
}

/// The commands of a block with the answers that they give in a terminal.
fn answered(home: &Home, console: &str) -> String {
    let mut text = String::new();
    for line in console.lines() {
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        text += &format!("{line}\n");
        let script = command.replace("daypass", crate::support::DAYPASS);
        let run = home.program("sh", ["-c", &script]).run();
        assert!(matches!(run.exit, 0 | 10), "{command}: {}", run.report());
        text += &run.stdout;
        // What a terminal shows besides is in the prose.
        assert!(
            run.stderr
                .lines()
                .all(|line| line.starts_with("daypass: note: ")),
            "{}",
            run.report()
        );
    }
    text
}

#[test]
fn every_command_of_the_page_prints_what_stands_there() {
    let home = Home::new();
    let mfa = home.daypass(["policy", "show"]).run().stdout;
    fs::write(home.path("mfa.json"), mfa).expect("a policy");
    let before = fs::read_to_string(page()).expect("the page");
    let mut after = String::new();
    let mut commands = 0;
    for part in parts(&before) {
        match part {
            Part::Text(text) => after += &text,
            Part::File { name, content } => {
                fs::write(home.path(&name), &content).expect("a file");
                after += &content;
            }
            Part::Console(content) => {
                commands += 1;
                after += &answered(&home, &content);
            }
        }
    }
    assert!(commands > 10, "{commands}");
    if std::env::var_os("DAYPASS_REGENERATE").is_some() {
        fs::write(page(), after).expect("the page");
    } else {
        pretty_compare(&before, &after);
    }
}

fn pretty_compare(before: &str, after: &str) {
    for (number, (old, new)) in before.lines().zip(after.lines()).enumerate() {
        assert_eq!(old, new, "line {} of the page", number + 1);
    }
    assert_eq!(before.lines().count(), after.lines().count());
}
