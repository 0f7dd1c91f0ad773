//! From a message to the fields of a call. Text and entities go as they are.

use super::http::{Call, File};
use crate::domain::campaign::message::{LinkButton, Media, MediaKind, Message, Rich};
use crate::ports::bot::Errand;
use serde_json::{Map, Value, json};

/// The part of a form that a changed message's file goes in.
const ATTACHED: &str = "file";

/// The file of a message.
pub(super) enum Attachment {
    /// Telegram has it already.
    Known(String),
    /// It goes up with this call.
    Bytes(Vec<u8>),
}

/// The call that does an errand. `file` is the message's, where it has one.
pub(super) fn call(chat: i64, errand: Errand<'_>, paid: bool, file: Option<Attachment>) -> Call {
    let mut call = match errand {
        Errand::Send(message) => send(message, file),
        Errand::Correct(id, message) => correct(id, message, file),
        Errand::Delete(id) => Call {
            method: "deleteMessage",
            fields: fields(json!({ "message_id": id })),
            file: None,
        },
    };
    call.fields.insert("chat_id".to_owned(), chat.into());
    if paid && matches!(errand, Errand::Send(_)) {
        let name = "allow_paid_broadcast".to_owned();
        call.fields.insert(name, true.into());
    }
    call
}

fn send(message: &Message, file: Option<Attachment>) -> Call {
    let (Some(media), Some(file)) = (&message.media, file) else {
        return Call {
            method: "sendMessage",
            fields: text(message),
            file: None,
        };
    };
    let mut call = Call {
        method: match media.kind {
            MediaKind::Photo => "sendPhoto",
            MediaKind::Video => "sendVideo",
            MediaKind::Document => "sendDocument",
        },
        fields: caption(&message.text),
        file: None,
    };
    add_keyboard(&mut call.fields, message.button.as_ref());
    streamable(&mut call.fields, media.kind);
    let name = media.kind.as_str();
    match file {
        Attachment::Known(id) => drop(call.fields.insert(name.to_owned(), id.into())),
        Attachment::Bytes(bytes) => call.file = Some(upload(name, media, bytes)),
    }
    call
}

fn correct(id: i32, message: &Message, file: Option<Attachment>) -> Call {
    let mut call = match (&message.media, file) {
        // Takes a new caption and the same file just as well as another file.
        (Some(media), Some(file)) => other_media(message, media, file),
        _ => Call {
            method: "editMessageText",
            fields: text(message),
            file: None,
        },
    };
    call.fields.insert("message_id".to_owned(), id.into());
    call
}

fn other_media(message: &Message, media: &Media, file: Attachment) -> Call {
    let mut input = caption(&message.text);
    input.insert("type".to_owned(), media.kind.as_str().into());
    streamable(&mut input, media.kind);
    let (place, file) = match file {
        Attachment::Known(id) => (id, None),
        Attachment::Bytes(bytes) => {
            let file = upload(ATTACHED, media, bytes);
            (format!("attach://{ATTACHED}"), Some(file))
        }
    };
    input.insert("media".to_owned(), place.into());
    let mut all = fields(json!({ "media": input }));
    add_keyboard(&mut all, message.button.as_ref());
    Call {
        method: "editMessageMedia",
        fields: all,
        file,
    }
}

fn text(message: &Message) -> Map<String, Value> {
    // A link's preview would push the notice itself off the screen.
    let mut all = fields(json!({
        "text": message.text.text,
        "link_preview_options": { "is_disabled": true },
    }));
    add_entities(&mut all, "entities", &message.text);
    add_keyboard(&mut all, message.button.as_ref());
    all
}

fn caption(text: &Rich) -> Map<String, Value> {
    let mut all = Map::new();
    if !text.text.is_empty() {
        all.insert("caption".to_owned(), text.text.clone().into());
        add_entities(&mut all, "caption_entities", text);
    }
    all
}

fn add_entities(all: &mut Map<String, Value>, name: &str, text: &Rich) {
    if !text.entities.is_empty() {
        all.insert(name.to_owned(), json!(text.entities));
    }
}

fn add_keyboard(all: &mut Map<String, Value>, button: Option<&LinkButton>) {
    if let Some(LinkButton { label, url }) = button {
        let keyboard = json!({ "inline_keyboard": [[{ "text": label, "url": url }]] });
        all.insert("reply_markup".to_owned(), keyboard);
    }
}

