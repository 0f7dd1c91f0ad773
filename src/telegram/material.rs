//! From a person's message to what a notice takes of it, exactly as he wrote it.

use crate::domain::campaign::message::{Entity, MediaKind, Rich};
use teloxide::types::{Message, MessageEntity};

/// What a message brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    /// Words.
    Text(Rich),
    /// A file, perhaps with a caption.
    File {
        /// Where it lies.
        file: Handle,
        /// How it is shown.
        kind: MediaKind,
        /// What stands under it.
        caption: Rich,
    },
    /// One of several that belong together: a notice has one file.
    Album,
    /// A sticker, a voice, a poll: nothing that a notice can be.
    Other,
}

/// A file that lies with Telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle {
    /// Its id, for this bot.
    pub id: String,
    /// Its size in bytes, as Telegram tells it.
    pub bytes: u64,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its type, as Telegram tells it.
    pub mime: Option<String>,
}

impl Material {
    /// What this message brings.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        if let Some(text) = message.text() {
            return Self::Text(rich(text, message.entities()));
        }
        if message.media_group_id().is_some() {
            return Self::Album;
        }
        let Some((file, kind)) = file(message) else {
            return Self::Other;
        };
        let text = message.caption().unwrap_or_default();
        let caption = rich(text, message.caption_entities());
        Self::File {
            file,
            kind,
            caption,
        }
    }
}

/// A picture that somebody sent, also one of several or as a file.
#[must_use]
pub fn picture(message: &Message) -> Option<Handle> {
    match file(message)? {
        (handle, MediaKind::Photo) => Some(handle),
        (handle, MediaKind::Document) => {
            let kind = handle.mime.as_deref().unwrap_or_default();
            kind.starts_with("image/").then_some(handle)
        }
        (_, MediaKind::Video) => None,
    }
}

fn file(message: &Message) -> Option<(Handle, MediaKind)> {
    if let Some(sizes) = message.photo() {
        let largest = sizes.iter().max_by_key(|size| size.width * size.height)?;
        let handle = Handle {
            id: largest.file.id.to_string(),
            bytes: largest.file.size.into(),
            name: None,
            mime: None,
        };
        return Some((handle, MediaKind::Photo));
    }
    if let Some(video) = message.video() {
        let handle = Handle {
            id: video.file.id.to_string(),
            bytes: video.file.size.into(),
            name: video.file_name.clone(),
            mime: video.mime_type.as_ref().map(ToString::to_string),
        };
        return Some((handle, MediaKind::Video));
    }
    let document = message.document()?;
    let handle = Handle {
        id: document.file.id.to_string(),
        bytes: document.file.size.into(),
        name: document.file_name.clone(),
        mime: document.mime_type.as_ref().map(ToString::to_string),
    };
    Some((handle, MediaKind::Document))
}

/// The text with what a bot may format; what Telegram finds by itself it finds again.
fn rich(text: &str, entities: Option<&[MessageEntity]>) -> Rich {
    // Both are the Bot API's `MessageEntity`, so one's JSON is the other's.
    let same = |entity: &MessageEntity| -> Option<Entity> {
        serde_json::from_value(serde_json::to_value(entity).ok()?).ok()
    };
    Rich {
        text: text.to_owned(),
        entities: entities
            .unwrap_or_default()
            .iter()
            .filter_map(same)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::campaign::message::EntityKind;
    use serde_json::{Value, json};

    fn message(body: Value) -> Message {
        let mut message = json!({
            "message_id": 1, "date": 0,
            "chat": {"id": 5, "type": "private", "first_name": "Ann"},
            "from": {"id": 5, "is_bot": false, "first_name": "Ann"},
        });
        for (name, value) in body.as_object().unwrap() {
            message[name] = value.clone();
        }
        serde_json::from_value(message).unwrap()
    }

    #[test]
    fn what_is_formatted_stays_and_what_telegram_finds_goes() {
        let text = message(json!({
            "text": "😀 שלום @ann https://a.example",
            "entities": [
                {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368"},
                {"type": "bold", "offset": 3, "length": 4},
                {"type": "expandable_blockquote", "offset": 3, "length": 4},
                {"type": "mention", "offset": 8, "length": 4},
                {"type": "url", "offset": 13, "length": 17},
            ],
        }));
        let Material::Text(rich) = Material::of(&text) else {
            panic!("a text");
        };
        assert_eq!(rich.text, "😀 שלום @ann https://a.example");
        let kinds: Vec<_> = rich.entities.iter().map(|one| one.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                EntityKind::CustomEmoji {
                    custom_emoji_id: "5368".into()
                },
                EntityKind::Bold,
                EntityKind::ExpandableBlockquote,
            ]
        );
        assert_eq!((rich.entities[1].offset, rich.entities[1].length), (3, 4));
    }

    #[test]
    fn the_largest_picture_is_taken_and_no_album() {
        let size = |id: &str, side: u32| {
            json!({"file_id": id, "file_unique_id": id, "width": side, "height": side,
                   "file_size": 10})
        };
        let photo = json!({"photo": [size("a", 90), size("c", 1280), size("b", 320)],
                           "caption": "Hi"});
        match Material::of(&message(photo.clone())) {
            Material::File { file, caption, .. } => {
                assert_eq!((file.id.as_str(), caption.text.as_str()), ("c", "Hi"));
            }
            other => panic!("{other:?}"),
        }
        let mut album = photo;
        album["media_group_id"] = json!("7");
        assert_eq!(Material::of(&message(album)), Material::Album);
    }
}
