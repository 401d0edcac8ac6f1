//! The pages of `docs/` that show terminals: every command in a block of the language `console` is run, in the home
//! that the comment above it names, and prints what the page says.
//!
//! Digits count as digits: times, ages and ids differ from run to run. `DAYPASS_REGENERATE=1` writes what is printed
//! into the pages.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use daypass_sandbox::{Password, Role, RootDevice};

use crate::support::{DAYPASS, Home, python_environment};

/// The pages. Others of the directory have tests of their own.
const PAGES: [&str; 5] = [
    "docs/administration.md",
    "docs/concepts.md",
    "docs/everyday.md",
    "docs/migration.md",
    "docs/troubleshooting.md",
];

/// The policy of somebody who may do everything.
const EVERYTHING: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

/// The code on the pages, which stands for whatever is good at the moment.
const SOME_CODE: &str = "--code 123456";

/// A block with what it is run in.
struct Block {
    /// The home that it starts in, or none to go on in the one of the block before.
    home: Option<String>,
    /// Where its text begins and ends in the page, in lines.
    lines: std::ops::Range<usize>,
}

/// The blocks of a page.
fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut home = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        if let Some(name) = line.strip_prefix("<!-- home: ") {
            home = Some(name.trim_end_matches(" -->").to_owned());
        } else if line.starts_with("```") && line.len() > 3 {
            let length = lines[at..].iter().position(|line| *line == "```");
            let end = at + length.expect("an end of the block");
            if line == "```console" {
                blocks.push(Block {
                    home: home.take(),
                    lines: at..end,
                });
            }
            at = end + 1;
        } else if line.starts_with("```") {
            let length = lines[at..].iter().position(|line| *line == "```");
            at += length.expect("an end of the block") + 1;
        }
    }
    blocks
}

/// A person's home at some point of their way.
fn home(name: &str) -> Home {
    let home = Home::new();
    let serial = &home.device.serial;
    let region = "region = eu-west-1\n";
    match name {
        "set up" => {}
        "logged in" => home.log_in(),
        "with roles" => {
            let role = home.sandbox.add_role(Role {
                account: "210987654321".to_owned(),
                trusted: vec![home.user.arn.clone()],
                require_mfa: true,
                ..Role::default()
            });
            let roles = format!(
                "[profile prod]\nregion = eu-west-1\nrole_arn = {role}\nsource_profile = work\n"
            );
            home.write_config(&(home.profile_section("work") + &roles));
            home.log_in();
        }
        "administrator" => administrator(&home),
        "plain AWS CLI" => {
            home.write_config(&format!("[profile work]\n{region}"));
            home.write_credentials(&home.long_term_section("work"));
        }
        "aws-mfa" => {
            home.write_config(&format!("[profile work]\n{region}"));
            home.write_credentials(&format!(
                "{}aws_mfa_device = {serial}\n\n[work]\nassumed_role = False\naws_access_key_id = ASIAQQQQQQQQQQQQQQQQ\naws_secret_access_key = gone\naws_session_token = gone\naws_security_token = gone\nexpiration = 2026-01-01 08:00:00\n",
                home.long_term_section("work-long-term"),
            ));
        }
        "static keys in the way" => {
            home.log_in();
            let mut text = home.credentials();
            text.push_str(&home.long_term_section("work"));
            home.write_credentials(&text);
        }
        "a damaged file" => {
            let mut text = home.credentials();
            text.push_str("aws_session_token\n");
            home.write_credentials(&text);
        }
        _ => panic!("no such home: {name}"),
    }
    home
}

/// Makes the user one who looks after an account with one other user in it.
fn administrator(home: &Home) {
    let sandbox = &home.sandbox;
    sandbox.put_inline_policy(&home.user.arn, "administrator", EVERYTHING);
    sandbox.add_root_device(RootDevice::Hardware);
    let developers = sandbox.add_group("developers");
    let grace = sandbox.add_user("grace");
    sandbox.add_to_group(&grace, &developers);
    let now = sandbox.now();
    let password = Password {
        created: now,
        changed: now,
        last_used: Some(now),
    };
    sandbox.set_password(&grace, Some(password));
    home.log_in();
}

/// Runs the commands of a block in one shell, and gives the block as it should be.
fn run(home: &Home, block: &[&str], aws: &str) -> Vec<String> {
    let programs = home.path(".local/bin");
    if !programs.exists() {
        fs::create_dir_all(&programs).expect("~/.local/bin");
        symlink(DAYPASS, programs.join("daypass")).expect("a link to daypass");
    }
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
    let path = std::env::var("PATH").unwrap_or_default();
    let run = home
        .program("bash", ["-c", &script])
        .env("PATH", &format!("{}:{aws}:{path}", programs.display()))
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
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&path).expect("the page");
    let lines: Vec<&str> = text.lines().collect();
    let mut rendered: Vec<String> = Vec::new();
    let mut last = 0;
    let mut current: Option<Home> = None;
    let mut wrong = String::new();
    for block in blocks(&lines) {
        if let Some(name) = &block.home {
            current = Some(home(name));
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
        fs::write(path, rendered.join("\n") + "\n").expect("the page");
    } else {
        assert!(wrong.is_empty(), "{wrong}");
    }
}
