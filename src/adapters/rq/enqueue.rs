//! Jobs made anew from their rows, each once.
//!
//! Ids that are nowhere are made at once, many in a call. What is somewhere, or claims to be, is looked
//! at singly: a queue may list an id whose job is gone, a job may say "queued" and stand in no queue.

use super::health;
use super::keys;
use super::options::RqOptions;
use super::payload::Payloads;
use super::presence::{Presence, Seat};
use super::script::{self, BATCH, Call};
use super::session::{self, Session};
use super::standing::{Standing, Verdict};
use crate::domain::failure::FailureCode;
use crate::domain::job::JobId;
use crate::domain::queue::{NewJob, Rebuilt};
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use redis::{Pipeline, pipe};
use std::collections::HashSet;
use std::time::Duration;

const CREATE: &str = include_str!("lua/create.lua");
const RELEASE: &str = include_str!("lua/release.lua");
/// Before RQ 1.15 a job is nowhere for some milliseconds while a worker takes it.
const HANDOVER: Duration = Duration::from_secs(2);
/// A job that ended so shortly before is no leftover: its row was read while it still ran.
const JUST_NOW: SignedDuration = SignedDuration::from_secs(5);

/// Makes the jobs that Redis does not know, in the order given.
pub(super) async fn enqueue(
    session: &mut Session<'_>,
    options: &RqOptions,
    jobs: &[NewJob],
    work: &Work,
) -> PortResult<Rebuilt> {
    work.progress.expect(jobs.len() as u64);
    // A script that began is let through to its end even where Redis has no room for it.
    health::prove_writable(session).await?;
    let mut seen = HashSet::new();
    let jobs: Vec<&NewJob> = jobs.iter().filter(|job| seen.insert(&job.id)).collect();
    let mut rebuild = Rebuild {
        session,
        options,
        work,
        told: Rebuilt::default(),
        settled: script::stamp(Timestamp::now() - JUST_NOW),
    };
    let presence = Presence::read(rebuild.session).await?;
    let (mut unclear, new): (Vec<_>, Vec<_>) = jobs
        .into_iter()
        .partition(|job| !presence.of(&job.id).is_empty());
    let met = unclear.len() as u64;
    unclear.extend(rebuild.create(&new, work).await?);
    work.progress.advance(met);
    let stranded = rebuild.settle(&unclear, &[]).await?;
    if !stranded.is_empty() {
        tokio::time::sleep(HANDOVER).await;
        let jobs: Vec<&NewJob> = stranded.iter().map(|(job, _)| *job).collect();
        rebuild.settle(&jobs, &stranded).await?;
    }
    Ok(rebuild.told)
}

struct Rebuild<'r, 's, 'j> {
    session: &'r mut Session<'s>,
    options: &'r RqOptions,
    work: &'j Work,
    told: Rebuilt,
    /// What ended before is over.
    settled: String,
}

