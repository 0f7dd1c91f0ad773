//! The checklist: the command, the buttons of its lines, and the reason that somebody types.

use super::presses::Press;
use super::{Asked, Handled, answers, explain, refusal, reply};
use crate::domain::checklist::{Act, Checklist, Press as Pressed};
use crate::domain::failure::Arg;
use crate::domain::ids::{ChecklistId, LineId};
use crate::ops::OpsError;
use crate::ports::journal::StateError;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::Dialogue;
use crate::telegram::paper::{Deed, ListAct};
use crate::telegram::render::{Card, View, checklist};

/// Longest reason kept, in characters.
const REASON: usize = 300;

/// `/checklist`: the newest open one, or a new one.
pub(super) async fn command(chat: &Chat, view: &View<'_>, asked: &Asked) -> Handled {
    let card = match chat.ops.present_checklist(&asked.actor).await {
        // The team's group gets a new one anyway.
        Ok((_, true)) if chat.resolve(asked.chat).await? == chat.team().await? => return Ok(()),
        Ok((list, _)) => card(chat, view, &list).await,
        Err(error) => refusal(view, &error),
    };
    reply(chat, asked, &card).await
}

/// A checklist as a message of its own: nobody but its buttons edits it.
async fn card(chat: &Chat, view: &View<'_>, list: &Checklist) -> Card {
    checklist::card(
        view,
        list,
        chat.ops.run_of_checklist(list).await.as_ref(),
        false,
    )
}

/// A button of a checklist.
pub(super) async fn act(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (id, live, act): (ChecklistId, bool, ListAct),
) -> Handled {
    let (done, key) = match act {
        ListAct::Line { line, turn, deed } => {
            let (act, key) = match deed {
                Deed::Tick => (Act::Tick, "checklist-ticked"),
                Deed::Untick => (Act::Untick, "checklist-unticked"),
                Deed::Waive => return ask_why(chat, view, press, (id, line, turn)).await,
            };
            let pressed = Pressed { line, turn, act };
            let done = chat.ops.press_line(&press.actor, id, &pressed).await;
            (done, key)
        }
        ListAct::Refresh => (chat.ops.refresh_checklist(id).await, "checklist-refreshed"),
        ListAct::Close => (
            chat.ops.close_checklist(&press.actor, id).await,
            "checklist-closed-toast",
        ),
        ListAct::Show => {
            chat.sender.answer(&press.query, "", false).await;
            return show(chat, press.chat, id).await;
        }
    };
    let told = done.as_ref().map(|_| view.word(key));
    answers::answer(chat, view, press, told).await?;
    if live {
        // The outbox edits this one; whoever came too late finds it up to date already.
        return Ok(());
    }
    let there = chat.view(chat.language_in(press.chat).await?);
    match chat.ops.checklist(id).await {
        Ok(list) => {
            let card = card(chat, &there, &list).await;
            chat.change(press.chat, press.message, &card).await
        }
        Err(_) => Ok(()),
    }
}

async fn show(chat: &Chat, to: i64, id: ChecklistId) -> Handled {
    let there = chat.view(chat.language_in(to).await?);
    let card = match chat.ops.checklist(id).await {
        Ok(list) => card(chat, &there, &list).await,
        Err(error) => refusal(&there, &error),
    };
    chat.say(to, &card).await.map(drop)
}

/// Asks for the reason, where the line is still as it was shown.
async fn ask_why(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (checklist, line, turn): (ChecklistId, LineId, u32),
) -> Handled {
    let found = match chat.ops.checklist(checklist).await {
        Ok(list) => list.line(&line).filter(|it| it.turn == turn).cloned(),
        Err(error) => return answers::answer(chat, view, press, Err(&error)).await,
    };
    let Some(shown) = found else {
        let late = OpsError::LineMovedOn;
        return answers::answer(chat, view, press, Err(&late)).await;
    };
    let there = chat.view(chat.language_in(press.chat).await?);
    let words = checklist::words(&there, &shown);
    let dialogue = Dialogue::Waive {
        checklist,
        line,
        turn,
    };
    let values = [("line", Arg::from(words))];
    answers::ask(
        chat,
        view,
        press,
        &dialogue,
        (&there, "checklist-why", values),
    )
    .await
}

/// The reason.
pub(super) async fn waive(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (id, line, turn): (ChecklistId, &LineId, u32),
    typed: &str,
) -> Result<String, StateError> {
    let reason: String = typed.trim().chars().take(REASON).collect();
    if reason.is_empty() {
        return Ok(view.say("error-reason-needed"));
    }
    chat.end(asked.chat, &asked.actor).await?;
    let press = Pressed {
        line: line.clone(),
        turn,
        act: Act::NotApplicable(reason),
    };
    Ok(match chat.ops.press_line(&asked.actor, id, &press).await {
        Ok(_) => view.say("checklist-waived-done"),
        Err(error) => view.tell("answer-late", [("why", explain(view, &error).into())]),
    })
}
