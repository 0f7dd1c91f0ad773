//! Taking updates in, for as long as the program runs.

use super::chat::Chat;
use super::door::{Door, Guarded};
use super::{commands, schema, send};
use crate::i18n::Locale;
use std::sync::Arc;
use std::time::Duration;
use teloxide::payloads::SetMyCommandsSetters;
use teloxide::prelude::Requester;
use teloxide::update_listeners::Polling;
use teloxide::{Bot, RequestError, dispatching::Dispatcher};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The longest pause between two tries while Telegram is down.
const LONGEST: u64 = 15;

/// How long Telegram keeps a request for updates open. Shorter than the client's own limit.
const OPEN: Duration = Duration::from_secs(10);

/// Updates of one person that may wait for a slow handler before everybody waits.
const QUEUE: usize = 1024;

/// At the end, handlers get this long to finish.
const GRACE: Duration = Duration::from_secs(5);

/// Takes updates in until it is told to stop, whatever Telegram does.
pub(super) async fn run(bot: Bot, chat: Arc<Chat>, cancel: CancellationToken) {
    let door = Arc::new(Door::new(&bot));
    tokio::join!(
        listen(bot, &chat, &door, &cancel),
        door.report(&chat, cancel.clone())
    );
}

async fn listen(bot: Bot, chat: &Arc<Chat>, door: &Arc<Door>, cancel: &CancellationToken) {
    let menu = tokio::spawn(publish(bot.clone(), Arc::clone(chat), cancel.clone()));
    let mut failures = 0;
    while !cancel.is_cancelled() {
        match serve(&bot, (chat, door), cancel).await {
            Ended::Asked => break,
            Ended::Unreachable => {
                chat.line.failed();
                failures += 1;
            }
            Ended::Served => failures = 0,
        }
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(pause(failures)) => {}
        }
    }
    menu.abort();
}

enum Ended {
    /// The program stops.
    Asked,
    /// Telegram did not even say who this bot is.
    Unreachable,
    /// The library ended by itself; it is begun again.
    Served,
}

async fn serve(
    bot: &Bot,
    (chat, door): (&Arc<Chat>, &Arc<Door>),
    cancel: &CancellationToken,
) -> Ended {
    let mut dispatcher = Dispatcher::builder(bot.clone(), schema::tree())
        .dependencies(schema::dependencies(chat))
        .distribution_function(schema::key)
        .worker_queue_size(QUEUE)
        .error_handler(Arc::new(schema::unhandled))
        .default_handler(|_| async {})
        .build();
    let token = dispatcher.shutdown_token();
    let listener = Polling::builder(bot.clone())
        .timeout(OPEN)
        .backoff_strategy(Box::new(pause))
        .build();
    let listener = Guarded {
        inner: listener,
        door: Arc::clone(door),
        chat: Arc::clone(chat),
    };
    // In a task of its own: a defect in the library must not end the bot.
    let line = Arc::clone(&chat.line);
    let mut task = tokio::spawn(async move {
        let errors = Arc::new(move |error: RequestError| {
            line.failed();
            tracing::warn!(error = send::explain(&error), "no updates from Telegram");
            std::future::ready(())
        });
        dispatcher
            .try_dispatch_with_listener(listener, errors)
            .await
    });
    tokio::select! {
        ended = &mut task => match ended {
            Ok(Ok(())) => Ended::Served,
            Ok(Err(error)) => {
                tracing::warn!(error = send::explain(&error), "Telegram is not reached");
                Ended::Unreachable
            }
            Err(error) => {
                tracing::error!(%error, "taking updates in broke off; it is begun again");
                Ended::Unreachable
            }
        },
        () = cancel.cancelled() => {
            // Fails only before the first update was asked for, when there is nothing to finish.
            if let Ok(finished) = token.shutdown() {
                let _ = tokio::time::timeout(GRACE, finished).await;
            }
            stop(task).await;
            Ended::Asked
        }
    }
}

async fn stop(mut task: JoinHandle<Result<(), RequestError>>) {
    if tokio::time::timeout(Duration::from_millis(200), &mut task)
        .await
        .is_err()
    {
        task.abort();
    }
}

fn pause(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.min(4)).min(Duration::from_secs(LONGEST))
}

/// Puts the commands into the menu of each language, as soon as Telegram is reached.
async fn publish(bot: Bot, chat: Arc<Chat>, cancel: CancellationToken) {
    let mut failures = 0;
    while let Err(error) = menus(&bot, &chat).await {
        tracing::warn!(
            error = send::explain(&error),
            "the menu of commands is not set yet"
        );
        failures += 1;
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(pause(failures)) => {}
        }
    }
    chat.line.worked();
}

async fn menus(bot: &Bot, chat: &Chat) -> Result<(), RequestError> {
    bot.set_my_commands(commands::menu(&chat.i18n, Locale::En))
        .await?;
    let russian = commands::menu(&chat.i18n, Locale::Ru);
    bot.set_my_commands(russian)
        .language_code(Locale::Ru.as_str())
        .await?;
    Ok(())
}
