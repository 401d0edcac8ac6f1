//! Why there is no way into the console.

use std::io;

use crate::{
    aws::{client::ClientError, error::AwsError},
    console::AddressError,
    long_term_key::KeyError,
};

/// What keeps a browser from being signed in.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// A place that cannot be gone to.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// There is no long-term key to get a federated user's session with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// AWS cannot be talked to at all.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// AWS gave no session of a federated user.
    #[error("{error}")]
    Federation {
        /// The profile.
        profile: String,
        /// Why.
        error: AwsError,
    },
    /// The federation endpoint gave no token.
    #[error("{error}")]
    SignIn {
        /// The profile.
        profile: String,
        /// Why.
        error: AwsError,
    },
    /// Nothing can be handed to a browser here.
    #[error("cannot hand the sign-in address to the browser")]
    Doorway(#[source] io::Error),
    /// The browser did not come.
    #[error("no browser has come for the sign-in address within a minute")]
    NotFetched {
        /// The profile.
        profile: String,
    },
}
