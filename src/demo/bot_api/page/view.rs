//! What one person sees, as JSON for the page.

use serde_json::{Value, json};

use super::super::{
    ids::{BotId, PersonId, Place},
    message::{Button, Media, Message, Sender, Service},
    model::{Account, Bot, Command, Group, Person},
    shared::Shared,
    text::EntityKind,
    world::World,
};

/// How far a page is informed.
#[derive(Debug, Default)]
pub(super) struct Shown {
    revision: u64,
    facts: Option<u64>,
    actions: Option<usize>,
    frame: Value,
}

/// Everything that changed since, or nothing.
pub(super) fn news(shared: &Shared, person: Option<PersonId>, shown: &mut Shown) -> Option<Value> {
    let first = shown.frame.is_null();
    let (frame, messages, revision) = shared.read(|world| {
        let chats: Vec<Place> = person.map(|p| chats(world, p)).unwrap_or_default();
        let messages: Vec<Value> = chats
            .iter()
            .flat_map(|place| world.past(*place))
            .filter(|m| m.revision > shown.revision && !(first && m.deleted))
            .map(|m| message(world, person, m))
            .collect();
        (frame(world, person, &chats), messages, world.revision)
    });
    let mut frame = frame;
    frame["network"] = format!("{:?}", *shared.network.borrow())
        .to_lowercase()
        .into();
    let mut news = json!({ "first": first });
    shown.revision = revision;
    if frame != shown.frame {
        shown.frame = frame.clone();
        news["frame"] = frame;
    }
    if !messages.is_empty() {
        news["messages"] = messages.into();
    }
    add_panel(shared, shown, &mut news);
    news.as_object()
        .is_some_and(|o| o.len() > 1)
        .then_some(news)
}

fn add_panel(shared: &Shared, shown: &mut Shown, news: &mut Value) {
    let (version, facts) = shared.panel(|p| p.facts());
    if shown.facts != Some(version) {
        shown.facts = Some(version);
        news["facts"] = json!(facts);
    }
    let actions = shared.panel(|p| p.actions());
    if shown.actions != Some(actions.len()) {
        shown.actions = Some(actions.len());
        news["actions"] = json!(actions);
    }
}

/// Everything but the messages: who there is, and the chats of this person.
fn frame(world: &World, person: Option<PersonId>, places: &[Place]) -> Value {
    let played = |person: &&Person| !person.deactivated && !person.crowd;
    let people: Vec<&Person> = world.people.values().filter(played).collect();
    let chats: Vec<Value> = person
        .map(|p| places.iter().map(|place| chat(world, p, *place)).collect())
        .unwrap_or_default();
    json!({ "people": people, "chats": chats })
}

/// Groups first, then every bot there is, known or not.
fn chats(world: &World, person: PersonId) -> Vec<Place> {
    let inside = |g: &&Group| g.migrated_to.is_none() && g.role(Account::Person(person)).is_in();
    let groups = world
        .groups
        .values()
        .filter(inside)
        .map(|g| Place::Group(g.id));
    let bots = world.bots.keys().map(|bot| Place::private(*bot, person));
    groups.chain(bots).collect()
}

fn chat(world: &World, person: PersonId, place: Place) -> Value {
    let now = world.clock.elapsed();
    let action = world
        .histories
        .get(&place)
        .and_then(|h| h.action)
        .filter(|(_, until)| *until > now);
    let mut json = json!({
        "key": place,
        "pinned": world.pinned(place).and_then(|id| world.message(place, id)).map(|m| json!({
            "id": m.id, "text": m.text(),
        })),
        "typing": action.map(|(bot, _)| world.name_of(Account::Bot(bot))),
    });
    match place {
        Place::Private { bot, .. } => {
            let known = world.acquaintance(bot, person);
            json["title"] = world.name_of(Account::Bot(bot)).into();
            json["kind"] = "bot".into();
            json["started"] = known.started.into();
            json["blocked"] = known.blocked.into();
        }
        Place::Group(id) => {
            let group = world.group(id);
            json["title"] = group.map(|g| g.title.clone()).unwrap_or_default().into();
            json["kind"] = "group".into();
            json["started"] = true.into();
            json["members"] = group
                .map_or(0, |g| {
                    g.members.values().filter(|role| role.is_in()).count()
                })
                .into();
            json["role"] = json!(group.map(|g| g.role(Account::Person(person))));
        }
    }
    json["commands"] = json!(commands(world, person, place));
    json
}

/// What the app suggests after a slash.
fn commands(world: &World, person: PersonId, place: Place) -> Vec<Command> {
    let bots: Vec<BotId> = match place {
        Place::Private { bot, .. } => vec![bot],
        Place::Group(id) => world
            .group(id)
            .map(|g| g.bots().into_iter().collect())
            .unwrap_or_default(),
    };
    let language = world
        .person(person)
        .and_then(|p| p.language.clone())
        .unwrap_or_default();
    bots.into_iter()
        .filter_map(|bot| world.bot(bot))
        .flat_map(|bot| commands_of(world, bot, person, place, &language))
        .collect()
}

