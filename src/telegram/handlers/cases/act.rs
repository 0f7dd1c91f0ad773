//! Buttons of an incident's messages.

use super::take::{ask, file_item};
use super::{Handled, may_close, no, shown, told};
use crate::document::{self, Words};
use crate::domain::case::Owner;
use crate::domain::failure::Arg;
use crate::domain::ids::CaseId;
use crate::ops::OpsError;
use crate::telegram::case::{CaseAct, CaseWants};
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::Dialogue;
use crate::telegram::handlers::presses::Press;
use crate::telegram::handlers::refusal;
use crate::telegram::render::{Card, View, case as render, menu};
use jiff::ToSpan;
use std::io::Cursor;
use std::sync::Arc;

/// A button of an incident's message.
pub(in crate::telegram::handlers) async fn act(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, act): (CaseId, CaseAct),
) -> Handled {
    match act {
        CaseAct::Card
        | CaseAct::Timeline
        | CaseAct::Answers
        | CaseAct::Items
        | CaseAct::Page { .. } => look(chat, press, (id, act)).await,
        CaseAct::Show => {
            chat.sender.answer(&press.query, "", false).await;
            let there = chat.view(chat.language_in(press.chat).await?);
            let card = shown(chat, &there, id).await;
            let card = card.unwrap_or_else(|error| refusal(&there, &error));
            chat.say(press.chat, &card).await.map(drop)
        }
        CaseAct::Markdown | CaseAct::Html => {
            let text = view.word("incident-writing");
            chat.sender.answer(&press.query, &text, false).await;
            send(chat, press, (id, act == CaseAct::Html)).await
        }
        CaseAct::Done { item, done } | CaseAct::Finish { item, done } => {
            finish(chat, view, press, (id, &act, item, done)).await
        }
        CaseAct::Close { sure } => close(chat, view, press, (id, sure)).await,
        question => write(chat, view, press, (id, question)).await,
    }
}

/// Buttons that lead to something being written.
async fn write(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, act): (CaseId, CaseAct),
) -> Handled {
    let wants = match act {
        CaseAct::Note => CaseWants::Note,
        CaseAct::NewItem => CaseWants::Item,
        CaseAct::Ask { question } => CaseWants::answer(question),
        CaseAct::Fill => match chat.ops.case(id).await {
            Err(error) => return no(chat, view, press, &error).await,
            Ok(case) => match case.next_question(None).filter(|_| !case.is_complete()) {
                Some(question) => CaseWants::answer(question),
                // Everything that is needed is answered: what is there can be written anew.
                None => return look(chat, press, (id, CaseAct::Answers)).await,
            },
        },
        CaseAct::Skip { question } => return skip(chat, view, press, (id, question)).await,
        CaseAct::Owner { person } => return owner(chat, view, press, (id, person)).await,
        CaseAct::Due { days } => return due(chat, view, press, (id, days)).await,
        _ => {
            chat.end(press.chat, &press.actor).await?;
            return look(chat, press, (id, CaseAct::Answers)).await;
        }
    };
    let text = view.word("toast-type");
    chat.sender.answer(&press.query, &text, false).await;
    ask(chat, (press.chat, &press.actor), (id, wants)).await
}

/// The incident, or a side of it, takes the message's place.
async fn look(chat: &Chat, press: &Press, (id, act): (CaseId, CaseAct)) -> Handled {
    chat.sender.answer(&press.query, "", false).await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let card = match chat.ops.dossier(id).await {
        Err(error) => refusal(&there, &error),
        Ok(dossier) => match act {
            CaseAct::Timeline => render::timeline(&there, &dossier),
            CaseAct::Answers => render::answers(&there, &dossier),
            CaseAct::Items => render::items(&there, &dossier, 0),
            CaseAct::Page { page } => render::items(&there, &dossier, page),
            _ => render::card(&there, &dossier),
        },
    };
    chat.change(press.chat, press.message, &card).await
}

/// The next question after one that is skipped; after the last one what is to be done, then the end.
async fn skip(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, question): (CaseId, Option<crate::domain::case::Question>),
) -> Handled {
    let case = match chat.ops.case(id).await {
        Ok(case) => case,
        Err(error) => return no(chat, view, press, &error).await,
    };
    chat.sender.answer(&press.query, "", false).await;
    let wants = match question {
        None => {
            chat.end(press.chat, &press.actor).await?;
            return look_again(chat, press.chat, id).await;
        }
        Some(question) => match case.next_question(Some(question)) {
            Some(question) => CaseWants::answer(question),
            None => CaseWants::Item,
        },
    };
    ask(chat, (press.chat, &press.actor), (id, wants)).await
}

/// How the document stands after somebody wrote in it.
pub(super) async fn look_again(chat: &Chat, to: i64, id: CaseId) -> Handled {
    let there = chat.view(chat.language_in(to).await?);
    let card = shown(chat, &there, id).await;
    let card = card.unwrap_or_else(|error| refusal(&there, &error));
    chat.say(to, &card).await.map(drop)
}

/// What this person is asked just now about this incident; nothing where that is over.
async fn asked(chat: &Chat, press: &Press, id: CaseId) -> Result<Option<CaseWants>, OpsError> {
    let open = chat.dialogue(press.chat, &press.actor).await?;
    Ok(match open {
        Some(Dialogue::Case { case, wants }) if case == id => Some(wants),
        _ => None,
    })
}

