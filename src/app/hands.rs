//! Who does which chore.

use super::drill::Drills;
use crate::adapters::scratch::WorkFolders;
use crate::adapters::sqlite_backup::SqliteCopies;
use crate::config::BaseSettings;
use crate::engine::{self, ChoreParts};
use crate::ports::chores::{AtWork, Hand};
use crate::ports::clock::SystemClock;
use crate::ports::taking::Depot;
use crate::store::Store;
use crate::tasks::taking::Taking;
use crate::tasks::testing::{TestHand, Tester};
use std::sync::Arc;

/// What chores stand on.
pub(super) fn all(
    base: &BaseSettings,
    store: &Store,
    patient: &engine::Patient,
    taking: &Taking,
) -> anyhow::Result<ChoreParts> {
    let at_work = Arc::<AtWork>::default();
    let drills = Drills::new(base, Arc::clone(&patient.backups), Arc::clone(&at_work))?;
    let hands: [Arc<dyn Hand>; 3] = [
        Arc::new(taking.clone()),
        tester(base, store, patient),
        Arc::new(drills),
    ];
    Ok(ChoreParts {
        book: Arc::new(store.clone()),
        hands: Arc::new(hands),
        at_work,
    })
}

/// Takes backups and removes them.
pub(super) fn taking(
    base: &BaseSettings,
    patient: &engine::Patient,
    depots: Vec<Arc<dyn Depot>>,
) -> Taking {
    Taking {
        copies: Arc::new(SqliteCopies::default()),
        checks: Arc::clone(&patient.checks),
        backups: Arc::clone(&patient.backups),
        depots,
        clock: Arc::new(SystemClock),
        database: base.patient.database.clone(),
        staging: base.state_dir.join("taking"),
        retention: base.schedules.retention,
        program: env!("CARGO_PKG_VERSION"),
    }
}

/// Tests backups.
fn tester(base: &BaseSettings, store: &Store, patient: &engine::Patient) -> Arc<dyn Hand> {
    Arc::new(TestHand {
        tester: Tester {
            backups: Arc::clone(&patient.backups),
            files: Arc::clone(&patient.files),
            checks: Arc::clone(&patient.checks),
            scratch: Arc::new(WorkFolders::new(&base.state_dir)),
            clock: Arc::new(SystemClock),
            database: base.patient.database.clone(),
            rto: base.objectives.rto,
            rpo: base.objectives.rpo,
        },
        book: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
    })
}
