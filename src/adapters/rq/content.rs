//! Everything that is in Redis, and whether it is as RQ keeps it.

use super::keys;
use super::session::{self, Session};
use super::walk::{self, Keys};
use crate::domain::job::JobId;
use crate::domain::queue::{Damage, DamageKind, RedisContent};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use redis::{Value, from_redis_value_ref, pipe};
use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many damaged keys are named; the others are counted.
const NAMED: usize = 20;
/// So many families are told apart; a program that writes keys without a system has no more.
const FAMILIES: usize = 40;
/// What the other families are counted under.
const OTHERS: &str = "…";
/// Keys asked about at once.
const PIECE: usize = 500;

/// Looks at every key, then into every queue.
pub(super) async fn read(
    session: &mut Session<'_>,
    known: &BTreeSet<JobId>,
    work: &Work,
) -> PortResult<RedisContent> {
    let mut survey = Survey {
        known,
        seen: HashSet::new(),
        queues: BTreeSet::new(),
        content: RedisContent::default(),
    };
    work.progress.expect(count(session).await?);
    let mut walk = Keys::like("*");
    while let Some(found) = walk.next(session).await? {
        session::go_on(&work.cancel)?;
        work.progress.advance(found.len() as u64);
        let new = survey.count(found);
        for piece in new.chunks(PIECE) {
            survey.examine(session, piece).await?;
        }
    }
    for queue in std::mem::take(&mut survey.queues) {
        session::go_on(&work.cancel)?;
        survey.look_into(session, &queue).await?;
    }
    Ok(survey.content)
}

async fn count(session: &mut Session<'_>) -> PortResult<u64> {
    let mut size = pipe();
    size.cmd("DBSIZE");
    let (keys,): (u64,) = session.ask(&size).await?;
    Ok(keys)
}

struct Survey<'k> {
    known: &'k BTreeSet<JobId>,
    /// Hashes of the keys met so far: a walk may meet one twice.
    seen: HashSet<u64>,
    queues: BTreeSet<String>,
    content: RedisContent,
}

impl Survey<'_> {
    /// Counts the keys that were not met before, and returns those of RQ.
    fn count(&mut self, found: Vec<String>) -> Vec<(String, &'static str)> {
        let mut of_rq = Vec::new();
        for key in found {
            let mut hasher = DefaultHasher::new();
            key.hash(&mut hasher);
            if !self.seen.insert(hasher.finish()) {
                continue;
            }
            let families = &mut self.content.families;
            let family = match keys::family(&key) {
                name if families.len() < FAMILIES || families.contains_key(name) => name,
                _ => OTHERS,
            };
            *families.entry(family.to_owned()).or_default() += 1;
            if let Some(kind) = keys::kind(&key) {
                of_rq.push((key, kind));
            }
        }
        of_rq
    }

    /// Holds types and jobs against what RQ keeps.
    async fn examine(
        &mut self,
        session: &mut Session<'_>,
        piece: &[(String, &'static str)],
    ) -> PortResult<()> {
        let mut commands = pipe();
        for (key, _) in piece {
            commands.cmd("TYPE").arg(key);
        }
        let types: Vec<String> = session.ask(&commands).await?;
        let mut jobs = Vec::new();
        for ((key, wanted), found) in piece.iter().zip(types) {
            if found == "none" {
                // Gone since it was met.
            } else if found != *wanted {
                self.damage(key, DamageKind::WrongType);
            } else if let Some(id) = keys::job_of(key) {
                jobs.push(id);
            } else if keys::queue_of(key).is_some() {
                self.queues.insert(key.clone());
            }
        }
        match jobs.is_empty() {
            true => Ok(()),
            false => self.jobs(session, &jobs).await,
        }
    }

    async fn jobs(&mut self, session: &mut Session<'_>, ids: &[&str]) -> PortResult<()> {
        let mut commands = pipe();
        for id in ids {
            let key = keys::job(id);
            commands.cmd("HEXISTS").arg(&key).arg("data");
            commands.cmd("HEXISTS").arg(&key).arg("origin");
            commands.cmd("HGET").arg(&key).arg("status");
            // Last: a job that ended meanwhile is no damage.
            commands.cmd("EXISTS").arg(&key);
        }
        let answers = session.each::<Value>(&mut commands).await?;
        for (id, answers) in ids.iter().zip(answers.chunks_exact(4)) {
            let truth = |place: usize| {
                let answer = answers[place].as_ref().ok();
                answer.and_then(|value| from_redis_value_ref::<bool>(value).ok())
            };
            if truth(3) != Some(true) {
                continue;
            }
            self.content.jobs += 1;
            let status = answers[2].as_ref().ok();
            let status = status.and_then(|v| from_redis_value_ref::<Option<String>>(v).ok());
            let is_done = matches!(status.flatten().as_deref(), Some("finished" | "canceled"));
            if !is_done && !self.known.contains(*id) {
                self.content.unknown_jobs += 1;
            }
            if truth(0) != Some(true) || truth(1) != Some(true) {
                self.damage(&keys::job(id), DamageKind::IncompleteJob);
            }
        }
        Ok(())
    }

    /// Finds ids without a job, and ids that stand there more than once. Workers may be at it: what
    /// looks wrong is looked at again.
    async fn look_into(&mut self, session: &mut Session<'_>, queue: &str) -> PortResult<()> {
        let suspects = suspects(session, queue).await?;
        if suspects.is_empty() {
            return Ok(());
        }
        for (id, kind) in self::suspects(session, queue)
            .await?
            .intersection(&suspects)
        {
            self.damage(&keys::job(id), *kind);
        }
        Ok(())
    }

    fn damage(&mut self, key: &str, kind: DamageKind) {
        self.content.damaged += 1;
        if self.content.damage.len() < NAMED {
            let key = key.to_owned();
            self.content.damage.push(Damage { key, kind });
        }
    }
}

async fn suspects(
    session: &mut Session<'_>,
    queue: &str,
) -> PortResult<BTreeSet<(JobId, DamageKind)>> {
    let mut once = BTreeSet::new();
    let mut suspects = BTreeSet::new();
    for id in walk::list(session, queue).await? {
        if !once.insert(id.clone()) {
            suspects.insert((id, DamageKind::DoubleEntry));
        }
    }
    let ids: Vec<JobId> = once.into_iter().collect();
    for piece in ids.chunks(PIECE) {
        let mut commands = pipe();
        for id in piece {
            commands.cmd("EXISTS").arg(keys::job(id));
        }
        let there: Vec<bool> = session.ask(&commands).await?;
        let missing = piece.iter().zip(there).filter(|(_, there)| !there);
        suspects.extend(missing.map(|(id, _)| (id.clone(), DamageKind::MissingJob)));
    }
    Ok(suspects)
}
