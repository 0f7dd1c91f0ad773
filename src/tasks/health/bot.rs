//! REI's side of the Bot API.

use super::Eyes;
use super::probe::Probe;
use super::words::cut;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::ports::PortError;
use crate::ports::bot::Webhook;
use std::sync::Arc;

/// More updates than this do not wait where somebody reads them.
const MANY: u64 = 100;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Bot, None)], look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let Some(bot) = &eyes.ports.bot else {
        let none = Failure::new(FailureCode::ProviderNotConfigured)
            .with("service", "Telegram")
            .with("settings", "REI_BOT_TOKEN");
        return vec![Finding::unknown(Part::Bot, none)];
    };
    let (name, webhook) = tokio::join!(bot.username(), bot.webhook());
    vec![match (name, webhook) {
        (Ok(_), Ok(webhook)) => judge(&webhook),
        (Err(error), _) | (_, Err(error)) => refused(error),
    }]
}

fn judge(webhook: &Webhook) -> Finding {
    let mut found = Finding::up(Part::Bot);
    if let Some(cause) = &webhook.last_error {
        let sign = Sign::new(SignCode::WebhookError).with("cause", cut(cause));
        found = found.with(Condition::Degraded, sign);
    }
    let pending = i64::try_from(webhook.pending).unwrap_or(i64::MAX);
    if webhook.pending >= MANY {
        let sign = Sign::new(SignCode::UpdatesPileUp).with("count", pending);
        found = found.with(Condition::Degraded, sign);
    }
    found.measured(Measure::PendingUpdates, Some(pending))
}

fn refused(error: PortError) -> Finding {
    let code = match error.code() {
        FailureCode::BotTokenRefused => SignCode::BotRefused,
        _ => SignCode::BotUnreachable,
    };
    let mut found = Finding::up(Part::Bot).with(Condition::Down, Sign::new(code));
    found.failure = Some(error.into());
    found
}
