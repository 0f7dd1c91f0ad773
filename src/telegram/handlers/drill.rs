//! `/drill`: which one, what it would be, and its start.

use super::answers::may_request;
use super::presses::Press;
use super::{Handled, refusal};
use crate::domain::chore::drill::Wish;
use crate::domain::ids::RunbookId;
use crate::telegram::chat::Chat;
use crate::telegram::render::{Card, View, chore};

/// The choice, or the plan of the one that was named.
pub(super) async fn command(chat: &Chat, view: &View<'_>, argument: &str) -> Card {
    match argument.parse::<RunbookId>() {
        Ok(runbook) => planned(chat, view, runbook).await,
        Err(_) => {
            let runbooks: Vec<_> = chat.ops.drills().collect();
            chore::drill::choice(view, &runbooks)
        }
    }
}

async fn planned(chat: &Chat, view: &View<'_>, runbook: RunbookId) -> Card {
    let wish = Wish {
        runbook,
        bad_backup: false,
    };
    match chat.ops.plan_drill(&wish).await {
        Ok(plan) => chore::drill::plan(view, &plan),
        Err(error) => refusal(view, &error),
    }
}

/// A scenario was chosen; its plan takes the place of the choice.
pub(super) async fn plan(
    chat: &Chat,
    (view, there): (&View<'_>, &View<'_>),
    press: &Press,
    runbook: RunbookId,
) -> Handled {
    if !may_request(chat, view, press, "/drill").await? {
        return Ok(());
    }
    chat.sender.answer(&press.query, "", false).await;
    let card = planned(chat, there, runbook).await;
    chat.change(press.chat, press.message, &card).await
}
