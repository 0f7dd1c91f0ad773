//! The AI providers that `providers.toml` describes, over HTTP.
//!
//! Only questions are asked, never anything ordered. Redirections are not followed: a key would go
//! along to wherever they lead.

mod asking;
mod credential;
mod keys;
mod lookup;
mod token;

use crate::domain::failure::FailureCode;
use crate::domain::provider::{Answer, Condition, Provider, Providers, Reading, TaskState};
use crate::ports::providers::AiProviders;
use crate::ports::{PortResult, redact};
use asking::{Heard, ask, is_refusal};
use async_trait::async_trait;
use credential::{Credential, Keys, NoCredential};
use jiff::Timestamp;
use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// The HTTP client cannot be set up: the machine's TLS or name resolution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no HTTP client can be made: {0}")]
pub struct NoClient(String);

/// Providers over HTTP.
#[derive(Debug)]
pub struct HttpProviders {
    client: Client,
    providers: Providers,
    keys: Keys,
}

impl HttpProviders {
    /// The described providers, with the keys by the names of their settings. Nothing is sent yet.
    ///
    /// # Errors
    /// The HTTP client cannot be set up.
    pub fn new(
        providers: Providers,
        keys: BTreeMap<String, SecretString>,
    ) -> Result<Self, NoClient> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            .build()
            .map_err(|error| NoClient(redact::error(&error)))?;
        Ok(Self {
            client,
            providers,
            keys,
        })
    }

    async fn reading(&self, id: &str, provider: &Provider) -> Reading {
        let started = Instant::now();
        let (condition, said, failure) = self.condition(provider).await;
        Reading {
            service: id.to_owned(),
            condition,
            said,
            failure,
            millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    async fn condition(&self, provider: &Provider) -> Judged {
        let now = Timestamp::now().as_second();
        let credential = match Credential::of(&provider.auth, &self.keys, now) {
            Ok(credential) => credential,
            Err(NoCredential::Missing(settings)) => {
                let said = format!("not asked: no {} is set", settings.join(", "));
                let failure = FailureCode::ProviderNotConfigured;
                return (Condition::Unknown, Some(said), Some(failure));
            }
            Err(NoCredential::Unfit) => {
                let said = "not asked: the key holds what no header can carry".to_owned();
                let failure = FailureCode::ProviderNotConfigured;
                return (Condition::Unknown, Some(said), Some(failure));
            }
        };
        let probe = &provider.probe;
        match ask(&self.client, &probe.url, &credential, probe.timeout).await {
            Ok(heard) => judged(provider, heard),
            Err(why) => (Condition::Down, Some(why), None),
        }
    }
}

/// How it is, what it said, and why it could not be asked.
type Judged = (Condition, Option<String>, Option<FailureCode>);

fn judged(provider: &Provider, heard: Heard) -> Judged {
    let probe = &provider.probe;
    match Answer::meaning(&probe.answers, heard.status, heard.body.as_ref()) {
        Some(Condition::Up) if heard.took > probe.slow => {
            let said = format!("answered only after {:.1} s", heard.took.as_secs_f32());
            (Condition::Degraded, Some(said), None)
        }
        Some(Condition::Up) => (Condition::Up, None, None),
        Some(condition) => (condition, Some(heard.said), None),
        // It answers, but not us: how it is for REI's own key is not known.
        None if is_refusal(heard.status) => {
            let said = format!("refuses our key: {}", heard.said);
            let said = said.chars().take(200).collect();
            let refused = FailureCode::ProviderKeyRefused;
            (Condition::Unknown, Some(said), Some(refused))
        }
        None => (Condition::Unknown, Some(heard.said), None),
    }
}

#[async_trait]
impl AiProviders for HttpProviders {
    fn names(&self) -> Vec<String> {
        self.providers.keys().cloned().collect()
    }

    async fn readings(&self) -> Vec<Reading> {
        let all = self.providers.iter();
        futures::future::join_all(all.map(|(id, provider)| self.reading(id, provider))).await
    }

    fn blames(&self, provider: &str, error: &str) -> bool {
        let provider = self.providers.get(provider);
        provider.is_some_and(|provider| provider.blamed_by(error))
    }

    fn can_look_up(&self, provider: &str) -> bool {
        self.providers.get(provider).is_some_and(|provider| {
            provider.tasks.is_some() && credential::missing(&provider.auth, &self.keys).is_empty()
        })
    }

    async fn tasks(
        &self,
        provider: &str,
        tasks: &[String],
    ) -> PortResult<BTreeMap<String, TaskState>> {
        let provider = self.providers.get(provider);
        match provider.and_then(|provider| Some((provider, provider.tasks.as_ref()?))) {
            Some(described) => lookup::tasks(&self.client, described, &self.keys, tasks).await,
            None => Ok(BTreeMap::new()),
        }
    }
}
