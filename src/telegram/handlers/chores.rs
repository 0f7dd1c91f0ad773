//! Presses about chores.

use super::answers::may_request;
use super::presses::Press;
use super::{Handled, explain};
use crate::domain::chore::Task;
use crate::domain::ids::ChoreId;
use crate::telegram::chat::Chat;
use crate::telegram::render::View;

/// A chore is asked for: by those who may ask for recoveries.
pub(super) async fn ask(chat: &Chat, view: &View<'_>, press: &Press, task: Task) -> Handled {
    if !may_request(chat, view, press, task.kind().as_str()).await? {
        return Ok(());
    }
    let team = chat.resolve(press.chat).await? == chat.team().await?;
    let follows = (!team).then_some(press.chat);
    let text = match chat.ops.ask_chore(&press.actor, task, follows).await {
        Ok(_) => view.word("chore-asked"),
        Err(error) => explain(view, &error),
    };
    chat.sender.answer(&press.query, &text, false).await;
    Ok(())
}

/// A chore is called off.
pub(super) async fn cancel(chat: &Chat, view: &View<'_>, press: &Press, chore: ChoreId) -> Handled {
    if !may_request(chat, view, press, "cancel-chore").await? {
        return Ok(());
    }
    let text = match chat.ops.cancel_chore(&press.actor, chore).await {
        Ok(true) => view.word("chore-called-off"),
        Ok(false) => view.word("chore-over"),
        Err(error) => explain(view, &error),
    };
    chat.sender.answer(&press.query, &text, false).await;
    Ok(())
}
