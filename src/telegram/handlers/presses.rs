//! Presses. Each is answered at once, and decided anew by who pressed, where, and what still holds.

use super::answers::Wish;
use super::{Handled, answers, cases, chores, commands, drill, glass, notices, refusals};
use crate::domain::operator::Actor;
use crate::ops::{OpsError, RETRY_FAILED, RetryWish};
use crate::ports::people::Button;
use crate::telegram::access::{self, Caller};
use crate::telegram::chat::Chat;
use crate::telegram::intent::Intent;
use crate::telegram::keyboard::{self, Data};
use crate::telegram::render::{View, backups};
use std::sync::Arc;
use std::time::Duration;
use teloxide::types::{CallbackQuery, CallbackQueryId};

/// A press that may go on.
#[derive(Clone, Debug)]
pub struct Press {
    /// Who.
    pub actor: Actor,
    /// The press itself, to answer it.
    pub query: CallbackQueryId,
    /// In which chat.
    pub chat: i64,
    /// Below which message.
    pub message: i32,
}

/// A press on any button.
pub async fn press(chat: Arc<Chat>, query: CallbackQuery) -> Handled {
    let access = &chat.ops.profile().policy.access;
    let (actor, known) = match access::of_user(&query.from, access) {
        Caller::Operator(actor) => (actor, true),
        Caller::Stranger(actor) | Caller::Anonymous(actor) => (actor, false),
    };
    let view = chat.view(chat.language(actor.id).await?);
    let refuse = async |why: &str, key: &str| {
        // Written down first: whoever reads the refusal finds it in the trail.
        let noted = refusals::press(&chat, &actor, why).await;
        chat.sender.answer(&query.id, &view.word(key), true).await;
        noted
    };
    if !known {
        return refuse("not-allowed", "error-not-allowed").await;
    }
    let nonce = match keyboard::read(query.data.as_deref()) {
        Data::Nonce(nonce) => nonce,
        Data::OtherVersion => return refuse("unknown-button", "button-version").await,
        Data::Foreign => return refuse("unknown-button", "button-unknown").await,
    };
    let Some(button) = chat.people.pressed(nonce).await? else {
        return refuse("unknown-button", "button-unknown").await;
    };
    let Some((intent, press)) = accept(&chat, &query, &button, &actor).await? else {
        return refuse("other-chat", "button-elsewhere").await;
    };
    let acted = act(&chat, &view, &press, intent).await;
    if let Err(error) = &acted {
        // Nobody shall wait for an answer in vain; a press that had one keeps it.
        let failed = OpsError::State(error.to_string());
        let text = super::explain(&view, &failed);
        chat.sender.answer(&press.query, &text, true).await;
    }
    acted
}

/// The press, if the button belongs to the chat it was pressed in.
async fn accept(
    chat: &Chat,
    query: &CallbackQuery,
    button: &Button,
    actor: &Actor,
) -> Result<Option<(Intent, Press)>, crate::ports::journal::StateError> {
    let Some(message) = &query.message else {
        return Ok(None);
    };
    let pressed = message.chat().id.0;
    // A group that migrated is the same group.
    if chat.resolve(button.chat).await? != chat.resolve(pressed).await? {
        return Ok(None);
    }
    let intent = serde_json::from_str(&button.intent).ok();
    Ok(intent.map(|intent| {
        let press = Press {
            actor: actor.clone(),
            query: query.id.clone(),
            chat: pressed,
            message: message.id().0,
        };
        (intent, press)
    }))
}

async fn act(chat: &Chat, view: &View<'_>, press: &Press, intent: Intent) -> Handled {
    match intent {
        Intent::Approve { request } => answers::approve(chat, view, press, &request).await,
        Intent::BreakGlass { request } => glass::press(chat, view, press, &request).await,
        Intent::Deny { request } => answers::deny(chat, view, press, &request).await,
        Intent::Answer {
            run,
            position,
            choice,
        } => answers::choose(chat, view, press, (run, position, choice)).await,
        Intent::ApproveNotice { request } => notices::approve(chat, view, press, &request).await,
        Intent::DenyNotice { request } => notices::deny(chat, view, press, &request).await,
        Intent::Case { case, act } => cases::act(chat, view, press, (case, act)).await,
        Intent::OpenCase => cases::open(chat, view, press).await,
        Intent::Notice { campaign, act } => notices::act(chat, view, press, (campaign, act)).await,
        Intent::Checklist {
            checklist,
            live,
            act,
        } => super::checklist::act(chat, view, press, (checklist, live, act)).await,
        Intent::Contacts { act } => super::contacts::act(chat, view, press, act).await,
        Intent::Abort { run } => answers::abort(chat, view, press, run).await,
        Intent::Language { code } => answers::language(chat, press, &code).await,
        Intent::Mute { incident } => answers::mute(chat, view, press, incident).await,
        Intent::Unmute { incident } => answers::unmute(chat, view, press, incident).await,
        Intent::Chore { ask } => chores::ask(chat, view, press, ask).await,
        Intent::CancelChore { chore } => chores::cancel(chat, view, press, chore).await,
        look => show(chat, view, press, look).await,
    }
}

