//! The copy of REI, and the stand-ins of all that it talks to.

use super::environment::{self, Places};
use super::halt::Halt;
use crate::adapters::backup_dir::BackupDir;
use crate::adapters::enclosure::Enclosure;
use crate::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use crate::adapters::sqlite_files::LocalFiles;
use crate::demo::bot_api::BotApi;
use crate::demo::error::{at, in_db};
use crate::demo::needs;
use crate::demo::patient::{Patient, past_payments, unfinished_jobs};
use crate::demo::providers::{ProvidersOptions, ProvidersServer};
use crate::demo::service::{Errands, UNDERSTUDIES, set_environment};
use crate::demo::units::{self, Unit};
use crate::demo::world::cast::Cast;
use crate::demo::world::partners::{SHOP, SHOP_KEY};
use crate::demo::yookassa::{YooKassa, YooKassaOptions};
use crate::domain::chore::drill::Scenario;
use crate::domain::database::{CheckReport, Schema};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::runbook::Runbook;
use crate::ports::backups::{BackupPlace, Work};
use crate::ports::database::{DatabaseChecks, DatabaseFiles, Depth, Layout};
use crate::ports::drill::{BACKUPS, RUNBOOKS, Script};
use crate::runbook::{Runbooks, schema};
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The folder is on this machine.
const LISTING: Duration = Duration::from_secs(20);

/// What a drill is held on. The stand-ins end with it.
pub(super) struct Ground {
    pub(super) enclosure: Enclosure,
    pub(super) program: std::path::PathBuf,
    pub(super) patient: Patient,
    pub(super) yookassa: YooKassa,
    pub(super) providers: ProvidersServer,
    pub(super) runbook: Runbook,
    pub(super) schema: Schema,
    /// What is in the backup, where it is good.
    pub(super) saved: Option<CheckReport>,
    /// Why it is not.
    pub(super) spoilt: Option<Failure>,
    /// All that the recovery is told.
    pub(super) environment: BTreeMap<String, String>,
    /// Programs of the runbook that are not run for real.
    pub(super) stood_in: Vec<String>,
    /// Whether Redis and RQ are on this machine.
    pub(super) queue: bool,
    /// Whether REI's tables are the contract's.
    pub(super) usual_tables: bool,
    _telegram: BotApi,
}

impl Ground {
    /// Sets it up, REI's units running.
    pub(super) async fn set(
        enclosure: Enclosure,
        script: &Script,
        scenario: Scenario,
    ) -> Result<Self, Halt> {
        let queue = equipped(script, scenario).await?;
        let folder = enclosure.folder().to_owned();
        let patient = Patient::around_database(&folder)?;
        let schema = schema::load(Some(&folder.join(RUNBOOKS))).map_err(Halt::told)?;
        let (saved, spoilt) = match restore(&patient, &schema).await {
            Ok(report) => (Some(report), None),
            // The recovery shall meet it too: until then anything serves as REI's database.
            Err(failure) if scenario.restores() && failure.code.is_about_content() => {
                placeholder(&patient.database())?;
                (None, Some(failure))
            }
            Err(failure) => return Err(failure.into()),
        };
        let telegram = BotApi::start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let cast = Cast::enter(&telegram)?;
        let yookassa = YooKassa::start(YooKassaOptions::local(SHOP, SHOP_KEY)).await;
        let yookassa = yookassa.map_err(at(&folder))?;
        let providers = ProvidersServer::start(ProvidersOptions::local()).await;
        let providers = providers.map_err(at(&folder))?;
        let runbooks = environment::write_providers(&folder, &providers)?;
        let all = Runbooks::load(Some(&runbooks), &|_| true).map_err(Halt::told)?;
        let runbook = all.get(&script.wish.runbook).cloned();
        let runbook = runbook.ok_or_else(|| Halt::told("there is no such runbook"))?;
        let stood_in = environment::stand_in(&enclosure, &runbook, queue)?;
        let environment = environment::environment(&Places {
            folder: &folder,
            program: &script.program,
            patient: &patient,
            telegram: telegram.url(),
            cast: &cast,
            yookassa: &yookassa,
        })?;
        enclosure.admit(&environment)?;
        enclosure.admit_addresses("providers.toml", &providers.toml())?;
        let ground = Self {
            enclosure,
            program: script.program.clone(),
            patient,
            yookassa,
            providers,
            runbook,
            schema,
            saved,
            spoilt,
            environment,
            stood_in,
            queue,
            usual_tables: script.usual_tables,
            _telegram: telegram,
        };
        ground.open().await?;
        Ok(ground)
    }

