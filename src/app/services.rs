//! What stands around REI: its queue, its records, the providers, its folder.

use crate::adapters::ai_providers::HttpProviders;
use crate::adapters::programs::LocalPrograms;
use crate::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use crate::adapters::rq::{RqDeadlines, RqOptions, RqQueue};
use crate::adapters::saved_files::{Limits, LocalSavedFiles};
use crate::adapters::settings_files::LocalSettings;
use crate::adapters::yookassa::{YooKassa, YooKassaKeys, YooKassaLimits, YooKassaOptions};
use crate::config::{self, BaseSettings};
use crate::domain::database::Schema;
use crate::domain::provider::Providers;
use crate::ports::install::{Programs, SavedFiles, SettingsFiles};
use crate::ports::payments::PaymentProvider;
use crate::ports::providers::AiProviders;
use crate::ports::queue::JobQueue;
use crate::ports::records::Records;
use crate::runbook::providers;
use anyhow::Context;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The ports of everything that is not the database's files, units or backups.
pub(super) struct Services {
    pub queue: Arc<dyn JobQueue>,
    pub records: Arc<dyn Records>,
    pub payments: Arc<dyn PaymentProvider>,
    pub providers: Arc<dyn AiProviders>,
    pub settings: Arc<dyn SettingsFiles>,
    pub saved: Arc<dyn SavedFiles>,
    pub programs: Arc<dyn Programs>,
}

/// Builds them. Nothing is connected yet.
pub(super) fn build(base: &BaseSettings, schema: Schema) -> anyhow::Result<Services> {
    let described = providers::load(base.runbook_dir.as_deref(), config::PROVIDER_KEYS)?;
    let tasks = task_places(&described);
    let keys = base.providers.keys.clone();
    Ok(Services {
        queue: Arc::new(queue(base, RqDeadlines::default())?),
        records: Arc::new(ReiRecords::new(RecordsOptions {
            database: base.patient.database.clone(),
            schema,
            tasks,
            limits: RecordsLimits::default(),
        })),
        payments: Arc::new(payments(base)?),
        providers: Arc::new(HttpProviders::new(described, keys)?),
        settings: Arc::new(LocalSettings),
        saved: Arc::new(LocalSavedFiles::new(
            base.patient.database.clone(),
            Limits::USUAL,
        )),
        programs: Arc::new(LocalPrograms::new(config::environment())),
    })
}

/// REI's queue, waited for as long as this.
pub(super) fn queue(base: &BaseSettings, deadlines: RqDeadlines) -> anyhow::Result<RqQueue> {
    let queue = &base.queue;
    let options = RqOptions {
        queues: queue.queues.clone(),
        function: queue.function.clone(),
        deadlines,
        job_timeout: queue.job_timeout,
        ..RqOptions::new(queue.url.clone())
    };
    RqQueue::new(options).context("REDIS_URL cannot be used")
}

pub(super) fn payments(base: &BaseSettings) -> anyhow::Result<YooKassa> {
    let payments = &base.payments;
    Ok(YooKassa::new(YooKassaOptions {
        keys: payments.keys.as_ref().map(|keys| YooKassaKeys {
            shop: keys.shop.clone(),
            secret: keys.secret.clone(),
        }),
        api: payments.api.clone(),
        status: payments.status.clone(),
        limits: YooKassaLimits::default(),
    })?)
}

/// Where rows hold the provider's id of their task.
fn task_places(described: &Providers) -> BTreeMap<String, String> {
    let providers = described.iter();
    providers
        .filter_map(|(name, provider)| {
            let lookup = provider.tasks.as_ref()?;
            // Names within each other, as SQLite's JSON paths have them.
            let place = lookup.pointer.trim_start_matches('/').replace('/', ".");
            Some((name.clone(), place))
        })
        .collect()
}
