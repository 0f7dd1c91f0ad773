//! Buttons of a notice that goes out or has gone out.

use super::{Handled, card, explain, opened, refusal, settled, toast, told};
use crate::domain::campaign::{Campaign, Origin};
use crate::domain::failure::Arg;
use crate::domain::ids::CampaignId;
use crate::ops::OpsError;
use crate::telegram::chat::Chat;
use crate::telegram::handlers::presses::Press;
use crate::telegram::notice::Act;
use crate::telegram::render::{View, menu, notice};

/// What goes through the pipe at once while a file is made and sent.
const PIPE: usize = 64 * 1024;

pub(super) async fn act(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, act): (CampaignId, Act),
) -> Handled {
    let (ops, actor) = (&chat.ops, &press.actor);
    let own = Origin::Chat { chat: actor.id };
    match act {
        Act::Pause => {
            let result = ops.pause_notice(actor, id).await;
            settled(chat, view, press, result, "notice-toast-paused").await
        }
        Act::Resume => {
            let result = ops.resume_notice(actor, id).await;
            settled(chat, view, press, result, "notice-toast-resumed").await
        }
        Act::Abort { sure: true } => {
            let result = ops.abort_notice(actor, id).await;
            sure(chat, view, press, result, "notice-toast-aborted").await
        }
        Act::Repeat { sure: true } => {
            let result = ops.repeat_notice(actor, id).await;
            sure(chat, view, press, result, "notice-toast-resumed").await
        }
        Act::Mark { sure: true } => mark(chat, view, press, id).await,
        Act::Abort { .. } | Act::Repeat { .. } | Act::Mark { .. } => {
            question(chat, press, (id, act)).await
        }
        Act::Csv => csv(chat, view, press, id).await,
        Act::Correct => begun(chat, view, press, ops.correct_notice(actor, id, own).await).await,
        Act::Delete => begun(chat, view, press, ops.delete_notice(actor, id, own).await).await,
        Act::Show => {
            toast(chat, press, "").await;
            let there = chat.view(chat.language_in(press.chat).await?);
            let shown = match report(chat, &there, id).await {
                Ok(shown) => shown,
                Err(error) => refusal(&there, &error),
            };
            chat.say(press.chat, &shown).await.map(drop)
        }
        _ => {
            toast(chat, press, "").await;
            let there = chat.view(chat.language_in(press.chat).await?);
            let left = menu::text(&there, there.say("dialogue-left"));
            chat.change(press.chat, press.message, &left).await
        }
    }
}

/// The report of what is over, the live message of everything else.
async fn report(
    chat: &Chat,
    view: &View<'_>,
    id: CampaignId,
) -> Result<crate::telegram::render::Card, OpsError> {
    let progress = chat.ops.notice_progress(id).await?;
    if progress.campaign.phase.is_over() {
        let gone = chat.ops.notice_gone(id).await?;
        return Ok(notice::report(view, &progress, &gone));
    }
    card(chat, view, id).await
}

/// Asks once before something that cannot be taken back.
async fn question(chat: &Chat, press: &Press, (id, act): (CampaignId, Act)) -> Handled {
    toast(chat, press, "").await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let asked = match chat.ops.notice_progress(id).await {
        Ok(progress) => notice::sure(&there, &progress, &act),
        Err(error) => refusal(&there, &error),
    };
    chat.say(press.chat, &asked).await.map(drop)
}

/// What was asked about is done: the question loses its buttons.
async fn sure(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    result: Result<Campaign, OpsError>,
    key: &str,
) -> Handled {
    let there = chat.view(chat.language_in(press.chat).await?);
    let shown = match &result {
        Ok(_) => menu::text(&there, there.say(key)),
        Err(error) => refusal(&there, error),
    };
    settled(chat, view, press, result, key).await?;
    chat.change(press.chat, press.message, &shown).await
}

/// REI learns who cannot be reached; its database may be slow, so the press is answered before.
async fn mark(chat: &Chat, view: &View<'_>, press: &Press, id: CampaignId) -> Handled {
    toast(chat, press, &view.word("notice-toast-marking")).await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let shown = match chat.ops.mark_unreachable(&press.actor, id).await {
        Ok(changed) => {
            let changed = Arg::Number(changed.cast_signed());
            menu::text(&there, there.tell("notice-marked", [("count", changed)]))
        }
        Err(error) => refusal(&there, &error),
    };
    chat.change(press.chat, press.message, &shown).await
}

/// A correction or deletion is written in private, like any notice.
async fn begun(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    result: Result<Campaign, OpsError>,
) -> Handled {
    match result {
        Ok(campaign) => {
            toast(chat, press, &view.word("notice-toast-begun")).await;
            let there = chat.view(chat.language_in(press.actor.id).await?);
            opened(chat, &there, &press.actor, &campaign).await
        }
        Err(error) => {
            let text = explain(view, &error);
            chat.sender.answer(&press.query, &text, true).await;
            Ok(())
        }
    }
}

/// Everybody's row as a file, made while it is sent.
async fn csv(chat: &Chat, view: &View<'_>, press: &Press, id: CampaignId) -> Handled {
    if let Err(error) = chat.ops.campaign(id).await {
        return told(chat, view, press.chat, &error).await;
    }
    toast(chat, press, &view.word("notice-toast-csv")).await;
    let (mut input, output) = tokio::io::duplex(PIPE);
    let ops = chat.ops.clone();
    let writing = tokio::spawn(async move { ops.write_notice_csv(id, &mut input).await });
    let there = chat.view(chat.language_in(press.chat).await?);
    let caption = there.tell("notice-csv", [("notice", id.to_string().into())]);
    let name = format!("{id}.csv");
    let arrived = chat.hand(press.chat, (&name, output), &caption).await?;
    // Who reads no further ends the writing too; what failed before that is the reason.
    let written = matches!(writing.await, Ok(Ok(_)));
    if arrived && written {
        return Ok(());
    }
    let sorry = menu::text(&there, there.say("notice-csv-failed"));
    chat.say(press.chat, &sorry).await.map(drop)
}
