//! The JSON that one bot sees.
//!
//! teloxide drops an update without a word when a field it needs is missing, so everything Telegram
//! always sends is sent here too.

use serde_json::{Map, Value, json};

use super::{
    files,
    ids::{ANONYMOUS_BOT, BotId, Place},
    message::{Media, MediaKind, Message, Query, Sender, Service},
    model::{Account, Role},
    text::{Entity, EntityKind},
    world::World,
};

/// A `User`.
pub(super) fn user(world: &World, account: Account) -> Value {
    let mut json = json!({ "id": account.user_id() });
    match account {
        Account::Bot(id) => {
            let name = world
                .bot(id)
                .map(|b| b.username.clone())
                .unwrap_or_default();
            json["is_bot"] = true.into();
            json["first_name"] = name.clone().into();
            json["username"] = name.into();
        }
        Account::Person(id) => {
            json["is_bot"] = false.into();
            if let Some(person) = world.person(id) {
                json["first_name"] = person.name.clone().into();
                set(&mut json, "username", person.username.clone());
                set(&mut json, "language_code", person.language.clone());
            }
        }
    }
    json
}

/// The account that stands in for everybody who writes as the group.
fn anonymous() -> Value {
    json!({
        "id": ANONYMOUS_BOT, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"
    })
}

/// A `Chat`.
pub(super) fn chat(world: &World, place: Place) -> Value {
    let mut json = json!({ "id": place.chat_id() });
    match place {
        Place::Private { person, .. } => {
            json["type"] = "private".into();
            if let Some(person) = world.person(person) {
                json["first_name"] = person.name.clone().into();
                set(&mut json, "username", person.username.clone());
            }
        }
        Place::Group(id) => {
            let group = world.group(id);
            json["type"] = group.map_or("group", |g| g.kind()).into();
            json["title"] = group.map(|g| g.title.clone()).unwrap_or_default().into();
            if json["type"] == "group" {
                json["all_members_are_administrators"] = false.into();
            }
        }
    }
    json
}

/// A `ChatMember`.
pub(super) fn member(world: &World, who: Account, role: Role) -> Value {
    let mut json = json!({ "user": user(world, who) });
    json["status"] = match role {
        Role::Owner => "creator",
        Role::Administrator | Role::Anonymous => "administrator",
        Role::Member => "member",
        Role::Left => "left",
        Role::Kicked => "kicked",
    }
    .into();
    if role.is_admin() {
        json["is_anonymous"] = (role == Role::Anonymous).into();
    }
    if role.is_admin() && role != Role::Owner {
        json["can_be_edited"] = false.into();
        for right in ADMIN_RIGHTS {
            json[right] = true.into();
        }
        json["can_promote_members"] = false.into();
    }
    if role == Role::Kicked {
        json["until_date"] = 0.into();
    }
    json
}

const ADMIN_RIGHTS: [&str; 9] = [
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
];

/// A `Message`, with the message it answers.
pub(super) fn message(world: &World, bot: BotId, message: &Message) -> Value {
    let mut json = bare_message(world, bot, message);
    let answered = message
        .reply_to
        .and_then(|id| world.message(message.place, id));
    if let Some(answered) = answered.filter(|m| !m.deleted) {
        json["reply_to_message"] = bare_message(world, bot, answered);
    }
    json
}

fn bare_message(world: &World, bot: BotId, message: &Message) -> Value {
    let mut json = json!({
        "message_id": message.id,
        "date": message.date,
        "chat": chat(world, message.place),
    });
    match message.sender {
        Sender::Bot(id) => json["from"] = user(world, Account::Bot(id)),
        Sender::Person(id) => json["from"] = user(world, Account::Person(id)),
        Sender::Anonymous(_) => {
            json["from"] = anonymous();
            json["sender_chat"] = chat(world, message.place);
        }
    }
    set(&mut json, "edit_date", message.edit_date);
    match &message.service {
        Some(service) => add_service(&mut json, world, bot, message.place, service),
        None => add_body(&mut json, world, bot, message),
    }
    json
}

fn add_service(json: &mut Value, world: &World, bot: BotId, place: Place, service: &Service) {
    match *service {
        Service::MigratedTo { chat } => json["migrate_to_chat_id"] = chat.into(),
        Service::MigratedFrom { chat } => json["migrate_from_chat_id"] = chat.into(),
        Service::Pinned { message: id } => {
            let pinned = world.message(place, id);
            json["pinned_message"] = pinned
                .map(|m| bare_message(world, bot, m))
                .unwrap_or_default();
        }
    }
}

