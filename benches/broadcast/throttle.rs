//! teloxide's `Throttle`, as its documentation shows it: the adaptor around the bot, and every
//! message at once.

use crate::contender::Job;
use crate::stand::TOKEN;
use anyhow::Result;
use teloxide::adaptors::throttle::Limits;
use teloxide::prelude::*;
use tokio::task::JoinSet;

pub async fn run(job: &Job) -> Result<()> {
    let bot = Bot::new(TOKEN)
        .set_api_url(job.url.parse()?)
        .throttle(Limits::default());
    let mut sends = JoinSet::new();
    for person in 1..=job.people {
        let bot = bot.clone();
        let chat = ChatId(i64::try_from(person)?);
        sends.spawn(async move { bot.send_message(chat, "Hello!").await.is_ok() });
    }
    let sent = sends.join_all().await.into_iter().filter(|ok| *ok).count();
    println!("{sent} sent");
    Ok(())
}
