//! Updates of Telegram: who it is, and what a press brings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::domain::operator::Access;
use rei_recovery::telegram::{Caller, of_message, of_user, read_callback};
use teloxide::types::{Update, UpdateKind};

fuzz_target!(|bytes: &[u8]| {
    let Ok(update) = serde_json::from_slice::<Update>(bytes) else {
        return;
    };
    let access = Access {
        admins: [11].into(),
        approvers: [12].into(),
    };
    match update.kind {
        UpdateKind::Message(message) | UpdateKind::EditedMessage(message) => {
            let caller = of_message(&message, &access);
            if let Some(Caller::Operator(actor)) = caller {
                assert!(actor.id == 11 || actor.id == 12);
                assert!(message.sender_chat.is_none());
            }
        }
        UpdateKind::CallbackQuery(query) => {
            if let Caller::Operator(actor) = of_user(&query.from, &access) {
                assert!(actor.id == 11 || actor.id == 12);
            }
            let _ = read_callback(query.data.as_deref());
        }
        _ => {}
    }
});
