//! Notices to REI's users: the command, the buttons of their messages, what is written for them.

mod compose;
mod decide;
mod follow;
mod take;

pub(super) use decide::{approve, deny};
pub use take::material;
pub(super) use take::take;

use super::presses::Press;
use super::{Asked, Handled, explain, refusal, reply, state};
use crate::domain::campaign::{Campaign, Origin};
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ops::OpsError;
use crate::telegram::chat::Chat;
use crate::telegram::notice::Act;
use crate::telegram::render::{Card, View, menu, notice};

/// Campaigns in the list.
const RECENT: u32 = 8;

/// `/broadcast`: a new notice, or with `list` the latest ones.
pub(super) async fn command(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    argument: &str,
) -> Handled {
    if argument == "list" {
        let card = match chat.ops.recent_notices(RECENT).await {
            Ok(found) => notice::list(view, &found),
            Err(error) => refusal(view, &error),
        };
        return reply(chat, asked, &card).await;
    }
    if !argument.is_empty() {
        let html = view.tell("notice-argument-wrong", [("given", argument.into())]);
        return reply(chat, asked, &menu::text(view, html)).await;
    }
    if !asked.private {
        // What is written in a group is read by everybody before anybody approved it.
        let card = menu::text(view, view.say("notice-in-private"));
        return reply(chat, asked, &card).await;
    }
    let origin = Origin::Chat { chat: asked.chat };
    let fallback = chat.settings.locale.as_str();
    match chat
        .ops
        .begin_notice(&asked.actor, (origin, fallback))
        .await
    {
        Err(error) => reply(chat, asked, &refusal(view, &error)).await,
        Ok(campaign) => opened(chat, view, &asked.actor, &campaign).await,
    }
}

/// Owes the message of a new notice, then counts its people.
pub(super) async fn opened(
    chat: &Chat,
    view: &View<'_>,
    actor: &Actor,
    campaign: &Campaign,
) -> Handled {
    let Origin::Chat { chat: to } = campaign.origin else {
        return Ok(());
    };
    let post = Post::Campaign {
        campaign: campaign.id,
    };
    let to_him = Recipient::Chat(to);
    chat.outbox.push(vec![Owed { to: to_him, post }]).await?;
    counted(chat, view, (to, actor), campaign.id).await
}

/// Counts; where that is not possible, says why.
async fn counted(
    chat: &Chat,
    view: &View<'_>,
    (to, actor): (i64, &Actor),
    id: CampaignId,
) -> Handled {
    match chat.ops.count_notice(actor, id).await {
        Ok(_) | Err(OpsError::NoticeMovedOn(_)) => Ok(()),
        Err(error) => {
            let mut html = view.i18n.html(view.locale, &error.key(), &error.args());
            let hint = format!("{}.hint", error.key());
            if view.i18n.has(&hint) {
                html.push('\n');
                html.push_str(&view.i18n.html(view.locale, &hint, &error.args()));
            }
            chat.say(to, &menu::text(view, html)).await.map(drop)
        }
    }
}

/// A button of a notice's message.
pub(super) async fn act(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, act): (CampaignId, Act),
) -> Handled {
    match act {
        Act::Csv
        | Act::Correct
        | Act::Delete
        | Act::Repeat { .. }
        | Act::Mark { .. }
        | Act::Pause
        | Act::Resume
        | Act::Abort { .. }
        | Act::Show
        | Act::Leave => follow::act(chat, view, press, (id, act)).await,
        composing => compose::act(chat, view, press, (id, composing)).await,
    }
}

/// The notice as it stands, for this chat.
async fn card(chat: &Chat, view: &View<'_>, id: CampaignId) -> Result<Card, OpsError> {
    let progress = chat.ops.notice_progress(id).await?;
    let rules = chat.ops.notice_rules();
    Ok(notice::card(view, &progress, rules))
}

/// Ends the waiting on a button, with words or without.
async fn toast(chat: &Chat, press: &Press, text: &str) {
    chat.sender.answer(&press.query, text, false).await;
}

/// What a change came to, in a pop-up; the message itself is edited by the outbox.
async fn settled(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    result: Result<Campaign, OpsError>,
    key: &str,
) -> Handled {
    match result {
        Ok(_) => toast(chat, press, &view.word(key)).await,
        Err(error) => {
            let text = explain(view, &error);
            chat.sender.answer(&press.query, &text, true).await;
        }
    }
    Ok(())
}

/// Something that failed is told as a message as well: a pop-up is gone before it is understood.
async fn told(chat: &Chat, view: &View<'_>, to: i64, error: &OpsError) -> Handled {
    if let OpsError::State(_) = error {
        return Err(state(OpsError::State(error.to_string())));
    }
    chat.say(to, &refusal(view, error)).await.map(drop)
}
