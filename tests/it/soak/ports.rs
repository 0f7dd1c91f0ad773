//! Every port that the engine's `Patient` and `Parts` carry, behind the one layer.

use super::layer::{Call, Layer};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use jiff::Timestamp;
use rei_recovery::domain::approval::Approval;
use rei_recovery::domain::audit::AuditDraft;
use rei_recovery::domain::backup::*;
use rei_recovery::domain::campaign::Campaign;
use rei_recovery::domain::campaign::audience::User;
use rei_recovery::domain::campaign::delivery::{Outcome, Standing, Tally};
use rei_recovery::domain::catalogue::{Catalogue, ListedBackup};
use rei_recovery::domain::database::*;
use rei_recovery::domain::event::{Entry, Event};
use rei_recovery::domain::ids::{CampaignId, RequestId, RunId, StepId};
use rei_recovery::domain::job::{JobId, JobRow, JobStatus, Tallies};
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::payment::{LocalPayment, RemotePayment, Settled};
use rei_recovery::domain::plan::Plan;
use rei_recovery::domain::post::{Owed, Recipient};
use rei_recovery::domain::provider::{Reading, TaskState};
use rei_recovery::domain::queue::*;
use rei_recovery::domain::run::Run;
use rei_recovery::domain::unit::{UnitName, UnitStatus};
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::{BackupPlace, Backups, Fetched, Work};
use rei_recovery::ports::bot::{Courier, Delivered, PaceNow, Parcel, ReiBot, Turn, Webhook};
use rei_recovery::ports::campaigns::{Campaigns, Claimed, Enlisted, Row, Telling};
use rei_recovery::ports::database::*;
use rei_recovery::ports::install::*;
use rei_recovery::ports::journal::*;
use rei_recovery::ports::log::{LogNews, LogPosition, LogRate, PatientLog};
use rei_recovery::ports::payments::PaymentProvider;
use rei_recovery::ports::providers::AiProviders;
use rei_recovery::ports::queue::JobQueue;
use rei_recovery::ports::recipients::{CopyState, Recipients};
use rei_recovery::ports::records::*;
use rei_recovery::ports::units::Units;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A port behind the layer.
pub struct Behind<P: ?Sized> {
    port: Arc<P>,
    layer: Arc<Layer>,
}

impl<P: ?Sized> Behind<P> {
    pub fn new(port: Arc<P>, layer: &Arc<Layer>) -> Arc<Self> {
        let layer = Arc::clone(layer);
        Arc::new(Self { port, layer })
    }
}

/// `once`: what is delivered is delivered once. `twice`: a line or a retry may deliver it again.
macro_rules! made {
    (once $layer:expr, $fate:expr, $call:expr) => {
        $layer.real($fate, $call).await
    };
    (twice $layer:expr, $fate:expr, $call:expr) => {{
        let first = $layer.real($fate, $call).await;
        if $fate.is_twice() {
            $layer.doubled($fate);
            $layer.real($fate, $call).await
        } else {
            first
        }
    }};
}

macro_rules! behind {
    ($(
        $kind:ident $name:literal $port:ident
        { $( fn $plain:ident($($pa:ident: $pt:ty),*) -> $pr:ty; )* }
        { $( $often:ident $method:ident($($arg:ident: $type:ty),*) -> $answer:ty; )* }
    )*) => { $(
        #[async_trait]
        impl $port for Behind<dyn $port> {
            $( fn $plain(&self, $($pa: $pt),*) -> $pr {
                self.port.$plain($($pa),*)
            } )*
            $( async fn $method(&self, $($arg: $type),*) -> $answer {
                let state = stringify!($kind) == "state";
                let call = Call { port: $name, method: stringify!($method), state };
                let fate = self.layer.before(call).await;
                if let Some(answer) = self.layer.instead(fate).await {
                    return answer;
                }
                let answer = made!($often self.layer, fate, self.port.$method($($arg),*));
                self.layer.after(fate, answer).await
            } )*
        }
    )* };
}

