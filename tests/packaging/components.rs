//! The list of components: that nothing which is linked into the program is left out of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    path::Path,
    process::Command,
};

use serde_json::Value;

use crate::presence::tool;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A crate's name and version.
type Crate = (String, String);

/// What cargo links into the program on this machine, or runs to compile it as a macro; the program itself apart.
fn linked() -> BTreeSet<Crate> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--edges", "normal", "--locked", "--offline"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(ROOT)
        .output()
        .expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let listed = String::from_utf8(output.stdout).expect("text");
    let words = listed.lines().map(|line| line.split(' '));
    words
        .filter_map(|mut words| Some((words.next()?, words.next()?.strip_prefix('v')?)))
        .filter(|(name, _)| *name != env!("CARGO_PKG_NAME"))
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect()
}

/// The list that a release has, made by the script that a release is made with.
fn list_of_components(cargo_cyclonedx: &Path) -> Value {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("components.json");
    let beside = cargo_cyclonedx.parent().expect("a directory");
    let path = env::var_os("PATH").expect("PATH");
    let path = env::join_paths(
        [beside.to_owned()]
            .into_iter()
            .chain(env::split_paths(&path)),
    );
    let output = Command::new(Path::new(ROOT).join("packaging/components"))
        .arg(&file)
        .env("PATH", path.expect("directories"))
        .env("SOURCE_DATE_EPOCH", "1234567890")
        .output()
        .expect("the script starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&std::fs::read(file).expect("the list")).expect("JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn the_list_of_components_has_every_crate_that_is_linked_in_with_its_licence_and_its_place() {
    let Some(cargo_cyclonedx) = tool("cargo-cyclonedx") else {
        return;
    };
    let list = list_of_components(&cargo_cyclonedx);

    assert_eq!(text(&list, "bomFormat"), "CycloneDX");
    let program = &list["metadata"]["component"];
    assert_eq!(text(program, "name"), "daypass");
    assert_eq!(text(program, "version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(text(program, "type"), "application");

    let components: BTreeMap<Crate, &Value> = list["components"]
        .as_array()
        .expect("components")
        .iter()
        .map(|it| ((text(it, "name").into(), text(it, "version").into()), it))
        .collect();
    for (name, version) in linked() {
        let component = components
            .get(&(name.clone(), version.clone()))
            .unwrap_or_else(|| panic!("no {name} {version}"));
        assert_eq!(
            text(component, "purl"),
            format!("pkg:cargo/{name}@{version}")
        );
        assert_ne!(text(&component["licenses"][0], "expression"), "", "{name}");
        assert_eq!(text(&component["hashes"][0], "content").len(), 64, "{name}");
    }
}

#[test]
fn the_list_of_components_is_the_same_each_time_and_says_nothing_of_where_it_was_made() {
    let Some(cargo_cyclonedx) = tool("cargo-cyclonedx") else {
        return;
    };
    let list = list_of_components(&cargo_cyclonedx);
    // Each is made in a directory of its own.
    assert_eq!(list, list_of_components(&cargo_cyclonedx));

    assert_eq!(list.get("serialNumber"), None);
    assert_eq!(
        text(&list["metadata"], "timestamp"),
        "2009-02-13T23:31:30.000000000Z"
    );
    let written = list.to_string();
    for place in [ROOT, env::temp_dir().to_str().expect("text")] {
        assert!(!written.contains(&format!("{place}/")), "{place}");
    }
}
