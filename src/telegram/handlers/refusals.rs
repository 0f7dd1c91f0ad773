//! Those who may not. Every attempt stands in the audit trail; only the first is shouted.

use super::{Asked, Handled, state};
use crate::domain::operator::Actor;
use crate::telegram::chat::Chat;
use crate::telegram::commands::{Command, Written};
use crate::telegram::render::menu;
use std::sync::Arc;

/// A stranger's message: one refusal in private, silence in groups.
pub async fn stranger(chat: Arc<Chat>, asked: Asked, written: Option<Written>) -> Handled {
    let subject = written
        .as_ref()
        .map_or("message", |written| written.text.as_str());
    if !asked.private && !concerns_us(&asked, written.as_ref()) {
        return Ok(());
    }
    let first = chat.first_refusal(asked.actor.id, &asked.actor).await?;
    chat.ops
        .note_stranger(&asked.actor, "command", subject, first)
        .await
        .map_err(state)?;
    if first && asked.private {
        let view = chat.view(super::locale(&chat, &asked).await?);
        let html = view.tell("stranger", [("id", asked.actor.id.to_string().into())]);
        super::reply(&chat, &asked, &menu::text(&view, html)).await?;
    }
    Ok(())
}

/// An anonymous administrator's command: told once in this group how to stop being anonymous.
pub async fn anonymous(chat: Arc<Chat>, asked: Asked, written: Option<Written>) -> Handled {
    let Some(written) = written.filter(|written| concerns_us(&asked, Some(written))) else {
        return Ok(());
    };
    let first = chat.first_refusal(asked.chat, &asked.actor).await?;
    let subject = (written.text.as_str(), "anonymous");
    chat.ops
        .note_refused(&asked.actor, "command", subject, first)
        .await
        .map_err(state)?;
    if first {
        let view = chat.view(super::locale(&chat, &asked).await?);
        let card = menu::text(&view, view.say("anonymous"));
        super::reply(&chat, &asked, &card).await?;
    }
    Ok(())
}

/// In a group other people's talk and other bots' commands are nobody's attempt.
fn concerns_us(asked: &Asked, written: Option<&Written>) -> bool {
    written.is_some_and(|written| {
        asked.private || written.addressed || written.command != Command::Unknown
    })
}

/// A press that is none of ours: by a stranger, forged, or carried over from another chat.
pub(super) async fn press(chat: &Chat, actor: &Actor, why: &str) -> Handled {
    let announce = if chat.ops.profile().policy.access.knows(actor) {
        true
    } else {
        chat.first_refusal(actor.id, actor).await?
    };
    chat.ops
        .note_refused(actor, "press", ("button", why), announce)
        .await
        .map_err(state)
}
