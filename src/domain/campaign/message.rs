//! The message of a notice, as REI's users will see it.
//!
//! Text and entities are kept as Telegram gave them: offsets and lengths count UTF-16 code units, and
//! nothing is ever turned into markup and parsed again. A broken markup therefore cannot happen.

use crate::domain::failure::{Arg, Args};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest text, in UTF-16 code units (Bot API, `sendMessage`).
pub const TEXT: usize = 4096;
/// Longest caption, in UTF-16 code units (Bot API, `sendPhoto`).
pub const CAPTION: usize = 1024;
/// Telegram silently drops what comes after so many entities.
pub const ENTITIES: usize = 100;
/// Largest file a bot can download (Bot API, `getFile`), in bytes. It came through this bot.
pub const FILE: u64 = 20 * 1024 * 1024;
/// Largest picture (Bot API, `sendPhoto`), in bytes.
pub const PHOTO: u64 = 10 * 1024 * 1024;
/// Longest label that a phone shows whole, in characters.
pub const LABEL: usize = 40;

/// What is said, in each language that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The language of everybody whose own is not written.
    pub fallback: String,
    /// By IETF tag in lower case: `ru`, `en`, `pt-br`.
    pub messages: BTreeMap<String, Message>,
}

impl Notice {
    /// The message for a language that REI keeps of its user: his own, its main language, or the
    /// fallback. Nothing only where the notice holds none at all.
    #[must_use]
    pub fn message(&self, language: &str) -> Option<&Message> {
        let tag = language.replace('_', "-").to_lowercase();
        let main = tag.split('-').next().unwrap_or_default();
        let messages = &self.messages;
        let own = messages.get(&tag).or_else(|| messages.get(main));
        own.or_else(|| messages.get(&self.fallback))
            .or_else(|| messages.values().next())
    }

    /// Everything that keeps it from being sent, with the language it is wrong in.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, Problem)> {
        let each = self.messages.iter();
        let mut found: Vec<_> = each
            .flat_map(|(tag, message)| {
                message
                    .problems()
                    .into_iter()
                    .map(|problem| (tag.clone(), problem))
            })
            .collect();
        if !self.messages.contains_key(&self.fallback) {
            found.push((self.fallback.clone(), Problem::Empty));
        }
        found
    }

    /// Whether any language has a picture, video or document: Telegram may take fewer of those.
    #[must_use]
    pub fn has_media(&self) -> bool {
        self.messages.values().any(|one| one.media.is_some())
    }
}

/// One message: a text, or a file with its caption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The text, or the caption.
    pub text: Rich,
    /// The file, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// A button with a link under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<LinkButton>,
}

/// Why a message cannot go out as it is. Each has the locale key `notice-problem-<code>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing is written.
    Empty,
    /// Longer than Telegram takes, in UTF-16 code units.
    TooLong {
        /// As long as it is.
        units: usize,
        /// What Telegram takes.
        limit: usize,
    },
    /// More entities than Telegram keeps.
    TooManyEntities {
        /// So many.
        count: usize,
    },
    /// The file is too large, in bytes.
    FileTooLarge {
        /// Its size.
        bytes: u64,
        /// What Telegram takes.
        limit: u64,
    },
    /// The button's label is empty or too long.
    Label,
    /// The button's address is none that Telegram opens.
    Link,
}

impl Problem {
    /// The part of the locale key.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::TooManyEntities { .. } => "too-many-entities",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::Label => "label",
            Self::Link => "link",
        }
    }

    /// The blanks of the message: `units`, `count` or `bytes`, and `limit`.
    #[must_use]
    pub fn args(&self) -> Args {
        let pair = |name: &str, value: Arg, limit: Arg| {
            Args::from([(name.to_owned(), value), ("limit".to_owned(), limit)])
        };
        match self {
            Self::TooLong { units, limit } => pair("units", number(*units), number(*limit)),
            Self::TooManyEntities { count } => pair("count", number(*count), number(ENTITIES)),
            Self::FileTooLarge { bytes, limit } => {
                pair("bytes", Arg::Bytes(*bytes), Arg::Bytes(*limit))
            }
            Self::Label => Args::from([("limit".to_owned(), number(LABEL))]),
            Self::Empty | Self::Link => Args::new(),
        }
    }

    /// Every code; the guard over the locales walks this list.
    pub const CODES: &[&'static str] = &[
        "empty",
        "too-long",
        "too-many-entities",
        "file-too-large",
        "label",
        "link",
    ];
}

fn number(count: usize) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

impl Message {
    /// A plain text.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: Rich {
                text: text.into(),
                entities: Vec::new(),
            },
            ..Self::default()
        }
    }

    /// What keeps it from being sent.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let limit = if self.media.is_some() { CAPTION } else { TEXT };
        let units = self.text.units();
        if units > limit {
            found.push(Problem::TooLong { units, limit });
        }
        if self.media.is_none() && self.text.text.trim().is_empty() {
            found.push(Problem::Empty);
        }
        let count = self.text.entities.len();
        if count > ENTITIES {
            found.push(Problem::TooManyEntities { count });
        }
        if let Some(media) = &self.media {
            let limit = media.kind.limit();
            let bytes = media.bytes;
            if bytes > limit {
                found.push(Problem::FileTooLarge { bytes, limit });
            }
        }
        found.extend(self.button.iter().filter_map(LinkButton::problem));
        found
    }
}

