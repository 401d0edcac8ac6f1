//! botocore as a reader. One Python process reads many files.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
};

use daypass::shared_files::Kind;
use serde_json::{Value, json};

use crate::{
    presence::python_environment,
    reading::{File, Group, Listed, Place},
};

const READER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/readers/read_with_botocore.py"
);

/// Reads files, or nothing if there is no Python environment. A refusal is the name of Python's
/// exception and its text.
pub fn read<'f>(files: impl IntoIterator<Item = &'f File>) -> Option<Vec<Result<Listed, String>>> {
    let python = python_environment()?.join("python");
    let request: Value = files.into_iter().map(request).collect();
    let mut child = Command::new(python)
        .arg(READER)
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It answers when it has read everything, so neither waits for the other.
    stdin
        .write_all(request.to_string().as_bytes())
        .expect("Python reads");
    drop(stdin);
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "{output:?}");
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    Some(answers.iter().map(reading).collect())
}

fn request(file: &File) -> Value {
    let kind = match file.kind {
        Kind::Config => "config",
        Kind::Credentials => "credentials",
    };
    let bytes = file.bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    json!({"kind": kind, "bytes": bytes})
}

fn reading(answer: &Value) -> Result<Listed, String> {
    if let Some(refused) = answer["refused"].as_str() {
        return Err(refused.to_owned());
    }
    let list = |key: &str| answer[key].as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let name = |entry: &Value| {
        let group = match entry[0].as_str() {
            Some("profiles") => Group::Profile,
            Some("sso_sessions") => Group::SsoSession,
            _ => Group::Services,
        };
        (group, text(&entry[1]))
    };
    let place = |entry: &Value| Place {
        name: name(entry),
        key: text(&entry[2]),
        nested: entry[3].as_str().map(str::to_owned),
    };
    Ok(Listed {
        names: list("names").iter().map(name).collect(),
        values: list("values")
            .iter()
            .map(|entry| (place(entry), text(&entry[4])))
            .collect(),
    })
}
