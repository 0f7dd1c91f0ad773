//! Messages from a bot: markup, keyboards, edits, pictures and files.

use rei_recovery::demo::bot_api::{EntityKind, MediaKind, Parcel, Service};
use teloxide::{
    payloads::{
        EditMessageMediaSetters, EditMessageTextSetters, SendDocumentSetters, SendMessageSetters,
        SendPhotoSetters, SetMyCommandsSetters,
    },
    prelude::Requester,
    types::{
        BotCommand, BotCommandScope, ChatId, FileId, InlineKeyboardButton, InlineKeyboardMarkup,
        InputFile, InputMedia, InputMediaPhoto, MessageEntityKind, MessageId, ParseMode, Recipient,
        ReplyParameters, UpdateKind, UserId,
    },
};

use super::{PNG, Scene, client};

fn keys(label: &str) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback(label, "x")]])
}

#[tokio::test]
async fn markup_becomes_text_and_entities_on_both_sides() {
    let scene = Scene::new();
    let chat = ChatId(11);
    let html =
        "<b>Plan</b> 😀 &amp; <code>bot.db</code>, see /status <a href=\"https://a.example\">x</a>";
    let sent = scene
        .bot
        .send_message(chat, html)
        .parse_mode(ParseMode::Html)
        .await
        .expect("send");
    assert_eq!(sent.text(), Some("Plan 😀 & bot.db, see /status x"));
    let kinds: Vec<_> = sent
        .entities()
        .expect("entities")
        .iter()
        .map(|e| e.kind.clone())
        .collect();
    assert_eq!(
        kinds[..3],
        [
            MessageEntityKind::Bold,
            MessageEntityKind::Code,
            MessageEntityKind::BotCommand
        ]
    );
    assert!(
        matches!(&kinds[3], MessageEntityKind::TextLink { url } if url.as_str() == "https://a.example/")
    );

    let kept = scene.api.message(scene.talk, sent.id.0).expect("kept");
    assert_eq!(kept.body.text.pieces(&EntityKind::Code), ["bot.db"]);
}

#[tokio::test]
async fn an_edit_replaces_text_and_keyboard_and_keeps_the_past() {
    let scene = Scene::new();
    let chat = ChatId(11);
    let sent = scene
        .bot
        .send_message(chat, "1 of 3")
        .reply_markup(keys("Stop"))
        .await
        .expect("send");
    let edited = scene
        .bot
        .edit_message_text(chat, sent.id, "2 of 3")
        .await
        .expect("edit");
    assert_eq!(edited.text(), Some("2 of 3"));
    assert!(
        edited.reply_markup().is_none(),
        "an edit without a keyboard takes it away"
    );
    scene
        .bot
        .edit_message_text(chat, sent.id, "3 of 3")
        .reply_markup(keys("Done"))
        .await
        .expect("edit");

    let kept = scene.api.message(scene.talk, sent.id.0).expect("kept");
    assert_eq!((kept.text(), kept.labels()), ("3 of 3", vec![vec!["Done"]]));
    let past: Vec<_> = kept
        .edits
        .iter()
        .map(|v| v.body.text.text.as_str())
        .collect();
    assert_eq!(past, ["1 of 3", "2 of 3"]);
    assert!(kept.edit_date.is_some());

    scene
        .bot
        .edit_message_reply_markup(chat, sent.id)
        .await
        .expect("edit");
    scene
        .bot
        .delete_message(chat, sent.id)
        .await
        .expect("delete");
    assert!(
        scene
            .api
            .messages(scene.talk)
            .iter()
            .all(|m| m.id != sent.id.0)
    );
    assert!(
        scene
            .api
            .message(scene.talk, sent.id.0)
            .is_some_and(|m| m.deleted)
    );
}

