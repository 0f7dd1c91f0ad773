//! Every other runbook, killed at every position of its journal: the real program is started again and
//! goes on, and the patient and the journal end as without the kill.
//!
//! The run is begun and approved at the console, which needs no pace of a group; where a step speaks
//! to whoever asked for the run, Anna asks in the chat. One world serves many kills: what the scene
//! breaks is whole again at the end of each.

mod jobs;
mod loss;
mod money;
mod patient;
mod queue;

use super::killing::{Shape, killed_there, report, shape};
use super::{PATIENCE, good, options, outcome};
use futures::FutureExt;
use futures::future::join_all;
use rei_recovery::demo::patient::{PatientOptions, balances_hold};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::{Console, Entry, World, WorldOptions};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

/// Worlds of one runbook side by side.
const LANES: usize = 6;

/// How often the journal is looked at while the console carries a run on.
const GLANCE: Duration = Duration::from_millis(100);

/// REI's past ended so long ago: no job and no payment of it is of the hours that a run looks at.
const AGO: jiff::SignedDuration = jiff::SignedDuration::from_hours(3 * 24);

/// What breaks, what happens meanwhile, and what must be so at the end, looked at from outside.
trait Scene: Sized {
    /// What `console` is given to begin the run; the chat begins it where this is empty.
    const BEGIN: &[&str];

    /// Settings and runbooks of its own.
    fn options() -> WorldOptions {
        patient()
    }

    /// Before the first play in a world.
    async fn prepare(_: &World) {}

    /// Breaks what the run mends.
    async fn set(world: &World) -> Self;

    /// Begins the run in the chat, or goes on beginning it.
    async fn begin(&self, _: &World) {}

    /// What the world does by itself at this point of the journal.
    fn meanwhile(&mut self, _: &World, _: &Entry) {}

    /// How a person answers what the run waits for.
    fn answer(&self, _: &World, waits: &Entry) -> &'static str {
        panic!("it waits for a person: {waits:#?}")
    }

    /// Everything is as it should be, and nothing happened twice.
    async fn assert_mended(self, world: &World, run: i64);
}

/// A patient that does nothing by itself, so that all that happens to it is the run's doing.
fn patient() -> WorldOptions {
    let mut past = PatientOptions::tiny();
    past.now = jiff::Timestamp::now() - AGO;
    let day = Duration::from_secs(24 * 3600);
    options().patient(past).pace(day)
}

async fn world<S: Scene>() -> World {
    let world = super::built(S::options()).await;
    S::prepare(&world).await;
    world
}

/// Kills the program at every position of the journal that a run without a kill writes.
async fn killed_anywhere<S: Scene>(positions: usize) {
    let first = world::<S>().await;
    let run = play::<S>(&first, None).await;
    let undisturbed = shape(&outcome::journal(&first, run));
    assert_eq!(undisturbed.len(), positions, "{undisturbed:#?}");
    let mut worlds = vec![first];
    worlds.extend(join_all((1..LANES).map(|_| world::<S>())).await);
    let lanes = worlds.into_iter().enumerate();
    let lanes = lanes.map(|(lane, world)| {
        let positions = (1..=undisturbed.len()).skip(lane).step_by(LANES);
        one_lane::<S>(world, positions.collect(), &undisturbed)
    });
    let results = join_all(lanes).await.concat();
    assert_eq!(results.len(), positions);
    report(results, &undisturbed);
}

/// One position after the other in one world; a world in which one went wrong serves no other.
async fn one_lane<S: Scene>(
    mut world: World,
    positions: Vec<usize>,
    undisturbed: &Shape,
) -> Vec<(usize, bool)> {
    let mut results = Vec::new();
    for position in positions {
        let case = play::<S>(&world, Some((position, undisturbed)));
        let good = AssertUnwindSafe(case).catch_unwind().await.is_ok();
        if !good {
            world = self::world::<S>().await;
        }
        results.push((position, good));
    }
    results
}

