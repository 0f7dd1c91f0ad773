//! What people type when they are asked something.

use super::{Asked, Handled, ask_again, explain, is_of_others, not_heard, reply};
use crate::domain::approval::{Consent, Refusal};
use crate::domain::choice::Choice;
use crate::domain::failure::Arg;
use crate::domain::ids::{RequestId, RunId};
use crate::ops::{Answer, OpsError};
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::{Dialogue, Heard, Lets};
use crate::telegram::render::{View, menu};
use std::sync::Arc;
use teloxide::types::Message;

/// Longest reason kept, in characters.
const REASON: usize = 300;

/// A text of an operator that is no command.
pub async fn text(chat: Arc<Chat>, asked: Asked, typed: String, message: Message) -> Handled {
    // In a group people talk to each other: only an answer to this bot's question is for it.
    if !asked.private && asked.answers.is_none() {
        return Ok(());
    }
    let dialogue = match chat.heard(asked.chat, &asked.actor, asked.answers).await? {
        Heard::Answer(dialogue) => dialogue,
        Heard::Unasked if asked.private => {
            let view = chat.view(super::locale(&chat, &asked).await?);
            let card = menu::text(&view, view.say("text-unknown"));
            return reply(&chat, &asked, &card).await;
        }
        Heard::Unasked => return Ok(()),
        heard => return not_heard(&chat, &asked, &heard).await,
    };
    // A notice may be made of what another wrote, and an incident told by it; nothing is decided by it.
    let material = matches!(dialogue, Dialogue::Notice { .. } | Dialogue::Case { .. });
    if is_of_others(&message) && !material {
        let view = chat.view(super::locale(&chat, &asked).await?);
        let card = menu::text(&view, view.say("text-forwarded"));
        return reply(&chat, &asked, &card).await;
    }
    answered(&chat, &asked, (dialogue, &typed), &message).await
}

/// An answer. Where it could not be taken, the question stays open and its answer is repeated as a reply
/// to what is said here.
async fn answered(
    chat: &Chat,
    asked: &Asked,
    (dialogue, typed): (Dialogue, &str),
    message: &Message,
) -> Handled {
    let view = chat.view(super::locale(chat, asked).await?);
    let html = match &dialogue {
        Dialogue::Code { request, lets } => {
            let given = (request, lets.clone(), typed);
            return super::code::take(chat, &view, asked, given).await;
        }
        Dialogue::Glass { request } => {
            super::glass::reason(chat, &view, asked, (request, typed)).await?
        }
        Dialogue::Word { request } => word(chat, &view, asked, (request, typed)).await?,
        Dialogue::Reason { run, position } => {
            reason(chat, &view, asked, (*run, *position, typed)).await?
        }
        Dialogue::NoticeWord { request } => {
            notice_word(chat, &view, asked, (request, typed)).await?
        }
        Dialogue::Waive {
            checklist,
            line,
            turn,
        } => {
            let place = (*checklist, line, *turn);
            super::checklist::waive(chat, &view, asked, place, typed).await?
        }
        Dialogue::Contact { role, field } => {
            let card = super::contacts::take(chat, &view, asked, (role, *field), typed).await?;
            return ask_again(chat, asked, (&dialogue, &card)).await;
        }
        Dialogue::Notice { campaign, wants } => {
            return super::notices::take(chat, asked, (*campaign, wants.clone()), message).await;
        }
        Dialogue::Case { case, wants } => {
            return super::cases::take(chat, asked, (*case, wants.clone()), message).await;
        }
        Dialogue::Refused => return Ok(()),
    };
    ask_again(chat, asked, (&dialogue, &menu::text(&view, html))).await
}

async fn word(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (request, typed): (&RequestId, &str),
) -> Result<String, crate::ports::journal::StateError> {
    chat.end(asked.chat, &asked.actor).await?;
    let expected = match chat.ops.word_for(&asked.actor, request).await {
        Ok(expected) => expected,
        Err(error) => return Ok(late(view, &error)),
    };
    let wrong = is_wrong(expected.as_deref(), typed);
    let consent = consent(wrong);
    let decided = chat
        .ops
        .approve_or_ask(&asked.actor, request, consent)
        .await;
    if matches!(decided, Err(OpsError::Refused(Refusal::CodeNeeded))) {
        let lets = Lets::Gate { word: true };
        return super::code::ask_typed(chat, view, asked, (request, lets)).await;
    }
    Ok(word_told(view, wrong, decided.map(drop)))
}

fn is_wrong(expected: Option<&str>, typed: &str) -> bool {
    expected.is_some_and(|word| typed.trim().to_lowercase() != word.to_lowercase())
}

fn word_told(view: &View<'_>, wrong: bool, decided: Result<(), OpsError>) -> String {
    match decided {
        Ok(()) => view.say("word-done"),
        Err(_) if wrong => view.say("word-wrong"),
        Err(error) => late(view, &error),
    }
}

/// A wrong word is a press without a word: refused, and written down as that.
fn consent(wrong: bool) -> Consent {
    if wrong {
        Consent::Pressed
    } else {
        Consent::Typed
    }
}

async fn notice_word(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (request, typed): (&RequestId, &str),
) -> Result<String, crate::ports::journal::StateError> {
    chat.end(asked.chat, &asked.actor).await?;
    let expected = match chat.ops.notice_word(&asked.actor, request).await {
        Ok(expected) => expected,
        Err(error) => return Ok(late(view, &error)),
    };
    let wrong = is_wrong(expected.as_deref(), typed);
    let consent = consent(wrong);
    let decided = chat
        .ops
        .approve_notice_or_ask(&asked.actor, request, consent);
    let decided = decided.await;
    if matches!(decided, Err(OpsError::Refused(Refusal::CodeNeeded))) {
        let lets = Lets::Notice { word: true };
        return super::code::ask_typed(chat, view, asked, (request, lets)).await;
    }
    Ok(word_told(view, wrong, decided.map(drop)))
}

async fn reason(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (run, position, typed): (RunId, u64, &str),
) -> Result<String, crate::ports::journal::StateError> {
    let Some(reason) = reason_of(typed) else {
        return Ok(view.say("error-reason-needed"));
    };
    chat.end(asked.chat, &asked.actor).await?;
    let answer = Answer {
        run,
        position,
        choice: Choice::Skip,
        reason: Some(reason),
    };
    Ok(match chat.ops.choose(&asked.actor, answer).await {
        Ok(_) => view.say("skip-done"),
        Err(error) => late(view, &error),
    })
}

/// A reason, as long as one is kept; nothing where nothing was said.
pub(super) fn reason_of(typed: &str) -> Option<String> {
    let reason: String = typed.trim().chars().take(REASON).collect();
    (!reason.is_empty()).then_some(reason)
}

pub(super) fn late(view: &View<'_>, error: &OpsError) -> String {
    view.tell("answer-late", [("why", Arg::from(explain(view, error)))])
}
