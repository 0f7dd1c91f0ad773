//! The door: which updates come in at all.
//!
//! It stands before anything else looks at an update, so that what it keeps out costs neither a place
//! in a queue, nor a word to the state, nor a call. Talk of a group is not read; strangers come in a
//! few at a time, whoever they are and however many; the team keeps to rates that no hand exceeds.

use super::access::{self, Caller};
use super::chat::Chat;
use super::render::menu;
use crate::domain::operator::{Access, Actor};
use crate::domain::rate::{Admission, Limiter, Rate};
use crate::ports::journal::StateResult;
use futures::StreamExt;
use futures::stream::BoxStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use teloxide::stop::StopToken;
use teloxide::types::{AllowedUpdate, Message, Update, UpdateKind};
use teloxide::update_listeners::{AsUpdateStream, Polling, UpdateListener};
use teloxide::{Bot, RequestError};
use tokio_util::sync::CancellationToken;

/// One of the team: a hand is slower, a stuck script is not.
const OPERATOR: Rate = Rate {
    burst: 40,
    every: Duration::from_millis(500),
};

/// The team together: what Telegram lets a bot answer in a second.
const OPERATORS: Rate = Rate {
    burst: 120,
    every: Duration::from_millis(33),
};

/// A stranger: enough to read who may use this bot.
const STRANGER: Rate = Rate {
    burst: 15,
    every: Duration::from_mins(1),
};

/// All strangers together: this bounds what they cost, in writes and in calls.
const STRANGERS: Rate = Rate {
    burst: 20,
    every: Duration::from_secs(10),
};

/// People remembered of each kind.
const ROOM: usize = 512;

/// How often what was turned away is written down, if anything was.
const TELL: Duration = Duration::from_mins(1);

/// The group reads of it at most this often.
const SHOUT: Duration = Duration::from_hours(1);

/// The rates of whoever comes.
pub(super) struct Door {
    me: u64,
    operators: Mutex<Limiter>,
    strangers: Mutex<Limiter>,
    turned_away: AtomicU64,
}

/// What becomes of an update.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It goes on.
    In,
    /// It ends here.
    Out,
    /// It ends here, and the one who sent it is told so.
    Told(Actor, Duration),
}

impl Door {
    /// The door of this bot. Its token begins with its id.
    pub fn new(bot: &Bot) -> Self {
        let me = bot.token().split(':').next();
        Self {
            me: me.and_then(|id| id.parse().ok()).unwrap_or(0),
            operators: Mutex::new(Limiter::new(OPERATOR, OPERATORS, ROOM)),
            strangers: Mutex::new(Limiter::new(STRANGER, STRANGERS, ROOM)),
            turned_away: AtomicU64::new(0),
        }
    }

    fn judge(&self, update: &Update, access: &Access, now: Instant) -> Verdict {
        let (caller, place) = match &update.kind {
            UpdateKind::CallbackQuery(press) => (access::of_user(&press.from, access), 0),
            // Told by whatever group the bot is in, the strangers' too. A message that Telegram refuses
            // tells it as well, so that none is lost for good here.
            UpdateKind::Message(message) if has_moved(message) => {
                return self.strange(message.chat.id.0, now);
            }
            UpdateKind::Message(message) if self.is_for_us(message) => {
                match access::of_message(message, access) {
                    Some(caller) => (caller, message.chat.id.0),
                    None => return Verdict::Out,
                }
            }
            _ => return Verdict::Out,
        };
        match caller {
            Caller::Operator(actor) => match admit(&self.operators, actor.id, now) {
                Admission::Granted => Verdict::In,
                Admission::Ignored => Verdict::Out,
                Admission::Refused { wait } => Verdict::Told(actor, wait),
            },
            Caller::Stranger(actor) => self.strange(actor.id, now),
            // One account stands for all of them: it is the group that is one.
            Caller::Anonymous(_) => self.strange(place, now),
        }
    }

