//! The failure, brought about for real on the copy, and its end where somebody else ends it.

use super::ground::{Ground, backups, blocking};
use super::halt::Halt;
use crate::demo::dice::Dice;
use crate::demo::error::in_db;
use crate::demo::patient::book::{Book, Job, cost, stamp, write};
use crate::demo::patient::{Damage, Flaw, damage, job_states, spoil_file};
use crate::demo::providers::{Mood, Service};
use crate::demo::redis_server;
use crate::demo::service::Errands;
use crate::demo::units::{self, Unit};
use crate::demo::world::Entry;
use crate::demo::world::unheard::unheard;
use crate::demo::yookassa::Outage;
use crate::domain::action::Action;
use crate::domain::chore::drill::Scenario;
use crate::domain::runbook::Runbook;
use crate::ports::drill::Script;
use jiff::Timestamp;
use rustix::process::Signal;
use std::path::Path;
use std::time::{Duration, Instant};

/// Jobs that are ordered while the provider is down.
const ORDERS: usize = 5;
/// How long units may take to be gone, and jobs to fail.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(50);

/// Brings the failure about.
pub(super) async fn strike(
    ground: &mut Ground,
    script: &Script,
    scenario: Scenario,
) -> Result<(), Halt> {
    save_files(ground, script).await?;
    if script.wish.bad_backup {
        spoil_backup(ground).await?;
    }
    match scenario {
        Scenario::DatabaseCorruption => corrupt(ground).await,
        Scenario::DataLoss => lose(ground).await,
        Scenario::RedisFailure => break_redis(ground).await,
        Scenario::PaymentOutage => silence_yookassa(ground).await,
        Scenario::AiOutage => silence_provider(ground).await,
    }
}

/// Beside the backup, as REI's own scripts do it.
async fn save_files(ground: &Ground, script: &Script) -> Result<(), Halt> {
    let (patient, at) = (ground.patient.clone(), script.backup.at());
    blocking(move || Ok(patient.save_files(at)?)).await
}

/// One bit of the compressed file is another.
async fn spoil_backup(ground: &Ground) -> Result<(), Halt> {
    let folder = backups(ground.enclosure.folder());
    blocking(move || {
        let files = std::fs::read_dir(&folder).map_err(Halt::told)?;
        let paths = files.filter_map(|file| Some(file.ok()?.path()));
        let is_backup = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(".db.gz");
        for path in paths.filter(is_backup) {
            spoil_file(&path, Some(Flaw::FlippedBit))?;
        }
        Ok(())
    })
    .await
}

async fn corrupt(ground: &Ground) -> Result<(), Halt> {
    let database = ground.patient.database();
    blocking(move || Ok(damage(&database, Damage::FlippedBytes).map(drop)?)).await
}

/// REI's folder and Redis are gone; what an admin keeps elsewhere is there again: REI's secrets.
async fn lose(ground: &Ground) -> Result<(), Halt> {
    let patient = ground.patient.clone();
    blocking(move || {
        let home = patient.home();
        units::kill_all(&home);
        until("the end of the units", || {
            let mut up = Unit::ALL.into_iter().map(|unit| units::is_up(unit, &home));
            Ok(up.all(|up| up.is_ok_and(|up| !up)))
        })?;
        redis_server::lose(&home)?;
        patient.lose_home()?;
        Ok(patient.fill_env()?)
    })
    .await
}

async fn break_redis(ground: &Ground) -> Result<(), Halt> {
    let home = ground.patient.home();
    blocking(move || {
        redis_server::damage(&home)?;
        Ok(units::send(Unit::Redis, &home, Signal::KILL)?)
    })
    .await
}

/// People pay, and no webhook comes.
async fn silence_yookassa(ground: &Ground) -> Result<(), Halt> {
    ground.yookassa.set_outage(Some(Outage::Unavailable));
    ground
        .yookassa
        .announce(Some("Сбой при проведении платежей"));
    let (database, yookassa) = (ground.patient.database(), ground.yookassa.clone());
    blocking(move || {
        let user = somebody(&database)?;
        Ok(unheard(&database, &yookassa, user).map(drop)?)
    })
    .await
}

/// Jobs are ordered and fail.
async fn silence_provider(ground: &Ground) -> Result<(), Halt> {
    ground
        .providers
        .set_mood(Service::NanoBanana, Mood::Unavailable);
    let patient = ground.patient.clone();
    blocking(move || {
        let (home, database) = (patient.home(), patient.database());
        let ids = order(&home, &database, ORDERS)?;
        until("jobs to fail", || {
            let states = job_states(&database)?;
            let failed = |id| states.get(id).is_some_and(|job| job.status == "failed");
            Ok(ids.iter().all(failed))
        })
    })
    .await
}

/// The provider is back: once the recovery has seen it down and has done what there is to do meanwhile.
pub(super) fn relent(ground: &Ground, scenario: Scenario, entry: &Entry) {
    let Some(action) = action_of(&ground.runbook, entry) else {
        return;
    };
    let begins = entry.kind() == "step-started";
    match (scenario, action) {
        (Scenario::PaymentOutage, Action::SetSwitch { .. }) if begins => {}
        (Scenario::PaymentOutage, Action::SetSwitch { .. } | Action::AwaitPayments { .. }) => {
            ground.yookassa.set_outage(None);
            ground.yookassa.announce(None);
        }
        (Scenario::AiOutage, Action::WatchJobs { .. } | Action::AwaitProviders { .. }) => {
            let mood = Mood::Healthy;
            ground.providers.set_mood(Service::NanoBanana, mood);
        }
        _ => {}
    }
}

fn action_of<'a>(runbook: &'a Runbook, entry: &Entry) -> Option<&'a Action> {
    let step = entry.step()?;
    let mut steps = runbook.steps.iter();
    Some(&steps.find(|it| it.id.as_str() == step)?.action)
}

/// Somebody orders pictures, as REI writes it; their ids. Blocking.
pub(super) fn order(home: &Path, database: &Path, count: usize) -> Result<Vec<String>, Halt> {
    let user = somebody(database)?;
    let now = Timestamp::now();
    let mut dice = Dice::new(now.as_nanosecond().unsigned_abs() as u64);
    let ids: Vec<String> = (0..count)
        .map(|_| dice.uuid(now.as_millisecond()))
        .collect();
    write(database, |db| {
        let (book, at) = (Book(db), stamp(now));
        for id in &ids {
            book.job(&Job {
                id,
                user,
                video: false,
                status: "queued",
                params: r#"{"prompt":"рыжий кот, акварель"}"#,
                cost: cost(false),
                error: None,
                at: &at,
            })?;
            book.credit(user, -cost(false), ("job", Some(id)), &at)?;
        }
        Ok(())
    })?;
    let mut errands = Errands::new(home);
    for id in &ids {
        errands.order(id).map_err(Halt::told)?;
    }
    Ok(ids)
}

/// A user of the copy.
fn somebody(database: &Path) -> Result<i64, Halt> {
    let ask = || {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let db = rusqlite::Connection::open_with_flags(database, flags)?;
        db.query_row("SELECT min(id) FROM users", [], |row| row.get(0))
    };
    Ok(ask().map_err(in_db(database))?)
}

/// Looks until it holds. Blocking.
pub(super) fn until(what: &str, mut holds: impl FnMut() -> Result<bool, Halt>) -> Result<(), Halt> {
    let deadline = Instant::now() + PATIENCE;
    while !holds()? {
        if Instant::now() >= deadline {
            return Err(Halt::told(format!("waited in vain for {what}")));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}