/// Presses that only look, or lead to a plan. The list in the chat is in the chat's language.
async fn show(chat: &Chat, view: &View<'_>, press: &Press, intent: Intent) -> Handled {
    let there = chat.view(chat.language_in(press.chat).await?);
    let place = (press.chat, Some(press.message));
    match intent {
        Intent::Refresh => {
            chat.sender.answer(&press.query, "", false).await;
            let card = commands::current(chat, &there).await;
            chat.change(press.chat, press.message, &card).await
        }
        Intent::Status => {
            chat.sender.answer(&press.query, "", false).await;
            let card = commands::current(chat, &there).await;
            chat.say(press.chat, &card).await.map(drop)
        }
        Intent::Details { topic } => {
            chat.sender.answer(&press.query, "", false).await;
            let card = commands::details(chat, &there, topic).await;
            chat.change(press.chat, press.message, &card).await
        }
        Intent::Picture => {
            chat.sender.answer(&press.query, "", false).await;
            commands::picture(chat, &there, press.chat).await
        }
        Intent::PaymentsFile => super::payments::file(chat, &there, press).await,
        Intent::Trends => {
            chat.sender.answer(&press.query, "", false).await;
            super::trends::show(chat, &there, press.chat).await
        }
        Intent::Backups { page } => {
            chat.sender.answer(&press.query, "", false).await;
            let list = chat.ops.holdings();
            let message = Some(press.message);
            commands::listed(chat, &there, press.chat, message, list, |view, list| {
                backups::list(view, list, page)
            })
            .await
        }
        Intent::Spendable => {
            chat.sender.answer(&press.query, "", false).await;
            let (list, to) = (chat.ops.spendable(), press.chat);
            commands::listed(chat, &there, to, None, list, backups::spendable).await
        }
        Intent::Scenario { runbook, page } => {
            if !answers::may_request(chat, view, press, "/recover").await? {
                return Ok(());
            }
            let text = view.word("recover-loading");
            chat.sender.answer(&press.query, &text, false).await;
            commands::scenario(chat, &there, place, &press.actor, (&runbook, page)).await
        }
        Intent::DrillPlan { runbook } => drill::plan(chat, (view, &there), press, runbook).await,
        Intent::RetryList { last } => {
            chat.sender.answer(&press.query, "", false).await;
            commands::retry_list(chat, &there, place, last.map(Duration::from_secs)).await
        }
        Intent::Retry {
            last,
            provider,
            error,
        } => {
            let wish = RetryWish {
                last: last.map(Duration::from_secs),
                provider,
                error,
            };
            retry(chat, (view, &there), press, wish).await
        }
        Intent::Pick { runbook, backup } => {
            if !answers::may_request(chat, view, press, "/recover").await? {
                return Ok(());
            }
            let text = view.word("recover-planning");
            chat.sender.answer(&press.query, &text, false).await;
            answers::propose(
                chat,
                &there,
                place,
                &press.actor,
                (&runbook, Wish::Backup(backup)),
            )
            .await
        }
        _ => Ok(()),
    }
}

/// These failed jobs are wanted back: their plan is made.
async fn retry(
    chat: &Chat,
    (view, there): (&View<'_>, &View<'_>),
    press: &Press,
    wish: RetryWish,
) -> Handled {
    if !answers::may_request(chat, view, press, "/retry_failed").await? {
        return Ok(());
    }
    let Ok(runbook) = RETRY_FAILED.parse() else {
        return Ok(());
    };
    let text = view.word("recover-planning");
    chat.sender.answer(&press.query, &text, false).await;
    let place = (press.chat, Some(press.message));
    let wish = (&runbook, Wish::Jobs(wish));
    answers::propose(chat, there, place, &press.actor, wish).await
}
