//! The actions of AWS IAM.

use aws_sdk_iam::config::{
    Builder,
    endpoint::{DefaultResolver, EndpointFuture, Params, ResolveEndpoint},
};

use crate::{
    aws::{client::Aws, error::AwsError},
    terminal::excerpt,
};

/// Calls `ListMFADevices` for the user of the key: the serials of all devices, of every type.
///
/// # Errors
/// [`AwsError`], `Denied` above all: many companies' policies deny IAM without MFA.
pub fn list_mfa_devices(aws: &Aws) -> Result<Vec<String>, AwsError> {
    const ACTION: &str = "iam:ListMFADevices";
    let config = Builder::from(aws.config()).endpoint_resolver(IamResolver(DefaultResolver::new()));
    let client = aws_sdk_iam::Client::from_conf(config.build());
    let pages = client.list_mfa_devices().into_paginator().items().send();
    let devices = aws
        .run(pages.collect::<Result<Vec<_>, _>>())
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    Ok(devices
        .into_iter()
        .map(|device| excerpt(&device.serial_number))
        .collect())
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
