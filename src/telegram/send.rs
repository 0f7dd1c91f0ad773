//! The only caller of the Bot API for sending.
//!
//! It escapes nothing: texts come rendered. It tells apart what decides about a repetition: surely
//! not sent, perhaps sent, never to be sent. No error that leaves here holds an address, because the
//! address holds the token.

use crate::ports::redact;
use futures::StreamExt;
use std::error::Error;
use std::time::Duration;
use teloxide::net::Download;
use teloxide::payloads::{
    AnswerCallbackQuerySetters, EditMessageTextSetters, SendDocumentSetters, SendMessageSetters,
    SendPhotoSetters,
};
use teloxide::prelude::Requester;
use teloxide::types::{
    CallbackQueryId, ChatId, FileId, ForceReply, InlineKeyboardMarkup, InputFile,
    LinkPreviewOptions, Message, MessageId, ParseMode, ReplyMarkup, ReplyParameters,
};
use teloxide::{ApiError, Bot, RequestError};
use tokio::io::AsyncRead;

/// After this long an answer is given up. Longer than the client's own limit, and than the ten
/// seconds that the library waits after a server's error before it reads the answer.
const PATIENCE: Duration = Duration::from_secs(25);

/// Callback answers: at most this many UTF-16 units.
const POP_UP: usize = 200;

/// A message ready to go.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// HTML.
    pub html: String,
    /// Buttons, if any.
    pub keyboard: Option<InlineKeyboardMarkup>,
    /// The message it answers.
    pub reply_to: Option<i32>,
    /// Asks for a typed answer, with this in the empty field.
    pub asks: Option<String>,
    /// Without a sound.
    pub silent: bool,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It stands in the chat as this message.
    Delivered(i32),
    /// It says already what it should say.
    NotModified,
    /// The message to edit is no longer there.
    Gone,
    /// Not before this time has passed.
    Retry(Duration),
    /// The group has another id now.
    Migrated(i64),
    /// This chat takes no messages: blocked, left, deleted.
    Blocked(String),
    /// Telegram will never take this message.
    Rejected(String),
    /// Perhaps delivered: the answer was lost.
    Ambiguous(String),
    /// Surely not delivered: Telegram was not reached.
    Unreachable(String),
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFile {
    /// It is larger than it may be.
    #[error("the file is too large")]
    TooLarge,
    /// It could not be fetched.
    #[error("the file could not be fetched: {0}")]
    Lost(String),
}

/// Sends.
#[derive(Clone, Debug)]
pub struct Sender {
    bot: Bot,
}

impl Sender {
    /// Sends through this client.
    #[must_use]
    pub fn new(bot: Bot) -> Self {
        Self { bot }
    }

    /// Sends a new message.
    pub async fn send(&self, chat: i64, message: &Outgoing) -> Sent {
        let mut request = self
            .bot
            .send_message(ChatId(chat), redact::clean(&message.html))
            .parse_mode(ParseMode::Html)
            .disable_notification(message.silent)
            .link_preview_options(no_preview());
        if let Some(id) = message.reply_to {
            // The message may have been deleted meanwhile; the answer goes out all the same.
            let to = ReplyParameters::new(MessageId(id)).allow_sending_without_reply();
            request = request.reply_parameters(to);
        }
        request.reply_markup = markup(message);
        outcome(tokio::time::timeout(PATIENCE, request.into_future()).await)
    }

    /// Sends a picture with a text below it; its text and buttons as those of a message.
    pub async fn picture(&self, chat: i64, png: Vec<u8>, message: &Outgoing) -> Sent {
        let file = InputFile::memory(png).file_name("rei.png");
        let mut request = self
            .bot
            .send_photo(ChatId(chat), file)
            .caption(redact::clean(&message.html))
            .parse_mode(ParseMode::Html)
            .disable_notification(message.silent);
        request.reply_markup = markup(message);
        outcome(tokio::time::timeout(PATIENCE, request.into_future()).await)
    }

