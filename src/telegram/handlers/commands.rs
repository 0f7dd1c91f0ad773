//! The commands.

use super::answers::Wish;
use super::{Asked, Handled, refusal, reply, state};
use crate::domain::failure::Arg;
use crate::domain::ids::{RunId, RunbookId};
use crate::domain::operator::Actor;
use crate::domain::period;
use crate::domain::run::{Phase, Run};
use crate::ops::{Ops, OpsError, RetryWish};
use crate::picture;
use crate::telegram::chat::Chat;
use crate::telegram::commands::{Command, Written, allows};
use crate::telegram::render::health::Topic;
use crate::telegram::render::{Card, View, audit, backups, jobs, menu, runs, status};
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use teloxide::types::Message;

/// After this long a list that is still being read is announced.
const SOON: Duration = Duration::from_millis(700);

/// What `/retry_failed` looks back without an argument.
const HOUR: Duration = Duration::from_hours(1);

/// Runs shown by `/runs`.
const RUNS: u32 = 10;

/// Entries shown by `/audit` without a number.
const ENTRIES: u32 = 20;

/// A command of an operator.
pub async fn command(chat: Arc<Chat>, asked: Asked, written: Written, message: Message) -> Handled {
    let view = chat.view(super::locale(&chat, &asked).await?);
    if !allows(
        written.command,
        &chat.ops.profile().policy.access,
        &asked.actor,
    ) {
        chat.ops
            .note_stranger(&asked.actor, "command", &written.text, true)
            .await
            .map_err(state)?;
        let card = refusal(&view, &OpsError::NotAllowed);
        return reply(&chat, &asked, &card).await;
    }
    if written.text == "/start" && super::code::again(&chat, &asked).await? {
        return Ok(());
    }
    if let Some(why) = chat.ops.stand_in().filter(|_| needs_state(written.command)) {
        let card = refusal(&view, &OpsError::StandIn(why));
        return reply(&chat, &asked, &card).await;
    }
    let card = match written.command {
        Command::Recover => return recover(&chat, &view, &asked, &written.argument).await,
        Command::Cancel => cancel(&chat, &view, &asked, &written.argument).await?,
        Command::Backups => {
            let list = chat.ops.holdings();
            return listed(&chat, &view, asked.chat, None, list, |view, list| {
                backups::list(view, list, 0)
            })
            .await;
        }
        Command::Checklist => return super::checklist::command(&chat, &view, &asked).await,
        Command::Contacts => return super::contacts::command(&chat, &view, &asked).await,
        Command::Broadcast => {
            return super::notices::command(&chat, &view, &asked, &written.argument).await;
        }
        Command::Incident => {
            let said = (written.argument.as_str(), &message);
            return super::cases::command(&chat, &view, &asked, said).await;
        }
        Command::RetryFailed => {
            return retry(&chat, &view, &asked, &written.argument).await;
        }
        Command::Unknown if !asked.private && !written.addressed => return Ok(()),
        _ => simple(&chat, &view, &asked, &written).await,
    };
    reply(&chat, &asked, &card).await
}

/// Whether it shows or changes what is only known from before.
fn needs_state(command: Command) -> bool {
    !matches!(
        command,
        Command::Status
            | Command::Backups
            | Command::Contacts
            | Command::Language
            | Command::Help
            | Command::Unknown
    )
}

async fn simple(chat: &Chat, view: &View<'_>, asked: &Asked, written: &Written) -> Card {
    match written.command {
        Command::Status => current(chat, view).await,
        Command::Runs => match chat.ops.runs(RUNS).await {
            Ok(found) => runs::list(view, &found),
            Err(error) => refusal(view, &error),
        },
        Command::Payments => match chat.ops.payments().await {
            Ok(found) => jobs::payments(view, &found),
            Err(error) => refusal(view, &error),
        },
        Command::Audit => trail(&chat.ops, view, &written.argument).await,
        Command::Drill => super::drill::command(chat, view, &written.argument).await,
        Command::Language => menu::languages(view),
        Command::Help => menu::help(view, &chat.ops.profile().policy.access, &asked.actor),
        _ => menu::text(view, view.say("command-unknown")),
    }
}

