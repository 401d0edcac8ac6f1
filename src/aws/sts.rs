//! The actions of AWS STS.

use std::time::Duration;

use chrono::DateTime;

use crate::{
    aws::{
        client::{Aws, CodeIsGoodOnce},
        error::AwsError,
    },
    mfa::code::Code,
    secret::Secret,
    serial::Serial,
    time::Timestamp,
};

/// Credentials as STS hands them out.
#[derive(Debug)]
pub struct IssuedCredentials {
    /// `ASIA…`
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: Secret,
    /// The token that goes with every request.
    pub session_token: Secret,
    /// The end, on AWS's clock.
    pub expiration: Timestamp,
}

/// Calls `GetSessionToken` with a code. Needs a long-term key and no permission.
///
/// # Errors
/// [`AwsError`]. A refusal of the code has spent it; a network failure has not.
pub fn get_session_token(
    aws: &Aws,
    serial: &Serial,
    code: &Code,
    duration: Duration,
) -> Result<IssuedCredentials, AwsError> {
    const ACTION: &str = "sts:GetSessionToken";
    let config = aws_sdk_sts::config::Builder::from(aws.config())
        .retry_classifier(CodeIsGoodOnce)
        .build();
    let request = aws_sdk_sts::Client::from_conf(config)
        .get_session_token()
        .duration_seconds(i32::try_from(duration.as_secs()).unwrap_or(i32::MAX))
        .serial_number(serial.as_str())
        .token_code(code.digits())
        .send();
    let reply = aws
        .run(request)
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    let issued = reply.credentials.ok_or_else(AwsError::unreadable)?;
    let expiration = DateTime::from_timestamp(issued.expiration.secs(), 0);
    match expiration {
        Some(expiration) if !issued.session_token.is_empty() => Ok(IssuedCredentials {
            access_key_id: issued.access_key_id,
            secret_access_key: Secret::new(issued.secret_access_key),
            session_token: Secret::new(issued.session_token),
            expiration,
        }),
        _ => Err(AwsError::unreadable()),
    }
}
