//! What the scenes put into the patient, and what they read out of it.

use super::{PATIENCE, good};
use rei_recovery::demo::bot_api::{PersonId, Place};
use rei_recovery::demo::patient::{JobState, job_states};
use rei_recovery::demo::redis_server;
use rei_recovery::demo::world::World;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// When rows were made: long enough ago that REI has surely put them into its queue.
const MADE: &str = "datetime('now', '-10 minutes')";

/// REI's users among the people of the chat: to them its notices get through.
pub fn users(world: &World) -> [PersonId; 3] {
    [world.cast.anna, world.cast.boris, world.cast.user]
}

/// An id that no other row has.
pub fn id(kind: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{kind}-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Writes to a database of REI's.
pub fn write(database: &Path, sql: &str) {
    let db = Connection::open(database).unwrap();
    db.busy_timeout(Duration::from_secs(10)).unwrap();
    db.execute_batch(&format!("BEGIN IMMEDIATE; {sql} COMMIT;"))
        .unwrap();
}

/// Jobs that were ordered and paid, one for each of the users; their ids.
pub fn ordered(database: &Path, users: [PersonId; 3]) -> Vec<String> {
    users.map(|user| one_ordered(database, user)).to_vec()
}

fn one_ordered(database: &Path, user: PersonId) -> String {
    let (id, user) = (id("job"), user.0);
    write(
        database,
        &format!(
            r#"INSERT INTO jobs (id, user_id, provider, kind, status, params, cost, attempts,
                 created_at, updated_at)
               VALUES ('{id}', {user}, 'nano_banana', 'image', 'queued',
                 '{{"prompt":"маяк"}}', 10, 0, {MADE}, {MADE});
               INSERT INTO ledger (user_id, amount, reason, reference, created_at)
               VALUES ({user}, -10, 'job', '{id}', {MADE});
               UPDATE users SET balance = balance - 10 WHERE id = {user};"#
        ),
    );
    id
}

/// Waits until none of these jobs is queued or under way, and gives their rows.
pub async fn ended(world: &World, jobs: &[String]) -> BTreeMap<String, JobState> {
    let look = || {
        let mut states = job_states(&world.patient.database())?;
        states.retain(|id, _| jobs.contains(id));
        let open = |job: &JobState| ["queued", "processing"].contains(&job.status.as_str());
        Ok((!states.values().any(open)).then_some(states))
    };
    good(world.until("the end of the jobs", PATIENCE, look).await)
}

/// Each of these jobs ended well and was taken up so often: the row counts it, REI's log has a line of
/// each run, and RQ's worker brought none to the job function in vain.
pub async fn assert_ran(world: &World, jobs: &[String], attempts: i64) {
    let states = ended(world, jobs).await;
    let log = fs::read_to_string(world.patient.log()).unwrap();
    for job in jobs {
        let state = &states[job];
        assert_eq!(state.status, "completed", "{job}: {state:?}");
        assert_eq!(state.attempts, attempts, "{job}: {state:?}");
        let completed = log.matches(&format!("job {job} completed")).count();
        assert_eq!(completed, 1, "{job}\n{log}");
        assert!(!log.contains(&format!("job {job} is not there")), "{log}");
    }
}

/// RQ knows none of these jobs as waiting or as failed.
pub async fn assert_queue_is_clean(world: &World, jobs: &[String]) {
    let look = || {
        let mut redis = redis_server::client(&world.patient.home())?;
        let mut left: Vec<String> = Vec::new();
        for (command, key) in [
            ("LRANGE", "rq:queue:default"),
            ("ZRANGE", "rq:failed:default"),
        ] {
            let mut asked = redis::cmd(command);
            let found = asked.arg(&[key, "0", "-1"]).query(&mut redis);
            left.extend::<Vec<String>>(found.unwrap());
        }
        Ok((!left.iter().any(|id| jobs.contains(id))).then_some(()))
    };
    good(world.until("an empty queue", PATIENCE, look).await);
}

/// What REI has written to its users among the people of the chat.
pub struct Told(Vec<(PersonId, usize)>);

impl Told {
    /// So far.
    pub fn until_now(world: &World) -> Self {
        let users = users(world).into_iter();
        Self(users.map(|user| (user, texts(world, user).len())).collect())
    }

    /// What each has got since; nobody got anything twice.
    pub fn since(&self, world: &World) -> BTreeMap<u64, Vec<String>> {
        let new = self.0.iter().map(|(user, before)| {
            let new = texts(world, *user).split_off(*before);
            let mut different = new.clone();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), new.len(), "told twice: {new:#?}");
            (user.0, new)
        });
        new.collect()
    }
}

fn texts(world: &World, user: PersonId) -> Vec<String> {
    let place = Place::private(world.cast.rei_bot, user);
    let messages = world.api.messages(place);
    let of_rei = messages
        .iter()
        .filter(|message| message.is_from_bot(world.cast.rei_bot));
    of_rei.map(|message| message.text().to_owned()).collect()
}

/// How many people may have got a notice of this run although nobody can tell.
pub fn ambiguous(world: &World, run: i64) -> u64 {
    let journal = super::outcome::journal(world, run);
    let counted = journal
        .iter()
        .filter_map(|entry| entry.event["facts"]["ambiguous"].as_u64());
    counted.sum()
}

/// A file of REI's.
pub fn file(world: &World, name: &str) -> Vec<u8> {
    fs::read(world.patient.home().join(name)).unwrap()
}

/// What a run has put aside, below its folder; numbers in names say when and are left out.
pub fn put_aside(world: &World, run: i64) -> Vec<String> {
    let plan = good(world.state.plan(run));
    let folder = Path::new(plan["quarantine"].as_str().unwrap());
    let mut found = Vec::new();
    walk(folder, &mut found);
    let mut found: Vec<String> = found
        .iter()
        .map(|path| path.strip_prefix(folder.to_str().unwrap()).unwrap())
        .map(|path| path.replace(|letter: char| letter.is_ascii_digit(), ""))
        .collect();
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => walk(&entry.path(), found),
            false => found.push(entry.path().to_str().unwrap().to_owned()),
        }
    }
}

/// How often this Redis was emptied, by its own log of all writes.
pub fn flushes(world: &World) -> usize {
    let redis = world.patient.home().with_file_name("rei_bot.units/redis");
    let folder = fs::read_dir(redis.join("appendonlydir")).unwrap().flatten();
    let logs = folder.filter(|file| file.path().extension().is_some_and(|it| it == "aof"));
    logs.map(|file| {
        let bytes = fs::read(file.path()).unwrap();
        let log = String::from_utf8_lossy(&bytes).to_uppercase();
        log.matches("FLUSHDB\r\n").count() + log.matches("FLUSHALL\r\n").count()
    })
    .sum()
}
