//! The fenced blocks of the documents.

use std::{
    collections::BTreeMap,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

/// Which block it is: its document, the heading that it stands under, its language, and its number among those of
/// all three, from 1.
pub type Name = (String, String, String, usize);

/// A block with what it is run in.
#[derive(Clone, Debug)]
pub struct Block {
    pub document: String,
    pub heading: String,
    pub language: String,
    pub number: usize,
    /// Its lines, without what they are indented by in a list.
    pub text: String,
    /// The home that it starts in, or none to go on in the one of the block before.
    pub home: Option<String>,
    /// Where its text begins and ends in the document, in lines.
    pub lines: Range<usize>,
}

impl Block {
    pub fn name(&self) -> Name {
        (
            self.document.clone(),
            self.heading.clone(),
            self.language.clone(),
            self.number,
        )
    }
}

/// The documents: those of the root directory and of `docs/`.
pub fn documents() -> Vec<String> {
    let mut documents = Vec::new();
    for directory in ["", "docs/"] {
        let entries = fs::read_dir(path_of(directory)).expect("a directory");
        for entry in entries {
            let name = entry.expect("an entry").file_name();
            let name = name.to_str().expect("a name in ASCII");
            if name.ends_with(".md") {
                documents.push(format!("{directory}{name}"));
            }
        }
    }
    documents.sort();
    documents
}

/// Where something of the repository is.
pub fn path_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The text of a document.
pub fn text_of(document: &str) -> String {
    fs::read_to_string(path_of(document)).expect(document)
}

/// The blocks of a document.
pub fn of(document: &str) -> Vec<Block> {
    parse(document, &text_of(document))
}

/// The text of one block.
pub fn text_of_block(document: &str, heading: &str, language: &str, number: usize) -> String {
    let name: Name = (document.into(), heading.into(), language.into(), number);
    let blocks = of(document);
    let mut found = blocks.into_iter().filter(|block| block.name() == name);
    let block = found.next().unwrap_or_else(|| panic!("no block {name:?}"));
    block.text
}

fn parse(document: &str, text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut numbers: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut blocks = Vec::new();
    let mut heading = "";
    let mut home = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        let bare = line.trim_start();
        if let Some(name) = line.strip_prefix("<!-- home: ") {
            home = Some(name.trim_end_matches(" -->").to_owned());
        } else if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
        } else if let Some(language) = bare.strip_prefix("```") {
            let indented = line.len() - bare.len();
            let length = lines[at..].iter().position(|line| line.trim() == "```");
            let end = at + length.expect("an end of the block");
            let body = lines[at..end].iter();
            let body = body.flat_map(|line| [line.get(indented..).unwrap_or(""), "\n"]);
            let key = (heading.to_owned(), language.to_owned());
            let number = numbers.entry(key).or_default();
            *number += 1;
            blocks.push(Block {
                document: document.to_owned(),
                heading: heading.to_owned(),
                language: language.to_owned(),
                number: *number,
                text: body.collect(),
                home: home.take(),
                lines: at..end,
            });
            at = end + 1;
        }
    }
    blocks
}

/// A document with its blocks taken out: what is said in between, line by line.
pub fn prose_of(document: &str) -> String {
    let text = text_of(document);
    let blocks = parse(document, &text);
    let lines = text.lines().enumerate();
    let is_in_block = |at: usize| {
        let mut blocks = blocks.iter();
        blocks.any(|block| (block.lines.start - 1..=block.lines.end).contains(&at))
    };
    let prose = lines.filter(|(at, _)| !is_in_block(*at));
    prose.flat_map(|(_, line)| [line, "\n"]).collect()
}

#[test]
fn a_block_in_a_list_is_found_with_its_heading_and_without_its_indentation() {
    let text = "# A\n\n1. so:\n\n   ```sh\n   one\n     two\n   ```\n\n<!-- home: here -->\n```sh\n\n```\n## B\n```\n# c\n```\n";
    let found: Vec<_> = parse("x.md", text)
        .into_iter()
        .map(|block| (block.heading, block.language, block.number, block.text))
        .collect();
    let expected = [
        ("A", "sh", 1, "one\n  two\n"),
        ("A", "sh", 2, "\n"),
        ("B", "", 1, "# c\n"),
    ];
    let expected = expected.map(|(heading, language, number, text)| {
        (heading.into(), language.into(), number, text.into())
    });
    assert_eq!(found, expected);
    assert_eq!(parse("x.md", text)[1].home.as_deref(), Some("here"));
}
