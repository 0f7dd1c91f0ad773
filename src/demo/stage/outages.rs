//! The buttons of the other scenarios: Redis, the server as a whole, YooKassa, an AI provider.

use super::actions::{Label, button, mend_group};
use crate::demo::bot_api::{Action, Words};
use crate::demo::error::DemoResult;
use crate::demo::providers::{Mood, Service};
use crate::demo::units::{self, Unit};
use crate::demo::world::{World, blocking};
use crate::demo::yookassa::Outage;
use rustix::process::Signal;
use std::sync::Arc;

pub(super) fn breaking(world: &Arc<World>) -> Vec<Action> {
    vec![
        button(
            world,
            Label {
                id: "break-redis",
                en: (
                    "Kill Redis, damage its data",
                    "The queue's key is no list any more, a job's hash is half",
                ),
                ru: (
                    "Убить Redis и испортить данные",
                    "Ключ очереди больше не список, хеш задания неполон",
                ),
            },
            break_redis,
        ),
        button(
            world,
            Label {
                id: "lose-everything",
                en: (
                    "Lose the server",
                    "Left are REI's code and the bucket; the bot comes back after 3 s",
                ),
                ru: (
                    "Потерять сервер",
                    "Остаются код REI и бакет; бот вернётся через 3 с",
                ),
            },
            lose_everything,
        ),
        button(
            world,
            Label {
                id: "break-yookassa",
                en: (
                    "YooKassa down",
                    "Its API answers 503, its status page tells of it",
                ),
                ru: (
                    "Уронить ЮKassa",
                    "API отвечает 503, страница статуса сообщает о сбое",
                ),
            },
            break_yookassa,
        ),
        button(
            world,
            Label {
                id: "break-provider",
                en: ("Nano Banana down", "It answers 503, and jobs fail"),
                ru: ("Уронить Nano Banana", "Отвечает 503, задания падают"),
            },
            break_provider,
        ),
    ]
}

pub(super) fn mending(world: &Arc<World>) -> Vec<Action> {
    let yookassa = button(
        world,
        Label {
            id: "mend-yookassa",
            en: ("YooKassa is back", "A run that waits for it goes on"),
            ru: (
                "ЮKassa снова работает",
                "Восстановление, которое её ждёт, продолжится",
            ),
        },
        mend_yookassa,
    );
    let provider = button(
        world,
        Label {
            id: "mend-provider",
            en: ("Nano Banana is back", "A run that waits for it goes on"),
            ru: (
                "Nano Banana снова работает",
                "Восстановление, которое его ждёт, продолжится",
            ),
        },
        mend_provider,
    );
    let env = button(
        world,
        Label {
            id: "fill-env",
            en: (
                "Fill in .env",
                "REI's secrets, as an admin would on the server",
            ),
            ru: (
                "Заполнить .env",
                "Секреты REI, как сделал бы администратор на сервере",
            ),
        },
        fill_env,
    );
    [yookassa, provider, env]
        .map(|action| action.group(mend_group()))
        .to_vec()
}

async fn break_redis(world: Arc<World>) -> DemoResult<Words> {
    world.damage_redis().await?;
    let home = world.patient.home();
    blocking(move || units::send(Unit::Redis, &home, Signal::KILL)).await?;
    Ok(Words::new(
        "Redis is dead, and its data damaged.",
        "Redis убит, его данные испорчены.",
    ))
}

async fn lose_everything(world: Arc<World>) -> DemoResult<Words> {
    world.lose_everything().await?;
    Ok(Words::new(
        "Left are REI's code on a new server, and the bucket.",
        "Остались код REI на новом сервере и бакет.",
    ))
}

async fn break_yookassa(world: Arc<World>) -> DemoResult<Words> {
    world.yookassa.set_outage(Some(Outage::Unavailable));
    world
        .yookassa
        .announce(Some("Сбой при проведении платежей"));
    let paid = world.pay_unheard().await?.len();
    Ok(Words::new(
        format!("YooKassa answers 503; {paid} payments are paid, and no webhook comes."),
        format!("ЮKassa отвечает 503; платежей оплачено: {paid}, вебхуков не будет."),
    ))
}

async fn mend_yookassa(world: Arc<World>) -> DemoResult<Words> {
    world.yookassa.set_outage(None);
    world.yookassa.announce(None);
    Ok(Words::new("YooKassa answers.", "ЮKassa отвечает."))
}

async fn break_provider(world: Arc<World>) -> DemoResult<Words> {
    world
        .providers
        .set_mood(Service::NanoBanana, Mood::Unavailable);
    Ok(Words::new(
        "Nano Banana answers 503.",
        "Nano Banana отвечает 503.",
    ))
}

async fn mend_provider(world: Arc<World>) -> DemoResult<Words> {
    world.providers.set_mood(Service::NanoBanana, Mood::Healthy);
    Ok(Words::new("Nano Banana answers.", "Nano Banana отвечает."))
}

async fn fill_env(world: Arc<World>) -> DemoResult<Words> {
    blocking(move || world.patient.fill_env()).await?;
    Ok(Words::new(".env is complete.", ".env заполнен."))
}