    fn strange(&self, who: i64, now: Instant) -> Verdict {
        if admit(&self.strangers, who, now) == Admission::Granted {
            return Verdict::In;
        }
        self.turned_away.fetch_add(1, Ordering::Relaxed);
        Verdict::Out
    }

    /// In a group only commands, answers to this bot, and albums are read.
    fn is_for_us(&self, message: &Message) -> bool {
        let said = message.text().or_else(|| message.caption());
        let replied = message.reply_to_message();
        let of_us = |to: &Message| to.from.as_ref().is_some_and(|from| from.id.0 == self.me);
        message.chat.is_private()
            || said.is_some_and(|said| said.trim_start().starts_with('/'))
            || replied.is_some_and(of_us)
            // Only one picture of an album has the words, and the others belong to it.
            || message.media_group_id().is_some()
    }

    /// Writes down now and then how much was turned away, and once more at the end.
    pub async fn report(&self, chat: &Chat, cancel: CancellationToken) {
        let mut shouted: Option<Instant> = None;
        loop {
            let ended = tokio::select! {
                () = cancel.cancelled() => true,
                () = tokio::time::sleep(TELL) => false,
            };
            let count = self.turned_away.swap(0, Ordering::Relaxed);
            let announce = shouted.is_none_or(|at| at.elapsed() >= SHOUT);
            if count > 0 {
                match chat.ops.note_turned_away(count, announce).await {
                    Ok(()) if announce => shouted = Some(Instant::now()),
                    Ok(()) => {}
                    Err(error) => tracing::error!(%error, count, "it could not be written down"),
                }
            }
            if ended {
                return;
            }
        }
    }
}

fn admit(limiter: &Mutex<Limiter>, who: i64, now: Instant) -> Admission {
    let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
    limiter.admit(who, now)
}

/// A group that got another id.
fn has_moved(message: &Message) -> bool {
    message.migrate_to_chat_id().is_some() || message.migrate_from_chat_id().is_some()
}

/// Updates as they come, without those that the door keeps out.
pub(super) struct Guarded {
    /// Where they come from.
    pub inner: Polling<Bot>,
    /// Who keeps out.
    pub door: Arc<Door>,
    /// Who tells those who are kept out.
    pub chat: Arc<Chat>,
}

impl<'a> AsUpdateStream<'a> for Guarded {
    type StreamErr = RequestError;
    type Stream = BoxStream<'a, Result<Update, RequestError>>;

    fn as_stream(&'a mut self) -> Self::Stream {
        let (door, chat) = (Arc::clone(&self.door), Arc::clone(&self.chat));
        let updates = self.inner.as_stream();
        let kept = updates.filter(move |update| {
            let come_in = match update {
                Ok(update) => comes_in(&door, &chat, update),
                Err(_) => true,
            };
            std::future::ready(come_in)
        });
        kept.boxed()
    }
}

impl UpdateListener for Guarded {
    type Err = RequestError;

    fn stop_token(&mut self) -> StopToken {
        self.inner.stop_token()
    }

    fn hint_allowed_updates(&mut self, hint: &mut dyn Iterator<Item = AllowedUpdate>) {
        self.inner.hint_allowed_updates(hint);
    }
}

fn comes_in(door: &Door, chat: &Arc<Chat>, update: &Update) -> bool {
    chat.line.worked();
    let access = &chat.ops.profile().policy.access;
    match door.judge(update, access, Instant::now()) {
        Verdict::In => true,
        Verdict::Out => false,
        Verdict::Told(actor, wait) => {
            let (chat, kind) = (Arc::clone(chat), update.kind.clone());
            // Once for each person until he has rested, so there are few of these.
            tokio::spawn(async move {
                if let Err(error) = tell(&chat, &actor, kind, wait).await {
                    tracing::error!(%error, "a person could not be told of the rate");
                }
            });
            false
        }
    }
}

