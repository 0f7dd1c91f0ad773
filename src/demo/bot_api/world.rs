//! Everything the server knows: accounts, chats, messages, presses, calls.
//!
//! Plain data behind one lock. Whoever changes it raises the revision, and whoever waits is woken.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{
    clock::Clock,
    files::StoredFile,
    ids::{BotId, MessageId, PersonId, Place},
    log::{Call, CallLog},
    message::{Asks, Body, Message, Query, Sender, Service},
    model::{Account, Acquaintance, Bot, Group, Person},
    updates::UpdateQueue,
};

/// Presses kept; Telegram forgets them much sooner.
const KEPT_QUERIES: usize = 5_000;

/// A bot with what waits for it.
#[derive(Debug)]
pub(super) struct BotAccount {
    pub(super) bot: Bot,
    pub(super) updates: UpdateQueue,
}

/// The messages of one chat.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) messages: Vec<Message>,
    pub(super) pinned: Vec<MessageId>,
    /// Until when a bot is shown as typing.
    pub(super) action: Option<(BotId, Duration)>,
}

/// The state of the server, to look at.
#[derive(Debug)]
pub struct World {
    pub(super) revision: u64,
    pub(super) clock: Clock,
    pub(super) bots: BTreeMap<BotId, BotAccount>,
    pub(super) people: BTreeMap<PersonId, Person>,
    pub(super) groups: BTreeMap<i64, Group>,
    pub(super) known: BTreeMap<(BotId, PersonId), Acquaintance>,
    pub(super) histories: BTreeMap<Place, History>,
    pub(super) queries: VecDeque<Query>,
    pub(super) asked: u64,
    /// How long a press can be answered.
    pub(super) query_life: Duration,
    pub(super) files: Vec<StoredFile>,
    pub(super) log: CallLog,
    /// Messages sent with `allow_paid_broadcast`.
    pub(super) paid: u64,
}

/// A message about to be posted.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) sender: Sender,
    pub(super) body: Body,
    pub(super) service: Option<Service>,
    pub(super) reply_to: Option<MessageId>,
    pub(super) asks: Option<Asks>,
    pub(super) silent: bool,
}

impl Draft {
    pub(super) fn new(sender: Sender, body: Body) -> Self {
        Self {
            sender,
            body,
            service: None,
            reply_to: None,
            asks: None,
            silent: false,
        }
    }

    pub(super) fn service(sender: Sender, service: Service) -> Self {
        Self {
            service: Some(service),
            ..Self::new(sender, Body::default())
        }
    }
}

