//! Messages, their keyboards and their past.

use serde::{Deserialize, Serialize};

use super::{
    ids::{BotId, MessageId, PersonId, Place},
    text::RichText,
};

/// Who a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Sender {
    /// A bot.
    Bot(BotId),
    /// A person, under their own name.
    Person(PersonId),
    /// A person who writes as the group; bots do not learn who.
    Anonymous(PersonId),
}

/// A picture, a film or a file within a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Media {
    /// Photo, video or document.
    pub kind: MediaKind,
    /// Index of the stored bytes.
    pub file: usize,
    /// Name of the file, for a document.
    pub name: Option<String>,
    /// Type of the content.
    pub mime: String,
    /// Bytes.
    pub size: usize,
    /// Pixels, for a photo or a video.
    pub dimensions: Option<(u32, u32)>,
    /// The album it is one of: `media_group_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
}

/// How media is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// Shown as a picture.
    Photo,
    /// Shown as a film.
    Video,
    /// Shown as a file to open.
    Document,
}

/// What Telegram itself wrote into a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Service {
    /// A message was pinned.
    Pinned {
        /// Which one.
        message: MessageId,
    },
    /// The group lives on elsewhere.
    MigratedTo {
        /// The supergroup.
        chat: i64,
    },
    /// This supergroup was a group.
    MigratedFrom {
        /// The old group.
        chat: i64,
    },
}

/// What can be edited about a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Body {
    /// The text, or the caption of the media.
    pub text: RichText,
    /// The picture or file.
    pub media: Option<Media>,
    /// The buttons below it.
    pub keyboard: Option<Keyboard>,
}

/// A former state of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// What it said.
    pub body: Body,
    /// Unix second of the edit that replaced it.
    pub replaced_at: i64,
}

/// A question whose answer the app begins by itself (`ForceReply`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asks {
    /// What stands in the empty line; may be empty.
    pub placeholder: String,
    /// Only people who are mentioned in it, or whose message it answers, are asked.
    pub selective: bool,
}

/// A message in its present state, with its past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its number in the chat.
    pub id: MessageId,
    /// Where it is.
    pub place: Place,
    /// Who wrote it.
    pub sender: Sender,
    /// Unix second.
    pub date: i64,
    /// Unix second of the last edit.
    pub edit_date: Option<i64>,
    /// What it says now.
    pub body: Body,
    /// Set when Telegram wrote it.
    pub service: Option<Service>,
    /// The message it answers.
    pub reply_to: Option<MessageId>,
    /// What makes the app answer it.
    pub asks: Option<Asks>,
    /// Sent without a sound.
    pub silent: bool,
    /// Its text before each edit, oldest first.
    pub edits: Vec<Version>,
    /// Gone from everybody's screen.
    pub deleted: bool,
    /// Revision of the world at its last change.
    #[serde(skip)]
    pub(super) revision: u64,
}

impl Message {
    /// The text or caption, without markup.
    pub fn text(&self) -> &str {
        &self.body.text.text
    }

    /// The labels of the buttons, row by row.
    pub fn labels(&self) -> Vec<Vec<&str>> {
        let rows = self.body.keyboard.iter().flat_map(|k| &k.inline_keyboard);
        rows.map(|row| row.iter().map(|b| b.text.as_str()).collect())
            .collect()
    }

    /// Every button in reading order.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.body
            .keyboard
            .iter()
            .flat_map(|k| &k.inline_keyboard)
            .flatten()
    }

    /// Whether a bot wrote it.
    pub fn is_from_bot(&self, bot: BotId) -> bool {
        self.sender == Sender::Bot(bot)
    }

    /// The person behind it, also when bots are not told.
    pub fn author(&self) -> Option<PersonId> {
        match self.sender {
            Sender::Person(id) | Sender::Anonymous(id) => Some(id),
            Sender::Bot(_) => None,
        }
    }
}

/// An inline keyboard, in the shape of the Bot API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyboard {
    /// Rows of buttons.
    pub inline_keyboard: Vec<Vec<Button>>,
}

/// One button of an inline keyboard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// The label.
    pub text: String,
    /// Sent to the bot when pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
    /// Opened when pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Copied when pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_text: Option<CopyText>,
}

/// What a button puts on the clipboard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyText {
    /// The text.
    pub text: String,
}

/// A press of a button, and what the bot said to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The `callback_query.id`.
    pub id: String,
    /// The bot whose button it was.
    pub bot: BotId,
    /// Who pressed.
    pub person: PersonId,
    /// Where the message is.
    pub place: Place,
    /// The message with the button.
    pub message: MessageId,
    /// The label pressed.
    pub label: String,
    /// The button's data.
    pub data: String,
    /// When, on the server's own clock.
    pub(super) asked: std::time::Duration,
    /// What the bot answered.
    pub answer: Option<Answer>,
}

/// What a person sees after a press.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The toast or the alert; nothing when empty.
    pub text: String,
    /// An alert with an OK button instead of a toast.
    pub show_alert: bool,
}
