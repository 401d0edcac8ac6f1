//! The page as the tests read it: its fenced blocks, each by heading, language and number.

use std::{collections::BTreeMap, fs, path::Path};

/// The heading that a block stands under, its language, and its number among those of both.
pub type Name = (String, String, usize);

/// The text of every block of `docs/integrations.md` that names a language.
pub fn blocks() -> BTreeMap<Name, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/integrations.md");
    parse(&fs::read_to_string(path).expect("the page"))
}

/// The block of this name.
pub fn block(heading: &str, language: &str, number: usize) -> String {
    let name = (heading.to_owned(), language.to_owned(), number);
    blocks()
        .remove(&name)
        .unwrap_or_else(|| panic!("the page has no block {name:?}"))
}

fn parse(text: &str) -> BTreeMap<Name, String> {
    let mut blocks = BTreeMap::new();
    let mut heading = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title;
        } else if let Some(language) = line.strip_prefix("```") {
            let body: String = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .flat_map(|line| [line, "\n"])
                .collect();
            let number = (1..)
                .find(|number| {
                    !blocks.contains_key(&(heading.to_owned(), language.to_owned(), *number))
                })
                .expect("a number");
            if !language.is_empty() {
                blocks.insert((heading.to_owned(), language.to_owned(), number), body);
            }
        }
    }
    blocks
}
