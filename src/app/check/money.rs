//! YooKassa and the AI providers: whether they take our keys. How they are is no matter of this
//! installation, and at most a warning.

use super::finding::{Finding, Verdict, args};
use super::{Checker, heard};
use crate::adapters::ai_providers::HttpProviders;
use crate::config::PROVIDER_KEYS;
use crate::domain::failure::{Args, Failure, FailureCode};
use crate::domain::provider::Condition;
use crate::runbook::providers::load;

/// The shop's keys.
pub(super) async fn yookassa(checker: &Checker<'_>) -> Vec<Finding> {
    let words = &checker.words;
    let name = "yookassa";
    if checker.settings().base.payments.keys.is_none() {
        return vec![words.ok(name, "check-yookassa-off", &Args::new())];
    }
    let shop = match super::super::services::payments(&checker.settings().base) {
        Ok(yookassa) => heard(yookassa.shop().await),
        Err(error) => Err(no_client(&error)),
    };
    vec![match shop {
        Ok(shop) => words.ok(name, "check-yookassa-ok", &args([("shop", shop.into())])),
        Err(failure) if failure.code == FailureCode::ProviderKeyRefused => {
            words.failed_but(name, &failure, ("check-yookassa-mend", &Args::new()))
        }
        Err(failure) => words.failed(name, &failure).lenient(),
    }]
}

/// Its status page.
pub(super) async fn page(checker: &Checker<'_>) -> Vec<Finding> {
    let words = &checker.words;
    let Ok(yookassa) = super::super::services::payments(&checker.settings().base) else {
        return Vec::new();
    };
    let reading = yookassa.page().await;
    let told = args([
        ("condition", reading.condition.as_str().into()),
        ("said", reading.said.unwrap_or_default().into()),
    ]);
    let name = "yookassa status";
    vec![match reading.condition {
        Condition::Up | Condition::Degraded => words.ok(name, "check-page-ok", &told),
        Condition::Down | Condition::Unknown => {
            words.wrong(name, "check-page-odd", &told).lenient()
        }
    }]
}

/// Each AI provider's key.
pub(super) async fn providers(checker: &Checker<'_>) -> Vec<Finding> {
    let base = &checker.settings().base;
    // A file that cannot be read is told with the runbooks.
    let Ok(described) = load(base.runbook_dir.as_deref(), PROVIDER_KEYS) else {
        return Vec::new();
    };
    let taken = match HttpProviders::new(described, base.providers.keys.clone()) {
        Ok(providers) => providers.keys_taken().await,
        Err(error) => {
            return vec![
                checker
                    .words
                    .failed("providers", &no_client(&error))
                    .lenient(),
            ];
        }
    };
    taken
        .into_iter()
        .map(|(id, taken)| provider(checker, &id, heard(taken)))
        .collect()
}

fn provider(checker: &Checker<'_>, id: &str, taken: Result<(), Failure>) -> Finding {
    let words = &checker.words;
    let name = format!("provider {id}");
    match taken {
        Ok(()) => words.ok(name, "check-key-ok", &Args::new()),
        Err(failure) if failure.code == FailureCode::ProviderNotConfigured => Finding {
            verdict: Verdict::Ok,
            mend: None,
            ..words.wrong(name, "check-key-off", &failure.args)
        },
        Err(failure) if failure.code == FailureCode::ProviderKeyRefused => {
            words.failed_but(name, &failure, ("check-key-mend", &failure.args))
        }
        Err(failure) => words.failed(name, &failure).lenient(),
    }
}

fn no_client(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(FailureCode::ProviderDown)
        .with("service", "HTTP")
        .because(error)
}
