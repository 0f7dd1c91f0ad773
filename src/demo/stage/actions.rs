//! The buttons beside the phone.

use super::{outages, strike};
use crate::demo::bot_api::{Action, Network, Words};
use crate::demo::error::DemoResult;
use crate::demo::patient::{Damage, damage};
use crate::demo::s3::Fault;
use crate::demo::world::{World, blocking};
use std::sync::{Arc, Weak};

/// Puts all buttons on the page.
pub(super) fn register(world: &Arc<World>) {
    let broken = breaking(world).into_iter().chain(outages::breaking(world));
    for action in broken.chain(mending(world)).chain(outages::mending(world)) {
        world.api.add_action(action);
    }
}

/// A button's labels: what is on it and below it, in both languages.
pub(super) struct Label {
    pub(super) id: &'static str,
    pub(super) en: (&'static str, &'static str),
    pub(super) ru: (&'static str, &'static str),
}

/// The group of the buttons that mend.
pub(super) fn mend_group() -> Words {
    Words::new("Mend it", "Починить")
}

pub(super) fn button<F>(world: &Arc<World>, label: Label, effect: fn(Arc<World>) -> F) -> Action
where
    F: Future<Output = DemoResult<Words>> + Send + 'static,
{
    let world = Arc::downgrade(world);
    Action::new(
        label.id,
        Words::new(label.en.0, label.ru.0),
        Words::new(label.en.1, label.ru.1),
        move || run(world.clone(), effect),
    )
}

/// The page must not keep the world alive, so a button holds it only while it is pressed.
async fn run<F>(world: Weak<World>, effect: fn(Arc<World>) -> F) -> Result<Words, Words>
where
    F: Future<Output = DemoResult<Words>>,
{
    let Some(world) = world.upgrade() else {
        return Err(Words::new("The rehearsal is over.", "Репетиция окончена."));
    };
    effect(world)
        .await
        .map_err(|error| error.to_string().into())
}

fn breaking(world: &Arc<World>) -> Vec<Action> {
    vec![
        button(
            world,
            Label {
                id: "flip-bytes",
                en: (
                    "Flip bytes in bot.db",
                    "Every eighth page is damaged; REI notices within seconds",
                ),
                ru: (
                    "Испортить байты в bot.db",
                    "Повреждается каждая восьмая страница; REI заметит за секунды",
                ),
            },
            flip_bytes,
        ),
        button(
            world,
            Label {
                id: "delete-database",
                en: (
                    "Delete bot.db",
                    "The file is gone; who holds it open does not notice",
                ),
                ru: (
                    "Удалить bot.db",
                    "Файла нет; кто держит его открытым, не заметит",
                ),
            },
            delete_database,
        ),
        button(
            world,
            Label {
                id: "fill-disk",
                en: (
                    "Fill the disk",
                    "The patient's own small file system runs full",
                ),
                ru: (
                    "Заполнить диск",
                    "Небольшая файловая система пациента заполнится",
                ),
            },
            fill_disk,
        ),
        button(
            world,
            Label {
                id: "cut-s3",
                en: (
                    "Cut S3",
                    "Connections to the bucket break; the folder stays",
                ),
                ru: (
                    "Отключить S3",
                    "Соединения с бакетом рвутся; папка остаётся",
                ),
            },
            cut_s3,
        ),
        button(
            world,
            Label {
                id: "cut-telegram",
                en: (
                    "Cut Telegram",
                    "The bot cannot reach it; this page still can",
                ),
                ru: ("Отключить Telegram", "Бот его не видит; эта страница видит"),
            },
            cut_telegram,
        ),
        button(
            world,
            Label {
                id: "kill-bot",
                en: (
                    "Kill the bot in mid-step",
                    "SIGKILL in this step or the next; it comes back after 3 s",
                ),
                ru: (
                    "Убить бота посреди шага",
                    "SIGKILL в этом или следующем шаге; вернётся через 3 с",
                ),
            },
            kill_bot,
        ),
    ]
}

fn mending(world: &Arc<World>) -> Vec<Action> {
    let everything = button(
        world,
        Label {
            id: "mend",
            en: (
                "Mend disk, S3 and Telegram",
                "The database is the bot's business",
            ),
            ru: ("Починить диск, S3 и Telegram", "База данных — дело бота"),
        },
        mend,
    );
    let units = button(
        world,
        Label {
            id: "start-units",
            en: ("Start REI's units", "As an admin would by hand"),
            ru: ("Запустить службы REI", "Как сделал бы администратор руками"),
        },
        start_units,
    );
    vec![everything.group(mend_group()), units.group(mend_group())]
}

async fn damage_database(world: &World, what: Damage) -> DemoResult<u64> {
    let database = world.patient.database();
    blocking(move || damage(&database, what)).await
}

async fn flip_bytes(world: Arc<World>) -> DemoResult<Words> {
    let flipped = damage_database(&world, Damage::FlippedBytes).await?;
    Ok(Words::new(
        format!("{flipped} bytes of bot.db were flipped."),
        format!("В bot.db испорчено байтов: {flipped}."),
    ))
}

async fn delete_database(world: Arc<World>) -> DemoResult<Words> {
    damage_database(&world, Damage::Deleted).await?;
    Ok(Words::new("bot.db is gone.", "bot.db удалён."))
}

async fn fill_disk(world: Arc<World>) -> DemoResult<Words> {
    blocking(move || world.filled_disk()).await?;
    Ok(Words::new(
        "The patient's disk is full.",
        "Диск пациента заполнен.",
    ))
}

async fn cut_s3(world: Arc<World>) -> DemoResult<Words> {
    world.s3.set_fault(Some(Fault::Cut));
    Ok(Words::new("S3 is unreachable.", "S3 недоступен."))
}

async fn cut_telegram(world: Arc<World>) -> DemoResult<Words> {
    world.api.set_network(Network::Refused).await;
    Ok(Words::new(
        "Telegram is unreachable for the bot.",
        "Telegram недоступен для бота.",
    ))
}

async fn kill_bot(world: Arc<World>) -> DemoResult<Words> {
    let now = strike::open_step(&world)?;
    tokio::spawn(strike::in_mid_step(Arc::downgrade(&world)));
    Ok(match now {
        Some(step) => Words::new(
            format!("Killed in the step “{step}”."),
            format!("Убит в шаге «{step}»."),
        ),
        None => Words::new(
            "No step is running; the next one will be cut off.",
            "Ни один шаг не идёт; следующий будет прерван.",
        ),
    })
}

async fn mend(world: Arc<World>) -> DemoResult<Words> {
    world.s3.set_fault(None);
    world.api.set_network(Network::Up).await;
    if let Some(disk) = world.disk() {
        disk.empty()?;
    }
    Ok(Words::new(
        "Disk, S3 and Telegram work again.",
        "Диск, S3 и Telegram снова работают.",
    ))
}

async fn start_units(world: Arc<World>) -> DemoResult<Words> {
    world.start_units().await?;
    Ok(Words::new("REI's units are up.", "Службы REI запущены."))
}
