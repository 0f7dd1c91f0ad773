//! What became of tasks.

use super::asking::{ask, is_refusal};
use super::credential::{Credential, Keys, NoCredential};
use crate::domain::failure::FailureCode;
use crate::domain::provider::{Answer, Provider, TaskLookup, TaskState};
use crate::ports::{PortError, PortResult};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use reqwest::Client;
use std::collections::{BTreeMap, BTreeSet};

/// Questions under way at once. Providers count them, and REI's own come first.
const AT_ONCE: usize = 4;
/// So many silences without one answer are an outage, and the rest need not be waited for.
const SILENCES: usize = 8;

/// What came of one question.
enum Found {
    State(TaskState),
    /// It answered, and nothing can be concluded.
    Unclear,
    /// It does not take the key.
    Refused(String),
    /// It is down, overloaded, or wants to be asked later.
    Silent(String),
}

/// Asks for each task once. What cannot be told for sure is left out.
pub(super) async fn tasks(
    client: &Client,
    (provider, lookup): (&Provider, &TaskLookup),
    keys: &Keys,
    tasks: &[String],
) -> PortResult<BTreeMap<String, TaskState>> {
    let tasks: BTreeSet<String> = tasks.iter().filter(|task| is_id(task)).cloned().collect();
    let mut answers = stream::iter(tasks)
        .map(|task| async move {
            let found = task_state(client, provider, lookup, (keys, &task)).await;
            (task, found)
        })
        .buffer_unordered(AT_ONCE);
    let mut known = BTreeMap::new();
    let mut silent = Vec::new();
    while let Some((task, found)) = answers.next().await {
        match found? {
            Found::State(state) => {
                known.insert(task, state);
            }
            Found::Unclear => {}
            Found::Refused(why) => {
                return Err(error(FailureCode::ProviderKeyRefused, provider).because(why));
            }
            Found::Silent(why) => silent.push(why),
        }
        if known.is_empty() && silent.len() >= SILENCES {
            break;
        }
    }
    match silent.pop() {
        Some(why) if known.is_empty() => Err(error(FailureCode::ProviderDown, provider)
            .because(why)
            .transient()),
        _ => Ok(known),
    }
}

fn error(code: FailureCode, provider: &Provider) -> PortError {
    PortError::new(code).with("service", provider.title.as_str())
}

/// An id is put into an address; what could lead that elsewhere is no id.
fn is_id(task: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !task.is_empty() && task.len() <= 128 && task.bytes().all(plain)
}

/// Asks at each address until one knows the task; it is missing only where all say so.
async fn task_state(
    client: &Client,
    provider: &Provider,
    lookup: &TaskLookup,
    (keys, task): (&Keys, &str),
) -> PortResult<Found> {
    for url in &lookup.urls {
        let now = Timestamp::now().as_second();
        let credential = Credential::of(&provider.auth, keys, now)
            .map_err(|why| not_configured(provider, &why))?;
        let url = url.replace("{task}", task);
        let heard = match ask(client, &url, &credential, lookup.timeout).await {
            Ok(heard) => heard,
            Err(why) => return Ok(Found::Silent(why)),
        };
        match Answer::meaning(&lookup.answers, heard.status, heard.body.as_ref()) {
            Some(TaskState::Missing) => {}
            Some(state) => return Ok(Found::State(state)),
            None if is_refusal(heard.status) => return Ok(Found::Refused(heard.said)),
            None if matches!(heard.status, 429 | 500..) => return Ok(Found::Silent(heard.said)),
            None => return Ok(Found::Unclear),
        }
    }
    Ok(Found::State(TaskState::Missing))
}

fn not_configured(provider: &Provider, why: &NoCredential) -> PortError {
    let error = error(FailureCode::ProviderNotConfigured, provider);
    match why {
        NoCredential::Missing(settings) => error.with("settings", settings.join(", ")),
        NoCredential::Unfit => error
            .with("settings", provider.auth.settings().join(", "))
            .because("the key holds what no header can carry"),
    }
}
