//! The client of the AWS SDK, set up once for every action.

use std::{fs, io, path::PathBuf, time::Duration};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_sts::{
    config::{
        Credentials, SharedHttpClient,
        http::HttpResponse,
        interceptors::InterceptorContext,
        retry::{ClassifyRetry, RetryAction},
    },
    error::{ProvideErrorMetadata, SdkError},
};
use aws_smithy_http_client::{
    Builder, Connector, ConnectorBuilder,
    proxy::ProxyConfig,
    tls::{self, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{http::HttpConnector, orchestrator::HttpRequest};
use aws_smithy_types::byte_stream::ByteStream;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::runtime::Runtime;

use crate::{
    aws::error::AwsError,
    credentials::{LongTermKey, TemporaryCredentials},
    environment,
    profile::StsEndpoint,
    terminal::trace,
};

const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long an answer is waited for, and how often a request is sent.
struct Persistence {
    connect_timeout: Duration,
    attempt_timeout: Duration,
    /// Attempts in all. The SDK repeats a request after throttling, a server's error or a broken
    /// connection, never after a refusal; see [`CodeIsGoodOnce`] for requests with a code.
    attempts: u32,
}

/// For what has to be done.
const PERSISTENT: Persistence = Persistence {
    connect_timeout: Duration::from_secs(5),
    attempt_timeout: ATTEMPT_TIMEOUT,
    attempts: 3,
};

/// For a look whether AWS is there at all.
const BRIEF: Persistence = Persistence {
    connect_timeout: Duration::from_secs(3),
    attempt_timeout: Duration::from_secs(5),
    attempts: 1,
};

/// A connection to AWS on behalf of one key or session.
pub struct Aws {
    config: SdkConfig,
    runtime: Runtime,
    region: String,
    sts_endpoint: StsEndpoint,
}

/// Who signs the requests.
#[derive(Debug, Clone, Copy)]
pub enum Signer<'a> {
    /// An IAM user's access key.
    LongTermKey(&'a LongTermKey),
    /// What STS gave.
    Session(&'a TemporaryCredentials),
}

impl<'a> From<&'a LongTermKey> for Signer<'a> {
    fn from(key: &'a LongTermKey) -> Self {
        Signer::LongTermKey(key)
    }
}

impl<'a> From<&'a TemporaryCredentials> for Signer<'a> {
    fn from(credentials: &'a TemporaryCredentials) -> Self {
        Signer::Session(credentials)
    }
}

impl Signer<'_> {
    fn credentials(self) -> Credentials {
        let (id, secret, token) = match self {
            Signer::LongTermKey(key) => (&key.access_key_id, &key.secret_access_key, None),
            Signer::Session(session) => (
                &session.access_key_id,
                &session.secret_access_key,
                Some(session.session_token.expose().to_owned()),
            ),
        };
        Credentials::new(id, secret.expose(), token, None, "daypass")
    }
}

/// Why AWS cannot be talked to at all.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No I/O could be set up.
    #[error("cannot set up network I/O")]
    Runtime(#[source] io::Error),
    /// `AWS_CA_BUNDLE` names a file that cannot be read.
    #[error("cannot read the certificates of AWS_CA_BUNDLE, {}", path.display())]
    UnreadableBundle {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `AWS_CA_BUNDLE` names a file that holds no usable certificate.
    #[error("AWS_CA_BUNDLE, {}, holds no usable PEM certificate", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
    },
    /// The platform gave no TLS settings.
    #[error("cannot set up TLS: {0}")]
    Tls(String),
}

impl Aws {
    /// Sets the client up: static credentials, an explicit region, proxies and certificates from the
    /// environment, endpoints as the SDKs resolve them (`AWS_ENDPOINT_URL`, and `endpoint_url` of the
    /// profile).
    ///
    /// The credentials are given, never looked up: the SDK's own chain would run the profile's
    /// `credential_process`, which is this program.
    ///
    /// # Errors
    /// [`ClientError`]; the network is not touched yet.
    pub fn new<'a>(
        signer: impl Into<Signer<'a>>,
        profile: &str,
        region: &str,
    ) -> Result<Self, ClientError> {
        Aws::open(Some(signer.into()), profile, region, &PERSISTENT)
    }

    /// The same for a look: a request is sent once, and given up after five seconds. Without a signer it is
    /// not signed.
    ///
    /// # Errors
    /// As [`Aws::new`].
    pub fn for_a_look(
        signer: Option<Signer<'_>>,
        profile: &str,
        region: &str,
    ) -> Result<Self, ClientError> {
        Aws::open(signer, profile, region, &BRIEF)
    }

    fn open(
        signer: Option<Signer<'_>>,
        profile: &str,
        region: &str,
        persistence: &Persistence,
    ) -> Result<Self, ClientError> {
        let runtime = runtime()?;
        let defaults = aws_config::defaults(BehaviorVersion::latest());
        let loader = match signer {
            Some(signer) => defaults.credentials_provider(signer.credentials()),
            None => defaults.no_credentials(),
        };
        let loader = loader
            .profile_name(profile)
            .region(Region::new(region.to_owned()))
            // A clock that is off breaks the tools that will use the session: it is to be reported, not worked around.
            .disable_clock_skew_correction(true)
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(persistence.attempts)
                    .with_initial_backoff(Duration::from_millis(500)),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(persistence.connect_timeout)
                    .operation_attempt_timeout(persistence.attempt_timeout)
                    .build(),
            )
            .http_client(http_client()?);
        let config = runtime.block_on(loader.load());
        trace(2, || {
            let endpoint = config.endpoint_url().unwrap_or("AWS's own");
            format!("region {region}, endpoint {endpoint}")
        });
        Ok(Aws {
            config,
            runtime,
            region: region.to_owned(),
            sts_endpoint: StsEndpoint::default(),
        })
    }

    /// A connection of a test's own to the sandbox, whose address the environment does not say.
    #[cfg(test)]
    pub(super) fn to(
        sandbox: &daypass_sandbox::Sandbox,
        key: &LongTermKey,
    ) -> Result<Self, ClientError> {
        let mut aws = Aws::new(key, "test", "us-east-1")?;
        let config = aws.config.into_builder().endpoint_url(sandbox.url());
        aws.config = config.build();
        Ok(aws)
    }

    /// The same, with STS at this address.
    pub fn with_sts_endpoint(mut self, endpoint: StsEndpoint) -> Self {
        self.sts_endpoint = endpoint;
        self
    }

    /// At which address STS is asked.
    pub(super) fn sts_endpoint(&self) -> StsEndpoint {
        self.sts_endpoint
    }

    /// The settings for a service's client.
    pub(super) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The region that requests are signed for.
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// Runs a request to its end.
    pub(super) fn run<F: Future>(&self, request: F) -> F::Output {
        self.runtime.block_on(request)
    }

    /// Runs a request to its end, and says what the answer carries or what became of it.
    pub(super) fn ask<R, E>(
        &self,
        action: &'static str,
        request: impl Future<Output = Result<R, SdkError<E, HttpResponse>>>,
    ) -> Result<R, AwsError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.run(request)
            .map_err(|error| AwsError::from_sdk(action, &self.region, error))
    }
}

