//! `docs/policies.md`: every command on it prints what stands there, and every policy is read.
//!
//! `DAYPASS_REGENERATE=1 cargo test --test cli policy::page` writes the answers anew.

use std::{fs, path::PathBuf};

use crate::{
    integrations::place::Place,
    support::{Home, complaints_about_sarif},
};

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
            // It has a test of its own, below.
            ("sh", None) => Part::Text(content),
            (language, None) => panic!("{language} of which file? {content}"),
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
        compare(&before, &after);
    }
}

/// Writes the files of the page into the home.
pub fn write_files(home: &Home) {
    let page = fs::read_to_string(page()).expect("the page");
    for part in parts(&page) {
        if let Part::File { name, content } = part {
            let path = home.path(&name);
            fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
            fs::write(path, content).expect("a file");
        }
    }
}

/// A plan as `terraform show -json` prints it, of a group with this policy.
fn plan_of(policy: &str) -> String {
    let values = serde_json::json!({"group": "support", "name": "instances", "policy": policy});
    let resource = serde_json::json!({
        "address": "aws_iam_group_policy.instances", "mode": "managed", "type": "aws_iam_group_policy",
        "name": "instances", "values": values,
    });
    serde_json::json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": [resource]}},
    })
    .to_string()
}

/// The block about plans.
pub fn plan(block: &str) {
    let place = Place::new();
    write_files(&place.home);
    place.stand_in(
        "terraform",
        "[ \"$*\" = 'show -json plan' ]\ncat shown-plan\n",
    );
    for (file, exit, verdict) in [
        ("work.json", 10, "not enforced: group support"),
        ("mfa.json", 0, "enforced: group support"),
    ] {
        if file == "mfa.json" {
            let mfa = place.home.daypass(["policy", "show"]).run().stdout;
            place.write(file, &mfa);
        }
        place.write("shown-plan", &plan_of(&place.read(file)));
        let run = place.shell("sh", block).run();
        assert_eq!(run.exit, exit, "{}", run.report());
        assert!(run.stdout.starts_with(verdict), "{}", run.report());
    }
}

/// The block for pipelines, on the files for Terraform of the page.
pub fn pipeline(block: &str) {
    let place = Place::new();
    write_files(&place.home);
    for entry in fs::read_dir(place.home.path("")).expect("the home") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("ASCII");
        if name.ends_with(".tf") {
            place.write(&format!("infrastructure/{name}"), &place.read(name));
        }
    }
    let run = place.shell("sh", block).run();
    assert_eq!(
        (run.exit, run.stdout.as_str()),
        (10, ""),
        "{}",
        run.report()
    );
    let log = place.read("mfa.sarif");
    assert!(log.contains("infrastructure/bool-false.tf"), "{log}");
    if let Some(complaints) = complaints_about_sarif(&log) {
        assert_eq!(complaints, "");
    }
}

fn compare(before: &str, after: &str) {
    for (number, (old, new)) in before.lines().zip(after.lines()).enumerate() {
        assert_eq!(old, new, "line {} of the page", number + 1);
    }
    assert_eq!(before.lines().count(), after.lines().count());
}

/// The table of verdicts: ours is what the program says, Trivy's what its rule looks for in the file.
#[test]
fn the_verdicts_of_trivy_and_of_daypass_are_what_the_table_says() {
    let home = Home::new();
    write_files(&home);
    let page = fs::read_to_string(page()).expect("the page");
    let mfa = home
        .daypass(["policy", "show", "--format", "terraform"])
        .run();
    fs::write(home.path("mfa.tf"), mfa.stdout).expect("a file");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains(".tf` |"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 7);
    for row in rows {
        let [_, file, _, trivy, daypass, _] = row[..] else {
            panic!("{row:?}");
        };
        let file = file.trim_matches('`');
        let run = home.daypass(["policy", "check", file]).run();
        assert!(
            run.stdout.starts_with(&format!("{daypass}: group ")),
            "{}",
            run.report()
        );
        // Source: the check's rule, which looks for a condition on this key in any statement.
        let text = fs::read_to_string(home.path(file)).expect("the file");
        let passes = text.contains("aws:MultiFactorAuthPresent");
        assert_eq!(trivy, if passes { "passes" } else { "fails" }, "{file}");
    }
}
