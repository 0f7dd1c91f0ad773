//! Approve and Deny below a notice's request.

use super::Handled;
use crate::domain::approval::{Consent, Refusal};
use crate::domain::failure::Arg;
use crate::domain::ids::RequestId;
use crate::ops::OpsError;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::{Dialogue, Lets};
use crate::telegram::handlers::presses::Press;
use crate::telegram::handlers::{answers, code};
use crate::telegram::render::View;

/// Approve.
pub(in crate::telegram::handlers) async fn approve(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    request: &RequestId,
) -> Handled {
    // What fails here fails below too, where it is told and written down.
    if let Ok(Some(word)) = chat.ops.notice_word(&press.actor, request).await {
        let dialogue = Dialogue::NoticeWord {
            request: request.clone(),
        };
        let there = chat.view(chat.language_in(press.chat).await?);
        let values = [("word", Arg::from(word))];
        let question = (&there, "notice-word-ask", values);
        return answers::ask(chat, view, press, &dialogue, question).await;
    }
    let result = chat
        .ops
        .approve_notice_or_ask(&press.actor, request, Consent::Pressed)
        .await;
    if matches!(result, Err(OpsError::Refused(Refusal::CodeNeeded))) {
        let lets = Lets::Notice { word: false };
        return code::ask(chat, view, press, (request, lets)).await;
    }
    let access = &chat.ops.profile().policy.access;
    let told = result.as_ref().map(|campaign| {
        let approval = campaign.approval.as_ref();
        answers::approved(
            view,
            approval.map_or(0, |approval| approval.missing(access)),
        )
    });
    answers::answer(chat, view, press, told).await
}

/// Deny.
pub(in crate::telegram::handlers) async fn deny(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    request: &RequestId,
) -> Handled {
    let result = chat.ops.deny_notice(&press.actor, request).await;
    let told = result.as_ref().map(|_| view.word("toast-denied-notice"));
    answers::answer(chat, view, press, told).await
}
