//! `getUpdates`: waits until there is something to tell.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{error::ApiError, ids::BotId, params::Params, shared::Shared};

/// Telegram waits no longer, whatever was asked for.
const LONGEST: i64 = 50;
/// Updates in one answer.
const MOST: i64 = 100;

/// Answers as soon as an update waits, or with nothing at the end of `timeout`. A second poll ends
/// the first with a conflict, so two running copies of a bot notice each other.
pub(super) async fn poll(
    shared: &Arc<Shared>,
    bot: BotId,
    params: &Params,
) -> Result<Value, ApiError> {
    let timeout = params.int("timeout").unwrap_or(0).clamp(0, LONGEST);
    let limit = params.int("limit").unwrap_or(MOST).clamp(1, MOST);
    let limit = usize::try_from(limit).unwrap_or(1);
    let mut bell = shared.listen();
    let ticket = begin(shared, bot, params)?;
    let end = tokio::time::sleep(Duration::from_secs(timeout.unsigned_abs()));
    tokio::pin!(end);
    loop {
        bell.borrow_and_update();
        let batch = look(shared, bot, ticket, limit)?;
        if !batch.is_empty() {
            return Ok(json!(batch));
        }
        tokio::select! {
            () = &mut end => return Ok(json!([])),
            () = shared.stop.cancelled() => return Ok(json!([])),
            rung = bell.changed() => if rung.is_err() { return Ok(json!([])) },
        }
    }
}

fn begin(shared: &Shared, bot: BotId, params: &Params) -> Result<u64, ApiError> {
    let allowed: Option<Vec<String>> = params
        .object("allowed_updates")
        .map_err(|_| ApiError::bad_request("can't parse allowed_updates JSON array"))?;
    let offset = params.int("offset");
    shared.change(|world| {
        let account = world
            .bots
            .get_mut(&bot)
            .ok_or_else(ApiError::unauthorized)?;
        if let Some(kinds) = allowed {
            account.updates.allow(kinds);
        }
        if let Some(offset) = offset {
            account.updates.acknowledge(offset);
        }
        Ok(account.updates.begin_poll())
    })
}

fn look(shared: &Shared, bot: BotId, ticket: u64, limit: usize) -> Result<Vec<Value>, ApiError> {
    shared.read(|world| {
        let account = world.bots.get(&bot).ok_or_else(ApiError::unauthorized)?;
        if account.updates.current_poll() != ticket {
            return Err(ApiError::conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is \
                 running",
            ));
        }
        Ok(account.updates.batch(limit))
    })
}
