//! The test as a chore.

use super::{Order, Tester};
use crate::domain::Timestamp;
use crate::domain::chore::testing::Tested;
use crate::domain::chore::{Chore, Kind, Outcome, Task};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use crate::ports::chores::{Chores, Hand};
use async_trait::async_trait;
use jiff::SignedDuration;
use std::sync::Arc;

/// How far back earlier tests are compared with: the weekly ones of a month, and the one before.
const COMPARED: SignedDuration = SignedDuration::from_hours(36 * 24);

/// Who tests backups.
#[derive(Clone)]
pub struct TestHand {
    /// How.
    pub tester: Tester,
    /// Earlier tests.
    pub book: Arc<dyn Chores>,
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
}

impl TestHand {
    /// The newest first.
    async fn earlier(&self, now: Timestamp) -> Result<Vec<Tested>, Failure> {
        let since = now.checked_sub(COMPARED).unwrap_or(Timestamp::UNIX_EPOCH);
        let ended = self.book.ended_since(Kind::TestBackups, since).await;
        let unread = |error| Failure::new(FailureCode::StateUnavailable).because(error);
        let outcomes = ended.map_err(unread)?.into_iter().rev();
        Ok(outcomes
            .filter_map(|chore| match chore.outcome {
                Some(Outcome::Tested(tested)) => Some(tested),
                _ => None,
            })
            .collect())
    }
}

/// Its work folder.
fn folder(chore: &Chore) -> String {
    format!("backup-test-{}", chore.id.0)
}
