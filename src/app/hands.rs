//! Who does which chore.

use super::drill::Drills;
use crate::adapters::scratch::WorkFolders;
use crate::config::BaseSettings;
use crate::engine::{self, ChoreParts};
use crate::ports::chores::{AtWork, Hand};
use crate::ports::clock::SystemClock;
use crate::store::Store;
use crate::tasks::testing::{TestHand, Tester};
use std::sync::Arc;

/// What chores stand on.
pub(super) fn all(
    base: &BaseSettings,
    store: &Store,
    patient: &engine::Patient,
) -> anyhow::Result<ChoreParts> {
    let at_work = Arc::<AtWork>::default();
    let drills = Drills::new(base, Arc::clone(&patient.backups), Arc::clone(&at_work))?;
    let hands: [Arc<dyn Hand>; 2] = [tester(base, store, patient), Arc::new(drills)];
    Ok(ChoreParts {
        book: Arc::new(store.clone()),
        hands: Arc::new(hands),
        at_work,
    })
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
    })
}