/// A video that can be watched before it is there as a whole.
fn streamable(all: &mut Map<String, Value>, kind: MediaKind) {
    if kind == MediaKind::Video {
        all.insert("supports_streaming".to_owned(), true.into());
    }
}

fn upload(part: &'static str, media: &Media, bytes: Vec<u8>) -> File {
    let given = media.name.as_deref().map(plain_name).unwrap_or_default();
    let usual = match media.kind {
        MediaKind::Photo => "photo.jpg",
        MediaKind::Video => "video.mp4",
        MediaKind::Document => "file",
    };
    File {
        part,
        name: if given.is_empty() {
            usual.to_owned()
        } else {
            given
        },
        // What is no type would make the form impossible.
        mime: media.mime.clone().filter(|mime| is_type(mime)),
        bytes,
    }
}

/// Without what would end the name within the form's head.
fn plain_name(name: &str) -> String {
    let odd = |c: char| c.is_control() || c == '"' || c == '\\';
    name.trim().replace(odd, "_")
}

fn is_type(mime: &str) -> bool {
    let token = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
        !part.is_empty() && part.chars().all(plain)
    };
    mime.split_once('/')
        .is_some_and(|(main, sub)| token(main) && token(sub))
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::campaign::message::{Entity, EntityKind};

    fn rich() -> Rich {
        Rich {
            text: "😀 жирный".into(),
            entities: vec![Entity {
                kind: EntityKind::Bold,
                offset: 3,
                length: 6,
            }],
        }
    }

    fn with_file(kind: MediaKind) -> Message {
        Message {
            text: rich(),
            media: Some(Media {
                kind,
                content: "00".into(),
                name: Some("Отчёт \"1\"\r\n.pdf".into()),
                mime: Some("application/pdf".into()),
                bytes: 3,
            }),
            button: Some(LinkButton {
                label: "News".into(),
                url: "https://example.org".into(),
            }),
        }
    }

    #[test]
    fn a_text_goes_as_it_is() {
        let message = Message {
            text: rich(),
            ..Message::default()
        };
        let call = call(7, Errand::Send(&message), true, None);
        assert_eq!(call.method, "sendMessage");
        let expected = json!({
            "chat_id": 7, "text": "😀 жирный", "allow_paid_broadcast": true,
            "entities": [{"type": "bold", "offset": 3, "length": 6}],
            "link_preview_options": {"is_disabled": true},
        });
        assert_eq!(Value::Object(call.fields), expected);
    }

    #[test]
    fn a_file_that_telegram_has_goes_by_its_id() {
        let message = with_file(MediaKind::Video);
        let known = Some(Attachment::Known("id".into()));
        let call = call(7, Errand::Send(&message), false, known);
        assert_eq!(call.method, "sendVideo");
        let expected = json!({
            "chat_id": 7, "video": "id", "caption": "😀 жирный", "supports_streaming": true,
            "caption_entities": [{"type": "bold", "offset": 3, "length": 6}],
            "reply_markup": {"inline_keyboard": [[{"text": "News", "url": "https://example.org"}]]},
        });
        assert_eq!(Value::Object(call.fields), expected);
        assert!(call.file.is_none());
    }

    #[test]
    fn a_correction_carries_its_file_and_costs_nothing() {
        let message = with_file(MediaKind::Document);
        let bytes = Some(Attachment::Bytes(vec![1]));
        let call = call(7, Errand::Correct(5, &message), true, bytes);
        assert_eq!(call.method, "editMessageMedia");
        let media = json!({
            "type": "document", "media": "attach://file", "caption": "😀 жирный",
            "caption_entities": [{"type": "bold", "offset": 3, "length": 6}],
        });
        assert_eq!(call.fields["media"], media);
        assert!(!call.fields.contains_key("allow_paid_broadcast"));
        let file = call.file.expect("file");
        assert_eq!((file.part, file.name.as_str()), ("file", "Отчёт _1___.pdf"));
    }

    #[test]
    fn what_is_no_type_is_left_out() {
        for (mime, good) in [
            ("application/pdf", true),
            ("text", false),
            ("a/b\r\nx", false),
            ("image/svg+xml", true),
        ] {
            assert_eq!(is_type(mime), good, "{mime}");
        }
    }
}
