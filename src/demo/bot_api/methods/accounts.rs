//! The bot itself.

use serde_json::{Value, json};

use super::{
    super::{model::Account, wire},
    Ctx, Reply,
};

pub(super) fn get_me(ctx: &mut Ctx<'_>) -> Reply {
    let mut me = wire::user(ctx.world, Account::Bot(ctx.bot));
    me["can_join_groups"] = true.into();
    me["can_read_all_group_messages"] = ctx.world.bot(ctx.bot).is_some_and(|b| b.reads_all).into();
    me["supports_inline_queries"] = false.into();
    me["can_connect_to_business"] = false.into();
    me["has_main_web_app"] = false.into();
    Ok(me)
}

/// There is never a webhook here; what matters is whether the waiting updates go.
pub(super) fn delete_webhook(ctx: &mut Ctx<'_>) -> Reply {
    if ctx.params.flag("drop_pending_updates")
        && let Some(account) = ctx.world.bots.get_mut(&ctx.bot)
    {
        account.updates.clear();
    }
    Ok(Value::Bool(true))
}

pub(super) fn webhook_info(ctx: &mut Ctx<'_>) -> Reply {
    let mut info = json!({
        "url": "",
        "has_custom_certificate": false,
        "pending_update_count": ctx.world.waiting_updates(ctx.bot),
    });
    if let Some(account) = ctx.world.bots.get(&ctx.bot)
        && !account.updates.allowed().is_empty()
    {
        info["allowed_updates"] = json!(account.updates.allowed());
    }
    Ok(info)
}
