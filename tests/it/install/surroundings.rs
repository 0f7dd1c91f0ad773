//! Providers as the tests ask them: the built-in description against the stand-ins.

use rei_recovery::adapters::ai_providers::HttpProviders;
use rei_recovery::config::PROVIDER_KEYS;
use rei_recovery::demo::providers::{ProvidersOptions, ProvidersServer};
use rei_recovery::domain::provider::Reading;
use rei_recovery::ports::providers::AiProviders;
use rei_recovery::runbook::providers::parse;
use secrecy::SecretString;
use std::collections::BTreeMap;

pub async fn server() -> ProvidersServer {
    ProvidersServer::start(ProvidersOptions::local())
        .await
        .unwrap()
}

/// The right keys.
pub fn keys() -> BTreeMap<String, SecretString> {
    let options = ProvidersOptions::local();
    let given = [
        ("KLING_ACCESS_KEY", options.kling_access),
        ("KLING_SECRET_KEY", options.kling_secret),
        ("NANO_BANANA_API_KEY", options.nano_banana_key),
    ];
    given
        .map(|(name, key)| (name.to_owned(), SecretString::from(key)))
        .into()
}

pub fn providers(toml: &str, keys: BTreeMap<String, SecretString>) -> HttpProviders {
    HttpProviders::new(parse(toml, PROVIDER_KEYS).unwrap(), keys).unwrap()
}

/// Waits of half a second instead of ten.
pub fn hasty(toml: &str) -> String {
    toml.replace("timeout = \"10s\"", "timeout = \"500ms\"")
        .replace("slow = \"4s\"", "slow = \"100ms\"")
}

/// Nano Banana's reading and Kling's.
pub async fn readings(providers: &HttpProviders) -> (Reading, Reading) {
    let mut readings = providers.readings().await;
    assert_eq!(readings.len(), 2);
    let kling = readings.remove(0);
    let nano_banana = readings.remove(0);
    assert_eq!(
        (kling.service.as_str(), nano_banana.service.as_str()),
        ("kling", "nano_banana")
    );
    (nano_banana, kling)
}
