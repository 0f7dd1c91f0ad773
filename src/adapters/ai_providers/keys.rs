//! Whether the providers take our keys.

use super::HttpProviders;
use super::asking::{Heard, ask, is_refusal};
use super::credential::{Credential, NoCredential};
use crate::domain::failure::FailureCode;
use crate::domain::provider::Provider;
use crate::ports::{PortError, PortResult};
use jiff::Timestamp;
use serde_json::Value;

impl HttpProviders {
    /// Asks every described provider once, as its probe does. Success says that the key was taken, not
    /// that the provider is well.
    ///
    /// # Errors
    /// Each by itself: `provider-not-configured`, `provider-key-refused`, `provider-down`.
    pub async fn keys_taken(&self) -> Vec<(String, PortResult<()>)> {
        let asked = self.providers.iter().map(|(id, provider)| async move {
            let taken = self.key_taken(id, provider).await;
            (id.clone(), taken)
        });
        futures::future::join_all(asked).await
    }

    async fn key_taken(&self, id: &str, provider: &Provider) -> PortResult<()> {
        let error = |code| PortError::new(code).with("service", provider.title.as_str());
        let now = Timestamp::now().as_second();
        let credential = match Credential::of(&provider.auth, &self.keys, now) {
            Ok(credential) => credential,
            Err(NoCredential::Missing(settings)) => {
                let settings = settings.join(", ");
                return Err(error(FailureCode::ProviderNotConfigured).with("settings", settings));
            }
            Err(NoCredential::Unfit) => {
                let why = "the key holds what no header can carry";
                return Err(error(FailureCode::ProviderKeyRefused).because(why));
            }
        };
        let probe = &provider.probe;
        let heard = ask(&self.client, &probe.url, &credential, probe.timeout).await;
        let heard = heard.map_err(|why| error(FailureCode::ProviderDown).because(why))?;
        tracing::debug!(id, status = heard.status, "asked");
        match heard.status {
            _ if refuses(&heard) => Err(error(FailureCode::ProviderKeyRefused).because(heard.said)),
            500.. => Err(error(FailureCode::ProviderDown).because(heard.said)),
            _ => Ok(()),
        }
    }
}

/// Google answers 400 to a key that it does not know, with this reason among the error's details.
fn refuses(heard: &Heard) -> bool {
    let details = heard
        .body
        .as_ref()
        .and_then(|b| b.pointer("/error/details"));
    let mut details = details.and_then(Value::as_array).into_iter().flatten();
    is_refusal(heard.status) || details.any(|detail| detail["reason"] == "API_KEY_INVALID")
}
