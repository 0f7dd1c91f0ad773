//! The verbs over a real store and a small patient.

use super::scene::Options;
use rei_recovery::adapters::ai_providers::HttpProviders;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::adapters::rq::{RqOptions, RqQueue};
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::adapters::yookassa::{YooKassa, YooKassaLimits, YooKassaOptions};
use rei_recovery::demo::patient::Patient;
use rei_recovery::domain::approval::Policy;
use rei_recovery::domain::database::Schema;
use rei_recovery::domain::operator::Access;
use rei_recovery::domain::provider::Providers;
use rei_recovery::ops::{Ops, Parts, PatientView, Profile, State};
use rei_recovery::ports::backups::{BackupPlace, LiveProgress};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::runbook::{Runbooks, schema};
use rei_recovery::store::Store;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

pub fn verbs(store: &Store, patient: &Patient, options: &Options) -> Ops {
    let schema = Schema {
        tables: BTreeMap::new(),
    };
    let checks = Arc::new(SqliteChecks::new(schema, CheckLimits::default()));
    let units = CommandUnitsOptions::new("true {unit}", "true {unit}", "true {unit}");
    let folder = BackupDir::new(patient.backup_dir(), Duration::from_secs(5));
    let places: Vec<Arc<dyn BackupPlace>> = vec![Arc::new(folder)];
    let backups = AllBackups::new(places, Arc::new(store.clone()), Duration::from_secs(5));
    let records = RecordsOptions {
        database: patient.database(),
        schema: schema::built_in().unwrap(),
        tasks: BTreeMap::new(),
        limits: RecordsLimits::default(),
    };
    // Nothing listens there: what needs Redis or a provider says so.
    let redis = SecretString::from("redis://127.0.0.1:9/0");
    Ops::new(Parts {
        state: State {
            journal: Arc::new(store.clone()),
            audit: Arc::new(store.clone()),
            outbox: Arc::new(store.clone()),
        },
        patient: PatientView {
            units: Arc::new(CommandUnits::new(units).unwrap()),
            files: Arc::new(LocalFiles),
            checks: checks.clone(),
            glance: checks,
            backups: Arc::new(backups),
            queue: Arc::new(RqQueue::new(RqOptions::new(redis)).unwrap()),
            records: Arc::new(ReiRecords::new(records)),
            payments: Arc::new(payments()),
            providers: Arc::new(HttpProviders::new(Providers::new(), BTreeMap::new()).unwrap()),
        },
        profile: Profile {
            home: patient.home().to_owned(),
            database: patient.database(),
            redis_unit: "redis".parse().unwrap(),
            queue: "default".to_owned(),
            retry_limit: 100,
            units: vec![
                "rei_bot".parse().unwrap(),
                "rei_bot_workers".parse().unwrap(),
            ],
            rto: Duration::from_secs(3600),
            rpo: Duration::from_secs(3600),
            policy: policy(options),
        },
        runbooks: Runbooks::load(None, &|_| true).unwrap(),
        clock: Arc::new(SystemClock),
        live: Arc::new(LiveProgress::default()),
    })
}

fn payments() -> YooKassa {
    let nowhere: Url = "http://127.0.0.1:9/".parse().unwrap();
    let options = YooKassaOptions {
        keys: None,
        api: nowhere.clone(),
        status: nowhere,
        limits: YooKassaLimits::default(),
    };
    YooKassa::new(options).unwrap()
}

fn policy(options: &Options) -> Policy {
    let approvers = if options.allow_self {
        BTreeSet::from([11, 12, 13])
    } else {
        BTreeSet::from([12, 13])
    };
    Policy {
        required: options.required,
        allow_self: options.allow_self,
        ttl: Duration::from_secs(600),
        access: Access {
            admins: BTreeSet::from([11, 13]),
            approvers,
        },
    }
}
