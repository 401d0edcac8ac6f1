//! AWS Organizations: which accounts there are.
//!
//! One action is not worth another SDK: the request is made here, signed by the SDK's own signer, and sent through the
//! SDK's own connector. Source: the Organizations API reference, `ListAccounts`; AWS JSON 1.1.

use std::{thread, time::Duration};

use aws_sdk_sts::config::ProvideCredentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use aws_smithy_runtime_api::client::{identity::Identity, orchestrator::HttpRequest};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use crate::{
    aws::{
        client::{Aws, ClientError, Unsigned},
        error::AwsError,
    },
    terminal::{excerpt, printable},
    time,
};

const ACTION: &str = "organizations:ListAccounts";

const TARGET: &str = "AWSOrganizationsV20161128.ListAccounts";

/// The longest answer that is read, in bytes: twenty accounts have a few thousand.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// The most accounts that are read. AWS's largest organizations have 50,000.
const MOST_ACCOUNTS: usize = 100_000;

/// Attempts in all, as the SDK's clients here make them.
const ATTEMPTS: u32 = 3;

/// How long to wait before the second attempt; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// An account of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The twelve digits.
    pub id: String,
    /// The name that people gave it.
    pub name: String,
    /// Whether its status is `ACTIVE`: roles of others cannot be assumed.
    pub is_active: bool,
}

/// The connection to AWS Organizations.
pub struct Organizations<'a> {
    aws: &'a Aws,
    connection: Unsigned,
    address: String,
    region: &'static str,
}

impl<'a> Organizations<'a> {
    /// Sets the connection up, for whoever `aws` asks for.
    ///
    /// # Errors
    /// [`ClientError`]; the network is not touched yet.
    pub fn new(aws: &'a Aws) -> Result<Self, ClientError> {
        let (address, region) = endpoint(aws.region());
        let named = aws.config().endpoint_url().filter(|url| !url.is_empty());
        Ok(Organizations {
            aws,
            connection: Unsigned::new()?,
            address: named.unwrap_or(address).trim_end_matches('/').to_owned() + "/",
            region,
        })
    }

    /// Calls `ListAccounts`: all accounts, the management account among them.
    ///
    /// # Errors
    /// [`AwsError`]: `Denied` for all but the management account and those whom it has delegated to, `Refused` with
    /// `AWSOrganizationsNotInUseException` where there is no organization.
    pub fn accounts(&self) -> Result<Vec<Account>, AwsError> {
        let mut accounts = Vec::new();
        let mut token = None;
        loop {
            let page = self.page(token.as_ref())?;
            let entries = page["Accounts"]
                .as_array()
                .ok_or_else(AwsError::unreadable)?;
            for entry in entries {
                accounts.push(account(entry).ok_or_else(AwsError::unreadable)?);
            }
            // A page may be empty before the last; what comes again and again is no list.
            let next = page.get("NextToken").filter(|token| token.is_string());
            match next {
                None => return Ok(accounts),
                next if next == token.as_ref() => return Err(AwsError::unreadable()),
                _ if accounts.len() > MOST_ACCOUNTS => return Err(AwsError::unreadable()),
                next => token = next.cloned(),
            }
        }
    }

