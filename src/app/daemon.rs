//! `run`: bot and worker until they are told to stop.

use super::compose::{self, House};
use super::http::{self, Signs};
use super::notify;
use super::own::{self, Broken, Mended, Opened, Whole};

use crate::cli::Exit;
use crate::config::Settings;
use crate::domain::failure::Args;
use crate::domain::operator::Actor;
use crate::engine::{self, Worker};
use crate::telegram;
use futures::FutureExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long the parts may take to end that cannot write any more.
/// Longer than steps and chores take to park.
const FAREWELL: Duration = Duration::from_secs(120);

/// How a life of the program ended.
enum Ended {
    /// It was told to stop, or nobody reads anything any more.
    Stopped,
    /// Its state turned out to be damaged.
    Broken(Broken),
}

/// Runs until SIGTERM or SIGINT: with its state, and without one while it cannot be used.
///
/// # Errors
/// A part that cannot be built, or another instance.
pub(super) async fn run(settings: Settings) -> anyhow::Result<Exit> {
    let stop = CancellationToken::new();
    let mut told = None;
    let mut opened = own::open(&settings.base.state_dir).await?;
    loop {
        if told.is_none() {
            told = Some(tokio::spawn(told_to_stop(stop.clone())?));
        }
        let whole = match opened {
            Opened::Whole(whole) => whole,
            Opened::Broken(broken) => match own::live_without(&settings, &broken, &stop).await? {
                Mended::Whole(whole) => whole,
                Mended::Stopped => break,
            },
        };
        match live(&settings, whole, &stop).await? {
            Ended::Stopped => break,
            Ended::Broken(broken) => opened = Opened::Broken(broken),
        }
    }
    if let Some(told) = told {
        told.abort();
    }
    Ok(Exit::Done)
}

async fn live(
    settings: &Settings,
    whole: Whole,
    stop: &CancellationToken,
) -> anyhow::Result<Ended> {
    let Whole { store, lock: _lock } = whole;
    let listener = http::bind(settings.base.http).await?;
    let house = compose::build(&settings.base, settings.approvals.clone(), store).await?;
    let version = Args::from([("version".to_owned(), env!("CARGO_PKG_VERSION").into())]);
    // Ends with this life, also where the program goes on.
    let halt = stop.child_token();
    let _halted = halt.clone().drop_guard();
    let signs = Signs::new();
    let begun = async {
        let (actor, version) = (Actor::system(), version.clone());
        let ops = &house.ops;
        ops.note(&actor, "start-program", "rei-recovery", version)
            .await?;
        let worker = Worker::take_over(house.engine.clone(), &holder(), halt.child_token()).await?;
        anyhow::Ok((worker, http::parts(&house, &signs).await?))
    };
    let (worker, parts) = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            let why = house.store.damaged().now_or_never().ok_or(error)?;
            let broken = Broken::at_work(&settings.base.state_dir, why);
            return Ok(Ended::Broken(broken));
        }
    };
    let mut outward = JoinSet::new();
    if let Some(listener) = listener {
        let parts = Arc::clone(&parts);
        outward.spawn(http::serving(listener, parts, halt.child_token()));
    }
    let words = notify::Words::new(&house.i18n, house.locale);
    let last_word = stop.child_token();
    outward.spawn(notify::tell(parts, words, notify::to_systemd, last_word));
    tracing::info!(state_dir = %settings.base.state_dir.display(), "rei-recovery runs");
    let ended = {
        let working = work(&house, settings, worker, &signs, &halt);
        tokio::pin!(working);
        tokio::select! {
            ended = &mut working => ended,
            why = house.store.damaged() => {
                tracing::error!(why, "the own state is damaged; what is under way is parked");
                halt.cancel();
                // What cannot be written any more must not keep the group from learning of it.
                if tokio::time::timeout(FAREWELL, working).await.is_err() {
                    // What may still be at work must not go on beside another life.
                    anyhow::bail!("the own state is damaged, and what is under way does not end");
                }
                Ok(Ended::Broken(Broken::at_work(&settings.base.state_dir, why)))
            }
        }
    };
    if matches!(ended, Ok(Ended::Broken(_))) {
        outward.abort_all();
    } else {
        stop.cancel();
        // Written before the messages' last chance, so that the group may still read it.
        house
            .ops
            .note(&Actor::system(), "stop-program", "rei-recovery", version)
            .await?;
    }
    halt.cancel();
    while outward.join_next().await.is_some() {}
    ended
}

async fn work(
    house: &House,
    settings: &Settings,
    worker: Worker,
    signs: &Signs,
    stop: &CancellationToken,
) -> anyhow::Result<Ended> {
    let chat = telegram::serve(
        super::chat::parts(house, settings, Arc::clone(&signs.telegram))?,
        stop.child_token(),
    );
    let mut chat = tokio::spawn(chat);
    let mut beside = beside(house, settings, stop)?;
    let worker = signs.worker.follow(worker.run(house.store.changes()));
    tokio::pin!(worker);
    let result = tokio::select! {
        result = &mut worker => result,
        // Nobody would read anything any more: whoever started this program starts it anew.
        ended = &mut chat => {
            stop.cancel();
            worker.await?;
            ended?;
            return Ok(Ended::Stopped);
        }
    };
    stop.cancel();
    chat.await?;
    while let Some(ended) = beside.join_next().await {
        ended?;
    }
    result?;
    Ok(Ended::Stopped)
}

/// What goes on beside worker and chat.
fn beside(
    house: &House,
    settings: &Settings,
    stop: &CancellationToken,
) -> anyhow::Result<JoinSet<()>> {
    let mut beside = JoinSet::new();
    beside.spawn(own::watch(house, settings, stop.child_token())?);
    if let Some(every) = settings.base.objectives.interval {
        let parts = house.monitor.clone();
        beside.spawn(engine::monitor(parts, every, stop.child_token()));
    }
    beside.spawn(engine::calendar(house.calendar.clone(), stop.child_token()));
    beside.spawn(engine::keep_checklists(
        house.keeper.clone(),
        house.store.changes(),
        stop.child_token(),
    ));
    beside.spawn(engine::keep_cases(
        house.cases.clone(),
        house.store.changes(),
        stop.child_token(),
    ));
    let copies = house.own_copies.clone();
    beside.spawn(engine::keep_own_copies(copies, stop.child_token()));
    Ok(beside)
}

/// Who holds the lease, for people.
pub(super) fn holder() -> String {
    format!("pid {}", std::process::id())
}

/// Cancels on SIGTERM (systemd's stop), SIGINT (a person's) and SIGHUP (his connection broke).
pub(super) fn told_to_stop(stop: CancellationToken) -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        tracing::info!("told to stop");
        stop.cancel();
    })
}
