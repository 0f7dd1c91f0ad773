//! Does REI answer?

use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::operator::ActorKind;
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::{PortError, PortResult};

pub(super) async fn verify(patient: &Patient, run: &Run) -> PortResult<Facts> {
    let Some(bot) = &patient.bot else {
        return Ok(not_applicable("reason-no-rei-token"));
    };
    match bot.username().await {
        Ok(username) => Ok(Facts::BotAnswered { username }),
        // A console is where one recovers from while Telegram is down, and that is no fault of REI's.
        Err(error)
            if error.failure.code == FailureCode::BotUnreachable
                && run.requester.kind == ActorKind::Console =>
        {
            Ok(not_applicable("reason-telegram-unreachable"))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn send_test(patient: &Patient, run: &Run) -> PortResult<Facts> {
    let Some(bot) = &patient.bot else {
        return Ok(not_applicable("reason-no-rei-token"));
    };
    if run.requester.kind != ActorKind::Telegram {
        return Ok(not_applicable("reason-requester-at-console"));
    }
    let person = run.requester.id;
    bot.send(person, &patient.wording.test_message(person).await)
        .await?;
    Ok(Facts::MessageSent)
}

/// Looking only: REI's own updates are never read.
pub(super) async fn webhook(patient: &Patient) -> PortResult<Facts> {
    let Some(bot) = &patient.bot else {
        return Ok(not_applicable("reason-no-rei-token"));
    };
    let webhook = bot.webhook().await?;
    Ok(Facts::Webhook {
        pending: webhook.pending,
        last_error: webhook.last_error,
        is_set: webhook.is_set,
    })
}

/// What `/balance` would answer the requester.
pub(super) async fn balance(patient: &Patient, run: &Run) -> PortResult<Facts> {
    if run.requester.kind != ActorKind::Telegram {
        return Ok(not_applicable("reason-requester-at-console"));
    }
    match patient.records.balance(run.requester.id).await? {
        None => Ok(not_applicable("reason-requester-no-user")),
        Some(found) if found.balance == found.ledger => Ok(Facts::Balance {
            balance: found.balance,
        }),
        Some(found) => Err(PortError::new(FailureCode::BalancesDiffer)
            .with("count", 1i64)
            .with("user", found.user.to_string())),
    }
}

pub(super) fn not_applicable(reason: &str) -> Facts {
    Facts::NotApplicable {
        reason: reason.to_owned(),
    }
}
