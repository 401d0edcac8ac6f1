//! Man pages: what clap knows of a command, and what a person looks for in a man page besides.

use std::collections::BTreeMap;

use clap::Command;
use clap_mangen::Man;

use crate::support::is_there;

/// The files of every command.
const FILES: &[(&str, &str)] = &[
    (
        "~/.aws/config",
        "The profiles. AWS_CONFIG_FILE names another file.",
    ),
    (
        "~/.aws/credentials",
        "Long-term keys that are in no keychain, and the cached sessions. AWS_SHARED_CREDENTIALS_FILE names \
         another file.",
    ),
    (
        "~/.aws/daypass/",
        "One small file for each long-term key, without secrets: whose turn it is to ask for a code.",
    ),
];

/// The examples of the page about all commands.
const FIRST_DAYS: &str = "\
daypass setup work
daypass login work
aws s3 ls --profile work
daypass status
daypass doctor";

/// The variables of every command.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("AWS_PROFILE", "The profile, if none is named."),
    (
        "AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE",
        "Where the two files are.",
    ),
    (
        "AWS_REGION, AWS_DEFAULT_REGION",
        "The region, if the profile names none.",
    ),
    (
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY",
        "A long-term key, if no profile is named and no file has one.",
    ),
    ("AWS_MFA_SERIAL", "The MFA device, if no file names one."),
    (
        "AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_IAM",
        "Where AWS is asked instead of at its own addresses.",
    ),
    (
        "AWS_CA_BUNDLE",
        "Certificates to trust instead of the system's.",
    ),
    (
        "HTTPS_PROXY, NO_PROXY",
        "The proxy on the way to AWS, and what is reached without it.",
    ),
    ("NO_COLOR", "No colours, if it is set."),
];

/// Variables that one command reads.
const MORE_ENVIRONMENT: &[(&str, &str, &str)] = &[
    (
        "console",
        "BROWSER",
        "The program that opens the address; several with a colon between them are tried in turn.",
    ),
    (
        "exec",
        "SHELL",
        "The shell that is started where no command is given.",
    ),
    (
        "exec",
        "DAYPASS_PROFILE",
        "Set for such a shell, to the name of the profile.",
    ),
    (
        "setup",
        "AWS_VAULT",
        "Set by aws-vault exec: the profile whose key it lends.",
    ),
];

/// How every command ends.
const EXIT_STATUS: &[(&str, &str)] = &[
    ("0", "Done."),
    ("1", "Failed."),
    ("2", "Wrong usage."),
    ("3", "A code is needed, and nobody can be asked."),
    ("4", "AWS refused."),
    ("5", "The network, or what stands in it."),
];

/// How single commands end besides.
const MORE_EXIT_STATUS: &[(&str, &str, &str)] = &[
    ("doctor", "1", "A check has failed, or doctor itself has."),
    ("status", "10", "There is no valid session (--check)."),
    (
        "audit",
        "10",
        "There are findings of the severity of --fail-on, or above.",
    ),
    (
        "check",
        "10",
        "Somebody can do without MFA what takes MFA, or past the age of --max-age.",
    ),
    (
        "exec",
        "126",
        "The command cannot be executed; any other status is its own.",
    ),
    ("exec", "127", "There is no such command."),
];

/// Renders the pages of a tree of commands, by file name.
pub fn render(command: &Command) -> BTreeMap<String, Vec<u8>> {
    let mut command = command.clone().disable_help_subcommand(true);
    command.build();
    let mut rendered = BTreeMap::new();
    render_below(&command, &mut rendered);
    rendered
}

fn render_below(command: &Command, rendered: &mut BTreeMap<String, Vec<u8>>) {
    for subcommand in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        render_below(subcommand, rendered);
    }
    let notes = command.get_after_long_help().map(ToString::to_string);
    let bare = command
        .clone()
        .after_long_help(clap::builder::Resettable::Reset);
    let man = Man::new(bare).manual("daypass").source("daypass");
    let mut bytes = Vec::new();
    man.render(&mut bytes).expect("a man page");
    let mut page = without_version(&String::from_utf8(bytes).expect("text"));
    let (notes, mut examples) = take_apart(notes.as_deref().unwrap_or_default());
    if command.get_name() == "daypass" {
        examples = FIRST_DAYS.to_owned();
    }
    page += &as_it_stands("NOTES", &notes);
    page += &as_it_stands("EXAMPLES", &examples);
    let name = command.get_name();
    page += &list("FILES", FILES.iter().copied());
    page += &list("ENVIRONMENT", with(ENVIRONMENT, MORE_ENVIRONMENT, name));
    page += &list("EXIT STATUS", exit_status(name).into_iter());
    page += &see_also(command);
    rendered.insert(man.get_filename(), page.into_bytes());
}

/// The version has a place of its own, in the last line of each page.
fn without_version(page: &str) -> String {
    let version = format!(".SH VERSION\nv{}\n", env!("CARGO_PKG_VERSION"));
    let page = page.replace(&version, "");
    let source = concat!("daypass ", env!("CARGO_PKG_VERSION"));
    let date = release_date();
    let mut lines: Vec<String> = page
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    for line in &mut lines {
        if let Some(rest) = line.strip_prefix(".TH ") {
            let name = rest.split(' ').next().unwrap_or_default().to_uppercase();
            *line = format!(".TH {name} 1 \"{date}\" \"{source}\" \"daypass\"");
        }
    }
    // The generator asks for an empty line by an empty line, which is none of man's.
    let page = lines.join("\n") + "\n";
    page.replace("\n.br\n\n.br\n", "\n.sp\n")
}

