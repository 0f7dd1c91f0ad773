//! Which update goes to which handler.
//!
//! A tree without globals: everything a handler needs comes through it. Whoever may not command
//! leaves it before any command is reached.

use super::access::{self, Caller};
use super::chat::Chat;
use super::commands::{self, Command, Written};
use super::handlers::{self, Asked};
use super::material::Material;
use crate::ports::journal::{StateError, StateResult};
use dptree::prelude::DependencyMap;
use std::sync::Arc;
use teloxide::dispatching::{DpHandlerDescription, UpdateFilterExt};
use teloxide::types::{Me, Message, Update, UpdateKind};

/// The tree's type.
pub type Schema = dptree::Handler<'static, StateResult<()>, DpHandlerDescription>;

/// Updates with the same key are handled one after another. Presses have none: a slow command never
/// delays an approver.
pub type Key = (i64, u64);

/// The tree.
#[must_use]
pub fn tree() -> Schema {
    dptree::entry()
        .branch(Update::filter_callback_query().endpoint(handlers::press))
        .branch(messages())
}

/// By whom and where.
#[must_use]
pub fn key(update: &Update) -> Option<Key> {
    match &update.kind {
        UpdateKind::Message(message) => {
            let person = message.from.as_ref().map_or(0, |from| from.id.0);
            Some((message.chat.id.0, person))
        }
        _ => None,
    }
}

fn messages() -> Schema {
    Update::filter_message()
        .branch(dptree::filter_map(migration).endpoint(migrated))
        .chain(dptree::filter_map(sender))
        .chain(dptree::map(written))
        .branch(dptree::filter_map(anonymous).endpoint(handlers::anonymous))
        .branch(dptree::filter_map(stranger).endpoint(handlers::stranger))
        .branch(
            dptree::filter_map(operator)
                .branch(
                    dptree::filter_map(|written: Option<Written>| written)
                        .endpoint(handlers::command),
                )
                .branch(
                    dptree::filter_map(|message: Message| plain_text(&message))
                        .endpoint(handlers::text),
                )
                .branch(dptree::filter(has_file).endpoint(handlers::material)),
        )
        // Group talk, service messages, commands of other bots.
        .endpoint(|| async { Ok(()) })
}

/// A group that got another id: its old one, and the new one.
#[derive(Clone, Copy, Debug)]
struct Migration(i64, i64);

fn migration(message: Message) -> Option<Migration> {
    let here = message.chat.id.0;
    if let Some(new) = message.migrate_to_chat_id() {
        return Some(Migration(here, new.0));
    }
    message
        .migrate_from_chat_id()
        .map(|old| Migration(old.0, here))
}

async fn migrated(chat: Arc<Chat>, Migration(old, new): Migration) -> StateResult<()> {
    chat.moved(old, new).await
}

fn sender(chat: Arc<Chat>, message: Message) -> Option<Caller> {
    access::of_message(&message, &chat.ops.profile().policy.access)
}

/// A command; below a picture only the one that takes pictures. What somebody else wrote commands nothing,
/// whoever forwards it.
fn written(message: Message, me: Me) -> Option<Written> {
    if handlers::is_of_others(&message) {
        return None;
    }
    if let Some(text) = message.text() {
        return commands::read(text, me.username());
    }
    let below = commands::read(message.caption()?, me.username())?;
    (below.command == Command::Incident).then_some(below)
}

fn anonymous(caller: Caller, message: Message, me: Me) -> Option<Asked> {
    match caller {
        Caller::Anonymous(actor) => Some(Asked::new(&message, actor, me.id.0)),
        _ => None,
    }
}

fn stranger(caller: Caller, message: Message, me: Me) -> Option<Asked> {
    match caller {
        Caller::Stranger(actor) => Some(Asked::new(&message, actor, me.id.0)),
        _ => None,
    }
}

fn operator(caller: Caller, message: Message, me: Me) -> Option<Asked> {
    match caller {
        Caller::Operator(actor) => Some(Asked::new(&message, actor, me.id.0)),
        _ => None,
    }
}

/// A text that is no command, not even another bot's.
fn plain_text(message: &Message) -> Option<String> {
    let text = message.text()?;
    (!text.starts_with('/')).then(|| text.to_owned())
}

/// Anything that a notice might be made of besides words.
fn has_file(message: Message) -> bool {
    message.text().is_none() && !matches!(Material::of(&message), Material::Other)
}

/// What every handler finds.
#[must_use]
pub fn dependencies(chat: &Arc<Chat>) -> DependencyMap {
    dptree::deps![Arc::clone(chat)]
}

/// Handlers tell people what went wrong; what they cannot tell is logged.
pub(super) async fn unhandled(error: StateError) {
    tracing::error!(%error, "an update could not be handled");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn command(extra: (&str, Value)) -> Option<Written> {
        let me = json!({"id": 700, "is_bot": true, "first_name": "R", "username": "rei_ops_bot",
            "can_join_groups": true, "can_read_all_group_messages": false,
            "supports_inline_queries": false, "can_connect_to_business": false,
            "has_main_web_app": false});
        let ann = json!({"id": 11, "is_bot": false, "first_name": "Ann"});
        let mut message = json!({"message_id": 1, "date": 0, "text": "/cancel", "from": ann,
            "chat": {"id": 11, "type": "private", "first_name": "Ann"}});
        message[extra.0] = extra.1;
        let message = serde_json::from_value(message).unwrap();
        written(message, serde_json::from_value(me).unwrap())
    }

    #[test]
    fn what_somebody_else_wrote_commands_nothing() {
        let eve = json!({"id": 66, "is_bot": false, "first_name": "Eve"});
        let bot = json!({"id": 67, "is_bot": true, "first_name": "B", "username": "b_bot"});
        let forwarded = json!({"type": "user", "date": 0, "sender_user": eve});
        assert!(command(("text", "/cancel".into())).is_some());
        assert!(command(("forward_origin", forwarded)).is_none());
        assert!(command(("via_bot", bot)).is_none());
    }
}
