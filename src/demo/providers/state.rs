//! How the stand-ins are at this moment.

use super::ProvidersOptions;
use axum::http::{HeaderMap, header};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Gemini's API.
    NanoBanana,
    /// Kling's API.
    Kling,
}

/// How a service is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    #[default]
    Healthy,
    /// It answers 503.
    Unavailable,
    /// It answers 429.
    Busy,
    /// It takes requests and never answers.
    Hangs,
    /// It answers after so long.
    Slow(Duration),
    /// It takes no key, also not the right one.
    RefusesKeys,
}

/// Where Kling knows a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// `/v1/videos/text2video`.
    TextToVideo,
    /// `/v1/videos/image2video`.
    ImageToVideo,
    /// `/v1/images/generations`.
    Image,
}

/// Kling's words for a task's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskWord {
    /// Taken, not begun.
    Submitted,
    /// At work.
    Processing,
    /// Done.
    Succeed,
    /// Ended without a result.
    Failed,
    /// A word that nobody has heard of yet.
    New,
}

impl TaskWord {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Processing => "processing",
            Self::Succeed => "succeed",
            Self::Failed => "failed",
            Self::New => "archived",
        }
    }
}

type Requests = Vec<(String, Option<String>)>;

/// Shared by all connections.
#[derive(Debug)]
pub(super) struct State {
    pub(super) keys: ProvidersOptions,
    moods: [watch::Sender<Mood>; 2],
    tasks: Mutex<BTreeMap<(Endpoint, String), TaskWord>>,
    ahead: AtomicI64,
    requests: Mutex<Requests>,
}

impl State {
    pub(super) fn new(keys: ProvidersOptions) -> Self {
        Self {
            keys,
            moods: [(); 2].map(|()| watch::Sender::new(Mood::Healthy)),
            tasks: Mutex::default(),
            ahead: AtomicI64::new(0),
            requests: Mutex::default(),
        }
    }

    fn of(&self, service: Service) -> &watch::Sender<Mood> {
        let [nano_banana, kling] = &self.moods;
        match service {
            Service::NanoBanana => nano_banana,
            Service::Kling => kling,
        }
    }

    pub(super) fn set_mood(&self, service: Service, mood: Mood) {
        self.of(service).send_replace(mood);
    }

    pub(super) fn mood(&self, service: Service) -> Mood {
        *self.of(service).borrow()
    }

    pub(super) fn set_task(&self, id: &str, endpoint: Endpoint, word: TaskWord) {
        lock(&self.tasks).insert((endpoint, id.to_owned()), word);
    }

    /// A task that is done as soon as it is looked up; its id.
    pub(super) fn new_task(&self, endpoint: Endpoint) -> String {
        let mut tasks = lock(&self.tasks);
        let id = format!("{}", 810_000_000_000_000 + tasks.len());
        tasks.insert((endpoint, id.clone()), TaskWord::Succeed);
        id
    }

    pub(super) fn task(&self, id: &str, endpoint: Endpoint) -> Option<TaskWord> {
        lock(&self.tasks).get(&(endpoint, id.to_owned())).copied()
    }

    pub(super) fn set_clock(&self, ahead: i64) {
        self.ahead.store(ahead, Ordering::Relaxed);
    }

    /// Kling's time.
    pub(super) fn now(&self) -> jiff::Timestamp {
        let ahead = jiff::SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed));
        jiff::Timestamp::now() + ahead
    }

    pub(super) fn requests(&self) -> Requests {
        lock(&self.requests).clone()
    }

    /// Notes a request and waits as long as the service lets wait. The mood it is answered in.
    pub(super) async fn receive(&self, service: Service, path: &str, headers: &HeaderMap) -> Mood {
        lock(&self.requests).push((format!("GET {path}"), bearer(headers)));
        let mut changes = self.of(service).subscribe();
        let hangs = |mood: &Mood| *mood == Mood::Hangs;
        let mood = match changes.wait_for(|mood| !hangs(mood)).await {
            Ok(mood) => *mood,
            Err(_) => Mood::Unavailable,
        };
        if let Mood::Slow(wait) = mood {
            tokio::time::sleep(wait).await;
        }
        mood
    }
}

/// The token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(ToOwned::to_owned)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in it is never half-changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