    /// REI works, as far as it can be told from outside.
    async fn open(&self) -> Result<(), Halt> {
        let understudies = match self.queue {
            true => Unit::Bot.name().to_owned(),
            false => format!("{},{}", Unit::Bot.name(), Unit::Workers.name()),
        };
        let variables = [
            (UNDERSTUDIES, understudies),
            ("YOOKASSA_API_URL", self.yookassa.api_url()),
            ("NANO_BANANA_URL", self.providers.url()),
            ("KLING_URL", self.providers.url()),
        ];
        let (home, program) = (self.patient.home(), self.program.clone());
        let (database, queue) = (self.patient.database(), self.queue);
        let known = self.usual_tables && self.saved.is_some();
        let past = blocking(move || {
            set_environment(&home, &variables)?;
            if queue {
                units::start(Unit::Redis, &home, &program)?;
            }
            if queue && known {
                let mut errands = Errands::new(&home);
                for job in unfinished_jobs(&database)? {
                    errands.order(&job).map_err(Halt::told)?;
                }
            }
            for unit in Unit::REI {
                units::start(unit, &home, &program)?;
            }
            Ok(match known {
                true => past_payments(&database)?,
                false => Vec::new(),
            })
        })
        .await?;
        past.into_iter()
            .for_each(|payment| self.yookassa.add(payment));
        Ok(())
    }
}

/// Whether Redis and RQ are there; what cannot be played without them is not begun.
async fn equipped(script: &Script, scenario: Scenario) -> Result<bool, Halt> {
    if scenario.needs_tables() && !script.usual_tables {
        return Err(Failure::new(FailureCode::DrillTables).into());
    }
    let missing = blocking(|| Ok(needs::missing())).await?;
    if !missing.is_empty() && scenario.needs_queue() {
        let packages = missing.join(" ");
        return Err(Failure::new(FailureCode::DrillUnequipped)
            .with("missing", packages)
            .into());
    }
    Ok(missing.is_empty())
}

/// The backup becomes REI's database, checked in full.
async fn restore(patient: &Patient, schema: &Schema) -> Result<CheckReport, Failure> {
    let place = BackupDir::new(patient.backup_dir(), LISTING);
    let backups = place.list().await?;
    let none = || Failure::new(FailureCode::NoBackup);
    let backup = backups
        .into_iter()
        .max_by_key(|it| it.time)
        .ok_or_else(none)?;
    let database = patient.database();
    let layout = Layout {
        staging: database.with_file_name(".drill.staged"),
        quarantine: patient.home().join("quarantine"),
        database: database.clone(),
    };
    let work = Work::default();
    let place: Arc<dyn BackupPlace> = Arc::new(place);
    let result = async {
        LocalFiles.stage(&layout, place, &backup, &work).await?;
        let checks = SqliteChecks::new(schema.clone(), CheckLimits::default());
        checks.check(&layout.staging, Depth::Full, &work).await
    }
    .await;
    match result {
        Ok(report) => {
            let path = database.display().to_string();
            let moved = fs::rename(&layout.staging, &database);
            let failed = |error: std::io::Error| {
                Failure::new(FailureCode::FileError)
                    .with("path", path)
                    .because(error)
            };
            moved.map_err(failed).map(|()| report)
        }
        Err(error) => {
            LocalFiles.discard(&layout).await?;
            Err(error.into())
        }
    }
}

/// A database without REI's tables, for units to open.
fn placeholder(database: &Path) -> Result<(), Halt> {
    let fill = || {
        let sql = "CREATE TABLE placeholder (id INTEGER PRIMARY KEY, text TEXT);
                   INSERT INTO placeholder (text) VALUES (zeroblob(65536));";
        rusqlite::Connection::open(database)?.execute_batch(sql)
    };
    Ok(fill().map_err(in_db(database))?)
}

/// Does blocking work where it holds up nobody.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Halt> + Send + 'static,
) -> Result<T, Halt> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Halt::told(error)))
}

/// The backups of the drill.
pub(super) fn backups(folder: &Path) -> std::path::PathBuf {
    folder.join(BACKUPS)
}
