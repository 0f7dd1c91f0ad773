//! Life without a state that can be used: it looks, answers, warns, and says what is to be done. Nothing
//! is begun, for nothing that is begun could be taken up again.
//!
//! The lock is not held meanwhile, so that the console can put a copy in place beside it; a state that
//! can be used again is noticed within seconds.

use super::{Broken, Opened, Whole, identity, open};
use crate::app::compose::{self, House};
use crate::app::http::{self, Signs};
use crate::app::notify::{self, Word};
use crate::config::{BaseSettings, Settings};
use crate::domain::Timestamp;
use crate::domain::failure::Args;
use crate::domain::post::{Owed, Post, Recipient};
use crate::engine;
use crate::ports::clock::SystemClock;
use crate::ports::journal::Outbox;
use crate::ports::own_copies::OwnCopies;
use crate::store::Store;
use crate::tasks::own_copies::Copies;
use crate::telegram;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the state can be used again.
const AGAIN: Duration = Duration::from_secs(5);
/// The service manager's watchdog allows for several of these.
const SIGN: Duration = Duration::from_secs(5);
/// How long the places of copies are waited for.
const LISTING: Duration = Duration::from_secs(20);

/// How it ended.
pub(in crate::app) enum Mended {
    /// The state can be used again.
    Whole(Whole),
    /// It was told to stop.
    Stopped,
}

/// Lives without a state until there is one, or until it is told to stop.
///
/// # Errors
/// A part cannot be built.
pub(in crate::app) async fn live(
    settings: &Settings,
    broken: &Broken,
    stop: &CancellationToken,
) -> anyhow::Result<Mended> {
    let base = &settings.base;
    tracing::error!(
        why = broken.why,
        "the own state cannot be used; recoveries are refused"
    );
    let listener = http::bind(base.http).await?;
    let store = Store::standing_in(Arc::new(SystemClock), &broken.why)?;
    let house = compose::build(base, settings.approvals.clone(), store).await?;
    let signs = Signs::new();
    let halt = stop.child_token();
    let mut beside = JoinSet::new();
    if let Some(listener) = listener {
        let parts = http::without_state(&house, &signs);
        beside.spawn(http::serving(listener, parts, halt.clone()));
    }
    beside.spawn(signs_of_life(status(&house), halt.clone()));
    beside.spawn(tell(
        house.store.clone(),
        (told(broken, &house, &base.state_dir), broken.unwritten),
        house.own_copies.places.clone(),
    ));
    if let Some(every) = base.objectives.interval {
        beside.spawn(engine::monitor(house.monitor.clone(), every, halt.clone()));
    }
    let chat = crate::app::chat::parts(&house, settings, Arc::clone(&signs.telegram))?;
    let mut chat = tokio::spawn(telegram::serve(chat, halt.clone()));
    let ended = tokio::select! {
        mended = mended(base, broken) => mended.map(Mended::Whole),
        () = stop.cancelled() => Ok(Mended::Stopped),
        ended = &mut chat => {
            ended?;
            return Ok(Mended::Stopped);
        }
    };
    halt.cancel();
    chat.await?;
    beside.abort_all();
    while beside.join_next().await.is_some() {}
    ended
}

/// Waits until the state can be used.
async fn mended(base: &BaseSettings, broken: &Broken) -> anyhow::Result<Whole> {
    loop {
        tokio::time::sleep(AGAIN).await;
        // The file that turned out to be damaged opens as it did before.
        if broken.file.is_some() && broken.file == identity(&base.state_dir) {
            continue;
        }
        // Whoever puts a copy in place holds the lock until it is there.
        if let Ok(Opened::Whole(whole)) = open(&base.state_dir).await {
            tracing::info!("the own state can be used again");
            return Ok(whole);
        }
    }
}

/// The service is there, though not as it should be: a manager that restarts it mends nothing.
async fn signs_of_life(status: String, stop: CancellationToken) {
    notify::to_systemd(Word::Ready);
    notify::to_systemd(Word::Status(status));
    while !stop.is_cancelled() {
        notify::to_systemd(Word::Alive);
        tokio::time::sleep(SIGN).await;
    }
}

fn status(house: &House) -> String {
    let text = "service-no-state";
    house.i18n.plain(house.locale, text, &Args::new())
}

fn told(broken: &Broken, house: &House, dir: &Path) -> Args {
    let why = ("why".to_owned(), broken.why.as_str().into());
    let at = ("at".to_owned(), house.ops.now().into());
    let dir = dir.display().to_string();
    Args::from([why, at, ("dir".to_owned(), dir.into())])
}

/// The group learns what is wrong, and what there is to mend it with.
async fn tell(store: Store, (mut args, unwritten): (Args, bool), places: Vec<Arc<dyn OwnCopies>>) {
    let asked = tokio::time::timeout(LISTING, Copies::of(&places)).await;
    let copies = asked.unwrap_or_default();
    let newest = copies.choose(None, None, Timestamp::now());
    let key = match newest {
        // A copy is older than what is there: it is no mend for a full disk.
        _ if unwritten => "state-closed",
        Some(_) => "state-broken",
        None => "state-broken-no-copy",
    };
    if let Some(newest) = newest {
        args.insert("copy".to_owned(), newest.time.at().into());
        args.insert("place".to_owned(), newest.place.as_str().into());
    }
    let post = Post::Text {
        key: key.to_owned(),
        args,
    };
    let to = Recipient::Team;
    if let Err(error) = store.push(vec![Owed { to, post }]).await {
        tracing::error!(%error, "the group cannot be told");
    }
}
