//! The actions of AWS STS.

use std::time::Duration;

use aws_sdk_sts::{
    Client,
    config::Builder,
    types::{Credentials, Tag},
};
use chrono::DateTime;

use crate::{
    aws::{
        client::{Aws, CodeIsGoodOnce},
        error::AwsError,
        sts_endpoint::StsResolver,
    },
    credentials::TemporaryCredentials,
    mfa::code::Code,
    profile::Role,
    secret::Secret,
    serial::Serial,
    terminal::excerpt,
};

/// Calls `GetSessionToken` with a code. Needs a long-term key and no permission.
///
/// # Errors
/// [`AwsError`]. A refusal of the code has spent it; a network failure has not.
pub fn get_session_token(
    aws: &Aws,
    serial: &Serial,
    code: &Code,
    duration: Duration,
) -> Result<TemporaryCredentials, AwsError> {
    const ACTION: &str = "sts:GetSessionToken";
    let config = config(aws).retry_classifier(CodeIsGoodOnce).build();
    let request = Client::from_conf(config)
        .get_session_token()
        .duration_seconds(i32::try_from(duration.as_secs()).unwrap_or(i32::MAX))
        .serial_number(serial.as_str())
        .token_code(code.digits())
        .send();
    let reply = aws
        .run(request)
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    issued(reply.credentials)
}

/// Calls `AssumeRole`, with a session that may have MFA.
///
/// # Errors
/// [`AwsError`]: `Denied` where the role's trust policy or the caller's own policies do not allow it; AWS
/// does not tell the two apart, nor a role that does not exist.
pub fn assume_role(
    aws: &Aws,
    role: &Role,
    duration: Duration,
) -> Result<TemporaryCredentials, AwsError> {
    const ACTION: &str = "sts:AssumeRole";
    let tag = |(key, value): &(String, String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, _> = role.tags.iter().map(tag).collect();
    let request = Client::from_conf(config(aws).build())
        .assume_role()
        .role_arn(role.arn.as_str())
        .role_session_name(&role.session_name)
        .duration_seconds(i32::try_from(duration.as_secs()).unwrap_or(i32::MAX))
        .set_external_id(role.external_id.clone())
        .set_source_identity(role.source_identity.clone())
        // A tag without a key or a value is the only mistake, and has been refused before.
        .set_tags(tags.ok().filter(|tags| !tags.is_empty()))
        .set_transitive_tag_keys(Some(role.transitive_tags.clone()).filter(|keys| !keys.is_empty()))
        .send();
    let reply = aws
        .run(request)
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    issued(reply.credentials)
}

fn config(aws: &Aws) -> Builder {
    Builder::from(aws.config()).endpoint_resolver(StsResolver::new(aws.sts_endpoint()))
}

/// What every action that hands out credentials answers with.
fn issued(reply: Option<Credentials>) -> Result<TemporaryCredentials, AwsError> {
    let issued = reply.ok_or_else(AwsError::unreadable)?;
    let expiration = DateTime::from_timestamp(issued.expiration.secs(), 0);
    match expiration {
        Some(expiration) if !issued.session_token.is_empty() => Ok(TemporaryCredentials {
            access_key_id: issued.access_key_id,
            secret_access_key: Secret::new(issued.secret_access_key),
            session_token: Secret::new(issued.session_token),
            expiration,
        }),
        _ => Err(AwsError::unreadable()),
    }
}

/// Whose key it is, as AWS says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The twelve digits.
    pub account_id: String,
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`, or `…:root`.
    pub arn: String,
}

/// Calls `GetCallerIdentity`, which needs no permission and which no policy can forbid.
///
/// # Errors
/// [`AwsError`]: `UnknownKey` and `WrongSecret` say which half of the key is wrong.
pub fn get_caller_identity(aws: &Aws) -> Result<Identity, AwsError> {
    const ACTION: &str = "sts:GetCallerIdentity";
    let client = Client::from_conf(config(aws).build());
    let reply = aws
        .run(client.get_caller_identity().send())
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    match (reply.account, reply.arn) {
        (Some(account), Some(arn)) => Ok(Identity {
            account_id: excerpt(&account),
            arn: excerpt(&arn),
        }),
        _ => Err(AwsError::unreadable()),
    }
}

impl Identity {
    /// The user's name, without the path; `None` for the root user and whatever is no user.
    pub fn user_name(&self) -> Option<&str> {
        let (_, path) = self.arn.split_once(":user/")?;
        path.rsplit('/').next()
    }

    /// The serial that a virtual device of this user most likely has: AWS names it after its user, and
    /// the root user's always the same.
    pub fn likely_serial(&self) -> Option<Serial> {
        let partition = self.arn.split(':').nth(1)?;
        let name = match self.user_name() {
            Some(name) => name,
            None if self.arn.ends_with(":root") => "root-account-mfa-device",
            None => return None,
        };
        let account = &self.account_id;
        Serial::parse(&format!("arn:{partition}:iam::{account}:mfa/{name}")).ok()
    }
}

impl std::fmt::Display for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let account = &self.account_id;
        match self.user_name() {
            Some(name) => write!(formatter, "the user {name} of account {account}"),
            None if self.arn.ends_with(":root") => {
                write!(formatter, "the root user of account {account}")
            }
            None => write!(formatter, "{} of account {account}", self.arn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(arn: &str) -> Identity {
        Identity {
            account_id: "123456789012".into(),
            arn: arn.into(),
        }
    }

    #[test]
    fn a_device_is_most_likely_named_after_its_user() {
        for (arn, name, serial) in [
            (
                "arn:aws:iam::123456789012:user/ada",
                Some("ada"),
                Some("arn:aws:iam::123456789012:mfa/ada"),
            ),
            (
                "arn:aws-cn:iam::123456789012:user/team/ada",
                Some("ada"),
                Some("arn:aws-cn:iam::123456789012:mfa/ada"),
            ),
            (
                "arn:aws:iam::123456789012:root",
                None,
                Some("arn:aws:iam::123456789012:mfa/root-account-mfa-device"),
            ),
            ("arn:aws:sts::123456789012:assumed-role/Admin/x", None, None),
        ] {
            let identity = identity(arn);
            assert_eq!(identity.user_name(), name);
            let likely = identity.likely_serial();
            assert_eq!(likely.as_ref().map(Serial::as_str), serial);
        }
    }
}
