//! What the documents say outside of their blocks: the commands, flags, settings, files and links that they name are
//! there.

use std::{collections::BTreeSet, fs, path::Path};

use clap::error::{ContextKind, ErrorKind};

use super::blocks;

/// The flags of other programs, which the documents name by themselves.
const FLAGS_OF_OTHERS: [(&str, &str); 9] = [
    ("--profile", "the AWS CLI"),
    ("--device", "aws-mfa"),
    ("--assume-role", "aws-mfa"),
    ("--long-term-suffix", "aws-mfa"),
    ("--short-term-suffix", "aws-mfa"),
    ("--mfa-token", "aws-vault"),
    ("--prompt", "aws-vault"),
    ("--no-password", "keepassxc-cli"),
    ("--remap-path-prefix", "rustc"),
];

/// What is called like a setting and is none: fields of what daypass prints.
const NO_SETTINGS: [&str; 1] = ["daypass_version"];

/// Every text in backticks outside of blocks, with its document.
fn spans() -> Vec<(String, String)> {
    let mut spans = Vec::new();
    let documents = blocks::documents().into_iter();
    // The list of changes speaks of what was.
    for document in documents.filter(|document| document != "CHANGELOG.md") {
        let prose = blocks::prose_of(&document);
        for paragraph in prose.split("\n\n") {
            let paragraph = paragraph.replace('\n', " ");
            // Between the first and the second, the third and the fourth, and so on.
            assert_eq!(
                paragraph.matches('`').count() % 2,
                0,
                "{document}: {paragraph}"
            );
            let inside = paragraph.split('`').skip(1).step_by(2);
            spans.extend(inside.map(|span| (document.clone(), span.to_owned())));
        }
    }
    assert!(spans.len() > 500, "{}", spans.len());
    spans
}

/// The words of the first command of a text: up to where a shell would end it, without quotes and without the
/// brackets of what may be left out.
fn words_of(command: &str) -> Vec<String> {
    let ends = ["|", ";", "&&", "||", ">", "<", "&"];
    let mut words = Vec::new();
    for word in command.split_whitespace() {
        if ends.contains(&word) {
            break;
        }
        let bare = word.trim_matches(['[', ']', '"', '\'']);
        let end = bare.find(")\"").or_else(|| bare.find(')'));
        words.push(bare[..end.unwrap_or(bare.len())].to_owned());
        if end.is_some() {
            break;
        }
    }
    words
}

/// What daypass would say against a command line: nothing about what is left out.
fn complaint(words: &[String]) -> Option<String> {
    let words_after_daypass = words.iter().map(String::as_str);
    let line = ["daypass"].into_iter().chain(words_after_daypass);
    let error = daypass::cli::command().try_get_matches_from(line).err()?;
    let is_left_out = match error.kind() {
        ErrorKind::MissingRequiredArgument
        | ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::MissingSubcommand => true,
        // The value of a flag that ends the line, or what stands for one: SHELL.
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = error
                .get(ContextKind::InvalidValue)
                .map(ToString::to_string);
            value.is_some_and(|value| {
                !value.contains(|char: char| char.is_lowercase() || char.is_ascii_digit())
            })
        }
        _ => false,
    };
    (!is_left_out).then(|| error.to_string())
}

/// The commands of a text: behind `daypass `, or the whole if it begins with a subcommand and a flag or one of its
/// subcommands.
fn commands_in(span: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    for (at, _) in span.match_indices("daypass ") {
        let before = span[..at].chars().next_back();
        if before.is_none_or(|before| " (/".contains(before)) {
            commands.push(words_of(&span[at + "daypass ".len()..]));
        }
    }
    let words = words_of(span);
    let tree = daypass::cli::command();
    let subcommand = words.first().and_then(|first| tree.find_subcommand(first));
    if let (Some(subcommand), Some(second)) = (subcommand, words.get(1))
        && (second.starts_with("--") || subcommand.find_subcommand(second).is_some())
    {
        commands.push(words);
    }
    commands
}

#[test]
fn every_command_that_the_documents_name_would_be_understood() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (document, span) in spans() {
        for words in commands_in(&span) {
            count += 1;
            if let Some(complaint) = complaint(&words) {
                wrong.push(format!("{document}: `{span}`: {complaint}"));
            }
        }
    }
    assert!(count > 100, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The ways to every command that does something: `login`, `policy check`.
fn ways_to(command: &clap::Command, way: &str, ways: &mut Vec<String>) {
    for subcommand in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let name = subcommand.get_name();
        let way = format!("{way}{name}");
        if !subcommand.is_subcommand_required_set() && name != "help" {
            ways.push(way.clone());
        }
        ways_to(subcommand, &(way + " "), ways);
    }
}

#[test]
fn every_command_is_in_the_readme() {
    let mut ways = Vec::new();
    ways_to(&daypass::cli::command(), "", &mut ways);
    assert!(ways.len() > 15, "{ways:?}");
    let spans = spans()
        .into_iter()
        .filter(|(document, _)| document == "README.md");
    let commands: Vec<String> = spans
        .map(|(_, span)| span.replacen("daypass ", "", 1) + " ")
        .collect();
    for way in ways {
        let is_named = commands
            .iter()
            .any(|command| command.starts_with(&format!("{way} ")));
        assert!(is_named, "the README does not name daypass {way}");
    }
}