async fn tell(chat: &Chat, actor: &Actor, kind: UpdateKind, wait: Duration) -> StateResult<()> {
    // Until the whole burst is there again; a wait of half a second would only be too short again.
    let wait = wait + OPERATOR.every.saturating_mul(OPERATOR.burst);
    match kind {
        UpdateKind::CallbackQuery(press) => {
            let view = chat.view(chat.language(actor.id).await?);
            let text = view.words("limits-press", [("wait", wait.into())]);
            chat.sender.answer(&press.id, &text, true).await;
            Ok(())
        }
        UpdateKind::Message(message) => {
            let place = message.chat.id.0;
            let view = chat.view(chat.language_in(place).await?);
            let name = ("name", actor.name.as_str().into());
            let html = view.tell("limits-command", [name, ("wait", wait.into())]);
            chat.say(place, &menu::text(&view, html)).await.map(drop)
        }
        _ => Ok(()),
    }
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

    fn door() -> Door {
        Door::new(&Bot::new("700:a-token"))
    }

    fn update(kind: &Value) -> Update {
        let mut update = kind.clone();
        update["update_id"] = json!(1);
        // As text: the library reads no kind of update out of a value.
        serde_json::from_str(&update.to_string()).unwrap()
    }

    fn person(id: u64) -> Value {
        json!({"id": id, "is_bot": false, "first_name": "Ann"})
    }

    fn said(by: u64, text: &str, private: bool) -> Value {
        let chat = if private {
            json!({"id": by, "type": "private", "first_name": "Ann"})
        } else {
            json!({"id": -5, "type": "supergroup", "title": "REI ops"})
        };
        json!({"message": {"message_id": 1, "date": 0, "text": text, "from": person(by), "chat": chat}})
    }

    fn pressed(by: u64) -> Value {
        json!({"callback_query": {"id": "1", "from": person(by), "chat_instance": "1", "data": "x"}})
    }

    fn judge(door: &Door, kind: &Value, now: Instant) -> Verdict {
        door.judge(&update(kind), &access(), now)
    }

    #[test]
    fn the_talk_of_a_group_is_not_read() {
        let (door, now) = (door(), Instant::now());
        assert_eq!(
            judge(&door, &said(11, "good night", false), now),
            Verdict::Out
        );
        assert_eq!(judge(&door, &said(11, " /status", false), now), Verdict::In);
        assert_eq!(
            judge(&door, &said(11, "good night", true), now),
            Verdict::In
        );
        let mut answer = said(11, "amber", false);
        for (author, verdict) in [(700, Verdict::In), (12, Verdict::Out)] {
            answer["message"]["reply_to_message"] = said(author, "?", false)["message"].clone();
            assert_eq!(judge(&door, &answer, now), verdict, "{author}");
        }
    }

    #[test]
    fn strangers_come_in_few_at_a_time_and_leave_the_team_its_place() {
        let (door, now) = (door(), Instant::now());
        let mut entered = 0;
        for nth in 0..1_200_u64 {
            let kind = match nth % 3 {
                0 => pressed(1_000 + nth),
                1 => said(1_000 + nth, "/start", true),
                _ => said(77, "/recover", false),
            };
            let at = now + Duration::from_millis(50 * nth);
            entered += u32::from(judge(&door, &kind, at) == Verdict::In);
            assert!(door.strangers.lock().unwrap().remembered() <= ROOM);
        }
        assert!(entered <= 27, "in a minute: {entered}");
        assert_eq!(
            door.turned_away.load(Ordering::Relaxed),
            1_200 - u64::from(entered)
        );
        assert_eq!(judge(&door, &pressed(12), now), Verdict::In);
    }

    #[test]
    fn one_of_the_team_is_told_once() {
        let (door, now) = (door(), Instant::now());
        let verdicts: Vec<Verdict> = (0..100).map(|_| judge(&door, &pressed(11), now)).collect();
        let of = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|v| wanted(v)).count();
        assert_eq!(of(|verdict| *verdict == Verdict::In), 40);
        assert_eq!(of(|verdict| matches!(verdict, Verdict::Told(..))), 1);
        assert_eq!(judge(&door, &pressed(12), now), Verdict::In, "another one");
    }
}
