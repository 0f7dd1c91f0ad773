//! What the handlers and the pump share.

use super::keyboard;
use super::pace::{Kind, Pace};
use super::render::{Card, View};
use super::send::{Outgoing, Sender, Sent};
use crate::i18n::{I18n, Locale};
use crate::ops::Ops;
use crate::ports::journal::{Outbox, StateResult};
use crate::ports::people::People;
use crate::ports::pulse::Line;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncRead;
use tokio::time::Instant;

/// A direct answer waits this long at most when Telegram wants a pause.
const SHORT: Duration = Duration::from_secs(6);

/// A group migrates once in its life; more hops than this are a loop.
const HOPS: usize = 4;

/// What is configured of the chat.
#[derive(Clone, Debug)]
pub struct ChatSettings {
    /// `DEFAULT_LOCALE`: of the group, and of whoever chose none.
    pub locale: Locale,
    /// `AUDIT_CHAT_ID`.
    pub team: i64,
}

/// The chat's parts, shared by handlers and pump.
pub struct Chat {
    /// The verbs.
    pub ops: Ops,
    /// Languages, dialogues, buttons.
    pub people: Arc<dyn People>,
    /// What waits to be delivered.
    pub outbox: Arc<dyn Outbox>,
    /// The texts.
    pub i18n: Arc<I18n>,
    /// What is configured.
    pub settings: ChatSettings,
    /// The way out.
    pub sender: Sender,
    /// How fast.
    pub pace: Pace,
    /// The line on which updates come.
    pub line: Arc<Line>,
}

impl Chat {
    /// How this reader sees things now.
    #[must_use]
    pub fn view(&self, locale: Locale) -> View<'_> {
        View {
            i18n: &self.i18n,
            locale,
            now: self.ops.now(),
            rto: self.ops.profile().rto,
        }
    }

    /// The language of a person.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn language(&self, person: i64) -> StateResult<Locale> {
        let chosen = self.people.language(person).await?;
        Ok(chosen
            .and_then(|code| code.parse().ok())
            .unwrap_or(self.settings.locale))
    }

    /// The language of a chat: a group's is the team's, a private chat's is the person's.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn language_in(&self, chat: i64) -> StateResult<Locale> {
        if chat < 0 {
            Ok(self.settings.locale)
        } else {
            self.language(chat).await
        }
    }

    /// The id a chat has now.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn resolve(&self, chat: i64) -> StateResult<i64> {
        let mut now = chat;
        for _ in 0..HOPS {
            match self.people.migrated(now).await? {
                Some(next) => now = next,
                None => break,
            }
        }
        Ok(now)
    }

    /// The team's group as it is now.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn team(&self) -> StateResult<i64> {
        self.resolve(self.settings.team).await
    }

    /// Sends a card straight away, as an answer to somebody. Gives the message if it is known.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn say(&self, chat: i64, card: &Card) -> StateResult<Option<i32>> {
        let message = keyboard::outgoing(self.people.as_ref(), chat, card).await?;
        self.post(chat, &message).await
    }

    /// The same for a message that is ready.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn post(&self, chat: i64, message: &Outgoing) -> StateResult<Option<i32>> {
        self.pace.spend(chat, Kind::Send, Instant::now());
        match self.sender.send(chat, message).await {
            Sent::Delivered(id) => Ok(Some(id)),
            Sent::Migrated(new) => {
                self.moved(chat, new).await?;
                Ok(delivered(self.sender.send(new, message).await))
            }
            Sent::Retry(wait) if wait <= SHORT => {
                self.pace.stall(Instant::now() + wait);
                tokio::time::sleep(wait).await;
                Ok(delivered(self.sender.send(chat, message).await))
            }
            other => Ok(delivered(other)),
        }
    }

    /// Shows a picture with a text below it. What Telegram does not take now is not worth a second
    /// try: whoever wants it asks again.
    ///
    /// # Errors
    /// The own state cannot be read or written.
    pub async fn show(&self, chat: i64, png: Vec<u8>, caption: &str) -> StateResult<()> {
        let to = self.resolve(chat).await?;
        let message = Outgoing {
            html: caption.to_owned(),
            ..Outgoing::default()
        };
        self.pace.spend(to, Kind::Send, Instant::now());
        delivered(self.sender.picture(to, png, &message).await);
        Ok(())
    }

    /// Hands somebody a file that is being made while it goes out; tells whether it arrived. As with a
    /// picture, whoever wants it asks again where Telegram does not take it now.
    ///
    /// # Errors
    /// The own state cannot be read or written.
    pub async fn hand(
        &self,
        chat: i64,
        file: (&str, impl AsyncRead + Send + Unpin + 'static),
        caption: &str,
    ) -> StateResult<bool> {
        let to = self.resolve(chat).await?;
        let message = Outgoing {
            html: caption.to_owned(),
            ..Outgoing::default()
        };
        self.pace.spend(to, Kind::Send, Instant::now());
        Ok(delivered(self.sender.document(to, file, &message).await).is_some())
    }

    /// Changes a message into a card; where that is not possible a new one is sent.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn change(&self, chat: i64, id: i32, card: &Card) -> StateResult<()> {
        let message = keyboard::outgoing(self.people.as_ref(), chat, card).await?;
        self.pace.spend(chat, Kind::Edit, Instant::now());
        match self.sender.edit(chat, id, &message).await {
            Sent::Delivered(_) | Sent::NotModified => Ok(()),
            _ => self.post(chat, &message).await.map(drop),
        }
    }
}

fn delivered(sent: Sent) -> Option<i32> {
    match sent {
        Sent::Delivered(id) => Some(id),
        other => {
            tracing::warn!(?other, "an answer could not be delivered");
            None
        }
    }
}
