//! The licences and notices of the crates that are linked in, which go with the program.

use std::{fs, path::Path, process::Command};

/// Those whose packages have no text of a licence, but only its name.
const WITHOUT_A_TEXT: &[&str] = &["base64-simd", "pratt", "vsimd"];

#[test]
fn the_notices_have_the_text_of_each_crate_that_is_linked_in_and_each_text_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("NOTICES");
    let output = Command::new(root.join("packaging/notices"))
        .arg(&file)
        .output()
        .expect("the script starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let notices = fs::read(&file).expect("the notices");
    let notices = String::from_utf8_lossy(&notices);

    let line = "=".repeat(99);
    let mut parts = notices.split(&line);
    let listed: Vec<(&str, &str)> = parts
        .next()
        .expect("a list")
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.split_once(": "))
        .collect();
    // With some of what surely is in the program; how many there are changes.
    assert!(listed.len() > 100, "{listed:?}");
    for known in ["ring-", "rustls-", "tokio-", "serde_json-"] {
        assert!(listed.iter().any(|(name, _)| name.starts_with(known)));
    }

    let mut texts: Vec<&str> = Vec::new();
    let mut with_a_text: Vec<&str> = Vec::new();
    for part in parts {
        let part = part.trim_start().strip_prefix("This comes with\n\n");
        let (crates, text) = part.expect("crates").split_once("\n\n").expect("a text");
        assert!(!text.trim().is_empty(), "{crates}");
        texts.push(text);
        with_a_text.extend(crates.lines().map(str::trim));
    }
    for (name, licence) in listed {
        assert!(!licence.is_empty(), "{name}");
        let known = WITHOUT_A_TEXT.iter().any(|known| {
            name.rsplit_once('-')
                .is_some_and(|(name, _)| name == *known)
        });
        assert!(known || with_a_text.contains(&name), "no text of {name}");
    }
    let count = texts.len();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(count, texts.len());
}
