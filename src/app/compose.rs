//! The composition root: which part is behind which port.

use super::{hands, services, watch};
use crate::adapters::backup_dir::BackupDir;
use crate::adapters::catalogue::AllBackups;
use crate::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use crate::adapters::file_holders::ProcHolders;
use crate::adapters::patient_log::FileLog;
use crate::adapters::rei_bot::TelegramReiBot;
use crate::adapters::s3::{S3Keys, S3Limits, S3Place, S3Settings};
use crate::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use crate::adapters::sqlite_files::LocalFiles;
use crate::adapters::systemd::{SystemdOptions, SystemdUnits};
use crate::config::{self, BaseSettings, UnitManager};
use crate::domain::approval::Policy;
use crate::engine::{
    self, CalendarParts, CaseParts, KeeperParts, MonitorParts, OwnCopyParts, Sender, SenderParts,
};
use crate::i18n::{I18n, Locale};
use crate::ops::{self, Ops};
use crate::ports::backups::{BackupPlace, LiveProgress};
use crate::ports::bot::{Courier, ReiBot};
use crate::ports::campaigns::Rates;
use crate::ports::clock::{Clock, SystemClock};
use crate::ports::own_copies::OwnCopies;
use crate::ports::taking::Depot;
use crate::ports::units::Units;
use crate::runbook::{Runbooks, papers, schema};
use crate::store::{FileShelf, Store};
use crate::tasks::checklists::Sources;
use crate::tasks::health::Observer;
use crate::telegram::PeopleWording;
use anyhow::Context;
use secrecy::ExposeSecret;
use std::sync::Arc;
use std::time::Duration;

/// How long a place of backups may take for its list.
const LISTING: Duration = Duration::from_secs(20);

/// Everything, put together.
pub(super) struct House {
    pub store: Store,
    pub ops: Ops,
    pub engine: engine::Parts,
    pub i18n: Arc<I18n>,
    pub locale: Locale,
    pub monitor: MonitorParts,
    pub calendar: CalendarParts,
    pub keeper: KeeperParts,
    pub cases: CaseParts,
    pub own_copies: OwnCopyParts,
}

