//! The one address that STS had before each region got its own.

use aws_sdk_sts::config::endpoint::{DefaultResolver, EndpointFuture, Params, ResolveEndpoint};

/// Asks `sts.amazonaws.com` for the regions of which `sts_regional_endpoints = legacy` is true, and the
/// region's own address for the others. The SDK knows which are which, and does not read the setting.
#[derive(Debug)]
pub(super) struct LegacyEndpoint(DefaultResolver);

impl LegacyEndpoint {
    pub(super) fn new() -> Self {
        LegacyEndpoint(DefaultResolver::new())
    }
}

impl ResolveEndpoint for LegacyEndpoint {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        let params = Params::builder()
            .set_region(params.region().map(str::to_owned))
            .set_use_dual_stack(params.use_dual_stack())
            .set_use_fips(params.use_fips())
            .set_endpoint(params.endpoint().map(str::to_owned))
            .use_global_endpoint(true)
            .build();
        EndpointFuture::new(async move {
            let resolver: &dyn ResolveEndpoint = &self.0;
            resolver.resolve_endpoint(&params?).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(region: &str, endpoint: Option<&str>) -> String {
        let params = Params::builder()
            .region(region)
            .set_endpoint(endpoint.map(str::to_owned))
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let resolver = LegacyEndpoint::new();
        let endpoint = runtime.block_on(resolver.resolve_endpoint(&params));
        endpoint.unwrap().url().to_owned()
    }

    #[test]
    fn old_regions_share_one_address_and_all_others_have_their_own() {
        assert_eq!(url("eu-west-1", None), "https://sts.amazonaws.com");
        assert_eq!(url("us-east-1", None), "https://sts.amazonaws.com");
        assert_eq!(
            url("af-south-1", None),
            "https://sts.af-south-1.amazonaws.com"
        );
        assert_eq!(
            url("cn-north-1", None),
            "https://sts.cn-north-1.amazonaws.com.cn"
        );
        assert_eq!(
            url("us-gov-west-1", None),
            "https://sts.us-gov-west-1.amazonaws.com"
        );
    }

    #[test]
    fn an_address_that_somebody_has_named_stays() {
        let named = "http://127.0.0.1:4566";
        assert_eq!(url("eu-west-1", Some(named)), named);
    }
}
