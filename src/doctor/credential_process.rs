//! The `credential_process` line: whether the SDKs can run it, and what it then gives them.

use std::path::{Path, PathBuf};

use super::{
    Finding, Subject, Survey,
    inquiry::Inquiry,
    process_run::{Answer, Outcome, Run},
    word,
};
use crate::{
    profile::{Files, Place},
    setup::Short,
    terminal::excerpt,
    time,
};

const CHECK: &str = "credential-process";

/// What a `credential_process` line is, to somebody who runs it without a shell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It runs a daypass.
    Daypass(Command),
    /// It runs something else.
    Other(PathBuf),
    /// It cannot be run by all SDKs.
    Broken(Mistake),
}

/// A line that runs a daypass.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// The program, with its full path.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: Vec<String>,
    /// The profile whose session it hands out.
    pub(super) profile: Option<String>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mistake {
    /// A quote is not closed.
    Unclosed,
    /// It begins with `~`, or has a variable in it.
    Unexpanded(String),
    /// The program has no full path.
    Relative(String),
    /// Blanks in the path are not in quotes.
    Unquoted(PathBuf),
    /// The program is run for something else.
    NotForCredentials,
}

/// Reads a line as botocore does: split like a shell would, and nothing expanded.
pub(super) fn parse(line: &str, is_file: impl Fn(&Path) -> bool) -> Line {
    let Some(words) = shlex::split(line).filter(|words| !words.is_empty()) else {
        return Line::Broken(Mistake::Unclosed);
    };
    if let Some(word) = words
        .iter()
        .find(|word| word.starts_with("~/") || word.starts_with('$'))
    {
        return Line::Broken(Mistake::Unexpanded(word.clone()));
    }
    let program = PathBuf::from(&words[0]);
    if !program.is_absolute() {
        return Line::Broken(Mistake::Relative(words[0].clone()));
    }
    if !is_file(&program)
        && let Some(path) = path_with_blanks(line, is_file)
    {
        return Line::Broken(Mistake::Unquoted(path));
    }
    let is_daypass = program.file_stem().is_some_and(|stem| stem == "daypass");
    if !is_daypass {
        return Line::Other(program);
    }
    let arguments = words[1..].to_vec();
    if !arguments
        .iter()
        .any(|argument| argument == "credential-process")
    {
        return Line::Broken(Mistake::NotForCredentials);
    }
    Line::Daypass(Command {
        profile: profile_of(&arguments),
        program,
        arguments,
    })
}

/// A file whose name the line would begin with, if the blanks in it were quoted.
fn path_with_blanks(line: &str, is_file: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let blanks = line.match_indices(' ').map(|(at, _)| at);
    blanks
        .skip(1)
        .map(|at| PathBuf::from(&line[..at]))
        .find(|path| is_file(path))
}

fn profile_of(arguments: &[String]) -> Option<String> {
    let mut words = arguments.iter();
    let mut found = None;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-p" | "--profile" => return words.next().cloned(),
            "--color" => {
                words.next();
            }
            "credential-process" => {}
            other => match other.strip_prefix("--profile=") {
                Some(name) => return Some(name.to_owned()),
                None if other.starts_with('-') => {}
                None => found = Some(other.to_owned()),
            },
        }
    }
    found
}

/// The line of a profile, and where it is.
pub(super) fn line_of(files: &Files, profile: &str) -> Option<(Line, Place)> {
    let read = &files.config;
    let value = read.value(profile, "credential_process").ok()??;
    let line = parse(&value.text, Path::is_file);
    Some((line, Place::Line(read.file.path.clone(), value.line)))
}

pub(super) fn check(survey: &Survey, subject: &Subject, inquiry: &Inquiry) -> Vec<Finding> {
    let name = &subject.name;
    let Some((line, place)) = line_of(&survey.files, name) else {
        return Vec::from_iter(missing(survey, subject));
    };
    match line {
        Line::Broken(mistake) => vec![mistaken(&mistake, &place, name)],
        Line::Other(program) if !crate::program::is_executable(&program) => {
            vec![not_executable(&program, &place, name)]
        }
        Line::Other(program) => vec![Finding::ok(
            CHECK,
            format!(
                "credential_process runs {}, which is no daypass and was not tried",
                Short(&program)
            ),
        )],
        Line::Daypass(command) => of_daypass(&command, &place, name, inquiry),
    }
}

/// A profile of which AWS tools do not know that daypass serves it.
fn missing(survey: &Survey, subject: &Subject) -> Option<Finding> {
    let profile = subject.profile.as_ref().ok()?;
    let is_classic = profile.session_section == subject.name;
    let says = |key| {
        survey
            .files
            .config
            .value(&subject.name, key)
            .is_ok_and(|value| value.is_some())
    };
    // Of keys of its own, which AWS tools use, another check tells.
    let own_keys = survey
        .files
        .credentials
        .value(&subject.name, "aws_access_key_id");
    let has_keys = own_keys.is_ok_and(|value| value.is_some());
    if is_classic || has_keys || !profile.roles.is_empty() || says("source_profile") {
        return None;
    }
    Some(
        Finding::warn(CHECK, "it has no credential_process")
            .meaning("AWS tools do not ask daypass for this profile; daypass exec and daypass env serve it all the same")
            .mend(format!("daypass setup {}", word(&subject.name))),
    )
}