/// Builds the parts over this state. Nothing is connected yet, so nothing that is down keeps it from
/// starting.
pub(super) async fn build(
    base: &BaseSettings,
    policy: Policy,
    store: Store,
) -> anyhow::Result<House> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let i18n = Arc::new(I18n::new(base.zone.clone())?);
    let runbooks = Runbooks::load(base.runbook_dir.as_deref(), &|key| i18n.has(key)).context(
        "a runbook cannot be used; `rei-recovery runbook validate <dir>` lists every problem",
    )?;
    let schema = schema::load(base.runbook_dir.as_deref())?;
    let services = services::build(base, schema.clone())?;
    let checks = Arc::new(SqliteChecks::new(schema, CheckLimits::default()));
    let units = units(base)?;
    let shelves = shelves(base).await;
    let backups = Arc::new(AllBackups::new(
        shelves.places,
        Arc::new(store.clone()),
        LISTING,
    ));
    let rei_bot = rei_bot(base, &store)?;
    let courier = rei_bot.clone().map(|bot| bot as Arc<dyn Courier>);
    let rates = Arc::new(Rates::default());
    let live = Arc::new(LiveProgress::default());
    let locale = base.locale;
    let patient = engine::Patient {
        units: Arc::clone(&units),
        holders: Arc::new(ProcHolders),
        files: Arc::new(LocalFiles),
        checks: Arc::clone(&checks) as _,
        backups,
        log: Arc::new(FileLog::new(&base.patient.log)),
        queue: services.queue,
        records: services.records,
        payments: services.payments,
        providers: services.providers,
        settings: services.settings,
        saved: services.saved,
        programs: services.programs,
        sender: sender(courier.clone(), &store, &clock, &rates),
        bot: rei_bot.map(|bot| bot as Arc<dyn ReiBot>),
        wording: Arc::new(PeopleWording {
            i18n: Arc::clone(&i18n),
            people: Arc::new(store.clone()),
            default: locale,
        }),
    };
    let taking = hands::taking(base, &patient, shelves.depots);
    let chores = hands::all(base, &store, &patient, &taking)?;
    let observer = watch::observer(&patient, (&store, &checks), base)?;
    let papers = papers(base, &store, &i18n, observer.clone())?;
    let ops = Ops::new(ops::Parts {
        state: ops::State {
            journal: Arc::new(store.clone()),
            audit: Arc::new(store.clone()),
            outbox: Arc::new(store.clone()),
            history: Arc::new(store.clone()),
            alerts: Arc::new(store.clone()),
            chores: Arc::new(store.clone()),
            cases: Arc::new(store.clone()),
            codes: Arc::new(store.clone()),
        },
        patient: ops::PatientView {
            units: Arc::clone(&patient.units),
            files: Arc::clone(&patient.files),
            checks: Arc::clone(&patient.checks),
            observer: observer.clone(),
            backups: Arc::clone(&patient.backups),
            taking,
            queue: Arc::clone(&patient.queue),
            records: Arc::clone(&patient.records),
            payments: Arc::clone(&patient.payments),
            providers: Arc::clone(&patient.providers),
        },
        profile: ops::Profile {
            home: base.patient.home.clone(),
            database: base.patient.database.clone(),
            units: base.patient.units.clone(),
            redis_unit: base.patient.redis_unit.clone(),
            queue: base.queue.queues.first().cloned().unwrap_or_default(),
            retry_limit: base.queue.retry_limit,
            rto: base.objectives.rto,
            rpo: base.objectives.rpo,
            policy: policy.clone(),
        },
        runbooks,
        clock: Arc::clone(&clock),
        live: Arc::clone(&live),
        at_work: Arc::clone(&chores.at_work),
        notices: notices(courier, &store, base, rates),
        papers: papers.clone(),
    });
    let engine = engine::Parts {
        journal: Arc::new(store.clone()),
        full_checks: Arc::new(store.clone()),
        outbox: Arc::new(store.clone()),
        recipients: Arc::new(store.clone()),
        chores,
        patient,
        policy: policy.clone(),
        clock,
        live,
    };
    let monitor = MonitorParts {
        observer,
        history: Arc::new(store.clone()),
        alerts: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        clock: Arc::clone(&engine.clock),
    };
    let calendar = CalendarParts {
        chores: Arc::new(store.clone()),
        schedules: base.schedules.all(),
        clock: Arc::clone(&engine.clock),
    };
    let keeper = KeeperParts {
        book: papers.checklists,
        sources: papers.sources,
        template: papers.template,
        clock: Arc::clone(&engine.clock),
    };
    Ok(House {
        cases: cases(&store, base, &engine.clock),
        own_copies: OwnCopyParts {
            state: super::own::copier(base),
            places: shelves.own,
            trail: Arc::new(store.clone()),
            clock: Arc::clone(&engine.clock),
        },
        monitor,
        calendar,
        keeper,
        store,
        ops,
        engine,
        i18n,
        locale,
    })
}

/// What keeps the incidents.
fn cases(store: &Store, base: &BaseSettings, clock: &Arc<dyn Clock>) -> CaseParts {
    CaseParts {
        cases: Arc::new(store.clone()),
        trail: Arc::new(store.clone()),
        alerts: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        clock: Arc::clone(clock),
        zone: base.zone.clone(),
    }
}

/// Notices under REI's token.
fn sender(
    courier: Option<Arc<dyn Courier>>,
    store: &Store,
    clock: &Arc<dyn Clock>,
    rates: &Arc<Rates>,
) -> Sender {
    Sender::new(SenderParts {
        campaigns: Arc::new(store.clone()),
        outbox: Arc::new(store.clone()),
        courier,
        rates: Arc::clone(rates),
        clock: Arc::clone(clock),
    })
}

/// What the verbs about notices stand on.
fn notices(
    courier: Option<Arc<dyn Courier>>,
    store: &Store,
    base: &BaseSettings,
    rates: Arc<Rates>,
) -> ops::Notices {
    ops::Notices {
        book: Arc::new(store.clone()),
        recipients: Arc::new(store.clone()),
        shelf: Arc::new(FileShelf::new(&base.state_dir, store.clone())),
        courier,
        rates,
        rules: ops::NoticeRules {
            rate: base.queue.notice_rate,
            paid: base.queue.notice_paid,
            limit: u64::from(base.queue.notice_limit),
            enabled: base.rei_token.is_some(),
        },
        asking: Arc::default(),
    }
}