#[test]
fn a_command_that_would_not_be_understood_is_found() {
    let complaints = |span: &str| {
        let commands = commands_in(span);
        assert!(!commands.is_empty(), "{span}");
        commands.iter().filter_map(|words| complaint(words)).count()
    };
    for good in [
        "daypass exec [PROFILE] --server -- COMMAND",
        "eval \"$(daypass env prod)\"",
        "daypass login work && aws s3 ls --recursive",
        "status --check",
        "totp code",
    ] {
        assert_eq!(complaints(good), 0, "{good}");
    }
    for bad in [
        "daypass log-in work",
        "aws-vault exec x -- daypass setup --forse",
        "$(daypass env prod --shell)",
        "login --colour",
        "daypass policy check a.json --max-age soon",
    ] {
        assert_eq!(complaints(bad), 1, "{bad}");
    }
}

fn flags_of(command: &clap::Command, flags: &mut BTreeSet<String>) {
    let names = command.get_arguments().filter_map(clap::Arg::get_long);
    flags.extend(names.map(|name| format!("--{name}")));
    for subcommand in command.get_subcommands() {
        flags_of(subcommand, flags);
    }
}

#[test]
fn every_flag_that_the_documents_name_is_one() {
    let mut command = daypass::cli::command();
    command.build();
    let mut known = BTreeSet::new();
    flags_of(&command, &mut known);
    let mut of_others: BTreeSet<_> = FLAGS_OF_OTHERS.into_iter().map(|(flag, _)| flag).collect();
    let mut wrong = Vec::new();
    for (document, span) in spans()
        .into_iter()
        .filter(|(_, span)| span.starts_with("--"))
    {
        let flag = span.split([' ', '=']).next().unwrap_or_default();
        let is_anothers = FLAGS_OF_OTHERS.iter().any(|(name, _)| *name == flag);
        of_others.remove(flag);
        if !known.contains(flag) && !is_anothers && flag != "--" {
            wrong.push(format!("{document}: {span}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(of_others.is_empty(), "not named any more: {of_others:?}");
}

/// The settings in the README are those of `daypass --help` and of the source, and no other document knows more.
#[test]
fn every_setting_that_the_documents_name_is_one() {
    let settings = |text: &str| -> BTreeSet<String> {
        let words = text.split(|char: char| !char.is_ascii_lowercase() && char != '_');
        let settings = words.filter(|word| word.starts_with("daypass_"));
        settings.map(str::to_owned).collect()
    };
    let mut source = String::new();
    read_all(&blocks::path_of("src"), &mut source);
    let in_readme = settings(&blocks::text_of("README.md"));
    assert!(in_readme.len() > 6, "{in_readme:?}");
    let help = daypass::cli::command().render_long_help().to_string();
    assert_eq!(settings(&help), in_readme);
    for setting in &in_readme {
        assert!(
            source.contains(&format!("\"{setting}\"")),
            "{setting} is read nowhere"
        );
    }
    // What daypass notes down for itself is no setting, and is for those who work on it.
    for (document, span) in spans() {
        for setting in settings(&span) {
            let is_noted = document == "ARCHITECTURE.md" && source.contains(&setting);
            let is_field = NO_SETTINGS.contains(&setting.as_str());
            let is_known = is_noted || is_field || in_readme.contains(&setting);
            assert!(is_known, "{document}: the README has no {setting}");
        }
    }
}

fn read_all(directory: &Path, text: &mut String) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => read_all(&path, text),
            false => *text += &fs::read_to_string(&path).expect("text"),
        }
    }
}

#[test]
fn every_file_of_the_repository_that_the_documents_name_is_there() {
    let directories = [
        ".ci/",
        ".github/",
        "benches/",
        "docs/",
        "fuzz/",
        "packaging/",
        "src/",
        "tests/",
    ];
    let mut count = 0;
    for (document, span) in spans() {
        let word = span.split(' ').next().unwrap_or_default();
        let (path, is_here) = match word.strip_prefix("./") {
            Some(path) => (path, true),
            None => (
                word,
                directories
                    .iter()
                    .any(|directory| word.starts_with(directory)),
            ),
        };
        if is_here {
            count += 1;
            assert!(
                blocks::path_of(path).exists(),
                "{document}: there is no {span}"
            );
        }
        if let Some((_, name)) = span.split_once("cargo test --test ") {
            let name = name.split(' ').next().unwrap_or_default();
            let is_there = blocks::path_of(&format!("tests/{name}")).is_dir();
            assert!(is_there, "{document}: there is no test program {name}");
        }
    }
    assert!(count > 10, "{count}");
}

/// The name under which a heading can be linked to, as code hosts make it.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading
        .chars()
        .filter(|char| char.is_alphanumeric() || " -_".contains(*char));
    kept.map(|char| if char == ' ' { '-' } else { char })
        .collect()
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    let mut count = 0;
    for document in blocks::documents() {
        let prose = blocks::prose_of(&document);
        for (_, rest) in prose
            .match_indices("](")
            .map(|(at, found)| (at, &prose[at + found.len()..]))
        {
            let target = rest.split(')').next().unwrap_or_default();
            if target.contains("://") {
                continue;
            }
            count += 1;
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let directory = Path::new(&document).parent().expect("a directory");
            let path = match file {
                "" => document.clone(),
                file => directory.join(file).display().to_string(),
            };
            assert!(blocks::path_of(&path).exists(), "{document}: {target}");
            if !heading.is_empty() {
                let prose = blocks::prose_of(&path);
                let mut headings = prose.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|line| anchor(line) == heading),
                    "{document}: {target}"
                );
            }
        }
    }
    assert!(count > 50, "{count}");
}
