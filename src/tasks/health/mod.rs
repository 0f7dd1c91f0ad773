//! One round of looking: every probe side by side, each with its deadline, none waiting for another.
//!
//! Whoever asks while a round is under way shares it. A probe that overruns its deadline is left to
//! end by itself, and is not started a second time before it has: a file system that hangs costs one
//! thread and not one a minute. What it finds in the end belongs to the next round.

mod backups;
mod bot;
mod database;
mod deep;
mod disk;
mod itself;
mod jobs;
mod ledger;
mod log;
mod memory;
mod payments;
mod peers;
mod probe;
mod queue;
mod redis;
mod round;
mod services;
mod sqlite;
mod units;
mod words;

pub use deep::Deep;
pub use probe::DEADLINE;

use crate::domain::backup::Place;
use crate::domain::health::Round;
use crate::domain::unit::UnitName;
use crate::ports::backups::{Backups, Work};
use crate::ports::bot::ReiBot;
use crate::ports::clock::Clock;
use crate::ports::database::DatabaseChecks;
use crate::ports::glance::DatabaseGlance;
use crate::ports::host::Host;
use crate::ports::journal::Outbox;
use crate::ports::log::PatientLog;
use crate::ports::payments::PaymentProvider;
use crate::ports::peers::Peers;
use crate::ports::providers::AiProviders;
use crate::ports::queue::JobQueue;
use crate::ports::records::Records;
use crate::ports::units::Units;
use jiff::Timestamp;
use memory::Memory;
use probe::Probe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use url::Url;

/// What the probes look through.
#[derive(Clone)]
pub struct Ports {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The units' manager.
    pub units: Arc<dyn Units>,
    /// REI's side of the Bot API; absent without REI's token.
    pub bot: Option<Arc<dyn ReiBot>>,
    /// The short look at the database.
    pub glance: Arc<dyn DatabaseGlance>,
    /// The long ones.
    pub checks: Arc<dyn DatabaseChecks>,
    /// REI's records.
    pub records: Arc<dyn Records>,
    /// Its backups.
    pub backups: Arc<dyn Backups>,
    /// Its queue. It should give up within the deadline by itself: then it says why.
    pub queue: Arc<dyn JobQueue>,
    /// The payment provider.
    pub payments: Arc<dyn PaymentProvider>,
    /// The AI providers.
    pub providers: Arc<dyn AiProviders>,
    /// REI's log.
    pub log: Arc<dyn PatientLog>,
    /// This machine.
    pub host: Arc<dyn Host>,
    /// The servers that REI and this program talk to.
    pub peers: Arc<dyn Peers>,
    /// Posts that wait for Telegram.
    pub outbox: Arc<dyn Outbox>,
}

/// What is looked at.
#[derive(Clone, Debug)]
pub struct Profile {
    /// `REI_UNITS`.
    pub units: Vec<UnitName>,
    /// `REDIS_UNIT`.
    pub redis_unit: UnitName,
    /// The database, absolute.
    pub database: PathBuf,
    /// Folders whose room matters: REI's, the backups', the own state's. Folders on one file system
    /// make one finding.
    pub folders: Vec<PathBuf>,
    /// The configured places of backups.
    pub places: Vec<Place>,
    /// The folder of backups, where it is a place.
    pub backup_dir: Option<PathBuf>,
    /// Recovery point objective.
    pub rpo: Duration,
    /// Servers whose clock, and where they speak TLS whose certificate, are looked at.
    pub servers: Vec<Url>,
    /// The file that a running instance of this program holds.
    pub instance_lock: PathBuf,
    /// How long answers are good.
    pub keep: Keep,
}

/// How long an answer is good before it is asked for again. Within this time a round shows the last
/// one with its age (`looked-seconds`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// S3, YooKassa, AI providers: each question costs somebody something. Shorter than the
    /// monitor's interval, so that each of its rounds asks anew, and a crowd at `Refresh` does not.
    pub remote: Duration,
    /// The ledger: every row of it is read.
    pub ledger: Duration,
    /// Certificates and clocks: they change by the day.
    pub servers: Duration,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            remote: Duration::from_secs(30),
            ledger: Duration::from_secs(5 * 60),
            servers: Duration::from_secs(10 * 60),
        }
    }
}

/// What every probe has.
struct Eyes {
    ports: Ports,
    profile: Profile,
    memory: Memory,
}

impl Eyes {
    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }
}

type Flight = watch::Receiver<Option<Arc<Round>>>;

/// Looks, and keeps what it saw last. Clones share all of it.
#[derive(Clone)]
pub struct Observer {
    eyes: Arc<Eyes>,
    probes: Arc<Vec<Probe>>,
    flight: Arc<Mutex<Option<Flight>>>,
    last: Arc<watch::Sender<Option<Arc<Round>>>>,
    deep: Arc<tokio::sync::Mutex<()>>,
}

impl Observer {
    /// Nothing is asked yet.
    #[must_use]
    pub fn new(ports: Ports, profile: Profile) -> Self {
        let eyes = Arc::new(Eyes {
            ports,
            profile,
            memory: Memory::default(),
        });
        Self {
            probes: Arc::new(round::probes(&eyes)),
            eyes,
            flight: Arc::default(),
            last: Arc::new(watch::Sender::new(None)),
            deep: Arc::default(),
        }
    }

    /// One round of all probes, within [`DEADLINE`] and what it takes to put it together; the one
    /// that is under way where there is one. Must be called within tokio's runtime.
    pub async fn round(&self) -> Arc<Round> {
        let mut flight = self.join();
        if let Ok(found) = flight.wait_for(Option::is_some).await
            && let Some(round) = &*found
        {
            return Arc::clone(round);
        }
        // Its task is gone: the runtime ends, or a defect. Whoever asked still gets an answer.
        Arc::new(round::look(&self.eyes, &self.probes).await)
    }

    /// What the last round found; nothing before the first has ended.
    #[must_use]
    pub fn last(&self) -> Option<Arc<Round>> {
        self.last.borrow().clone()
    }

    /// The last round from now on, for those who only want to know.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Option<Arc<Round>>> {
        self.last.subscribe()
    }

    /// A long look into the database. The next rounds show what it found. Looks one after another;
    /// one that is cut off by `work` or cannot be made leaves what was known.
    pub async fn deep_look(&self, depth: Deep, work: &Work) {
        let _alone = self.deep.lock().await;
        deep::look(&self.eyes, depth, work).await;
    }

    fn join(&self) -> Flight {
        let mut flight = lock(&self.flight);
        let under_way =
            |flight: &&Flight| flight.borrow().is_none() && flight.has_changed().is_ok();
        if let Some(current) = flight.as_ref().filter(under_way) {
            return current.clone();
        }
        let (ended, begun) = watch::channel(None);
        let (eyes, probes, last) = (
            Arc::clone(&self.eyes),
            Arc::clone(&self.probes),
            Arc::clone(&self.last),
        );
        tokio::spawn(async move {
            let round = Arc::new(round::look(&eyes, &probes).await);
            last.send_replace(Some(Arc::clone(&round)));
            ended.send_replace(Some(round));
        });
        *flight = Some(begun.clone());
        begun
    }
}

/// Nothing is ever left half-changed under these locks.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
