//! Commands of the console, beside a running `run` or without one.

use super::args::Command;
use super::compose::{self, House};
use super::daemon::holder;
use crate::cli::{CliError, Console, Exit};
use crate::config::{BaseSettings, Settings};
use crate::domain::Timestamp;
use crate::domain::approval::Policy;
use crate::domain::operator::{Access, Actor};
use crate::engine::Worker;
use crate::store::{InstanceLock, LockError};
use crate::telegram;
use rustix::process::getuid;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long what was written may still be delivered before the console ends.
const LAST_POSTS: Duration = Duration::from_secs(5);

/// Looks, and reads the trail: needs neither tokens nor people.
pub(super) async fn look(base: &BaseSettings, command: &Command) -> anyhow::Result<Exit> {
    let nobody = Policy {
        required: 1,
        allow_self: false,
        ttl: Duration::ZERO,
        access: Access::default(),
    };
    let house = compose::build(base, nobody, None).await?;
    let console = console(&house, base);
    Ok(finish(&console, ask(&console, command).await))
}

/// Changes something: with the approval rules, and with a worker of its own where none runs.
pub(super) async fn act(settings: &Settings, command: &Command) -> anyhow::Result<Exit> {
    let base = &settings.base;
    let house = compose::build(base, settings.approvals.clone(), Some(&settings.telegram)).await?;
    let console = console(&house, base);
    let stand_in = StandIn::start(&house, settings).await?;
    let ended = finish(&console, ask(&console, command).await);
    if let Some(stand_in) = stand_in {
        stand_in.stop(&house).await;
    }
    Ok(ended)
}

async fn ask(console: &Console, command: &Command) -> Result<Exit, CliError> {
    match command {
        Command::Status(json) => console.status(json.json).await,
        Command::Recover(args) => console.recover(args).await,
        Command::Backup(args) => console.backup(args).await,
        Command::Runs(args) => console.runs(args).await,
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

fn console(house: &House, base: &BaseSettings) -> Console {
    let uid = getuid();
    let owner = std::fs::metadata(&base.state_dir).map(|dir| dir.uid()).ok();
    let name = if uid.is_root() {
        "root".to_owned()
    } else {
        format!("uid {}", uid.as_raw())
    };
    Console {
        ops: house.ops.clone(),
        i18n: house.i18n.clone(),
        locale: house.locale,
        actor: Actor::console(i64::from(uid.as_raw()), name),
        trusted: uid.is_root() || owner == Some(uid.as_raw()),
    }
}

/// Worker and outbox in the console's own process, while no `run` has them.
struct StandIn {
    _lock: InstanceLock,
    stop: CancellationToken,
    worker: JoinHandle<()>,
    pump: JoinHandle<()>,
}

impl StandIn {
    async fn start(house: &House, settings: &Settings) -> anyhow::Result<Option<Self>> {
        let dir = &settings.base.state_dir;
        let lock = match InstanceLock::take(dir, "rei-recovery console", Timestamp::now()) {
            Ok(lock) => lock,
            // The running instance carries the work out; this console watches it.
            Err(LockError::Held { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stop = CancellationToken::new();
        let worker = Worker::take_over(house.engine.clone(), &holder(), stop.child_token()).await?;
        let changes = house.store.changes();
        let worker = tokio::spawn(async move {
            if let Err(error) = worker.run(changes).await {
                tracing::error!(%error, "the worker ended");
            }
        });
        let pump = telegram::pump(super::chat::parts(house, settings)?, stop.child_token());
        Ok(Some(Self {
            _lock: lock,
            stop,
            worker,
            pump: tokio::spawn(pump),
        }))
    }

    /// Gives what was written a last chance to be delivered; what is not waits for the next `run`.
    async fn stop(self, house: &House) {
        let empty = async {
            while house.ops.backlog().await.is_ok_and(|waiting| waiting > 0) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let in_time = tokio::time::timeout(LAST_POSTS, empty).await;
        if in_time.is_err() {
            tracing::warn!(
                "messages still wait for Telegram; the next `rei-recovery run` delivers them"
            );
        }
        self.stop.cancel();
        for task in [self.worker, self.pump] {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task ended badly");
            }
        }
    }
}
