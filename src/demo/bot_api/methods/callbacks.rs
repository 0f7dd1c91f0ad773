//! Answers to presses.

use serde_json::Value;

use super::{
    super::{error::ApiError, message::Answer},
    Ctx, Reply,
};

/// Characters a toast or an alert may have.
const MAX: usize = 200;

/// Each press once, and not too late: after that the person's app has stopped waiting.
pub(super) fn answer(ctx: &mut Ctx<'_>) -> Reply {
    let id = ctx.params.text("callback_query_id").unwrap_or_default();
    let text = ctx.params.text("text").unwrap_or_default();
    if text.chars().count() > MAX {
        return Err(ApiError::bad_request("MESSAGE_TOO_LONG"));
    }
    let (now, life, bot) = (ctx.world.clock.elapsed(), ctx.world.query_life, ctx.bot);
    let query = ctx
        .world
        .queries
        .iter_mut()
        .find(|q| q.id == id && q.bot == bot && q.answer.is_none() && q.asked + life >= now)
        .ok_or_else(|| {
            let text = "query is too old and response timeout expired or query ID is invalid";
            ApiError::bad_request(text)
        })?;
    query.answer = Some(Answer {
        text,
        show_alert: ctx.params.flag("show_alert"),
    });
    Ok(Value::Bool(true))
}
