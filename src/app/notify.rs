//! What the service manager is told: ready, alive, ending.
//!
//! Ready is said when a recovery could be carried out, whether Telegram answers or not: a service that
//! is ended because Telegram is down would not be there for the console either. Alive is what
//! `/healthz` says.

use crate::domain::failure::Args;
use crate::http::{self, HttpParts};
use crate::i18n::{I18n, Locale};
use crate::ports::pulse::LineState;
use sd_notify::NotifyState;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the program is ready, and how it is. A watchdog must allow for
/// several of these.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Ready,
    Alive,
    Status(String),
    Ending,
}

/// How it is, for `systemctl status`.
pub(super) struct Words {
    works: String,
    no_telegram: String,
}

impl Words {
    pub(super) fn new(i18n: &I18n, locale: Locale) -> Self {
        let text = |key| i18n.plain(locale, key, &Args::new());
        Self {
            works: text("service-works"),
            no_telegram: text("service-no-telegram"),
        }
    }

    fn of(&self, line: LineState) -> &str {
        match line {
            LineState::Fine => &self.works,
            LineState::Silent | LineState::Failing(_) => &self.no_telegram,
        }
    }
}

/// Tells it until the program is told to stop.
pub(super) async fn tell(
    parts: Arc<HttpParts>,
    words: Words,
    to: impl Fn(Word),
    stop: CancellationToken,
) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut ready, mut told) = (false, None);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = looks.tick() => {}
        }
        if !ready && http::is_able(&parts).await {
            ready = true;
            to(Word::Ready);
        }
        if http::is_alive(&parts).await {
            to(Word::Alive);
        }
        let status = words.of(parts.telegram.state());
        if told.as_deref() != Some(status) {
            to(Word::Status(status.to_owned()));
            told = Some(status.to_owned());
        }
    }
    to(Word::Ending);
}

/// Says it to systemd; where no manager asked for it nothing happens.
pub(super) fn to_systemd(word: Word) {
    let said = match &word {
        Word::Ready => sd_notify::notify(&[NotifyState::Ready]),
        Word::Alive => sd_notify::notify(&[NotifyState::Watchdog]),
        Word::Status(text) => sd_notify::notify(&[NotifyState::Status(text)]),
        Word::Ending => sd_notify::notify(&[NotifyState::Stopping]),
    };
    if let Err(error) = said {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::clock::SystemClock;
    use crate::ports::journal::Journal;
    use crate::store::Store;
    use std::sync::Mutex;
    use tokio::sync::watch;

    /// The parts over a real state, whose worker has given no sign yet.
    async fn parts(dir: &std::path::Path) -> Arc<HttpParts> {
        let store = Store::open(dir, Arc::new(SystemClock)).unwrap();
        let reign = store.take_lease("this test").await.unwrap();
        Arc::new(HttpParts {
            vitals: Arc::new(store),
            rounds: watch::channel(None).1,
            reign,
            worker: Arc::default(),
            telegram: Arc::default(),
            scraped: Arc::default(),
            clock: Arc::new(SystemClock),
            began: jiff::Timestamp::now(),
            version: "1.2.3",
        })
    }

    fn words() -> Words {
        Words {
            works: "works".to_owned(),
            no_telegram: "alone".to_owned(),
        }
    }

    #[tokio::test]
    async fn ready_waits_for_the_worker_and_not_for_telegram() {
        let dir = tempfile::tempdir().unwrap();
        let parts = parts(dir.path()).await;
        let heard = Arc::new(Mutex::new(Vec::new()));
        let stop = CancellationToken::new();
        let to = {
            let (heard, parts, stop) = (heard.clone(), parts.clone(), stop.clone());
            move |word: Word| {
                heard.lock().unwrap().push(word.clone());
                match word {
                    // Until here nobody worked; from now on somebody does.
                    Word::Status(text) if text == "alone" => parts.worker.beat(),
                    Word::Alive => parts.telegram.worked(),
                    Word::Status(_) => stop.cancel(),
                    _ => {}
                }
            }
        };
        tell(parts, words(), to, stop).await;
        let status = |text: &str| Word::Status(text.to_owned());
        let heard = heard.lock().unwrap();
        let expected = [
            status("alone"),
            Word::Ready,
            Word::Alive,
            status("works"),
            Word::Ending,
        ];
        assert_eq!(*heard, expected);
    }
}