#[tokio::test]
async fn pictures_go_up_are_exchanged_and_come_down_again() {
    let scene = Scene::new();
    let chat = ChatId(11);
    let picture = InputFile::memory(PNG).file_name("timeline.png");
    let photo = scene
        .bot
        .send_photo(chat, picture)
        .caption("<i>first</i>")
        .parse_mode(ParseMode::Html);
    let sent = photo.reply_markup(keys("Zoom")).await.expect("photo");
    let size = &sent.photo().expect("photo")[0];
    assert_eq!(
        (size.width, size.height, size.file.size as usize),
        (1, 1, PNG.len())
    );
    assert_eq!(sent.caption(), Some("first"));
    let kept = scene.api.message(scene.talk, sent.id.0).expect("kept");
    assert_eq!(
        kept.labels(),
        [["Zoom"]],
        "a keyboard within a form is a JSON text"
    );

    assert_eq!(scene.download(&size.file.id).await, PNG);

    let mut other = PNG.to_vec();
    other.push(0);
    let media = InputMediaPhoto::new(InputFile::memory(other)).caption("<b>second</b>");
    let media = InputMedia::Photo(media.parse_mode(ParseMode::Html));
    let edited = scene
        .bot
        .edit_message_media(chat, sent.id, media)
        .reply_markup(keys("Zoom"));
    assert_eq!(edited.await.expect("edit").caption(), Some("second"));
    let kept = scene.api.message(scene.talk, sent.id.0).expect("kept");
    assert_eq!(
        kept.body.media.as_ref().map(|m| m.size),
        Some(PNG.len() + 1)
    );
    assert_eq!(kept.edits.len(), 1);

    let again = scene
        .bot
        .send_photo(chat, InputFile::file_id(size.file.id.clone()))
        .await;
    assert_eq!(
        again.expect("again").photo().expect("photo")[0]
            .file
            .unique_id,
        size.file.unique_id
    );
}

#[tokio::test]
async fn a_file_id_is_worthless_to_another_bot() {
    let scene = Scene::new();
    let rei = scene.api.add_bot("800:other", "rei_bot").expect("bot");
    scene.api.start_chat(scene.anna, rei).expect("start");
    let sent = scene
        .bot
        .send_photo(ChatId(11), InputFile::memory(PNG))
        .await
        .expect("photo");
    let id = sent.photo().expect("photo")[0].file.id.clone();
    let other = client(&scene.api, "800:other");
    let foreign = other
        .send_photo(ChatId(11), InputFile::file_id(id.clone()))
        .await;
    assert_eq!(super::refusal(foreign), "WrongFileIdOrUrl");
    assert!(super::refusal(other.get_file(id).await).contains("wrong file_id"));
    let wrong_use = FileId(sent.photo().expect("photo")[0].file.id.0.clone());
    let wrong_use = scene
        .bot
        .send_document(ChatId(11), InputFile::file_id(wrong_use))
        .await;
    assert_eq!(
        super::refusal(wrong_use),
        "Bad Request: can't use file of type Photo as Document"
    );
}

#[tokio::test]
async fn documents_go_both_ways() {
    let scene = Scene::new();
    let report = InputFile::memory("seq,at\n1,now\n").file_name("audit.csv");
    let sent = scene
        .bot
        .send_document(ChatId(11), report)
        .caption("audit")
        .await
        .expect("document");
    let document = sent.document().expect("document");
    assert_eq!(document.file_name.as_deref(), Some("audit.csv"));
    assert_eq!(
        document
            .mime_type
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("text/csv")
    );

    scene.bot.get_updates().await.expect("updates");
    scene
        .api
        .send_file(
            scene.anna,
            scene.talk,
            Parcel::document("note.txt", "hello").caption("see /this"),
        )
        .expect("send");
    scene
        .api
        .send_file(scene.anna, scene.talk, Parcel::photo(PNG))
        .expect("send");
    let updates = scene.bot.get_updates().await.expect("updates");
    let tail: Vec<_> = updates.iter().rev().take(2).map(|u| &u.kind).collect();
    let (UpdateKind::Message(photo), UpdateKind::Message(note)) = (tail[0], tail[1]) else {
        panic!("{updates:?}")
    };
    assert_eq!(
        note.document().and_then(|d| d.file_name.as_deref()),
        Some("note.txt")
    );
    assert_eq!(
        note.caption_entities().expect("entities")[0].kind,
        MessageEntityKind::BotCommand
    );
    let id = &photo.photo().expect("photo")[0].file.id;
    assert_eq!(scene.download(id).await, PNG);
    let kept = scene
        .api
        .read(|w| w.last(scene.talk).and_then(|m| m.body.media.clone()));
    assert_eq!(kept.map(|m| m.kind), Some(MediaKind::Photo));
}

