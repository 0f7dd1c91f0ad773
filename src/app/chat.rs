//! The chat's parts.

use super::compose::House;
use crate::config::Settings;
use crate::ports::pulse::Line;
use crate::telegram::{ChatSettings, TelegramParts, client};
use std::sync::Arc;

/// The chat over this house.
///
/// # Errors
/// The HTTP client cannot be made.
pub(super) fn parts(
    house: &House,
    settings: &Settings,
    line: Arc<Line>,
) -> anyhow::Result<TelegramParts> {
    let telegram = &settings.telegram;
    Ok(TelegramParts {
        bot: client(&telegram.admin_token, &settings.base.telegram_api)?,
        ops: house.ops.clone(),
        people: Arc::new(house.store.clone()),
        outbox: Arc::new(house.store.clone()),
        i18n: Arc::clone(&house.i18n),
        settings: ChatSettings {
            locale: house.locale,
            team: telegram.audit_chat,
        },
        changes: house.store.changes(),
        line,
    })
}
