//! A row for each campaign: the whole of it as JSON, and what is searched for beside it.

use crate::domain::campaign::{Campaign, Origin};
use crate::domain::ids::CampaignId;
use crate::ports::journal::{StateError, StateResult};
use crate::store::unavailable;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, params};
use std::cmp::Reverse;

/// Writes a new one; its number and revision are given here.
pub(super) fn create(tx: &Connection, mut campaign: Campaign) -> StateResult<Campaign> {
    let (run, step) = of_step(&campaign.origin);
    tx.execute(
        "INSERT INTO campaigns (revision, phase, urgent, run, step, campaign)
         VALUES (0, '', 0, ?1, ?2, '')",
        params![run, step],
    )
    .map_err(taken)?;
    campaign.id = CampaignId(tx.last_insert_rowid());
    campaign.revision = 0;
    change(tx, campaign)
}

/// Writes one that was read as its revision; the columns are kept in step with it.
pub(in crate::store) fn change(tx: &Connection, mut campaign: Campaign) -> StateResult<Campaign> {
    let read = campaign.revision.cast_signed();
    campaign.revision += 1;
    let text = serde_json::to_string(&campaign).map_err(unavailable)?;
    let approved_at = campaign.approved_at.map(|at| at.to_string());
    let request = campaign.approval.as_ref();
    let request = request.map(|approval| approval.request.id.to_string());
    let changed = tx
        .prepare_cached(
            "UPDATE campaigns
             SET revision = ?3, phase = ?4, urgent = ?5, approved_at = ?6, request = ?7,
                 campaign = ?8
             WHERE id = ?1 AND revision = ?2",
        )
        .map_err(unavailable)?
        .execute(params![
            campaign.id.0,
            read,
            campaign.revision.cast_signed(),
            campaign.phase.as_str(),
            campaign.urgent,
            approved_at,
            request,
            text
        ])
        .map_err(taken)?;
    if changed == 0 {
        return Err(StateError::Conflict);
    }
    Ok(campaign)
}

/// The one that fits, if there is one.
pub(super) fn one(tx: &Connection, fits: &str, by: impl Params) -> StateResult<Option<Campaign>> {
    let text = tx
        .prepare_cached(&select(fits))
        .map_err(unavailable)?
        .query_row(by, |row| row.get::<_, String>(0))
        .optional()
        .map_err(unavailable)?;
    text.map(|text| decode(&text)).transpose()
}

/// All that fit.
pub(in crate::store) fn some(
    tx: &Connection,
    fits: &str,
    by: impl Params,
) -> StateResult<Vec<Campaign>> {
    let mut query = tx.prepare_cached(&select(fits)).map_err(unavailable)?;
    let rows = query
        .query_map(by, |row| row.get::<_, String>(0))
        .map_err(unavailable)?;
    rows.map(|row| decode(&row.map_err(unavailable)?)).collect()
}

/// Those that are not over and need nobody's approval, in the order of their turns.
pub(super) fn waiting(tx: &Connection) -> StateResult<Vec<Campaign>> {
    let mut found = some(tx, "phase IN ('ready', 'sending', 'paused')", params![])?;
    // Not by the column: written times of unequal precision do not sort as texts.
    found.sort_by_key(|it| (Reverse(it.urgent), it.approved_at, it.id));
    Ok(found)
}

pub(super) fn is_sending(tx: &Connection, id: CampaignId) -> StateResult<bool> {
    tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM campaigns WHERE id = ?1 AND phase = 'sending')")
        .and_then(|mut query| query.query_row([id.0], |row| row.get(0)))
        .map_err(unavailable)
}

fn select(fits: &str) -> String {
    format!("SELECT campaign FROM campaigns WHERE {fits}")
}

fn decode(text: &str) -> StateResult<Campaign> {
    serde_json::from_str(text).map_err(unavailable)
}

fn of_step(origin: &Origin) -> (Option<i64>, Option<String>) {
    match origin {
        Origin::Run { run, step } => (Some(run.0), Some(step.to_string())),
        Origin::Chat { .. } | Origin::Console => (None, None),
    }
}

/// A step has one campaign and a request is about one: who comes second looks again.
fn taken(error: rusqlite::Error) -> StateError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => StateError::Conflict,
        _ => unavailable(error),
    }
}
