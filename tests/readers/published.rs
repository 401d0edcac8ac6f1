//! The cases that the AWS SDKs publish for their own parsers. They are read out of the package of
//! `aws-runtime`, so they are those of the version that daypass is built with.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use daypass::shared_files::Kind;
use serde_json::Value;

use crate::{
    botocore, ours,
    reading::{File, Group, Listed, Reading, disagreements},
    sdk,
};

/// Where daypass reads a published case otherwise, on purpose: the case, what differs, and why.
/// The table in ARCHITECTURE.md has the same reasons.
const DELIBERATE: &[(&str, &str, &str)] = &[
    (
        "Profile names support alphanumeric characters and - / . % @ _ : +",
        r#"(Profile, "foo!bar") should not be there"#,
        "the AWS CLI and boto3 take profiles of any name",
    ),
    (
        "Invalid profile names are ignored.",
        r#"(Profile, "in valid 2") should not be there; (Profile, "in valid 2") "name2" is Some("value2") instead of None"#,
        "the AWS CLI and boto3 take profiles of any name",
    ),
    (
        "Property definitions must contain an equals sign.",
        "accepted",
        "the AWS CLI and boto3 read `key: value`",
    ),
    (
        "Invalid property names are ignored.",
        r#"(Profile, "foo") "in valid" is Some("value") instead of None"#,
        "the AWS CLI and boto3 read settings of any name; nobody asks for this one",
    ),
];

struct Case {
    name: String,
    files: Vec<File>,
    /// What the SDKs read, or that they refuse.
    expected: Option<Listed>,
}

fn cases() -> Vec<Case> {
    let path = package().join("test-data/profile-parser-tests.json");
    let text = fs::read_to_string(&path).expect("the published cases");
    let published: Value = serde_json::from_str(&text).expect("JSON");
    let cases: Vec<Case> = published["tests"]
        .as_array()
        .expect("a list of cases")
        .iter()
        .map(case)
        .collect();
    assert!(cases.len() >= 65, "only {} cases in {path:?}", cases.len());
    cases
}

/// Where cargo keeps the source of `aws-runtime`.
fn package() -> std::path::PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .args([
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "aws-runtime")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("aws-runtime is in the tree");
    Path::new(manifest).parent().expect("a directory").into()
}

fn case(case: &Value) -> Case {
    let file = |key: &str, kind| {
        case["input"][key].as_str().map(|text| File {
            kind,
            bytes: text.into(),
        })
    };
    let files = [
        file("configFile", Kind::Config),
        file("credentialsFile", Kind::Credentials),
    ];
    let output = &case["output"];
    assert!(
        output["config"].is_object() || output["errorContaining"].is_string(),
        "{case}"
    );
    Case {
        name: case["name"].as_str().expect("a name").to_owned(),
        files: files.into_iter().flatten().collect(),
        expected: output["config"]
            .is_object()
            .then(|| expected(&output["config"])),
    }
}

fn expected(config: &Value) -> Listed {
    let mut listed = Listed::default();
    for (group, key) in [
        (Group::Profile, "profiles"),
        (Group::SsoSession, "sso_sessions"),
    ] {
        for (section, settings) in config[key].as_object().into_iter().flatten() {
            let name = (group, section.clone());
            for (key, value) in settings.as_object().expect("settings") {
                listed.add(&name, key, value.as_str().expect("a string"));
            }
            listed.names.insert(name);
        }
    }
    listed
}

/// daypass's reading of a case: both files, the credentials file laid over the other. What it
/// cannot list it is asked for.
fn our_reading(case: &Case) -> Option<Listed> {
    let mut listed = Listed::default();
    for file in &case.files {
        let document = ours::read(file).ok()?;
        let mut of_file = document.listed();
        for name in case.expected.iter().flat_map(|expected| &expected.names) {
            if document.has(name) == Some(true) {
                of_file.names.insert(name.clone());
            }
        }
        for place in case
            .expected
            .iter()
            .flat_map(|expected| expected.values.keys())
        {
            if let Some(value) = document.value(place) {
                of_file.values.insert(place.clone(), value);
            }
        }
        listed.merge(of_file);
    }
    Some(listed)
}

fn difference(case: &Case) -> Option<String> {
    match (&case.expected, our_reading(case)) {
        (None, None) => None,
        (None, Some(_)) => Some("accepted".to_owned()),
        (Some(_), None) => Some("refused".to_owned()),
        (Some(expected), Some(read)) => {
            let differences = disagreements(expected, expected, &read);
            (!differences.is_empty()).then(|| differences.join("; "))
        }
    }
}

#[test]
fn the_sdks_own_cases_are_read_as_published_or_differ_as_documented() {
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let documented = DELIBERATE.iter().find(|(name, ..)| *name == case.name);
        let documented = documented.map(|(_, difference, _)| (*difference).to_owned());
        let found = difference(case);
        if found != documented {
            wrong.push(format!(
                "{:?}: {found:?} instead of {documented:?}",
                case.name
            ));
        }
    }
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    for (name, ..) in DELIBERATE {
        if !names.contains(name) {
            wrong.push(format!("{name:?} is no published case"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// If this fails, it is the test's way of asking the SDK that is wrong.
#[test]
fn the_sdk_reads_its_own_cases_as_published() {
    for case in cases() {
        match (&case.expected, sdk::read(&case.files)) {
            (None, Err(_)) => {}
            (Some(expected), Ok(read)) => {
                assert_eq!(
                    disagreements(expected, expected, &read),
                    [""; 0],
                    "{}",
                    case.name
                );
            }
            (_, read) => panic!("{}: accepted: {}", case.name, read.is_ok()),
        }
    }
}

#[test]
fn where_botocore_agrees_with_a_published_case_so_does_daypass() {
    let cases = cases();
    let files = cases.iter().flat_map(|case| &case.files);
    let Some(readings) = botocore::read(files) else {
        return;
    };
    let mut readings = readings.into_iter();
    let mut agreed = 0;
    for case in &cases {
        let readings: Result<Vec<Listed>, String> =
            readings.by_ref().take(case.files.len()).collect();
        let botocore = readings.map(|readings| {
            readings
                .into_iter()
                .fold(Listed::default(), |mut all, one| {
                    all.merge(one);
                    all
                })
        });
        match (&case.expected, botocore, our_reading(case)) {
            (Some(expected), Ok(botocore), ours) => {
                let ours = ours.unwrap_or_else(|| panic!("{} is refused", case.name));
                let wrong = disagreements(expected, &botocore, &ours);
                assert_eq!(wrong, [""; 0], "{}", case.name);
                agreed += usize::from(disagreements(expected, expected, &botocore).is_empty());
            }
            (None, Err(_), ours) => {
                assert_eq!(ours, None, "{} is accepted", case.name);
                agreed += 1;
            }
            _ => {}
        }
    }
    assert!(agreed > 30, "they agree on {agreed} cases only");
}
