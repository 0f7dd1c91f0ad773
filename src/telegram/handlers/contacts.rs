//! Contacts: the command, its buttons, and what an admin types.

use super::presses::Press;
use super::{Asked, Handled, answers, explain, refusal, reply};
use crate::domain::contacts::{Contact, Field};
use crate::domain::failure::Arg;
use crate::domain::ids::RoleId;
use crate::ops::OpsError;
use crate::ports::journal::StateError;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::Dialogue;
use crate::telegram::paper::ContactAct;
use crate::telegram::render::{Card, View, contacts};

/// What takes something away instead of writing it.
const NOTHING: &str = "-";

/// `/contacts`.
pub(super) async fn command(chat: &Chat, view: &View<'_>, asked: &Asked) -> Handled {
    let card = list(chat, view).await;
    reply(chat, asked, &card).await
}

async fn list(chat: &Chat, view: &View<'_>) -> Card {
    match chat.ops.contacts().await {
        Ok(directory) => contacts::list(view, &directory),
        Err(error) => refusal(view, &error),
    }
}

/// A button of the contacts.
pub(super) async fn act(chat: &Chat, view: &View<'_>, press: &Press, act: ContactAct) -> Handled {
    let there = chat.view(chat.language_in(press.chat).await?);
    let card = match act {
        ContactAct::Page => {
            let paged = chat.ops.page_on_call(&press.actor).await;
            let told = paged.as_ref().map(|_| view.word("contacts-paged-toast"));
            return answers::answer(chat, view, press, told).await;
        }
        ContactAct::List => list(chat, &there).await,
        editing => {
            if !answers::may_request(chat, view, press, "/contacts").await? {
                return Ok(());
            }
            match editing {
                ContactAct::Field { role, field } => {
                    return ask(chat, view, press, (&role, field)).await;
                }
                ContactAct::Reset { role } => {
                    match chat.ops.reset_contact(&press.actor, &role).await {
                        Ok(_) => one(chat, &there, &role).await,
                        Err(error) => refusal(&there, &error),
                    }
                }
                ContactAct::Role { role } => one(chat, &there, &role).await,
                _ => match chat.ops.contacts().await {
                    Ok(directory) => contacts::roles(&there, &directory),
                    Err(error) => refusal(&there, &error),
                },
            }
        }
    };
    chat.sender.answer(&press.query, "", false).await;
    chat.change(press.chat, press.message, &card).await
}

/// One role as it stands now.
async fn one(chat: &Chat, view: &View<'_>, role: &RoleId) -> Card {
    let directory = match chat.ops.contacts().await {
        Ok(directory) => directory,
        Err(error) => return refusal(view, &error),
    };
    match directory.of(role) {
        Some(contact) => contacts::role(view, &directory, contact),
        None => refusal(view, &OpsError::UnknownRole(role.to_string())),
    }
}

async fn contact(chat: &Chat, role: &RoleId) -> Result<Contact, OpsError> {
    let directory = chat.ops.contacts().await?;
    let found = directory.of(role).cloned();
    found.ok_or_else(|| OpsError::UnknownRole(role.to_string()))
}

async fn ask(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (role, field): (&RoleId, Field),
) -> Handled {
    let there = chat.view(chat.language_in(press.chat).await?);
    let title = match contact(chat, role).await {
        Ok(contact) => there.wording(&contact.title),
        Err(error) => return answers::answer(chat, view, press, Err(&error)).await,
    };
    let dialogue = Dialogue::Contact {
        role: role.clone(),
        field,
    };
    let key = format!("contact-ask-{}", field.as_str());
    let values = [("title", Arg::from(title))];
    answers::ask(chat, view, press, &dialogue, (&there, &key, values)).await
}

/// What was typed. What cannot be kept leaves the question open.
pub(super) async fn take(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (role, field): (&RoleId, Field),
    typed: &str,
) -> Result<Card, StateError> {
    let typed = Some(typed.trim()).filter(|typed| *typed != NOTHING);
    let edited = chat.ops.edit_contact(&asked.actor, role, (field, typed));
    Ok(match edited.await {
        Ok(_) => {
            chat.end(asked.chat, &asked.actor).await?;
            one(chat, view, role).await
        }
        Err(error @ OpsError::InvalidContact(_)) => refusal(view, &error),
        Err(error) => {
            chat.end(asked.chat, &asked.actor).await?;
            let why = Arg::from(explain(view, &error));
            let html = view.tell("answer-late", [("why", why)]);
            crate::telegram::render::menu::text(view, html)
        }
    })
}
