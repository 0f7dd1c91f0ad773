//! YooKassa and the AI providers, as they answer us.

use super::Eyes;
use super::probe::Probe;
use super::words::{cut, number};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::domain::provider::Reading;
use std::sync::Arc;
use std::time::Duration;

/// As its adapter names them.
const YOOKASSA: [&str; 2] = ["yookassa-api", "yookassa-status"];

pub(super) fn yookassa(eyes: &Arc<Eyes>) -> Probe {
    let asks = YOOKASSA.map(|name| (Part::Yookassa, Some(name.to_owned())));
    let look =
        |eyes: Arc<Eyes>| async move { all(Part::Yookassa, eyes.ports.payments.readings().await) };
    Probe::new(eyes, asks.to_vec(), look).keeping(eyes.profile.keep.remote)
}

pub(super) fn providers(eyes: &Arc<Eyes>) -> Probe {
    let names = eyes.ports.providers.names();
    let asks = names.into_iter().map(|name| (Part::Provider, Some(name)));
    let look =
        |eyes: Arc<Eyes>| async move { all(Part::Provider, eyes.ports.providers.readings().await) };
    Probe::new(eyes, asks.collect(), look).keeping(eyes.profile.keep.remote)
}

fn all(part: Part, readings: Vec<Reading>) -> Vec<Finding> {
    readings.into_iter().map(|one| judge(part, one)).collect()
}

fn judge(part: Part, reading: Reading) -> Finding {
    let service = reading.service.as_str();
    let said = reading.said.as_deref().map(cut).unwrap_or_default();
    let sign = |code| Sign::new(code).with("service", service);
    let telling = |code| sign(code).with("said", said.as_str());
    let found = Finding::up(part);
    let mut found = match (reading.condition, reading.failure) {
        (Condition::Up, _) => found,
        (condition, Some(FailureCode::ProviderKeyRefused)) => {
            let mut found = found.with(condition, sign(SignCode::ServiceRefuses));
            let refused = Failure::new(FailureCode::ProviderKeyRefused);
            found.failure = Some(refused.with("service", service).because(&said));
            found
        }
        (Condition::Down, _) => found.with(Condition::Down, telling(SignCode::ServiceDown)),
        (Condition::Degraded, _) => {
            found.with(Condition::Degraded, telling(SignCode::ServiceDegraded))
        }
        (Condition::Unknown, why) => {
            let code = why.unwrap_or(FailureCode::ProviderAnswerUnreadable);
            let failure = Failure::new(code).with("service", service);
            // The words name the settings that are empty.
            let failure = match code {
                FailureCode::ProviderNotConfigured => failure.with("settings", said.as_str()),
                _ => failure.because(&said),
            };
            Finding::unknown(part, failure)
        }
    };
    found.took = Duration::from_millis(reading.millis);
    found
        .of(service)
        .measured(Measure::LatencyMillis, Some(number(reading.millis)))
}