/// A text with its formatting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rich {
    /// The text.
    pub text: String,
    /// What is formatted in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
}

impl Rich {
    /// Its length as Telegram counts: UTF-16 code units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.text.encode_utf16().count()
    }
}

/// A formatted piece of a text; on the wire exactly the Bot API's `MessageEntity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// How it looks.
    #[serde(flatten)]
    pub kind: EntityKind,
    /// Where it begins, in UTF-16 code units.
    pub offset: usize,
    /// How long it is, in UTF-16 code units.
    pub length: usize,
}

/// The looks a bot may send. What Telegram finds by itself (addresses, mentions, hashtags) is not
/// among them: it is found again in the sent text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntityKind {
    /// **Bold.**
    Bold,
    /// *Italic.*
    Italic,
    /// Underlined.
    Underline,
    /// Struck through.
    Strikethrough,
    /// Hidden until tapped.
    Spoiler,
    /// A quotation.
    Blockquote,
    /// A quotation that is folded at first.
    ExpandableBlockquote,
    /// Fixed width.
    Code,
    /// A block of fixed width.
    Pre {
        /// The programming language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    /// A link behind words.
    TextLink {
        /// Its address.
        url: String,
    },
    /// A custom emoji. Telegram shows the plain one where the bot may not send it.
    CustomEmoji {
        /// Its id.
        custom_emoji_id: String,
    },
}

/// A file that goes with a message. Its bytes lie on this program's shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// How it is shown.
    pub kind: MediaKind,
    /// SHA-256 of its content, hexadecimal: its name on the shelf.
    pub content: String,
    /// The name people see, of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its type, as Telegram told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Its size in bytes.
    pub bytes: u64,
}

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture.
    Photo,
    /// A video.
    Video,
    /// Any file.
    Document,
}

impl MediaKind {
    /// Its word: in the state, in locale keys, and the name of the Bot API's field.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Document => "document",
        }
    }

    /// The largest that can be taken in and sent on, in bytes.
    #[must_use]
    pub fn limit(self) -> u64 {
        match self {
            Self::Photo => PHOTO,
            Self::Video | Self::Document => FILE,
        }
    }
}

/// A button that opens a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkButton {
    /// What stands on it.
    pub label: String,
    /// What it opens: `https`, `http` or `tg`.
    pub url: String,
}

impl LinkButton {
    fn problem(&self) -> Option<Problem> {
        let label = self.label.trim().chars().count();
        if label == 0 || label > LABEL {
            return Some(Problem::Label);
        }
        let Some((scheme, rest)) = self.url.split_once("://") else {
            return Some(Problem::Link);
        };
        let opens = ["https", "http", "tg"].contains(&scheme.to_lowercase().as_str());
        let plausible = opens && !rest.is_empty() && !self.url.contains(char::is_whitespace);
        (!plausible).then_some(Problem::Link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(pairs: &[(&str, &str)]) -> Notice {
        Notice {
            fallback: "ru".into(),
            messages: pairs
                .iter()
                .map(|(tag, text)| ((*tag).to_owned(), Message::plain(*text)))
                .collect(),
        }
    }

    #[test]
    fn each_language_finds_its_message() {
        let notice = notice(&[("ru", "Да"), ("en", "Yes"), ("pt-br", "Sim")]);
        let text = |tag: &str| notice.message(tag).unwrap().text.text.clone();
        assert_eq!(text("en-GB"), "Yes");
        assert_eq!(text("pt_BR"), "Sim");
        assert_eq!(text("pt"), "Да");
        assert_eq!(text(""), "Да");
    }

    #[test]
    fn lengths_count_as_telegram_counts_them() {
        // Each of these is one character and two UTF-16 code units.
        let long = Message::plain("😀".repeat(2049));
        assert_eq!(
            long.problems(),
            [Problem::TooLong {
                units: 4098,
                limit: 4096
            }]
        );
        assert!(Message::plain("😀".repeat(2048)).problems().is_empty());
    }

    #[test]
    fn a_button_needs_a_label_and_a_link() {
        let with = |label: &str, url: &str| {
            let mut message = Message::plain("x");
            message.button = Some(LinkButton {
                label: label.into(),
                url: url.into(),
            });
            message.problems()
        };
        assert!(with("News", "https://example.org/a").is_empty());
        assert_eq!(with(" ", "https://example.org"), [Problem::Label]);
        for bad in [
            "example.org",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https:// x",
        ] {
            assert_eq!(with("News", bad), [Problem::Link], "{bad}");
        }
    }

    #[test]
    fn an_entity_is_the_bot_apis() {
        let entity = Entity {
            kind: EntityKind::TextLink {
                url: "https://example.org".into(),
            },
            offset: 1,
            length: 2,
        };
        let json = serde_json::to_value(&entity).unwrap();
        let wire = serde_json::json!(
            {"type": "text_link", "url": "https://example.org", "offset": 1, "length": 2}
        );
        assert_eq!(json, wire);
        assert_eq!(serde_json::from_value::<Entity>(wire).unwrap(), entity);
    }

    #[test]
    fn a_notice_without_its_fallback_is_not_ready() {
        let found = notice(&[("en", "Yes")]).problems();
        assert_eq!(found, [("ru".to_owned(), Problem::Empty)]);
    }
}
