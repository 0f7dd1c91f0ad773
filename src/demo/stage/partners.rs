//! Facts of the queue, and of those that REI works with.

use crate::demo::bot_api::{Fact, Tone, Words};
use crate::demo::error::DemoResult;
use crate::demo::providers::{Mood, Service};
use crate::demo::redis_server;
use crate::demo::world::{World, blocking};

pub(super) async fn facts(world: &World) -> DemoResult<Vec<Fact>> {
    let home = world.patient.home();
    let waiting = blocking(move || Ok(redis_server::waiting(&home))).await?;
    let queue = Words::new("Queue", "Очередь");
    let queue = match waiting {
        Ok(jobs) => Fact::new(
            queue,
            Words::new(format!("{jobs} jobs wait"), format!("заданий ждёт: {jobs}")),
        )
        .tone(Tone::Good),
        Err(_) => Fact::new(queue, Words::new("cannot be read", "не читается")).tone(Tone::Bad),
    };
    let yookassa = works("YooKassa", world.yookassa.outage().is_none());
    let provider = world.providers.mood(Service::NanoBanana);
    let provider = works("Nano Banana", provider == Mood::Healthy);
    Ok(vec![queue, yookassa, provider])
}

fn works(name: &'static str, works: bool) -> Fact {
    match works {
        true => Fact::new(name, Words::new("answers", "отвечает")).tone(Tone::Good),
        false => Fact::new(name, Words::new("is down", "не работает")).tone(Tone::Bad),
    }
}