    fn page(&self, token: Option<&Value>) -> Result<Value, AwsError> {
        let body = match token {
            None => json!({}),
            Some(token) => json!({"NextToken": token}),
        };
        let body = body.to_string();
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let sent = self
                .connection
                .send(self.request(&body)?, LONGEST_ANSWER)
                .and_then(|(status, answer)| read(status, &answer));
            match sent {
                Err(error) if is_worth_repeating(&error) && attempt < ATTEMPTS => {
                    thread::sleep(wait);
                    wait *= 2;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn request(&self, body: &str) -> Result<HttpRequest, AwsError> {
        let provider = self.aws.config().credentials_provider();
        let provider = provider.ok_or_else(AwsError::unreadable)?;
        let credentials = self
            .aws
            .run(provider.provide_credentials())
            .map_err(|_| AwsError::unreadable())?;
        let identity: Identity = credentials.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name("organizations")
            .time(time::now().into())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| AwsError::unreadable())?;
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", TARGET),
        ];
        let signable = SignableRequest::new(
            "POST",
            &self.address,
            headers.into_iter(),
            SignableBody::Bytes(body.as_bytes()),
        );
        let signed = signable.and_then(|signable| sign(signable, &params.into()));
        let (instructions, _) = signed.map_err(|_| AwsError::unreadable())?.into_parts();
        let mut request = HttpRequest::new(SdkBody::from(body));
        request
            .set_method("POST")
            .map_err(|_| AwsError::unreadable())?;
        request
            .set_uri(self.address.as_str())
            .map_err(|_| AwsError::unreadable())?;
        let to = request.headers_mut();
        for (name, value) in headers {
            to.insert(name, value);
        }
        to.insert("content-length", body.len().to_string());
        for (name, value) in instructions.headers() {
            to.insert(name.to_owned(), value.to_owned());
        }
        Ok(request)
    }
}

/// Where the service is, and the region to sign for: it has one in each partition.
fn endpoint(region: &str) -> (&'static str, &'static str) {
    if region.starts_with("cn-") {
        (
            "https://organizations.cn-northwest-1.amazonaws.com.cn",
            "cn-northwest-1",
        )
    } else if region.starts_with("us-gov-") {
        (
            "https://organizations.us-gov-west-1.amazonaws.com",
            "us-gov-west-1",
        )
    } else {
        ("https://organizations.us-east-1.amazonaws.com", "us-east-1")
    }
}

fn is_worth_repeating(error: &AwsError) -> bool {
    matches!(
        error,
        AwsError::Throttled
            | AwsError::Unavailable { .. }
            | AwsError::TimedOut
            | AwsError::Unreachable { .. }
    )
}

/// Understands an answer.
fn read(status: u16, answer: &[u8]) -> Result<Value, AwsError> {
    let unreadable = || AwsError::Unreadable {
        status: Some(status),
    };
    let answer: Value = match serde_json::from_slice(answer) {
        Ok(answer) => answer,
        Err(_) if status >= 500 => return Err(AwsError::Unavailable { status }),
        Err(_) => return Err(unreadable()),
    };
    if status == 200 {
        return Ok(answer);
    }
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    // It may have a namespace before it.
    let code = text("__type").and_then(|code| code.rsplit('#').next());
    let message = excerpt(text("Message").or(text("message")).unwrap_or_default());
    Err(match code {
        Some("AccessDeniedException") => AwsError::Denied {
            action: ACTION,
            message,
        },
        Some("TooManyRequestsException" | "ThrottlingException") => AwsError::Throttled,
        Some("ExpiredTokenException") => AwsError::Expired,
        Some("UnrecognizedClientException") => AwsError::UnknownKey,
        Some("InvalidSignatureException") if message.starts_with("Signature ") => {
            AwsError::Clock { clock_ahead: None }
        }
        Some("InvalidSignatureException") => AwsError::WrongSecret,
        _ if status >= 500 => AwsError::Unavailable { status },
        Some(code) => AwsError::Refused {
            action: ACTION,
            code: excerpt(code),
            message,
        },
        None => unreadable(),
    })
}

fn account(entry: &Value) -> Option<Account> {
    let id = entry.get("Id")?.as_str()?;
    let is_id = id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    let name = entry.get("Name").and_then(Value::as_str);
    is_id.then(|| Account {
        id: id.to_owned(),
        name: printable(name.unwrap_or_default()),
        is_active: entry.get("Status").and_then(Value::as_str) == Some("ACTIVE"),
    })
}

#[cfg(test)]
mod tests {
    use daypass_sandbox::{Fault, OrganizationAccount, Sandbox, Times};

    use super::*;
    use crate::{credentials::LongTermKey, secret::Secret};

    fn connect(sandbox: &Sandbox, secret: Option<&str>) -> Aws {
        let user = sandbox.add_user(if secret.is_some() { "eve" } else { "ada" });
        let secret = secret.unwrap_or(&user.secret_access_key);
        let key = LongTermKey {
            access_key_id: user.access_key_id.clone(),
            secret_access_key: Secret::new(secret),
        };
        Aws::to(sandbox, &key).unwrap()
    }

    fn organization(count: u64) -> Vec<OrganizationAccount> {
        let others = (0..count).map(|number| 210_987_654_300 + number);
        std::iter::once(123_456_789_012)
            .chain(others)
            .map(|id| OrganizationAccount {
                id: id.to_string(),
                name: format!("account {id}"),
                is_active: id % 7 != 0,
            })
            .collect()
    }

    #[test]
    fn the_accounts_are_listed_over_all_pages_and_past_a_throttled_call() {
        let sandbox = Sandbox::start();
        let aws = connect(&sandbox, None);
        let accounts = organization(44);
        sandbox.set_organization(&accounts);
        sandbox.misbehave("ListAccounts", Fault::Throttle, Times::Next(1));
        let listed = Organizations::new(&aws).unwrap().accounts().unwrap();
        assert!(
            listed
                .iter()
                .map(|account| &account.id)
                .eq(accounts.iter().map(|account| &account.id))
        );
        assert!(
            listed
                .iter()
                .map(|account| account.is_active)
                .eq(accounts.iter().map(|account| account.is_active))
        );
        assert_eq!(listed[0].name, "account 123456789012");
        assert_eq!(sandbox.calls("ListAccounts"), 4);
    }

    #[test]
    fn refusals_are_understood_and_not_repeated() {
        let sandbox = Sandbox::start();
        let aws = connect(&sandbox, None);
        let ask = |aws: &Aws| Organizations::new(aws).unwrap().accounts().unwrap_err();
        assert!(matches!(
            ask(&aws),
            AwsError::Refused { code, .. } if code == "AWSOrganizationsNotInUseException"
        ));
        let mut accounts = organization(1);
        accounts.reverse();
        sandbox.set_organization(&accounts);
        assert!(matches!(ask(&aws), AwsError::Denied { action: ACTION, .. }));
        let wrong = connect(&sandbox, Some("wrong"));
        assert!(matches!(ask(&wrong), AwsError::WrongSecret));
        assert_eq!(sandbox.calls("ListAccounts"), 3);
        sandbox.misbehave("ListAccounts", Fault::Garbage, Times::Always);
        assert!(matches!(ask(&aws), AwsError::Unreadable { .. }));
    }
}