behind! {
    world "units" Units {} {
        twice status(unit: &UnitName) -> PortResult<UnitStatus>;
        twice start(unit: &UnitName) -> PortResult<UnitStatus>;
        twice stop(unit: &UnitName) -> PortResult<UnitStatus>;
        twice recent_lines(unit: &UnitName, since: Timestamp, limit: usize) -> PortResult<Vec<String>>;
    }
    world "holders" FileHolders {} {
        twice holders(database: &Path) -> PortResult<HoldersReport>;
    }
    world "files" DatabaseFiles {} {
        twice identity(database: &Path) -> PortResult<FileIdentity>;
        once stage(layout: &Layout, from: Arc<dyn BackupPlace>, backup: &Backup, work: &Work) -> PortResult<Fetched>;
        twice discard(layout: &Layout) -> PortResult<()>;
        twice quarantine(layout: &Layout) -> PortResult<Quarantine>;
        twice quarantined(layout: &Layout) -> PortResult<Option<Quarantine>>;
        twice give_back(layout: &Layout) -> PortResult<u64>;
        once install(layout: &Layout, ownership: Ownership) -> PortResult<()>;
        twice present(database: &Path) -> PortResult<Vec<PathBuf>>;
    }
    world "checks" DatabaseChecks {} {
        twice check(file: &Path, depth: Depth, work: &Work) -> PortResult<CheckReport>;
        twice check_copy(file: &Path, work: &Work) -> PortResult<(CheckReport, Vec<String>)>;
        twice missing(database: &Path) -> PortResult<Vec<String>>;
        twice books(file: &Path, work: &Work) -> PortResult<Books>;
        twice check_live(database: &Path, work: &Work) -> PortResult<CheckReport>;
        twice check_quickly(database: &Path, work: &Work) -> PortResult<()>;
        twice loss(database: &Path, backup: BackupTime) -> PortResult<Loss>;
    }
    world "backups" Backups {
        fn place(place: &Place) -> Option<Arc<dyn BackupPlace>>;
    } {
        once catalogue(within: Duration) -> Catalogue;
        twice listed(place: &Place, within: Duration) -> PortResult<Vec<ListedBackup>>;
        twice known(backup: &Backup, fetched: &Fetched, planned: Option<&VerificationRecord>) -> Known;
        twice keep(place: &Place, record: &VerificationRecord) -> PortResult<()>;
        twice condemn(failed: &FailedVerification) -> PortResult<()>;
        twice condemned(backup: &Backup) -> Option<FailedVerification>;
    }
    world "place" BackupPlace {
        fn place() -> Place;
        fn describe() -> String;
    } {
        twice list() -> PortResult<Vec<Backup>>;
        twice archives() -> PortResult<Vec<Backup>>;
        twice open(backup: &Backup) -> PortResult<BoxStream<'static, PortResult<Bytes>>>;
        twice size_hint(backup: &Backup) -> PortResult<u64>;
        twice record(time: BackupTime) -> PortResult<Option<VerificationRecord>>;
        twice records() -> PortResult<Vec<VerificationRecord>>;
        twice put_record(record: &VerificationRecord) -> PortResult<()>;
        twice prove_writable() -> PortResult<()>;
    }
    world "log" PatientLog {} {
        twice end() -> PortResult<LogPosition>;
        twice since(position: &LogPosition) -> PortResult<LogNews>;
        twice rate(span: Duration) -> PortResult<LogRate>;
    }
    world "queue" JobQueue {} {
        twice health() -> PortResult<RedisHealth>;
        twice prove_writable() -> PortResult<()>;
        twice view() -> PortResult<QueueView>;
        twice content(known: &BTreeSet<JobId>, work: &Work) -> PortResult<RedisContent>;
        twice failed(since: Option<Timestamp>, work: &Work) -> PortResult<Vec<FailedJob>>;
        twice requeue(jobs: &[FailedJob], work: &Work) -> PortResult<Requeued>;
        twice enqueue(jobs: &[NewJob], work: &Work) -> PortResult<Rebuilt>;
        twice statuses(jobs: &[JobId]) -> PortResult<BTreeMap<JobId, String>>;
        once flush(scope: FlushScope, mark: &str) -> PortResult<Flushed>;
        twice was_flushed(mark: &str) -> PortResult<bool>;
        twice resume() -> PortResult<()>;
    }
    world "records" Records {} {
        twice unfinished_jobs() -> PortResult<Vec<JobRow>>;
        twice failed_jobs(since: Option<Timestamp>) -> PortResult<Vec<JobRow>>;
        twice jobs(ids: &[JobId]) -> PortResult<Vec<JobRow>>;
        once turn_jobs(ids: &[JobId], from: JobStatus, to: JobStatus) -> PortResult<Vec<JobId>>;
        twice tallies(since: Timestamp) -> PortResult<Tallies>;
        twice errors(since: Timestamp) -> PortResult<Vec<(String, String, u64)>>;
        twice payments(since: Option<Timestamp>) -> PortResult<Vec<LocalPayment>>;
        twice payments_named(names: &[String]) -> PortResult<Vec<LocalPayment>>;
        twice settle(settlement: &Settlement) -> PortResult<Settled>;
        twice counts() -> PortResult<Counts>;
        twice imbalances(limit: u32, work: &Work) -> PortResult<(u64, Vec<Imbalance>)>;
        twice balance(user: i64) -> PortResult<Option<Imbalance>>;
        twice users(after: Option<i64>, limit: u32) -> PortResult<Vec<User>>;
        twice mark_blocked(users: &[i64]) -> PortResult<u64>;
        twice addressees(users: &[i64]) -> PortResult<Vec<Addressee>>;
        twice with_open_payments(since: Timestamp) -> PortResult<Vec<i64>>;
        twice with_troubled_jobs(since: Timestamp, provider: Option<&str>) -> PortResult<Vec<i64>>;
    }
    world "payments" PaymentProvider {} {
        twice readings() -> Vec<Reading>;
        twice sweep(since: Timestamp, until: Timestamp, work: &Work) -> PortResult<BTreeMap<String, RemotePayment>>;
        twice by_id(ids: &[String], work: &Work) -> PortResult<BTreeMap<String, RemotePayment>>;
    }
    world "providers" AiProviders {
        fn names() -> Vec<String>;
        fn blames(provider: &str, error: &str) -> bool;
        fn can_look_up(provider: &str) -> bool;
    } {
        twice readings() -> Vec<Reading>;
        twice tasks(provider: &str, tasks: &[String]) -> PortResult<BTreeMap<String, TaskState>>;
    }
    world "settings" SettingsFiles {} {
        twice read(home: &Path, switch: Switch) -> PortResult<Option<bool>>;
        twice set(home: &Path, switch: Switch, on: bool, keep: &Path) -> PortResult<Switched>;
        twice missing_keys(home: &Path) -> PortResult<Vec<String>>;
        twice make_env(home: &Path) -> PortResult<bool>;
    }
    world "saved" SavedFiles {} {
        twice find(place: &Arc<dyn BackupPlace>, backup: BackupTime) -> PortResult<Option<Backup>>;
        once unpack(place: Arc<dyn BackupPlace>, archive: &Backup, folders: (&Path, &Path), work: &Work) -> PortResult<Unpacked>;
    }
    world "programs" Programs {} {
        once run(home: &Path, command: &[String], within: Duration, work: &Work) -> PortResult<ProgramReport>;
    }
    world "bot" ReiBot {} {
        twice username() -> PortResult<String>;
        twice webhook() -> PortResult<Webhook>;
        once send(person: i64, text: &str) -> PortResult<()>;
    }
    world "courier" Courier {
        fn pace() -> PaceNow;
    } {
        once turn(media: bool, paid: bool) -> Turn;
        once deliver(turn: Turn, parcel: Parcel<'_>) -> Delivered;
    }
    state "journal" Journal {} {
        once propose(plan: Plan, requester: Actor, chat: Option<i64>) -> StateResult<Run>;
        once load(run: RunId) -> StateResult<Run>;
        once append(run: RunId, event: Event, guard: Guard) -> StateResult<Run>;
        once abandon(run: RunId, by: Actor) -> StateResult<()>;
        once entry(run: RunId, position: u64) -> StateResult<Option<Entry>>;
        once entries(run: RunId) -> StateResult<Vec<Entry>>;
        once under_way() -> StateResult<Vec<RunId>>;
        once recent(limit: u32) -> StateResult<Vec<Run>>;
        once find_request(request: &RequestId) -> StateResult<Option<(RunId, Approval)>>;
        once durations(runbook: &str) -> StateResult<Vec<Duration>>;
        once take_lease(holder: &str) -> StateResult<Generation>;
    }
    state "full-checks" FullChecks {} {
        once owed() -> StateResult<Option<OwedCheck>>;
        once put_off(run: RunId, until: Timestamp, told: Option<(AuditDraft, Vec<Owed>)>) -> StateResult<()>;
        once settle(run: RunId, told: (AuditDraft, Vec<Owed>)) -> StateResult<()>;
    }
    state "outbox" Outbox {} {
        once push(posts: Vec<Owed>) -> StateResult<()>;
        once pending(limit: u32) -> StateResult<Vec<PendingPost>>;
        once begun(ids: &[i64]) -> StateResult<()>;
        once delivered(posts: &[PendingPost], message: Option<i32>) -> StateResult<()>;
        once postponed(ids: &[i64], surely: bool) -> StateResult<()>;
        once given_up(ids: &[i64], reason: &str) -> StateResult<()>;
        once forget(recipients: &[Recipient]) -> StateResult<()>;
        once prune(before: Timestamp, limit: u32) -> StateResult<u32>;
        once backlog() -> StateResult<u64>;
        once last_delivery() -> StateResult<Option<Timestamp>>;
    }
    state "recipients" Recipients {} {
        once copy(users: &[User], met: Timestamp) -> StateResult<()>;
        once end_copy(met: Timestamp) -> StateResult<CopyState>;
        once copy_state() -> StateResult<Option<CopyState>>;
        once copied(after: Option<i64>, limit: u32) -> StateResult<Vec<User>>;
    }
    state "campaigns" Campaigns {} {
        once create(campaign: Campaign, telling: Telling) -> StateResult<Campaign>;
        once campaign(id: CampaignId) -> StateResult<Option<Campaign>>;
        once change(campaign: Campaign, telling: Telling) -> StateResult<Campaign>;
        once recent(limit: u32) -> StateResult<Vec<Campaign>>;
        once waiting() -> StateResult<Vec<Campaign>>;
        once asked() -> StateResult<Vec<Campaign>>;
        once of_request(request: &RequestId) -> StateResult<Option<Campaign>>;
        once of_step(run: RunId, step: &StepId) -> StateResult<Option<Campaign>>;
        once enlist(id: CampaignId, people: &[Enlisted]) -> StateResult<()>;
        once enlist_reached(id: CampaignId, of: CampaignId) -> StateResult<u64>;
        once clear_list(id: CampaignId) -> StateResult<()>;
        once noticed_since(people: &[i64], since: Timestamp) -> StateResult<Vec<i64>>;
        once settle_and_claim(id: CampaignId, ended: &[(i64, Outcome)], limit: u32) -> StateResult<Vec<Claimed>>;
        once under_way() -> StateResult<Vec<CampaignId>>;
        once settle_doubts(id: CampaignId) -> StateResult<u64>;
        once take_up_doubts(id: CampaignId) -> StateResult<u64>;
        once tally(id: CampaignId) -> StateResult<Tally>;
        once rows(id: CampaignId, after: Option<i64>, standing: Option<Standing>, limit: u32) -> StateResult<Vec<Row>>;
    }
}