fn mistaken(mistake: &Mistake, place: &Place, name: &str) -> Finding {
    let written = format!("daypass setup {}, which writes the line", word(name));
    let (what, meaning, mend) = match mistake {
        Mistake::Unclosed => (
            "credential_process has a quote that is not closed, or is empty".to_owned(),
            "no AWS tool can run it",
            written,
        ),
        Mistake::Unexpanded(_) => (
            "credential_process has a ~ or a variable in it".to_owned(),
            "the AWS CLI and boto3 run it without a shell, which expands neither",
            written,
        ),
        Mistake::Relative(program) => (
            format!(
                "credential_process names {} without its full path",
                excerpt(program)
            ),
            "each AWS tool looks for it on its own PATH: IDEs and services have another one than your shell",
            written,
        ),
        Mistake::Unquoted(path) => (
            format!(
                "the path in credential_process has blanks and no quotes: {}",
                path.display()
            ),
            "AWS tools take what is before the first blank for the program",
            format!("put it in double quotes: \"{}\"", path.display()),
        ),
        Mistake::NotForCredentials => (
            "credential_process runs daypass without the command credential-process".to_owned(),
            "what it prints is not what AWS tools expect",
            written,
        ),
    };
    let finding = Finding::fail(CHECK, format!("{what} ({place})"));
    let finding = match mistake {
        Mistake::Relative(_) => Finding::warn(CHECK, finding.what),
        _ => finding,
    };
    finding.meaning(meaning).mend(mend)
}

fn not_executable(program: &Path, place: &Place, name: &str) -> Finding {
    let what = match program.exists() {
        true => "cannot be executed",
        false => "is not there",
    };
    Finding::fail(
        CHECK,
        format!(
            "credential_process runs {}, which {what} ({place})",
            program.display()
        ),
    )
    .meaning("no AWS tool gets credentials for this profile")
    .mend(format!(
        "daypass setup {}, which writes the line",
        word(name)
    ))
}

fn of_daypass(command: &Command, place: &Place, name: &str, inquiry: &Inquiry) -> Vec<Finding> {
    if !crate::program::is_executable(&command.program) {
        return vec![not_executable(&command.program, place, name)];
    }
    let mut findings = Vec::new();
    if let Some(other) = command.profile.as_deref().filter(|other| *other != name) {
        findings.push(
            Finding::warn(
                CHECK,
                format!(
                    "credential_process hands out the session of '{}' ({place})",
                    excerpt(other)
                ),
            )
            .meaning(format!(
                "AWS tools that use '{name}' work as '{}'",
                excerpt(other)
            ))
            .mend(format!(
                "daypass setup {}, unless that is meant",
                word(name)
            )),
        );
    }
    match inquiry.runs.get(name) {
        None => findings.push(Finding::not_checked(
            CHECK,
            "credential_process was not run: without a session it asks AWS for one",
        )),
        Some(run) => {
            findings.extend(other_version(command, run));
            findings.push(judge(&run.outcome, name));
        }
    }
    findings
}

fn other_version(command: &Command, run: &Run) -> Option<Finding> {
    let own = env!("CARGO_PKG_VERSION");
    let program = Short(&command.program);
    let version = run.version.as_deref();
    if run.is_this_program {
        return None;
    }
    let what = match version {
        Some(version) if version == own => {
            format!("credential_process runs another daypass, {program}, of the same version {own}")
        }
        Some(version) => {
            format!("credential_process runs daypass {version}, {program}, and this is {own}")
        }
        None => format!(
            "credential_process runs another daypass, {program}, which does not tell its version"
        ),
    };
    Some(
        Finding::warn(CHECK, what)
            .meaning("what you see here is not what AWS tools get")
            .mend("daypass setup, with the one that is to stay, writes its path; remove the other"),
    )
}

fn judge(outcome: &Outcome, name: &str) -> Finding {
    let log_in = format!("daypass login {}", word(name));
    match outcome {
        Outcome::NotStarted(error) => Finding::fail(
            CHECK,
            format!("credential_process cannot be started: {error}"),
        )
        .meaning("no AWS tool gets credentials for this profile")
        .mend(format!(
            "daypass setup {}, which writes the line",
            word(name)
        )),
        Outcome::TimedOut(after) => Finding::fail(
            CHECK,
            format!(
                "credential_process did not end within {} s",
                after.as_secs()
            ),
        )
        .meaning("SDKs give up after 20 to 60 seconds")
        .mend(format!("{log_in} -vv shows what it waits for")),
        Outcome::Ended { code: Some(3), .. } => Finding::ok(
            CHECK,
            format!("credential_process runs; there is no session now: {log_in}"),
        ),
        Outcome::Ended {
            code: Some(0),
            answer,
            ..
        } => match answer {
            Ok(answer) => judge_answer(answer, &log_in),
            Err(reason) => Finding::fail(
                CHECK,
                format!("credential_process prints what AWS tools do not understand: {reason}"),
            )
            .meaning("no AWS tool gets credentials for this profile")
            .mend(format!(
                "daypass setup {}, which writes the line",
                word(name)
            )),
        },
        Outcome::Ended { message, .. } => {
            let message = if message.is_empty() {
                "it does not say why"
            } else {
                message
            };
            Finding::fail(CHECK, format!("credential_process fails: {message}"))
                .meaning("AWS tools get no credentials for this profile")
                .mend(log_in)
        }
    }
}

