//! `run`: bot and worker until they are told to stop.

use super::compose::{self, House};
use super::http::{self, Signs};
use super::notify;

use crate::cli::Exit;
use crate::config::Settings;
use crate::domain::Timestamp;
use crate::domain::failure::Args;
use crate::domain::operator::Actor;
use crate::engine::{self, Worker};
use crate::store::InstanceLock;
use crate::telegram;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// A part that cannot be built, or a state that cannot be used.
pub(super) async fn run(settings: Settings) -> anyhow::Result<Exit> {
    let _lock = InstanceLock::take(
        &settings.base.state_dir,
        "rei-recovery run",
        Timestamp::now(),
    )?;
    let listener = http::bind(settings.base.http).await?;
    let house = compose::build(&settings.base, settings.approvals.clone()).await?;
    let stop = CancellationToken::new();
    let told = tokio::spawn(told_to_stop(stop.clone())?);
    let version = Args::from([("version".to_owned(), env!("CARGO_PKG_VERSION").into())]);
    house
        .ops
        .note(
            &Actor::system(),
            "start-program",
            "rei-recovery",
            version.clone(),
        )
        .await?;
    let worker = Worker::take_over(house.engine.clone(), &holder(), stop.child_token()).await?;
    let signs = Signs::new();
    let parts = http::parts(&house, &signs).await?;
    if let Some(listener) = listener {
        http::serve(listener, Arc::clone(&parts), stop.child_token());
    }
    let words = notify::Words::new(&house.i18n, house.locale);
    let told_manager = notify::tell(parts, words, notify::to_systemd, stop.child_token());
    tokio::spawn(told_manager);
    tracing::info!(state_dir = %settings.base.state_dir.display(), "rei-recovery runs");
    let ended = work(&house, &settings, worker, &signs, &stop).await;
    // Written before the messages' last chance, so that the group may still read it.
    house
        .ops
        .note(&Actor::system(), "stop-program", "rei-recovery", version)
        .await?;
    told.abort();
    ended
}

async fn work(
    house: &House,
    settings: &Settings,
    worker: Worker,
    signs: &Signs,
    stop: &CancellationToken,
) -> anyhow::Result<Exit> {
    let chat = telegram::serve(
        super::chat::parts(house, settings, Arc::clone(&signs.telegram))?,
        stop.child_token(),
    );
    let mut chat = tokio::spawn(chat);
    let watched = settings.base.objectives.interval.map(|every| {
        tokio::spawn(engine::monitor(
            house.monitor.clone(),
            every,
            stop.child_token(),
        ))
    });
    let calendar = engine::calendar(house.calendar.clone(), stop.child_token());
    let calendar = tokio::spawn(calendar);
    let papers = tokio::spawn(engine::keep_checklists(
        house.keeper.clone(),
        house.store.changes(),
        stop.child_token(),
    ));
    let cases = tokio::spawn(engine::keep_cases(
        house.cases.clone(),
        house.store.changes(),
        stop.child_token(),
    ));
    let worker = signs.worker.follow(worker.run(house.store.changes()));
    tokio::pin!(worker);
    let result = tokio::select! {
        result = &mut worker => result,
        // Nobody would read anything any more: whoever started this program starts it anew.
        ended = &mut chat => {
            stop.cancel();
            worker.await?;
            ended?;
            return Ok(Exit::Done);
        }
    };
    stop.cancel();
    chat.await?;
    calendar.await?;
    cases.await?;
    if let Some(watched) = watched {
        watched.await?;
    }
    papers.await?;
    result?;
    Ok(Exit::Done)
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