/// The narrowest scope wins, and within it the person's language before everybody's.
fn commands_of(
    world: &World,
    bot: &Bot,
    person: PersonId,
    place: Place,
    language: &str,
) -> Vec<Command> {
    let chat = place.chat_id();
    let admin = match place {
        Place::Group(id) => world
            .group(id)
            .is_some_and(|g| g.role(Account::Person(person)).is_admin()),
        Place::Private { .. } => false,
    };
    let mut scopes = vec![
        json!({ "type": "chat_member", "chat_id": chat, "user_id": person }),
        json!({ "type": "chat_administrators", "chat_id": chat }),
        json!({ "type": "chat", "chat_id": chat }),
        json!({ "type": "all_chat_administrators" }),
        json!({ "type": "all_group_chats" }),
        json!({ "type": "default" }),
    ];
    match place {
        Place::Private { .. } => {
            scopes = vec![
                scopes.swap_remove(2),
                json!({ "type": "all_private_chats" }),
                json!({ "type": "default" }),
            ];
        }
        Place::Group(_) if !admin => {
            scopes.retain(|s| {
                !s["type"]
                    .as_str()
                    .is_some_and(|t| t.ends_with("administrators"))
            });
        }
        Place::Group(_) => {}
    }
    let two = language.get(..2).unwrap_or_default();
    scopes
        .iter()
        .flat_map(|scope| [(scope, two), (scope, "")])
        .find_map(|(scope, code)| {
            bot.commands
                .iter()
                .find(|set| set.scope == *scope && set.language_code == code)
        })
        .map(|set| set.commands.clone())
        .unwrap_or_default()
}

fn message(world: &World, person: Option<PersonId>, message: &Message) -> Value {
    let (name, number) = sender(world, message.place, message.sender);
    let answered = message
        .reply_to
        .and_then(|id| world.message(message.place, id));
    json!({
        "chat": message.place,
        "id": message.id,
        "out": message.author().is_some() && message.author() == person,
        "name": name,
        "number": number,
        "date": message.date,
        "edited": message.edit_date.is_some() && message.service.is_none(),
        "versions": message.edits.len(),
        "text": message.text(),
        "entities": message.body.text.entities,
        "media": message.body.media.as_ref().map(media),
        "keyboard": message.body.keyboard.as_ref().map(|k| {
            k.inline_keyboard.iter().map(|row| row.iter().map(button).collect()).collect::<Vec<Vec<_>>>()
        }),
        "service": message.service.as_ref().map(|s| service(world, message.place, s)),
        "reply": answered.filter(|m| !m.deleted).map(|m| json!({
            "id": m.id,
            "name": sender(world, m.place, m.sender).0,
            "text": m.text(),
        })),
        "asks": asks(world, person, message),
        "silent": message.silent,
        "deleted": message.deleted,
    })
}

/// What the app shows in the line of writing where it begins an answer by itself.
fn asks(world: &World, person: Option<PersonId>, message: &Message) -> Option<String> {
    let asks = message.asks.as_ref()?;
    let person = person?;
    let answered = message
        .reply_to
        .and_then(|id| world.message(message.place, id))
        .and_then(Message::author);
    let named = EntityKind::TextMention { person };
    let mentioned = message.body.text.entities.iter().any(|it| it.kind == named);
    let meant = !asks.selective || mentioned || answered == Some(person);
    meant.then(|| asks.placeholder.clone())
}

/// The name above a bubble, and a number that picks its colour.
fn sender(world: &World, place: Place, sender: Sender) -> (String, u64) {
    let account = match (sender, place) {
        (Sender::Anonymous(_), Place::Group(id)) => {
            let title = world.group(id).map(|g| g.title.clone()).unwrap_or_default();
            return (title, id.unsigned_abs());
        }
        (Sender::Bot(id), _) => Account::Bot(id),
        (Sender::Person(id) | Sender::Anonymous(id), _) => Account::Person(id),
    };
    (world.name_of(account), account.user_id())
}

fn media(media: &Media) -> Value {
    let (width, height) = media.dimensions.unzip();
    json!({
        "kind": media.kind,
        "url": format!("demo/files/{}", media.file),
        "name": media.name,
        "size": media.size,
        "width": width,
        "height": height,
    })
}

fn button(button: &Button) -> Value {
    match (&button.url, &button.copy_text) {
        (Some(url), _) => json!({ "text": button.text, "url": url }),
        (None, Some(copied)) => json!({ "text": button.text, "copy": copied.text }),
        (None, None) => json!({ "text": button.text }),
    }
}

fn service(world: &World, place: Place, service: &Service) -> Value {
    match service {
        Service::Pinned { message } => {
            let pinned = world.message(place, *message).map(|m| m.text().to_owned());
            json!({ "event": "pinned", "text": pinned })
        }
        Service::MigratedTo { .. } | Service::MigratedFrom { .. } => json!({ "event": "migrated" }),
    }
}
