//! Changes of messages, and their end.

use serde_json::Value;

use super::{
    super::{
        error::ApiError,
        ids::{MessageId, Place},
        message::{Body, MediaKind, Message, Sender, Version},
        model::Account,
        wire,
    },
    Ctx, Reply,
    media::formatted,
    send::check_caption,
};

/// Seconds during which a message can be taken back.
const TAKE_BACK: i64 = 48 * 3600;

pub(super) fn text(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.writable()?;
    let text = ctx.text("MESSAGE_TOO_LONG")?;
    let keyboard = ctx.keyboard(false)?;
    let message = ctx.own(place)?;
    if message.body.media.is_some() {
        return Err(ApiError::bad_request(
            "there is no text in the message to edit",
        ));
    }
    let id = message.id;
    replace(
        ctx,
        place,
        id,
        Body {
            text,
            media: None,
            keyboard,
        },
    )
}

pub(super) fn caption(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.writable()?;
    let text = ctx.caption()?;
    let keyboard = ctx.keyboard(false)?;
    let message = ctx.own(place)?;
    let Some(media) = message.body.media.clone() else {
        return Err(ApiError::bad_request(
            "there is no caption in the message to edit",
        ));
    };
    let id = message.id;
    replace(
        ctx,
        place,
        id,
        Body {
            text,
            media: Some(media),
            keyboard,
        },
    )
}

pub(super) fn keyboard(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.writable()?;
    let keyboard = ctx.keyboard(false)?;
    let message = ctx.own(place)?;
    let (id, body) = (
        message.id,
        Body {
            keyboard,
            ..message.body.clone()
        },
    );
    replace(ctx, place, id, body)
}

pub(super) fn media(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.writable()?;
    let keyboard = ctx.keyboard(false)?;
    let id = ctx.own(place)?.id;
    let new: Value = ctx
        .params
        .object("media")
        .map_err(|_| ApiError::bad_request("can't parse input media JSON object"))?
        .ok_or_else(|| ApiError::bad_request("input media is not specified"))?;
    let kind = match new["type"].as_str() {
        Some("photo") => MediaKind::Photo,
        Some("video") => MediaKind::Video,
        Some("document") => MediaKind::Document,
        _ => return Err(ApiError::bad_request("unsupported input media type")),
    };
    let caption = new["caption"].as_str().unwrap_or_default();
    let text = formatted(
        ctx.params,
        caption,
        new["parse_mode"].as_str(),
        "caption_entities",
    )?;
    let text = check_caption(text)?;
    let media = ctx.media(kind, "media", new["media"].as_str())?;
    replace(
        ctx,
        place,
        id,
        Body {
            text,
            media: Some(media),
            keyboard,
        },
    )
}

fn replace(ctx: &mut Ctx<'_>, place: Place, id: MessageId, body: Body) -> Reply {
    let (now, revision) = (ctx.world.clock.unix(), ctx.world.revision);
    let message = ctx
        .world
        .message_mut(place, id)
        .ok_or_else(|| ApiError::bad_request("message to edit not found"))?;
    if message.body == body {
        return Err(ApiError::bad_request(
            "message is not modified: specified new message content and reply markup are exactly \
             the same as a current content and reply markup of the message",
        ));
    }
    change(message, body, now, revision);
    let edited = ctx
        .world
        .message(place, id)
        .map(|m| wire::message(ctx.world, ctx.bot, m));
    Ok(edited.unwrap_or_default())
}

/// Puts a new body in place and keeps the old one.
pub(in super::super) fn change(message: &mut Message, body: Body, now: i64, revision: u64) {
    let old = std::mem::replace(&mut message.body, body);
    message.edits.push(Version {
        body: old,
        replaced_at: now,
    });
    message.edit_date = Some(now);
    message.revision = revision;
}

/// Own messages, and with an administrator's rights those of others, within 48 hours.
pub(super) fn delete(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.place()?;
    let id = ctx.message_id()?;
    let message = ctx
        .visible(place, id)
        .ok_or_else(|| ApiError::bad_request("message to delete not found"))?;
    let may = match place {
        Place::Private { .. } => true,
        Place::Group(group) => {
            let admin = ctx
                .world
                .group(group)
                .is_some_and(|g| g.role(Account::Bot(ctx.bot)).is_admin());
            admin || message.sender == Sender::Bot(ctx.bot)
        }
    };
    let (date, now, revision) = (message.date, ctx.world.clock.unix(), ctx.world.revision);
    if !may {
        return Err(ApiError::bad_request("message can't be deleted"));
    }
    if date + TAKE_BACK < now {
        return Err(ApiError::bad_request(
            "message can't be deleted for everyone",
        ));
    }
    if let Some(message) = ctx.world.message_mut(place, id) {
        message.deleted = true;
        message.revision = revision;
    }
    Ok(Value::Bool(true))
}
