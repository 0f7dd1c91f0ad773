//! Who is it? Decided by the numeric user id, on every message and every press.

use crate::domain::operator::{Access, Actor};
use teloxide::types::{Message, User};

/// The account behind which Telegram hides anonymous administrators.
const ANONYMOUS_ADMIN: u64 = 1_087_968_824;

/// Who sent something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// On one of the lists.
    Operator(Actor),
    /// On none.
    Stranger(Actor),
    /// An administrator or a channel without a person: nobody can tell whose command it is.
    Anonymous(Actor),
}

/// The sender of a message; nothing for what no person wrote.
#[must_use]
pub fn of_message(message: &Message, access: &Access) -> Option<Caller> {
    let from = message.from.as_ref()?;
    if message.sender_chat.is_some() || from.id.0 == ANONYMOUS_ADMIN {
        return Some(Caller::Anonymous(actor(from)));
    }
    (!from.is_bot).then(|| of_user(from, access))
}

/// The one who pressed. Presses of anonymous administrators come under their own id.
#[must_use]
pub fn of_user(user: &User, access: &Access) -> Caller {
    let actor = actor(user);
    if access.knows(&actor) {
        Caller::Operator(actor)
    } else {
        Caller::Stranger(actor)
    }
}

fn actor(user: &User) -> Actor {
    // Telegram's ids have at most 52 significant bits.
    let id = i64::try_from(user.id.0).unwrap_or(i64::MAX);
    Actor::telegram(id, user.full_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    fn access() -> Access {
        Access {
            admins: BTreeSet::from([11]),
            approvers: BTreeSet::from([12]),
        }
    }

    fn message(from: Value, sender_chat: Option<Value>) -> Message {
        let mut message = json!({
            "message_id": 1, "date": 0, "text": "/status", "from": from,
            "chat": {"id": -5, "type": "supergroup", "title": "REI ops"},
        });
        if let Some(chat) = sender_chat {
            message["sender_chat"] = chat;
        }
        serde_json::from_value(message).unwrap()
    }

    fn person(id: u64) -> Value {
        json!({"id": id, "is_bot": false, "first_name": "Ann", "last_name": "Ops"})
    }

    #[test]
    fn the_id_decides() {
        let caller = of_message(&message(person(11), None), &access());
        assert_eq!(
            caller,
            Some(Caller::Operator(Actor::telegram(11, "Ann Ops")))
        );
        let caller = of_message(&message(person(13), None), &access());
        assert_eq!(
            caller,
            Some(Caller::Stranger(Actor::telegram(13, "Ann Ops")))
        );
    }

    #[test]
    fn whoever_hides_cannot_command() {
        let hidden = json!({"id": ANONYMOUS_ADMIN, "is_bot": true, "first_name": "Group",
            "username": "GroupAnonymousBot"});
        let group = json!({"id": -5, "type": "supergroup", "title": "REI ops"});
        let caller = of_message(&message(hidden, Some(group.clone())), &access());
        assert!(matches!(caller, Some(Caller::Anonymous(_))));
        // An operator's id beside a chat that speaks is still a chat that speaks.
        let caller = of_message(&message(person(11), Some(group)), &access());
        assert!(matches!(caller, Some(Caller::Anonymous(_))));
    }

    #[test]
    fn other_bots_are_nobody() {
        let bot = json!({"id": 11, "is_bot": true, "first_name": "Bot"});
        assert_eq!(of_message(&message(bot, None), &access()), None);
    }
}
