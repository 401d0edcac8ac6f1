//! At which of its addresses STS is asked.

use aws_sdk_sts::config::endpoint::{DefaultResolver, EndpointFuture, Params, ResolveEndpoint};

use crate::profile::StsEndpoint;

/// Asks the address of the region; with `sts_regional_endpoints = legacy`, for the regions of which that is
/// true, `sts.amazonaws.com`. The SDK knows which are which, and does not read the setting.
#[derive(Debug)]
pub(super) struct StsResolver {
    resolver: DefaultResolver,
    endpoint: StsEndpoint,
}

impl StsResolver {
    pub(super) fn new(endpoint: StsEndpoint) -> Self {
        StsResolver {
            resolver: DefaultResolver::new(),
            endpoint,
        }
    }
}

impl ResolveEndpoint for StsResolver {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        // The SDK panics on an address of nothing, as in AWS_ENDPOINT_URL=; other tools take it for none.
        let named = params.endpoint().filter(|url| !url.is_empty());
        let params = Params::builder()
            .set_region(params.region().map(str::to_owned))
            .set_use_dual_stack(params.use_dual_stack())
            .set_use_fips(params.use_fips())
            .set_endpoint(named.map(str::to_owned))
            .use_global_endpoint(self.endpoint == StsEndpoint::Legacy)
            .build();
        EndpointFuture::new(async move {
            let resolver: &dyn ResolveEndpoint = &self.resolver;
            resolver.resolve_endpoint(&params?).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn legacy_url(region: &str, endpoint: Option<&str>) -> String {
        url(StsEndpoint::Legacy, region, endpoint)
    }

    fn url(which: StsEndpoint, region: &str, endpoint: Option<&str>) -> String {
        let params = Params::builder()
            .region(region)
            .set_endpoint(endpoint.map(str::to_owned))
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let resolver = StsResolver::new(which);
        let endpoint = runtime.block_on(resolver.resolve_endpoint(&params));
        endpoint.unwrap().url().to_owned()
    }

    #[test]
    fn old_regions_share_one_address_and_all_others_have_their_own() {
        assert_eq!(legacy_url("eu-west-1", None), "https://sts.amazonaws.com");
        assert_eq!(legacy_url("us-east-1", None), "https://sts.amazonaws.com");
        assert_eq!(
            legacy_url("af-south-1", None),
            "https://sts.af-south-1.amazonaws.com"
        );
        assert_eq!(
            legacy_url("cn-north-1", None),
            "https://sts.cn-north-1.amazonaws.com.cn"
        );
        assert_eq!(
            legacy_url("us-gov-west-1", None),
            "https://sts.us-gov-west-1.amazonaws.com"
        );
    }

    #[test]
    fn an_address_that_somebody_has_named_stays() {
        let named = "http://127.0.0.1:4566";
        assert_eq!(legacy_url("eu-west-1", Some(named)), named);
    }
    #[test]
    fn each_region_has_an_address_of_its_own_even_where_an_empty_one_is_named() {
        for named in [None, Some("")] {
            assert_eq!(
                url(StsEndpoint::Regional, "us-east-1", named),
                "https://sts.us-east-1.amazonaws.com"
            );
        }
    }
}
