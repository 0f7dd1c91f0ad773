//! The services around REI for tests that are not about them: the real adapters, with nothing at the
//! other end. What needs Redis or a provider says so at once.

use jiff::tz::TimeZone;
use rei_recovery::adapters::ai_providers::HttpProviders;
use rei_recovery::adapters::programs::LocalPrograms;
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::adapters::rq::{RqOptions, RqQueue};
use rei_recovery::adapters::saved_files::{Limits, LocalSavedFiles};
use rei_recovery::adapters::settings_files::LocalSettings;
use rei_recovery::adapters::yookassa::{YooKassa, YooKassaLimits, YooKassaOptions};
use rei_recovery::domain::provider::Providers;
use rei_recovery::engine::{ChoreParts, Sender, SenderParts};
use rei_recovery::ops::{NoticeRules, Notices, Papers};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::runbook::{papers, schema};
use rei_recovery::store::{FileShelf, Store};
use rei_recovery::tasks::checklists::Sources;
use rei_recovery::tasks::health::Observer;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// One of each.
pub struct Services {
    pub queue: Arc<RqQueue>,
    pub records: Arc<ReiRecords>,
    pub payments: Arc<YooKassa>,
    pub providers: Arc<HttpProviders>,
    pub settings: Arc<LocalSettings>,
    pub saved: Arc<LocalSavedFiles>,
    pub programs: Arc<LocalPrograms>,
}

/// What the verbs about notices stand on, with nothing to send under.
pub fn notices(store: &Store, state: &Path) -> Notices {
    Notices {
        book: Arc::new(store.clone()),
        recipients: Arc::new(store.clone()),
        shelf: Arc::new(FileShelf::new(state, store.clone())),
        courier: None,
        rates: Arc::default(),
        rules: NoticeRules {
            rate: 25,
            paid: false,
            limit: 1000,
            enabled: true,
        },
        asking: Arc::default(),
    }
}

/// What the verbs about checklist and contacts stand on, as the built-in files have them.
pub fn papers(store: &Store, observer: Observer) -> Papers {
    Papers {
        checklists: Arc::new(store.clone()),
        template: Arc::new(papers::checklist(None, &|_| true).unwrap()),
        sources: Sources {
            observer,
            journal: Arc::new(store.clone()),
            audit: Arc::new(store.clone()),
            chores: Arc::new(store.clone()),
            campaigns: Arc::new(store.clone()),
            reports: None,
            scraped: Arc::default(),
        },
        contacts: Arc::new(store.clone()),
        roster: Arc::new(papers::contacts(None, &|_| true).unwrap()),
        zone: TimeZone::UTC,
    }
}

/// Around this database.
pub fn nowhere(database: PathBuf) -> Services {
    let records = RecordsOptions {
        database: database.clone(),
        schema: schema::built_in().unwrap(),
        tasks: BTreeMap::new(),
        limits: RecordsLimits::default(),
    };
    // The port of "discard", where nothing listens.
    let redis = SecretString::from("redis://127.0.0.1:9/0");
    let page: Url = "http://127.0.0.1:9/".parse().unwrap();
    let payments = YooKassaOptions {
        keys: None,
        api: page.clone(),
        status: page,
        limits: YooKassaLimits::default(),
    };
    Services {
        queue: Arc::new(RqQueue::new(RqOptions::new(redis)).unwrap()),
        records: Arc::new(ReiRecords::new(records)),
        payments: Arc::new(YooKassa::new(payments).unwrap()),
        providers: Arc::new(HttpProviders::new(Providers::new(), BTreeMap::new()).unwrap()),
        settings: Arc::new(LocalSettings),
        saved: Arc::new(LocalSavedFiles::new(database, Limits::USUAL)),
        programs: Arc::new(LocalPrograms::new([])),
    }
}

/// A sender without REI's token.
pub fn nobodys_sender(store: &Store) -> Sender {
    Sender::new(SenderParts {
        campaigns: Arc::new(store.clone()),
        outbox: Arc::new(store.clone()),
        courier: None,
        rates: Arc::default(),
        clock: Arc::new(SystemClock),
    })
}

/// Chores, and nobody who does them.
pub fn no_hands(store: &Store) -> ChoreParts {
    ChoreParts {
        book: Arc::new(store.clone()),
        hands: Arc::new([]),
        at_work: Arc::default(),
    }
}
