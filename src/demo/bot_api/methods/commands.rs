//! The commands that the app suggests, by scope and language.

use serde_json::{Value, json};

use super::{
    super::{
        error::ApiError,
        model::{Bot, Command, CommandSet},
    },
    Ctx, Reply,
};

/// Commands of one scope and language.
const MAX: usize = 100;

pub(super) fn set(ctx: &mut Ctx<'_>) -> Reply {
    let commands: Vec<Command> = ctx
        .params
        .object("commands")
        .map_err(|_| ApiError::bad_request("can't parse commands JSON array"))?
        .unwrap_or_default();
    check(&commands)?;
    let (scope, language_code) = target(ctx)?;
    let bot = bot(ctx)?;
    bot.commands
        .retain(|set| set.scope != scope || set.language_code != language_code);
    if !commands.is_empty() {
        bot.commands.push(CommandSet {
            scope,
            language_code,
            commands,
        });
    }
    Ok(Value::Bool(true))
}

pub(super) fn get(ctx: &mut Ctx<'_>) -> Reply {
    let (scope, language_code) = target(ctx)?;
    let sets = &bot(ctx)?.commands;
    let found = sets
        .iter()
        .find(|set| set.scope == scope && set.language_code == language_code);
    Ok(json!(
        found.map(|set| set.commands.clone()).unwrap_or_default()
    ))
}

pub(super) fn delete(ctx: &mut Ctx<'_>) -> Reply {
    let (scope, language_code) = target(ctx)?;
    let sets = &mut bot(ctx)?.commands;
    sets.retain(|set| set.scope != scope || set.language_code != language_code);
    Ok(Value::Bool(true))
}

fn bot<'a>(ctx: &'a mut Ctx<'_>) -> Result<&'a mut Bot, ApiError> {
    ctx.world
        .bots
        .get_mut(&ctx.bot)
        .map(|b| &mut b.bot)
        .ok_or_else(ApiError::unauthorized)
}

fn target(ctx: &Ctx<'_>) -> Result<(Value, String), ApiError> {
    let scope: Option<Value> = ctx
        .params
        .object("scope")
        .map_err(|_| ApiError::bad_request("can't parse BotCommandScope JSON object"))?;
    let scope = scope.unwrap_or_else(|| json!({ "type": "default" }));
    let language = ctx.params.text("language_code").unwrap_or_default();
    let two_letters = language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
    if language.is_empty() || two_letters {
        Ok((scope, language))
    } else {
        Err(ApiError::bad_request("invalid language code specified"))
    }
}

fn check(commands: &[Command]) -> Result<(), ApiError> {
    if commands.len() > MAX {
        return Err(ApiError::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    for Command {
        command,
        description,
    } in commands
    {
        let name = command.strip_prefix('/').unwrap_or(command);
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !(1..=32).contains(&name.len()) || !name.bytes().all(fits) {
            return Err(ApiError::bad_request("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&description.chars().count()) {
            return Err(ApiError::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    Ok(())
}
