//! The one layer of faults: every call of every port passes through it.
//!
//! A life of the program has one layer. When a fault kills it, nothing of that life calls anything any
//! more, not even the tasks it left behind; what is in the middle of a call ends it, as the kernel would.

use super::answer::Answer;
use super::fault::{At, Fault, Kind};
use super::town::Town;
use super::witness;
use rei_recovery::store::Store;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

/// Longer than any step may take here, and what is left to it afterwards.
const HANG: Duration = Duration::from_secs(240);

/// A call: the port's name, the method's, and whether it is one of the own state.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub port: &'static str,
    pub method: &'static str,
    pub state: bool,
}

impl Call {
    pub fn is(&self, name: &str) -> bool {
        name.split_once('.') == Some((self.port, self.method))
    }
}

/// What all lives of one recovery share.
pub struct World {
    plan: Mutex<Plan>,
    quiet: AtomicBool,
    met: Mutex<Vec<(Call, Kind)>>,
    wrongs: Mutex<Vec<String>>,
    pub town: Arc<Town>,
    /// The state without faults, to look with.
    pub store: Store,
}

struct Plan {
    faults: Vec<Fault>,
    world: u16,
    state: u16,
    methods: BTreeMap<String, u8>,
}

impl World {
    pub fn new(faults: &[Fault], town: Arc<Town>, store: Store) -> Arc<Self> {
        Arc::new(Self {
            plan: Mutex::new(Plan {
                faults: faults.to_vec(),
                world: 0,
                state: 0,
                methods: BTreeMap::new(),
            }),
            quiet: AtomicBool::new(false),
            met: Mutex::default(),
            wrongs: Mutex::default(),
            town,
            store,
        })
    }

    /// From now on nothing goes wrong any more.
    pub fn calm(&self) {
        self.quiet.store(true, SeqCst);
    }

    pub fn is_calm(&self) -> bool {
        self.quiet.load(SeqCst)
    }

    /// The faults that were met.
    pub fn met(&self) -> Vec<(Call, Kind)> {
        self.met.lock().unwrap().clone()
    }

    /// Notes what must not be.
    pub fn wrong(&self, what: impl Into<String>) {
        self.wrongs.lock().unwrap().push(what.into());
    }

    pub fn wrongs(&self) -> Vec<String> {
        self.wrongs.lock().unwrap().clone()
    }

    fn note(&self, call: Call, kind: Kind) {
        self.met.lock().unwrap().push((call, kind));
    }

    /// The fault that is planned for this very call.
    fn due(&self, call: Call) -> Option<Fault> {
        let mut plan = self.plan.lock().unwrap();
        let name = format!("{}.{}", call.port, call.method);
        let nth = plan.methods.entry(name).or_default();
        let of_method = *nth;
        *nth = nth.saturating_add(1);
        let count = if call.state {
            &mut plan.state
        } else {
            &mut plan.world
        };
        let of_all = *count;
        *count = count.saturating_add(1);
        let fits = |fault: &Fault| match fault.at {
            At::World(nth) => !call.state && nth == of_all,
            At::State(nth) => call.state && nth == of_all,
            At::Method(name, nth) => call.is(name) && nth == of_method,
        };
        let found = plan.faults.iter().position(fits)?;
        let fault = plan.faults.remove(found);
        (!self.is_calm()).then_some(fault)
    }
}

/// What becomes of one call.
#[derive(Clone, Copy)]
pub struct Fate {
    call: Call,
    fault: Option<Fault>,
}

impl Fate {
    pub fn is_twice(&self) -> bool {
        self.fault
            .is_some_and(|fault| fault.kind == Kind::Duplicate)
    }
}

/// One life of the program.
pub struct Layer {
    world: Arc<World>,
    dead: AtomicBool,
    died: Notify,
    inside: AtomicUsize,
}

impl Layer {
    pub fn new(world: &Arc<World>) -> Arc<Self> {
        Arc::new(Self {
            world: Arc::clone(world),
            dead: AtomicBool::new(false),
            died: Notify::new(),
            inside: AtomicUsize::new(0),
        })
    }

    /// Waits until a fault has killed this life and nothing of it is in the middle of anything.
    pub async fn killed(&self) {
        let died = self.died.notified();
        if !self.dead.load(SeqCst) {
            died.await;
        }
        // One call may lie within another, which then never ends.
        for _ in 0..100 {
            if self.inside.load(SeqCst) == 0 {
                return;
            }
            let moment = || std::thread::sleep(Duration::from_millis(1));
            let _ = tokio::task::spawn_blocking(moment).await;
        }
    }