async fn owner(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, person): (CaseId, Option<crate::domain::operator::Actor>),
) -> Handled {
    match asked(chat, press, id).await {
        Ok(Some(CaseWants::Owner { what })) => {
            chat.sender.answer(&press.query, "", false).await;
            let owner = person.map(Owner::Person);
            let wants = CaseWants::Due { what, owner };
            ask(chat, (press.chat, &press.actor), (id, wants)).await
        }
        Ok(_) => late(chat, view, press).await,
        Err(error) => no(chat, view, press, &error).await,
    }
}

async fn due(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, days): (CaseId, Option<u16>),
) -> Handled {
    match asked(chat, press, id).await {
        Ok(Some(CaseWants::Due { what, owner })) => {
            chat.sender.answer(&press.query, "", false).await;
            let today = view.now.to_zoned(view.i18n.zone().clone()).date();
            let day = days.and_then(|days| today.checked_add(i32::from(days).days()).ok());
            let place = (press.chat, &press.actor);
            file_item(chat, place, id, (&what, owner, day)).await
        }
        Ok(_) => late(chat, view, press).await,
        Err(error) => no(chat, view, press, &error).await,
    }
}

/// The question of this button is no longer the one this person is asked.
async fn late(chat: &Chat, view: &View<'_>, press: &Press) -> Handled {
    let text = view.word("incident-question-over");
    chat.sender.answer(&press.query, &text, true).await;
    Ok(())
}

async fn finish(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, act, item, done): (CaseId, &CaseAct, u32, bool),
) -> Handled {
    let result = chat.ops.finish_action(&press.actor, id, (item, done)).await;
    if let Err(error) = result {
        return no(chat, view, press, &error).await;
    }
    let key = if done {
        "incident-toast-done"
    } else {
        "incident-toast-undone"
    };
    let text = view.word(key);
    chat.sender.answer(&press.query, &text, false).await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let card = chat.ops.dossier(id).await.map(|dossier| match act {
        CaseAct::Finish { .. } => reminder(&there, &dossier, item),
        _ => render::items(&there, &dossier, render::page_of(&dossier.case, item)),
    });
    let card = card.unwrap_or_else(|error| refusal(&there, &error));
    chat.change(press.chat, press.message, &card).await
}

fn reminder(view: &View<'_>, dossier: &crate::domain::case::Dossier, item: u32) -> Card {
    match dossier.case.item(item) {
        Some(item) => render::reminder(view, dossier, item),
        None => render::items(view, dossier, 0),
    }
}

async fn close(chat: &Chat, view: &View<'_>, press: &Press, (id, sure): (CaseId, bool)) -> Handled {
    let dossier = match chat.ops.dossier(id).await {
        Ok(dossier) => dossier,
        Err(error) => return no(chat, view, press, &error).await,
    };
    let there = chat.view(chat.language_in(press.chat).await?);
    if dossier.case.is_open() && !sure && !may_close(&dossier.case) {
        chat.sender.answer(&press.query, "", false).await;
        let card = render::close(&there, &dossier);
        return chat.change(press.chat, press.message, &card).await;
    }
    match chat.ops.close_case(&press.actor, id).await {
        Ok(case) => {
            let text = told(view, "incident-closed", &case);
            chat.sender.answer(&press.query, &text, false).await;
            look(chat, press, (id, CaseAct::Card)).await
        }
        Err(error) => no(chat, view, press, &error).await,
    }
}

/// A new incident, by its button. One that was opened meanwhile is shown.
pub(in crate::telegram::handlers) async fn open(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
) -> Handled {
    match chat.ops.open_case(&press.actor, "").await {
        Ok(case) => look(chat, press, (case.id, CaseAct::Card)).await,
        Err(error) => no(chat, view, press, &error).await,
    }
}

/// The document as a file.
async fn send(chat: &Chat, press: &Press, (id, as_html): (CaseId, bool)) -> Handled {
    let there = chat.view(chat.language_in(press.chat).await?);
    let made = match chat.ops.dressed_dossier(id).await {
        Err(error) => {
            return chat
                .say(press.chat, &refusal(&there, &error))
                .await
                .map(drop);
        }
        Ok(dressed) => {
            let (i18n, locale) = (Arc::clone(&chat.i18n), there.locale);
            tokio::task::spawn_blocking(move || {
                let dossier = &dressed.dossier;
                if as_html {
                    return document::page(&i18n, locale, dossier, &dressed.pictures);
                }
                let i18n = i18n.as_ref();
                let written = document::write(&Words { i18n, locale }, dossier);
                Ok(document::markdown(&written))
            })
            .await
        }
    };
    let text = match made {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => return failed(chat, &there, press.chat, &error).await,
        Err(error) => return failed(chat, &there, press.chat, &error).await,
    };
    let ending = if as_html { "html" } else { "md" };
    let number = id.0;
    let name = ["incident", &format!("{number}.{ending}")].join("-");
    let caption = there.tell("incident-file", [("incident", Arg::from(id.to_string()))]);
    let file = (name.as_str(), Cursor::new(text.into_bytes()));
    chat.hand(press.chat, file, &caption).await.map(drop)
}

async fn failed(
    chat: &Chat,
    view: &View<'_>,
    to: i64,
    error: &(dyn std::error::Error + Send + Sync),
) -> Handled {
    tracing::error!(%error, "the document could not be written");
    let sorry = menu::text(view, view.say("incident-file-failed"));
    chat.say(to, &sorry).await.map(drop)
}
