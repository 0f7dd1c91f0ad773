//! Commands of the console, beside a running `run` or without one.

use super::args::Command;
use super::compose::{self, House};
use super::daemon::{holder, told_to_stop};
use super::own;
use crate::cli::{CliError, Console, Exit, Validation};
use crate::config::{BaseSettings, PROVIDER_KEYS, Settings};
use crate::domain::Timestamp;
use crate::domain::approval::Policy;
use crate::domain::failure::Args;
use crate::domain::operator::{Access, Actor};
use crate::domain::second_factor::Secrets;
use crate::engine::{self, CaseParts, Worker};
use crate::i18n::I18n;
use crate::store::{InstanceLock, LockError};
use crate::telegram::{self, TelegramParts};
use rustix::process::getuid;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long what was written may still be delivered before the console ends.
const LAST_POSTS: Duration = Duration::from_secs(5);

/// How often it is looked whether another instance has ended.
const LOCK_AGAIN: Duration = Duration::from_millis(500);

/// Looks, and reads the trail: needs neither tokens nor people.
pub(super) async fn look(base: &BaseSettings, command: &Command) -> anyhow::Result<Exit> {
    let nobody = Policy {
        required: 1,
        allow_self: false,
        ttl: Duration::ZERO,
        access: Access::default(),
        codes: Secrets::default(),
        break_glass: None,
    };
    let (store, broken) = own::for_console(base)?;
    let house = compose::build(base, nobody, store).await?;
    let console = console(&house, base);
    if let Some(why) = broken {
        let answer = needs_state(command);
        warn(&house, answer, why);
        if answer {
            return Ok(Exit::Failed);
        }
    }
    Ok(finish(&console, ask(&console, command).await))
}

/// Changes something: with the approval rules, and with a worker of its own while none runs.
///
/// The worker is taken up only when the command asks for it, after it was admitted: a dry run or a
/// refused command touches nothing that an earlier run left under way.
pub(super) async fn act(settings: &Settings, command: &Command) -> anyhow::Result<Exit> {
    let base = &settings.base;
    let (store, broken) = own::for_console(base)?;
    let house = compose::build(base, settings.approvals.clone(), store).await?;
    if let Some(why) = broken {
        warn(&house, true, why);
        return Ok(Exit::Failed);
    }
    let console = console(&house, base);
    let (stop, works) = (CancellationToken::new(), CancellationToken::new());
    let told = tokio::spawn(told_to_stop(stop.clone())?);
    let stand_in = StandIn {
        engine: house.engine.clone(),
        chat: super::chat::parts(&house, settings, Arc::default())?,
        cases: house.cases.clone(),
        changes: house.store.changes(),
        state_dir: base.state_dir.clone(),
        works: works.clone(),
        stop: stop.child_token(),
    };
    let stand_in = tokio::spawn(stand_in.serve(console.wanted.clone()));
    let ended = tokio::select! {
        result = ask(&console, command) => finish(&console, result),
        () = stop.cancelled() => {
            super::complain(&house.i18n.plain(house.locale, "cli-parked", &Args::new()));
            Exit::Failed
        }
    };
    // Where an instance runs it delivers them.
    if works.is_cancelled() && !stop.is_cancelled() {
        deliver_the_rest(&house).await;
    }
    stop.cancel();
    told.abort();
    stand_in.await?;
    Ok(ended)
}