/// What the verbs about checklist and contacts stand on.
fn papers(
    base: &BaseSettings,
    store: &Store,
    i18n: &Arc<I18n>,
    observer: Observer,
) -> anyhow::Result<ops::Papers> {
    let folder = base.runbook_dir.as_deref();
    let knows = |key: &str| i18n.has(key);
    Ok(ops::Papers {
        checklists: Arc::new(store.clone()),
        template: Arc::new(papers::checklist(folder, &knows)?),
        sources: Sources {
            observer,
            journal: Arc::new(store.clone()),
            audit: Arc::new(store.clone()),
            chores: Arc::new(store.clone()),
            campaigns: Arc::new(store.clone()),
            reports: Some(Arc::new(store.clone())),
            scraped: Arc::default(),
        },
        contacts: Arc::new(store.clone()),
        roster: Arc::new(papers::contacts(folder, &knows)?),
        zone: base.zone.clone(),
    })
}

pub(super) fn units(base: &BaseSettings) -> anyhow::Result<Arc<dyn Units>> {
    let UnitManager::Command(commands) = &base.patient.manager else {
        return Ok(Arc::new(SystemdUnits::new(SystemdOptions::default())?));
    };
    let line = |command: &config::CommandLine| command.to_string();
    let mut options = CommandUnitsOptions::new(
        &line(&commands.start),
        &line(&commands.stop),
        &line(&commands.status),
    );
    options.withheld = config::table::TABLE
        .iter()
        .filter(|row| row.secret)
        .map(|row| row.name.to_owned())
        .collect();
    Ok(Arc::new(CommandUnits::new(options)?))
}

/// Places of backups, to read from and to write to; the nearest first.
#[derive(Default)]
struct Shelves {
    places: Vec<Arc<dyn BackupPlace>>,
    depots: Vec<Arc<dyn Depot>>,
    own: Vec<Arc<dyn OwnCopies>>,
}

impl Shelves {
    fn add(&mut self, place: impl BackupPlace + Depot + OwnCopies + Clone + 'static) {
        self.places.push(Arc::new(place.clone()));
        self.depots.push(Arc::new(place.clone()));
        self.own.push(Arc::new(place));
    }
}

/// Places of backups for looking; the nearest first.
pub(super) async fn places(base: &BaseSettings) -> Vec<Arc<dyn BackupPlace>> {
    shelves(base).await.places
}

/// Where copies of the own state lie; the nearest first.
pub(super) async fn own_places(base: &BaseSettings) -> Vec<Arc<dyn OwnCopies>> {
    shelves(base).await.own
}

async fn shelves(base: &BaseSettings) -> Shelves {
    let backups = &base.backups;
    let mut shelves = Shelves::default();
    // A folder nobody named and nobody made is no place when there is a bucket.
    if backups.dir_given || backups.s3.is_none() || backups.dir.exists() {
        shelves.add(BackupDir::new(backups.dir.clone(), LISTING));
    }
    if let Some(s3) = &backups.s3 {
        shelves.add(S3Place::new(&bucket(s3)).await);
    }
    shelves
}

fn bucket(s3: &config::S3Settings) -> S3Settings {
    S3Settings {
        endpoint: s3.endpoint.as_ref().map(ToString::to_string),
        region: s3.region.clone(),
        bucket: s3.bucket.clone(),
        prefix: s3.prefix.clone(),
        keys: s3.key.as_ref().map(|key| S3Keys {
            id: key.id.expose_secret().to_owned(),
            secret: key.secret.clone(),
            session: key.session.clone(),
        }),
        limits: S3Limits::default(),
    }
}

fn rei_bot(base: &BaseSettings, store: &Store) -> anyhow::Result<Option<Arc<TelegramReiBot>>> {
    let Some(token) = &base.rei_token else {
        return Ok(None);
    };
    let shelf = Arc::new(FileShelf::new(&base.state_dir, store.clone()));
    let bot = TelegramReiBot::new(token, base.telegram_api.as_str())?
        .with_rate(base.queue.notice_rate, base.queue.notice_paid)
        .with_shelf(shelf);
    Ok(Some(Arc::new(bot)))
}
