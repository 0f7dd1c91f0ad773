//! What the listener, the page and the tests share: the world behind one lock, and a bell.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    clock::Clock,
    faults::{Faults, Network},
    limits::Limiter,
    panel::Panel,
    world::World,
};

/// The heart of the server.
#[derive(Debug)]
pub(super) struct Shared {
    world: Mutex<World>,
    /// Rings with the new revision after every change.
    bell: watch::Sender<u64>,
    faults: Mutex<Faults>,
    limiter: Mutex<Limiter>,
    panel: Mutex<Panel>,
    /// How the network ought to be …
    pub(super) network: watch::Sender<Network>,
    /// … and how the listener has already made it.
    pub(super) applied: watch::Sender<Network>,
    pub(super) clock: Clock,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
}

impl Shared {
    pub(super) fn new(seed: u64) -> Self {
        let clock = Clock::new();
        Self {
            world: Mutex::new(World::new(clock.clone())),
            bell: watch::Sender::new(0),
            faults: Mutex::new(Faults::new(seed)),
            limiter: Mutex::default(),
            panel: Mutex::default(),
            network: watch::Sender::new(Network::Up),
            applied: watch::Sender::new(Network::Up),
            clock,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }

    pub(super) fn read<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&lock(&self.world))
    }

    /// Changes the world under a new revision and wakes everybody who waits.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        let mut world = lock(&self.world);
        world.revision += 1;
        let revision = world.revision;
        let result = change(&mut world);
        drop(world);
        self.bell.send_replace(revision);
        result
    }

    /// Hears every change from now on.
    pub(super) fn listen(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    pub(super) fn faults<R>(&self, with: impl FnOnce(&mut Faults) -> R) -> R {
        with(&mut lock(&self.faults))
    }

    pub(super) fn limiter<R>(&self, with: impl FnOnce(&mut Limiter) -> R) -> R {
        with(&mut lock(&self.limiter))
    }

    pub(super) fn panel<R>(&self, with: impl FnOnce(&mut Panel) -> R) -> R {
        with(&mut lock(&self.panel))
    }
}

/// A panic in another test's closure leaves the data usable: every change here is whole or not begun.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
