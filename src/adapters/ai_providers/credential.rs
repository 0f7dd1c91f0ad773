//! Making a request known to a provider, and keeping the keys out of everything else.

use super::token;
use crate::domain::provider::Auth;
use crate::ports::redact;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

/// What stands in a key's place.
const MASK: &str = "***";

/// Keys by the name of their setting.
pub(super) type Keys = BTreeMap<String, SecretString>;

/// Why a request cannot make itself known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoCredential {
    /// These settings are empty.
    Missing(Vec<String>),
    /// A key that no header can hold.
    Unfit,
}

/// The headers of one request, and what must be masked in whatever comes back.
pub(super) struct Credential {
    pub(super) headers: HeaderMap,
    secrets: Vec<String>,
    /// Whether it holds for a certain time only, so that a wrong clock spoils it.
    pub(super) is_timed: bool,
}

impl Credential {
    /// For a request at this moment, in seconds since 1970.
    pub(super) fn of(auth: &Auth, keys: &Keys, now: i64) -> Result<Self, NoCredential> {
        let missing = missing(auth, keys);
        if !missing.is_empty() {
            return Err(NoCredential::Missing(missing));
        }
        let key = |setting: &str| {
            let key = keys.get(setting).map(|key| key.expose_secret().to_owned());
            key.ok_or(NoCredential::Unfit)
        };
        let (name, value, secrets) = match auth {
            Auth::None => return Ok(Self::none()),
            Auth::Header { name, setting } => {
                let name = HeaderName::from_bytes(name.as_bytes());
                let name = name.map_err(|_| NoCredential::Unfit)?;
                let key = key(setting)?;
                (name, key.clone(), vec![key])
            }
            Auth::Bearer { setting } => {
                let key = key(setting)?;
                (AUTHORIZATION, format!("Bearer {key}"), vec![key])
            }
            Auth::KlingJwt { access, secret } => {
                let (access, secret) = (key(access)?, key(secret)?);
                let token = token::kling(&access, &secret, now).ok_or(NoCredential::Unfit)?;
                let value = format!("Bearer {token}");
                (AUTHORIZATION, value, vec![token, secret, access])
            }
        };
        let mut value = HeaderValue::from_str(&value).map_err(|_| NoCredential::Unfit)?;
        value.set_sensitive(true);
        Ok(Self {
            headers: HeaderMap::from_iter([(name, value)]),
            secrets,
            is_timed: matches!(auth, Auth::KlingJwt { .. }),
        })
    }

    fn none() -> Self {
        Self {
            headers: HeaderMap::new(),
            secrets: Vec::new(),
            is_timed: false,
        }
    }

    /// A text without these keys: a server may repeat what it was sent.
    pub(super) fn masked(&self, text: &str) -> String {
        let masked = self
            .secrets
            .iter()
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(secret, MASK));
        redact::tokens(&masked)
    }
}

/// The settings that are needed and empty.
pub(super) fn missing(auth: &Auth, keys: &Keys) -> Vec<String> {
    let settings = auth.settings().into_iter();
    settings
        .filter(|setting| !keys.contains_key(*setting))
        .map(ToOwned::to_owned)
        .collect()
}
