//! A book in a real state, and a sender over it that can be started, stopped and killed.

use super::post::PostOffice;
use crate::support::wait::until;
use jiff::Timestamp;
use rei_recovery::domain::audit::AuditEntry;
use rei_recovery::domain::campaign::audience::{AudienceRule, ListSource, Listed};
use rei_recovery::domain::campaign::delivery::{Standing, Tally};
use rei_recovery::domain::campaign::message::{Message, Notice};
use rei_recovery::domain::campaign::{Campaign, Origin, Phase, Task};
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::post::Owed;
use rei_recovery::engine::{Sender, SenderParts};
use rei_recovery::ports::bot::Courier;
use rei_recovery::ports::campaigns::{Campaigns, Enlisted, Rates, Row, Telling};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::journal::{AuditTrail, Outbox};
use rei_recovery::store::Store;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// An empty list.
pub const NOBODY: RangeInclusive<i64> = RangeInclusive::new(1, 0);

pub struct Stage {
    pub store: Store,
    pub dir: TempDir,
    pub rates: Arc<Rates>,
}

/// A sender at work.
pub struct AtWork {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Stage {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        Self {
            store: Store::open(dir.path(), Arc::new(SystemClock)).unwrap(),
            dir,
            rates: Arc::default(),
        }
    }

    pub fn sender(&self, office: Option<&Arc<PostOffice>>) -> Sender {
        Sender::new(SenderParts {
            campaigns: Arc::new(self.store.clone()),
            outbox: Arc::new(self.store.clone()),
            courier: office.map(|office| Arc::clone(office) as Arc<dyn Courier>),
            rates: Arc::clone(&self.rates),
            clock: Arc::new(SystemClock),
        })
    }

    /// As a process would: over a state of its own.
    pub fn start(&self, office: &Arc<PostOffice>) -> AtWork {
        let sender = self.sender(Some(office));
        AtWork::begin(sender, &self.store)
    }

    /// A campaign to these people, ready to go out.
    pub async fn ready(&self, people: RangeInclusive<i64>) -> CampaignId {
        self.ready_as(people, |_| {}).await
    }

    pub async fn ready_as(
        &self,
        people: RangeInclusive<i64>,
        edit: impl FnOnce(&mut Campaign),
    ) -> CampaignId {
        let mut draft = draft(people.clone().count() as u64);
        draft.phase = Phase::Ready;
        draft.approved_at = Some(Timestamp::now());
        edit(&mut draft);
        let (phase, list) = (draft.phase, draft.task.of().is_none());
        draft.phase = Phase::Draft;
        let mut campaign = self.store.create(draft, Telling::default()).await.unwrap();
        if list {
            self.store
                .enlist(campaign.id, &persons(people))
                .await
                .unwrap();
        }
        campaign.phase = phase;
        let campaign = self.store.change(campaign, Telling::default()).await;
        campaign.unwrap().id
    }

    /// As a person's word does.
    pub async fn put(&self, id: CampaignId, phase: Phase) {
        loop {
            let mut campaign = self.campaign(id).await;
            assert!(campaign.phase.may_become(phase), "{:?}", campaign.phase);
            campaign.phase = phase;
            let changed = self.store.change(campaign, Telling::default()).await;
            if changed.is_ok() {
                return;
            }
        }
    }

    pub async fn campaign(&self, id: CampaignId) -> Campaign {
        self.store.campaign(id).await.unwrap().unwrap()
    }

    pub async fn tally(&self, id: CampaignId) -> Tally {
        self.store.tally(id).await.unwrap()
    }

    pub async fn comes_to(&self, id: CampaignId, phase: Phase) {
        until(phase.as_str(), || async {
            (self.campaign(id).await.phase == phase).then_some(())
        })
        .await;
    }

    pub async fn rows(&self, id: CampaignId) -> Vec<Row> {
        self.store.rows(id, None, None, 1_000_000).await.unwrap()
    }

    pub async fn standings(&self, id: CampaignId) -> BTreeMap<i64, Standing> {
        let rows = self.rows(id).await;
        rows.iter().map(|row| (row.person, row.standing)).collect()
    }

    pub async fn trail(&self) -> Vec<AuditEntry> {
        AuditTrail::tail(&self.store, 200).await.unwrap()
    }

    pub async fn owed(&self) -> Vec<Owed> {
        let posts = Outbox::pending(&self.store, 200).await.unwrap();
        posts.into_iter().map(|post| post.owed).collect()
    }
}

impl AtWork {
    pub fn begin(sender: Sender, store: &Store) -> Self {
        let stop = CancellationToken::new();
        let (told, changes) = (stop.clone(), store.changes());
        let task = tokio::spawn(async move { sender.run(changes, told).await });
        Self { stop, task }
    }

    /// Told to stop, and waited for.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }

    /// Told to stop.
    pub fn tell(&self) {
        self.stop.cancel();
    }

    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// In the middle of whatever it does.
    pub async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

pub fn notice(text: &str) -> Notice {
    Notice {
        fallback: "en".to_owned(),
        messages: BTreeMap::from([("en".to_owned(), Message::plain(text))]),
    }
}

pub fn draft(count: u64) -> Campaign {
    Campaign {
        id: CampaignId(0),
        revision: 0,
        task: Task::Send {
            notice: notice("We are back."),
        },
        audience: AudienceRule::default(),
        listed: Some(Listed {
            count,
            source: ListSource::Database,
            as_of: Timestamp::now(),
            blocked: 0,
            spared: 0,
            unknown: 0,
        }),
        urgent: false,
        paid: false,
        requester: Actor::console(0, "root"),
        origin: Origin::Chat { chat: 7 },
        phase: Phase::Draft,
        failure: None,
        approval: None,
        created_at: Timestamp::now(),
        approved_at: None,
        begun_at: None,
        ended_at: None,
    }
}

pub fn persons(ids: RangeInclusive<i64>) -> Vec<Enlisted> {
    ids.map(|person| Enlisted {
        person,
        language: "ru".to_owned(),
    })
    .collect()
}
