//! What Telegram refuses, in the words that clients look for.

use std::time::Duration;

use rei_recovery::demo::bot_api::{Account, Group, Person, Role};
use teloxide::{
    RequestError,
    payloads::{
        AnswerCallbackQuerySetters, EditMessageTextSetters, SendMessageSetters, SendPhotoSetters,
    },
    prelude::Requester,
    types::{
        CallbackQueryId, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageId,
        ParseMode,
    },
};

use super::{PNG, Scene, client, refusal};

#[tokio::test]
async fn people_who_cannot_or_will_not_be_written_to() {
    let scene = Scene::new();
    let send = |id: i64| scene.bot.send_message(ChatId(id), "hello");
    assert_eq!(refusal(send(999).await), "ChatNotFound");
    let stranger = "Forbidden: bot can't initiate conversation with a user";
    assert_eq!(refusal(send(12).await), stranger);
    scene
        .api
        .set_blocked(scene.anna, scene.bot_id, true)
        .expect("block");
    assert_eq!(refusal(send(11).await), "BotBlocked");
    scene
        .api
        .start_chat(scene.anna, scene.bot_id)
        .expect("restart");
    send(11).await.expect("unblocked");
    scene.api.deactivate(scene.anna).expect("deactivate");
    assert_eq!(refusal(send(11).await), "UserDeactivated");
    assert_eq!(
        refusal(send(700).await),
        "Forbidden: bot can't send messages to bots"
    );
}

#[tokio::test]
async fn groups_that_a_bot_is_not_in() {
    let scene = Scene::new();
    let group = ChatId(scene.group.chat_id());
    let me = Account::Bot(scene.bot_id);
    let role = |role| {
        scene
            .api
            .set_role(scene.group, me, role, scene.anna)
            .expect("role")
    };
    role(Role::Left);
    let text = "Forbidden: bot is not a member of the supergroup chat";
    assert_eq!(refusal(scene.bot.send_message(group, "x").await), text);
    role(Role::Kicked);
    assert_eq!(
        refusal(scene.bot.send_message(group, "x").await),
        "BotKickedFromSupergroup"
    );
    role(Role::Member);
    let sent = scene.bot.send_message(group, "x").await.expect("send");
    let text = "NotEnoughRightsToManagePins";
    assert_eq!(
        refusal(scene.bot.pin_chat_message(group, sent.id).await),
        text
    );
    assert_eq!(
        refusal(scene.bot.send_message(ChatId(-5), "x").await),
        "ChatNotFound"
    );
}

#[tokio::test]
async fn a_migrated_group_tells_its_new_id() {
    let scene = Scene::new();
    let small = Group::new(-4_001, "Small")
        .bot(scene.bot_id, Role::Member)
        .member(scene.anna, Role::Owner);
    let small = scene.api.add_group(small).expect("group");
    let new = scene
        .api
        .migrate(small, -1_002_000_000_002)
        .expect("migrate");
    let error = scene
        .bot
        .send_message(ChatId(-4_001), "x")
        .await
        .expect_err("moved");
    assert!(matches!(error, RequestError::MigrateToChatId(ChatId(id)) if id == new.chat_id()));
    scene
        .bot
        .send_message(ChatId(new.chat_id()), "x")
        .await
        .expect("send");
    assert!(
        scene.api.send_text(scene.anna, small, "x").is_err(),
        "nobody writes there any more"
    );
}

#[tokio::test]
async fn texts_that_are_too_long_or_broken() {
    let scene = Scene::new();
    let chat = ChatId(11);
    let send = |text: String| {
        scene
            .bot
            .send_message(chat, text)
            .parse_mode(ParseMode::Html)
    };
    send(format!("<b>{}</b>", "😀".repeat(2048)))
        .await
        .expect("4096 units without the markup");
    assert_eq!(refusal(send("я".repeat(4097)).await), "MessageIsTooLong");
    assert_eq!(refusal(send("😀".repeat(2049)).await), "MessageIsTooLong");
    assert_eq!(
        refusal(send("<b> </b>".into()).await),
        "Bad Request: text must be non-empty"
    );
    let broken = refusal(send("a <x>".into()).await);
    let words = "can't parse entities: Unsupported start tag \"x\" at byte offset 2";
    assert!(broken.replace('\\', "").contains(words), "{broken}");
    let long = scene
        .bot
        .send_photo(chat, InputFile::memory(PNG))
        .caption("x".repeat(1025));
    assert_eq!(
        refusal(long.await),
        "Bad Request: message caption is too long"
    );
    let no_picture = scene.bot.send_photo(chat, InputFile::memory("text")).await;
    assert_eq!(refusal(no_picture), "ImageProcessFailed");
    let nothing = scene.bot.send_document(chat, InputFile::memory("")).await;
    assert_eq!(refusal(nothing), "Bad Request: file must be non-empty");
}

