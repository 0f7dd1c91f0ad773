//! Every payment that differs, as a file.

use super::presses::Press;
use super::{Handled, explain};
use crate::domain::failure::Arg;
use crate::ports::backups::Work;
use crate::telegram::chat::Chat;
use crate::telegram::render::{View, menu};
use std::io::Cursor;
use std::time::Duration;

/// A week of payments takes seconds; a chat does not wait for longer than this.
const PATIENCE: Duration = Duration::from_secs(300);

/// Compares now and sends what differs.
pub(super) async fn file(chat: &Chat, there: &View<'_>, press: &Press) -> Handled {
    let text = there.word("payments-file-comparing");
    chat.sender.answer(&press.query, &text, false).await;
    let work = Work::default();
    let found = tokio::time::timeout(PATIENCE, chat.ops.payments_csv(&work)).await;
    let say = match found {
        Ok(Ok(Some(csv))) => {
            let name = format!("payments-{}.csv", there.now.strftime("%Y%m%d-%H%M"));
            let caption = there.say("payments-file");
            let csv = Cursor::new(csv.into_bytes());
            if chat.hand(press.chat, (&name, csv), &caption).await? {
                return Ok(());
            }
            there.say("payments-file-failed")
        }
        Ok(Ok(None)) => there.say("payments-file-none"),
        Ok(Err(error)) => explain(there, &error),
        Err(_) => {
            work.cancel.cancel();
            there.tell("payments-file-slow", [("limit", Arg::from(PATIENCE))])
        }
    };
    chat.say(press.chat, &menu::text(there, say))
        .await
        .map(drop)
}
