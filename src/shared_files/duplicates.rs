//! What stands in a file twice: the SDKs merge it, and botocore refuses the whole file for it.

use std::collections::BTreeMap;

use super::document::Document;
use super::section::Properties;

/// A section or a setting that stands in a file for the second time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duplicate {
    /// The section, as its header is written.
    pub section: String,
    /// The setting; none if it is the section itself that is repeated.
    pub key: Option<String>,
    /// The line of the first one, counted from 1.
    pub first: usize,
    /// The line of the second one, counted from 1.
    pub second: usize,
}

impl Document {
    /// Returns the duplicates that botocore refuses, in the order of the file.
    ///
    /// botocore compares sections as their headers are written, white space included, and keys in lower
    /// case.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let bytes = self.bytes();
        let mut sections: BTreeMap<String, usize> = BTreeMap::new();
        let mut found = Vec::new();
        for span in self.all_spans() {
            let header = &bytes[span.header()..span.body()];
            let header = String::from_utf8_lossy(header);
            let name = header.split_once('[').map_or(&*header, |(_, rest)| rest);
            let name = name.split_once(']').map_or(name, |(name, _)| name);
            if let Some(first) = sections.insert(name.to_owned(), span.line()) {
                found.push(Duplicate {
                    section: name.to_owned(),
                    key: None,
                    first,
                    second: span.line(),
                });
            }
            let mut keys: BTreeMap<String, usize> = BTreeMap::new();
            for property in Properties::of(bytes, &span) {
                let key = String::from_utf8_lossy(property.key(bytes)).to_lowercase();
                if let Some(first) = keys.insert(key.clone(), property.number) {
                    found.push(Duplicate {
                        section: name.to_owned(),
                        key: Some(key),
                        first,
                        second: property.number,
                    });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared_files::Kind;

    fn duplicates(text: &str) -> Vec<(String, Option<String>, usize, usize)> {
        let document = Document::parse(Kind::Config, text.into()).unwrap();
        let found = document.duplicates().into_iter();
        found
            .map(|one| (one.section, one.key, one.first, one.second))
            .collect()
    }

    #[test]
    fn a_section_or_a_key_that_comes_twice_is_found() {
        assert_eq!(
            duplicates("[profile a]\nRegion = x\nregion = y\n[default]\n\n[profile a]\n"),
            [
                ("profile a".into(), Some("region".into()), 2, 3),
                ("profile a".into(), None, 1, 6)
            ]
        );
    }

    #[test]
    fn what_botocore_tells_apart_is_no_duplicate() {
        for text in [
            "[profile a]\nregion = x\n[profile b]\nregion = x\n",
            "[profile a]\n[profile  a]\n",
            "[default]\n[profile default]\n",
            "[profile a]\ns3 =\n  region = x\nregion = y\n",
            "[profile a]\n# region = x\nregion = y\n",
        ] {
            assert_eq!(duplicates(text), [], "{text}");
        }
    }
}
