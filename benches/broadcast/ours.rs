//! This program's sender: its book on disk, its courier and its pace.

use crate::contender::Job;
use crate::stand::TOKEN;
use anyhow::{Context, Result};
use jiff::Timestamp;
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::domain::campaign::audience::{AudienceRule, ListSource, Listed, Who};
use rei_recovery::domain::campaign::message::{Message, Notice};
use rei_recovery::domain::campaign::{Campaign, Origin, Phase, Task};
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::domain::operator::Actor;
use rei_recovery::engine::{Sender, SenderParts};
use rei_recovery::ports::campaigns::{Campaigns, Enlisted, Rates, Telling};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::store::Store;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// People enlisted at once.
const PIECE: usize = 5000;

/// A start after a kill finds its campaign in the book and goes on by itself, as the program does.
pub async fn run(job: &Job) -> Result<()> {
    let paid = job.rate > 30;
    let store = Store::open(&job.state, Arc::new(SystemClock))?;
    let courier = TelegramReiBot::new(&TOKEN.into(), &job.url)?.with_rate(job.rate, paid);
    let id = ready(&store, job.people, paid).await?;
    let sender = Sender::new(SenderParts {
        campaigns: Arc::new(store.clone()),
        outbox: Arc::new(store.clone()),
        courier: Some(Arc::new(courier)),
        rates: Arc::new(Rates::default()),
        clock: Arc::new(SystemClock),
    });
    let stop = CancellationToken::new();
    let (changes, halt) = (store.changes(), stop.clone());
    let sending = tokio::spawn(async move { sender.run(changes, halt).await });
    let mut changes = store.changes();
    while phase(&store, id).await? != Phase::Done {
        changes.changed().await?;
    }
    stop.cancel();
    sending.await?;
    println!("{:?}", store.tally(id).await?);
    Ok(())
}

async fn phase(store: &Store, id: CampaignId) -> Result<Phase> {
    let found = store.campaign(id).await?;
    Ok(found.context("the campaign is gone")?.phase)
}

/// The one campaign, with everybody on its list.
async fn ready(store: &Store, people: u64, paid: bool) -> Result<CampaignId> {
    let mut campaign = match store.recent(1).await?.pop() {
        Some(begun) => begun,
        None => {
            store
                .create(draft(people, paid), Telling::default())
                .await?
        }
    };
    if campaign.phase != Phase::Draft {
        return Ok(campaign.id);
    }
    let all: Vec<Enlisted> = (1..=people)
        .map(|person| Enlisted {
            person: person.cast_signed(),
            language: "en".to_owned(),
        })
        .collect();
    for piece in all.chunks(PIECE) {
        store.enlist(campaign.id, piece).await?;
    }
    campaign.phase = Phase::Ready;
    campaign.approved_at = Some(Timestamp::now());
    Ok(store.change(campaign, Telling::default()).await?.id)
}

fn draft(people: u64, paid: bool) -> Campaign {
    let now = Timestamp::now();
    let notice = Notice {
        fallback: "en".to_owned(),
        messages: BTreeMap::from([("en".to_owned(), Message::plain("Hello!"))]),
    };
    Campaign {
        id: CampaignId(0),
        revision: 0,
        task: Task::Send { notice },
        audience: AudienceRule {
            who: Who::Everyone,
            ..AudienceRule::default()
        },
        listed: Some(Listed {
            count: people,
            source: ListSource::Database,
            as_of: now,
            blocked: 0,
            spared: 0,
            unknown: 0,
        }),
        urgent: false,
        paid,
        requester: Actor::system(),
        origin: Origin::Console,
        phase: Phase::Draft,
        failure: None,
        approval: None,
        created_at: now,
        approved_at: None,
        begun_at: None,
        ended_at: None,
    }
}
