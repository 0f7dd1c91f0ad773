//! YooKassa: what it knows of payments, and how it is. Only GET requests, so each may be repeated.
//!
//! `wire` reads its answers, `http` makes one request with its repetitions, `pace` keeps as many
//! requests under way as its 429s allow, `sweep` goes over its lists, `reading` looks how it is.

mod http;
mod pace;
mod reading;
mod sweep;
mod wire;

use crate::domain::failure::FailureCode;
use crate::domain::payment::RemotePayment;
use crate::domain::provider::Reading;
use crate::ports::backups::Work;
use crate::ports::payments::PaymentProvider;
use crate::ports::{PortError, PortResult, redact};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use http::Api;
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// The service's name in readings and failures.
const SERVICE: &str = "yookassa-api";
/// Settings that are named when there are no keys.
const SETTINGS: &str = "YOOKASSA_SHOP_ID, YOOKASSA_SECRET_KEY";

/// The shop and how to reach it.
#[derive(Debug, Clone)]
pub struct YooKassaOptions {
    /// Absent where none are set: sweeps then fail with `provider-not-configured`.
    pub keys: Option<YooKassaKeys>,
    /// `YOOKASSA_API_URL`, with its version: `https://api.yookassa.ru/v3`.
    pub api: Url,
    /// `YOOKASSA_STATUS_URL`.
    pub status: Url,
    /// How long and how much.
    pub limits: YooKassaLimits,
}

/// What opens the API.
#[derive(Debug, Clone)]
pub struct YooKassaKeys {
    /// `YOOKASSA_SHOP_ID`.
    pub shop: String,
    /// `YOOKASSA_SECRET_KEY`.
    pub secret: SecretString,
}

/// Deadlines, repetitions, and how many requests at once.
#[derive(Debug, Clone, Copy)]
pub struct YooKassaLimits {
    /// Until a connection stands.
    pub connect: Duration,
    /// One request until its answer is complete.
    pub request: Duration,
    /// One look whether it is up.
    pub reading: Duration,
    /// How often a request is made in all when it fails or is answered 5xx.
    pub attempts: u32,
    /// How often a request is made in all when it is answered 429.
    pub refusals: u32,
    /// The pause before the first repetition; it doubles up to `longest_pause`.
    pub first_pause: Duration,
    /// The longest pause before a repetition.
    pub longest_pause: Duration,
    /// Requests at once to begin with.
    pub at_once: u32,
    /// Requests at once at most, however well it goes.
    pub at_most: u32,
}

impl Default for YooKassaLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(20),
            reading: Duration::from_secs(10),
            attempts: 6,
            refusals: 40,
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(10),
            at_once: 16,
            at_most: 32,
        }
    }
}

/// Why there can be no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no HTTP client can be made: {0}")]
pub struct NoClient(String);

/// The payment provider.
#[derive(Debug)]
pub struct YooKassa {
    options: YooKassaOptions,
    api: Option<Api>,
    page: reqwest::Client,
}

impl YooKassa {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// The machine's TLS or name resolution cannot be set up.
    pub fn new(options: YooKassaOptions) -> Result<Self, NoClient> {
        let failed = |error: reqwest::Error| NoClient(redact::error(&error));
        let api = match &options.keys {
            Some(keys) => Some(Api::new(&options, keys.clone()).map_err(failed)?),
            None => None,
        };
        let page = http::page(&options.limits).build().map_err(failed)?;
        Ok(Self { options, api, page })
    }

    /// Whether `GET /me` takes our keys; gives the shop as it names itself.
    ///
    /// # Errors
    /// `provider-not-configured`, `provider-key-refused`, `provider-down`.
    pub async fn shop(&self) -> PortResult<String> {
        reading::shop(self.api()?, self.options.limits.reading).await
    }

    /// How its status page is.
    pub async fn page(&self) -> Reading {
        reading::of_page(
            &self.page,
            &self.options.status,
            self.options.limits.reading,
        )
        .await
    }

    fn api(&self) -> PortResult<&Api> {
        self.api.as_ref().ok_or_else(|| {
            PortError::new(FailureCode::ProviderNotConfigured)
                .with("service", SERVICE)
                .with("settings", SETTINGS)
        })
    }
}

#[async_trait]
impl PaymentProvider for YooKassa {
    async fn readings(&self) -> Vec<Reading> {
        let api = reading::of_api(self.api.as_ref(), self.options.limits.reading);
        let limit = self.options.limits.reading;
        let page = reading::of_page(&self.page, &self.options.status, limit);
        let (api, page) = tokio::join!(api, page);
        vec![api, page]
    }

    async fn sweep(
        &self,
        since: Timestamp,
        until: Timestamp,
        work: &Work,
    ) -> PortResult<BTreeMap<String, RemotePayment>> {
        let sweep = sweep::sweep(self.api()?, since, until, work);
        until_cancelled(work, sweep).await
    }

    async fn by_id(
        &self,
        ids: &[String],
        work: &Work,
    ) -> PortResult<BTreeMap<String, RemotePayment>> {
        let api = self.api()?;
        let (done, _) = work.progress.read();
        work.progress.expect(done + ids.len() as u64);
        let found = by_id(api, ids, work);
        until_cancelled(work, found).await
    }
}

/// Each by itself, side by side; the pace decides how many really are under way.
async fn by_id(
    api: &Api,
    ids: &[String],
    work: &Work,
) -> PortResult<BTreeMap<String, RemotePayment>> {
    let ask = |id: String| async move {
        let found = sweep::payment(api, &id).await?;
        work.progress.advance(1);
        Ok::<_, PortError>(found.map(|payment| (id, payment)))
    };
    let asked = stream::iter(ids.to_vec()).map(ask);
    let found = asked.buffer_unordered(api.at_most());
    found
        .try_filter_map(|found| async move { Ok(found) })
        .try_collect()
        .await
}

async fn until_cancelled<T>(
    work: &Work,
    done: impl Future<Output = PortResult<T>>,
) -> PortResult<T> {
    tokio::select! {
        biased;
        () = work.cancel.cancelled() => Err(PortError::new(FailureCode::CutOff)),
        done = done => done,
    }
}
