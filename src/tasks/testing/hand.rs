//! The test as a chore.

use super::{FOLDERS, Order, Tester};
use crate::domain::Timestamp;
use crate::domain::chore::testing::{Reset, Tested};
use crate::domain::chore::{Chore, Kind, Outcome, Task};
use crate::domain::event::Outcome as Ended;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::run::{Phase, Run};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use crate::ports::chores::{Chores, Hand};
use crate::ports::journal::{Journal, StateError};
use async_trait::async_trait;
use jiff::SignedDuration;
use std::sync::Arc;

/// How far back earlier tests are compared with: the weekly ones of a month, and the one before.
const COMPARED: SignedDuration = SignedDuration::from_hours(36 * 24);

/// More recoveries than that time has.
const RUNS: u32 = 200;

/// Who tests backups.
#[derive(Clone)]
pub struct TestHand {
    /// How.
    pub tester: Tester,
    /// Earlier tests.
    pub book: Arc<dyn Chores>,
    /// Recoveries: what one took back is not missed.
    pub journal: Arc<dyn Journal>,
}

#[async_trait]
impl Hand for TestHand {
    fn takes(&self, task: &Task) -> bool {
        task.kind() == Kind::TestBackups
    }

    async fn perform(&self, chore: &Chore, work: &Work) -> Result<Outcome, Failure> {
        let Task::TestBackups { backup } = chore.task else {
            return Err(Failure::new(FailureCode::ChoreUnknown));
        };
        let earlier = self.earlier(self.tester.clock.now()).await?;
        let order = Order {
            name: &folder(chore),
            backup,
            earlier: &earlier,
        };
        let tested = self.tester.test(order, work).await;
        Ok(Outcome::Tested(tested.map_err(Failure::from)?))
    }

    async fn tidy(&self, chore: &Chore) -> PortResult<()> {
        self.tester.tidy(&folder(chore)).await
    }

    async fn sweep(&self) -> PortResult<()> {
        self.tester.sweep().await
    }
}

impl TestHand {
    /// The newest first.
    async fn earlier(&self, now: Timestamp) -> Result<Vec<Tested>, Failure> {
        let since = now.checked_sub(COMPARED).unwrap_or(Timestamp::UNIX_EPOCH);
        let ended = self.book.ended_since(Kind::TestBackups, since).await;
        let unread = |error: StateError| Failure::new(FailureCode::StateUnavailable).because(error);
        let outcomes = ended.map_err(unread)?.into_iter().rev();
        let mut earlier: Vec<Tested> = outcomes
            .filter_map(|chore| match chore.outcome {
                Some(Outcome::Tested(tested)) => Some(tested),
                _ => None,
            })
            .collect();
        let runs = self.journal.recent(RUNS).await.map_err(unread)?;
        for reset in runs.iter().filter_map(reset) {
            earlier.iter_mut().for_each(|tested| tested.forget(reset));
        }
        Ok(earlier)
    }
}

/// Of a recovery that put a backup in place.
fn reset(run: &Run) -> Option<Reset> {
    let recovered = run.phase == Phase::Finished(Ended::Recovered);
    let chosen = run.plan.backup.as_ref().filter(|_| recovered)?;
    Some(Reset {
        backup: chosen.backup.time,
        until: run.finished_at?,
    })
}

/// Its work folder.
fn folder(chore: &Chore) -> String {
    format!("{FOLDERS}{}", chore.id.0)
}
