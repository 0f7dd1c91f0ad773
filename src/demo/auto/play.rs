//! Anna asks, Boris approves, everybody watches.

use super::proof::{self, Before, Check};
use crate::demo::bot_api::{Message, MessageId, PersonId, Place};
use crate::demo::error::{DemoError, DemoResult};
use crate::demo::patient::{Damage, damage, integrity};
use crate::demo::terminal::say;
use crate::demo::units::Unit;
use crate::demo::world::{World, blocking};
use std::time::{Duration, Instant};

/// How long the bot may take to answer a person.
const ANSWER: Duration = Duration::from_secs(30);

/// How long REI may take to notice what happened to it.
const NOTICES: Duration = Duration::from_secs(60);

/// How long a recovery may take here.
const RECOVERY: Duration = Duration::from_secs(180);

/// A step that failed and stays so for this long waits for a person, whom this play has not.
const STUCK: Duration = Duration::from_secs(10);

/// From a choice to the plan there are at most so many menus.
const MENUS: usize = 5;

/// Labels of the contract, English and Russian.
const START: [&str; 2] = ["Start", "Начать"];
const APPROVE: [&str; 2] = ["Approve", "Одобрить"];

/// The whole scenario.
pub(super) async fn play(world: &World) -> DemoResult<Vec<Check>> {
    let before = proof::before(world).await?;
    break_the_database(world, &before).await?;
    let began = Instant::now();
    ask_for_recovery(world).await?;
    anna_may_not_approve(world).await?;
    approve(world).await?;
    let run = watch(world).await?;
    world.until_delivered(ANSWER).await?;
    world
        .until("every press answered", ANSWER, || {
            Ok(world.api.unanswered().is_empty().then_some(()))
        })
        .await?;
    proof::check(world, &before, run, began.elapsed()).await
}

async fn break_the_database(world: &World, before: &Before) -> DemoResult<()> {
    say(&format!("REI runs: {}", proof::counted(&before.rows)));
    let database = world.patient.database();
    let found = blocking(move || {
        let flipped = damage(&database, Damage::FlippedBytes)?;
        Ok((flipped, integrity(&database).map_or(1, |found| found.len())))
    });
    let (flipped, found) = found.await?;
    say(&format!(
        "Broken: {flipped} bytes of bot.db flipped, integrity_check now finds {found} problems"
    ));
    world
        .until("REI to notice", NOTICES, || {
            Ok((!world.is_up(Unit::Bot)? || !world.is_up(Unit::Workers)?).then_some(()))
        })
        .await?;
    say("REI noticed: `database disk image is malformed` in its log, and a unit gave up\n");
    Ok(())
}

/// Through the menus, always taking the first choice, which is the recommended one.
async fn ask_for_recovery(world: &World) -> DemoResult<()> {
    let (anna, place) = (world.cast.anna, world.cast.private(world.cast.anna));
    world.api.send_text(anna, place, "/recover")?;
    let mut pressed: Vec<(MessageId, Vec<String>)> = Vec::new();
    for _ in 0..MENUS {
        let menu = world
            .api
            .wait_for_message(place, "a menu or the plan", ANSWER, |message| {
                message.is_from_bot(world.cast.admin_bot)
                    && message.buttons().next().is_some()
                    && !pressed.contains(&face(message))
            });
        let menu = menu.await?;
        pressed.push(face(&menu));
        if press(world, anna, &menu, &START)? {
            return Ok(());
        }
        world.api.press(anna, place, menu.id, 0)?;
    }
    Err(DemoError::NotHere(
        "the menus never led to a plan".to_owned(),
    ))
}

fn face(message: &Message) -> (MessageId, Vec<String>) {
    (
        message.id,
        message
            .buttons()
            .map(|button| button.text.clone())
            .collect(),
    )
}

/// Presses the button with one of these labels, if the message has it.
fn press(world: &World, who: PersonId, message: &Message, labels: &[&str]) -> DemoResult<bool> {
    for label in labels {
        if has(message, label) {
            world.api.press(who, message.place, message.id, *label)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn has(message: &Message, label: &str) -> bool {
    message.buttons().any(|button| button.text.contains(label))
}

async fn gate(world: &World, place: Place) -> DemoResult<Message> {
    let asked =
        world
            .api
            .wait_for_message(place, "the request for approval", RECOVERY, |message| {
                APPROVE.iter().any(|label| has(message, label))
            });
    Ok(asked.await?)
}

/// Who asked may not approve: the press must move nothing.
async fn anna_may_not_approve(world: &World) -> DemoResult<()> {
    let gate = gate(world, world.cast.team).await?;
    press(world, world.cast.anna, &gate, &APPROVE)?;
    world
        .until("an answer to Anna", ANSWER, || {
            Ok(world.api.unanswered().is_empty().then_some(()))
        })
        .await
}

async fn approve(world: &World) -> DemoResult<()> {
    let gate = gate(world, world.cast.team).await?;
    press(world, world.cast.boris, &gate, &APPROVE)?;
    Ok(())
}

/// Waits for the end of the run; a run that waits for a person has failed here.
async fn watch(world: &World) -> DemoResult<i64> {
    let mut stuck: Option<(u64, Instant)> = None;
    world
        .until("the end of the recovery", RECOVERY, || {
            let Some((run, phase)) = world.state.newest()? else {
                return Ok(None);
            };
            if phase == "finished" {
                return Ok(Some(run));
            }
            let journal = world.state.journal(run)?;
            let failed = journal
                .last()
                .filter(|last| last.kind().ends_with("-failed"));
            stuck = failed.map(|last| match stuck {
                Some((position, since)) if position == last.position => (position, since),
                _ => (last.position, Instant::now()),
            });
            match (failed, stuck) {
                (Some(last), Some((_, since))) if since.elapsed() > STUCK => Err(
                    DemoError::NotHere(format!("R-{run} waits for a person: {}", last.event)),
                ),
                _ => Ok(None),
            }
        })
        .await
}
