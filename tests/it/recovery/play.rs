//! Anna and Boris at their phones: what they press, as a recovery asks for it.

use super::{PATIENCE, good};
use rei_recovery::demo::bot_api::{BotApi, Message, PersonId, Place};
use rei_recovery::demo::error::{DemoError, DemoResult};
use rei_recovery::demo::world::{Entry, World};
use std::time::{Duration, Instant};

/// How long a person waits for an answer before the press is repeated.
const ANSWER: Duration = Duration::from_secs(20);

/// How long somebody looks away while nothing is asked.
const GLANCE: Duration = Duration::from_millis(500);

/// A step that a test puts into the runbook and that always fails.
pub const DOOMED: &str = "doomed";

/// What the run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// Nobody has asked for a recovery.
    Recover,
    /// The plan waits for its requester.
    Start(i64),
    /// The gate waits for an approver.
    Approve(i64),
    /// Only a person can tell whether the test message was sent.
    Tell(i64),
    /// A step failed; Anna wants everything taken back.
    Back(i64),
    /// The program works, or waits for something that this play does not know.
    Nothing,
    /// It is over.
    Over(i64),
}

/// A whole recovery through the chat, from wherever it stands to its end. Gives its run.
pub async fn recover(world: &World) -> i64 {
    advance(world, |due| matches!(due, Due::Over(_))).await
}

/// The same up to the moment in which the gate is asked for.
pub async fn recover_to_the_gate(world: &World) -> i64 {
    advance(world, |due| matches!(due, Due::Approve(_))).await
}

/// The newest message with this button about this run.
pub async fn offered(world: &World, place: Place, run: i64, label: &str) -> DemoResult<Message> {
    let about = format!("R-{run} ");
    let fits = |m: &Message| has(m, label) && format!("{} ", m.text()).contains(&about);
    Ok(world
        .api
        .wait_for_message(place, label, ANSWER, fits)
        .await?)
}

/// Presses a button about a run, and waits until the journal has moved.
pub async fn press(
    world: &World,
    (who, place): (PersonId, Place),
    run: i64,
    label: &str,
) -> DemoResult<()> {
    let before = world.state.journal(run)?.len();
    let message = offered(world, place, run, label).await?;
    world.api.press(who, place, message.id, label)?;
    let moved = || Ok((world.state.journal(run)?.len() > before).then_some(()));
    world
        .until(&format!("{label} to move R-{run}"), ANSWER, moved)
        .await
}

/// Waits until the run's last event fits.
pub async fn until_last(world: &World, what: &str, fits: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    let found = world.until(what, PATIENCE, || {
        let Some((run, _)) = world.state.newest()? else {
            return Ok(None);
        };
        let journal = world.state.journal(run)?;
        Ok(journal.last().is_some_and(&fits).then_some(journal))
    });
    good(found.await)
}

/// How many messages REI's own bot has sent to Anna.
pub fn test_messages(world: &World) -> usize {
    let place = Place::private(world.cast.rei_bot, world.cast.anna);
    let from_bot = |m: &&Message| m.is_from_bot(world.cast.rei_bot);
    world
        .api
        .read(|telegram| telegram.messages(place).filter(from_bot).count())
}

pub fn has(message: &Message, label: &str) -> bool {
    message.buttons().any(|button| button.text.contains(label))
}

async fn advance(world: &World, enough: impl Fn(Due) -> bool) -> i64 {
    let deadline = Instant::now() + PATIENCE;
    // A press may be lost with a program that dies: a person presses again.
    let mut last = String::new();
    loop {
        let due = good(due(world));
        if let (true, Due::Over(run) | Due::Approve(run)) = (enough(due), due) {
            return run;
        }
        if let Err(error) = act(world, due).await {
            last = error.to_string();
        }
        assert!(
            Instant::now() < deadline,
            "{due:?} to no end: {last}\n{:#?}\n{}",
            good(world.state.newest()).map(|(run, _)| good(world.state.journal(run)).pop()),
            world.bot_log_tail()
        );
    }
}

fn due(world: &World) -> DemoResult<Due> {
    let Some((run, phase)) = world.state.newest()? else {
        return Ok(Due::Recover);
    };
    let journal = world.state.journal(run)?;
    let last = journal.last().map(|last| (last.kind(), last.step()));
    Ok(match (phase.as_str(), last) {
        ("proposed", _) => Due::Start(run),
        ("finished", _) => Due::Over(run),
        (_, Some(("approval-asked", _))) => Due::Approve(run),
        (_, Some(("step-in-doubt", Some("test-message")))) => Due::Tell(run),
        (_, Some(("step-failed", Some(DOOMED)))) => Due::Back(run),
        _ => Due::Nothing,
    })
}

async fn act(world: &World, due: Due) -> DemoResult<()> {
    let (cast, team) = (&world.cast, world.cast.team);
    match due {
        Due::Recover => propose(world).await,
        Due::Start(run) => press(world, (cast.anna, cast.private(cast.anna)), run, "Start").await,
        Due::Approve(run) => press(world, (cast.boris, team), run, "Approve").await,
        Due::Tell(run) => {
            let happened = test_messages(world) > 0;
            let label = if happened {
                "Yes, it happened"
            } else {
                "No, do it again"
            };
            press(world, (cast.anna, team), run, label).await
        }
        Due::Back(run) => press(world, (cast.anna, team), run, "Roll back").await,
        Due::Nothing | Due::Over(_) => {
            tokio::time::sleep(GLANCE).await;
            Ok(())
        }
    }
}

/// `/recover`, the scenario, the latest good backup.
async fn propose(world: &World) -> DemoResult<()> {
    ask_for(world, "/recover", &["Corrupted database", "Latest good"]).await
}

/// Anna sends a command and presses these buttons, up to the plan.
pub async fn ask_for(world: &World, command: &str, labels: &[&str]) -> DemoResult<()> {
    let (api, anna): (&BotApi, _) = (&world.api, world.cast.anna);
    let place = world.cast.private(anna);
    let asked = api.send_text(anna, place, command)?;
    for &label in labels {
        let fits = |m: &Message| m.id > asked && has(m, label);
        let menu = api.wait_for_message(place, label, ANSWER, fits).await?;
        api.press(anna, place, menu.id, label)?;
    }
    let proposed = || Ok::<_, DemoError>(world.state.newest()?.map(drop));
    world.until("the plan", ANSWER, proposed).await
}
