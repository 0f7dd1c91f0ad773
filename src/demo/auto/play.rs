//! Anna asks, Boris approves, everybody watches.

use super::proof::{self, Before, Check, Played};
use super::transcript::Teller;
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

/// Boris reads Russian: the label of his language is the same in every language.
const RUSSIAN: [&str; 1] = ["Русский"];

/// The whole scenario.
pub(super) async fn play(world: &World, teller: &Teller) -> DemoResult<Vec<Check>> {
    let before = proof::before(world).await?;
    let players = Players { world, teller };
    players.boris_chooses_russian().await?;
    break_the_database(world, &before).await?;
    let files = proof::database_files(&world.patient.home())?;
    let began = Instant::now();
    players.ask_for_recovery().await?;
    players.anna_may_not_approve().await?;
    players.boris_approves().await?;
    let run = watch(world).await?;
    world.until_delivered(ANSWER).await?;
    players.all_answered().await?;
    let played = Played {
        files,
        run,
        took: began.elapsed(),
    };
    proof::check(world, &before, &played).await
}

async fn break_the_database(world: &World, before: &Before) -> DemoResult<()> {
    say(&format!("REI runs: {}", proof::counted(&before.rows)));
    let database = world.patient.database();
    let found = blocking(move || {
        let flipped = damage(&database, Damage::FlippedBytes)?;
        let found = match integrity(&database) {
            Ok(found) => format!("finds {} problems", found.len()),
            Err(error) => format!("cannot even end ({error})"),
        };
        Ok((flipped, found))
    });
    let (flipped, found) = found.await?;
    say(&format!(
        "Broken: {flipped} bytes of bot.db flipped, integrity_check now {found}"
    ));
    world
        .until("REI to notice", NOTICES, || {
            Ok((!world.is_up(Unit::Bot)? || !world.is_up(Unit::Workers)?).then_some(()))
        })
        .await?;
    say("REI noticed: `database disk image is malformed` in its log, and a unit gave up\n");
    Ok(())
}

/// The people, who read what they were told before they press anything.
struct Players<'a> {
    world: &'a World,
    teller: &'a Teller,
}

impl Players<'_> {
    async fn boris_chooses_russian(&self) -> DemoResult<()> {
        let boris = self.world.cast.boris;
        let place = self.world.cast.private(boris);
        self.world.api.send_text(boris, place, "/language")?;
        let menu = self
            .sees(place, "the languages", |message| has(message, &RUSSIAN))
            .await?;
        self.press(boris, &menu, &RUSSIAN)?;
        self.all_answered().await
    }

    /// Through the menus, always taking the first choice, which is the recommended one.
    async fn ask_for_recovery(&self) -> DemoResult<()> {
        let anna = self.world.cast.anna;
        let place = self.world.cast.private(anna);
        self.world.api.send_text(anna, place, "/recover")?;
        let mut pressed: Vec<(MessageId, Vec<String>)> = Vec::new();
        for _ in 0..MENUS {
            let menu = self.sees(place, "a menu or the plan", |message| {
                message.buttons().next().is_some() && !pressed.contains(&face(message))
            });
            let menu = menu.await?;
            pressed.push(face(&menu));
            if has(&menu, &START) {
                return self.press(anna, &menu, &START);
            }
            self.world.api.press(anna, place, menu.id, 0)?;
        }
        let lost = "the menus never led to a plan";
        Err(DemoError::NotHere(lost.to_owned()))
    }

    /// Who asked may not approve: the press must move nothing.
    async fn anna_may_not_approve(&self) -> DemoResult<()> {
        let gate = self.sees_gate().await?;
        self.press(self.world.cast.anna, &gate, &APPROVE)?;
        self.all_answered().await
    }

    async fn boris_approves(&self) -> DemoResult<()> {
        let gate = self.sees_gate().await?;
        self.press(self.world.cast.boris, &gate, &APPROVE)
    }

    async fn sees_gate(&self) -> DemoResult<Message> {
        let team = self.world.cast.team;
        self.sees(team, "the request for approval", |message| {
            has(message, &APPROVE)
        })
        .await
    }

    /// Waits for a message of the bot's, and reads it.
    async fn sees(
        &self,
        place: Place,
        what: &str,
        fits: impl Fn(&Message) -> bool,
    ) -> DemoResult<Message> {
        let bot = self.world.cast.admin_bot;
        let seen = self
            .world
            .api
            .wait_for_message(place, what, RECOVERY, |message| {
                message.is_from_bot(bot) && fits(message)
            });
        let seen = seen.await?;
        self.teller.catch_up();
        Ok(seen)
    }

    fn press(&self, who: PersonId, message: &Message, labels: &[&str]) -> DemoResult<()> {
        for label in labels.iter().filter(|label| has(message, &[**label])) {
            self.world
                .api
                .press(who, message.place, message.id, *label)?;
        }
        self.teller.catch_up();
        Ok(())
    }

    async fn all_answered(&self) -> DemoResult<()> {
        let api = &self.world.api;
        self.world
            .until("an answer to every press", ANSWER, || {
                Ok(api.unanswered().is_empty().then_some(()))
            })
            .await?;
        self.teller.catch_up();
        Ok(())
    }
}

fn face(message: &Message) -> (MessageId, Vec<String>) {
    let labels = message.buttons().map(|button| button.text.clone());
    (message.id, labels.collect())
}

/// Whether a button carries one of these labels.
fn has(message: &Message, labels: &[&str]) -> bool {
    let carries = |text: &str| labels.iter().any(|label| text.contains(label));
    message.buttons().any(|button| carries(&button.text))
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
