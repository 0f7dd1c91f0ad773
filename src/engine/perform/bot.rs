//! Does REI answer?

use crate::domain::facts::Facts;
use crate::domain::operator::ActorKind;
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::PortResult;

pub(super) async fn verify(patient: &Patient) -> PortResult<Facts> {
    match &patient.bot {
        None => Ok(not_applicable("reason-no-rei-token")),
        Some(bot) => Ok(Facts::BotAnswered {
            username: bot.username().await?,
        }),
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

fn not_applicable(reason: &str) -> Facts {
    Facts::NotApplicable {
        reason: reason.to_owned(),
    }
}
