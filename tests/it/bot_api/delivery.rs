//! What reaches a bot, through teloxide's own polling and dispatcher.

use std::sync::Arc;

use rei_recovery::demo::bot_api::{Account, Group, Person, Place, Role};
use teloxide::{
    dispatching::{Dispatcher, UpdateFilterExt},
    dptree,
    payloads::{AnswerCallbackQuerySetters, GetUpdatesSetters, SendMessageSetters},
    prelude::Requester,
    types::{
        AllowedUpdate, CallbackQuery, ChatMemberUpdated, InlineKeyboardButton,
        InlineKeyboardMarkup, Message, Update, UpdateKind,
    },
};
use tokio::sync::mpsc;

use super::{SOON, Scene, client, refusal};

/// Starts an unchanged dispatcher that passes on what it was given.
fn dispatch(
    scene: &Scene,
) -> (
    mpsc::UnboundedReceiver<UpdateKind>,
    impl Future<Output = ()>,
) {
    let (seen, seeing) = mpsc::unbounded_channel();
    let seen = Arc::new(seen);
    let tell = |kind: UpdateKind, seen: Arc<mpsc::UnboundedSender<UpdateKind>>| async move {
        seen.send(kind).map_err(|e| e.to_string())
    };
    let tree = dptree::entry()
        .branch(Update::filter_message().endpoint({
            move |m: Message, seen: Arc<mpsc::UnboundedSender<UpdateKind>>| {
                tell(UpdateKind::Message(m), seen)
            }
        }))
        .branch(Update::filter_edited_message().endpoint({
            move |m: Message, seen: Arc<mpsc::UnboundedSender<UpdateKind>>| {
                tell(UpdateKind::EditedMessage(m), seen)
            }
        }))
        .branch(Update::filter_callback_query().endpoint({
            move |q: CallbackQuery, seen: Arc<mpsc::UnboundedSender<UpdateKind>>| {
                tell(UpdateKind::CallbackQuery(q), seen)
            }
        }))
        .branch(Update::filter_my_chat_member().endpoint({
            move |m: ChatMemberUpdated, seen: Arc<mpsc::UnboundedSender<UpdateKind>>| {
                tell(UpdateKind::MyChatMember(m), seen)
            }
        }));
    let mut dispatcher = Dispatcher::builder(scene.bot.clone(), tree)
        .dependencies(dptree::deps![seen])
        .build();
    let token = dispatcher.shutdown_token();
    let running = tokio::spawn(async move { dispatcher.dispatch().await });
    let stop = async move {
        token.shutdown().expect("running").await;
        running.await.expect("dispatcher");
    };
    (seeing, stop)
}

async fn next(seeing: &mut mpsc::UnboundedReceiver<UpdateKind>) -> UpdateKind {
    tokio::time::timeout(SOON, seeing.recv())
        .await
        .expect("an update in time")
        .expect("open")
}

#[tokio::test]
async fn a_dispatcher_gets_every_kind_of_update() {
    let scene = Scene::new();
    let (mut seeing, stop) = dispatch(&scene);

    let UpdateKind::MyChatMember(added) = next(&mut seeing).await else {
        panic!("added")
    };
    assert!(added.new_chat_member.is_administrator() && added.chat.is_supergroup());
    let UpdateKind::Message(start) = next(&mut seeing).await else {
        panic!("start")
    };
    assert_eq!(start.text(), Some("/start"));
    assert_eq!(
        start.from.expect("from").language_code.as_deref(),
        Some("ru")
    );

    let id = scene
        .api
        .send_text(scene.anna, scene.talk, "stat")
        .expect("send");
    scene
        .api
        .edit_text(scene.anna, scene.talk, id, "/status")
        .expect("edit");
    let UpdateKind::Message(first) = next(&mut seeing).await else {
        panic!("message")
    };
    assert_eq!((first.id.0, first.text()), (id, Some("stat")));
    let UpdateKind::EditedMessage(second) = next(&mut seeing).await else {
        panic!("edit")
    };
    assert_eq!((second.id.0, second.text()), (id, Some("/status")));
    assert!(second.edit_date().is_some());

    let keys =
        InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("✅ Approve", "v1:abc")]]);
    let asked = scene
        .bot
        .send_message(first.chat.id, "Really?")
        .reply_markup(keys)
        .await;
    let asked = asked.expect("asked");
    let press = scene
        .api
        .press(scene.anna, scene.talk, asked.id.0, "Approve")
        .expect("press");
    let UpdateKind::CallbackQuery(query) = next(&mut seeing).await else {
        panic!("query")
    };
    assert_eq!(query.data.as_deref(), Some("v1:abc"));
    assert_eq!(query.from.id.0, scene.anna.0);
    assert_eq!(query.regular_message().map(|m| m.id), Some(asked.id));
    assert_eq!(scene.api.unanswered().len(), 1);
    let answering = scene
        .bot
        .answer_callback_query(query.id)
        .text("Done")
        .show_alert(true);
    answering.await.expect("answered");
    let answer = press.answer(SOON).await.expect("answer");
    assert_eq!((answer.text.as_str(), answer.show_alert), ("Done", true));
    assert!(scene.api.unanswered().is_empty());

    scene
        .api
        .set_blocked(scene.anna, scene.bot_id, true)
        .expect("block");
    let UpdateKind::MyChatMember(blocked) = next(&mut seeing).await else {
        panic!("blocked")
    };
    assert!(blocked.new_chat_member.is_banned() && blocked.old_chat_member.is_member());
    stop.await;
    assert_eq!(
        scene.api.read(|w| w.waiting_updates(scene.bot_id)),
        0,
        "all acknowledged"
    );
}

