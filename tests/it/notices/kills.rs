//! The real program sends through the real Bot API server, and is killed at proved places of it.

use super::stage::{draft, persons};
use rei_recovery::demo::bot_api::{Person, PersonId, Place, Weather};
use rei_recovery::demo::world::{World, WorldOptions};
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::campaign::delivery::{Standing, Tally};
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::ports::campaigns::{Campaigns, Telling};
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::store::Store;
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Bounds every wait; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A state is held locked for so long only by a program that is caught.
const CAUGHT_AFTER: Duration = Duration::from_millis(600);

const FIRST: i64 = 500_000_001;
const WORDS: &str = "We are back.";

fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A world with this many users of REI, whose own bot is silent, and a campaign to all of them.
struct Scene {
    world: World,
    store: Store,
    people: RangeInclusive<i64>,
    id: CampaignId,
}

impl Scene {
    async fn begin(count: i64) -> Self {
        let world = good(World::build(WorldOptions::new(PROGRAM).units_down()).await);
        let people = FIRST..=FIRST + count - 1;
        for id in people.clone() {
            let person = Person::new(id.unsigned_abs(), format!("P{id}"));
            let person = good(world.api.add_person(person));
            good(world.api.start_chat(person, world.cast.rei_bot));
        }
        world.api.set_weather(Weather {
            latency: Duration::from_millis(30)..Duration::from_millis(150),
            ..Weather::default()
        });
        let clock = Arc::new(SystemClock);
        let store = Store::open(&world.root().join("state"), clock).unwrap();
        let id = CampaignId(0);
        let mut scene = Self {
            world,
            store,
            people,
            id,
        };
        scene.id = scene.list().await;
        scene
    }

    /// The list alone: nothing goes out yet.
    async fn list(&self) -> CampaignId {
        let people = persons(self.people.clone());
        let draft = draft(people.len() as u64);
        let draft = self.store.create(draft, Telling::default()).await.unwrap();
        self.store.enlist(draft.id, &people).await.unwrap();
        draft.id
    }

    async fn approve(&self) {
        let mut campaign = self.store.campaign(self.id).await.unwrap().unwrap();
        campaign.phase = Phase::Ready;
        campaign.approved_at = Some(jiff::Timestamp::now());
        let written = self.store.change(campaign, Telling::default()).await;
        written.unwrap();
    }

    async fn phase(&self) -> Phase {
        self.store.campaign(self.id).await.unwrap().unwrap().phase
    }

    async fn tally(&self) -> Tally {
        self.store.tally(self.id).await.unwrap()
    }

    async fn standing(&self, person: i64) -> Standing {
        let rows = self.store.rows(self.id, Some(person - 1), None, 1).await;
        rows.unwrap()[0].standing
    }

    /// How often the notice stands in this person's chat, by the server's own count.
    fn got(&self, person: i64) -> usize {
        let person = PersonId(person.unsigned_abs());
        let place = Place::private(self.world.cast.rei_bot, person);
        let messages = self.world.api.messages(place);
        let of_rei = messages
            .iter()
            .filter(|message| message.is_from_bot(self.world.cast.rei_bot));
        of_rei.filter(|message| message.text() == WORDS).count()
    }

    fn arrived(&self) -> usize {
        self.people.clone().map(|person| self.got(person)).sum()
    }

    async fn until_arrived(&self, count: usize) {
        let look = || Ok((self.arrived() >= count).then_some(()));
        good(self.world.until("messages", PATIENCE, look).await);
    }