/// One run from the damage to the proof, with a kill at this position or without one.
async fn play<S: Scene>(world: &World, kill: Option<(usize, &Shape)>) -> i64 {
    let mut scene = S::set(world).await;
    // After a total loss there is no earlier run, and until the program's first start no state.
    let over = good(world.state.newest()).map(|(run, _)| run);
    let mut seen = 0;
    if let Some((position, undisturbed)) = kill {
        let carried = see_through(world, &mut scene, (over, &mut seen));
        killed_there(world, position, undisturbed, carried).await;
        start_again(world).await;
    }
    let run = see_through(world, &mut scene, (over, &mut seen)).await;
    let journal = outcome::journal(world, run);
    let last = &journal.last().unwrap().event;
    assert_eq!(last["outcome"], "recovered", "{last}");
    if let Some((_, undisturbed)) = kill {
        assert_eq!(story(&shape(&journal)), *undisturbed, "{journal:#?}");
    }
    for unit in Unit::ALL {
        assert!(good(world.is_up(unit)), "{unit:?} is down");
    }
    scene.assert_mended(world, run).await;
    assert!(good(balances_hold(&world.patient.database())));
    run
}

/// As a service manager does, until it stays: the console that carried the run on is killed with the
/// program, and may have taken its place for a moment.
async fn start_again(world: &World) {
    for _ in 0..10 {
        if world.start_bot().await.is_ok() {
            return;
        }
    }
    good(world.start_bot().await);
}

/// The journal without what a kill adds: doubts, and the attempts and answers that end them.
fn story(shape: &Shape) -> Shape {
    let mut told = Shape::new();
    let mut open = None;
    for (kind, step) in shape {
        match kind.as_str() {
            "step-in-doubt" | "step-not-done" => continue,
            "step-started" if open == step.as_ref() => continue,
            "step-started" => open = step.as_ref(),
            _ => open = None,
        }
        let kind = match kind.as_str() {
            "step-confirmed" => "step-succeeded".to_owned(),
            _ => kind.clone(),
        };
        told.push((kind, step.clone()));
    }
    told
}

/// Carries the newest run on to its end, beginning it where there is none; gives its number. `over` is
/// the run before it, `seen` how much of its journal the scene has seen.
async fn see_through<S: Scene>(
    world: &World,
    scene: &mut S,
    (over, seen): (Option<i64>, &mut usize),
) -> i64 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let newest = good(world.state.newest()).filter(|(run, _)| Some(*run) != over);
        let words: Vec<String> = match newest {
            Some((run, phase)) if phase == "finished" => return run,
            None | Some((_, _)) if S::BEGIN.is_empty() && !is_started(world, over) => {
                scene.begin(world).await;
                continue;
            }
            None => S::BEGIN.iter().map(|word| (*word).to_owned()).collect(),
            Some((run, _)) => ["runs", "follow", &format!("R-{run}")]
                .map(str::to_owned)
                .to_vec(),
        };
        let ended = beside(world, scene, (over, seen), &words).await;
        if ended.code != Some(0) {
            answer(world, scene, over, &ended).await;
        }
        assert!(
            Instant::now() < deadline,
            "{ended:?}\n{}",
            world.bot_log_tail()
        );
    }
}

fn is_started(world: &World, over: Option<i64>) -> bool {
    good(world.state.newest()).is_some_and(|(run, phase)| Some(run) != over && phase != "proposed")
}

/// A console command with `--yes`, and what the world does while it goes on.
async fn beside<S: Scene>(
    world: &World,
    scene: &mut S,
    (over, seen): (Option<i64>, &mut usize),
    words: &[String],
) -> Console {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.push("--yes");
    let watch = async {
        loop {
            let newest = good(world.state.newest()).filter(|(run, _)| Some(*run) != over);
            let journal = newest.map_or(Vec::new(), |(run, _)| outcome::journal(world, run));
            for entry in journal.iter().skip(*seen) {
                scene.meanwhile(world, entry);
            }
            *seen = journal.len().max(*seen);
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::select! {
        ended = world.console(&words) => good(ended),
        () = watch => unreachable!("it goes on for ever"),
    }
}

/// Answers what the run waits for; a console that ended for another reason tells why.
async fn answer<S: Scene>(world: &World, scene: &S, over: Option<i64>, ended: &Console) {
    let newest = good(world.state.newest()).filter(|(run, _)| Some(*run) != over);
    let Some((run, _)) = newest else {
        panic!("{ended:?}\n{}", world.bot_log_tail());
    };
    let journal = outcome::journal(world, run);
    let choice = scene.answer(world, journal.last().unwrap());
    let name = format!("R-{run}");
    let answered = good(
        world
            .console(&["runs", "answer", &name, choice, "--yes"])
            .await,
    );
    assert_eq!(answered.code, Some(0), "{answered:?}\n{ended:?}");
}
