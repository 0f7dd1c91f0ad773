//! What the bucket's adapter needs to know, and the client made of it.

use super::bounded::Bounded;
use aws_config::BehaviorVersion;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    Builder, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedHttpClient, StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_smithy_http_client::tls;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// The bucket and how to reach it.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// `S3_ENDPOINT_URL`; nothing means AWS itself.
    pub endpoint: Option<String>,
    /// `AWS_REGION`; nothing leaves it to the usual AWS chain, and `us-east-1` in the end.
    pub region: Option<String>,
    /// `S3_BUCKET`.
    pub bucket: String,
    /// `S3_PREFIX`, with or without slashes around it; may be empty.
    pub prefix: String,
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; nothing leaves it to the usual AWS chain.
    pub keys: Option<S3Keys>,
    /// How long things may take.
    pub limits: S3Limits,
}

/// A pair of keys.
#[derive(Debug, Clone)]
pub struct S3Keys {
    /// Access key id.
    pub id: String,
    /// Secret access key.
    pub secret: SecretString,
    /// `AWS_SESSION_TOKEN`, for keys that end.
    pub session: Option<SecretString>,
}

/// Deadlines and repetitions.
#[derive(Debug, Clone, Copy)]
pub struct S3Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// One request until its answer begins.
    pub attempt: Duration,
    /// One call with its repetitions until its answer begins; a whole listing with all pages.
    pub operation: Duration,
    /// The longest silence within an object.
    pub stall: Duration,
    /// How often a request is tried in all when its failure may pass.
    pub attempts: u32,
    /// How often a broken object is resumed where it broke.
    pub resumes: u32,
}

impl Default for S3Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(20),
            operation: Duration::from_secs(60),
            stall: Duration::from_secs(30),
            attempts: 3,
            resumes: 8,
        }
    }
}

/// What stores without regions go by.
const FALLBACK_REGION: Region = Region::from_static("us-east-1");

/// A client with this program's own policy instead of the SDK's defaults.
pub(super) async fn client(settings: &S3Settings) -> Client {
    let https = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(
            tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https();
    let builder = match &settings.keys {
        Some(keys) => with_keys(settings, keys),
        None => with_aws_chain(settings, &https).await,
    };
    let builder = match &settings.endpoint {
        // Stores other than AWS seldom have a DNS name per bucket.
        Some(endpoint) => builder.endpoint_url(endpoint).force_path_style(true),
        None => builder,
    };
    let config = builder
        .http_client(https)
        .interceptor(Bounded::Refusals)
        .retry_config(RetryConfig::standard().with_max_attempts(settings.limits.attempts.max(1)))
        .timeout_config(timeouts(&settings.limits))
        // The stream's own watch knows what a stall means here.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        // Older stores refuse the SDK's new default checksums.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    Client::from_conf(config.build())
}

fn with_keys(settings: &S3Settings, keys: &S3Keys) -> Builder {
    let region = settings.region.clone().map_or(FALLBACK_REGION, Region::new);
    let credentials = Credentials::new(
        &keys.id,
        keys.secret.expose_secret(),
        keys.session
            .as_ref()
            .map(|token| token.expose_secret().to_owned()),
        None,
        "settings",
    );
    Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(credentials)
        .region(region)
}

async fn with_aws_chain(settings: &S3Settings, https: &SharedHttpClient) -> Builder {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(https.clone())
        .timeout_config(timeouts(&settings.limits));
    if let Some(region) = settings.region.clone() {
        loader = loader.region(Region::new(region));
    }
    let shared = loader.load().await;
    let region = shared.region().cloned().unwrap_or(FALLBACK_REGION);
    Builder::from(&shared).region(region)
}

fn timeouts(limits: &S3Limits) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(limits.connect)
        .read_timeout(limits.attempt)
        .operation_attempt_timeout(limits.attempt)
        .operation_timeout(limits.operation)
        .build()
}
