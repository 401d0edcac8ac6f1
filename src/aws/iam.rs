//! The actions of AWS IAM.

use aws_sdk_iam::{
    Client,
    config::{
        Builder,
        endpoint::{DefaultResolver, EndpointFuture, Params, ResolveEndpoint},
    },
    operation::RequestId,
    primitives::DateTime,
};

use crate::{
    aws::{
        client::{Aws, CodeIsGoodOnce},
        error::AwsError,
    },
    time::Timestamp,
};

pub mod access_keys;
pub mod account;
pub mod devices_of_users;
pub mod groups;
pub mod mfa_devices;
pub mod policies;
pub mod roles;
pub mod simulation;
pub mod statement;
pub mod users;

/// The client of every action.
fn client(aws: &Aws) -> Client {
    Client::from_conf(config(aws).build())
}

/// A client that repeats a request only where AWS has answered that it wants it again.
fn unrepeated_client(aws: &Aws) -> Client {
    Client::from_conf(config(aws).retry_classifier(CodeIsGoodOnce).build())
}

fn config(aws: &Aws) -> Builder {
    Builder::from(aws.config()).endpoint_resolver(IamResolver(DefaultResolver::new()))
}

/// Whether it was AWS that answered that it is done. These actions answer with nothing, so that the SDK takes any
/// page of any stranger's for that; AWS says in each answer what it calls the request.
fn done(reply: Result<impl RequestId, AwsError>) -> Result<(), AwsError> {
    match reply?.request_id() {
        Some(_) => Ok(()),
        None => Err(AwsError::unreadable()),
    }
}

/// Takes an address of nothing, as in `AWS_ENDPOINT_URL=`, for none, on which the SDK panics.
#[derive(Debug)]
struct IamResolver(DefaultResolver);

impl ResolveEndpoint for IamResolver {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        let named = params.endpoint().filter(|url| !url.is_empty());
        let params = Params::builder()
            .set_region(params.region().map(str::to_owned))
            .set_use_dual_stack(params.use_dual_stack())
            .set_use_fips(params.use_fips())
            .set_endpoint(named.map(str::to_owned))
            .build();
        EndpointFuture::new(async move {
            let resolver: &dyn ResolveEndpoint = &self.0;
            resolver.resolve_endpoint(&params?).await
        })
    }
}

/// The most entries of a list that are read. IAM's largest quota is 10,000.
const MOST_ENTRIES: usize = 100_000;

/// Collects what the pages of a list hold: the stream that a paginator's `items()` sends.
macro_rules! collected {
    ($aws:expr, $action:expr, $items:expr) => {{
        let mut items = $items;
        $aws.run(async {
            let mut all = Vec::new();
            while let Some(item) = items.next().await {
                let item = item.map_err(|error| {
                    $crate::aws::error::AwsError::from_sdk($action, $aws.region(), error)
                })?;
                if all.len() == $crate::aws::iam::MOST_ENTRIES {
                    return Err($crate::aws::error::AwsError::unreadable());
                }
                all.push(item);
            }
            Ok(all)
        })
    }};
}
use collected;

fn moment(date: &DateTime) -> Option<Timestamp> {
    Timestamp::from_timestamp(date.secs(), 0)
}

/// Takes the escapes out of a policy document, which IAM's answers write as RFC 3986 has it: a plus sign is one.
///
/// # Errors
/// [`AwsError::DamagedDocument`]; `policy` is what people call it.
fn document(policy: impl FnOnce() -> String, text: &str) -> Result<String, AwsError> {
    unescape(text).ok_or_else(|| AwsError::DamagedDocument { policy: policy() })
}

fn unescape(text: &str) -> Option<String> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod sandbox_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_escapes_of_a_document_are_those_of_addresses_and_a_broken_one_is_an_error() {
        let text = "%7B%22a%22%3A%20%22b+c%2Fd%c3%a9%22%7D";
        let document = |text| document(|| "'mfa'".to_owned(), text);
        assert_eq!(document(text).unwrap(), "{\"a\": \"b+c/d\u{e9}\"}");
        assert_eq!(document("{\"a\": 1}").unwrap(), "{\"a\": 1}");
        for broken in ["%", "%7", "%zz", "%ff", "%+1"] {
            let error = document(broken).unwrap_err();
            assert!(error.to_string().contains("'mfa'"), "{broken}: {error}");
        }
    }
}
