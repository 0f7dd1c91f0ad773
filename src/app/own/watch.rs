//! Watches whether the state takes writes, and tells the group past it: a message needs no disk.

use crate::app::compose::House;
use crate::config::Settings;
use crate::domain::failure::Args;
use crate::i18n::{I18n, Locale};
use crate::ports::vitals::Vitals;
use crate::store::Store;
use crate::telegram;
use std::sync::Arc;
use std::time::Duration;
use teloxide::Bot;
use tokio_util::sync::CancellationToken;

/// How often it is tried.
const EVERY: Duration = Duration::from_secs(3);
/// So many tries in a row must fail: one alone may be a moment's lock.
const FAILURES: u32 = 2;

struct Watch {
    store: Store,
    bot: Bot,
    team: i64,
    i18n: Arc<I18n>,
    locale: Locale,
    dir: String,
}

/// What watches this house's state until it is told to stop.
///
/// # Errors
/// The HTTP client cannot be made.
pub(in crate::app) fn watch(
    house: &House,
    settings: &Settings,
    stop: CancellationToken,
) -> anyhow::Result<impl Future<Output = ()> + use<>> {
    let watch = Watch {
        store: house.store.clone(),
        bot: telegram::client(&settings.telegram.admin_token, &settings.base.telegram_api)?,
        team: settings.telegram.audit_chat,
        i18n: Arc::clone(&house.i18n),
        locale: house.locale,
        dir: settings.base.state_dir.display().to_string(),
    };
    Ok(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = watch.run() => {}
        }
    })
}

impl Watch {
    async fn run(self) {
        let (mut failures, mut told) = (0_u32, false);
        loop {
            tokio::time::sleep(EVERY).await;
            match self.store.touch().await {
                Ok(()) => {
                    failures = 0;
                    told = told && !self.say("state-written", None).await;
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    if failures >= FAILURES && !told {
                        let cause = error.to_string();
                        tracing::error!(cause, "the own state takes no writes");
                        told = self.say("state-unwritten", Some(cause)).await;
                    }
                }
            }
        }
    }

    /// Tells whether it arrived: what did not is said again.
    async fn say(&self, key: &str, cause: Option<String>) -> bool {
        let mut args = Args::from([("dir".to_owned(), self.dir.as_str().into())]);
        if let Some(cause) = cause {
            args.insert("cause".to_owned(), cause.into());
        }
        let mut html = self.i18n.html(self.locale, key, &args);
        let hint = format!("{key}.hint");
        if self.i18n.has(&hint) {
            html = format!("{html}\n{}", self.i18n.html(self.locale, &hint, &args));
        }
        telegram::say_past_the_outbox(&self.bot, self.team, &html).await
    }
}
