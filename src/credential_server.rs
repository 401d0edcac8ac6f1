//! Credentials for a program that runs longer than they last, from an endpoint on loopback.
//!
//! This is the protocol of AWS's containers: the SDKs ask `AWS_CONTAINER_CREDENTIALS_FULL_URI` again
//! before their credentials end. They wait a second or two for the answer, so a request is answered
//! from memory, and the credentials are renewed beside it before they end: see [`renewal`].

use std::{io, sync::Arc, thread::JoinHandle};

use crate::{profile_credentials::ProfileCredentials, secret::Secret};

mod endpoint;
mod renewal;
mod schedule;
mod served;
mod token;

use endpoint::Endpoint;
pub use renewal::Renewal;
use served::Served;
use token::Token;

/// Why there is no endpoint.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The system gave no random bytes.
    #[error("cannot get random bytes for the endpoint's token")]
    NoRandomBytes(#[source] getrandom::Error),
    /// No port of loopback can be listened on.
    #[error("cannot listen on 127.0.0.1")]
    Unreachable(#[source] io::Error),
}

/// An endpoint that serves credentials until this is dropped, and whoever renews them.
pub struct CredentialServer {
    endpoint: Endpoint,
    served: Arc<Served>,
    renewer: Option<JoinHandle<()>>,
}

impl CredentialServer {
    /// Starts to serve `first`, and to renew it as `renewal` says.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn start(first: &ProfileCredentials, renewal: Renewal) -> Result<Self, ServerError> {
        let token = Token::random().map_err(ServerError::NoRandomBytes)?;
        let served = Arc::new(Served::new(first, renewal.what_to_run()));
        let endpoint =
            Endpoint::open(token, Arc::clone(&served)).map_err(ServerError::Unreachable)?;
        let renewer = renewal.start(Arc::clone(&served));
        let renewer = Some(renewer.map_err(ServerError::Unreachable)?);
        Ok(CredentialServer {
            endpoint,
            served,
            renewer,
        })
    }

    /// Where it is: the value of `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub fn url(&self) -> String {
        self.endpoint.url()
    }

    /// What lets a client in: the value of `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
    pub fn token(&self) -> &Secret {
        self.endpoint.token()
    }
}

impl Drop for CredentialServer {
    /// Serves nobody from here on. A question that stands is taken off the terminal, and a session that
    /// AWS is just giving is waited for: its code is spent.
    fn drop(&mut self) {
        self.endpoint.close();
        self.served.end();
        if let Some(renewer) = self.renewer.take() {
            renewal::wait_for(renewer);
        }
    }
}
