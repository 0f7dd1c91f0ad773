//! Looks over the engine's shoulder at every call that changes the world: the journal must say that the
//! step is at work which does such things, and nobody may have the database in his hands that is moved.

use super::layer::{Call, World, held};
use rei_recovery::domain::run::Run;
use rei_recovery::ports::journal::Journal;

/// Which actions do what.
const EFFECTS: &[(&str, &[&str])] = &[
    ("files.stage", &["fetch-backup"]),
    ("files.discard", &["fetch-backup", "discard-staged"]),
    ("files.quarantine", &["quarantine-database"]),
    ("files.install", &["install-database"]),
    ("files.give_back", &["return-database"]),
    (
        "units.stop",
        &[
            "stop-units",
            "restart-units",
            "set-switch",
            // What came back meanwhile.
            "prove-database-closed",
            "quarantine-database",
            "install-database",
            "return-database",
        ],
    ),
    (
        "units.start",
        &["start-units", "restart-units", "set-switch"],
    ),
    ("queue.flush", &["flush-redis"]),
    ("queue.resume", &["rebuild-queue"]),
    ("queue.requeue", &["retry-jobs"]),
    ("queue.enqueue", &["rebuild-queue", "retry-jobs"]),
    ("records.turn_jobs", &["retry-jobs"]),
    ("records.settle", &["sync-payments"]),
    ("settings.set", &["set-switch"]),
    ("settings.make_env", &["prepare-settings"]),
    ("saved.unpack", &["unpack-files"]),
    ("programs.run", &["run-program"]),
    ("bot.send", &["send-test-message"]),
];

/// Calls that move the database.
const MOVES: [&str; 3] = ["files.quarantine", "files.install", "files.give_back"];

pub async fn look(world: &World, call: Call) {
    let effect = EFFECTS.iter().find(|(name, _)| call.is(name));
    let Some((name, actions)) = effect else {
        return;
    };
    if MOVES.contains(name) && world.town.is_in_use() {
        world.wrong(format!("{name} while REI has the database open"));
    }
    let run = held(async {
        let ids = world.store.under_way().await.unwrap();
        match ids.first() {
            Some(id) => Some(world.store.load(*id).await.unwrap()),
            None => None,
        }
    });
    let at_work = run.await.as_ref().and_then(at_work);
    if !at_work.is_some_and(|kind| actions.contains(&kind)) {
        world.wrong(format!("{name} while the journal says {at_work:?}"));
    }
}

/// The action whose start is written and whose outcome is not.
fn at_work(run: &Run) -> Option<&'static str> {
    if let Some((step, _)) = run.running() {
        return run.plan.step(&step).map(|step| step.action.kind());
    }
    let (step, _) = run.undoing()?;
    let undo = run.plan.step(&step)?.undo.as_ref()?;
    run.plan.undo_step(undo).map(|undo| undo.action.kind())
}
