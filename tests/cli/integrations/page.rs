//! The page as the tests read it: its fenced blocks, each by heading, language and number.

use crate::documents::blocks;

/// The page.
pub const DOCUMENT: &str = "docs/integrations.md";

/// The block of this name.
pub fn block(heading: &str, language: &str, number: usize) -> String {
    blocks::text_of_block(DOCUMENT, heading, language, number)
}