impl Rebuild<'_, '_, '_> {
    /// Makes jobs; returns those that turned out to be there.
    async fn create<'j>(
        &mut self,
        jobs: &[&'j NewJob],
        work: &Work,
    ) -> PortResult<Vec<&'j NewJob>> {
        let mut there = Vec::new();
        let calls = self.calls(jobs)?;
        let letters = script::run(self.session, &calls, work).await?;
        for (job, letter) in jobs.iter().zip(letters) {
            match letter {
                b'a' => self.told.added += 1,
                b'd' => return Err(script::no_list(&job.queue)),
                _ => there.push(*job),
            }
        }
        Ok(there)
    }

    fn calls(&self, jobs: &[&NewJob]) -> PortResult<Vec<Call>> {
        let mut payloads = Payloads::of(&self.options.function);
        // Nothing would be no limit at all, or none that a job can keep.
        let timeout = self.options.job_timeout.as_secs().max(1);
        let mut calls = Vec::new();
        for batch in jobs.chunks(BATCH) {
            let mut command = script::call(CREATE, &[keys::QUEUES.to_owned()]);
            let now = script::stamp(Timestamp::now());
            command.arg(now).arg(timeout).arg(&self.settled);
            for job in batch {
                let data = payloads.data(&job.id).map_err(unmakeable)?;
                command.arg(&job.id).arg(&job.queue).arg(data);
                command.arg(payloads.description(&job.id));
            }
            calls.push(Call {
                command,
                jobs: batch.len(),
            });
        }
        Ok(calls)
    }

    /// Looks at jobs that are somewhere or claim to be, and makes anew those that will never run.
    /// Returns those that might be in a worker's hands just now, unless they were `before` and have
    /// not moved.
    async fn settle<'j>(
        &mut self,
        jobs: &[&'j NewJob],
        before: &[(&'j NewJob, Standing)],
    ) -> PortResult<Vec<(&'j NewJob, Standing)>> {
        let mut doubtful = Vec::new();
        if jobs.is_empty() {
            return Ok(doubtful);
        }
        let presence = Presence::read(self.session).await?;
        for piece in jobs.chunks(BATCH) {
            session::go_on(&self.work.cancel)?;
            let mut stranded = Vec::new();
            for (job, standing) in piece.iter().zip(self.standings(piece).await?) {
                let seats = presence.of(&job.id);
                let waited = before.iter().any(|(b, s)| b.id == job.id && *s == standing);
                match standing.verdict(seats, &self.settled) {
                    Verdict::Present => self.told.present += 1,
                    Verdict::Doubtful if !waited => doubtful.push((*job, standing)),
                    _ => stranded.push((*job, standing, seats)),
                }
            }
            self.make_anew(&stranded).await?;
        }
        Ok(doubtful)
    }

    async fn standings(&mut self, jobs: &[&NewJob]) -> PortResult<Vec<Standing>> {
        let mut commands = pipe();
        for job in jobs {
            let key = keys::job(&job.id);
            commands.cmd("HEXISTS").arg(&key).arg("data");
            let fields = ["status", "enqueued_at", "started_at", "ended_at"];
            commands.cmd("HMGET").arg(&key).arg(&fields);
        }
        let answers = self.session.each::<redis::Value>(&mut commands).await?;
        Ok(answers.chunks(2).map(Standing::read).collect())
    }

    async fn make_anew(&mut self, stranded: &[(&NewJob, Standing, &[Seat])]) -> PortResult<()> {
        let mut commands = Pipeline::new();
        for (job, standing, seats) in stranded {
            release(&mut commands, job, standing, seats);
        }
        if commands.is_empty() {
            return Ok(());
        }
        let freed: Vec<bool> = self.session.ask(&commands).await?;
        let free: Vec<&NewJob> = stranded
            .iter()
            .zip(&freed)
            .filter_map(|((job, ..), free)| free.then_some(*job))
            .collect();
        // These were counted when they were met.
        let silent = Work {
            cancel: self.work.cancel.clone(),
            ..Work::default()
        };
        let there = self.create(&free, &silent).await?;
        // Somebody was quicker: it is there, and moves.
        self.told.present += (there.len() + stranded.len() - free.len()) as u64;
        Ok(())
    }
}

fn release(commands: &mut Pipeline, job: &NewJob, standing: &Standing, seats: &[Seat]) {
    let mut names = vec![keys::job(&job.id)];
    names.extend(seats.iter().map(|seat| seat.key.clone()));
    let mut command = script::call(RELEASE, &names);
    let id: &JobId = &job.id;
    command.arg(id).arg(&standing.status).arg(&standing.moment);
    for seat in seats {
        command.arg(&seat.entry);
    }
    commands.add_command(command);
}

/// A function's name or an id that no pickle can hold; there is none such in practice.
fn unmakeable(error: super::payload::PayloadError) -> PortError {
    PortError::new(FailureCode::RedisFailing).because(error)
}
