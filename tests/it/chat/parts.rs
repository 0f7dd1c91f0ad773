//! The verbs over a real store and a small patient.

use super::scene::Options;
use crate::support::observer::{Seen, observer};
use crate::support::services::{notices, nowhere, papers};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::demo::patient::Patient;
use rei_recovery::domain::approval::Policy;
use rei_recovery::domain::database::Schema;
use rei_recovery::domain::operator::Access;
use rei_recovery::ops::{NoticeRules, Notices, Ops, Parts, PatientView, Profile, State};
use rei_recovery::ports::backups::{BackupPlace, LiveProgress};
use rei_recovery::ports::bot::Courier;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::runbook::Runbooks;
use rei_recovery::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub fn verbs(
    store: &Store,
    (state, patient): (&Path, &Patient),
    courier: Option<Arc<dyn Courier>>,
    options: &Options,
) -> Ops {
    let schema = Schema {
        tables: BTreeMap::new(),
    };
    let checks = Arc::new(SqliteChecks::new(schema, CheckLimits::default()));
    let units = CommandUnitsOptions::new("true {unit}", "true {unit}", "true {unit}");
    let folder = BackupDir::new(patient.backup_dir(), Duration::from_secs(5));
    let places: Vec<Arc<dyn BackupPlace>> = vec![Arc::new(folder)];
    let backups = AllBackups::new(places, Arc::new(store.clone()), Duration::from_secs(5));
    let services = nowhere(patient.database());
    let units = Arc::new(CommandUnits::new(units).unwrap());
    let backups = Arc::new(backups);
    let observer = observer(Seen {
        units: units.clone(),
        checks: checks.clone(),
        backups: backups.clone(),
        services: &services,
        store,
        clock: Arc::new(SystemClock),
        database: &patient.database(),
    });
    Ops::new(Parts {
        state: State {
            journal: Arc::new(store.clone()),
            audit: Arc::new(store.clone()),
            outbox: Arc::new(store.clone()),
            history: Arc::new(store.clone()),
            alerts: Arc::new(store.clone()),
            chores: Arc::new(store.clone()),
            cases: Arc::new(store.clone()),
            codes: Arc::new(store.clone()),
        },
        patient: PatientView {
            units,
            files: Arc::new(LocalFiles),
            checks,
            observer: observer.clone(),
            taking: crate::taking::scene::nowhere(backups.clone()),
            backups,
            queue: services.queue,
            records: services.records,
            payments: services.payments,
            providers: services.providers,
        },
        profile: Profile {
            home: patient.home(),
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
        at_work: Arc::default(),
        notices: Notices {
            courier,
            rules: NoticeRules {
                limit: options.notice_limit,
                ..notices(store, state).rules
            },
            ..notices(store, state)
        },
        papers: papers(store, observer),
    })
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
        ttl: options.ttl,
        access: Access {
            admins: BTreeSet::from([11, 13]),
            approvers,
        },
        codes: options.codes.clone(),
        break_glass: options.break_glass,
    }
}
