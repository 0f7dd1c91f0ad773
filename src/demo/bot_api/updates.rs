//! What waits for a bot until it asks, and who gets to hear what.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{
    ids::{BotId, MessageId, Place},
    message::{Message, Sender},
    model::{Account, Role},
    text::EntityKind,
    wire,
    world::World,
};

/// One update, rendered for its bot.
#[derive(Debug, Clone)]
pub(super) struct Update {
    id: u32,
    kind: &'static str,
    body: Value,
}

impl Update {
    pub(super) fn json(&self) -> Value {
        json!({ "update_id": self.id, self.kind: self.body })
    }
}

/// The updates of one bot, in order.
#[derive(Debug)]
pub(super) struct UpdateQueue {
    next: u32,
    pending: VecDeque<Update>,
    /// Kinds the bot asked for; empty means the default set, which holds everything sent here.
    allowed: Vec<String>,
    /// Raised by every poll, so that an older one that still waits learns that it was replaced.
    poll: u64,
}

impl UpdateQueue {
    pub(super) fn new(first: u32) -> Self {
        Self {
            next: first,
            pending: VecDeque::new(),
            allowed: Vec::new(),
            poll: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.pending.len()
    }

    pub(super) fn clear(&mut self) {
        self.pending.clear();
    }

    pub(super) fn allowed(&self) -> &[String] {
        &self.allowed
    }

    /// Takes effect for updates that come from now on, and stays until it is changed.
    pub(super) fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = kinds;
    }

    /// Begins a poll and ends the one before it.
    pub(super) fn begin_poll(&mut self) -> u64 {
        self.poll += 1;
        self.poll
    }

    pub(super) fn current_poll(&self) -> u64 {
        self.poll
    }

    /// Forgets what `offset` acknowledges: everything before it, or with a negative one everything
    /// but the last `-offset`.
    pub(super) fn acknowledge(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            let gone = self.pending.len().saturating_sub(keep);
            self.pending.drain(..gone);
        } else {
            self.pending.retain(|u| i64::from(u.id) >= offset);
        }
    }

    pub(super) fn batch(&self, limit: usize) -> Vec<Value> {
        self.pending.iter().take(limit).map(Update::json).collect()
    }

    fn push(&mut self, kind: &'static str, body: Value) {
        if self.allowed.is_empty() || self.allowed.iter().any(|k| k == kind) {
            self.pending.push_back(Update {
                id: self.next,
                kind,
                body,
            });
            self.next += 1;
        }
    }
}

/// Tells the bots of a chat about a message (`message` or `edited_message`).
pub(super) fn message(world: &mut World, place: Place, id: MessageId, kind: &'static str) {
    let Some(message) = world.message(place, id) else {
        return;
    };
    let bodies: Vec<_> = listeners(world, message)
        .into_iter()
        .map(|bot| (bot, wire::message(world, bot, message)))
        .collect();
    for (bot, body) in bodies {
        push(world, bot, kind, body);
    }
}

/// Tells a bot that its button was pressed.
pub(super) fn pressed(world: &mut World, query_id: &str) {
    let Some(query) = world.queries.iter().find(|q| q.id == query_id) else {
        return;
    };
    let bot = query.bot;
    let body = wire::query(world, query);
    push(world, bot, "callback_query", body);
}

/// Tells a bot that its own standing changed.
pub(super) fn standing(
    world: &mut World,
    bot: BotId,
    place: Place,
    by: Account,
    roles: (Role, Role),
) {
    let me = Account::Bot(bot);
    let body = json!({
        "chat": wire::chat(world, place),
        "from": wire::user(world, by),
        "date": world.clock.unix(),
        "old_chat_member": wire::member(world, me, roles.0),
        "new_chat_member": wire::member(world, me, roles.1),
    });
    push(world, bot, "my_chat_member", body);
}

fn push(world: &mut World, bot: BotId, kind: &'static str, body: Value) {
    if let Some(account) = world.bots.get_mut(&bot) {
        account.updates.push(kind, body);
    }
}

fn listeners(world: &World, message: &Message) -> Vec<BotId> {
    match message.place {
        Place::Private { bot, person } => {
            let blocked = world.acquaintance(bot, person).blocked;
            if blocked { Vec::new() } else { vec![bot] }
        }
        Place::Group(id) => {
            let Some(group) = world.group(id) else {
                return Vec::new();
            };
            group
                .bots()
                .into_iter()
                .filter(|bot| hears(world, *bot, message))
                .collect()
        }
    }
}

/// Privacy mode: a bot that is no administrator hears commands, answers to its own messages and what
/// Telegram itself writes; ordinary talk passes it by.
fn hears(world: &World, bot: BotId, message: &Message) -> bool {
    let (Place::Group(group), Some(account)) = (message.place, world.bot(bot)) else {
        return false;
    };
    let admin = world
        .group(group)
        .is_some_and(|g| g.role(Account::Bot(bot)).is_admin());
    if admin || account.reads_all || message.service.is_some() {
        return true;
    }
    let to_bot = message
        .reply_to
        .and_then(|id| world.message(message.place, id))
        .is_some_and(|m| m.sender == Sender::Bot(bot));
    let text = &message.body.text;
    let commands = text.pieces(&EntityKind::BotCommand);
    let mentions = text.pieces(&EntityKind::Mention);
    let own = |name: &str| name.eq_ignore_ascii_case(&account.username);
    to_bot
        || commands
            .iter()
            .any(|c| c.split_once('@').is_none_or(|(_, name)| own(name)))
        || mentions.iter().any(|m| own(m.trim_start_matches('@')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(updates: usize) -> UpdateQueue {
        let mut queue = UpdateQueue::new(10);
        for n in 0..updates {
            queue.push("message", json!(n));
        }
        queue
    }

    fn ids(queue: &UpdateQueue) -> Vec<u32> {
        queue.pending.iter().map(|u| u.id).collect()
    }

    #[test]
    fn an_offset_acknowledges_what_is_before_it() {
        let mut queue = queue(4);
        queue.acknowledge(12);
        assert_eq!(ids(&queue), [12, 13]);
        queue.acknowledge(0);
        assert_eq!(ids(&queue), [12, 13]);
        queue.acknowledge(-1);
        assert_eq!(ids(&queue), [13]);
        assert_eq!(queue.batch(5), [json!({ "update_id": 13, "message": 3 })]);
    }

    #[test]
    fn only_kinds_asked_for_are_kept() {
        let mut queue = queue(1);
        queue.allow(vec!["callback_query".into()]);
        queue.push("message", json!(1));
        queue.push("callback_query", json!(2));
        assert_eq!(
            ids(&queue),
            [10, 11],
            "what came before stays, and numbers have no gap"
        );
    }
}