fn add_body(json: &mut Value, world: &World, bot: BotId, message: &Message) {
    let body = &message.body;
    let text = body.text.text.clone();
    let entities = entities(world, &body.text.entities);
    let names = match &body.media {
        None => ("text", "entities"),
        Some(media) => {
            add_media(json, bot, media);
            ("caption", "caption_entities")
        }
    };
    if !text.is_empty() {
        json[names.0] = text.into();
    }
    if !entities.is_empty() {
        json[names.1] = entities.into();
    }
    if let Some(keyboard) = body.keyboard.as_ref().filter(|_| message.is_from_bot(bot)) {
        json["reply_markup"] = json!(keyboard);
    }
}

fn add_media(json: &mut Value, bot: BotId, media: &Media) {
    if let Some(album) = &media.album {
        json["media_group_id"] = json!(album);
    }
    let mut file = file(bot, media.kind, media.file, media.size);
    match media.kind {
        MediaKind::Photo => {
            let (width, height) = media.dimensions.unwrap_or((1, 1));
            file["width"] = width.into();
            file["height"] = height.into();
            json["photo"] = json!([file]);
        }
        MediaKind::Video => {
            let (width, height) = media.dimensions.unwrap_or(files::FILM);
            file["width"] = width.into();
            file["height"] = height.into();
            file["duration"] = 1.into();
            name_file(&mut file, media);
            json["video"] = file;
        }
        MediaKind::Document => {
            name_file(&mut file, media);
            json["document"] = file;
        }
    }
}

fn name_file(file: &mut Value, media: &Media) {
    set(file, "file_name", media.name.clone());
    file["mime_type"] = media.mime.clone().into();
}

/// The fields that every kind of file has.
pub(super) fn file(bot: BotId, kind: MediaKind, index: usize, size: usize) -> Value {
    json!({
        "file_id": files::file_id(bot, kind, index),
        "file_unique_id": files::unique_id(index),
        "file_size": size,
    })
}

fn entities(world: &World, entities: &[Entity]) -> Vec<Value> {
    entities
        .iter()
        .filter_map(|entity| match entity.kind {
            // A mention of somebody Telegram does not know is plain text.
            EntityKind::TextMention { person } => world.person(person).map(|_| {
                json!({
                    "type": "text_mention",
                    "offset": entity.offset,
                    "length": entity.length,
                    "user": user(world, Account::Person(person)),
                })
            }),
            _ => Some(json!(entity)),
        })
        .collect()
}

/// A `CallbackQuery`.
pub(super) fn query(world: &World, query: &Query) -> Value {
    let mut json = json!({
        "id": query.id,
        "from": user(world, Account::Person(query.person)),
        "chat_instance": chat_instance(query.place),
        "data": query.data,
    });
    if let Some(m) = world.message(query.place, query.message) {
        json["message"] = message(world, query.bot, m);
    }
    json
}

/// A number that stands for the chat; 64-bit FNV-1a of its name, so the same in every run.
fn chat_instance(place: Place) -> String {
    let hash = place
        .to_string()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    hash.cast_signed().to_string()
}

/// A `ChatFullInfo`.
pub(super) fn full_chat(world: &World, bot: BotId, place: Place) -> Value {
    let mut json = chat(world, place);
    json["accent_color_id"] = 0.into();
    json["max_reaction_count"] = 11.into();
    let gifts = [
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
    ];
    let accepts = matches!(place, Place::Private { .. });
    json["accepted_gift_types"] = gifts
        .iter()
        .map(|g| ((*g).to_owned(), Value::Bool(accepts)))
        .collect::<Map<_, _>>()
        .into();
    if matches!(place, Place::Group(_)) {
        json["permissions"] = MEMBER_RIGHTS
            .iter()
            .map(|r| ((*r).to_owned(), Value::Bool(true)))
            .collect::<Map<_, _>>()
            .into();
    }
    if let Some(pinned) = world.pinned(place).and_then(|id| world.message(place, id)) {
        json["pinned_message"] = bare_message(world, bot, pinned);
    }
    json
}

const MEMBER_RIGHTS: [&str; 9] = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_invite_users",
];

fn set(json: &mut Value, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        json[key] = value.into();
    }
}
