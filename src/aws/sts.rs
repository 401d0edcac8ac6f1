//! The actions of AWS STS.

use std::time::Duration;

use aws_sdk_sts::{
    Client,
    config::Builder,
    types::{Credentials, Tag},
};
use chrono::{DateTime, TimeDelta};

use crate::{
    aws::{
        client::{Aws, CodeIsGoodOnce},
        error::{AwsError, clock_ahead},
        sts_endpoint::StsResolver,
    },
    credentials::{TemporaryCredentials, is_access_key_id},
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
    let reply = aws.ask(ACTION, request)?;
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
    let reply = aws.ask(ACTION, request)?;
    issued(reply.credentials)
}

/// Calls `GetFederationToken` for a federated user who may do what the user of the key may do: the
/// session policy allows everything, and AWS takes what both allow.
///
/// Needs a long-term key and the permission `sts:GetFederationToken`. The session carries no MFA.
///
/// # Errors
/// [`AwsError`], `Denied` above all.
pub fn get_federation_token(
    aws: &Aws,
    name: &str,
    duration: Duration,
) -> Result<TemporaryCredentials, AwsError> {
    const ACTION: &str = "sts:GetFederationToken";
    const EVERYTHING: &str =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let request = Client::from_conf(config(aws).build())
        .get_federation_token()
        .name(name)
        .policy(EVERYTHING)
        .duration_seconds(i32::try_from(duration.as_secs()).unwrap_or(i32::MAX))
        .send();
    let reply = aws.ask(ACTION, request)?;
    issued(reply.credentials)
}

fn config(aws: &Aws) -> Builder {
    Builder::from(aws.config()).endpoint_resolver(StsResolver::new(aws.sts_endpoint()))
}

/// What every action that hands out credentials answers with.
fn issued(reply: Option<Credentials>) -> Result<TemporaryCredentials, AwsError> {
    reply.and_then(usable).ok_or_else(AwsError::unreadable)
}

/// Credentials that lack nothing, and whose id may be shown.
fn usable(issued: Credentials) -> Option<TemporaryCredentials> {
    let expiration = DateTime::from_timestamp(issued.expiration.secs(), 0)?;
    let is_complete = is_access_key_id(&issued.access_key_id)
        && !issued.secret_access_key.is_empty()
        && !issued.session_token.is_empty();
    is_complete.then(|| TemporaryCredentials {
        access_key_id: issued.access_key_id,
        secret_access_key: Secret::new(issued.secret_access_key),
        session_token: Secret::new(issued.session_token),
        expiration,
    })
}

/// Asks who an unsigned request comes from, which AWS refuses to say: what counts is that it answers. Says by how
/// much this machine's clock is ahead of AWS's, if the answer is dated.
///
/// # Errors
/// [`AwsError`] where no answer of AWS's arrives.
pub fn knock(aws: &Aws) -> Result<Option<TimeDelta>, AwsError> {
    const ACTION: &str = "sts:GetCallerIdentity";
    let client = Client::from_conf(config(aws).allow_no_auth().build());
    let error = match aws.run(client.get_caller_identity().send()) {
        // Not AWS, but something that stands in for it.
        Ok(_) => return Ok(None),
        Err(error) => error,
    };
    let ahead = error.raw_response().and_then(clock_ahead);
    match AwsError::from_sdk(ACTION, aws.region(), error) {
        error @ (AwsError::Unavailable { .. }
        | AwsError::Unreadable { .. }
        | AwsError::TimedOut
        | AwsError::Unreachable { .. }) => Err(error),
        _ => Ok(ahead),
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
    let reply = aws.ask(ACTION, client.get_caller_identity().send())?;
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

    /// What a federated user is called who acts for this identity: its own name, as far as the name of a
    /// federated user can hold it.
    ///
    /// Source: the STS API reference, `GetFederationToken`: 2 to 32 characters, the same that a user's
    /// name may have.
    pub fn federated_name(&self) -> String {
        const LONGEST: usize = 32;
        let name = self.user_name().unwrap_or("root");
        if name.len() < 2 {
            return format!("{name}-");
        }
        name.chars().take(LONGEST).collect()
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
    fn a_federated_user_has_the_name_of_the_user_as_far_as_it_fits() {
        let name = |arn| identity(arn).federated_name();
        assert_eq!(name("arn:aws:iam::123456789012:user/team/ada"), "ada");
        assert_eq!(name("arn:aws:iam::123456789012:user/x"), "x-");
        assert_eq!(name("arn:aws:iam::123456789012:root"), "root");
        let long = format!("arn:aws:iam::123456789012:user/{}", "long-name-".repeat(6));
        assert_eq!(name(&long), "long-name-long-name-long-name-lo");
    }

    #[test]
    fn an_answer_without_an_id_a_secret_or_a_token_is_no_session() {
        let answer = |id: &str, secret: &str, token: &str| {
            let answer = Credentials::builder()
                .access_key_id(id)
                .secret_access_key(secret)
                .session_token(token)
                .expiration(aws_sdk_sts::primitives::DateTime::from_secs(1_795_368_664));
            usable(answer.build().unwrap()).map(|issued| issued.access_key_id)
        };
        assert_eq!(
            answer("ASIAEXAMPLE", "secret", "token").as_deref(),
            Some("ASIAEXAMPLE")
        );
        assert_eq!(answer("ASIA/secret", "secret", "token"), None);
        assert_eq!(answer("", "secret", "token"), None);
        assert_eq!(answer("ASIAEXAMPLE", "", "token"), None);
        assert_eq!(answer("ASIAEXAMPLE", "secret", ""), None);
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