    /// Ends this life for good.
    pub fn end(&self) {
        self.dead.store(true, SeqCst);
        self.died.notify_waiters();
    }

    async fn die(&self) {
        self.end();
        pending::<()>().await;
    }

    async fn alive(&self) {
        if self.dead.load(SeqCst) {
            pending::<()>().await;
        }
    }

    /// What comes before the call.
    pub async fn before(&self, call: Call) -> Fate {
        self.alive().await;
        let fault = self.world.due(call);
        match fault.map(|fault| fault.kind) {
            Some(Kind::KillBefore) => {
                self.world.note(call, Kind::KillBefore);
                self.die().await;
            }
            Some(Kind::Slow) => {
                self.world.note(call, Kind::Slow);
                doze(Duration::from_secs(7)).await;
                self.alive().await;
            }
            _ => {}
        }
        Fate { call, fault }
    }

    /// The answer without a call, where there is none.
    pub async fn instead<R: Answer>(&self, fate: Fate) -> Option<R> {
        let Fate { call, fault } = fate;
        if call.port == "queue" && !self.world.town.redis_runs() {
            return R::refused(call, false);
        }
        let fault = fault?;
        match fault.kind {
            Kind::Fail => {
                let answer = R::refused(call, false)?;
                self.world.note(call, Kind::Fail);
                Some(answer)
            }
            Kind::Hang if !call.state => {
                let answer = R::refused(call, true)?;
                self.world.note(call, Kind::Hang);
                doze(HANG).await;
                self.alive().await;
                Some(answer)
            }
            Kind::Lie if self.world.town.will_lie(call, fault.salt) => {
                self.world.note(call, Kind::Lie);
                None
            }
            _ => None,
        }
    }

    /// The call itself. Time stands still meanwhile: nothing outside of this process knows of ours.
    pub async fn real<R: Answer>(&self, fate: Fate, work: impl Future<Output = R>) -> R {
        witness::look(&self.world, fate.call).await;
        self.alive().await;
        let _inside = Inside::of(&self.inside);
        self.world.town.stir(fate.call);
        let answer = held(work).await;
        if answer.is_done() {
            self.world.town.count(fate.call);
        }
        answer
    }

    /// What comes after it.
    pub async fn after<R: Answer>(&self, fate: Fate, answer: R) -> R {
        self.alive().await;
        let Fate { call, fault } = fate;
        let Some(fault) = fault else { return answer };
        match fault.kind {
            Kind::KillAfter => {
                self.world.note(call, Kind::KillAfter);
                self.die().await;
                answer
            }
            Kind::LostReply => match R::refused(call, true) {
                Some(lost) => {
                    self.world.note(call, Kind::LostReply);
                    lost
                }
                None => answer,
            },
            Kind::Lie => {
                let (answer, bent) = answer.bent(fault.salt);
                if bent {
                    self.world.note(call, Kind::Lie);
                }
                answer
            }
            _ => answer,
        }
    }

    /// A call was made twice.
    pub fn doubled(&self, fate: Fate) {
        self.world.note(fate.call, Kind::Duplicate);
    }
}

struct Inside<'a>(&'a AtomicUsize);

impl<'a> Inside<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, SeqCst);
        Self(count)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

thread_local! {
    /// Calls that sleep by the clock, perhaps within one that holds it.
    static DOZING: Cell<u32> = const { Cell::new(0) };
}

async fn doze(time: Duration) {
    struct Dozing;
    impl Drop for Dozing {
        fn drop(&mut self) {
            DOZING.set(DOZING.get() - 1);
        }
    }
    DOZING.set(DOZING.get() + 1);
    let _dozing = Dozing;
    sleep(time).await;
}

/// Holds the clock while something real is done. What takes long really (or waits by the clock itself,
/// as Redis' adapter does for a moment) sees it go on slowly.
pub async fn held<R>(work: impl Future<Output = R>) -> R {
    let (end, mut ended) = std::sync::mpsc::channel::<()>();
    tokio::pin!(work);
    loop {
        // The clock does not leap ahead while there is blocking work.
        let breath = tokio::task::spawn_blocking(move || {
            let _ = ended.recv_timeout(Duration::from_millis(5));
            ended
        });
        tokio::select! {
            biased;
            done = &mut work => {
                drop(end);
                return done;
            }
            back = breath => ended = back.unwrap(),
        }
        let step = if DOZING.get() > 0 { 2000 } else { 50 };
        tokio::time::advance(Duration::from_millis(step)).await;
    }
}
