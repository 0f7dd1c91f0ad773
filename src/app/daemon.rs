//! `run`: bot and worker until they are told to stop.

use super::compose::{self, House};
use crate::cli::Exit;
use crate::config::Settings;
use crate::domain::Timestamp;
use crate::domain::failure::Args;
use crate::domain::operator::Actor;
use crate::engine::Worker;
use crate::store::InstanceLock;
use crate::telegram;
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
    let house = compose::build(
        &settings.base,
        settings.approvals.clone(),
        Some(&settings.telegram),
    )
    .await?;
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
    tracing::info!(state_dir = %settings.base.state_dir.display(), "rei-recovery runs");
    let ended = work(&house, &settings, worker, &stop).await;
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
    stop: &CancellationToken,
) -> anyhow::Result<Exit> {
    let chat = tokio::spawn(telegram::serve(
        super::chat::parts(house, settings)?,
        stop.child_token(),
    ));
    let result = worker.run(house.store.changes()).await;
    stop.cancel();
    chat.await?;
    result?;
    Ok(Exit::Done)
}

/// Who holds the lease, for people.
pub(super) fn holder() -> String {
    format!("pid {}", std::process::id())
}

/// Cancels on SIGTERM (systemd's stop) and SIGINT (a person's).
fn told_to_stop(stop: CancellationToken) -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("told to stop");
        stop.cancel();
    })
}
