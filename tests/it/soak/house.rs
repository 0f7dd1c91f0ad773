//! The program: its verbs as a console of another process has them, and its engine behind the layer.

use super::fault::Setting;
use super::ground::Ground;
use super::layer::{Layer, World};
use super::ports::Behind;
use super::town::{BOT, REDIS, Town, WORKERS};
use crate::support::observer::{Seen, observer};
use crate::support::services::{no_hands, notices, nowhere, papers};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::adapters::rq::{RqOptions, RqQueue};
use rei_recovery::adapters::saved_files::{Limits, LocalSavedFiles};
use rei_recovery::adapters::settings_files::LocalSettings;
use rei_recovery::adapters::sqlite_backup::SqliteCopies;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::approval::Policy;
use rei_recovery::domain::operator::Access;
use rei_recovery::engine::{Parts, Patient, Sender, SenderParts};
use rei_recovery::ops::{self, Ops, PatientView, Profile, State};
use rei_recovery::ports::backups::{BackupPlace, Backups};
use rei_recovery::ports::bot::{Courier, ReiBot};
use rei_recovery::ports::campaigns::Campaigns;
use rei_recovery::ports::clock::Clock;
use rei_recovery::ports::database::{DatabaseChecks, DatabaseFiles, FileHolders};
use rei_recovery::ports::install::{Programs, SavedFiles, SettingsFiles};
use rei_recovery::ports::journal::{FullChecks, Journal, Outbox};
use rei_recovery::ports::log::PatientLog;
use rei_recovery::ports::payments::PaymentProvider;
use rei_recovery::ports::providers::AiProviders;
use rei_recovery::ports::queue::JobQueue;
use rei_recovery::ports::recipients::Recipients;
use rei_recovery::ports::records::Records;
use rei_recovery::ports::units::Units;
use rei_recovery::runbook::{Runbooks, schema};
use rei_recovery::store::Store;
use rei_recovery::tasks::taking::Taking;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::Duration;

/// Who asks, who may approve, and who is nobody. The one who asks may too where the rules let him.
pub const ANN: i64 = 1;
pub const APPROVERS: [i64; 3] = [2, 3, 4];
pub const EVE: i64 = 9;

/// How long an approval may take.
pub const TTL: Duration = Duration::from_secs(24 * 3600);

/// A clock that people put forward.
#[derive(Default)]
pub struct TownClock(AtomicI64);

impl TownClock {
    pub fn put(&self, ahead: Duration) {
        self.0.store(ahead.as_secs().cast_signed(), SeqCst);
    }
}

impl Clock for TownClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0.load(SeqCst))
    }
}

/// What every life of the program is made from.
pub struct House {
    pub ground: Ground,
    pub clock: Arc<TownClock>,
    pub policy: Policy,
    pub town: Arc<Town>,
    redis: String,
}

impl House {
    pub fn new(setting: &Setting, ground: Ground, town: Arc<Town>, redis: String) -> Self {
        Self {
            ground,
            clock: Arc::default(),
            policy: policy(setting),
            town,
            redis,
        }
    }

    /// The state, opened as a process does.
    pub fn store(&self) -> Store {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        Store::open(&self.ground.state(), clock).unwrap()
    }

    fn checks(&self) -> Arc<SqliteChecks> {
        Arc::new(SqliteChecks::new(
            schema::built_in().unwrap(),
            CheckLimits::default(),
        ))
    }

    fn records(&self) -> Arc<ReiRecords> {
        Arc::new(ReiRecords::new(RecordsOptions {
            database: self.ground.database(),
            schema: schema::built_in().unwrap(),
            tasks: BTreeMap::new(),
            limits: RecordsLimits::default(),
        }))
    }

    fn queue(&self) -> Arc<RqQueue> {
        let url = SecretString::from(self.redis.clone());
        Arc::new(RqQueue::new(RqOptions::new(url)).unwrap())
    }

    pub fn place(&self) -> Arc<dyn BackupPlace> {
        let folder = self.ground.backups();
        Arc::new(BackupDir::new(folder, Duration::from_secs(20)))
    }

    fn backups(&self, store: &Store, place: Arc<dyn BackupPlace>) -> Arc<dyn Backups> {
        let memory = Arc::new(store.clone());
        Arc::new(AllBackups::new(
            vec![place],
            memory,
            Duration::from_secs(20),
        ))
    }

    /// The engine's parts of one life, every port of them behind its layer.
    pub fn engine(&self, world: &Arc<World>, layer: &Arc<Layer>) -> Parts {
        let store = self.store();
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let state = Arc::new(store.clone());
        let journal: Arc<dyn Journal> = state.clone();
        let checks: Arc<dyn FullChecks> = state.clone();
        let outbox: Arc<dyn Outbox> = state.clone();
        let recipients: Arc<dyn Recipients> = state;
        Parts {
            journal: Behind::new(journal, layer),
            full_checks: Behind::new(checks, layer),
            outbox: Behind::new(outbox, layer),
            recipients: Behind::new(recipients, layer),
            chores: no_hands(&store),
            patient: self.patient(world, layer, &store),
            policy: self.policy.clone(),
            clock,
            live: Arc::default(),
        }
    }