    /// Sends a file that is being made while it goes out; its text as that of a message.
    pub async fn document(
        &self,
        chat: i64,
        (name, content): (&str, impl AsyncRead + Send + Unpin + 'static),
        message: &Outgoing,
    ) -> Sent {
        let file = InputFile::read(content).file_name(name.to_owned());
        let request = self
            .bot
            .send_document(ChatId(chat), file)
            .caption(redact::clean(&message.html))
            .parse_mode(ParseMode::Html);
        outcome(tokio::time::timeout(PATIENCE, request.into_future()).await)
    }

    /// Fetches a file that somebody sent to this bot, if it is not larger than `limit` bytes.
    ///
    /// # Errors
    /// Why not, in words without address and token.
    pub async fn fetch(&self, file: &str, limit: u64) -> Result<Vec<u8>, NoFile> {
        let fetched = tokio::time::timeout(PATIENCE, self.try_fetch(file, limit)).await;
        fetched.unwrap_or_else(|_| Err(NoFile::Lost("no answer in time".to_owned())))
    }

    async fn try_fetch(&self, file: &str, limit: u64) -> Result<Vec<u8>, NoFile> {
        let found = self.bot.get_file(FileId(file.to_owned())).await;
        let found = found.map_err(|error| NoFile::Lost(explain(&error)))?;
        let mut content = Vec::new();
        let mut pieces = std::pin::pin!(self.bot.download_file_stream(&found.path));
        while let Some(piece) = pieces.next().await {
            // Its own words would hold the address, and that the token.
            let piece = piece.map_err(|error| NoFile::Lost(redact::error(&error)))?;
            content.extend_from_slice(&piece);
            if content.len() as u64 > limit {
                return Err(NoFile::TooLarge);
            }
        }
        Ok(content)
    }

    /// Changes a message that stands in the chat.
    pub async fn edit(&self, chat: i64, id: i32, message: &Outgoing) -> Sent {
        let mut request = self
            .bot
            .edit_message_text(ChatId(chat), MessageId(id), redact::clean(&message.html))
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        request.reply_markup.clone_from(&message.keyboard);
        outcome(tokio::time::timeout(PATIENCE, request.into_future()).await)
    }

    /// Takes a message away, also another's in a private chat. Where that fails it stays: nobody waits
    /// for it.
    pub async fn delete(&self, chat: i64, id: i32) {
        let request = self.bot.delete_message(ChatId(chat), MessageId(id));
        let deleted = tokio::time::timeout(PATIENCE, request.into_future()).await;
        if let Ok(Err(error)) = deleted {
            tracing::warn!(error = explain(&error), "a message could not be deleted");
        }
    }

    /// Answers a press; without a text it only ends the waiting on the button.
    pub async fn answer(&self, query: &CallbackQueryId, text: &str, alert: bool) {
        let request = self
            .bot
            .answer_callback_query(query.clone())
            .text(shortened(text))
            .show_alert(alert);
        let answered = tokio::time::timeout(PATIENCE, request.into_future()).await;
        if let Ok(Err(error)) = answered {
            // Too late or lost: the button stops turning by itself, and the decision stands.
            tracing::warn!(error = explain(&error), "a press could not be answered");
        }
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

fn markup(message: &Outgoing) -> Option<ReplyMarkup> {
    match (&message.keyboard, &message.asks) {
        (Some(keyboard), _) => Some(ReplyMarkup::InlineKeyboard(keyboard.clone())),
        (None, Some(hint)) => Some(ReplyMarkup::ForceReply(
            ForceReply::new()
                .selective()
                .input_field_placeholder(hint.clone()),
        )),
        (None, None) => None,
    }
}

fn shortened(text: &str) -> String {
    let mut room = POP_UP;
    text.chars()
        .take_while(|character| {
            let left = room.checked_sub(character.len_utf16());
            room = left.unwrap_or(0);
            left.is_some()
        })
        .collect()
}

type Answer = Result<Result<Message, RequestError>, tokio::time::error::Elapsed>;

fn outcome(answer: Answer) -> Sent {
    match answer {
        Ok(Ok(message)) => Sent::Delivered(message.id.0),
        Ok(Err(error)) => refused(&error),
        Err(_) => Sent::Ambiguous("no answer in time".to_owned()),
    }
}

fn refused(error: &RequestError) -> Sent {
    let told = || explain(error);
    match error {
        RequestError::RetryAfter(wait) => Sent::Retry(wait.duration()),
        RequestError::MigrateToChatId(chat) => Sent::Migrated(chat.0),
        RequestError::Network(error) if error.is_connect() => Sent::Unreachable(told()),
        RequestError::Network(error) if error.is_builder() => Sent::Rejected(told()),
        RequestError::Network(_) | RequestError::InvalidJson { .. } => Sent::Ambiguous(told()),
        RequestError::Io(_) => Sent::Unreachable(told()),
        RequestError::Api(error) => api(error),
    }
}

fn api(error: &ApiError) -> Sent {
    use ApiError as E;
    let told = error.to_string();
    match error {
        E::MessageNotModified => Sent::NotModified,
        E::MessageToEditNotFound | E::MessageIdInvalid | E::MessageCantBeEdited => Sent::Gone,
        E::BotBlocked
        | E::BotKicked
        | E::BotKickedFromSupergroup
        | E::BotKickedFromChannel
        | E::UserDeactivated
        | E::CantInitiateConversation
        | E::CantTalkWithBots
        | E::ChatNotFound
        | E::GroupDeactivated
        | E::NotEnoughRightsToPostMessages => Sent::Blocked(told),
        // The token: nothing can be sent to anybody until it is mended.
        E::InvalidToken | E::TerminatedByOtherGetUpdates => Sent::Unreachable(told),
        E::Unknown(text) => unknown(text),
        _ => Sent::Rejected(told),
    }
}

/// Words that the library has no name for.
fn unknown(text: &str) -> Sent {
    let told = text.to_owned();
    if text.starts_with("Forbidden") || text.contains("not enough rights to send") {
        Sent::Blocked(told)
    } else if text.starts_with("Unauthorized") || text.starts_with("Not Found") {
        Sent::Unreachable(told)
    } else if text.starts_with("Bad Request") {
        Sent::Rejected(told)
    } else {
        // A server's error of its own: whether it did the work before is anybody's guess.
        Sent::Ambiguous(told)
    }
}

/// An error in words that hold neither address nor token.
#[must_use]
pub fn explain(error: &RequestError) -> String {
    match error {
        RequestError::Network(error) => {
            let kind = if error.is_connect() {
                "no connection"
            } else if error.is_timeout() {
                "no answer in time"
            } else {
                "the connection broke"
            };
            // The error itself may print the address; what lies below it does not.
            let mut text = kind.to_owned();
            let mut source = error.source();
            while let Some(cause) = source {
                text.push_str(": ");
                text.push_str(&cause.to_string());
                source = cause.source();
            }
            text
        }
        RequestError::InvalidJson { source, .. } => {
            format!("an answer nobody understands: {source}")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_repeated_blindly_is_told_apart() {
        let unknown = |text: &str| refused(&RequestError::Api(ApiError::Unknown(text.to_owned())));
        assert!(matches!(unknown("Bad Gateway"), Sent::Ambiguous(_)));
        assert!(matches!(
            unknown("Internal Server Error"),
            Sent::Ambiguous(_)
        ));
        assert!(matches!(
            unknown("Bad Request: message is too odd"),
            Sent::Rejected(_)
        ));
        assert!(matches!(
            unknown("Forbidden: bot is not a member"),
            Sent::Blocked(_)
        ));
        let migrated = RequestError::MigrateToChatId(ChatId(-1005));
        assert_eq!(refused(&migrated), Sent::Migrated(-1005));
    }

    #[test]
    fn a_pop_up_is_cut_to_what_telegram_takes() {
        assert_eq!(shortened(&"я".repeat(300)).chars().count(), POP_UP);
        assert_eq!(shortened(&"😀".repeat(300)).chars().count(), POP_UP / 2);
    }

    #[tokio::test]
    async fn an_error_never_holds_the_token() {
        let bot =
            Bot::new("700:a-very-secret-token").set_api_url("http://127.0.0.1:9".parse().unwrap());
        let error = bot.get_me().await.unwrap_err();
        assert!(!explain(&error).contains("secret"), "{}", explain(&error));
        assert!(matches!(refused(&error), Sent::Unreachable(_)));
    }
}
