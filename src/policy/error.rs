//! Why policies cannot be checked.

use std::io;

use crate::policy::sources::SourceError;

/// Why policies cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// A file cannot be read.
    #[error("cannot read {file}")]
    Unreadable {
        /// As it was named.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// A directory is no module of Terraform's.
    #[error("{directory}: no file there has a name that ends in .tf")]
    NoTerraform {
        /// As it was named.
        directory: String,
    },
    /// `-` was given twice.
    #[error("- is given twice, and stdin can be read only once")]
    StdinTwice,
    /// What was read is not understood.
    #[error(transparent)]
    Source(#[from] SourceError),
}
