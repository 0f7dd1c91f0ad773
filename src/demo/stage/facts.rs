//! The box of facts: what is so, whatever the bot says.

use super::{partners, strike};
use crate::demo::bot_api::{Fact, Network, Tone, Words};
use crate::demo::error::DemoResult;
use crate::demo::patient::{Rows, integrity, rows};
use crate::demo::s3::Fault;
use crate::demo::units::{self, Unit};
use crate::demo::world::{World, blocking};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the database is checked in full.
const CHECK_EVERY: Duration = Duration::from_secs(3);

/// The last look into the database.
#[derive(Debug, Default)]
pub(super) struct Health {
    looked: Option<(Instant, Look)>,
}

#[derive(Debug, Clone)]
struct Look {
    problems: Result<usize, String>,
    rows: Option<Rows>,
}

/// Everything the box shows.
pub(super) async fn gather(world: &World, health: &mut Health) -> DemoResult<Vec<Fact>> {
    // Before the bot's first start there is no state, and no run in it.
    let on_patient = world.state.under_way().ok().flatten();
    let busy = on_patient.is_some();
    let run = match on_patient {
        Some(run) => Some((run, "under-way".to_owned())),
        None => world.state.newest().ok().flatten(),
    };
    look(world, health, busy).await?;
    let mut facts = vec![bot(world)];
    for unit in Unit::ALL {
        facts.push(unit_fact(unit, &world.patient.home())?);
    }
    facts.extend(database(health, busy));
    facts.extend([s3(world), telegram(world), disk(world)]);
    facts.extend(partners::facts(world).await?);
    facts.extend(run.map(|(run, phase)| run_fact(world, run, &phase)));
    Ok(facts)
}

/// Opens the database for a moment, but never while a run is on it: the run proves that nobody
/// holds it, and would find this process.
async fn look(world: &World, health: &mut Health, busy: bool) -> DemoResult<()> {
    let recent = |(at, _): &(Instant, Look)| at.elapsed() < CHECK_EVERY;
    if busy || health.looked.as_ref().is_some_and(recent) {
        return Ok(());
    }
    let database = world.patient.database();
    let look = blocking(move || Ok(look_into(&database))).await?;
    health.looked = Some((Instant::now(), look));
    Ok(())
}

fn look_into(database: &Path) -> Look {
    if !database.exists() {
        return Look {
            problems: Err("missing".to_owned()),
            rows: None,
        };
    }
    let problems = integrity(database);
    Look {
        problems: problems
            .map(|p| p.len())
            .map_err(|_| "unreadable".to_owned()),
        rows: rows(database).ok(),
    }
}

fn bot(world: &World) -> Fact {
    let label = Words::new("The recovery bot", "Бот восстановления");
    match world.bot_pid() {
        Some(pid) => Fact::new(
            label,
            Words::new(format!("runs, pid {pid}"), format!("работает, pid {pid}")),
        )
        .tone(Tone::Good),
        None => {
            Fact::new(label, Words::new("is gone, comes back", "исчез, вернётся")).tone(Tone::Bad)
        }
    }
}

fn unit_fact(unit: Unit, home: &Path) -> DemoResult<Fact> {
    let pid = units::pid(unit, home)?;
    Ok(match pid {
        Some(pid) => Fact::new(
            unit.name(),
            Words::new(format!("up, pid {pid}"), format!("работает, pid {pid}")),
        )
        .tone(Tone::Good),
        None => Fact::new(unit.name(), Words::new("down", "остановлена")).tone(Tone::Bad),
    })
}

fn database(health: &Health, busy: bool) -> Vec<Fact> {
    let Some((_, look)) = &health.looked else {
        return Vec::new();
    };
    let (text, tone) = match &look.problems {
        Ok(0) => (
            Words::new("integrity_check: ok", "integrity_check: ok"),
            Tone::Good,
        ),
        Ok(n) => (
            Words::new(
                format!("damaged: {n} findings"),
                format!("повреждена, находок: {n}"),
            ),
            Tone::Bad,
        ),
        Err(why) if why == "missing" => (Words::new("missing", "нет файла"), Tone::Bad),
        Err(_) => (Words::new("unreadable", "не читается"), Tone::Bad),
    };
    let text = if busy {
        Words::new(
            format!("{} (before the run)", text.en),
            format!("{} (до восстановления)", text.ru),
        )
    } else {
        text
    };
    let mut facts = vec![Fact::new("bot.db", text).tone(tone)];
    if let Some(rows) = &look.rows {
        let count = |table: &str| rows.get(table).copied().unwrap_or_default();
        let (users, jobs, payments) = (count("users"), count("jobs"), count("payments"));
        facts.push(Fact::new(
            Words::new("Rows", "Строки"),
            Words::new(
                format!("{users} users, {jobs} jobs, {payments} payments"),
                format!("users {users}, jobs {jobs}, payments {payments}"),
            ),
        ));
    }
    facts
}

fn s3(world: &World) -> Fact {
    let (words, tone) = match world.s3.fault() {
        None => (Words::new("answers", "отвечает"), Tone::Good),
        Some(Fault::Cut) => (Words::new("unreachable", "недоступен"), Tone::Bad),
        Some(_) => (Words::new("fails", "сбоит"), Tone::Bad),
    };
    Fact::new("S3", words).tone(tone)
}

fn telegram(world: &World) -> Fact {
    let (words, tone) = match world.api.network() {
        Network::Up => (Words::new("reachable", "доступен"), Tone::Good),
        _ => (Words::new("unreachable", "недоступен"), Tone::Bad),
    };
    Fact::new("Telegram", words).tone(tone)
}

fn disk(world: &World) -> Fact {
    let label = Words::new("Disk", "Диск");
    match world.disk() {
        Some(disk) if disk.is_filled() => {
            Fact::new(label, Words::new("full", "заполнен")).tone(Tone::Bad)
        }
        Some(_) => Fact::new(label, Words::new("has room", "есть место")).tone(Tone::Good),
        None => Fact::new(
            label,
            Words::new(
                "the machine's; not to be filled",
                "общий с машиной; не заполняется",
            ),
        ),
    }
}

fn run_fact(world: &World, run: i64, phase: &str) -> Fact {
    let step = strike::open_step(world).ok().flatten();
    let (en, ru) = match phase {
        "proposed" => ("proposed", "предложено"),
        "under-way" => ("under way", "идёт"),
        _ => ("finished", "завершено"),
    };
    let with = |text: &str| match &step {
        Some(step) => format!("R-{run}: {text}, {step}"),
        None => format!("R-{run}: {text}"),
    };
    Fact::new(
        Words::new("Recovery", "Восстановление"),
        Words::new(with(en), with(ru)),
    )
}
