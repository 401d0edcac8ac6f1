//! AWS's two shared files, `~/.aws/config` and `~/.aws/credentials`: where they are, what they
//! say, and how they are changed without a byte being lost that is not ours.

mod copies;
mod document;
mod duplicates;
mod edit;
mod error;
mod header;
mod in_place;
mod lines;
mod locations;
mod lock;
mod replace;
mod section;
mod splices;
mod warning;
mod writable;

pub use document::{Document, Kind, MAXIMUM_SIZE, ParseError, ParseReason};
pub use duplicates::Duplicate;
pub use edit::EditError;
pub use error::SharedFileError;
pub use locations::{NoHome, config_path, credentials_path};
pub use replace::{Edited, SharedFile};
pub use section::{Section, Value};
pub use warning::Warning;

#[cfg(test)]
mod document_tests;
#[cfg(test)]
mod edit_property_tests;
#[cfg(test)]
mod edit_tests;
#[cfg(test)]
#[cfg(unix)]
mod in_place_tests;
#[cfg(test)]
#[cfg(unix)]
mod replace_tests;
#[cfg(test)]
mod size_tests;