/// The date of the version, which the change log has once it is released: a page is the same whenever it is rendered.
fn release_date() -> &'static str {
    let heading = concat!("## ", env!("CARGO_PKG_VERSION"));
    let mut lines = include_str!("../../../CHANGELOG.md").lines();
    let words = lines.find_map(|line| line.strip_prefix(heading)?.split_whitespace().last());
    words.unwrap_or_default()
}

/// What is said below the options: the notes, and the examples, which come last. The exit codes have a section of
/// their own.
fn take_apart(text: &str) -> (String, String) {
    let (before, codes) = text.split_once("Exit codes:\n").unwrap_or((text, ""));
    let after = codes.split_once("\n\n").map_or("", |(_, after)| after);
    let text = &(before.to_owned() + after);
    let heading = "Examples:\n";
    match text.find(heading) {
        Some(at) => {
            let examples = &text[at + heading.len()..];
            let examples = examples
                .lines()
                .map(|line| line.strip_prefix("  ").unwrap_or(line));
            let examples: Vec<&str> = examples.collect();
            (text[..at].trim_end().to_owned(), examples.join("\n"))
        }
        None => (text.trim_end().to_owned(), String::new()),
    }
}

/// A section whose lines stay as they are: the generator would fill them like a paragraph.
fn as_it_stands(title: &str, text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let lines: String = text
        .trim_end()
        .lines()
        .map(|line| format!("\\&{}\n", escaped(line)))
        .collect();
    format!(".SH {title}\n.nf\n{lines}.fi\n")
}

fn list<'a>(title: &str, entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut section = format!(".SH \"{title}\"\n");
    for (term, text) in entries {
        section += &format!(".TP\n\\fB{}\\fR\n{}\n", escaped(term), escaped(text));
    }
    section
}

fn with<'a>(
    all: &'a [(&'a str, &'a str)],
    more: &'a [(&'a str, &'a str, &'a str)],
    name: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let own = more.iter().filter(move |(command, ..)| *command == name);
    all.iter()
        .copied()
        .chain(own.map(|(_, term, text)| (*term, *text)))
}

/// The codes of a command, its own words for one before those of all.
fn exit_status(name: &str) -> Vec<(&str, &str)> {
    let mut codes: Vec<(&str, &str)> = with(EXIT_STATUS, MORE_EXIT_STATUS, name).collect();
    if name == "daypass" {
        codes.extend(
            MORE_EXIT_STATUS
                .iter()
                .skip(1)
                .map(|(_, code, text)| (*code, *text)),
        );
    }
    let mut shown: Vec<(&str, &str)> = Vec::new();
    for (code, text) in codes {
        match shown.iter_mut().find(|(known, _)| *known == code) {
            Some(known) => known.1 = text,
            None => shown.push((code, text)),
        }
    }
    shown
}

fn see_also(command: &Command) -> String {
    let mut pages: Vec<String> = Vec::new();
    let words = command.get_display_name().unwrap_or(command.get_name());
    if words != "daypass" {
        pages.push("daypass(1)".to_owned());
    }
    for other in ["setup", "login", "status", "doctor"] {
        let page = format!("daypass-{other}");
        if page != words {
            pages.push(format!("{page}(1)"));
        }
    }
    format!(".SH \"SEE ALSO\"\n{}\n", escaped(&pages.join(", ")))
}

fn escaped(line: &str) -> String {
    line.replace('\\', "\\e").replace('-', "\\-")
}

#[test]
fn every_man_page_is_read_without_a_warning() {
    // Before a release there is no date.
    let is_known =
        |line: &str| line.ends_with("missing date, using \"\": TH") && release_date().is_empty();
    let pages = render(&daypass::cli::command());
    let directory = tempfile::tempdir().expect("a directory");
    for (name, page) in &pages {
        let path = directory.path().join(name);
        std::fs::write(&path, page).expect("a page");
        for (program, arguments) in [
            ("mandoc", &["-T", "lint", "-W", "warning"][..]),
            ("groff", &["-man", "-Tutf8", "-ww", "-z"]),
        ] {
            if !is_there(program) {
                continue;
            }
            let output = std::process::Command::new(program)
                .args(arguments)
                .arg(&path)
                .output()
                .expect("it runs");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            let said: Vec<&str> = said.lines().filter(|line| !is_known(line)).collect();
            assert!(said.is_empty(), "{program}: {said:#?}");
        }
    }
}

#[test]
fn every_man_page_has_the_sections_that_people_look_for() {
    for (name, page) in render(&daypass::cli::command()) {
        let page = String::from_utf8(page).expect("text");
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "EXAMPLES",
            "FILES",
            "ENVIRONMENT",
            "EXIT STATUS",
        ] {
            let plain = page.contains(&format!(".SH {section}\n"));
            assert!(
                plain || page.contains(&format!(".SH \"{section}\"\n")),
                "{name}: {section}"
            );
        }
    }
}