#[tokio::test]
async fn edits_that_change_nothing_or_have_nothing_to_change() {
    let scene = Scene::new();
    let chat = ChatId(11);
    let sent = scene.bot.send_message(chat, "same").await.expect("send");
    let again = scene.bot.edit_message_text(chat, sent.id, "same").await;
    assert_eq!(refusal(again), "MessageNotModified");
    let bold = scene
        .bot
        .edit_message_text(chat, sent.id, "<b>same</b>")
        .parse_mode(ParseMode::Html);
    bold.await.expect("other entities are a change");
    let long = scene
        .bot
        .edit_message_text(chat, sent.id, "x".repeat(4097))
        .await;
    assert_eq!(refusal(long), "EditedMessageIsTooLong");
    let lost = scene.bot.edit_message_text(chat, MessageId(999), "x").await;
    assert_eq!(refusal(lost), "MessageToEditNotFound");
    let theirs = scene
        .api
        .send_text(scene.anna, scene.talk, "mine")
        .expect("send");
    let theirs = scene
        .bot
        .edit_message_text(chat, MessageId(theirs), "x")
        .await;
    assert_eq!(refusal(theirs), "MessageCantBeEdited");
    scene
        .bot
        .delete_message(chat, sent.id)
        .await
        .expect("delete");
    assert_eq!(
        refusal(scene.bot.delete_message(chat, sent.id).await),
        "MessageToDeleteNotFound"
    );
    let gone = scene.bot.edit_message_text(chat, sent.id, "x").await;
    assert_eq!(refusal(gone), "MessageToEditNotFound");
    let old = scene.bot.send_message(chat, "old").await.expect("send");
    scene.api.advance(Duration::from_secs(49 * 3600));
    let old = scene.bot.delete_message(chat, old.id).await;
    assert_eq!(
        refusal(old),
        "Bad Request: message can't be deleted for everyone"
    );
}

#[tokio::test]
async fn buttons_with_bad_data() {
    let scene = Scene::new();
    let send = |data: &str| {
        let button = InlineKeyboardButton::callback("x", data);
        scene
            .bot
            .send_message(ChatId(11), "x")
            .reply_markup(InlineKeyboardMarkup::new([[button]]))
    };
    send(&"ж".repeat(32)).await.expect("64 bytes");
    assert_eq!(refusal(send(&"ж".repeat(33)).await), "ButtonDataInvalid");
    assert_eq!(refusal(send("").await), "ButtonDataInvalid");
}

#[tokio::test]
async fn a_press_is_answered_once_and_in_time() {
    let scene = Scene::new();
    let keys = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Go", "go")]]);
    let sent = scene
        .bot
        .send_message(ChatId(11), "?")
        .reply_markup(keys)
        .await
        .expect("send");
    let press = || {
        scene
            .api
            .press(scene.anna, scene.talk, sent.id.0, 0)
            .expect("press")
    };
    let answer = |id: &str| {
        scene
            .bot
            .answer_callback_query(CallbackQueryId(id.to_owned()))
    };
    let first = press();
    let long = answer(first.id()).text("x".repeat(201)).await;
    assert_eq!(refusal(long), "EditedMessageIsTooLong");
    answer(first.id()).await.expect("answered");
    let late = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    assert_eq!(refusal(answer(first.id()).await), late);
    let second = press();
    scene.api.advance(Duration::from_secs(16));
    assert_eq!(refusal(answer(second.id()).await), late);
    assert_eq!(refusal(answer("nonsense").await), late);
    assert_eq!(scene.api.unanswered().len(), 1);
}

#[tokio::test]
async fn tokens_and_methods_nobody_knows() {
    let scene = Scene::new();
    assert_eq!(
        refusal(client(&scene.api, "700:wrong").get_me().await),
        "InvalidToken"
    );
    assert_eq!(
        refusal(client(&scene.api, "nonsense").get_me().await),
        "InvalidToken"
    );
    let unknown = refusal(scene.bot.log_out().await);
    assert_eq!(
        unknown,
        "Bad Request: method not found".replace("Bad Request", "Not Found")
    );
    assert!(scene.api.add_person(Person::new(11, "Anna again")).is_err());
    assert!(scene.api.add_bot("no token", "x").is_err());
}