#[tokio::test]
async fn commands_are_kept_by_scope_and_language() {
    let scene = Scene::new();
    let english = [BotCommand::new("status", "What is going on")];
    let russian = [BotCommand::new("status", "Что происходит")];
    scene
        .bot
        .set_my_commands(english.clone())
        .await
        .expect("set");
    scene
        .bot
        .set_my_commands(russian)
        .language_code("ru")
        .await
        .expect("set");
    let scope = BotCommandScope::Chat {
        chat_id: Recipient::Id(ChatId(scene.group.chat_id())),
    };
    scene
        .bot
        .set_my_commands([BotCommand::new("audit", "Trail")])
        .scope(scope)
        .await
        .expect("set");
    assert_eq!(scene.bot.get_my_commands().await.expect("get"), english);
    let sets = scene
        .api
        .read(|w| w.bot(scene.bot_id).map(|b| b.commands.clone()))
        .expect("bot");
    let languages: Vec<_> = sets.iter().map(|s| s.language_code.as_str()).collect();
    assert_eq!(languages, ["", "ru", ""]);
    assert_eq!(sets[2].scope["type"], "chat");
}

#[tokio::test]
async fn a_bot_can_look_at_its_chats() {
    let scene = Scene::new();
    let me = scene.bot.get_me().await.expect("me");
    assert_eq!((me.id.0, me.username()), (700, "rei_admin_bot"));
    let group = ChatId(scene.group.chat_id());
    assert_eq!(
        scene.bot.get_chat(group).await.expect("chat").title(),
        Some("REI ops")
    );
    assert!(
        scene
            .bot
            .get_chat(ChatId(11))
            .await
            .expect("chat")
            .is_private()
    );
    let anna = scene
        .bot
        .get_chat_member(group, UserId(11))
        .await
        .expect("member");
    assert!(anna.is_administrator());
    assert!(
        scene
            .bot
            .get_chat_member(group, UserId(12))
            .await
            .expect("member")
            .is_member()
    );
    assert_eq!(
        scene
            .bot
            .get_chat_administrators(group)
            .await
            .expect("admins")
            .len(),
        2
    );
    let info = scene.bot.get_webhook_info().await.expect("info");
    assert_eq!((info.url, info.pending_update_count), (None, 2));
}

#[tokio::test]
async fn a_pinned_message_and_an_answer_show_where_they_belong() {
    let scene = Scene::new();
    let group = ChatId(scene.group.chat_id());
    let plan = scene.bot.send_message(group, "Plan").await.expect("send");
    scene
        .bot
        .pin_chat_message(group, plan.id)
        .await
        .expect("pin");
    let line = scene
        .api
        .read(|w| w.last(scene.group).cloned())
        .expect("line");
    assert_eq!(line.service, Some(Service::Pinned { message: plan.id.0 }));
    let pinned = scene
        .bot
        .get_chat(group)
        .await
        .expect("chat")
        .pinned_message
        .expect("pinned");
    assert_eq!(pinned.id, plan.id);

    let reply = scene
        .bot
        .send_message(group, "Done")
        .reply_parameters(ReplyParameters::new(plan.id));
    let reply = reply.await.expect("send");
    assert_eq!(reply.reply_to_message().map(|m| m.id), Some(plan.id));
    let lost = ReplyParameters::new(MessageId(999));
    let lost = scene
        .bot
        .send_message(group, "Done")
        .reply_parameters(lost)
        .await;
    assert_eq!(super::refusal(lost), "MessageToReplyNotFound");
}