#[tokio::test]
async fn a_long_poll_answers_as_soon_as_something_happens() {
    let scene = Scene::new();
    let first = scene.bot.get_updates().await.expect("updates");
    let offset = first.last().expect("start").id.as_offset();
    let bot = scene.bot.clone();
    let polling = tokio::spawn(async move { bot.get_updates().offset(offset).timeout(30).await });
    scene.polled(2).await;
    scene
        .api
        .send_text(scene.anna, scene.talk, "hello")
        .expect("send");
    let updates = tokio::time::timeout(SOON, polling)
        .await
        .expect("at once")
        .expect("task");
    let updates = updates.expect("updates");
    let UpdateKind::Message(message) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert_eq!(message.text(), Some("hello"));
    let again = scene
        .bot
        .get_updates()
        .offset(offset)
        .await
        .expect("updates");
    assert_eq!(again.len(), 1, "not acknowledged, so it comes again");
}

#[tokio::test]
async fn a_second_poller_ends_the_first() {
    let scene = Scene::new();
    scene
        .bot
        .get_updates()
        .offset(i32::MAX)
        .await
        .expect("acknowledged");
    let bot = scene.bot.clone();
    let first = tokio::spawn(async move { bot.get_updates().timeout(30).await });
    scene.polled(2).await;
    let other = client(&scene.api, "700:secret");
    let second = tokio::spawn(async move { other.get_updates().timeout(30).await });
    assert_eq!(
        refusal(first.await.expect("task")),
        "TerminatedByOtherGetUpdates"
    );
    scene
        .api
        .send_text(scene.anna, scene.talk, "hello")
        .expect("send");
    assert_eq!(second.await.expect("task").expect("updates").len(), 1);
}

#[tokio::test]
async fn only_kinds_asked_for_arrive() {
    let scene = Scene::new();
    let poll = || {
        scene
            .bot
            .get_updates()
            .offset(i32::MAX)
            .allowed_updates([AllowedUpdate::CallbackQuery])
    };
    poll().await.expect("updates");
    scene
        .api
        .send_text(scene.anna, scene.talk, "unheard")
        .expect("send");
    assert!(
        scene.bot.get_updates().await.expect("updates").is_empty(),
        "the choice is kept"
    );
}

#[tokio::test]
async fn an_anonymous_admin_writes_as_the_group_and_presses_as_themselves() {
    let scene = Scene::new();
    let vera = scene.api.add_person(Person::new(13, "Vera")).expect("vera");
    scene
        .api
        .set_role(
            scene.group,
            Account::Person(vera),
            Role::Anonymous,
            scene.anna,
        )
        .expect("role");
    scene
        .bot
        .get_updates()
        .offset(i32::MAX)
        .await
        .expect("acknowledged");
    scene
        .api
        .send_text(vera, scene.group, "/status")
        .expect("send");
    let keys = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Go", "go")]]);
    let chat = teloxide::types::ChatId(scene.group.chat_id());
    let asked = scene
        .bot
        .send_message(chat, "?")
        .reply_markup(keys)
        .await
        .expect("send");
    scene
        .api
        .press(vera, scene.group, asked.id.0, "Go")
        .expect("press");

    let updates = scene.bot.get_updates().await.expect("updates");
    let UpdateKind::Message(command) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert!(
        command
            .from
            .as_ref()
            .is_some_and(teloxide::types::User::is_anonymous)
    );
    assert_eq!(command.sender_chat.as_ref().map(|c| c.id), Some(chat));
    let UpdateKind::CallbackQuery(press) = &updates[1].kind else {
        panic!("{updates:?}")
    };
    assert_eq!(press.from.id.0, vera.0);
}

#[tokio::test]
async fn a_bot_that_is_no_admin_hears_only_what_is_meant_for_it() {
    let scene = Scene::new();
    let rei = scene.api.add_bot("800:other", "rei_bot").expect("bot");
    let ops = Group::new(-4_001, "Small")
        .bot(rei, Role::Member)
        .member(scene.anna, Role::Member);
    let ops = scene.api.add_group(ops).expect("group");
    let bot = client(&scene.api, "800:other");
    bot.get_updates()
        .offset(i32::MAX)
        .await
        .expect("acknowledged");
    let own = bot
        .send_message(teloxide::types::ChatId(ops.chat_id()), "I am here")
        .await
        .expect("send");
    for text in [
        "hello all",
        "/status",
        "/status@rei_admin_bot",
        "/status@REI_bot",
        "hey @rei_bot",
    ] {
        scene.api.send_text(scene.anna, ops, text).expect("send");
    }
    scene
        .api
        .reply(scene.anna, ops, own.id.0, "an answer")
        .expect("reply");
    let updates = bot.get_updates().await.expect("updates");
    let texts: Vec<_> = updates
        .iter()
        .map(|u| match &u.kind {
            UpdateKind::Message(m) => m.text().unwrap_or_default().to_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        texts,
        ["/status", "/status@REI_bot", "hey @rei_bot", "an answer"]
    );
    assert_eq!(scene.api.messages(Place::Group(-4_001)).len(), 7);
}
