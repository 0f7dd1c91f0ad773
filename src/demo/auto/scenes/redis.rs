//! Redis dies with damaged data, and with it the queue.

use super::people;
use crate::demo::auto::proof::{Check, check_of};
use crate::demo::error::{DemoResult, at};
use crate::demo::patient::{JobState, job_states, unfinished_jobs};
use crate::demo::redis_server::{self, QUEUE};
use crate::demo::terminal::say;
use crate::demo::units::{self, Unit};
use crate::demo::world::{World, blocking};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// How long orders may take to pile up, and a job under way to end.
const PILE_UP: Duration = Duration::from_secs(60);

/// How long the workers may take with what was rebuilt.
const WORK: Duration = Duration::from_secs(120);

/// So many jobs at least must be lost, or nothing is proved.
const ENOUGH: usize = 5;

/// What was waiting when Redis died: the rows, each with how often it had run.
#[derive(Debug)]
pub(in crate::demo::auto) struct Scene {
    waiting: BTreeMap<String, JobState>,
}

/// Damages what Redis holds while orders go on, and kills it.
pub(super) async fn set(world: &World) -> DemoResult<Scene> {
    let past = unfinished_jobs(&world.patient.database())?;
    world
        .until("the jobs of REI's past", PILE_UP, || {
            let open = unfinished_jobs(&world.patient.database())?;
            Ok((!past.iter().any(|id| open.contains(id))).then_some(()))
        })
        .await?;
    world.damage_redis().await?;
    say("Broken: the queue's key in Redis is no list any more, and a job's hash is half");
    let states = || job_states(&world.patient.database());
    world
        .until("orders that never reach the queue", PILE_UP, || {
            let queued = states()?.into_values().filter(|job| job.status == "queued");
            Ok((queued.count() >= ENOUGH).then_some(()))
        })
        .await?;
    units::send(Unit::Redis, &world.patient.home(), Signal::KILL)?;
    let waiting = world
        .until("the end of a job under way", PILE_UP, || {
            let mut open = states()?;
            open.retain(|_, job| ["queued", "processing"].contains(&job.status.as_str()));
            let under_way = open.values().any(|job| job.status == "processing");
            Ok((!under_way).then_some(open))
        })
        .await?;
    say(&format!(
        "Redis was killed; {} jobs wait that no queue knows\n",
        waiting.len()
    ));
    Ok(Scene { waiting })
}

impl Scene {
    /// Checks after the play.
    pub(super) async fn check(&self, world: &World) -> DemoResult<Vec<Check>> {
        let mut last = BTreeMap::new();
        let done = world.until("all jobs to run", WORK, || {
            last = job_states(&world.patient.database())?;
            let done = self.waiting.keys().all(|id| {
                last.get(id)
                    .is_some_and(|job| !["queued", "processing"].contains(&job.status.as_str()))
            });
            Ok(done.then_some(()))
        });
        // What is not done shows in the checks.
        let _ = done.await;
        let log = world.patient.log();
        let text = fs::read_to_string(&log).map_err(at(&log))?;
        let once = self.waiting.iter().filter(|(id, before)| {
            let now = last.get(*id);
            let ran = text.matches(&format!("job {id} completed")).count();
            now.is_some_and(|now| now.status == "completed" && now.attempts == before.attempts + 1)
                && ran == 1
        });
        let once = once.count();
        Ok(vec![
            check_of(
                "every job that waited ran exactly once, by a real RQ worker",
                once == self.waiting.len(),
                format!("{once} of {}", self.waiting.len()),
            ),
            queue(world).await?,
            people::balances(world).await?,
        ])
    }
}

/// The queue is a list again, and none of its ids stands there twice.
async fn queue(world: &World) -> DemoResult<Check> {
    let home = world.patient.home();
    let ids = blocking(move || {
        let mut redis = redis_server::client(&home)?;
        let ids: Result<Vec<String>, _> = redis::cmd("LRANGE")
            .arg(QUEUE)
            .arg(0)
            .arg(-1)
            .query(&mut redis);
        Ok(ids)
    });
    Ok(match ids.await? {
        Ok(mut ids) => {
            let waiting = ids.len();
            ids.sort();
            ids.dedup();
            check_of(
                "the queue is sound",
                ids.len() == waiting,
                format!("{waiting} jobs wait, no id twice"),
            )
        }
        Err(error) => check_of("the queue is sound", false, error.to_string()),
    })
}
