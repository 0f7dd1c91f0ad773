//! What may go wrong in a recovery, as data that proptest makes and shrinks.

use proptest::prelude::*;
use proptest::sample::select;

/// A kind of trouble at one call of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It says no, and nothing happened.
    Fail,
    /// No answer for minutes: a step's timeout cuts it off, elsewhere it ends as in doubt. Nothing happened.
    Hang,
    /// It takes its time.
    Slow,
    /// It happens, and the answer does not arrive.
    LostReply,
    /// It is delivered twice, where a line or a retry may do so.
    Duplicate,
    /// It answers what is not so, as the world does: old, cut short, dead in spite of its word.
    Lie,
    /// The program dies before it.
    KillBefore,
    /// The program dies after it.
    KillAfter,
}

/// At which call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The nth call into the world.
    World(u16),
    /// The nth call of the own state.
    State(u16),
    /// The nth call of one method.
    Method(&'static str, u8),
}

/// One fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub at: At,
    pub kind: Kind,
    /// Which of several ways.
    pub salt: u8,
}

/// How the patient is when somebody asks for a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// In use, with rows that only its write-ahead log holds.
    Live,
    /// Pages are damaged.
    Damaged,
    /// It is gone.
    Missing,
}

/// How the newest backup is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest {
    Good,
    Truncated,
    /// Its bytes are not a sound database.
    Damaged,
}

/// What a recovery begins with.
#[derive(Clone, Debug)]
pub struct Setting {
    pub runbook: &'static str,
    /// People who must approve.
    pub quorum: u32,
    pub allow_self: bool,
    pub database: Database,
    pub newest: Newest,
    /// A record of a full check stands beside the good backups.
    pub verified: bool,
    /// An archive of saved files lies there.
    pub saved: bool,
    /// Redis holds what RQ would not.
    pub redis_damaged: bool,
    /// How often providers say that they are down.
    pub outage: u8,
}

/// One recovery.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub setting: Setting,
    pub faults: Vec<Fault>,
    /// What the person picks from what is offered, as long as there is something here; afterwards the
    /// faults end and he goes on sensibly.
    pub whims: Vec<u8>,
}

/// The five scenarios of the paper runbook.
pub const RUNBOOKS: [&str; 5] = [
    "database-corruption",
    "data-loss",
    "redis-failure",
    "payment-outage",
    "ai-outage",
];

/// Calls that change something, or on which such a change depends: of every runbook, and of each.
const AIMED: &[&str] = &["units.stop", "units.start", "journal.take_lease"];
const AIMED_AT: [&[&str]; 5] = [SWAP, REBUILD, REDIS, MONEY, JOBS];
/// Where an answer that is lost or untrue would do most harm.
const WORST: &[(&str, Kind)] = &[
    ("units.stop", Kind::Lie),
    ("files.install", Kind::LostReply),
    ("files.install", Kind::KillAfter),
    ("files.quarantine", Kind::LostReply),
    ("programs.run", Kind::LostReply),
    ("bot.send", Kind::LostReply),
    ("queue.flush", Kind::LostReply),
    ("queue.flush", Kind::KillAfter),
    ("queue.requeue", Kind::KillAfter),
    ("queue.enqueue", Kind::LostReply),
    ("records.turn_jobs", Kind::KillAfter),
    ("records.settle", Kind::LostReply),
    ("courier.deliver", Kind::LostReply),
    ("courier.deliver", Kind::KillAfter),
    ("settings.set", Kind::LostReply),
];
const SWAP: &[&str] = &[
    "holders.holders",
    "files.stage",
    "files.identity",
    "files.quarantine",
    "files.quarantined",
    "files.install",
    "files.give_back",
    "files.discard",
    "files.present",
    "checks.check",
    "place.open",
    "place.record",
    "backups.keep",
    "bot.send",
    "units.status",
    "log.since",
];
const REBUILD: &[&str] = &[
    "files.stage",
    "files.quarantine",
    "files.quarantined",
    "files.install",
    "files.give_back",
    "files.present",
    "saved.unpack",
    "place.open",
    "programs.run",
    "settings.make_env",
    "queue.enqueue",
    "queue.resume",
    "bot.send",
];
const REDIS: &[&str] = &[
    "queue.health",
    "queue.content",
    "queue.flush",
    "queue.was_flushed",
    "queue.resume",
    "queue.enqueue",
    "queue.view",
    "records.unfinished_jobs",
];
const MONEY: &[&str] = &[
    "settings.set",
    "payments.readings",
    "payments.sweep",
    "payments.by_id",
    "records.payments",
    "records.settle",
    "records.addressees",
    "courier.deliver",
    "campaigns.create",
    "campaigns.enlist",
    "campaigns.change",
    "campaigns.settle_and_claim",
    "campaigns.of_step",
];
const JOBS: &[&str] = &[
    "settings.set",
    "queue.failed",
    "queue.requeue",
    "queue.enqueue",
    "queue.statuses",
    "records.failed_jobs",
    "records.turn_jobs",
    "records.tallies",
    "providers.readings",
    "courier.deliver",
    "campaigns.create",
    "campaigns.enlist",
    "campaigns.change",
    "campaigns.settle_and_claim",
];

