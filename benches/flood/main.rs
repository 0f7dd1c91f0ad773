//! How long an approver's press takes while strangers flood the bot: the real program over a Bot API
//! server, with and without the flood.
//!
//! `cargo bench --bench flood -- [seconds]` (60).
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

use anyhow::Result;
use rei_recovery::demo::bot_api::{Message, Person, PersonId, Place};
use rei_recovery::demo::world::{World, WorldOptions};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");
/// The issue's own: 200 updates of strangers a second, and half a second for a press.
const APART: Duration = Duration::from_millis(5);
const AIM: Duration = Duration::from_millis(500);
/// Two approvers, each within the rate of one person.
const PRESS: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(30);
const CROWD: u64 = 500;

#[tokio::main]
async fn main() -> Result<()> {
    let given = std::env::args().skip(1).find(|a| a != "--bench");
    let span = Duration::from_secs(given.map_or(Ok(60), |text| text.parse())?);
    let options = WorldOptions::new(PROGRAM)
        .set("APPROVALS_REQUIRED", "2")
        .set("APPROVAL_TTL", "1h");
    let world = World::build(options).await?;
    let card = waiting(&world).await?;
    let crowd = crowd(&world)?;
    let mut calm = presses(&world, &card, span / 3).await?;
    tell("in peace", &mut calm);
    let before = cost(&world);
    let stop = AtomicBool::new(false);
    let sent = AtomicU64::new(0);
    let (flooded, pressed) = tokio::join!(flood(&world, &crowd, (&stop, &sent)), async {
        let pressed = presses(&world, &card, span).await;
        stop.store(true, Ordering::Relaxed);
        pressed
    });
    flooded?;
    tell("in the flood", &mut pressed?);
    let after = cost(&world);
    println!(
        "{} updates of {CROWD} strangers, {:.0} a second; aim {} ms at the 99th percentile",
        sent.load(Ordering::Relaxed),
        rate(sent.load(Ordering::Relaxed), span),
        AIM.as_millis()
    );
    println!(
        "calls meanwhile: sendMessage {}, answerCallbackQuery {}; memory {} MiB before, {} MiB after",
        after.0 - before.0,
        after.1 - before.1,
        before.2,
        after.2
    );
    world.close().await;
    Ok(())
}

fn rate(count: u64, span: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / span.as_secs_f64()
}

/// A recovery that waits for two people, and the message with its buttons.
async fn waiting(world: &World) -> Result<Message> {
    let (anna, talk) = (world.cast.anna, world.cast.private(world.cast.anna));
    let asked = world
        .api
        .send_text(anna, talk, "/recover database-corruption")?;
    let choice = see(world, talk, asked, |message| !message.labels().is_empty()).await?;
    // The first backup is the recommended one.
    world.api.press(anna, talk, choice.id, 0)?;
    let starts = |message: &Message| has(message, "Start");
    let plan = see(world, talk, asked, starts).await?;
    world.api.press(anna, talk, plan.id, "Start")?;
    let approves = |message: &Message| has(message, "Approve");
    see(world, world.cast.team, 0, approves).await
}

fn has(message: &Message, label: &str) -> bool {
    let labels = message.labels();
    labels.iter().flatten().any(|it| it.contains(label))
}

async fn see(
    world: &World,
    place: Place,
    after: i32,
    fits: impl Fn(&Message) -> bool,
) -> Result<Message> {
    let bot = world.cast.admin_bot;
    let found = world
        .api
        .wait_for_message(place, "the next message", PATIENCE, |message| {
            message.id > after && message.is_from_bot(bot) && fits(message)
        });
    Ok(found.await?)
}

fn crowd(world: &World) -> Result<Vec<PersonId>> {
    let enter = |nth| {
        let person = Person::new(200_000_000 + nth, format!("Stranger {nth}"));
        world.api.add_person(person)
    };
    Ok((0..CROWD).map(enter).collect::<Result<_, _>>()?)
}

/// Private messages of everybody in turn, one after each `APART`, whatever the bot does.
async fn flood(
    world: &World,
    crowd: &[PersonId],
    (stop, sent): (&AtomicBool, &AtomicU64),
) -> Result<()> {
    let mut tick = tokio::time::interval(APART);
    for who in crowd.iter().cycle() {
        tick.tick().await;
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let talk = Place::private(world.cast.admin_bot, *who);
        world
            .api
            .send_text(*who, talk, "/recover database-corruption")?;
        sent.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// From each press to its answer. The first of each person decides, the later ones are told that they
/// did: both are read, decided and written down.
async fn presses(world: &World, card: &Message, span: Duration) -> Result<Vec<Duration>> {
    let team = [world.cast.boris, world.cast.anna];
    let begun = Instant::now();
    let mut took = Vec::new();
    for who in team.iter().cycle() {
        if begun.elapsed() >= span {
            break;
        }
        let pressed = Instant::now();
        // Anna asked for it: hers is refused, and as much work.
        let press = world.api.press(*who, card.place, card.id, "Approve")?;
        press.answer(PATIENCE).await?;
        took.push(pressed.elapsed());
        tokio::time::sleep_until((pressed + PRESS).into()).await;
    }
    Ok(took)
}

/// Messages sent, presses answered, and the program's memory in MiB.
fn cost(world: &World) -> (u64, u64, u64) {
    let memory = world.bot_pid().and_then(|pid| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    (
        world.api.count("sendMessage"),
        world.api.count("answerCallbackQuery"),
        memory.unwrap_or(0) / 1024,
    )
}

fn tell(name: &str, took: &mut [Duration]) {
    took.sort();
    let at = |share: usize| {
        let place = (took.len() * share).div_ceil(100).saturating_sub(1);
        took.get(place).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    println!(
        "{name:14}{:6} presses   median {:6.1} ms   99th percentile {:6.1} ms   longest {:6.1} ms",
        took.len(),
        at(50),
        at(99),
        at(100)
    );
}
