//! From credentials to the address that signs a browser in.

use url::Url;

use crate::{
    aws::{client::Aws, federation::FederationEndpoint, sts},
    console::error::ConsoleError,
    credentials::TemporaryCredentials,
    keychain::Questions,
    long_term_key,
    profile::{Files, Profile},
    secret::Secret,
};

/// The session of a federated user.
pub struct FederatedUser {
    /// What the session can do things with.
    pub credentials: TemporaryCredentials,
    /// The ARN of the user whom it acts for.
    pub arn: String,
}

/// Gets a session that may do what the user of the profile's long-term key may do without MFA.
///
/// A session of `GetSessionToken` is of no use here: the federation endpoint refuses it.
///
/// # Errors
/// [`ConsoleError`], a denied `sts:GetFederationToken` above all.
pub fn federate(
    files: &Files,
    profile: &Profile,
    questions: Questions,
) -> Result<FederatedUser, ConsoleError> {
    let key = long_term_key::read(files, profile, questions)?;
    let aws = Aws::new(&key, &profile.session_profile, &profile.region)?
        .with_sts_endpoint(profile.sts_endpoint);
    let refused = |error| ConsoleError::Federation {
        profile: profile.name.clone(),
        error,
    };
    // The name shows up in the company's logs: it is to be the user's.
    let identity = sts::get_caller_identity(&aws).map_err(refused)?;
    let name = identity.federated_name();
    let credentials = sts::get_federation_token(&aws, &name, profile.duration).map_err(refused)?;
    Ok(FederatedUser {
        credentials,
        arn: identity.arn,
    })
}

/// Exchanges credentials for an address that signs a browser in and takes it to `destination`.
///
/// # Errors
/// [`ConsoleError`] when the endpoint does not answer, or refuses.
pub fn address(
    profile: &str,
    credentials: &TemporaryCredentials,
    endpoint: Url,
    destination: &Url,
) -> Result<Secret, ConsoleError> {
    let endpoint = FederationEndpoint::new(endpoint)?;
    let token = endpoint
        .sign_in_token(credentials)
        .map_err(|error| ConsoleError::SignIn {
            profile: profile.to_owned(),
            error,
        })?;
    Ok(endpoint.sign_in_address(&token, destination))
}