pub fn scenario() -> impl Strategy<Value = Scenario> {
    setting().prop_flat_map(|setting| {
        let faults = proptest::collection::vec(fault(setting.runbook), 0..9);
        let whims = proptest::collection::vec(any::<u8>(), 0..18);
        (Just(setting), faults, whims).prop_map(|(setting, faults, whims)| Scenario {
            setting,
            faults,
            whims,
        })
    })
}

fn setting() -> impl Strategy<Value = Setting> {
    let database = prop_oneof![
        3 => Just(Database::Live),
        1 => Just(Database::Damaged),
        1 => Just(Database::Missing),
    ];
    let newest = prop_oneof![
        3 => Just(Newest::Good),
        1 => Just(Newest::Truncated),
        1 => Just(Newest::Damaged),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (
        select(&RUNBOOKS[..]),
        1..4u32,
        database,
        newest,
        flags,
        0..4u8,
    )
        .prop_map(
            |(runbook, quorum, database, newest, (own, verified, saved, redis_damaged), outage)| {
                Setting {
                    runbook,
                    quorum,
                    allow_self: own,
                    database,
                    newest,
                    verified,
                    saved,
                    redis_damaged,
                    outage,
                }
            },
        )
}

fn fault(runbook: &str) -> impl Strategy<Value = Fault> + use<> {
    let kind = prop_oneof![
        2 => Just(Kind::Fail),
        1 => Just(Kind::Hang),
        1 => Just(Kind::Slow),
        4 => Just(Kind::LostReply),
        2 => Just(Kind::Duplicate),
        2 => Just(Kind::Lie),
        2 => Just(Kind::KillBefore),
        4 => Just(Kind::KillAfter),
    ];
    let own = RUNBOOKS.iter().position(|it| *it == runbook);
    let own = AIMED_AT[own.unwrap_or_default()];
    let nth = prop_oneof![5 => Just(0), 2 => Just(1), 1 => Just(2)];
    let at = prop_oneof![
        3 => (0..50u16).prop_map(At::World),
        1 => (0..200u16).prop_map(At::State),
        2 => (0..40u8).prop_map(|nth| At::Method("journal.append", nth)),
        2 => (select(AIMED), 0..3u8).prop_map(|(method, nth)| At::Method(method, nth)),
        8 => (select(own), nth).prop_map(|(method, nth)| At::Method(method, nth)),
    ];
    let any_fault = (at, kind, any::<u8>()).prop_map(|(at, kind, salt)| Fault { at, kind, salt });
    let worst = (select(WORST), any::<u8>()).prop_map(|((method, kind), salt)| {
        let at = At::Method(method, 0);
        Fault { at, kind, salt }
    });
    prop_oneof![3 => any_fault, 1 => worst]
}
