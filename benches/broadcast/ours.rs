//! This program: its book of campaigns, its sender, its courier. Started again after a kill it goes on
//! from the book, as the daemon does.

use crate::contender::Job;
use crate::stand::TOKEN;
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::domain::campaign::audience::{AudienceRule, ListSource, Listed};
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
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// People who are enlisted in one transaction.
const PIECE: usize = 1000;
/// How often the end is looked for.
const LOOK: Duration = Duration::from_millis(200);

pub async fn run(job: &Job) -> Result<()> {
    let store = Store::open(&job.state, Arc::new(SystemClock))?;
    let book: Arc<dyn Campaigns> = Arc::new(store.clone());
    let id = take_up(book.as_ref(), job).await?;
    let courier = TelegramReiBot::new(&TOKEN.into(), &job.url)?.with_rate(job.rate, job.is_paid());
    let sender = Sender::new(SenderParts {
        campaigns: Arc::clone(&book),
        outbox: Arc::new(store.clone()),
        courier: Some(Arc::new(courier)),
        rates: Arc::<Rates>::default(),
        clock: Arc::new(SystemClock),
    });
    let stop = CancellationToken::new();
    let (changes, told) = (store.changes(), stop.clone());
    let at_work = tokio::spawn(async move { sender.run(changes, told).await });
    wait_for_the_end(book.as_ref(), id).await?;
    stop.cancel();
    at_work.await?;
    println!("{:?}", book.tally(id).await?);
    Ok(())
}

/// The campaign that a killed process left behind, or a new one.
async fn take_up(book: &dyn Campaigns, job: &Job) -> Result<CampaignId> {
    let mut campaign = match book.recent(1).await?.pop() {
        Some(campaign) => campaign,
        None => book.create(draft(job), Telling::default()).await?,
    };
    if campaign.phase != Phase::Draft {
        return Ok(campaign.id);
    }
    let people: Vec<Enlisted> = (1..=job.people.cast_signed())
        .map(|person| Enlisted {
            person,
            language: "en".to_owned(),
        })
        .collect();
    for piece in people.chunks(PIECE) {
        book.enlist(campaign.id, piece).await?;
    }
    campaign.phase = Phase::Ready;
    Ok(book.change(campaign, Telling::default()).await?.id)
}

async fn wait_for_the_end(book: &dyn Campaigns, id: CampaignId) -> Result<()> {
    loop {
        let campaign = book.campaign(id).await?.context("no campaign")?;
        match campaign.phase {
            Phase::Done => return Ok(()),
            Phase::Paused => bail!("stopped: {:?}", campaign.failure),
            _ => tokio::time::sleep(LOOK).await,
        }
    }
}

fn draft(job: &Job) -> Campaign {
    let message = Message::plain("Hello!");
    let now = Timestamp::now();
    Campaign {
        id: CampaignId(0),
        revision: 0,
        task: Task::Send {
            notice: Notice {
                fallback: "en".to_owned(),
                messages: BTreeMap::from([("en".to_owned(), message)]),
            },
        },
        audience: AudienceRule::default(),
        listed: Some(Listed {
            count: job.people,
            source: ListSource::Database,
            as_of: now,
            blocked: 0,
            spared: 0,
            unknown: 0,
        }),
        urgent: false,
        paid: job.is_paid(),
        requester: Actor::console(0, "bench"),
        origin: Origin::Console,
        phase: Phase::Draft,
        failure: None,
        approval: None,
        created_at: now,
        approved_at: Some(now),
        begun_at: None,
        ended_at: None,
    }
}