    async fn until_done(&self) {
        let began = Instant::now();
        while self.phase().await != Phase::Done {
            let late = began.elapsed() > PATIENCE;
            assert!(!late, "{:?}\n{}", self.tally().await, self.world.bot_log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everybody has one end, it is true, and nobody got it twice.
    async fn assert_true(&self) -> Tally {
        let rows = self.store.rows(self.id, None, None, 10_000).await.unwrap();
        assert_eq!(rows.len(), self.people.clone().count());
        for row in rows {
            let times = self.got(row.person);
            let fits = match row.standing {
                Standing::Sent => times == 1,
                Standing::Ambiguous => times <= 1,
                _ => false,
            };
            assert!(fits, "{row:?} got it {times} times");
        }
        self.tally().await
    }

    fn change_state(&self, sql: &str) {
        let db = Connection::open(self.world.state.path()).unwrap();
        db.busy_timeout(Duration::from_secs(10)).unwrap();
        db.execute_batch(&format!("BEGIN IMMEDIATE; {sql} COMMIT;"))
            .unwrap();
    }

    /// Holds the program when it is about to write this of that person.
    fn snare(&self, person: i64, standing: Standing) {
        self.change_state(&format!(
            "CREATE VIEW forever AS
               WITH RECURSIVE forever(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever)
               SELECT n FROM forever;
             CREATE TRIGGER snare BEFORE UPDATE ON campaign_people
               WHEN NEW.person = {person} AND NEW.standing = '{}'
               BEGIN SELECT count(*) FROM forever; END;",
            standing.as_str()
        ));
    }

    async fn kill_in_snare(&self) {
        let mut since = None;
        let caught = self.world.until("the program to be caught", PATIENCE, || {
            if !self.is_locked() {
                since = None;
                return Ok(None);
            }
            let since: Instant = *since.get_or_insert_with(Instant::now);
            Ok((since.elapsed() >= CAUGHT_AFTER).then_some(()))
        });
        good(caught.await);
        good(self.world.kill_bot().await);
        self.change_state("DROP TRIGGER snare; DROP VIEW forever;");
    }

    fn is_locked(&self) -> bool {
        let mut db = Connection::open(self.world.state.path()).unwrap();
        db.busy_timeout(Duration::ZERO).unwrap();
        let locked = match db.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(_) => None,
            Err(error) => error.sqlite_error_code(),
        };
        locked == Some(ErrorCode::DatabaseBusy)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_it_reaches_everybody_and_nobody_twice() {
    let scene = Scene::begin(200).await;
    scene.approve().await;
    let mut doubts = 0;
    for threshold in [20, 60, 100, 140] {
        scene.until_arrived(threshold).await;
        good(scene.world.kill_bot().await);
        assert_eq!(scene.phase().await, Phase::Sending, "it died on the way");
        let tally = scene.tally().await;
        assert!(tally.pending > 0 && tally.sending <= 10, "{tally:?}");
        doubts += tally.sending;
        good(scene.world.start_bot().await);
    }
    scene.until_done().await;
    let tally = scene.assert_true().await;
    assert_eq!(tally.ambiguous, doubts, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_a_claim_is_written_the_person_was_not_sent_to_and_is_sent_to_later() {
    let scene = Scene::begin(40).await;
    let person = FIRST + 20;
    scene.snare(person, Standing::Sending);
    scene.approve().await;
    scene.kill_in_snare().await;
    assert_eq!(scene.got(person), 0);
    assert_eq!(scene.standing(person).await, Standing::Pending);
    good(scene.world.start_bot().await);
    scene.until_done().await;
    scene.assert_true().await;
    assert_eq!(scene.standing(person).await, Standing::Sent);
    assert_eq!(scene.got(person), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_the_message_and_its_end_the_person_is_in_doubt_and_left_alone() {
    let scene = Scene::begin(40).await;
    let person = FIRST + 20;
    scene.snare(person, Standing::Sent);
    scene.approve().await;
    scene.kill_in_snare().await;
    assert_eq!(scene.got(person), 1);
    assert_eq!(scene.standing(person).await, Standing::Sending);
    good(scene.world.start_bot().await);
    scene.until_done().await;
    scene.assert_true().await;
    assert_eq!(scene.standing(person).await, Standing::Ambiguous);
    assert_eq!(scene.got(person), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_leaves_nobody_in_doubt_and_goes_on_by_itself() {
    let scene = Scene::begin(100).await;
    scene.approve().await;
    for threshold in [20, 60] {
        scene.until_arrived(threshold).await;
        let ended = good(scene.world.stop_bot().await).unwrap();
        assert_eq!(ended.code(), Some(0), "{}", scene.world.bot_log());
        let tally = scene.tally().await;
        assert_eq!((tally.sending, tally.ambiguous), (0, 0), "{tally:?}");
        assert_eq!(tally.sent, scene.arrived() as u64);
        assert_eq!(scene.phase().await, Phase::Sending);
        good(scene.world.start_bot().await);
    }
    scene.until_done().await;
    let tally = scene.assert_true().await;
    assert_eq!(tally.sent, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_weather_leaves_everybody_with_one_true_end() {
    let scene = Scene::begin(150).await;
    scene.world.api.set_weather(Weather {
        latency: Duration::from_millis(30)..Duration::from_millis(150),
        server_error: 0.02,
        reset_before: 0.02,
        reset_after: 0.02,
    });
    scene.approve().await;
    scene.until_done().await;
    let tally = scene.assert_true().await;
    assert!(tally.ambiguous < 30, "{tally:?}");
}