fn judge_answer(answer: &Answer, log_in: &str) -> Finding {
    let now = time::now();
    if answer.expiration <= now {
        return Finding::fail(
            CHECK,
            "credential_process hands out credentials that have ended",
        )
        .meaning("the AWS CLI and boto3 fail with RuntimeError")
        .mend(format!("{log_in} --force"));
    }
    Finding::ok(
        CHECK,
        format!(
            "credential_process works: credentials until {}",
            time::render_local(answer.expiration, now)
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::{io, time::Duration};

    use chrono::TimeDelta;

    use super::*;
    use crate::doctor::Level;

    fn parsed(line: &str) -> Line {
        parse(line, |path| {
            path == Path::new("/opt/a b/daypass") || path == Path::new("/bin/daypass")
        })
    }

    #[test]
    fn a_line_is_read_as_without_a_shell() {
        let broken = |mistake| Line::Broken(mistake);
        for (line, expected) in [
            (
                "~/bin/daypass credential-process work",
                broken(Mistake::Unexpanded("~/bin/daypass".into())),
            ),
            (
                "$HOME/daypass credential-process work",
                broken(Mistake::Unexpanded("$HOME/daypass".into())),
            ),
            (
                "daypass credential-process work",
                broken(Mistake::Relative("daypass".into())),
            ),
            (
                "\"/bin/daypass credential-process work",
                broken(Mistake::Unclosed),
            ),
            (
                "/opt/a b/daypass credential-process work",
                broken(Mistake::Unquoted("/opt/a b/daypass".into())),
            ),
            (
                "/bin/daypass login work",
                broken(Mistake::NotForCredentials),
            ),
            (
                "/usr/bin/aws-vault export --format=json work",
                Line::Other("/usr/bin/aws-vault".into()),
            ),
        ] {
            assert_eq!(parsed(line), expected, "{line}");
        }
    }

    #[test]
    fn a_line_that_every_sdk_can_run_is_in_order() {
        for (line, profile) in [
            ("/bin/daypass credential-process work", Some("work")),
            (
                "\"/opt/a b/daypass\" credential-process \"my work\"",
                Some("my work"),
            ),
            (
                "'/opt/a b/daypass' credential-process -p work",
                Some("work"),
            ),
            (
                "/bin/daypass credential-process --profile=work",
                Some("work"),
            ),
            (
                "/bin/daypass --no-prompt --color never credential-process work",
                Some("work"),
            ),
            ("/bin/daypass credential-process", None),
            // What is in single quotes is no variable of a shell, and this is no home directory.
            ("/bin/daypass credential-process a~b", Some("a~b")),
        ] {
            match parsed(line) {
                Line::Daypass(command) => assert_eq!(command.profile.as_deref(), profile, "{line}"),
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_run_is_judged_by_what_aws_tools_make_of_it() {
        let answer = |seconds| Answer {
            expiration: time::now() + TimeDelta::seconds(seconds),
        };
        let ended = |code, answer| Outcome::Ended {
            code: Some(code),
            answer,
            message: "AWS refused".to_owned(),
        };
        for (outcome, level) in [
            (ended(0, Ok(answer(3_600))), Level::Ok),
            (ended(0, Ok(answer(-1))), Level::Fail),
            (ended(0, Err("it is no JSON")), Level::Fail),
            (ended(3, Err("it is no JSON")), Level::Ok),
            (ended(1, Err("it is no JSON")), Level::Fail),
            (ended(4, Ok(answer(3_600))), Level::Fail),
            (Outcome::TimedOut(Duration::from_secs(45)), Level::Fail),
            (
                Outcome::NotStarted(io::ErrorKind::PermissionDenied.into()),
                Level::Fail,
            ),
        ] {
            let finding = judge(&outcome, "work");
            assert_eq!(finding.level, level, "{finding:?}");
            assert_eq!(finding.mend.is_some(), level == Level::Fail, "{finding:?}");
        }
    }

    #[test]
    fn another_daypass_is_told_by_its_version() {
        let Line::Daypass(command) = parsed("/bin/daypass credential-process work") else {
            panic!("no daypass");
        };
        let own = env!("CARGO_PKG_VERSION");
        for (version, said) in [
            (Some(own), "of the same version"),
            (Some("9.9.9"), "runs daypass 9.9.9"),
            (None, "does not tell its version"),
        ] {
            let run = Run {
                is_this_program: false,
                version: version.map(str::to_owned),
                outcome: Outcome::TimedOut(Duration::ZERO),
            };
            let finding = other_version(&command, &run).unwrap();
            assert!(finding.what.contains(said), "{finding:?}");
            assert!(finding.level == Level::Warn && finding.mend.is_some());
        }
    }
}
