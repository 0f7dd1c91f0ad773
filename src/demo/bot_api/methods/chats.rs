//! What a bot can learn about a chat, and pinning.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{
        error::ApiError,
        ids::Place,
        message::{Sender, Service},
        model::{Account, Group, Role},
        updates, wire,
        world::Draft,
    },
    Ctx, Reply,
};

/// How long *typing…* is shown.
const ACTION: Duration = Duration::from_secs(5);

pub(super) fn get(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.place()?;
    if let Place::Private { bot, person } = place
        && !ctx.world.acquaintance(bot, person).started
    {
        return Err(ApiError::bad_request("chat not found"));
    }
    Ok(wire::full_chat(ctx.world, ctx.bot, place))
}

pub(super) fn member(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.place()?;
    let who = ctx.account()?;
    let role = match place {
        Place::Group(id) => ctx.world.group(id).map_or(Role::Left, |g| g.role(who)),
        Place::Private { .. } if ctx.world.is_in(place, who) => Role::Member,
        Place::Private { .. } => return Err(ApiError::bad_request("user not found")),
    };
    Ok(wire::member(ctx.world, who, role))
}

/// All but the other bots.
pub(super) fn administrators(ctx: &mut Ctx<'_>) -> Reply {
    let group = group(ctx)?;
    let admins: Vec<Value> = group
        .members
        .iter()
        .filter(|(who, role)| role.is_admin() && !matches!(who, Account::Bot(id) if *id != ctx.bot))
        .map(|(who, role)| wire::member(ctx.world, *who, *role))
        .collect();
    Ok(json!(admins))
}

fn group<'a>(ctx: &'a Ctx<'_>) -> Result<&'a Group, ApiError> {
    let group = match ctx.place()? {
        Place::Group(id) => ctx.world.group(id),
        Place::Private { .. } => None,
    };
    group.ok_or_else(|| ApiError::bad_request("there are no administrators in the private chat"))
}

pub(super) fn count(ctx: &mut Ctx<'_>) -> Reply {
    Ok(match ctx.place()? {
        Place::Private { .. } => json!(2),
        Place::Group(id) => {
            let group = ctx.world.group(id);
            json!(group.map_or(0, |g| {
                g.members.values().filter(|role| role.is_in()).count()
            }))
        }
    })
}

pub(super) fn action(ctx: &mut Ctx<'_>) -> Reply {
    let place = ctx.writable()?;
    let kind = ctx.params.text("action").unwrap_or_default();
    let known = kind == "typing" || kind.starts_with("upload_") || kind.starts_with("record_");
    if !known {
        return Err(ApiError::bad_request("wrong parameter action in request"));
    }
    let until = ctx.world.clock.elapsed() + ACTION;
    ctx.world.histories.entry(place).or_default().action = Some((ctx.bot, until));
    Ok(Value::Bool(true))
}

/// Also leaves a line in the chat, as Telegram does.
pub(super) fn pin(ctx: &mut Ctx<'_>) -> Reply {
    let place = pin_place(ctx)?;
    let id = ctx.message_id()?;
    if ctx.visible(place, id).is_none() {
        return Err(ApiError::bad_request("message to pin not found"));
    }
    if let Some(history) = ctx.world.histories.get_mut(&place) {
        history.pinned.retain(|pinned| *pinned != id);
        history.pinned.push(id);
    }
    let draft = Draft::service(Sender::Bot(ctx.bot), Service::Pinned { message: id });
    let line = ctx.world.post(place, draft);
    updates::message(ctx.world, place, line, "message");
    Ok(Value::Bool(true))
}

/// The one named, or the newest.
pub(super) fn unpin(ctx: &mut Ctx<'_>) -> Reply {
    let place = pin_place(ctx)?;
    let id = ctx.message_id().ok().or_else(|| ctx.world.pinned(place));
    let history = ctx.world.histories.get_mut(&place);
    let unpinned = history.zip(id).is_some_and(|(history, id)| {
        let before = history.pinned.len();
        history.pinned.retain(|pinned| *pinned != id);
        history.pinned.len() < before
    });
    if unpinned {
        Ok(Value::Bool(true))
    } else {
        Err(ApiError::bad_request("message to unpin not found"))
    }
}

fn pin_place(ctx: &Ctx<'_>) -> Result<Place, ApiError> {
    let place = ctx.writable()?;
    if let Place::Group(id) = place {
        let admin = ctx
            .world
            .group(id)
            .is_some_and(|g| g.role(Account::Bot(ctx.bot)).is_admin());
        if !admin {
            let text = "not enough rights to manage pinned messages in the chat";
            return Err(ApiError::bad_request(text));
        }
    }
    Ok(place)
}