/// A way to an address of AWS's that takes requests without a signature.
pub(super) struct Unsigned {
    connector: Connector,
    runtime: Runtime,
}

impl Unsigned {
    /// Sets the connection up as that of the SDK is.
    ///
    /// # Errors
    /// [`ClientError`]; the network is not touched yet.
    pub(super) fn new() -> Result<Self, ClientError> {
        Ok(Unsigned {
            connector: secured(ConnectorBuilder::default(), tls_context()?),
            runtime: runtime()?,
        })
    }

    /// Sends a request once, and reads its answer to the end. A status that tells of a failure is the
    /// caller's to judge.
    ///
    /// # Errors
    /// [`AwsError`] when there is no whole answer in time, or one longer than `longest` bytes.
    pub(super) fn send(
        &self,
        request: HttpRequest,
        longest: usize,
    ) -> Result<(u16, Vec<u8>), AwsError> {
        let exchange = async {
            let response = self.connector.call(request).await.map_err(|error| {
                if error.is_timeout() {
                    AwsError::TimedOut
                } else {
                    AwsError::Unreachable {
                        source: error.into(),
                    }
                }
            })?;
            let status = response.status().as_u16();
            let broken = || AwsError::Unreadable {
                status: Some(status),
            };
            let mut body = ByteStream::new(response.into_body());
            let mut bytes = Vec::new();
            while let Some(part) = body.try_next().await.map_err(|_| broken())? {
                if bytes.len() + part.len() > longest {
                    return Err(broken());
                }
                bytes.extend_from_slice(&part);
            }
            Ok((status, bytes))
        };
        self.runtime
            .block_on(async { tokio::time::timeout(ATTEMPT_TIMEOUT, exchange).await })
            .unwrap_or(Err(AwsError::TimedOut))
    }
}

fn runtime() -> Result<Runtime, ClientError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(ClientError::Runtime)
}

/// Forbids to send a request with a code again unless AWS has answered that it wants it again.
///
/// The SDK repeats a request after any broken connection and any broken answer. A code is good once:
/// AWS may have spent it before the answer was lost, and would refuse it the second time, which reads
/// like a wrong code. Throttling and a server's error are answers; those are repeated.
#[derive(Debug)]
pub(super) struct CodeIsGoodOnce;

impl ClassifyRetry for CodeIsGoodOnce {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.output_or_error() {
            Some(Err(error))
                if error.is_response_error()
                    || error.is_timeout_error()
                    || error.is_connector_error() =>
            {
                RetryAction::RetryForbidden
            }
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "a code is good once"
    }
}

fn http_client() -> Result<SharedHttpClient, ClientError> {
    let context = tls_context()?;
    Ok(
        Builder::new().build_with_connector_fn(move |settings, components| {
            let mut connector = ConnectorBuilder::default();
            connector.set_connector_settings(settings.cloned());
            connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
            secured(connector, context.clone())
        }),
    )
}

/// Connects as every request to AWS does: proxies and certificates from the environment.
fn secured(connector: ConnectorBuilder, context: TlsContext) -> Connector {
    connector
        // A client of one's own has no proxies unless they are taken along.
        .proxy_config(ProxyConfig::from_env())
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build()
}

fn tls_context() -> Result<TlsContext, ClientError> {
    let trust = match environment::ca_bundle() {
        Some(path) => TrustStore::empty().with_pem_certificate(certificates(path.into())?),
        None => TrustStore::empty().with_native_roots(true),
    };
    TlsContext::builder()
        .with_trust_store(trust)
        .build()
        .map_err(|error| ClientError::Tls(error.to_string()))
}

/// Reads a PEM bundle and makes sure of it: the SDK panics on one that does not parse.
fn certificates(path: PathBuf) -> Result<Vec<u8>, ClientError> {
    let pem = match fs::read(&path) {
        Ok(pem) => pem,
        Err(source) => return Err(ClientError::UnreadableBundle { path, source }),
    };
    let mut roots = RootCertStore::empty();
    let usable = CertificateDer::pem_slice_iter(&pem)
        .all(|certificate| certificate.is_ok_and(|certificate| roots.add(certificate).is_ok()));
    if usable && !roots.is_empty() {
        Ok(pem)
    } else {
        Err(ClientError::NoCertificates { path })
    }
}