    fn patient(&self, world: &Arc<World>, layer: &Arc<Layer>, store: &Store) -> Patient {
        let town = &world.town;
        let place: Arc<dyn BackupPlace> = Behind::new(self.place(), layer);
        let log = FileLog::new(self.ground.home().join("bot.log"));
        let saved = LocalSavedFiles::new(self.ground.database(), Limits::USUAL);
        Patient {
            units: Behind::new(Arc::clone(town) as Arc<dyn Units>, layer),
            holders: Behind::new(Arc::clone(town) as Arc<dyn FileHolders>, layer),
            files: Behind::new(Arc::new(LocalFiles) as Arc<dyn DatabaseFiles>, layer),
            checks: Behind::new(self.checks() as Arc<dyn DatabaseChecks>, layer),
            backups: Behind::new(self.backups(store, place), layer),
            log: Behind::new(Arc::new(log) as Arc<dyn PatientLog>, layer),
            queue: Behind::new(self.queue() as Arc<dyn JobQueue>, layer),
            records: Behind::new(self.records() as Arc<dyn Records>, layer),
            payments: Behind::new(Arc::clone(town) as Arc<dyn PaymentProvider>, layer),
            providers: Behind::new(Arc::clone(town) as Arc<dyn AiProviders>, layer),
            settings: Behind::new(Arc::new(LocalSettings) as Arc<dyn SettingsFiles>, layer),
            saved: Behind::new(Arc::new(saved) as Arc<dyn SavedFiles>, layer),
            programs: Behind::new(Arc::clone(town) as Arc<dyn Programs>, layer),
            sender: self.sender(world, layer, store),
            bot: Some(Behind::new(Arc::clone(town) as Arc<dyn ReiBot>, layer)),
            wording: Arc::clone(town) as _,
        }
    }

    fn sender(&self, world: &Arc<World>, layer: &Arc<Layer>, store: &Store) -> Sender {
        let state = Arc::new(store.clone());
        Sender::new(SenderParts {
            campaigns: Behind::new(Arc::clone(&state) as Arc<dyn Campaigns>, layer),
            outbox: Behind::new(state as Arc<dyn Outbox>, layer),
            courier: Some(Behind::new(
                Arc::clone(&world.town) as Arc<dyn Courier>,
                layer,
            )),
            rates: Arc::default(),
            clock: Arc::clone(&self.clock) as _,
        })
    }

    /// The verbs.
    pub fn ops(&self, store: &Store) -> Ops {
        let services = nowhere(self.ground.database());
        let backups = self.backups(store, self.place());
        let state = Arc::new(store.clone());
        let observer = observer(Seen {
            units: Arc::clone(&self.town) as _,
            checks: self.checks(),
            backups: Arc::clone(&backups),
            services: &services,
            store,
            clock: Arc::clone(&self.clock) as _,
            database: &self.ground.database(),
        });
        Ops::new(ops::Parts {
            state: State {
                journal: state.clone(),
                audit: state.clone(),
                outbox: state.clone(),
                history: state.clone(),
                alerts: state.clone(),
                chores: state.clone(),
                cases: state.clone(),
                codes: state,
            },
            patient: PatientView {
                units: Arc::clone(&self.town) as _,
                files: Arc::new(LocalFiles),
                checks: self.checks(),
                observer: observer.clone(),
                taking: self.taking(&backups),
                backups,
                queue: self.queue(),
                records: self.records(),
                payments: Arc::clone(&self.town) as _,
                providers: Arc::clone(&self.town) as _,
            },
            profile: self.profile(),
            runbooks: Runbooks::load(Some(&self.ground.runbooks()), &|_| true).unwrap(),
            clock: Arc::clone(&self.clock) as _,
            live: Arc::default(),
            at_work: Arc::default(),
            notices: notices(store, &self.ground.state()),
            papers: papers(store, observer),
        })
    }

    fn profile(&self) -> Profile {
        Profile {
            home: self.ground.home(),
            database: self.ground.database(),
            redis_unit: REDIS.parse().unwrap(),
            queue: "default".to_owned(),
            retry_limit: 1000,
            units: vec![BOT.parse().unwrap(), WORKERS.parse().unwrap()],
            rto: Duration::from_secs(3600),
            rpo: Duration::from_secs(3600),
            policy: self.policy.clone(),
        }
    }

    fn taking(&self, backups: &Arc<dyn Backups>) -> Taking {
        Taking {
            copies: Arc::new(SqliteCopies::default()),
            checks: self.checks(),
            backups: Arc::clone(backups),
            depots: Vec::new(),
            clock: Arc::clone(&self.clock) as _,
            database: self.ground.database(),
            staging: self.ground.state().join("taking"),
            retention: Duration::from_secs(30 * 24 * 3600),
            program: "soak",
        }
    }
}

fn policy(setting: &Setting) -> Policy {
    let own = setting.allow_self.then_some(ANN);
    Policy {
        required: setting.quorum,
        allow_self: setting.allow_self,
        ttl: TTL,
        access: Access {
            admins: BTreeSet::from([ANN, 3]),
            approvers: APPROVERS.into_iter().chain(own).collect(),
        },
        codes: Default::default(),
        break_glass: None,
    }
}
