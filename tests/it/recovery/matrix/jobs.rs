//! A provider fails, and jobs with it; and the retry alone.

use super::patient::{self, Told, assert_queue_is_clean, assert_ran};
use super::{PATIENCE, Scene, good};
use rei_recovery::demo::providers::{Mood, Service};
use rei_recovery::demo::redis_server;
use rei_recovery::demo::world::{Entry, World, WorldOptions};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_a_provider_is_killed_anywhere() {
    super::killed_anywhere::<OutageOfAProvider>(21).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_of_failed_jobs_is_killed_anywhere() {
    super::killed_anywhere::<Retry>(9).await;
}

/// Three users order, Gemini answers 503, and RQ's worker fails their jobs.
async fn failed(world: &World) -> Vec<String> {
    world
        .providers
        .set_mood(Service::NanoBanana, Mood::Unavailable);
    let jobs = patient::ordered(&world.patient.database(), patient::users(world));
    good(world.queue(jobs.clone()).await);
    let states = patient::ended(world, &jobs).await;
    assert!(states.values().all(|job| job.status == "failed"));
    // The row says so a moment before RQ's registry does.
    let look = || {
        let mut redis = redis_server::client(&world.patient.home())?;
        let failed: Vec<String> = redis::cmd("ZRANGE")
            .arg(&["rq:failed:default", "0", "-1"])
            .query(&mut redis)
            .unwrap();
        Ok(jobs.iter().all(|id| failed.contains(id)).then_some(()))
    };
    good(world.until("RQ's failed registry", PATIENCE, look).await);
    jobs
}

struct Retry {
    jobs: Vec<String>,
}

impl Scene for Retry {
    const BEGIN: &[&str] = &["jobs", "retry", "--last", "1h"];

    /// So that it needs an approval.
    fn options() -> WorldOptions {
        super::patient().set("RETRY_LIMIT", "2")
    }

    async fn set(world: &World) -> Self {
        let jobs = failed(world).await;
        world.providers.set_mood(Service::NanoBanana, Mood::Healthy);
        Self { jobs }
    }

    async fn assert_mended(self, world: &World, _: i64) {
        assert_ran(world, &self.jobs, 2).await;
        assert_queue_is_clean(world, &self.jobs).await;
    }
}

struct OutageOfAProvider {
    jobs: Vec<String>,
    told: Told,
    env: Vec<u8>,
    /// `.env` while the other provider stood in.
    fallback: Option<Vec<u8>>,
}

impl Scene for OutageOfAProvider {
    const BEGIN: &[&str] = &["recover", "ai-outage"];

    async fn set(world: &World) -> Self {
        let env = patient::file(world, ".env");
        Self {
            jobs: failed(world).await,
            told: Told::until_now(world),
            env,
            fallback: None,
        }
    }

    /// It is back before the run asks for it: one that is down is asked again after 15 seconds only.
    fn meanwhile(&mut self, world: &World, entry: &Entry) {
        if (entry.kind(), entry.step()) == ("step-started", Some("retry")) {
            self.fallback = Some(patient::file(world, ".env"));
        }
        if (entry.kind(), entry.step()) == ("step-started", Some("rate")) {
            world.providers.set_mood(Service::NanoBanana, Mood::Healthy);
        }
    }

    async fn assert_mended(self, world: &World, run: i64) {
        assert_ran(world, &self.jobs, 2).await;
        assert_queue_is_clean(world, &self.jobs).await;
        let lines = |text: &[u8]| String::from_utf8(text.to_vec()).unwrap();
        let (was, meanwhile) = (lines(&self.env), lines(&self.fallback.unwrap()));
        let (off, on) = (
            "ENABLE_FALLBACK_PROVIDERS=false",
            "ENABLE_FALLBACK_PROVIDERS=true",
        );
        assert_eq!(meanwhile, was.replace(off, on));
        assert_eq!(lines(&patient::file(world, ".env")), was);
        // Also those whose job is done by now: they were told before it was tried again.
        let told = self.told.since(world);
        assert_eq!(patient::ambiguous(world, run), 0);
        assert!(told.values().all(|texts| texts.len() == 1), "{told:#?}");
        let aside = patient::put_aside(world, run);
        let copies = aside.iter().filter(|name| name.contains(".env"));
        assert_eq!(copies.count(), 2, "one for each way: {aside:#?}");
    }
}