/// `/status`, also behind its button.
pub(super) async fn current(chat: &Chat, view: &View<'_>) -> Card {
    match chat.ops.status().await {
        Ok(found) => {
            let mut card = status::card(view, &found, chat.ops.runbooks());
            if let Some(why) = chat.ops.stand_in() {
                let warned = view.tell("state-left-out", [("cause", why.into())]);
                card.html = format!("{warned}\n\n{}", card.html);
            }
            card
        }
        Err(error) => refusal(view, &error),
    }
}

/// The last 24 hours as a picture.
pub(super) async fn picture(chat: &Chat, view: &View<'_>, to: i64) -> Handled {
    let Some(span) = chat
        .ops
        .last_day()
        .await
        .filter(|span| !span.tracks.is_empty())
    else {
        return chat
            .say(to, &menu::text(view, view.say("picture-none")))
            .await
            .map(drop);
    };
    let caption = view.tell("picture-caption", [("at", Arg::Time(span.until))]);
    let (i18n, locale) = (Arc::clone(&chat.i18n), view.locale);
    let drawn = tokio::task::spawn_blocking(move || picture::day(&span, &i18n, locale)).await;
    match drawn {
        Ok(Ok(png)) => chat.show(to, png, &caption).await,
        Ok(Err(error)) => no_picture(chat, view, to, &error).await,
        Err(error) => no_picture(chat, view, to, &error).await,
    }
}

pub(super) async fn no_picture(
    chat: &Chat,
    view: &View<'_>,
    to: i64,
    error: &(dyn std::error::Error + Send + Sync),
) -> Handled {
    tracing::error!(%error, "the picture could not be drawn");
    let sorry = menu::text(view, view.say("picture-failed"));
    chat.say(to, &sorry).await.map(drop)
}

/// One topic of it.
pub(super) async fn details(chat: &Chat, view: &View<'_>, topic: Topic) -> Card {
    match chat.ops.status().await {
        Ok(found) => status::details(view, &found, topic),
        Err(error) => refusal(view, &error),
    }
}

async fn trail(ops: &Ops, view: &View<'_>, argument: &str) -> Card {
    let wanted = match argument {
        "" => Some(ENTRIES),
        given => given
            .parse()
            .ok()
            .filter(|wanted| (1..=200).contains(wanted)),
    };
    let Some(wanted) = wanted else {
        return menu::text(view, view.say("audit-number-wrong"));
    };
    let entries = match ops.audit_tail(wanted).await {
        Ok(entries) => entries,
        Err(error) => return refusal(view, &error),
    };
    let mut found: BTreeMap<RunId, Run> = BTreeMap::new();
    for id in entries.iter().filter_map(|entry| entry.run) {
        if !found.contains_key(&id)
            && let Ok(run) = ops.run(id).await
        {
            found.insert(id, run);
        }
    }
    let items: Vec<_> = entries
        .iter()
        .map(|entry| audit::Item {
            entry,
            run: entry.run.and_then(|id| found.get(&id)),
        })
        .collect();
    audit::tail(view, &items)
}

async fn recover(chat: &Chat, view: &View<'_>, asked: &Asked, argument: &str) -> Handled {
    if argument.is_empty() {
        let offered: Vec<_> = chat.ops.runbooks().offered().collect();
        let card = menu::scenarios(view, &offered, &chat.ops.suspected());
        return reply(chat, asked, &card).await;
    }
    match argument.parse::<RunbookId>() {
        Ok(id) if chat.ops.runbooks().get(&id).is_some() => {
            scenario(chat, view, (asked.chat, None), &asked.actor, (&id, 0)).await
        }
        _ => {
            let unknown = OpsError::UnknownRunbook(argument.to_owned());
            reply(chat, asked, &refusal(view, &unknown)).await
        }
    }
}

