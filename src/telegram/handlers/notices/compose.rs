//! Buttons of a notice that is being written.

use super::{Handled, card, counted, explain, refusal, settled, toast, told};
use crate::domain::campaign::ready;
use crate::domain::ids::CampaignId;
use crate::ops::{Part, Previewed};
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::Dialogue;
use crate::telegram::handlers::presses::Press;
use crate::telegram::notice::{Act, Wants};
use crate::telegram::render::{Card, View, notice};
use std::collections::BTreeMap;

pub(super) async fn act(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, act): (CampaignId, Act),
) -> Handled {
    let write = async |part, key| {
        let result = chat.ops.write_notice(&press.actor, id, part).await;
        settled(chat, view, press, result, key).await
    };
    match act {
        Act::Text { language: None } => ask(chat, view, press, (id, Wants::Language)).await,
        Act::Text {
            language: Some(language),
        } => ask(chat, view, press, (id, Wants::Text { language })).await,
        Act::Button => ask(chat, view, press, (id, Wants::Button)).await,
        Act::Write { wants } => ask(chat, view, press, (id, wants)).await,
        Act::Remove { language } => write(Part::Remove(language), "notice-toast-removed").await,
        Act::Fallback { language } => write(Part::Fallback(language), "notice-toast-taken").await,
        Act::NoButton => write(Part::Button(None), "notice-toast-removed").await,
        Act::Ready { word } => lies_ready(chat, view, press, (id, &word)).await,
        Act::Urgent { on } => {
            let result = chat.ops.set_urgent(&press.actor, id, on).await;
            settled(chat, view, press, result, "notice-toast-taken").await
        }
        Act::To { audience } => {
            let result = chat.ops.set_audience(&press.actor, id, audience).await;
            let changed = result.is_ok();
            settled(chat, view, press, result, "notice-toast-counting").await?;
            match changed {
                true => counted(chat, view, (press.chat, &press.actor), id).await,
                false => Ok(()),
            }
        }
        Act::Preview => preview(chat, view, press, id).await,
        Act::Send => send(chat, view, press, id).await,
        Act::Cancel => {
            chat.end(press.chat, &press.actor).await?;
            let result = chat.ops.withdraw_notice(&press.actor, id).await;
            settled(chat, view, press, result, "notice-toast-dropped").await
        }
        menu => show(chat, press, (id, menu)).await,
    }
}

/// One of the menus takes the message's place, or the notice does again.
async fn show(chat: &Chat, press: &Press, (id, menu): (CampaignId, Act)) -> Handled {
    toast(chat, press, "").await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let shown: Result<Card, _> = match menu {
        Act::ReadyList => Ok(notice::ready_list(&there, id)),
        Act::Audience => {
            let campaign = chat.ops.campaign(id).await;
            campaign.map(|campaign| notice::audience(&there, &campaign))
        }
        _ => card(chat, &there, id).await,
    };
    let shown = shown.unwrap_or_else(|error| refusal(&there, &error));
    chat.change(press.chat, press.message, &shown).await
}

/// Asks for something to be written. The question is kept before it goes out: an instant answer must
/// find it.
async fn ask(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (campaign, wants): (CampaignId, Wants),
) -> Handled {
    let found = match chat.ops.campaign(campaign).await {
        Ok(found) if found.requester.is(&press.actor) => found,
        Ok(_) => {
            let text = explain(view, &crate::ops::OpsError::NotYourNotice);
            chat.sender.answer(&press.query, &text, true).await;
            return Ok(());
        }
        Err(error) => return told(chat, view, press.chat, &error).await,
    };
    let dialogue = Dialogue::Notice {
        campaign,
        wants: wants.clone(),
    };
    chat.begin(press.chat, &press.actor, &dialogue).await?;
    toast(chat, press, &view.word("toast-type")).await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let question = notice::question(&there, &found, &wants);
    chat.say(press.chat, &question).await.map(drop)
}

/// A ready notice is taken as it is, or its blanks are asked for.
async fn lies_ready(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, word): (CampaignId, &str),
) -> Handled {
    let Some(found) = ready::find(word) else {
        return show(chat, press, (id, Act::Card)).await;
    };
    if !found.blanks.is_empty() {
        let word = word.to_owned();
        return ask(chat, view, press, (id, Wants::Blanks { word })).await;
    }
    let part = Part::All(filled(view, found, &[]));
    let result = chat.ops.write_notice(&press.actor, id, part).await;
    settled(chat, view, press, result, "notice-toast-taken").await
}

/// A ready notice in every language.
pub(super) fn filled(
    view: &View<'_>,
    ready: &ready::Ready,
    blanks: &[String],
) -> BTreeMap<String, crate::domain::campaign::message::Message> {
    let said = view.i18n.ready(ready, blanks).into_iter();
    said.map(|(locale, text)| {
        let message = crate::domain::campaign::message::Message::plain(text);
        (locale.as_str().to_owned(), message)
    })
    .collect()
}

/// Each language's message to the one who presses. It may take a while, so the press is answered
/// before.
async fn preview(chat: &Chat, view: &View<'_>, press: &Press, id: CampaignId) -> Handled {
    toast(chat, press, &view.word("notice-toast-preview")).await;
    // Others read the group; what he has to do is his alone.
    let to = press.actor.id;
    let there = chat.view(chat.language_in(to).await?);
    match chat.ops.preview_notice(&press.actor, id).await {
        Ok(Previewed::Arrived(_)) if press.chat != to => Ok(()),
        Ok(previewed) => {
            let shown = notice::previewed(&there, id, &previewed);
            chat.say(to, &shown).await.map(drop)
        }
        Err(error) => told(chat, &there, to, &error).await,
    }
}

/// The list is fixed and the approval asked for; that may take a while too.
async fn send(chat: &Chat, view: &View<'_>, press: &Press, id: CampaignId) -> Handled {
    toast(chat, press, &view.word("notice-toast-asking")).await;
    let there = chat.view(chat.language_in(press.chat).await?);
    match chat.ops.ask_notice(&press.actor, id).await {
        Ok(_) => chat.end(press.chat, &press.actor).await,
        Err(error) => told(chat, &there, press.chat, &error).await,
    }
}
