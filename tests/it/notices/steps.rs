//! A recovery's step that tells people: its campaign is found again whatever happened to the run.

use rei_recovery::demo::bot_api::{Person, PersonId, Place};
use rei_recovery::demo::world::{Console, World, WorldOptions};
use rei_recovery::domain::campaign::delivery::{Standing, Tally};
use rei_recovery::domain::campaign::{Campaign, Phase};
use rei_recovery::domain::ids::RunId;
use rei_recovery::ports::campaigns::Campaigns;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::store::Store;
use rusqlite::Connection;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");
const PATIENCE: Duration = Duration::from_secs(120);
const PEOPLE: std::ops::Range<u64> = 600_000_000..600_000_080;

const RUNBOOK: &str = r#"
id = "tell-people"
version = 1
title = "runbook-payment-outage"
symptoms = ["symptom-payment-errors"]
expected = "5m"

[[steps]]
id = "tell"
title = "step-tell-payments-delayed"
gate = "manual"
action.kind = "notify-users"
action.audience = "open-payments"
action.notice = "notice-payments-delayed"
replay = "again"
timeout = "10m"
"#;

fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A world in which some have open payments, and its book.
struct Scene {
    world: World,
    book: Store,
}

impl Scene {
    async fn begin(options: WorldOptions) -> Self {
        let options = options.units_down().runbook("tell-people.toml", RUNBOOK);
        let world = good(World::build(options).await);
        let mut sql = String::new();
        for id in PEOPLE {
            let person = good(world.api.add_person(Person::new(id, format!("P{id}"))));
            good(world.api.start_chat(person, world.cast.rei_bot));
            sql.push_str(&format!(
                "INSERT INTO users (id, username, language, created_at, last_seen_at)
                   VALUES ({id}, 'p{id}', 'en', datetime('now'), datetime('now'));
                 INSERT INTO payments (id, user_id, provider_payment_id, amount, credits, status,
                   created_at, updated_at)
                   VALUES ('pay-{id}', {id}, 'far-{id}', '199.00', 220, 'pending',
                     datetime('now', '-10 minutes'), datetime('now', '-10 minutes'));"
            ));
        }
        let db = Connection::open(world.patient.database()).unwrap();
        db.execute_batch(&format!("BEGIN; {sql} COMMIT;")).unwrap();
        let clock = Arc::new(SystemClock);
        let book = Store::open(&world.root().join("state"), clock).unwrap();
        Self { world, book }
    }

    async fn console(&self, words: &[&str]) -> Console {
        good(self.world.console(words).await)
    }

    fn got(&self, person: u64) -> usize {
        let bot = self.world.cast.rei_bot;
        let place = Place::private(bot, PersonId(person));
        let messages = self.world.api.messages(place);
        let of_rei = messages.iter().filter(|it| it.is_from_bot(bot));
        of_rei.count()
    }

    async fn until_arrived(&self, count: usize) {
        let look = || {
            let arrived: usize = PEOPLE.map(|person| self.got(person)).sum();
            Ok((arrived >= count).then_some(()))
        };
        good(self.world.until("messages", PATIENCE, look).await);
    }

    async fn campaign(&self) -> (Campaign, Tally) {
        let step = "tell".parse().unwrap();
        let found = self.book.of_step(RunId(1), &step).await.unwrap().unwrap();
        let tally = self.book.tally(found.id).await.unwrap();
        (found, tally)
    }

    /// The run ended well, by one campaign, and everybody's row is true.
    async fn assert_told(&self) -> Tally {
        let (campaign, tally) = self.campaign().await;
        assert_eq!(campaign.phase, Phase::Done, "{tally:?}");
        assert_eq!(self.book.recent(9).await.unwrap().len(), 1);
        let rows = self.book.rows(campaign.id, None, None, 1000).await.unwrap();
        for row in &rows {
            let times = self.got(row.person.unsigned_abs());
            let fits = match row.standing {
                Standing::Sent => times == 1,
                Standing::Ambiguous => times <= 1,
                // People of REI's past whom this Telegram does not know.
                Standing::Blocked => times == 0,
                _ => false,
            };
            assert!(fits, "{row:?} got it {times} times");
        }
        assert!(rows.len() >= PEOPLE.count());
        let journal = good(self.world.state.journal(1));
        let facts = journal
            .iter()
            .find_map(|entry| entry.event["facts"]["sent"].as_u64());
        assert_eq!(facts, Some(tally.sent));
        let last = &journal.last().unwrap().event;
        assert_eq!(last["outcome"], "recovered", "{last}");
        tally
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_step_pauses_its_campaign_and_going_on_takes_it_up() {
    let scene = Scene::begin(WorldOptions::new(PROGRAM)).await;
    let cancel = async {
        scene.until_arrived(15).await;
        scene.console(&["runs", "cancel", "R-1", "--yes"]).await
    };
    let words = ["recover", "tell-people", "--yes"];
    let (_, cancelled) = tokio::join!(scene.console(&words), cancel);
    assert_eq!(cancelled.code, Some(0), "{cancelled:?}");
    let (campaign, tally) = scene.campaign().await;
    assert_eq!(campaign.phase, Phase::Paused);
    assert!(tally.pending > 0, "{tally:?}");
    let resumed = scene
        .console(&["runs", "answer", "R-1", "resume", "--yes"])
        .await;
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    scene.console(&["runs", "follow", "R-1", "--yes"]).await;
    let tally = scene.assert_told().await;
    assert_eq!(tally.ambiguous, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_the_step_it_goes_on_with_the_same_campaign() {
    let scene = Scene::begin(WorldOptions::new(PROGRAM)).await;
    let kill = async {
        scene.until_arrived(15).await;
        good(scene.world.kill_bot().await);
        let (campaign, tally) = scene.campaign().await;
        assert_eq!(campaign.phase, Phase::Sending, "it died on the way");
        assert!(tally.pending > 0, "{tally:?}");
    };
    let words = ["recover", "tell-people", "--yes"];
    // The console takes the place of the program that was killed, and goes on.
    let (ended, ()) = tokio::join!(scene.console(&words), kill);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let tally = scene.assert_told().await;
    assert!(tally.ambiguous <= 10, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_without_a_program_beside_it_sends_it_itself() {
    let scene = Scene::begin(WorldOptions::new(PROGRAM).bot_down()).await;
    let ended = scene.console(&["recover", "tell-people", "--yes"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let tally = scene.assert_told().await;
    assert!(tally.ambiguous == 0 && tally.sent >= 80, "{tally:?}");
}