/// A scenario was chosen: its backups are shown, or its plan where it needs none. With a message the
/// list takes its place.
pub(super) async fn scenario(
    chat: &Chat,
    view: &View<'_>,
    (to, message): (i64, Option<i32>),
    actor: &Actor,
    (id, page): (&RunbookId, usize),
) -> Handled {
    let Some(runbook) = chat.ops.runbooks().get(id) else {
        let unknown = OpsError::UnknownRunbook(id.to_string());
        return chat.say(to, &refusal(view, &unknown)).await.map(drop);
    };
    if !runbook.needs_backup() {
        return super::answers::propose(chat, view, (to, message), actor, (id, Wish::None)).await;
    }
    let list = chat.ops.catalogue();
    listed(chat, view, to, message, list, |view, list| {
        backups::choice(view, runbook, list, page)
    })
    .await
}

/// `/retry_failed`: what would go back, with the buttons that let it.
async fn retry(chat: &Chat, view: &View<'_>, asked: &Asked, argument: &str) -> Handled {
    let last = match argument {
        "" => Some(HOUR),
        "all" => None,
        given => match period::parse(given) {
            Ok(length) => Some(length),
            Err(_) => {
                let html = view.tell("retry-argument-wrong", [("given", given.into())]);
                return reply(chat, asked, &menu::text(view, html)).await;
            }
        },
    };
    retry_list(chat, view, (asked.chat, None), last).await
}

/// The preview; it may take a while, so the message comes first.
pub(super) async fn retry_list(
    chat: &Chat,
    view: &View<'_>,
    (to, message): (i64, Option<i32>),
    last: Option<Duration>,
) -> Handled {
    let wish = RetryWish {
        last,
        ..RetryWish::default()
    };
    let mut look = pin!(chat.ops.retry_preview(&wish));
    let mut message = message;
    let found = match tokio::time::timeout(SOON, &mut look).await {
        Ok(found) => found,
        Err(_) => {
            let waiting = menu::text(view, view.say("retry-loading"));
            match message {
                Some(id) => chat.change(to, id, &waiting).await?,
                None => message = chat.say(to, &waiting).await?,
            }
            look.await
        }
    };
    let card = match found {
        Ok(preview) => jobs::retry(view, &preview, last),
        Err(error) => refusal(view, &error),
    };
    match message {
        Some(id) => chat.change(to, id, &card).await,
        None => chat.say(to, &card).await.map(drop),
    }
}

/// Shows a list of backups, and before it that it is being read, if that takes a while.
pub(super) async fn listed<T>(
    chat: &Chat,
    view: &View<'_>,
    to: i64,
    message: Option<i32>,
    reading: impl Future<Output = T>,
    card: impl Fn(&View<'_>, &T) -> Card,
) -> Handled {
    let mut reading = pin!(reading);
    let mut message = message;
    let list = match tokio::time::timeout(SOON, &mut reading).await {
        Ok(list) => list,
        Err(_) => {
            let waiting = menu::text(view, view.say("recover-loading"));
            match message {
                Some(id) => chat.change(to, id, &waiting).await?,
                None => message = chat.say(to, &waiting).await?,
            }
            reading.await
        }
    };
    match message {
        Some(id) => chat.change(to, id, &card(view, &list)).await,
        None => chat.say(to, &card(view, &list)).await.map(drop),
    }
}

async fn cancel(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    argument: &str,
) -> Result<Card, crate::ports::journal::StateError> {
    let open = chat.dialogue(asked.chat, &asked.actor).await?;
    if let Some(dialogue) = open.filter(|dialogue| argument.is_empty() && dialogue.waits()) {
        let goes_on = chat.go_back(asked.chat, &asked.actor, &dialogue).await?;
        let left = view.say("dialogue-left");
        let html = match goes_on {
            true => format!("{left}\n{}", view.say("code-goes-on")),
            false => left,
        };
        return Ok(menu::text(view, html));
    }
    let wanted = match argument {
        "" => None,
        given => match given.to_ascii_uppercase().parse::<RunId>() {
            Ok(run) => Some(run),
            Err(_) => {
                let html = view.tell("run-number-wrong", [("given", given.into())]);
                return Ok(menu::text(view, html));
            }
        },
    };
    Ok(match chat.ops.cancel(&asked.actor, wanted).await {
        Err(error) => refusal(view, &error),
        Ok(run) => {
            let key = match run.phase {
                Phase::Finished(_) => "cancel-withdrawn",
                _ => "cancel-done",
            };
            menu::text(view, view.tell(key, [("run", run.id.to_string().into())]))
        }
    })
}