/// Gives what was written a last chance to be delivered; what is not waits for the next `run`.
async fn deliver_the_rest(house: &House) {
    let empty = async {
        while house.ops.backlog().await.is_ok_and(|waiting| waiting > 0) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    if tokio::time::timeout(LAST_POSTS, empty).await.is_err() {
        tracing::warn!(
            "messages still wait for Telegram; the next `rei-recovery run` delivers them"
        );
    }
}

/// What is wrong with the files of a folder, whatever folder is in force.
pub(super) fn validate(base: &BaseSettings, dir: &Path) -> anyhow::Result<Exit> {
    let i18n = I18n::new(base.zone.clone())?;
    let validation = Validation {
        i18n: &i18n,
        locale: base.locale,
        keys: PROVIDER_KEYS,
    };
    Ok(validation.run(dir)?)
}

/// Whether a look has nothing to show where there is no state.
fn needs_state(command: &Command) -> bool {
    !matches!(
        command,
        Command::Status(_) | Command::Backup(_) | Command::Contacts(_) | Command::Runbook(_)
    )
}

/// Says what is wrong with the state, and what it keeps from being done.
fn warn(house: &House, refused: bool, why: String) {
    let key = match refused {
        true => "error-stand-in",
        false => "state-left-out",
    };
    let args = Args::from([("cause".to_owned(), why.into())]);
    let text = house.i18n.plain(house.locale, key, &args);
    let hint = house.i18n.plain(house.locale, "error-stand-in.hint", &args);
    super::complain(&format!("{text}\n{hint}"));
}

async fn ask(console: &Console, command: &Command) -> Result<Exit, CliError> {
    match command {
        Command::Status(json) => console.status(json.json).await,
        Command::Recover(args) => console.recover(args).await,
        Command::Jobs(args) => console.jobs(args).await,
        Command::Payments(args) => console.payments(args).await,
        Command::Broadcast(args) => console.broadcast(args).await,
        Command::Backup(args) => console.backup(args).await,
        Command::Incident(args) => console.incident(args).await,
        Command::Contacts(json) => console.contacts(json.json).await,
        Command::Checklist(args) => console.checklist(args).await,
        Command::Runs(args) => console.runs(args).await,
        Command::Drill(args) => console.drill(args).await,
        Command::Audit(args) => console.audit(args).await,
        Command::Runbook(args) => console.runbook(args).await,
        _ => Ok(Exit::Usage),
    }
}

fn finish(console: &Console, result: Result<Exit, CliError>) -> Exit {
    result.unwrap_or_else(|error| {
        super::complain(&console.explain(&error));
        error.exit()
    })
}

/// Who sits at the console.
pub(super) struct Seat {
    pub(super) actor: Actor,
    /// Whether `--yes` is accepted: root or the service's own user.
    pub(super) trusted: bool,
}

pub(super) fn seat(base: &BaseSettings) -> Seat {
    let uid = getuid();
    let owner = std::fs::metadata(&base.state_dir).map(|dir| dir.uid()).ok();
    let name = if uid.is_root() {
        "root".to_owned()
    } else {
        format!("uid {}", uid.as_raw())
    };
    Seat {
        actor: Actor::console(i64::from(uid.as_raw()), name),
        trusted: uid.is_root() || owner == Some(uid.as_raw()),
    }
}

fn console(house: &House, base: &BaseSettings) -> Console {
    let Seat { actor, trusted } = seat(base);
    Console {
        ops: house.ops.clone(),
        i18n: house.i18n.clone(),
        locale: house.locale,
        actor,
        wanted: CancellationToken::new(),
        attended: matches!(
            InstanceLock::take(&base.state_dir, "rei-recovery console", Timestamp::now()),
            Err(LockError::Held { .. })
        ),
        trusted,
    }
}

/// Worker and outbox in the console's own process, while no `run` has them.
struct StandIn {
    engine: engine::Parts,
    chat: TelegramParts,
    cases: CaseParts,
    changes: watch::Receiver<u64>,
    state_dir: PathBuf,
    /// Cancelled once it is the one that works.
    works: CancellationToken,
    stop: CancellationToken,
}

impl StandIn {
    /// Waits until a worker is wanted, then until nobody else is one, and works until it is told to
    /// stop. An instance that ends in the middle is thus followed by this console.
    async fn serve(self, wanted: CancellationToken) {
        let turn = async {
            wanted.cancelled().await;
            self.lock().await
        };
        let lock = tokio::select! {
            lock = turn => lock,
            () = self.stop.cancelled() => return,
        };
        self.works.cancel();
        let (chat, stop) = (self.chat, self.stop.child_token());
        let incidents = engine::keep_cases(self.cases, self.changes.clone(), stop.clone());
        let beside = tokio::spawn(beside_the_worker(chat, incidents, stop.clone()));
        match Worker::take_over(self.engine, &holder(), stop.clone()).await {
            Ok(worker) => {
                if let Err(error) = worker.run(self.changes).await {
                    tracing::error!(%error, "the worker ended");
                }
            }
            Err(error) => tracing::error!(%error, "no worker could be started"),
        }
        stop.cancel();
        if let Err(error) = beside.await {
            tracing::error!(%error, "the delivery of messages ended badly");
        }
        drop(lock);
    }

    async fn lock(&self) -> InstanceLock {
        loop {
            match InstanceLock::take(&self.state_dir, "rei-recovery console", Timestamp::now()) {
                Ok(lock) => return lock,
                // The running instance carries the work out; this console watches it.
                Err(LockError::Held { .. }) => {}
                Err(error) => tracing::error!(%error, "no worker could be started"),
            }
            tokio::time::sleep(LOCK_AGAIN).await;
        }
    }
}

/// What goes on beside the worker in the console's own process, as long as it works: messages are
/// delivered, and incidents are kept.
async fn beside_the_worker(
    chat: TelegramParts,
    incidents: impl Future<Output = ()>,
    stop: CancellationToken,
) {
    tokio::join!(telegram::pump(chat, stop), incidents);
}
