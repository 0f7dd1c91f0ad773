//! What must hold, whatever went wrong. Judged from the files, the journal, the trail and the town's
//! log; the engine's own word counts nowhere but in its journal.

use super::content::{self, Content};
use super::fault::{Database, Kind};
use super::ground::{CANCELED, PAID};
use super::layer::held;
use super::play::Play;
use super::records;
use super::town::BOT;
use rei_recovery::domain::event::Outcome;
use rei_recovery::domain::run::{Phase, Run, StepState};
use rei_recovery::ports::journal::Journal;
use rusqlite::Connection;

/// While the run waits for somebody: the patient is one thing or the other, and nothing of the old is lost.
pub async fn patient(play: &Play, run: &Run) -> Result<(), String> {
    let place = content::at_place(play);
    let there = |what: &str| {
        Err(format!(
            "{what}: {place:?} at {}, {:?}",
            run.position, run.phase
        ))
    };
    if !content::old_is_kept(play, run) {
        return there("the old database is nowhere whole");
    }
    let moved = |kind: &str| {
        let mut steps = run.plan.runbook.steps.iter();
        let step = steps.find(|step| step.action.kind() == kind);
        step.is_some_and(|step| *run.state_of(&step.id) != StepState::Pending { attempt: 0 })
    };
    let chosen = run.plan.backup.as_ref().map(|chosen| chosen.backup.time);
    let missing_before = play.scenario.setting.database == Database::Missing;
    match &place {
        Content::Mixed(why) => return there(why),
        Content::Backup(time) if Some(*time) != chosen => return there("another backup"),
        Content::Backup(_) if !moved("install-database") => return there("not installed yet"),
        Content::Missing if !missing_before && !moved("quarantine-database") => {
            return there("gone, and nobody put it aside");
        }
        Content::Old | Content::Missing if run.plan.moves_database() && run.is_committed() => {
            return there("REI was started, and not on the backup");
        }
        _ => {}
    }
    if place == Content::Missing && !missing_before && play.house.town.runs(BOT) {
        return there("REI runs without its database");
    }
    if let Phase::Finished(outcome) = run.phase {
        at_the_end(play, run, (&place, outcome))?;
    }
    Ok(())
}

fn at_the_end(play: &Play, run: &Run, (place, outcome): (&Content, Outcome)) -> Result<(), String> {
    let untouched = match play.scenario.setting.database {
        Database::Missing => *place == Content::Missing,
        _ => *place == Content::Old,
    };
    let lied = play
        .world
        .met()
        .iter()
        .any(|(call, kind)| call.port == "units" && *kind == Kind::Lie);
    let skipped = run.plan.runbook.steps.iter().any(|step| {
        let skipped = matches!(run.state_of(&step.id), StepState::Skipped { .. });
        skipped && !step.action.units().is_empty()
    });
    let fits = match outcome {
        Outcome::Recovered if run.plan.moves_database() => matches!(place, Content::Backup(_)),
        Outcome::Aborted => return Ok(()),
        _ => untouched,
    };
    if !fits {
        return Err(format!("it ended as {outcome:?} with {place:?}"));
    }
    if !lied && !skipped && !play.house.town.runs(BOT) {
        return Err(format!("it ended as {outcome:?} and REI does not run"));
    }
    Ok(())
}

/// After the end: journal, trail, outbox and effects. Gives the number of events.
pub async fn whole(play: &Play) -> Result<usize, String> {
    if let Some(plant) = play.plant {
        plant.at_the_end(play);
    }
    let entries = held(play.world.store.entries(play.id)).await.unwrap();
    let run = held(play.load()).await.map_err(|error| error.to_string())?;
    let fresh = Run::new(
        run.id,
        run.plan.clone(),
        run.plan.hash(),
        run.requester.clone(),
        run.chat,
    );
    records::legal(&fresh, &entries)?;
    records::approved(play, &fresh, &entries)?;
    records::doubts(play, &run, &entries)?;
    records::trail(play, &fresh, &entries).await?;
    effects(play)?;
    books(play)?;
    Ok(entries.len())
}

/// What cannot be taken back was done once at most.
fn effects(play: &Play) -> Result<(), String> {
    let log = play.house.town.log();
    let message = log.messages.iter().find(|(_, times)| **times > 1);
    if let Some(((person, text), times)) = message {
        return Err(format!("{person} got “{text}” {times} times"));
    }
    if let Some((job, times)) = log.runs.iter().find(|(_, times)| **times > 1) {
        return Err(format!("{job} ran {times} times"));
    }
    if log.programs > 1 {
        return Err(format!("the program ran {} times", log.programs));
    }
    for name in ["queue.flush", "files.install"] {
        let times = log.done.get(name).copied().unwrap_or(0);
        if times > 1 {
            return Err(format!("{name} happened {times} times"));
        }
    }
    Ok(())
}

/// Nobody was credited twice or for nothing, and each balance is the sum of its ledger.
fn books(play: &Play) -> Result<(), String> {
    if content::at_place(play) == Content::Missing || content::is_damaged(play) {
        return Ok(());
    }
    let copy = content::copy_of(&play.house.ground.home());
    let db = Connection::open(copy.path().join("bot.db")).unwrap();
    let one = |sql: &str, id: &str| -> i64 { db.query_row(sql, [id], |row| row.get(0)).unwrap() };
    let credits = "SELECT count(*) FROM ledger WHERE reason = 'payment' AND reference = ?1";
    if one(credits, PAID) > 1 || one(credits, CANCELED) > 0 {
        return Err("credits that nobody paid for".to_owned());
    }
    let differ = "SELECT count(*) FROM users u WHERE ?1 = ?1 AND balance <>
                  (SELECT coalesce(sum(amount), 0) FROM ledger WHERE user_id = u.id)";
    match one(differ, "") {
        0 => Ok(()),
        some => Err(format!("{some} balances are not the sum of their ledger")),
    }
}
