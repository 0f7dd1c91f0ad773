//! An AI provider fails, and jobs with it.

use super::people;
use crate::demo::auto::proof::{Check, check_of};
use crate::demo::dice::Dice;
use crate::demo::error::{DemoResult, at};
use crate::demo::patient::book::{Book, Job, cost, stamp, write};
use crate::demo::patient::job_states;
use crate::demo::providers::{Mood, Service};
use crate::demo::terminal::say;
use crate::demo::world::{Entry, World, blocking};
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::time::Duration;

/// How long jobs may take to fail, or to be done again.
const WORK: Duration = Duration::from_secs(120);

/// When Вера's picture failed: longer ago than the hour whose jobs are done again.
const EARLIER: SignedDuration = SignedDuration::from_hours(3);

/// So many jobs at least must have failed.
const ENOUGH: usize = 5;

/// What the provider's answer leaves in a row.
const OVERLOADED: &str = "nano_banana: HTTP 503";

/// What was so before.
#[derive(Debug)]
pub(in crate::demo::auto) struct Scene {
    env: Vec<u8>,
    failed: Vec<String>,
    /// `.env` while the others stood in.
    fallback: Option<Vec<u8>>,
}

/// Gemini answers 503, and jobs fail.
pub(super) async fn set(world: &World) -> DemoResult<Scene> {
    let env = read_env(world)?;
    world
        .providers
        .set_mood(Service::NanoBanana, Mood::Unavailable);
    vera_waits(world).await?;
    let failed = world
        .until("jobs to fail", WORK, || {
            let failed = failed(world)?;
            Ok((failed.len() >= ENOUGH).then_some(failed))
        })
        .await?;
    say(&format!(
        "Nano Banana answers 503; {} jobs have failed\n",
        failed.len()
    ));
    Ok(Scene {
        env,
        failed,
        fallback: None,
    })
}

fn read_env(world: &World) -> DemoResult<Vec<u8>> {
    let path = world.patient.home().join(".env");
    fs::read(&path).map_err(at(&path))
}

/// Jobs that failed by the provider's fault.
fn failed(world: &World) -> DemoResult<Vec<String>> {
    let states = job_states(&world.patient.database())?;
    let failed = states.into_iter().filter(|(_, job)| {
        let error = job.error.as_deref().unwrap_or_default();
        job.status == "failed" && error.starts_with(OVERLOADED)
    });
    Ok(failed.map(|(id, _)| id).collect())
}

/// Вера's picture failed earlier in the day: too long ago to be done again by itself, so she belongs to
/// those who are told.
async fn vera_waits(world: &World) -> DemoResult<()> {
    let user = i64::try_from(world.cast.user.0).unwrap_or_default();
    let database = world.patient.database();
    blocking(move || {
        let then = Timestamp::now() - EARLIER;
        let (id, at) = (Dice::new(0xa1).uuid(then.as_millisecond()), stamp(then));
        write(&database, |db| {
            let book = Book(db);
            book.job(&Job {
                id: &id,
                user,
                video: false,
                status: "failed",
                params: r#"{"prompt":"старый маяк на рассвете"}"#,
                cost: cost(false),
                error: Some("timeout while waiting for the provider"),
                at: &at,
            })?;
            book.credit(user, -cost(false), ("job", Some(&id)), &at)
        })
    })
    .await
}

impl Scene {
    /// The provider comes back when the run has begun to wait for it.
    pub(super) fn meanwhile(&mut self, world: &World, entry: &Entry) -> DemoResult<()> {
        if entry.kind() == "step-started" && entry.step() == Some("back") {
            self.fallback = Some(read_env(world)?);
            world.providers.set_mood(Service::NanoBanana, Mood::Healthy);
            say("          Nano Banana is back");
        }
        Ok(())
    }

    /// Checks after the play.
    pub(super) async fn check(&self, world: &World) -> DemoResult<Vec<Check>> {
        let completed = || -> DemoResult<usize> {
            let states = job_states(&world.patient.database())?;
            let done = |id: &&String| states.get(*id).is_some_and(|job| job.status == "completed");
            Ok(self.failed.iter().filter(done).count())
        };
        let all = world.until("the failed jobs", WORK, || {
            Ok((completed()? == self.failed.len() && failed(world)?.is_empty()).then_some(()))
        });
        // What is not done shows in the checks.
        let _ = all.await;
        let (done, left) = (completed()?, failed(world)?.len());
        let on =
            |env: &[u8]| String::from_utf8_lossy(env).contains("ENABLE_FALLBACK_PROVIDERS=true");
        let was_on = self.fallback.as_deref().is_some_and(on);
        Ok(vec![
            check_of(
                "every job that failed by the provider's fault is done",
                done == self.failed.len() && left == 0,
                format!("{done} of {}, {left} left", self.failed.len()),
            ),
            check_of(
                "the other provider stood in meanwhile",
                was_on,
                if was_on { "yes" } else { "no" },
            ),
            check_of(
                ".env is what it was, byte for byte: the fallback is off",
                read_env(world)? == self.env,
                format!("{} bytes", self.env.len()),
            ),
            people::balances(world).await?,
            people::told_once(world, 1),
        ])
    }
}
