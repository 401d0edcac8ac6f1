//! The actions of AWS IAM.

use aws_sdk_iam::{
    Client,
    config::{
        Builder,
        endpoint::{DefaultResolver, EndpointFuture, Params, ResolveEndpoint},
    },
    operation::RequestId,
};

use crate::aws::{
    client::{Aws, CodeIsGoodOnce},
    error::AwsError,
};

pub mod access_keys;
pub mod mfa_devices;
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
