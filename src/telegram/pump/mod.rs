//! The outbox pump: delivers what is owed, in order, as fast as Telegram takes it.
//!
//! A post is rendered when it goes out, from the state of that moment. One chat never waits for
//! another, and nothing ever waits for the pump. What was not delivered stays in the outbox, also
//! when the program dies in between.

mod compose;
mod deliver;
mod lane;

use super::chat::Chat;
use crate::domain::post::Recipient;
use crate::ports::journal::{PendingPost, StateResult};
use futures::stream::{FuturesUnordered, StreamExt};
use lane::{Lane, Turn};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Posts looked at for each chat.
const LIMIT: u32 = 200;

/// How often it looks without being woken: for what the console of another process owes.
const TICK: Duration = Duration::from_secs(1);

/// At the end, what is on its way gets this long to arrive.
const GRACE: Duration = Duration::from_secs(5);

/// The pump.
pub struct Pump {
    chat: Arc<Chat>,
    changes: watch::Receiver<u64>,
    lanes: HashMap<i64, Lane>,
}

impl Pump {
    /// A pump over these parts, woken by changes of the state.
    #[must_use]
    pub fn new(chat: Arc<Chat>, changes: watch::Receiver<u64>) -> Self {
        Self {
            chat,
            changes,
            lanes: HashMap::new(),
        }
    }

    /// Delivers until it is told to stop.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut under_way = FuturesUnordered::new();
        while !cancel.is_cancelled() {
            // Marked before looking: a change during the look wakes it again.
            self.changes.mark_unchanged();
            let wake = match self.turns().await {
                Ok((turns, wake)) => {
                    under_way.extend(turns);
                    wake
                }
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read");
                    Instant::now() + TICK
                }
            };
            tokio::select! {
                () = cancel.cancelled() => break,
                Some((chat, verdict)) = under_way.next() => self.settle(chat, verdict),
                _ = self.changes.changed() => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
        let rest = async { while under_way.next().await.is_some() {} };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            tracing::warn!("a message was on its way when the program stopped; it is in doubt");
        }
    }

    fn settle(&mut self, chat: i64, verdict: deliver::Verdict) {
        self.lanes
            .entry(chat)
            .or_default()
            .settle(verdict, Instant::now());
    }

    /// What can go out now, and when to look again.
    async fn turns(
        &mut self,
    ) -> StateResult<(
        Vec<impl Future<Output = (i64, deliver::Verdict)> + use<>>,
        Instant,
    )> {
        let now = Instant::now();
        let mut wake = now + TICK;
        let mut turns = Vec::new();
        for (to, posts) in self.waiting().await? {
            let lane = self.lanes.entry(to).or_default();
            match lane.next(to, &posts, &self.chat.pace, now) {
                Turn::Deliver(job) => {
                    lane.busy = true;
                    let chat = Arc::clone(&self.chat);
                    turns.push(async move { (to, deliver::deliver(&chat, to, job).await) });
                }
                Turn::WaitUntil(moment) => wake = wake.min(moment),
                Turn::Busy => {}
            }
        }
        Ok((turns, wake))
    }

    /// What waits, by the chat it goes to.
    async fn waiting(&self) -> StateResult<BTreeMap<i64, Vec<PendingPost>>> {
        let mut chats: BTreeMap<i64, Vec<PendingPost>> = BTreeMap::new();
        let mut known: HashMap<Recipient, i64> = HashMap::new();
        for post in self.chat.outbox.pending(LIMIT).await? {
            let to = match known.get(&post.owed.to) {
                Some(chat) => *chat,
                None => {
                    let chat = match post.owed.to {
                        Recipient::Team => self.chat.team().await?,
                        Recipient::Chat(chat) => self.chat.resolve(chat).await?,
                    };
                    known.insert(post.owed.to, chat);
                    chat
                }
            };
            chats.entry(to).or_default().push(post);
        }
        Ok(chats)
    }
}
