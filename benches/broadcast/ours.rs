//! This program's courier and pace.

use crate::contender::Job;
use crate::stand::TOKEN;
use anyhow::{Result, bail};
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::domain::campaign::message::Message;
use rei_recovery::ports::bot::{Courier, Delivered, Errand, Parcel};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::task::JoinSet;

/// More than a thousand calls a second have under way.
const AT_ONCE: usize = 256;

pub async fn run(job: &Job) -> Result<()> {
    let paid = job.rate > 30;
    let courier = TelegramReiBot::new(&TOKEN.into(), &job.url)?.with_rate(job.rate, paid);
    let courier = Arc::new(courier);
    let mut waiting: VecDeque<u64> = (1..=job.people).collect();
    let mut under_way = JoinSet::new();
    let mut tally: BTreeMap<&str, u64> = BTreeMap::new();
    loop {
        let Some(person) = waiting.pop_front() else {
            match under_way.join_next().await {
                Some(ended) => settle(ended?, &mut waiting, &mut tally)?,
                None => break,
            }
            continue;
        };
        let turn = courier.turn(false, paid).await;
        let courier = Arc::clone(&courier);
        under_way.spawn(async move {
            let message = Message::plain("Hello!");
            let parcel = Parcel {
                chat: person.cast_signed(),
                errand: Errand::Send(&message),
                paid,
            };
            (person, courier.deliver(turn, parcel).await)
        });
        while let Some(ended) = under_way.try_join_next() {
            settle(ended?, &mut waiting, &mut tally)?;
        }
        if under_way.len() >= AT_ONCE
            && let Some(ended) = under_way.join_next().await
        {
            settle(ended?, &mut waiting, &mut tally)?;
        }
    }
    println!("{tally:?}");
    Ok(())
}

fn settle(
    (person, delivered): (u64, Delivered),
    waiting: &mut VecDeque<u64>,
    tally: &mut BTreeMap<&str, u64>,
) -> Result<()> {
    let standing = match delivered {
        Delivered::Done { .. } => "sent",
        Delivered::Gone(_) => "blocked",
        Delivered::Unknown(_) => "ambiguous",
        Delivered::Refused(_) => "failed",
        Delivered::Later(_) | Delivered::NotSent(_) => {
            waiting.push_back(person);
            return Ok(());
        }
        Delivered::TokenRefused => bail!("the token is refused"),
    };
    *tally.entry(standing).or_default() += 1;
    Ok(())
}
