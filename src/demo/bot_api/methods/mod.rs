//! The methods of the Bot API, one file per family.

mod accounts;
mod callbacks;
mod chats;
mod commands;
mod edit;
mod files;
mod keyboard;
mod media;
mod resolve;
mod send;

use serde_json::Value;

use super::{error::ApiError, ids::BotId, limits::Kind, params::Params, world::World};

pub(super) use self::{edit::change, media::uploaded, resolve::addressed, send::PAID};

/// What a method works with.
pub(super) struct Ctx<'a> {
    pub(super) world: &'a mut World,
    pub(super) bot: BotId,
    pub(super) params: &'a Params,
}

/// A method's result.
pub(super) type Reply = Result<Value, ApiError>;

/// How a method is carried out.
pub(super) enum Run {
    /// At once.
    Now(fn(&mut Ctx<'_>) -> Reply),
    /// By waiting for updates.
    Poll,
}

/// A method that this server knows.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// What it counts as for the limits.
    pub(super) kind: Option<Kind>,
    pub(super) run: Run,
}

const fn read(name: &'static str, run: fn(&mut Ctx<'_>) -> Reply) -> Method {
    Method {
        name,
        kind: None,
        run: Run::Now(run),
    }
}

const fn send(name: &'static str, run: fn(&mut Ctx<'_>) -> Reply) -> Method {
    Method {
        name,
        kind: Some(Kind::Send),
        run: Run::Now(run),
    }
}

const fn edit(name: &'static str, run: fn(&mut Ctx<'_>) -> Reply) -> Method {
    Method {
        name,
        kind: Some(Kind::Edit),
        run: Run::Now(run),
    }
}

const METHODS: &[Method] = &[
    Method {
        name: "getUpdates",
        kind: None,
        run: Run::Poll,
    },
    read("getMe", accounts::get_me),
    read("deleteWebhook", accounts::delete_webhook),
    read("getWebhookInfo", accounts::webhook_info),
    read("setMyCommands", commands::set),
    read("getMyCommands", commands::get),
    read("deleteMyCommands", commands::delete),
    send("sendMessage", send::message),
    send("sendPhoto", send::photo),
    send("sendVideo", send::video),
    send("sendDocument", send::document),
    read("sendChatAction", chats::action),
    edit("editMessageText", edit::text),
    edit("editMessageCaption", edit::caption),
    edit("editMessageMedia", edit::media),
    edit("editMessageReplyMarkup", edit::keyboard),
    read("deleteMessage", edit::delete),
    read("answerCallbackQuery", callbacks::answer),
    read("getFile", files::get),
    read("getChat", chats::get),
    read("getChatMember", chats::member),
    read("getChatAdministrators", chats::administrators),
    read("getChatMemberCount", chats::count),
    read("pinChatMessage", chats::pin),
    read("unpinChatMessage", chats::unpin),
];

/// Looks a method up; Telegram does not care about the case of its name.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|m| m.name.eq_ignore_ascii_case(name))
}
