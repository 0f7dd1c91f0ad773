//! Redis dies, is emptied, or lost jobs that the database still knows.

use super::patient::{self, assert_queue_is_clean, assert_ran, flushes};
use super::{Scene, good};
use rei_recovery::demo::redis_server;
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::{World, WorldOptions};
use rustix::process::Signal;

/// A key that is none of RQ's.
const LIMITER: &str = "rate:100000005";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_death_of_redis_is_killed_anywhere() {
    super::killed_anywhere::<DeathOfRedis>(29).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_emptying_of_redis_is_killed_anywhere() {
    super::killed_anywhere::<Emptying>(19).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_of_the_queue_is_killed_anywhere() {
    super::killed_anywhere::<Rebuild>(7).await;
}

fn ordered(world: &World) -> Vec<String> {
    patient::ordered(&world.patient.database(), patient::users(world))
}

struct Rebuild {
    jobs: Vec<String>,
}

impl Scene for Rebuild {
    const BEGIN: &[&str] = &["jobs", "rebuild"];

    fn options() -> WorldOptions {
        super::patient().set("RQ_JOB_TIMEOUT", "20m")
    }

    async fn set(world: &World) -> Self {
        Self {
            jobs: ordered(world),
        }
    }

    async fn assert_mended(self, world: &World, _: i64) {
        assert_ran(world, &self.jobs, 1).await;
        assert_queue_is_clean(world, &self.jobs).await;
        let mut redis = good(redis_server::client(&world.patient.home()));
        for job in &self.jobs {
            let timeout: String = redis::cmd("HGET")
                .arg(&[&format!("rq:job:{job}"), "timeout"])
                .query(&mut redis)
                .unwrap();
            assert_eq!(timeout, "1200", "RQ_JOB_TIMEOUT");
        }
    }
}

/// Redis with damaged data, killed.
struct DeathOfRedis {
    jobs: Vec<String>,
    flushes: usize,
}

impl Scene for DeathOfRedis {
    const BEGIN: &[&str] = &["recover", "redis-failure"];

    async fn set(world: &World) -> Self {
        let jobs = ordered(world);
        good(world.damage_redis().await);
        let home = world.patient.home();
        good(units::send(Unit::Redis, &home, Signal::KILL));
        let down = || Ok((!world.is_up(Unit::Redis)?).then_some(()));
        good(world.until("its end", super::PATIENCE, down).await);
        Self {
            jobs,
            flushes: flushes(world),
        }
    }

    async fn assert_mended(self, world: &World, _: i64) {
        assert_eq!(flushes(world), self.flushes + 1, "emptied once");
        assert_ran(world, &self.jobs, 1).await;
        assert_queue_is_clean(world, &self.jobs).await;
    }
}

/// Redis looks sound, and is emptied all the same.
struct Emptying {
    jobs: Vec<String>,
    flushes: usize,
}

impl Scene for Emptying {
    const BEGIN: &[&str] = &["recover", "redis-flush"];

    async fn set(world: &World) -> Self {
        let mut redis = good(redis_server::client(&world.patient.home()));
        redis::cmd("SET")
            .arg(&[LIMITER, "7"])
            .exec(&mut redis)
            .unwrap();
        Self {
            jobs: ordered(world),
            flushes: flushes(world),
        }
    }

    async fn assert_mended(self, world: &World, _: i64) {
        assert_eq!(flushes(world), self.flushes + 1, "emptied once");
        let mut redis = good(redis_server::client(&world.patient.home()));
        let left: bool = redis::cmd("EXISTS").arg(LIMITER).query(&mut redis).unwrap();
        assert!(!left);
        assert_ran(world, &self.jobs, 1).await;
        assert_queue_is_clean(world, &self.jobs).await;
    }
}
