//! The book of campaigns: `table` has a row for each campaign, `people` one for each person on a list.

mod people;
pub(super) mod table;

use super::{Scope, Store, audit, outbox};
use crate::domain::campaign::Campaign;
use crate::domain::campaign::delivery::{Outcome, Standing, Tally};
use crate::domain::ids::{CampaignId, RequestId, RunId, StepId};
use crate::ports::campaigns::{Campaigns, Claimed, Enlisted, Row, Telling};
use crate::ports::journal::StateResult;
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::params;

#[async_trait]
impl Campaigns for Store {
    async fn create(&self, campaign: Campaign, telling: Telling) -> StateResult<Campaign> {
        self.write(move |scope| {
            let campaign = table::create(&scope.tx, campaign)?;
            tell(scope, telling)?;
            Ok(campaign)
        })
        .await
    }

    async fn campaign(&self, id: CampaignId) -> StateResult<Option<Campaign>> {
        self.read(move |tx| table::one(tx, "id = ?1", params![id.0]))
            .await
    }

    async fn change(&self, campaign: Campaign, telling: Telling) -> StateResult<Campaign> {
        self.write(move |scope| {
            let campaign = table::change(&scope.tx, campaign)?;
            tell(scope, telling)?;
            Ok(campaign)
        })
        .await
    }

    async fn recent(&self, limit: u32) -> StateResult<Vec<Campaign>> {
        self.read(move |tx| table::some(tx, "TRUE ORDER BY id DESC LIMIT ?1", params![limit]))
            .await
    }

    async fn waiting(&self) -> StateResult<Vec<Campaign>> {
        self.read(|tx| table::waiting(tx)).await
    }

    async fn asked(&self) -> StateResult<Vec<Campaign>> {
        self.read(|tx| table::some(tx, "phase = 'asked' ORDER BY id", params![]))
            .await
    }

    async fn of_request(&self, request: &RequestId) -> StateResult<Option<Campaign>> {
        let request = request.to_string();
        self.read(move |tx| table::one(tx, "request = ?1", params![request]))
            .await
    }

    async fn of_step(&self, run: RunId, step: &StepId) -> StateResult<Option<Campaign>> {
        let step = step.to_string();
        self.read(move |tx| table::one(tx, "run = ?1 AND step = ?2", params![run.0, step]))
            .await
    }

    async fn enlist(&self, id: CampaignId, people: &[Enlisted]) -> StateResult<()> {
        let people = people.to_vec();
        self.write(move |scope| people::enlist(&scope.tx, id, &people))
            .await
    }

    async fn enlist_reached(&self, id: CampaignId, of: CampaignId) -> StateResult<u64> {
        self.write(move |scope| people::enlist_reached(&scope.tx, id, of))
            .await
    }

    async fn clear_list(&self, id: CampaignId) -> StateResult<()> {
        self.write(move |scope| people::clear(&scope.tx, id)).await
    }

    async fn noticed_since(&self, people: &[i64], since: Timestamp) -> StateResult<Vec<i64>> {
        let people = people.to_vec();
        self.read(move |tx| people::noticed_since(tx, &people, since))
            .await
    }

    async fn settle_and_claim(
        &self,
        id: CampaignId,
        ended: &[(i64, Outcome)],
        limit: u32,
    ) -> StateResult<Vec<Claimed>> {
        let ended = ended.to_vec();
        self.write_quietly(move |scope| {
            let now = scope.now.as_second();
            people::settle(&scope.tx, id, &ended, now)?;
            if limit == 0 || !table::is_sending(&scope.tx, id)? {
                return Ok(Vec::new());
            }
            people::claim(&scope.tx, id, limit, now)
        })
        .await
    }

    async fn under_way(&self) -> StateResult<Vec<CampaignId>> {
        self.read(|tx| people::under_way(tx)).await
    }

    async fn settle_doubts(&self, id: CampaignId) -> StateResult<u64> {
        self.write(move |scope| people::doubt(&scope.tx, id)).await
    }

    async fn take_up_doubts(&self, id: CampaignId) -> StateResult<u64> {
        self.write(move |scope| people::take_up_doubts(&scope.tx, id))
            .await
    }

    async fn tally(&self, id: CampaignId) -> StateResult<Tally> {
        self.read(move |tx| people::tally(tx, id)).await
    }

    async fn rows(
        &self,
        id: CampaignId,
        after: Option<i64>,
        standing: Option<Standing>,
        limit: u32,
    ) -> StateResult<Vec<Row>> {
        self.read(move |tx| people::rows(tx, id, (after, standing), limit))
            .await
    }
}

/// Writes down and owes what is told of a change.
pub(super) fn tell(scope: &Scope<'_>, telling: Telling) -> StateResult<()> {
    for draft in telling.audit {
        audit::append(scope, draft)?;
    }
    outbox::push(scope, &telling.posts)
}
