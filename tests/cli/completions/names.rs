//! The names that are offered are those that the program knows.

use std::{cell::Cell, fs, process::Command};

use daypass::{
    profile::{Files, ReadFile},
    shared_files::{Document, Kind, SharedFile},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};

use crate::{
    generated::completions::PROFILE_NAMES,
    support::{is_there, path_of},
};

/// Lines that are easily read in another way.
const LINES: &[&str] = &[
    "[default]",
    "[profile default]",
    "[ default ]",
    "[DEFAULT]",
    "[profile a]",
    "[profile a] # comment",
    "[profile a];comment]",
    "[profile a] text",
    "[profile a]b]",
    "[profile a]b] ; comment",
    "[profile [a]]",
    "[profile a]\r",
    "[profile a] \t",
    "[ profile a ]",
    "[ profile a b ]",
    "[profile  \t a]",
    "[profile a b]",
    "[profile \"a b\"]",
    "[profile 'a b']",
    "[profile 'it\"s']",
    "[profile \"a\"b]",
    "[profile \"\"]",
    "[profile \"]",
    "[profile a\\b]",
    "[profile \"a\\b\"]",
    "[profile a#b]",
    "[profile a;b] # c",
    "[profile]",
    "[profile ]",
    "[profiles a]",
    "[profile\ta]",
    "[profile a\tb]",
    "[profile \"a\tb\"]",
    "[profile a\x1b]",
    "[profile a\x7f]",
    "[profile zoë]",
    "[profile $(a)]",
    "[profile -a]",
    "[sso-session a]",
    "[services a]",
    "[a]",
    "[ a ]",
    "[ a b ]",
    "[a b]",
    "[a=b:c]",
    "['a']",
    "[b]",
    "[b-long-term]",
    "[profile b-long-term]",
    "[-long-term]",
    "[a-mfa]",
    "[profile a-mfa]",
    "[]",
    "[ ]",
    "[open",
    "[open # ]",
    "daypass_mfa_time = 2026-11-22T09:31:04Z",
    "DAYPASS_MFA_TIME:x",
    "daypass_mfa_time =",
    "daypass_mfa_time_too = x",
    "daypass_long_term_section = b-long-term",
    "daypass_long_term_section = b-long-term ; comment",
    "Daypass_Long_Term_Section=a#b",
    "daypass_long_term_section: a",
    "daypass_long_term_section = a",
    "daypass_long_term_section =",
    "daypass_session_section = a",
    "MFA_Serial: GAHT12345678",
    "role_arn =",
    "role_arn = # none",
    "source_profile = a",
    "region = eu-west-1",
    "s3 =",
    "  daypass_mfa_time = nested",
    "\tmore",
    "# [profile comment]",
    "  # [profile comment]",
    "",
];

#[test]
fn the_names_are_those_that_the_program_knows() {
    if !is_there("awk") {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let (config, credentials) = (
        directory.path().join("config"),
        directory.path().join("credentials"),
    );
    let lines = || vec(select(LINES), 0..12).prop_map(|lines| lines.join("\n"));
    for awk in awks() {
        let compared = Cell::new(0);
        let mut runner = TestRunner::new(Config {
            failure_persistence: None,
            ..Config::with_cases(400)
        });
        let result = runner.run(&(lines(), lines()), |(of_config, of_credentials)| {
            fs::write(&config, &of_config).expect("a file");
            fs::write(&credentials, &of_credentials).expect("a file");
            // The program says what is wrong with a file that cannot be read.
            let Some(expected) = expected(&of_config, &of_credentials) else {
                return Ok(());
            };
            let output = Command::new(awk[0])
                .args(&awk[1..])
                .arg(PROFILE_NAMES)
                .env_clear()
                .env("LC_ALL", "C")
                .env("AWS_CONFIG_FILE", &config)
                .env("AWS_SHARED_CREDENTIALS_FILE", &credentials)
                .output()
                .expect("awk runs");
            let names = String::from_utf8(output.stdout).expect("text");
            let names: Vec<_> = names.lines().collect();
            prop_assert_eq!(&names, &expected, "{:?}", awk);
            prop_assert_eq!(output.stderr, b"");
            compared.set(compared.get() + usize::from(!expected.is_empty()));
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
        assert!(compared.get() > 50, "{} compared only", compared.get());
    }
}

/// Whatever is called awk somewhere.
fn awks() -> Vec<Vec<&'static str>> {
    [
        vec!["awk"],
        vec!["mawk"],
        vec!["gawk"],
        vec!["original-awk"],
        vec!["busybox", "awk"],
    ]
    .into_iter()
    .filter(|awk| path_of(awk[0]).is_some())
    .collect()
}

fn expected(config: &str, credentials: &str) -> Option<Vec<String>> {
    let files = Files {
        config: read(Kind::Config, config)?,
        credentials: read(Kind::Credentials, credentials)?,
    };
    let mut names = files.profile_names();
    names.retain(|name| !name.starts_with('-'));
    Some(names)
}

fn read(kind: Kind, text: &str) -> Option<ReadFile> {
    Some(ReadFile {
        file: SharedFile {
            path: "file".into(),
            kind,
        },
        document: Document::parse(kind, text.as_bytes().to_vec()).ok()?,
    })
}
