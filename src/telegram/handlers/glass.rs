//! Break-glass: the button, and the reason that is typed.

use super::presses::Press;
use super::{Asked, Handled, answers, code, texts};
use crate::domain::approval::{Consent, Refusal};
use crate::domain::failure::Arg;
use crate::domain::ids::RequestId;
use crate::ops::OpsError;
use crate::ports::journal::StateResult;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::{Dialogue, Lets};
use crate::telegram::render::View;

/// Somebody wants to go on alone: why?
pub(super) async fn press(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    request: &RequestId,
) -> Handled {
    if let Err(error) = chat.ops.ask_to_break_glass(&press.actor, request).await {
        return answers::answer(chat, view, press, Err(&error)).await;
    }
    let there = chat.view(chat.language_in(press.chat).await?);
    let gate = match chat.ops.run_of(request).await {
        Ok((_, approval)) => there.gate(&approval.request.gate),
        Err(error) => return answers::answer(chat, view, press, Err(&error)).await,
    };
    let dialogue = Dialogue::Glass {
        request: request.clone(),
    };
    let question = (&there, "glass-ask", [("gate", Arg::from(gate))]);
    answers::ask(chat, view, press, &dialogue, question).await
}

/// The reason.
pub(super) async fn reason(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (request, typed): (&RequestId, &str),
) -> StateResult<String> {
    let Some(reason) = texts::reason_of(typed) else {
        return Ok(view.say("error-reason-needed"));
    };
    chat.end(asked.chat, &asked.actor).await?;
    let (ops, actor) = (&chat.ops, &asked.actor);
    let would = ops
        .would_break_glass(actor, request, Consent::Pressed)
        .await;
    if matches!(would, Err(OpsError::Refused(Refusal::CodeNeeded))) {
        return code::ask_typed(chat, view, asked, (request, Lets::Glass { reason })).await;
    }
    let given = (reason.as_str(), Consent::Pressed);
    Ok(match ops.break_glass(actor, request, given).await {
        Ok(_) => view.say("glass-done"),
        Err(error) => texts::late(view, &error),
    })
}
