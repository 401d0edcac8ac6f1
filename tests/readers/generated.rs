//! Thousands of generated files, read by all three.

use std::collections::BTreeSet;

use crate::{
    botocore, files, ours,
    reading::{File, disagreements},
    sdk,
};

const COUNT: usize = 3_000;

#[test]
fn where_botocore_and_the_sdk_agree_on_a_file_so_does_daypass() {
    let files = files::make(&files::file(), COUNT);
    let Some(readings) = botocore::read(&files) else {
        return;
    };
    let (mut both_read, mut both_refused) = (0, 0);
    let mut wrong = Vec::new();
    for (file, botocore) in files.iter().zip(readings) {
        if has_names_in_two_spellings(file) {
            continue;
        }
        let sdk = sdk::read(std::slice::from_ref(file));
        match (sdk, botocore, ours::read(file)) {
            (Ok(sdk), Ok(botocore), ours) => {
                both_read += 1;
                match ours {
                    Ok(ours) => wrong.extend(
                        disagreements(&botocore, &sdk, &ours)
                            .into_iter()
                            .map(|wrong| (file, wrong)),
                    ),
                    Err(_) if file.bytes.contains(&0) => {}
                    Err(error) => wrong.push((file, format!("refused: {error}"))),
                }
            }
            (Err(sdk), Err(botocore), ours) => {
                both_refused += 1;
                if ours.is_ok()
                    && !(is_lenient_with_sdk(file, &sdk)
                        && is_lenient_with_botocore(file, &botocore))
                {
                    let refusals = format!("{botocore}; line {}: {}", sdk.line, sdk.message);
                    wrong.push((file, format!("accepted, but: {refusals}")));
                }
            }
            _ => {}
        }
    }
    report(wrong);
    // The files are worth something only as long as there are enough of either kind.
    assert!(both_read > COUNT / 3, "both read {both_read} files only");
    assert!(
        both_refused > COUNT / 50,
        "both refuse {both_refused} files only"
    );
}

/// Whether there is a name like `[a]` and `[ a ]`, or `[profile a]` and `[profile "a"]`. The SDK
/// merges the first two in an order that changes from run to run.
pub fn has_names_in_two_spellings(file: &File) -> bool {
    let text = String::from_utf8_lossy(&file.bytes);
    let inner = |line: &str| Some(line.strip_prefix('[')?.rsplit_once(']')?.0.to_owned());
    let spellings: BTreeSet<String> = text.lines().filter_map(inner).collect();
    let names: BTreeSet<String> = spellings
        .iter()
        .map(|name| name.replace([' ', '\t', '"', '\''], ""))
        .collect();
    names.len() < spellings.len()
}

/// Shows what went wrong with the smallest files.
pub fn report(mut wrong: Vec<(&File, String)>) {
    wrong.sort_by_key(|(file, _)| file.bytes.len());
    let shown: Vec<String> = wrong
        .iter()
        .take(12)
        .map(|(file, wrong)| format!("{}\n    {wrong}", file.literal()))
        .collect();
    assert!(
        wrong.is_empty(),
        "seed {}: {} disagreements, such as\n{}",
        files::seed(),
        wrong.len(),
        shown.join("\n")
    );
}

/// What botocore refuses and daypass reads, see ARCHITECTURE.md.
fn is_lenient_with_botocore(file: &File, refusal: &str) -> bool {
    let is_odd_space = |char: char| {
        let is_of_python = char.is_whitespace() || ('\x1c'..='\x1f').contains(&char);
        is_of_python && !matches!(char, ' ' | '\t' | '\n')
    };
    refusal.starts_with("DuplicateSectionError")
        || refusal.starts_with("DuplicateOptionError")
        || String::from_utf8_lossy(&file.bytes)
            .replace("\r\n", "\n")
            .contains(is_odd_space)
}

/// What the SDK refuses and daypass reads, see ARCHITECTURE.md.
fn is_lenient_with_sdk(file: &File, refusal: &sdk::Refusal) -> bool {
    let text = String::from_utf8_lossy(&file.bytes);
    let line = text.lines().nth(refusal.line - 1).unwrap_or_default();
    let message = refusal.message.as_str();
    match message {
        _ if line.ends_with('\r') => true,
        _ if message.contains("defining a property") => line.contains([':', '#', ';']),
        // A comment, or what looks like one to the SDK.
        _ => line.contains(['#', ';']),
    }
}