impl World {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            revision: 0,
            clock,
            bots: BTreeMap::new(),
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            known: BTreeMap::new(),
            histories: BTreeMap::new(),
            queries: VecDeque::new(),
            asked: 0,
            query_life: Duration::from_secs(15),
            files: Vec::new(),
            log: CallLog::default(),
            paid: 0,
        }
    }

    /// The messages of a chat that are on people's screens, oldest first.
    pub fn messages(&self, place: Place) -> impl DoubleEndedIterator<Item = &Message> {
        self.past(place).filter(|m| !m.deleted)
    }

    /// The same, with the deleted ones.
    pub fn past(&self, place: Place) -> impl DoubleEndedIterator<Item = &Message> {
        self.histories
            .get(&place)
            .into_iter()
            .flat_map(|h| &h.messages)
    }

    /// One message, also when it was deleted.
    pub fn message(&self, place: Place, id: MessageId) -> Option<&Message> {
        self.histories
            .get(&place)?
            .messages
            .iter()
            .find(|m| m.id == id)
    }

    /// The newest message on people's screens.
    pub fn last(&self, place: Place) -> Option<&Message> {
        self.messages(place).next_back()
    }

    /// The newest pinned message.
    pub fn pinned(&self, place: Place) -> Option<MessageId> {
        self.histories.get(&place)?.pinned.last().copied()
    }

    /// Every press, oldest first.
    pub fn queries(&self) -> impl DoubleEndedIterator<Item = &Query> {
        self.queries.iter()
    }

    /// Presses that no bot has answered.
    pub fn unanswered(&self) -> impl Iterator<Item = &Query> {
        self.queries.iter().filter(|q| q.answer.is_none())
    }

    /// Every call, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.log.iter()
    }

    /// How often a method was called.
    pub fn count(&self, method: &str) -> u64 {
        self.log.count(method)
    }

    /// How often the server refused with a status, for instance 429.
    pub fn refused(&self, code: u16) -> u64 {
        self.log.refused(code)
    }

    /// How often a bot wrote to each person: everything that reached them, whether the bot heard so
    /// or not.
    pub fn deliveries(&self, bot: BotId) -> BTreeMap<PersonId, usize> {
        let told = self.histories.iter().filter_map(|(place, history)| {
            let Place::Private { person, .. } = place else {
                return None;
            };
            let messages = history.messages.iter();
            let count = messages.filter(|m| m.is_from_bot(bot)).count();
            (count > 0).then_some((*person, count))
        });
        told.collect()
    }

    /// Messages that were sent beyond the free limit, for Telegram Stars.
    pub fn paid(&self) -> u64 {
        self.paid
    }

    /// Updates that a bot has not acknowledged.
    pub fn waiting_updates(&self, bot: BotId) -> usize {
        self.bots.get(&bot).map_or(0, |b| b.updates.len())
    }

    /// A bot, with the commands it set.
    pub fn bot(&self, id: BotId) -> Option<&Bot> {
        self.bots.get(&id).map(|b| &b.bot)
    }

    /// A person.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// A group, also one that migrated.
    pub fn group(&self, id: i64) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// How a person stands to a bot.
    pub fn acquaintance(&self, bot: BotId, person: PersonId) -> Acquaintance {
        self.known.get(&(bot, person)).copied().unwrap_or_default()
    }

    /// An uploaded file, by [`Media::file`](super::Media::file).
    pub fn file(&self, index: usize) -> Option<&StoredFile> {
        self.files.get(index)
    }

    /// Whether somebody sees what is written in a place.
    pub fn is_in(&self, place: Place, who: Account) -> bool {
        match place {
            Place::Private { bot, person } => {
                who == Account::Bot(bot) || who == Account::Person(person)
            }
            Place::Group(id) => self.groups.get(&id).is_some_and(|g| g.role(who).is_in()),
        }
    }

    /// The name shown for an account.
    pub(super) fn name_of(&self, account: Account) -> String {
        match account {
            Account::Bot(id) => self.bot(id).map(|b| b.username.clone()),
            Account::Person(id) => self.person(id).map(|p| p.name.clone()),
        }
        .unwrap_or_else(|| account.user_id().to_string())
    }

    pub(super) fn message_mut(&mut self, place: Place, id: MessageId) -> Option<&mut Message> {
        self.histories
            .get_mut(&place)?
            .messages
            .iter_mut()
            .find(|m| m.id == id)
    }

    pub(super) fn post(&mut self, place: Place, draft: Draft) -> MessageId {
        let (date, revision) = (self.clock.unix(), self.revision);
        let history = self.histories.entry(place).or_default();
        let id = history.messages.last().map_or(1, |m| m.id + 1);
        history.action = None;
        history.messages.push(Message {
            id,
            place,
            sender: draft.sender,
            date,
            edit_date: None,
            body: draft.body,
            service: draft.service,
            reply_to: draft.reply_to,
            asks: draft.asks,
            silent: draft.silent,
            edits: Vec::new(),
            deleted: false,
            revision,
        });
        id
    }

    pub(super) fn store(&mut self, file: StoredFile) -> usize {
        self.files.push(file);
        self.files.len() - 1
    }

    pub(super) fn ask(&mut self, mut query: Query) -> String {
        self.asked += 1;
        query.id = (4_100_000_000_000_000_000_u64 + self.asked).to_string();
        query.asked = self.clock.elapsed();
        let id = query.id.clone();
        if self.queries.len() == KEPT_QUERIES {
            self.queries.pop_front();
        }
        self.queries.push_back(query);
        id
    }

    /// The end of a chat, for the error of a wait that was in vain.
    pub(super) fn transcript(&self, place: Place, lines: usize) -> String {
        let mut tail: Vec<String> = self
            .messages(place)
            .rev()
            .take(lines)
            .map(|m| self.line(m))
            .collect();
        tail.reverse();
        tail.join("\n")
    }

    fn line(&self, message: &Message) -> String {
        let who = match message.sender {
            Sender::Bot(id) => self.name_of(Account::Bot(id)),
            Sender::Person(id) | Sender::Anonymous(id) => self.name_of(Account::Person(id)),
        };
        let what = match &message.service {
            Some(service) => format!("({service:?})"),
            None => message.text().replace('\n', " ⏎ "),
        };
        let labels: Vec<_> = message.buttons().map(|b| format!("[{}]", b.text)).collect();
        format!("  #{} {who}: {what} {}", message.id, labels.join(" "))
    }
}
