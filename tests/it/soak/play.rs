//! One recovery from its proposal to its end: lives of the program that faults end, and a person.

use super::fault::Scenario;
use super::ground::{CANCELED, Ground, OPEN, PAID, template};
use super::house::{ANN, House};
use super::judge;
use super::layer::{Layer, World, held};
use super::person::{Deed, Person};
use super::plant::Plant;
use super::town::Town;
use jiff::{SignedDuration, Timestamp};
use redis::Commands;
use rei_recovery::domain::money::Money;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::payment::{PaymentStatus, RemotePayment};
use rei_recovery::domain::plan::{Next, next};
use rei_recovery::domain::run::Run;
use rei_recovery::engine::{Worker, WorkerError};
use rei_recovery::ops::{Ops, Proposal, Which};
use rei_recovery::ports::journal::{Journal, StateError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// A run that moves on neither by itself nor by a person for so long hangs.
const STUCK: Duration = Duration::from_secs(2400);
/// With the faults over a sensible person needs no more words than this.
const WORDS: usize = 40;

/// What came of it.
pub struct Played {
    pub outcome: String,
    pub met: Vec<String>,
    pub words: usize,
    pub events: usize,
}

/// A Redis of one's own: the server's address and a number on it.
#[derive(Clone)]
pub struct Redis {
    pub url: String,
}

pub struct Play {
    pub scenario: Scenario,
    pub house: House,
    pub world: Arc<World>,
    pub ops: Ops,
    pub id: rei_recovery::domain::ids::RunId,
    pub plant: Option<Plant>,
    life: Option<Life>,
}

struct Life {
    layer: Arc<Layer>,
    stop: CancellationToken,
    task: JoinHandle<Result<(), WorkerError>>,
}

/// Plays it; gives what must not be where it was.
pub async fn play(
    scenario: &Scenario,
    redis: &Redis,
    plant: Option<Plant>,
) -> Result<Played, String> {
    let mut play = Play::begin(scenario, redis, plant).await;
    let mut person = Person::new(scenario.whims.clone());
    let mut words = 0;
    let result = play.drive(&mut person, &mut words).await;
    play.end().await;
    let wrongs = play.world.wrongs();
    let judged = judge::whole(&play).await;
    if let Some(wrong) = wrongs.first() {
        return Err(wrong.clone());
    }
    let run = result?;
    let events = judged?;
    Ok(Played {
        outcome: format!("{} {:?}", scenario.setting.runbook, run.phase),
        met: play
            .world
            .met()
            .iter()
            .map(|(call, kind)| format!("{kind:?} {}.{}", call.port, call.method))
            .collect(),
        words,
        events,
    })
}

impl Play {
    async fn begin(scenario: &Scenario, redis: &Redis, plant: Option<Plant>) -> Self {
        let setting = &scenario.setting;
        let ground = Ground::new(setting);
        let client = redis::Client::open(redis.url.clone()).unwrap();
        let mut client = client.get_connection().unwrap();
        fill(&mut client, setting.redis_damaged);
        let town = Arc::new(Town::new(
            &ground.database(),
            ground.damaged.clone(),
            shop(),
            (client, setting.outage),
        ));
        town.register();
        let mut house = House::new(setting, ground, Arc::clone(&town), redis.url.clone());
        if let Some(plant) = plant {
            plant.into_house(&mut house);
        }
        if setting.verified {
            for taken in &template().taken {
                held(house.place().put_record(&taken.record()))
                    .await
                    .unwrap();
            }
        }
        let store = house.store();
        let world = World::new(&scenario.faults, town, store.clone());
        let ops = house.ops(&store);
        let proposal = Proposal {
            runbook: setting.runbook.parse().unwrap(),
            which: Which::Latest,
            retry: None,
            chat: Some(100),
        };
        let run = held(ops.propose(&ann(), proposal)).await.unwrap();
        Self {
            scenario: scenario.clone(),
            house,
            world,
            ops,
            id: run.id,
            plant,
            life: None,
        }
    }

    async fn drive(&mut self, person: &mut Person, words: &mut usize) -> Result<Run, String> {
        self.revive().await;
        let most = self.scenario.whims.len() + WORDS;
        loop {
            let run = self.settle().await?;
            judge::patient(self, &run).await?;
            if next(&run) == Next::Done {
                // What follows a recovery by itself has its time.
                sleep(Duration::from_secs(5)).await;
                return Ok(run);
            }
            if *words >= most {
                return Err(format!("it does not come to an end: {:?}", next(&run)));
            }
            *words += 1;
            let deed = person.next(self, &run);
            if person.is_sensible() {
                self.world.calm();
            }
            self.apply(deed, &run).await;
        }
    }

    /// Ends the program wherever it is and starts it anew.
    async fn revive(&mut self) {
        self.bury().await;
        let layer = Layer::new(&self.world);
        let parts = self.house.engine(&self.world, &layer);
        let stop = CancellationToken::new();
        let changes = self.world.store.changes();
        let told = stop.clone();
        let task = tokio::spawn(async move {
            let worker = Worker::take_over(parts, "soak", told).await?;
            worker.run(changes).await
        });
        self.life = Some(Life { layer, stop, task });
    }

    async fn bury(&mut self) {
        let Some(life) = self.life.take() else { return };
        life.layer.end();
        life.layer.killed().await;
        life.task.abort();
        if let Err(error) = life.task.await
            && error.is_panic()
        {
            self.world.wrong("the worker panicked");
        }
    }

    async fn end(&mut self) {
        if let Some(life) = &self.life {
            life.stop.cancel();
        }
        self.bury().await;
    }

    /// Waits until the run waits for a person or is over.
    async fn settle(&mut self) -> Result<Run, String> {
        let mut seen = (0, Instant::now());
        loop {
            let layer = Arc::clone(&self.life.as_ref().unwrap().layer);
            tokio::select! {
                () = layer.killed() => {
                    self.revive().await;
                    continue;
                }
                () = sleep(Duration::from_millis(600)) => {}
            }
            if self.life.as_ref().unwrap().task.is_finished() {
                self.revive().await;
                continue;
            }
            let run = held(self.load()).await.map_err(|error| error.to_string())?;
            if run.position != seen.0 {
                seen = (run.position, Instant::now());
                continue;
            }
            let rests = matches!(
                next(&run),
                Next::Wait(_) | Next::AwaitApproval(_) | Next::Done
            );
            if rests && run.running().is_none() && run.undoing().is_none() {
                return Ok(run);
            }
            if seen.1.elapsed() > STUCK {
                return Err(format!("it hangs: {:?} at {}", next(&run), run.position));
            }
        }
    }

    pub async fn load(&self) -> Result<Run, StateError> {
        self.world.store.load(self.id).await
    }

    async fn apply(&mut self, deed: Deed, run: &Run) {
        match deed {
            Deed::Wait => sleep(Duration::from_secs(60)).await,
            Deed::Expire => self.expire(run.position).await,
            Deed::Choose(answer) => {
                let _ = held(self.ops.choose(&ann(), answer)).await;
            }
            Deed::Cancel => {
                let _ = held(self.ops.cancel(&ann(), Some(self.id))).await;
            }
            Deed::Approve(who, request, consent) => {
                let _ = held(self.ops.approve(&person(who), &request, consent)).await;
            }
            Deed::Deny(who, request) => {
                let _ = held(self.ops.deny(&person(who), &request)).await;
            }
        }
    }

    /// The clock leaps ahead until the worker has noticed, and back.
    async fn expire(&mut self, position: u64) {
        self.house
            .clock
            .put(super::house::TTL + Duration::from_secs(1));
        for _ in 0..400 {
            sleep(Duration::from_secs(1)).await;
            let moved = held(self.load()).await;
            if moved.is_ok_and(|run| run.position > position) {
                break;
            }
        }
        self.house.clock.put(Duration::ZERO);
    }
}

pub fn ann() -> Actor {
    person(ANN)
}

fn person(id: i64) -> Actor {
    Actor::telegram(id, format!("P{id}"))
}

/// A queue as an outage leaves it: one failed job has its entry, the other rows have lost theirs.
fn fill(client: &mut redis::Connection, damaged: bool) {
    let () = redis::cmd("FLUSHDB").query(client).unwrap();
    let key = "rq:job:failed-1";
    let fields = [
        ("data", "x"),
        ("origin", "default"),
        ("status", "failed"),
        ("ended_at", "2026-11-23T03:15:00.000000Z"),
    ];
    let () = client.hset_multiple(key, &fields).unwrap();
    let ended = Timestamp::now() - SignedDuration::from_mins(5);
    let () = client.hset(key, "ended_at", ended.to_string()).unwrap();
    let () = client
        .zadd("rq:failed:default", "failed-1", 1_999_999_999)
        .unwrap();
    if damaged {
        let () = client.set("rq:job:odd", "no hash").unwrap();
    }
}

/// What the provider knows of REI's payments.
fn shop() -> BTreeMap<String, RemotePayment> {
    let at = Timestamp::now() - SignedDuration::from_mins(10);
    let known = [
        (PAID, PaymentStatus::Succeeded),
        (CANCELED, PaymentStatus::Canceled),
        (OPEN, PaymentStatus::Pending),
    ];
    let payment = |(id, status): (&str, PaymentStatus)| {
        let remote = RemotePayment {
            id: format!("remote-{id}"),
            status,
            amount: Money::parse("199.00", "RUB").unwrap(),
            refunded: Money::parse("0.00", "RUB").unwrap(),
            created_at: at,
            captured_at: (status == PaymentStatus::Succeeded).then_some(at),
            test: false,
            metadata: BTreeMap::from([("payment_id".to_owned(), id.to_owned())]),
        };
        (remote.id.clone(), remote)
    };
    known.map(payment).into()
}
